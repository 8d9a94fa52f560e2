#include "base/semver.h"

#include "base/number.h"

#include <inttypes.h>

#define FAIL(...) error_new(ERROR_INPUT, __VA_ARGS__)

enum { LONGEST_VERSION = 256 };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_identifier_char(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
}

Str semver_take_part(Str *rest, char first, bool (*fits)(char c))
{
    Str s = *rest, part = {"", 0};

    if (s.len && s.ptr[0] == first) {
        s = str_skip(s, 1);
        part = str_take_while(&s, fits);
    }
    if (part.len)
        *rest = s;
    return part;
}

Str semver_take_identifiers(Str *rest, char first)
{
    Str all = semver_take_part(rest, first, is_identifier_char);

    while (all.len && semver_take_part(rest, '.', is_identifier_char).len)
        all.len = (size_t)(rest->ptr - all.ptr);
    return all;
}

static Error *number_of(Str digits, uint64_t *out)
{
    *out = 0;
    if (digits.len && number_parse_uint(digits, 10, out) != NUMBER_OK)
        return FAIL("error parsing version segment: %.*s is out of range", STR_ARG(digits));
    return NULL;
}

static bool is_number(Str identifier)
{
    for (size_t i = 0; i < identifier.len; i++)
        if (!is_digit(identifier.ptr[i]))
            return false;
    return identifier.len > 0;
}

static bool is_identifier(Str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!is_identifier_char(text.ptr[i]))
            return false;
    return text.len > 0;
}

Error *semver_check_prerelease(Str text)
{
    Str identifier;

    for (bool more = text.len > 0; more;) {
        more = str_cut(&text, '.', &identifier);
        if (!is_identifier(identifier))
            return FAIL("invalid prerelease string");
        if (is_number(identifier) && identifier.len > 1 && identifier.ptr[0] == '0')
            return FAIL("version segment starts with 0");
    }
    return NULL;
}

Error *semver_check_metadata(Str text)
{
    Str identifier;

    for (bool more = text.len > 0; more;) {
        more = str_cut(&text, '.', &identifier);
        if (!is_identifier(identifier))
            return FAIL("invalid metadata string");
    }
    return NULL;
}

Error *semver_parse(Str text, Semver *out)
{
    Str rest = text;
    Semver v = {.original = text};

    if (text.len > LONGEST_VERSION)
        return FAIL("version string is too long (max %d bytes)", LONGEST_VERSION);
    if (rest.len && rest.ptr[0] == 'v')
        rest = str_skip(rest, 1);
    Str major = str_take_while(&rest, is_digit);
    Str minor = semver_take_part(&rest, '.', is_digit);
    Str patch = minor.len ? semver_take_part(&rest, '.', is_digit) : minor;
    v.prerelease = semver_take_identifiers(&rest, '-');
    v.metadata = semver_take_identifiers(&rest, '+');
    if (!major.len || rest.len)
        return FAIL("invalid semantic version");
    TRY(number_of(major, &v.major));
    TRY(number_of(minor, &v.minor));
    TRY(number_of(patch, &v.patch));
    TRY(semver_check_prerelease(v.prerelease));
    *out = v;
    return NULL;
}

static int compare_numbers(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

/* Numbers come before names, and one that is missing before both. */
static int compare_identifiers(Str a, Str b)
{
    uint64_t left, right;

    if (!a.len || !b.len)
        return (a.len > 0) - (b.len > 0);
    bool is_left = number_parse_uint(a, 10, &left) == NUMBER_OK;
    bool is_right = number_parse_uint(b, 10, &right) == NUMBER_OK;
    if (is_left && is_right && !str_equal(a, b))
        return left > right ? 1 : -1;
    if (is_left != is_right)
        return is_left ? -1 : 1;
    return str_compare(a, b);
}

int semver_compare_prereleases(Str a, Str b)
{
    bool more_a = true, more_b = true;

    while (more_a || more_b) {
        Str left = {"", 0}, right = {"", 0};

        if (more_a)
            more_a = str_cut(&a, '.', &left);
        if (more_b)
            more_b = str_cut(&b, '.', &right);
        int order = compare_identifiers(left, right);
        if (order)
            return order;
    }
    return 0;
}

bool semver_valid(Str text)
{
    Semver v;
    Error *err = semver_parse(text, &v);

    error_free(err);
    return !err;
}

int semver_compare(const Semver *a, const Semver *b)
{
    int order = compare_numbers(a->major, b->major);

    if (!order)
        order = compare_numbers(a->minor, b->minor);
    if (!order)
        order = compare_numbers(a->patch, b->patch);
    if (order)
        return order;
    if (!a->prerelease.len || !b->prerelease.len)
        return (b->prerelease.len > 0) - (a->prerelease.len > 0);
    return semver_compare_prereleases(a->prerelease, b->prerelease);
}

Str semver_text(Arena *a, const Semver *v)
{
    Buf b = {.arena = a};

    buf_format(&b, "%" PRIu64 ".%" PRIu64 ".%" PRIu64, v->major, v->minor, v->patch);
    if (v->prerelease.len) {
        buf_add_char(&b, '-');
        buf_add(&b, v->prerelease);
    }
    if (v->metadata.len) {
        buf_add_char(&b, '+');
        buf_add(&b, v->metadata);
    }
    return buf_str(&b);
}
