#include "base/yaml_via_json.h"

#include "base/number.h"
#include "base/utf8.h"

#include <math.h>
#include <string.h>

enum { LONGEST_KEY = 1024 }; /* of a simple key, in JSON, with its quotes */

#define NEXT_LINE STR("\xC2\x85") /* of the YAML line breaks the one that JSON does not escape */

static bool is_plain_ascii(Str s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.ptr[i] >= 0x7F)
            return false;
    return true;
}

/* What YAML has no place for, though JSON writes it as it is. */
static bool is_forbidden(uint32_t rune)
{
    return (rune >= 0x7F && rune < 0xA0 && rune != 0x85) || rune == 0xFFFE || rune == 0xFFFF;
}

static Error *check_characters(Str s)
{
    size_t width;

    for (; s.len; s = str_skip(s, width))
        if (is_forbidden(utf8_first(s, &width)))
            return error_new(ERROR_INPUT, "yaml: control characters are not allowed");
    return NULL;
}

/* How many characters S has in JSON. */
static size_t json_length(Str s)
{
    size_t len = 2, width;

    for (; s.len; s = str_skip(s, width)) {
        uint32_t rune = utf8_first(s, &width);

        if (rune == '"' || rune == '\\' || (rune && rune < 0x80 && strchr("\b\f\n\r\t", (int)rune)))
            len += 2;
        else if (rune < 0x20 || rune == '<' || rune == '>' || rune == '&' || rune == 0x2028 ||
                 rune == 0x2029)
            len += 6;
        else
            len++;
    }
    return len;
}

static Error *check_key(Str s)
{
    if (str_find(s, NEXT_LINE) == STR_NONE &&
        (s.len < LONGEST_KEY / 6 || json_length(s) <= LONGEST_KEY))
        return NULL;
    return error_new(ERROR_INPUT, "yaml: did not find expected ',' or '}'");
}

static bool is_document_mark(Str s)
{
    return (str_starts(s, STR("---")) || str_starts(s, STR("..."))) &&
           (str_starts(str_skip(s, 3), STR(" ")) || str_starts(str_skip(s, 3), NEXT_LINE));
}

/* How much white space S starts with; *BREAKS is how many line breaks are in it. */
static size_t white_space(Str s, size_t *breaks)
{
    size_t at = 0;

    *breaks = 0;
    for (;;) {
        if (str_starts(str_skip(s, at), NEXT_LINE)) {
            at += NEXT_LINE.len;
            ++*breaks;
        } else if (str_starts(str_skip(s, at), STR(" "))) {
            at++;
        } else {
            return at;
        }
    }
}

/* Lines are folded as in any quoted scalar. */
static Error *fold(Arena *a, Str s, Str *out)
{
    Buf b = {.arena = a};

    while (s.len) {
        size_t breaks, len = white_space(s, &breaks);
        Str space = str_slice(s, 0, len);

        if (!len) {
            buf_add_char(&b, s.ptr[0]);
            s = str_skip(s, 1);
            continue;
        }
        s = str_skip(s, len);
        if (!breaks)
            buf_add(&b, space);
        else if (breaks == 1)
            buf_add_char(&b, ' ');
        else
            buf_fill(&b, '\n', breaks - 1);
        if (str_ends(space, NEXT_LINE) && is_document_mark(s))
            return error_new(ERROR_INPUT, "yaml: found unexpected document indicator");
    }
    *out = buf_str(&b);
    return NULL;
}

Error *yaml_string_via_json(Arena *a, Str text, bool key, Str *out)
{
    *out = text;
    if (key)
        TRY(check_key(text));
    if (is_plain_ascii(text))
        return NULL;
    *out = utf8_cleaned(a, text);
    TRY(check_characters(*out));
    return str_find(*out, NEXT_LINE) == STR_NONE ? NULL : fold(a, *out, out);
}

Error *yaml_float_via_json(Buf *b, double number)
{
    int64_t whole;
    uint64_t natural;

    if (!isfinite(number))
        return error_new(ERROR_INPUT, "json: unsupported value: %s",
                         isnan(number) ? "NaN"
                         : number > 0  ? "+Inf"
                                       : "-Inf");
    if (fabs(number) < 1e15 && number == (double)(int64_t)number) {
        number_add_int(b, (int64_t)number);
        return NULL;
    }
    if (fabs(number) < 1e21 && number == trunc(number)) {
        size_t before = b->len;

        // as an integer it is read again with the digits that it has in JSON
        number_add_float(b, number, 'f', -1);
        Str digits = str_skip(buf_str(b), before);
        if (number_parse_int(digits, 10, &whole) == NUMBER_OK ||
            number_parse_uint(digits, 10, &natural) == NUMBER_OK)
            return NULL;
        b->len = before;
    }
    number_add_float(b, number, 'g', -1);
    return NULL;
}
