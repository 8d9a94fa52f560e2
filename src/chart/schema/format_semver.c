/*
 * format_semver.c - the format "semver". Source: santhosh-tekuri/jsonschema v6, format.go.
 */
#include "chart/schema/format.h"

#include "base/vec.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_identifier(char c)
{
    return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '-';
}

/* The identifiers in TEXT, with dots between them; numbers WITHOUT_ZERO at their start. */
static const char *check_identifiers(Arena *a, Str text, const char *what, bool without_zero)
{
    bool more = true;
    Str part;

    while (more) {
        more = str_cut(&text, '.', &part);
        Str rest = part, digits = part;

        if (!part.len)
            return str_format(a, "%s identifier is empty", what).ptr;
        str_take_while(&rest, is_identifier);
        if (rest.len)
            return str_format(a, "invalid character in %s identifier", what).ptr;
        str_take_while(&digits, is_digit);
        if (without_zero && !digits.len && part.len > 1 && part.ptr[0] == '0')
            return str_format(a, "%s numeric identifier starts with zero", what).ptr;
    }
    return NULL;
}

static const char *check_core(Arena *a, Str text)
{
    static const char *const names[] = {"major", "minor", "patch"};
    StrList numbers = {0};
    bool more = true;

    while (more)
        more = str_cut(&text, '.', vec_add(a, &numbers));
    if (numbers.len != COUNT(names))
        return "versionCore must have 3 numbers separated by dot";
    for (size_t i = 0; i < COUNT(names); i++) {
        Str number = numbers.items[i], rest = number;

        if (!number.len)
            return str_format(a, "%s is empty", names[i]).ptr;
        if (number.len > 1 && number.ptr[0] == '0')
            return str_format(a, "%s starts with zero", names[i]).ptr;
        str_take_while(&rest, is_digit);
        if (rest.len)
            return str_format(a, "%s contains non-digit", names[i]).ptr;
    }
    return NULL;
}

const char *format_semver(Arena *a, Str text)
{
    size_t plus = str_find_char(text, '+'), hyphen;
    const char *problem = NULL;

    if (plus != STR_NONE) {
        Str build = str_skip(text, plus + 1);

        problem = build.len ? check_identifiers(a, build, "build", false) : "build is empty";
        text = str_slice(text, 0, plus);
    }
    hyphen = str_find_char(text, '-');
    if (!problem && hyphen != STR_NONE)
        problem = check_identifiers(a, str_skip(text, hyphen + 1), "pre-release", true);
    if (problem)
        return problem;
    return check_core(a, hyphen == STR_NONE ? text : str_slice(text, 0, hyphen));
}
