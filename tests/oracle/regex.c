/*
 * regex.c - our regular expressions beside PCRE2's.
 */
#include "base/regex.h"
#include "base/utf8.h"
#include "tests/oracle/oracle.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

enum { STEPS = 10 * 1000 * 1000, PCRE_STEPS = 1000 * 1000 };

static void code_free(pcre2_code **code)
{
    pcre2_code_free(*code);
}

static void match_free(pcre2_match_data **match)
{
    pcre2_match_data_free(*match);
}

/* A dot in Go is everything but a newline, "$" the end of the text; its classes are ASCII. */
static pcre2_code *compile(Str pattern)
{
    int code;
    size_t at;

    return pcre2_compile((PCRE2_SPTR)pattern.ptr, pattern.len, PCRE2_UTF | PCRE2_DOLLAR_ENDONLY,
                         &code, &at, NULL);
}

static void add_place(Buf *b, size_t begin, size_t end, bool there)
{
    if (there)
        buf_format(b, " %zu-%zu", begin, end);
    else
        buf_add_c(b, " .");
}

/* "0-3 1-2 ." for each match of PATTERN. */
static Error *our_matches(Buf *b, const Regex *regex, Str text)
{
    size_t groups = regex_group_count(regex) + 1, steps = STEPS, at = 0;
    RegexSearch *search;
    const size_t *m;

    TRY(regex_search_open(b->arena, regex, text, groups, &steps, &search));
    while (at <= text.len) {
        TRY(regex_search_from(search, at, &m));
        if (!m)
            break;
        for (size_t i = 0; i < groups; i++)
            add_place(b, m[2 * i], m[2 * i + 1], m[2 * i] != REGEX_NOWHERE);
        buf_add_char(b, '\n');
        at = m[1] > at ? m[1] : at + 1;
        while (at < text.len && (text.ptr[at] & 0xC0) == 0x80)
            at++;
    }
    return NULL;
}

/* False where it gives up. */
static bool their_matches(Buf *b, const pcre2_code *code, size_t groups, Str text)
{
    DEFER(match_free) pcre2_match_data *data = pcre2_match_data_create_from_pattern(code, NULL);
    const size_t *m = pcre2_get_ovector_pointer(data);
    pcre2_match_context *limits = pcre2_match_context_create(NULL);
    size_t at = 0;
    int count = 0;

    pcre2_set_match_limit(limits, PCRE_STEPS);
    while (at <= text.len && count >= 0) {
        count = pcre2_match(code, (PCRE2_SPTR)text.ptr, text.len, at, 0, data, limits);
        if (count < 0)
            break;
        for (size_t i = 0; i < groups; i++)
            add_place(b, m[2 * i], m[2 * i + 1], m[2 * i] != PCRE2_UNSET);
        buf_add_char(b, '\n');
        at = m[1] > at ? m[1] : at + 1;
        while (at < text.len && (text.ptr[at] & 0xC0) == 0x80)
            at++;
    }
    pcre2_match_context_free(limits);
    return count >= 0 || count == PCRE2_ERROR_NOMATCH;
}

/* The same but for what groups other than the whole match hold. */
static bool same_outside(Str a, Str b)
{
    bool more_a = true, more_b = true;
    Str line_a, line_b, first_a, first_b;

    while (more_a && more_b) {
        more_a = str_cut(&a, '\n', &line_a);
        more_b = str_cut(&b, '\n', &line_b);
        line_a = str_trim(line_a);
        line_b = str_trim(line_b);
        str_cut(&line_a, ' ', &first_a);
        str_cut(&line_b, ' ', &first_b);
        if (!str_equal(first_a, first_b))
            return false;
    }
    return more_a == more_b;
}

static bool has(Str s, const char *part)
{
    return str_find(s, str_from(part)) != STR_NONE;
}

static Finding classify(Str pattern, Str text, Str ours, Str theirs)
{
    if (same_outside(ours, theirs))
        return (Finding){KNOWN_CLASS, "what a group under a repetition holds"};
    if ((has(pattern, "\\s") || has(pattern, "\\S")) && has(text, "\v"))
        return (Finding){KNOWN_CLASS, "\\s has the vertical tab"};
    if (has(pattern, "(?i)") && (has(pattern, "\\p{") || has(pattern, "\\P{")))
        return (Finding){KNOWN_CLASS, "(?i) does nothing to \\p{…}"};
    return (Finding){.agreement = UNKNOWN_CLASS};
}

Finding oracle_regex(Str pattern, Str text)
{
    DEFER(arena_free) Arena memory = {0};
    DEFER(code_free) pcre2_code *code = compile(pattern);
    Buf ours = {.arena = &memory}, theirs = {.arena = &memory};
    Regex *regex;
    Error *err = regex_compile(&memory, pattern, &regex);

    if (!err && code)
        err = our_matches(&ours, regex, text);
    bool we_can = !err;
    error_free(err);
    if (we_can != (code != NULL))
        return (Finding){.agreement = we_can ? ONLY_OURS : ONLY_THEIRS};
    if (!we_can)
        return (Finding){.agreement = AGREE};
    if (!utf8_valid(text))
        return (Finding){KNOWN_CLASS, "a text that is not UTF-8"};
    if (!their_matches(&theirs, code, regex_group_count(regex) + 1, text))
        return (Finding){KNOWN_CLASS, "PCRE2 gives up"};
    if (str_equal(buf_str(&ours), buf_str(&theirs)))
        return (Finding){.agreement = AGREE};
    return classify(pattern, text, buf_str(&ours), buf_str(&theirs));
}
