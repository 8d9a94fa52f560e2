/*
 * functions_texts.c - functions of texts. Source: zclconf/go-cty, function/stdlib/string.go,
 * string_replace.go, format.go and regexp.go.
 */
#include "environments/hcl/functions.h"

#include "base/json.h"
#include "base/number.h"
#include "base/quote.h"
#include "base/regex.h"
#include "base/utf8.h"

#include <math.h>
#include <string.h>

enum { MOST_STEPS = 10000000, WIDEST = 1000, MOST_MATCHES = 100000 };

static Error *run_chomp(const HclCall *call)
{
    Str s;

    TRY(hcl_argument_text(call, 0, &s));
    while (s.len && strchr("\r\n", s.ptr[s.len - 1]))
        s.len--;
    return hcl_give_text(call, s);
}

static Error *run_indent(const HclCall *call)
{
    Buf b = {.arena = call->arena};
    size_t width;
    Str s;

    TRY(hcl_argument_count(call, 0, &width));
    TRY(hcl_argument_text(call, 1, &s));
    if (width > WIDEST)
        return error_new(ERROR_INPUT, "more than %d spaces", WIDEST);
    for (size_t i = 0; i < s.len; i++) {
        buf_add_char(&b, s.ptr[i]);
        for (size_t j = 0; s.ptr[i] == '\n' && j < width; j++)
            buf_add_char(&b, ' ');
    }
    return hcl_give_text(call, buf_str(&b));
}

static Error *run_join(const HclCall *call)
{
    Buf b = {.arena = call->arena};
    Str separator, text;
    size_t count = 0;
    Value list;

    TRY(hcl_argument_text(call, 0, &separator));
    for (size_t i = 1; i < call->len; i++) {
        TRY(hcl_argument_list(call, i, &list));
        for (size_t j = 0; j < list.list.len; j++) {
            TRY(hcl_to_text(call->arena, list.list.items[j], &text));
            if (count++)
                buf_add(&b, separator);
            buf_add(&b, text);
        }
    }
    return hcl_give_text(call, buf_str(&b));
}

static Error *mapped(const HclCall *call, uint32_t (*change)(uint32_t rune), bool words)
{
    Buf b = {.arena = call->arena};
    uint32_t before = ' ';
    size_t width;
    Str s;

    TRY(hcl_argument_text(call, 0, &s));
    for (; s.len; s = str_skip(s, width)) {
        uint32_t rune = utf8_first(s, &width);

        utf8_add(&b,
                 !words || before == ' ' || before == '\t' || before == '\n' ? change(rune) : rune);
        before = rune;
    }
    return hcl_give_text(call, buf_str(&b));
}

static Error *run_upper(const HclCall *call)
{
    return mapped(call, rune_to_upper, false);
}

static Error *run_lower(const HclCall *call)
{
    return mapped(call, rune_to_lower, false);
}

static Error *run_title(const HclCall *call)
{
    return mapped(call, rune_to_title, true);
}

static Error *run_split(const HclCall *call)
{
    VEC(Value) items = {0};
    Str separator, s;

    TRY(hcl_argument_text(call, 0, &separator));
    TRY(hcl_argument_text(call, 1, &s));
    for (bool more = true; more;) {
        size_t width, at = str_find(s, separator);

        if (!separator.len) {
            if (!s.len)
                break;
            utf8_first(s, &width);
            at = width < s.len ? width : STR_NONE;
        }
        more = at != STR_NONE;
        *vec_add(call->arena, &items) = value_string(more ? str_slice(s, 0, at) : s);
        s = more ? str_skip(s, at + separator.len) : s;
    }
    *call->out = value_list(items.items, items.len);
    return NULL;
}

static Error *run_strrev(const HclCall *call)
{
    Buf b = {.arena = call->arena};
    Str s;

    TRY(hcl_argument_text(call, 0, &s));
    while (s.len) {
        size_t width;
        uint32_t rune = utf8_last(s, &width);

        utf8_add(&b, rune);
        s.len -= width;
    }
    return hcl_give_text(call, buf_str(&b));
}

static Error *run_strlen(const HclCall *call)
{
    Str s;

    TRY(hcl_argument_text(call, 0, &s));
    return hcl_give_number(call, (double)utf8_count(s));
}

/* From a character on, counted from the end below 0, so many; -1: all. */
static Error *run_substr(const HclCall *call)
{
    double offset, length;
    Str s;

    TRY(hcl_argument_text(call, 0, &s));
    TRY(hcl_argument_number(call, 1, &offset));
    TRY(hcl_argument_number(call, 2, &length));
    double count = (double)utf8_count(s), at = 0;
    double from = offset < 0 ? offset + count : offset, to = length < 0 ? count : from + length;
    Buf b = {.arena = call->arena};
    for (size_t width; s.len; s = str_skip(s, width), at++) {
        uint32_t rune = utf8_first(s, &width);

        if (at >= from && at < to)
            utf8_add(&b, rune);
    }
    return hcl_give_text(call, buf_str(&b));
}

static bool is_among(Str set, uint32_t rune)
{
    size_t width;

    for (; set.len; set = str_skip(set, width))
        if (utf8_first(set, &width) == rune)
            return true;
    return false;
}

static Error *run_trim(const HclCall *call)
{
    size_t width;
    Str s, set;

    TRY(hcl_argument_text(call, 0, &s));
    TRY(hcl_argument_text(call, 1, &set));
    while (s.len && is_among(set, utf8_first(s, &width)))
        s = str_skip(s, width);
    while (s.len && is_among(set, utf8_last(s, &width)))
        s.len -= width;
    return hcl_give_text(call, s);
}

static Error *run_trimprefix(const HclCall *call)
{
    Str s, prefix;

    TRY(hcl_argument_text(call, 0, &s));
    TRY(hcl_argument_text(call, 1, &prefix));
    return hcl_give_text(call, str_starts(s, prefix) ? str_skip(s, prefix.len) : s);
}

static Error *run_trimsuffix(const HclCall *call)
{
    Str s, suffix;

    TRY(hcl_argument_text(call, 0, &s));
    TRY(hcl_argument_text(call, 1, &suffix));
    if (str_ends(s, suffix))
        s.len -= suffix.len;
    return hcl_give_text(call, s);
}

static Error *run_trimspace(const HclCall *call)
{
    Str s;

    TRY(hcl_argument_text(call, 0, &s));
    return hcl_give_text(call, str_trim(s));
}

/* ---- expressions */

/* A match: the text; its groups as a list; or as a map where they have names. */
static Value match_value(Arena *a, const Regex *regex, Str s, const size_t *match)
{
    size_t groups = regex_group_count(regex);
    Value *items = arena_array(a, Value, groups);
    ValueMap *map = value_map_new(a);
    bool named = false;

    for (size_t i = 0; i < groups; i++) {
        size_t from = match[2 * i + 2], to = match[2 * i + 3];
        Str name = regex_group_name(regex, i + 1);

        items[i] = from == REGEX_NOWHERE ? value_null() : value_string(str_slice(s, from, to));
        named |= name.len > 0;
        if (name.len)
            value_map_set(a, map, name, items[i]);
    }
    if (!groups)
        return value_string(str_slice(s, match[0], match[1]));
    return named ? value_of_map(map) : value_list(items, groups);
}

static Error *find_matches(const HclCall *call, size_t most, Value **items, size_t *len)
{
    size_t steps = MOST_STEPS, from = 0;
    RegexSearch *search;
    const size_t *match;
    VEC(Value) found = {0};
    Regex *regex;
    Str pattern, s;

    TRY(hcl_argument_text(call, 0, &pattern));
    TRY(hcl_argument_text(call, 1, &s));
    TRY(regex_compile(call->arena, pattern, &regex));
    TRY(regex_search_open(call->arena, regex, s, regex_group_count(regex) + 1, &steps, &search));
    while (from <= s.len && found.len < most) {
        TRY(regex_search_from(search, from, &match));
        if (!match)
            break;
        from = match[1] > match[0] ? match[1] : match[1] + 1;
        *vec_add(call->arena, &found) = match_value(call->arena, regex, s, match);
    }
    *items = found.items;
    *len = found.len;
    return NULL;
}

static Error *run_regex(const HclCall *call)
{
    Value *items;
    size_t len;

    TRY(find_matches(call, 1, &items, &len));
    if (!len)
        return error_new(ERROR_INPUT, "the pattern does not match");
    *call->out = items[0];
    return NULL;
}

static Error *run_regexall(const HclCall *call)
{
    Value *items;
    size_t len;

    TRY(find_matches(call, MOST_MATCHES, &items, &len));
    *call->out = value_list(items, len);
    return NULL;
}

/* ---- format */

/* A verb of a format: %-5.2f. */
typedef struct Verb {
    bool left, zero, plus, space, sharp;
    size_t width;
    int precision; /* below 0: none */
    char letter;
} Verb;

static bool take_number(Str *rest, size_t *out)
{
    bool any = false;

    *out = 0;
    while (rest->len && rest->ptr[0] >= '0' && rest->ptr[0] <= '9' && *out <= WIDEST) {
        *out = *out * 10 + (size_t)(rest->ptr[0] - '0');
        *rest = str_skip(*rest, 1);
        any = true;
    }
    return any;
}

static Error *take_verb(Str *rest, Verb *out)
{
    size_t precision;

    *out = (Verb){.precision = -1};
    for (; rest->len && strchr("-0+ #", rest->ptr[0]); *rest = str_skip(*rest, 1)) {
        out->left |= rest->ptr[0] == '-';
        out->zero |= rest->ptr[0] == '0';
        out->plus |= rest->ptr[0] == '+';
        out->space |= rest->ptr[0] == ' ';
        out->sharp |= rest->ptr[0] == '#';
    }
    take_number(rest, &out->width);
    if (rest->len && rest->ptr[0] == '.') {
        *rest = str_skip(*rest, 1);
        take_number(rest, &precision);
        out->precision = (int)precision;
    }
    if (!rest->len || out->width > WIDEST || out->precision > WIDEST)
        return error_new(ERROR_INPUT, "the format is not valid");
    out->letter = rest->ptr[0];
    *rest = str_skip(*rest, 1);
    return NULL;
}

static Error *number_of_verb(Arena *a, const Verb *verb, Value v, Str *out)
{
    double number;
    Str text;

    TRY(hcl_to_number(v, &number));
    if (strchr("dboxX", verb->letter)) {
        long long whole = (long long)number;

        text = verb->letter == 'o'   ? str_format(a, "%llo", whole)
               : verb->letter == 'x' ? str_format(a, "%llx", whole)
               : verb->letter == 'X' ? str_format(a, "%llX", whole)
                                     : hcl_number_text(a, trunc(number));
    } else {
        text = number_float(a, number, verb->letter, verb->precision < 0 ? 6 : verb->precision);
    }
    *out = verb->plus && number >= 0    ? str_join(a, STR("+"), text)
           : verb->space && number >= 0 ? str_join(a, STR(" "), text)
                                        : text;
    return NULL;
}

static Error *text_of_verb(Arena *a, const Verb *verb, Value v, Str *out)
{
    Buf b = {.arena = a};
    bool plain = v.kind == VALUE_STRING || v.kind == VALUE_FLOAT || v.kind == VALUE_BOOL;

    if (verb->letter == 'v' && (!plain || verb->sharp)) {
        TRY(json_write(&b, v, (JsonStyle){.escapes_html = true}));
        *out = buf_str(&b);
        return NULL;
    }
    TRY(hcl_to_text(a, v, out));
    if (verb->letter == 't') {
        bool yes;
        return hcl_to_bool(v, &yes);
    }
    if (verb->letter == 'q') {
        quote_add(&b, *out, false);
        *out = buf_str(&b);
    }
    return NULL;
}

static Error *add_verb(Arena *a, Buf *b, const Verb *verb, Value v)
{
    Str text;

    if (strchr("dboxXeEfFgG", verb->letter))
        TRY(number_of_verb(a, verb, v, &text));
    else if (strchr("vsqt", verb->letter))
        TRY(text_of_verb(a, verb, v, &text));
    else
        return error_new(ERROR_INPUT, "%%%c is no verb", verb->letter);
    size_t len = utf8_count(text), pad = verb->width > len ? verb->width - len : 0;
    bool zero = verb->zero && !verb->left && !strchr("vsqt", verb->letter);
    if (zero && text.len && strchr("+-", text.ptr[0])) {
        buf_add_char(b, text.ptr[0]);
        text = str_skip(text, 1);
    }
    for (size_t i = 0; !verb->left && i < pad; i++)
        buf_add_char(b, zero ? '0' : ' ');
    buf_add(b, text);
    for (size_t i = 0; verb->left && i < pad; i++)
        buf_add_char(b, ' ');
    return NULL;
}

static Error *format_text(Arena *a, Str format, const Value *arguments, size_t len, Str *out)
{
    Buf b = {.arena = a};
    size_t used = 0;

    while (format.len) {
        Verb verb;

        if (format.ptr[0] != '%') {
            buf_add_char(&b, format.ptr[0]);
            format = str_skip(format, 1);
            continue;
        }
        format = str_skip(format, 1);
        TRY(take_verb(&format, &verb));
        if (verb.letter == '%') {
            buf_add_char(&b, '%');
            continue;
        }
        if (used == len)
            return error_new(ERROR_INPUT, "there are not enough arguments");
        TRY(add_verb(a, &b, &verb, arguments[used++]));
    }
    if (used < len)
        return error_new(ERROR_INPUT, "there are too many arguments");
    *out = b.len ? buf_str(&b) : (Str){"", 0};
    return NULL;
}

static Error *run_format(const HclCall *call)
{
    Str format, text;

    TRY(hcl_argument_text(call, 0, &format));
    TRY(format_text(call->arena, format, call->arguments + 1, call->len - 1, &text));
    return hcl_give_text(call, text);
}

/* A list of results: one for each item of the arguments that are lists. */
static Error *run_formatlist(const HclCall *call)
{
    Value *row = arena_array(call->arena, Value, call->len);
    size_t rows = 1;
    bool any = false;
    Str format, text;

    TRY(hcl_argument_text(call, 0, &format));
    for (size_t i = 1; i < call->len; i++) {
        if (call->arguments[i].kind != VALUE_LIST)
            continue;
        if (any && call->arguments[i].list.len != rows)
            return error_new(ERROR_INPUT, "the lists are not of the same length");
        rows = call->arguments[i].list.len;
        any = true;
    }
    Value *items = arena_array(call->arena, Value, rows);
    for (size_t r = 0; r < rows; r++) {
        for (size_t i = 1; i < call->len; i++)
            row[i] = call->arguments[i].kind == VALUE_LIST ? call->arguments[i].list.items[r]
                                                           : call->arguments[i];
        TRY(format_text(call->arena, format, row + 1, call->len - 1, &text));
        items[r] = value_string(text);
    }
    *call->out = value_list(items, rows);
    return NULL;
}

const HclFunction hcl_text_functions[] = {
    {"chomp", 1, 1, run_chomp},
    {"format", 1, 0, run_format},
    {"formatlist", 1, 0, run_formatlist},
    {"indent", 2, 2, run_indent},
    {"join", 2, 0, run_join},
    {"lower", 1, 1, run_lower},
    {"regex", 2, 2, run_regex},
    {"regexall", 2, 2, run_regexall},
    {"split", 2, 2, run_split},
    {"strlen", 1, 1, run_strlen},
    {"strrev", 1, 1, run_strrev},
    {"substr", 3, 3, run_substr},
    {"title", 1, 1, run_title},
    {"trim", 2, 2, run_trim},
    {"trimprefix", 2, 2, run_trimprefix},
    {"trimspace", 1, 1, run_trimspace},
    {"trimsuffix", 2, 2, run_trimsuffix},
    {"upper", 1, 1, run_upper},
};
const size_t hcl_text_function_count = COUNT(hcl_text_functions);
