/*
 * atom.c - the parts of a pattern that stand for one character: escape sequences, classes.
 */
#include "base/regex/classes.h"
#include "base/regex/parser.h"
#include "base/utf8.h"

#include <ctype.h>

enum { UNICODE_WORK = 10 * 1000 }; /* of making a set by a category */

Error *parser_next(Str *rest, uint32_t *out)
{
    size_t width = 0;

    *out = RUNE_ERROR;
    if (rest->len)
        *out = utf8_first(*rest, &width);
    if (*out == RUNE_ERROR && width == 1)
        return parser_fault("invalid UTF-8", *rest);
    *rest = str_skip(*rest, width);
    return NULL;
}

/* What of WHOLE has been read when REST is left. */
static Str read_of(Str whole, Str rest)
{
    return str_slice(whole, 0, whole.len - rest.len);
}

static bool starts_with(Str s, char first, char last)
{
    return s.len && s.ptr[0] >= first && s.ptr[0] <= last;
}

static int hex_digit(uint32_t rune)
{
    return rune >= '0' && rune <= '9'   ? (int)(rune - '0')
           : rune >= 'a' && rune <= 'f' ? (int)(rune - 'a' + 10)
           : rune >= 'A' && rune <= 'F' ? (int)(rune - 'A' + 10)
                                        : -1;
}

/* What follows `\x{`. */
static Error *take_braced_hex(Str *rest, uint32_t *out, bool *valid)
{
    size_t digits = 0;
    uint32_t rune;

    for (*out = 0;; digits++) {
        if (!rest->len)
            return NULL;
        TRY(parser_next(rest, &rune));
        if (rune == '}')
            break;
        int digit = hex_digit(rune);
        if (digit < 0)
            return NULL;
        *out = *out * 16 + (uint32_t)digit;
        if (*out > RUNE_MAX)
            return NULL;
    }
    *valid = digits > 0;
    return NULL;
}

/* What follows `\x`. */
static Error *take_hex(Str *rest, uint32_t *out, bool *valid)
{
    uint32_t high, low;

    if (!rest->len)
        return NULL;
    TRY(parser_next(rest, &high));
    if (high == '{')
        return take_braced_hex(rest, out, valid);
    TRY(parser_next(rest, &low));
    *valid = hex_digit(high) >= 0 && hex_digit(low) >= 0;
    if (*valid)
        *out = (uint32_t)(hex_digit(high) * 16 + hex_digit(low));
    return NULL;
}

/* An octal number whose first digit is FIRST. Without a 0 it needs two: \1 is a back-reference. */
static bool take_octal(Str *rest, uint32_t first, uint32_t *out)
{
    if (first != '0' && !starts_with(*rest, '0', '7'))
        return false;
    *out = first - '0';
    for (int i = 1; i < 3 && starts_with(*rest, '0', '7'); i++) {
        *out = *out * 8 + (uint32_t)(rest->ptr[0] - '0');
        *rest = str_skip(*rest, 1);
    }
    return true;
}

static bool is_alphanumeric(uint32_t rune)
{
    return rune < 0x80 && isalnum((int)rune);
}

Error *parser_escape(Str *rest, uint32_t *out)
{
    static const char names[] = "afnrtv", values[] = "\a\f\n\r\t\v";
    Str whole = *rest;
    bool valid = false;
    uint32_t rune;

    *rest = str_skip(*rest, 1);
    if (!rest->len)
        return parser_fault("trailing backslash at end of expression", *rest);
    TRY(parser_next(rest, &rune));
    if (rune < 0x80 && !is_alphanumeric(rune)) {
        *out = rune;
        return NULL;
    }
    for (size_t i = 0; i + 1 < sizeof(names); i++)
        if (rune == (uint32_t)names[i]) {
            *out = (uint32_t)values[i];
            return NULL;
        }
    if (rune == 'x')
        TRY(take_hex(rest, out, &valid));
    else if (rune >= '0' && rune <= '7')
        valid = take_octal(rest, rune, out);
    return valid ? NULL : parser_fault("invalid escape sequence", read_of(whole, *rest));
}

static Error *add_range(Parser *p, RuneSet *set, uint32_t first, uint32_t last)
{
    if (!(p->flags & FLAG_FOLDS)) {
        rune_set_add(p->a, set, first, last);
        return NULL;
    }
    TRY(parser_work(p, last - first));
    rune_set_add_folded(p->a, set, first, last);
    return NULL;
}

/* Add to SET what ADDED has or, where NEGATED, what it has not. ADDED is changed. */
static void add_set(Parser *p, RuneSet *set, RuneSet *added, bool negated)
{
    rune_set_clean(added);
    if (negated)
        *added = rune_set_negated(p->a, added);
    rune_set_add_all(p->a, set, added->items, added->len);
}

static Error *add_class(Parser *p, RuneSet *set, const RegexClass *class, bool negated)
{
    RuneSet own = {0};

    for (size_t i = 0; i < class->len; i++)
        TRY(add_range(p, &own, class->ranges[i].first, class->ranges[i].last));
    add_set(p, set, &own, negated);
    return NULL;
}

static Error *fold_set(Parser *p, RuneSet *set)
{
    RuneSet folded = {0};

    for (size_t i = 0; i < set->len; i++)
        TRY(add_range(p, &folded, set->items[i].first, set->items[i].last));
    rune_set_clean(&folded);
    *set = folded;
    return NULL;
}

/* Unicode's category or script NAME, folded if the flags say so; *FOUND is false without one. */
static Error *unicode_set(Parser *p, Str name, RuneSet *out, bool *found)
{
    bool ignores_case = p->flags & FLAG_FOLDS, folds;

    *found = true;
    for (size_t i = 0; i < p->unicode.len; i++)
        if (str_equal(p->unicode.items[i].name, name) &&
            p->unicode.items[i].ignores_case == ignores_case) {
            *out = p->unicode.items[i].set;
            return NULL;
        }
    *out = (RuneSet){0};
    *found = regex_add_unicode(p->a, out, name, &folds);
    if (!*found)
        return NULL;
    TRY(parser_work(p, UNICODE_WORK));
    rune_set_clean(out);
    if (ignores_case && folds)
        TRY(fold_set(p, out));
    *vec_add(p->a, &p->unicode) = (UnicodeSet){name, ignores_case, *out};
    return NULL;
}

/* Where the name of a \p or \P is, and where it ends. */
static Error *unicode_name(Str *rest, Str *name)
{
    Str whole = *rest;
    uint32_t rune;

    *rest = str_skip(*rest, 2);
    TRY(parser_next(rest, &rune));
    if (rune != '{') {
        *name = str_skip(read_of(whole, *rest), 2);
        return NULL;
    }
    size_t end = str_find_char(whole, '}');
    *name = end == STR_NONE ? whole : str_slice(whole, 3, end);
    for (Str s = *name; s.len;)
        TRY(parser_next(&s, &rune));
    if (end == STR_NONE)
        return parser_fault("invalid character class range", whole);
    *rest = str_skip(whole, end + 1);
    return NULL;
}

static Error *add_unicode(Parser *p, Str *rest, RuneSet *set)
{
    Str whole = *rest, name;
    bool negated = whole.ptr[1] == 'P', found;
    RuneSet own;

    TRY(unicode_name(rest, &name));
    if (name.len && name.ptr[0] == '^') {
        negated = !negated;
        name = str_skip(name, 1);
    }
    TRY(unicode_set(p, name, &own, &found));
    if (!found)
        return parser_fault("invalid character class range", read_of(whole, *rest));
    TRY(parser_work(p, own.len));
    add_set(p, set, &own, negated);
    return NULL;
}

Error *parser_class_escape(Parser *p, Str *rest, RuneSet *set, bool *found)
{
    *found = true;
    if (str_starts(*rest, STR("\\p")) || str_starts(*rest, STR("\\P")))
        return add_unicode(p, rest, set);

    char name[2] = {'\\', 0};
    if (rest->len >= 2 && rest->ptr[0] == '\\')
        name[1] = (char)tolower((unsigned char)rest->ptr[1]);
    const RegexClass *class = regex_class((Str){name, 2});
    *found = class != NULL;
    if (!class)
        return NULL;
    bool negated = rest->ptr[1] != name[1];
    *rest = str_skip(*rest, 2);
    return add_class(p, set, class, negated);
}

/* [:alpha:] or [:^alpha:] inside brackets. */
static Error *take_posix_class(Parser *p, Str *rest, RuneSet *set, bool *found)
{
    size_t end = str_starts(*rest, STR("[:")) ? str_find(str_skip(*rest, 2), STR(":]")) : STR_NONE;

    *found = end != STR_NONE;
    if (!*found)
        return NULL;
    Str whole = str_slice(*rest, 0, end + 4), name = whole;
    bool negated = whole.ptr[2] == '^';
    if (negated)
        name = str_join(p->a, STR("[:"), str_skip(whole, 3));

    const RegexClass *class = regex_class(name);
    if (!class)
        return parser_fault("invalid character class range", whole);
    *rest = str_skip(*rest, whole.len);
    return add_class(p, set, class, negated);
}

/* A character in the brackets that BRACKETS begins with. */
static Error *take_member(Str *rest, Str brackets, uint32_t *out)
{
    if (!rest->len)
        return parser_fault("missing closing ]", brackets);
    return rest->ptr[0] == '\\' ? parser_escape(rest, out) : parser_next(rest, out);
}

static Error *take_range(Parser *p, Str *rest, Str brackets, RuneSet *set)
{
    Str whole = *rest;
    uint32_t first, last;

    TRY(take_member(rest, brackets, &first));
    last = first;
    if (rest->len >= 2 && rest->ptr[0] == '-' && rest->ptr[1] != ']') {
        *rest = str_skip(*rest, 1);
        TRY(take_member(rest, brackets, &last));
        if (last < first)
            return parser_fault("invalid character class range", read_of(whole, *rest));
    }
    return add_range(p, set, first, last);
}

Error *parser_brackets(Parser *p, Str *rest, RuneSet *out)
{
    Str whole = *rest;
    RuneSet set = {0};
    bool found;

    *rest = str_skip(*rest, 1);
    bool negated = starts_with(*rest, '^', '^');
    if (negated)
        *rest = str_skip(*rest, 1);
    for (bool first = true; first || !starts_with(*rest, ']', ']'); first = false) {
        TRY(take_posix_class(p, rest, &set, &found));
        if (!found)
            TRY(parser_class_escape(p, rest, &set, &found));
        if (!found)
            TRY(take_range(p, rest, whole, &set));
    }
    *rest = str_skip(*rest, 1);
    *out = (RuneSet){0};
    add_set(p, out, &set, negated);
    return NULL;
}
