#include "base/semver_constraint.h"

#include "base/vec.h"

#include <string.h>

#define FAIL(...) error_new(ERROR_INPUT, __VA_ARGS__)

enum { LONGEST_CONSTRAINT = 512, MOST_ALTERNATIVES = 32 };

/* Whether V does for a condition. */
typedef struct Condition Condition;
typedef bool Operator(const Condition *c, const Semver *v);

struct Condition {
    Operator *allows;
    Semver version;
    bool open;       /* some of its parts are not given, or are x */
    bool open_minor; /* from the minor version on */
    bool open_patch; /* only the patch */
};

/* Conditions that must all hold. */
typedef struct Alternative {
    VEC(Condition) conditions;
    bool has_prerelease;
} Alternative;

struct SemverConstraint {
    VEC(Alternative) alternatives;
};

static bool not_equal(const Condition *c, const Semver *v)
{
    if (c->open) {
        if (c->version.major != v->major)
            return true;
        if (c->open_minor)
            return false;
        if (c->version.minor != v->minor)
            return true;
        if (c->open_patch)
            return semver_compare_prereleases(v->prerelease, c->version.prerelease) != 0;
        if (c->version.patch != v->patch)
            return true;
    }
    return semver_compare(v, &c->version) != 0;
}

/* >11 begins with 12, and >11.1 with 11.2. */
static bool greater(const Condition *c, const Semver *v)
{
    if (c->open && v->major != c->version.major)
        return v->major > c->version.major;
    if (c->open_minor)
        return false;
    if (c->open_patch)
        return v->minor > c->version.minor;
    return semver_compare(v, &c->version) > 0;
}

static bool less(const Condition *c, const Semver *v)
{
    return semver_compare(v, &c->version) < 0;
}

static bool greater_or_equal(const Condition *c, const Semver *v)
{
    return semver_compare(v, &c->version) >= 0;
}

/* <=11 includes all of 11. */
static bool less_or_equal(const Condition *c, const Semver *v)
{
    if (!c->open)
        return semver_compare(v, &c->version) <= 0;
    if (v->major != c->version.major)
        return v->major < c->version.major;
    return c->open_minor || v->minor <= c->version.minor;
}

/* ~1.2.3 is >=1.2.3, <1.3; ~1 is >=1, <2; ~0.0.0, as ~*, is any. */
static bool about(const Condition *c, const Semver *v)
{
    const Semver *from = &c->version;

    if (semver_compare(v, from) < 0)
        return false;
    if (!from->major && !from->minor && !from->patch && !c->open_minor && !c->open_patch)
        return true;
    return v->major == from->major && (v->minor == from->minor || c->open_minor);
}

static bool equal(const Condition *c, const Semver *v)
{
    return c->open ? about(c, v) : semver_compare(v, &c->version) == 0;
}

/* ^1.2.3 is >=1.2.3, <2; but below 1, the first number that is not 0 must stay. */
static bool compatible(const Condition *c, const Semver *v)
{
    const Semver *from = &c->version;

    if (semver_compare(v, from) < 0)
        return false;
    if (from->major > 0 || c->open_minor)
        return v->major == from->major;
    if (v->major > 0)
        return false;
    if (from->minor > 0 || c->open_patch)
        return v->minor == from->minor;
    return v->minor == 0 && v->patch == from->patch;
}

static const struct {
    const char *name;
    Operator *allows;
} operators[] = {
    {"", equal},
    {"=", equal},
    {"!=", not_equal},
    {">", greater},
    {"<", less},
    {">=", greater_or_equal},
    {"=>", greater_or_equal},
    {"<=", less_or_equal},
    {"=<", less_or_equal},
    {"~", about},
    {"~>", about},
    {"^", compatible},
};

/* A version as a constraint has it: its parts as written, any of the numbers perhaps x. */
typedef struct Pattern {
    Str whole;
    Str major, minor, patch; /* "1", "x", "*", or empty */
    Str prerelease;
} Pattern;

static bool is_space(char c)
{
    return c && strchr("\t\n\f\r ", c);
}

/* A '|' is one by mistake: it stands in the original's character class. */
static bool is_number_char(char c)
{
    return c && strchr("0123456789xX*|", c);
}

static bool is_operator_char(char c)
{
    return c && strchr("=!<>~^", c);
}

/* The longest pattern at the front of *REST, off it; false if there is none. */
static bool take_pattern(Str *rest, Pattern *out)
{
    Str s = *rest;

    if (s.len && s.ptr[0] == 'v')
        s = str_skip(s, 1);
    *out =
        (Pattern){.major = str_take_while(&s, is_number_char), .minor = {"", 0}, .patch = {"", 0}};
    if (!out->major.len)
        return false;
    out->minor = semver_take_part(&s, '.', is_number_char);
    if (out->minor.len)
        out->patch = semver_take_part(&s, '.', is_number_char);
    out->prerelease = semver_take_identifiers(&s, '-');
    semver_take_identifiers(&s, '+');
    out->whole = str_slice(*rest, 0, rest->len - s.len);
    *rest = s;
    return true;
}

static bool is_open(Str part)
{
    return !part.len || str_is(part, "x") || str_is(part, "X") || str_is(part, "*");
}

/* The version that PATTERN is, with 0 for what is open. */
static Error *close_pattern(Arena *a, const Pattern *p, Condition *out)
{
    const char *dash = p->prerelease.len ? "-" : "";
    Str text = p->whole;

    out->open = is_open(p->major) || is_open(p->minor) || is_open(p->patch);
    if (is_open(p->major)) {
        text = str_format(a, "0.0.0%s%.*s", dash, STR_ARG(p->prerelease));
    } else if (is_open(p->minor)) {
        out->open_minor = true;
        text = str_format(a, "%.*s.0.0%s%.*s", STR_ARG(p->major), dash, STR_ARG(p->prerelease));
    } else if (is_open(p->patch)) {
        out->open_patch = true;
        text = str_format(a, "%.*s.%.*s.0%s%.*s", STR_ARG(p->major), STR_ARG(p->minor), dash,
                          STR_ARG(p->prerelease));
    }
    return semver_parse(text, &out->version);
}

static Operator *find_operator(Str name)
{
    for (size_t i = 0; i < COUNT(operators); i++)
        if (str_is(name, operators[i].name))
            return operators[i].allows;
    return NULL;
}

static Error *improper(Str text)
{
    DEFER(arena_free) Arena scratch = {0};
    Str shown = str_for_message(&scratch, text, LONGEST_CONSTRAINT);

    return FAIL("improper constraint: \"%.*s\"", STR_ARG(shown));
}

/* An operator and a pattern off *REST, with spaces before, between and after. */
static bool take_condition(Str *rest, Condition *condition, Pattern *pattern)
{
    str_take_while(rest, is_space);
    condition->allows = find_operator(str_take_while(rest, is_operator_char));
    str_take_while(rest, is_space);
    if (!condition->allows || !take_pattern(rest, pattern))
        return false;
    // the next condition needs a space or a comma before it
    size_t spaces = str_take_while(rest, is_space).len;
    if (!rest->len)
        return true;
    if (rest->ptr[0] != ',')
        return spaces > 0;
    *rest = str_skip(*rest, 1);
    return rest->len > 0;
}

static Error *parse_alternative(Arena *a, Str text, Alternative *out)
{
    VEC(Pattern) patterns = {0};
    Str rest = text;

    do
        if (!take_condition(&rest, vec_add(a, &out->conditions), vec_add(a, &patterns)))
            return improper(text);
    while (rest.len);
    for (size_t i = 0; i < patterns.len; i++) {
        Condition *condition = &out->conditions.items[i];
        Error *err = close_pattern(a, &patterns.items[i], condition);

        if (err) {
            error_free(err);
            return FAIL("constraint parser error");
        }
        out->has_prerelease |= condition->version.prerelease.len > 0;
    }
    return NULL;
}

/* "1 - 3" off *REST, with spaces around. */
static bool take_range(Str *rest, Pattern *from, Pattern *to)
{
    Str s = *rest;

    str_take_while(&s, is_space);
    if (!take_pattern(&s, from) || !str_take_while(&s, is_space).len || !str_starts(s, STR("-")))
        return false;
    s = str_skip(s, 1);
    if (!str_take_while(&s, is_space).len || !take_pattern(&s, to))
        return false;
    str_take_while(&s, is_space);
    *rest = s;
    return true;
}

/* The first RANGE in TEXT, which need not be the one that was read, as two conditions. */
static Str rewrite_range(Arena *a, Str text, Str range, const Pattern *from, const Pattern *to)
{
    size_t at = str_find(text, range);
    Buf b = {.arena = a};

    if (at == STR_NONE)
        return text;
    buf_add(&b, str_slice(text, 0, at));
    buf_format(&b, ">= %.*s, <= %.*s ", STR_ARG(from->whole), STR_ARG(to->whole));
    buf_add(&b, str_skip(text, at + range.len));
    return buf_str(&b);
}

/* TEXT with each "1 - 3" in it as ">= 1, <= 3 ". */
static Str rewrite_ranges(Arena *a, Str text)
{
    Str rest = text, rewritten = text;
    Pattern from, to;

    while (rest.len) {
        Str before = rest;

        if (take_range(&rest, &from, &to))
            rewritten = rewrite_range(a, rewritten, str_slice(before, 0, before.len - rest.len),
                                      &from, &to);
        else
            rest = str_skip(rest, 1);
    }
    return rewritten;
}

static void split_alternatives(Arena *a, Str text, StrList *out)
{
    size_t at;

    while ((at = str_find(text, STR("||"))) != STR_NONE) {
        *vec_add(a, out) = str_slice(text, 0, at);
        text = str_skip(text, at + 2);
    }
    *vec_add(a, out) = text;
}

Error *semver_constraint_parse(Arena *a, Str text, SemverConstraint **out)
{
    SemverConstraint *constraint = arena_new(a, SemverConstraint);
    StrList parts = {0};

    if (text.len > LONGEST_CONSTRAINT)
        return FAIL("constraint string is too long (max %d bytes)", LONGEST_CONSTRAINT);
    split_alternatives(a, rewrite_ranges(a, text), &parts);
    if (parts.len > MOST_ALTERNATIVES)
        return FAIL("too many constraint groups (max %d)", MOST_ALTERNATIVES);
    for (size_t i = 0; i < parts.len; i++)
        TRY(parse_alternative(a, parts.items[i], vec_add(a, &constraint->alternatives)));
    *out = constraint;
    return NULL;
}

static bool allows_all(const Alternative *alternative, const Semver *v)
{
    if (v->prerelease.len && !alternative->has_prerelease)
        return false;
    for (size_t i = 0; i < alternative->conditions.len; i++) {
        const Condition *condition = &alternative->conditions.items[i];

        if (!condition->allows(condition, v))
            return false;
    }
    return true;
}

bool semver_constraint_allows(const SemverConstraint *constraint, const Semver *v)
{
    for (size_t i = 0; i < constraint->alternatives.len; i++)
        if (allows_all(&constraint->alternatives.items[i], v))
            return true;
    return false;
}

bool semver_satisfies(Str version, Str text)
{
    DEFER(arena_free) Arena scratch = {0};
    SemverConstraint *constraint;
    Semver v;
    Error *err = semver_constraint_parse(&scratch, text, &constraint);

    if (!err)
        err = semver_parse(version, &v);
    error_free(err);
    return !err && semver_constraint_allows(constraint, &v);
}
