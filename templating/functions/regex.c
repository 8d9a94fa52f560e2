/*
 * regex.c - regular expressions. Source: sprig, regex.go; Go, regexp.
 */
#include "base/slice.h"
#include "base/utf8.h"
#include "templating/functions/sets.h"
#include "templating/functions/text.h"
#include "templating/render.h"

/* The search of a function's text for its pattern, its first two arguments. */
typedef struct Search {
    const Regex *regex;
    RegexSearch *search;
    Str text;
} Search;

/* For GROUPS groups: see regex_search_open. */
static Error *open_search(const TemplateCall *call, size_t groups, Search *out)
{
    RegexCache *cache = &call->render->regexes;

    out->text = call->args[1].string;
    TRY(regex_cache_get(cache, call->args[0].string, &out->regex));
    return regex_search_open(call->arena, out->regex, out->text, groups, &cache->steps,
                             &out->search);
}

static Error *run_must_match(const TemplateCall *call, Value *out)
{
    Search s;
    const size_t *match;

    TRY(open_search(call, 0, &s));
    TRY(regex_search_from(s.search, 0, &match));
    *out = value_bool(match != NULL);
    return NULL;
}

/* A pattern that is none matches nothing. */
static Error *run_match(const TemplateCall *call, Value *out)
{
    const Regex *regex;
    Error *err = regex_cache_get(&call->render->regexes, call->args[0].string, &regex);

    if (err && call->render->regexes.steps > 0) {
        error_free(err);
        *out = value_bool(false);
        return NULL;
    }
    return err ? err : run_must_match(call, out);
}

static Error *run_find(const TemplateCall *call, Value *out)
{
    Search s;
    const size_t *match;

    TRY(open_search(call, 1, &s));
    TRY(regex_search_from(s.search, 0, &match));
    *out = value_string(match ? str_slice(s.text, match[0], match[1]) : (Str){"", 0});
    return NULL;
}

static size_t width_at(Str text, size_t at)
{
    size_t width = 0;

    if (at < text.len)
        utf8_first(str_skip(text, at), &width);
    return width;
}

/* All matches, one after the other; but no empty one where the one before ended. */
typedef struct Matches {
    Search search;
    size_t at;   /* where to go on; beyond the text: at the end */
    size_t last; /* where the last one ended */
    size_t begin, end;
} Matches;

static Error *open_matches(const TemplateCall *call, Matches *out)
{
    *out = (Matches){.last = REGEX_NOWHERE};
    return open_search(call, 1, &out->search);
}

/* *FOUND: the next is in .begin and .end. */
static Error *next_match(Matches *m, bool *found)
{
    Str text = m->search.text;
    const size_t *match;

    *found = false;
    while (!*found && m->at <= text.len) {
        TRY(regex_search_from(m->search.search, m->at, &match));
        if (!match)
            return NULL;
        m->begin = match[0];
        m->end = match[1];
        *found = m->end != m->at || m->begin != m->last;
        if (m->end != m->at)
            m->at = m->end;
        else
            m->at += m->at < text.len ? width_at(text, m->at) : 1;
        m->last = m->end;
    }
    return NULL;
}

/* A count of matches: all where it is negative. */
static size_t count_argument(Value v)
{
    return v.integer < 0 ? SIZE_MAX : (size_t)v.integer;
}

enum { FIRST_ROOM = 10, TEXT_BYTES = 16 }; /* of regexp's lists; of a string in a slice */

/* LIST as Go appended it to a slice with room for CAPACITY items. */
static Value with_room(Value list, size_t capacity)
{
    while (capacity < list.list.len)
        capacity = slice_grown(capacity, capacity + 1, TEXT_BYTES);
    list.room = (uint32_t)(capacity - list.list.len);
    return list;
}

static Error *run_find_all(const TemplateCall *call, Value *out)
{
    size_t most = count_argument(call->args[2]);
    TextList list = {.call = call};
    bool found = true;
    Matches m;

    TRY(open_matches(call, &m));
    while (list.texts.len < most) {
        TRY(next_match(&m, &found));
        if (!found)
            break;
        TRY(text_list_add(&list, str_slice(m.search.text, m.begin, m.end)));
    }
    *out = list.texts.len ? with_room(text_list_value(&list), FIRST_ROOM)
                          : (Value){.kind = VALUE_LIST, .type = TYPE_STRINGS};
    return NULL;
}

/* *COUNT: of matches, of which the last may be found in vain. */
static Error *split(Matches *m, size_t most, TextList *parts, size_t *count)
{
    Str text = m->search.text;
    size_t begin = 0, end = 0;
    bool found;

    for (*count = 0; *count < most; ++*count) {
        TRY(next_match(m, &found));
        if (!found)
            break;
        if (parts->texts.len == most - 1)
            continue;
        end = m->begin;
        if (m->end != 0)
            TRY(text_list_add(parts, str_slice(text, begin, end)));
        begin = m->end;
    }
    return end == text.len ? NULL : text_list_add(parts, str_skip(text, begin));
}

static Error *run_split(const TemplateCall *call, Value *out)
{
    size_t most = count_argument(call->args[2]);
    TextList parts = {.call = call};
    size_t count = 1;
    Matches m;

    TRY(open_matches(call, &m));
    if (most == 0) {
        *out = (Value){.kind = VALUE_LIST, .type = TYPE_STRINGS};
        return NULL;
    }
    if (call->args[0].string.len > 0 && m.search.text.len == 0)
        TRY(text_list_add(&parts, m.search.text));
    else
        TRY(split(&m, most, &parts, &count));
    *out = with_room(text_list_value(&parts), count);
    return NULL;
}

/* How long the name is that S begins with: letters, digits and underscores. */
static size_t name_len(Str s)
{
    size_t len = 0, width;

    while (len < s.len) {
        uint32_t rune = utf8_first(str_skip(s, len), &width);

        if (!rune_is_letter(rune) && !rune_is_digit(rune) && rune != '_')
            break;
        len += width;
    }
    return len;
}

/* `name` or `{name}`, what follows a $, off the front of *REST. */
static bool take_name(Str *rest, Str *name)
{
    bool braced = str_starts(*rest, STR("{"));
    Str s = braced ? str_skip(*rest, 1) : *rest;
    size_t len = name_len(s);

    if (!len || (braced && (len == s.len || s.ptr[len] != '}')))
        return false;
    *name = str_slice(s, 0, len);
    *rest = str_skip(s, len + braced);
    return true;
}

/* NAME as the number of a group; false if it is none, or has leading zeros. */
static bool group_number(Str name, size_t *out)
{
    enum { HUGE_NUMBER = 100 * 1000 * 1000 };

    *out = 0;
    for (size_t i = 0; i < name.len; i++) {
        if (name.ptr[i] < '0' || name.ptr[i] > '9' || *out >= HUGE_NUMBER)
            return false;
        *out = *out * 10 + (size_t)(name.ptr[i] - '0');
    }
    return name.ptr[0] != '0' || name.len == 1;
}

/* The group that NAME means in MATCH, and that took part in it; beyond all groups if none. */
static size_t find_group(const Regex *regex, Str name, const size_t *match)
{
    size_t count = regex_group_count(regex) + 1, number;

    if (group_number(name, &number))
        return number < count && match[2 * number] != REGEX_NOWHERE ? number : count;
    for (number = 1; number < count; number++)
        if (str_equal(regex_group_name(regex, number), name) && match[2 * number] != REGEX_NOWHERE)
            break;
    return number;
}

/* The replacement with its $1, ${name} and $$ filled in. */
static void add_expanded(Buf *b, const Search *s, Str replacement, const size_t *match)
{
    Str name;

    for (;;) {
        size_t dollar = str_find_char(replacement, '$');

        if (dollar == STR_NONE)
            break;
        buf_add(b, str_slice(replacement, 0, dollar));
        replacement = str_skip(replacement, dollar + 1);
        if (str_starts(replacement, STR("$"))) {
            buf_add_char(b, '$');
            replacement = str_skip(replacement, 1);
        } else if (!take_name(&replacement, &name)) {
            buf_add_char(b, '$');
        } else {
            size_t group = find_group(s->regex, name, match);

            if (group <= regex_group_count(s->regex))
                buf_add(b, str_slice(s->text, match[2 * group], match[2 * group + 1]));
        }
    }
    buf_add(b, replacement);
}

/* Where the search goes on after a match that ended at END: at least one character on. */
static size_t after_match(Str text, size_t at, size_t end)
{
    size_t width = width_at(text, at);

    if (at + width > end)
        return at + width;
    return at + 1 > end ? at + 1 : end;
}

static Error *replace_all(const TemplateCall *call, bool literal, Value *out)
{
    Str replacement = call->args[2].string;
    size_t at = 0, last = 0;
    const size_t *match;
    Buf b = {.arena = call->arena};
    Search s;

    bool expands = !literal && str_find_char(replacement, '$') != STR_NONE;
    TRY(open_search(call, expands ? SIZE_MAX / 2 : 1, &s));
    while (at <= s.text.len) {
        TRY(regex_search_from(s.search, at, &match));
        if (!match)
            break;
        buf_add(&b, str_slice(s.text, last, match[0]));
        if (match[1] > last || match[0] == 0) {
            if (expands)
                add_expanded(&b, &s, replacement, match);
            else
                buf_add(&b, replacement);
        }
        last = match[1];
        at = after_match(s.text, at, last);
        TRY(text_check(call, b.len));
    }
    buf_add(&b, str_skip(s.text, last));
    return text_result(call, &b, out);
}

static Error *run_replace_all(const TemplateCall *call, Value *out)
{
    return replace_all(call, false, out);
}

static Error *run_replace_all_literal(const TemplateCall *call, Value *out)
{
    return replace_all(call, true, out);
}

static Error *run_quote_meta(const TemplateCall *call, Value *out)
{
    static const Str special = STR_INIT("\\.+*?()|[]{}^$");
    Str text = call->args[0].string;
    Buf b = {.arena = call->arena};

    for (size_t i = 0; i < text.len; i++) {
        if (str_find_char(special, text.ptr[i]) != STR_NONE)
            buf_add_char(&b, '\\');
        buf_add_char(&b, text.ptr[i]);
    }
    return text_result(call, &b, out);
}

static const TemplateFunction functions[] = {
    {"mustRegexFind", "ss", "mustRegexFind PATTERN TEXT", "The first match in TEXT.", run_find},
    {"mustRegexFindAll", "ssi", "mustRegexFindAll PATTERN TEXT COUNT",
     "The first COUNT matches in TEXT; all if it is negative.", run_find_all},
    {"mustRegexMatch", "ss", "mustRegexMatch PATTERN TEXT", "Whether PATTERN matches in TEXT.",
     run_must_match},
    {"mustRegexReplaceAll", "sss", "mustRegexReplaceAll PATTERN TEXT REPLACEMENT",
     "TEXT with each match replaced; $1 or ${name} is what a group matched.", run_replace_all},
    {"mustRegexReplaceAllLiteral", "sss", "mustRegexReplaceAllLiteral PATTERN TEXT REPLACEMENT",
     "TEXT with each match replaced by REPLACEMENT as it is.", run_replace_all_literal},
    {"mustRegexSplit", "ssi", "mustRegexSplit PATTERN TEXT COUNT",
     "What is between the matches: COUNT parts, or all if it is negative.", run_split},
    {"regexFind", "ss", "regexFind PATTERN TEXT", "The first match in TEXT.", run_find},
    {"regexFindAll", "ssi", "regexFindAll PATTERN TEXT COUNT",
     "The first COUNT matches in TEXT; all if it is negative.", run_find_all},
    {"regexMatch", "ss", "regexMatch PATTERN TEXT",
     "Whether PATTERN matches in TEXT; a wrong PATTERN does not.", run_match},
    {"regexQuoteMeta", "s", "regexQuoteMeta TEXT", "A pattern that matches TEXT and nothing else.",
     run_quote_meta},
    {"regexReplaceAll", "sss", "regexReplaceAll PATTERN TEXT REPLACEMENT",
     "TEXT with each match replaced; $1 or ${name} is what a group matched.", run_replace_all},
    {"regexReplaceAllLiteral", "sss", "regexReplaceAllLiteral PATTERN TEXT REPLACEMENT",
     "TEXT with each match replaced by REPLACEMENT as it is.", run_replace_all_literal},
    {"regexSplit", "ssi", "regexSplit PATTERN TEXT COUNT",
     "What is between the matches: COUNT parts, or all if it is negative.", run_split},
};

const TemplateFunctionSet template_functions_regex = {
    .name = "regular expressions",
    .source = "sprig, regex.go; Go, regexp",
    .functions = functions,
    .len = COUNT(functions),
};
