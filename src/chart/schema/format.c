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
            if (!is_digit(group.ptr[i]) || i > 9)
                return "decimal must be between 0 and 255";
            n = i > 3 ? 256 : n * 10 + group.ptr[i] - '0';
        }
        if (!group.len || n > 255)
            return "decimal must be between 0 and 255";
        if (group.len > 1 && group.ptr[0] == '0')
            return "leading zeros";
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

/* The part before the @, where it is not in quotes. */
static const char *check_local(Str local)
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
            return "invalid character in local part";
    return NULL;
}

static const char *check_domain(Arena *a, Str domain)
{
    const char *problem;

    if (str_starts(domain, STR("[")) && str_ends(domain, STR("]"))) {
        domain = str_slice(domain, 1, domain.len - 1);
        if (str_starts(domain, STR("IPv6:")))
            return check_ipv6(a, str_skip(domain, 5));
        return check_ipv4(a, domain);
    }
    problem = check_hostname(a, domain);
    return problem ? str_format(a, "invalid domain: %s", problem).ptr : NULL;
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
        problem = check_local(local);
    else if (str_find_char(local, '\\') != STR_NONE ||
             str_find_char(str_slice(local, 1, local.len - 1), '"') != STR_NONE)
        problem = "backslash and quote are not allowed within quoted local part";
    return problem ? problem : check_domain(a, str_skip(text, at + 1));
}

/* What ERR says, or NULL without one. */
static const char *problem_of(Arena *a, Error *err)
{
    const char *message = err ? str_c(a, str_copy(a, str_from(error_message(err)))) : NULL;

    error_free(err);
    return message;
}

static const char *check_layout(Arena *a, Str text, Str layout)
{
    Time time;

    return problem_of(a, time_parse(a, layout, text, NULL, NULL, &time));
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
    if (text.ptr[10] != 't' && text.ptr[10] != 'T')
        return "11th character must be t or T";
    for (size_t i = 0; i < upper.len; i++)
        if (bytes[i] == 't' || bytes[i] == 'z')
            bytes[i] = (char)(bytes[i] - 0x20);
    return check_layout(a, upper, STR("2006-01-02T15:04:05Z07:00"));
}

static const char *check_uri_reference(Arena *a, Str text)
{
    Url url;
    const char *problem = problem_of(a, url_parse(a, text, &url));

    if (problem)
        return problem;
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

    return problem_of(a, regex_compile(a, text, &regex));
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
