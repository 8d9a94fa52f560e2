/*
 * format.c - the keyword "format", where drafts before 2019-09 hold texts against it. Formats that
 * are not in the table fit every text.
 * Source: santhosh-tekuri/jsonschema v6, format.go.
 */
#include "chart/schema/format.h"
#include "base/ipv6.h"
#include "base/quote.h"
#include "base/url.h"
#include "base/utf8.h"
#include "chart/schema/spot.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static bool is_hex(char c)
{
    return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

/* A number as Go's Atoi reads it; -1: none, or one below 0. */
static int octet(Str group)
{
    int n = 0;

    if (group.len > 1 && group.ptr[0] == '+')
        group = str_skip(group, 1);
    for (size_t i = 0; i < group.len; i++) {
        if (!is_digit(group.ptr[i]))
            return -1;
        n = n > 255 ? n : n * 10 + group.ptr[i] - '0';
    }
    return group.len ? n : -1;
}

static const char *check_ipv4(Arena *a, Str text)
{
    StrList groups = {0};
    bool more = true;

    while (more)
        more = str_cut(&text, '.', vec_add(a, &groups));
    if (groups.len != 4)
        return "expected four decimals";
    for (size_t i = 0; i < groups.len; i++) {
        Str group = groups.items[i];

        if (group.len > 1 && group.ptr[0] == '0')
            return "leading zeros";
        if (octet(group) < 0)
            return "it has no number between its dots";
        if (octet(group) > 255)
            return "decimal must be between 0 and 255";
    }
    return NULL;
}

static const char *check_ipv6(Arena *a, Str text)
{
    (void)a;
    if (str_find_char(text, ':') == STR_NONE)
        return "missing colon";
    if (str_find_char(text, '%') != STR_NONE && ipv6_valid(text))
        return "zone id is not a part of ipv6 address";
    return ipv6_valid(text) ? NULL : "invalid ipv6 address";
}

/* That the character at the start of TEXT is none that may be there. */
static const char *bad_character(Arena *a, Str text)
{
    size_t width;
    Buf b = {.arena = a};

    uint32_t rune = utf8_first(text, &width);
    buf_add_c(&b, "invalid character ");
    quote_add_char(&b, rune, false);
    return str_c(a, buf_str(&b));
}

static const char *check_uuid(Arena *a, Str text)
{
    static const size_t lengths[] = {8, 4, 4, 4, 12};
    Str group;

    (void)a;
    for (size_t i = 0; i < COUNT(lengths); i++) {
        bool more = str_cut(&text, '-', &group);

        if (more != (i + 1 < COUNT(lengths)))
            return "must have 5 elements";
        if (group.len != lengths[i])
            return "an element has the wrong length";
        for (size_t j = 0; j < group.len; j++)
            if (!is_hex(group.ptr[j]))
                return "non-hex character";
    }
    return NULL;
}

static const char *check_hostname(Arena *a, Str text)
{
    bool more = true;
    Str label;

    if (str_ends(text, STR(".")))
        text.len--;
    if (text.len > 253)
        return "more than 253 characters long";
    while (more) {
        more = str_cut(&text, '.', &label);
        if (!label.len || label.len > 63)
            return "label must be 1 to 63 characters long";
        if (label.ptr[0] == '-')
            return "label starts with hyphen";
        if (label.ptr[label.len - 1] == '-')
            return "label ends with hyphen";
        for (size_t i = 0; i < label.len; i++)
            if (!is_letter(label.ptr[i]) && !is_digit(label.ptr[i]) && label.ptr[i] != '-')
                return bad_character(a, str_skip(label, i));
    }
    return NULL;
}

/* The part before the @, where it is not in quotes. */
static const char *check_local(Arena *a, Str local)
{
    if (str_starts(local, STR(".")))
        return "starts with dot";
    if (str_ends(local, STR(".")))
        return "ends with dot";
    if (str_find(local, STR("..")) != STR_NONE)
        return "consecutive dots";
    for (size_t i = 0; i < local.len; i++)
        if (!is_letter(local.ptr[i]) && !is_digit(local.ptr[i]) &&
            str_find_char(STR(".!#$%&'*+-/=?^_`{|}~"), local.ptr[i]) == STR_NONE)
            return bad_character(a, str_skip(local, i));
    return NULL;
}

const char *format_within(Arena *a, const char *what, const char *problem)
{
    return problem ? str_format(a, "%s: %s", what, problem).ptr : NULL;
}

static const char *check_domain(Arena *a, Str domain)
{
    if (str_starts(domain, STR("[")) && str_ends(domain, STR("]"))) {
        domain = str_slice(domain, 1, domain.len - 1);
        if (str_starts(domain, STR("IPv6:")))
            return format_within(a, "invalid ipv6 address", check_ipv6(a, str_skip(domain, 5)));
        return format_within(a, "invalid ipv4 address", check_ipv4(a, domain));
    }
    return format_within(a, "invalid domain", check_hostname(a, domain));
}

static const char *check_email(Arena *a, Str text)
{
    size_t at = str_find_last(text, STR("@"));
    const char *problem = NULL;
    Str local;

    if (text.len > 254)
        return "more than 255 characters long";
    if (at == STR_NONE)
        return "missing @";
    local = str_slice(text, 0, at);
    if (local.len > 64)
        return "local part more than 64 characters long";
    if (local.len < 2 || !str_starts(local, STR("\"")) || !str_ends(local, STR("\"")))
        problem = check_local(a, local);
    else if (str_find_char(local, '\\') != STR_NONE ||
             str_find_char(str_slice(local, 1, local.len - 1), '"') != STR_NONE)
        problem = "backslash and quote are not allowed within quoted local part";
    return problem ? problem : check_domain(a, str_skip(text, at + 1));
}

const char *format_problem_of(Arena *a, Error *err)
{
    const char *message = err ? str_c(a, str_copy(a, str_from(error_message(err)))) : NULL;

    error_free(err);
    return message;
}

static const char *check_uri(Arena *a, Str text)
{
    Url url;
    const char *problem = format_problem_of(a, url_parse(a, text, &url));

    if (problem)
        return problem;
    return url.scheme.len ? NULL : "relative url";
}

static const char *check_uri_reference(Arena *a, Str text)
{
    Url url;

    if (str_find_char(text, '\\') != STR_NONE)
        return "contains \\";
    return format_problem_of(a, url_parse(a, text, &url));
}

/* In each part of the path every { must have its }. */
static const char *check_uri_template(Arena *a, Str text)
{
    bool opened = false, more = true;
    Str path, part;
    Url url;
    const char *problem = format_problem_of(a, url_parse(a, text, &url));

    // Go keeps the path as it was written only where that must be escaped
    if (problem || (str_find_char(text, '{') == STR_NONE && str_find_char(text, '}') == STR_NONE))
        return problem;
    path = url.path;
    while (more) {
        more = str_cut(&path, '/', &part);
        opened = false;
        for (size_t i = 0; i < part.len; i++) {
            if (part.ptr[i] != '{' && part.ptr[i] != '}')
                continue;
            if (opened == (part.ptr[i] == '{'))
                return "nested curly braces";
            opened = !opened;
        }
        if (opened)
            return "no matching closing brace";
    }
    return NULL;
}

static const char *check_json_pointer(Arena *a, Str text)
{
    (void)a;
    if (text.len && text.ptr[0] != '/')
        return "not starting with /";
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] == '~' &&
            (i + 1 == text.len || (text.ptr[i + 1] != '0' && text.ptr[i + 1] != '1')))
            return "~ must be followed by 0 or 1";
    return NULL;
}

static const char *check_relative_json_pointer(Arena *a, Str text)
{
    Str digits = str_take_while(&text, is_digit);

    if (!digits.len)
        return "must start with non-negative integer";
    if (digits.len > 1 && digits.ptr[0] == '0')
        return "starts with zero";
    return str_is(text, "#") ? NULL : check_json_pointer(a, text);
}

static const char *check_regex(Arena *a, Str text)
{
    Regex *regex;

    return format_problem_of(a, regex_compile(a, text, &regex));
}

static const struct {
    const char *name;
    FormatCheck *check;
} formats[] = {
    {"date", format_date},
    {"date-time", format_date_time},
    {"duration", format_duration},
    {"email", check_email},
    {"hostname", check_hostname},
    {"ipv4", check_ipv4},
    {"ipv6", check_ipv6},
    {"iri", check_uri},
    {"iri-reference", check_uri_reference},
    {"json-pointer", check_json_pointer},
    {"period", format_period},
    {"regex", check_regex},
    {"relative-json-pointer", check_relative_json_pointer},
    {"semver", format_semver},
    {"time", format_time},
    {"uri", check_uri},
    {"uri-reference", check_uri_reference},
    {"uri-template", check_uri_template},
    {"uuid", check_uuid},
};

const char *format_problem(Arena *a, Str format, Str text)
{
    for (size_t i = 0; i < COUNT(formats); i++)
        if (str_is(format, formats[i].name))
            return formats[i].check(a, text);
    return NULL;
}
