#include "target/demo/names.h"

#include "target/demo/file_name.h"

static const char subdomain_rule[] =
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or "
    "'.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used "
    "for validation is "
    "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
static const char dns_label_rule[] =
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and "
    "must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used "
    "for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
static const char qualified_rule[] =
    "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end "
    "with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for "
    "validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
static const char label_rule[] =
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or "
    "'.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  "
    "or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
static const char config_key_rule[] =
    "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. "
    "'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_small(char c)
{
    return (c >= 'a' && c <= 'z') || is_digit(c);
}

static bool is_letter(char c)
{
    return is_small(c) || (c >= 'A' && c <= 'Z');
}

static bool is_dns_label(Str text)
{
    if (!text.len || !is_small(text.ptr[0]) || !is_small(text.ptr[text.len - 1]))
        return false;
    for (size_t i = 0; i < text.len; i++)
        if (!is_small(text.ptr[i]) && text.ptr[i] != '-')
            return false;
    return true;
}

static bool is_subdomain(Str text)
{
    bool more = true;
    Str part;

    while (more) {
        more = str_cut(&text, '.', &part);
        if (!is_dns_label(part))
            return false;
    }
    return true;
}

/* Letters and digits at both ends, "-", "_" and "." in between. */
static bool is_qualified_part(Str text)
{
    if (!text.len || !is_letter(text.ptr[0]) || !is_letter(text.ptr[text.len - 1]))
        return false;
    for (size_t i = 0; i < text.len; i++)
        if (!is_letter(text.ptr[i]) && text.ptr[i] != '-' && text.ptr[i] != '_' &&
            text.ptr[i] != '.')
            return false;
    return true;
}

const char *dns_label_problem(Str text)
{
    if (text.len > 63)
        return "must be no more than 63 bytes";
    return is_dns_label(text) ? NULL : dns_label_rule;
}

static const char *path_problem(Str text)
{
    if (str_is(text, ".") || str_is(text, ".."))
        return "may not be '.' or '..'";
    if (str_find_char(text, '/') != STR_NONE)
        return "may not contain '/'";
    return str_find_char(text, '%') != STR_NONE ? "may not contain '%'" : NULL;
}

const char *name_problem(Str text, NameRule rule)
{
    if (rule == NAME_LABEL && str_find_char(text, '.') != STR_NONE)
        return "must not contain dots";
    if (rule == NAME_LABEL)
        return dns_label_problem(text);
    // a real server takes 253
    if (text.len > FILE_NAME_MOST)
        return "must be no more than 240 characters in the demo cluster";
    if (rule == NAME_PATH)
        return path_problem(text);
    return is_subdomain(text) ? NULL : subdomain_rule;
}

const char *label_problem(Str text)
{
    if (text.len > 63)
        return "must be no more than 63 bytes";
    return !text.len || is_qualified_part(text) ? NULL : label_rule;
}

const char *config_key_problem(Str text)
{
    if (text.len > 253)
        return "must be no more than 253 characters";
    if (str_is(text, ".") || str_is(text, ".."))
        return "must not be '.' or '..'";
    for (size_t i = 0; i < text.len; i++)
        if (!is_letter(text.ptr[i]) && text.ptr[i] != '-' && text.ptr[i] != '_' &&
            text.ptr[i] != '.')
            return config_key_rule;
    return text.len ? NULL : config_key_rule;
}

const char *port_name_problem(Str text)
{
    bool has_letter = false;

    if (text.len > 15)
        return "must be no more than 15 characters";
    for (size_t i = 0; i < text.len; i++) {
        if (!is_small(text.ptr[i]) && text.ptr[i] != '-')
            return "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)";
        has_letter |= !is_digit(text.ptr[i]) && text.ptr[i] != '-';
    }
    if (str_find(text, STR("--")) != STR_NONE)
        return "must not contain consecutive hyphens";
    if (text.len && (text.ptr[0] == '-' || text.ptr[text.len - 1] == '-'))
        return "must not begin or end with a hyphen";
    return has_letter ? NULL : "must contain at least one letter (a-z)";
}

const char *qualified_problem(Arena *a, Str text)
{
    Str prefix;

    if (str_cut(&text, '/', &prefix)) {
        if (!prefix.len)
            return "prefix part must be non-empty";
        if (prefix.len > 253)
            return "prefix part must be no more than 253 bytes";
        if (!is_subdomain(prefix))
            return str_format(a, "prefix part %s", subdomain_rule).ptr;
    } else {
        text = prefix;
    }
    if (!text.len)
        return "name part must be non-empty";
    if (text.len > 63)
        return "name part must be no more than 63 bytes";
    return is_qualified_part(text) ? NULL : qualified_rule;
}
