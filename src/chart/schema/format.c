/*
 * format.c - the keyword "format", where drafts before 2019-09 hold texts against it. Formats that
 * are not in the table fit every text, as unknown ones do.
 * Source: santhosh-tekuri/jsonschema v6, format.go.
 */
#include "base/ipv6.h"
#include "base/time_layout.h"
#include "base/url.h"
#include "chart/schema/spot.h"

typedef const char *Check(Arena *a, Str text);

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

static const char *check_ipv4(Arena *a, Str text)
{
    bool more = true;
    int groups = 0;
    Str group;

    (void)a;
    for (; more; groups++) {
        int n = 0;

        more = str_cut(&text, '.', &group);
        for (size_t i = 0; i < group.len; i++) {
            if (!is_digit(group.ptr[i]) || i > 2)
                return "invalid ipv4 address";
            n = n * 10 + group.ptr[i] - '0';
        }
        if (!group.len || n > 255 || (group.len > 1 && group.ptr[0] == '0'))
            return "invalid ipv4 address";
    }
    return groups == 4 ? NULL : "expected four decimals";
}

static const char *check_ipv6(Arena *a, Str text)
{
    (void)a;
    if (str_find_char(text, '%') != STR_NONE)
        return "zone is not allowed";
    return ipv6_valid(text) ? NULL : "invalid ipv6 address";
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

    (void)a;
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
                return "invalid character in label";
    }
    return NULL;
}

static const char *check_email(Arena *a, Str text)
{
    size_t at = str_find_last(text, STR("@"));

    if (text.len > 254)
        return "more than 255 characters long";
    if (at == STR_NONE)
        return "missing @";
    if (!at || at > 64)
        return "local part must be 1 to 64 characters long";
    if (text.ptr[0] == '.' || text.ptr[at - 1] == '.')
        return "local part starts or ends with a dot";
    return check_hostname(a, str_skip(text, at + 1));
}

static const char *check_layout(Arena *a, Str text, Str layout)
{
    Error *err;
    Time time;

    err = time_parse(a, layout, text, NULL, NULL, &time);
    error_free(err);
    return err ? "it cannot be parsed" : NULL;
}

static const char *check_date(Arena *a, Str text)
{
    return check_layout(a, text, STR("2006-01-02"));
}

static const char *check_date_time(Arena *a, Str text)
{
    Str upper = str_copy(a, text);
    char *bytes = (char *)(uintptr_t)upper.ptr;

    if (text.len < 20)
        return "less than 20 characters long";
    for (size_t i = 0; i < upper.len; i++)
        if (bytes[i] == 't' || bytes[i] == 'z')
            bytes[i] = (char)(bytes[i] - 0x20);
    return check_layout(a, upper, STR("2006-01-02T15:04:05Z07:00"));
}

static const char *check_uri_reference(Arena *a, Str text)
{
    Error *err;
    Url url;

    err = url_parse(a, text, &url);
    error_free(err);
    if (err)
        return "it cannot be parsed";
    return str_find_char(text, '\\') == STR_NONE ? NULL : "contains \\";
}

static const char *check_uri(Arena *a, Str text)
{
    const char *problem = check_uri_reference(a, text);
    Url url;

    if (problem)
        return problem;
    error_free(url_parse(a, text, &url));
    return url.scheme.len ? NULL : "relative url";
}

static const char *check_regex(Arena *a, Str text)
{
    Regex *regex;
    Error *err = regex_compile(a, text, &regex);

    error_free(err);
    return err ? "it cannot be parsed" : NULL;
}

static const struct {
    const char *name;
    Check *check;
} formats[] = {
    {"date", check_date},
    {"date-time", check_date_time},
    {"email", check_email},
    {"hostname", check_hostname},
    {"ipv4", check_ipv4},
    {"ipv6", check_ipv6},
    {"iri", check_uri},
    {"iri-reference", check_uri_reference},
    {"regex", check_regex},
    {"uri", check_uri},
    {"uri-reference", check_uri_reference},
    {"uuid", check_uuid},
};

const char *format_problem(Arena *a, Str format, Str text)
{
    for (size_t i = 0; i < COUNT(formats); i++)
        if (str_is(format, formats[i].name))
            return formats[i].check(a, text);
    return NULL;
}
