#include "unittest/json_path.h"

#include "base/number.h"
#include "base/regex.h"

#include <string.h>

enum {
    DEEPEST = 200,       /* levels of values that .. goes down, and of filters in filters */
    MOST_FOUND = 100000, /* values */
};

/* A path, and a filter in it, being read. */
typedef struct PathReader {
    Arena *arena;
    Str whole, rest;
    Value root;
    size_t steps; /* of regular expressions */
    int depth;
} PathReader;

static Error *fail(const PathReader *r, const char *what)
{
    return error_new(ERROR_INPUT, "%s in the path \"%.*s\"", what, STR_ARG(r->whole));
}

static char next(const PathReader *r)
{
    return r->rest.len ? r->rest.ptr[0] : '\0';
}

static bool take(PathReader *r, const char *text)
{
    if (!str_starts(r->rest, str_from(text)))
        return false;
    r->rest = str_skip(r->rest, strlen(text));
    return true;
}

static void skip_spaces(PathReader *r)
{
    while (next(r) == ' ')
        r->rest = str_skip(r->rest, 1);
}

static void add(PathReader *r, FoundValues *out, Value v)
{
    if (out->len < MOST_FOUND)
        *vec_add(r->arena, out) = v;
}

/* ---- one step down */

static void add_child(PathReader *r, Value v, Str name, FoundValues *out)
{
    const Value *child = v.kind == VALUE_MAP ? value_map_get(v.map, name) : NULL;

    if (child)
        add(r, out, *child);
}

static void add_children(PathReader *r, Value v, FoundValues *out)
{
    for (size_t i = 0; v.kind == VALUE_MAP && v.map && i < v.map->len; i++)
        add(r, out, v.map->entries[i].value);
    for (size_t i = 0; v.kind == VALUE_LIST && i < v.list.len; i++)
        add(r, out, v.list.items[i]);
}

static void add_all_below(PathReader *r, Value v, int depth, FoundValues *out)
{
    FoundValues children = {0};

    if (depth > DEEPEST)
        return;
    add(r, out, v);
    add_children(r, v, &children);
    for (size_t i = 0; i < children.len; i++)
        add_all_below(r, children.items[i], depth + 1, out);
}

static void names_of(PathReader *r, const FoundValues *of, FoundValues *out)
{
    for (size_t i = 0; i < of->len; i++)
        for (size_t j = 0; of->items[i].kind == VALUE_MAP && j < of->items[i].map->len; j++)
            add(r, out, value_string(of->items[i].map->entries[j].key));
}

/* ---- filters */

static Error *read_path(PathReader *r, Value from, bool in_filter, FoundValues *out) MUST_CHECK;
static Error *read_or(PathReader *r, Value item, bool *out) MUST_CHECK;

/* A text between quotes, which is next. */
static Error *read_quoted(PathReader *r, Str *out)
{
    char quote = next(r);
    Buf b = {.arena = r->arena};

    r->rest = str_skip(r->rest, 1);
    while (r->rest.len && next(r) != quote) {
        if (next(r) == '\\' && r->rest.len > 1)
            r->rest = str_skip(r->rest, 1);
        buf_add_char(&b, next(r));
        r->rest = str_skip(r->rest, 1);
    }
    if (!r->rest.len)
        return fail(r, "unmatched quote");
    r->rest = str_skip(r->rest, 1);
    *out = buf_str(&b);
    return NULL;
}

static bool in_word(char c)
{
    return c && !strchr(" )]&|=!<>~", c);
}

/* What stands on one side of a comparison: a path, or a literal. */
static Error *read_operand(PathReader *r, Value item, FoundValues *out)
{
    Str text;

    skip_spaces(r);
    if (take(r, "@"))
        return read_path(r, item, true, out);
    if (take(r, "$"))
        return read_path(r, r->root, true, out);
    if (next(r) == '"' || next(r) == '\'') {
        TRY(read_quoted(r, &text));
        add(r, out, value_string(text));
        return NULL;
    }
    text = str_take_while(&r->rest, in_word);
    if (!text.len)
        return fail(r, "missing operand of a filter");
    add(r, out, value_from_setting(text));
    return NULL;
}

static bool is_number(Value v, double *out)
{
    if (v.kind == VALUE_FLOAT)
        *out = v.real;
    else if (v.kind == VALUE_INT)
        *out = (double)v.integer;
    return v.kind == VALUE_FLOAT || v.kind == VALUE_INT;
}

static bool compare(Value a, Value b, const char *operator)
{
    double one, other;
    bool numbers = is_number(a, &one) && is_number(b, &other);

    if (operator[0] == '=')
        return numbers ? one == other : value_alike(a, b);
    if (operator[0] == '!')
        return numbers ? one != other : !value_alike(a, b);
    if (!numbers)
        return false;
    if (operator[1] == '=')
        return operator[0] == '<' ? one <= other : one >= other;
    return operator[0] == '<' ? one < other : one> other;
}

static Error *read_match(PathReader *r, const FoundValues *left, bool *out)
{
    size_t end;

    skip_spaces(r);
    if (next(r) != '/')
        return fail(r, "missing regular expression");
    for (end = 1; end < r->rest.len && r->rest.ptr[end] != '/'; end++)
        end += r->rest.ptr[end] == '\\';
    if (end >= r->rest.len)
        return fail(r, "unmatched /");
    Str pattern = str_slice(r->rest, 1, end);
    Regex *regex;

    r->rest = str_skip(r->rest, end + 1);
    TRY(regex_compile(r->arena, pattern, &regex));
    *out = left->len > 0;
    for (size_t i = 0; i < left->len && *out; i++) {
        *out = false;
        if (left->items[i].kind == VALUE_STRING)
            TRY(regex_matches(regex, left->items[i].string, &r->steps, out));
    }
    return NULL;
}

static Error *read_comparison(PathReader *r, Value item, bool *out)
{
    static const char *const operators[] = {"==", "!=", "<=", ">=", "<", ">"};
    FoundValues left = {0}, right = {0};

    TRY(read_operand(r, item, &left));
    skip_spaces(r);
    if (take(r, "=~"))
        return read_match(r, &left, out);
    for (size_t i = 0; i < COUNT(operators); i++) {
        if (!take(r, operators[i]))
            continue;
        TRY(read_operand(r, item, &right));
        *out = left.len > 0 && right.len > 0;
        for (size_t j = 0; j < left.len; j++)
            for (size_t k = 0; k < right.len; k++)
                *out &= compare(left.items[j], right.items[k], operators[i]);
        return NULL;
    }
    *out = left.len > 0;
    return NULL;
}

static Error *read_unary(PathReader *r, Value item, bool *out)
{
    skip_spaces(r);
    if (take(r, "!")) {
        TRY(read_unary(r, item, out));
        *out = !*out;
        return NULL;
    }
    if (!take(r, "("))
        return read_comparison(r, item, out);
    if (++r->depth > DEEPEST)
        return fail(r, "filters nest too deep");
    TRY(read_or(r, item, out));
    r->depth--;
    skip_spaces(r);
    return take(r, ")") ? NULL : fail(r, "missing )");
}

static Error *read_and(PathReader *r, Value item, bool *out)
{
    TRY(read_unary(r, item, out));
    for (skip_spaces(r); take(r, "&&"); skip_spaces(r)) {
        bool other;

        TRY(read_unary(r, item, &other));
        *out &= other;
    }
    return NULL;
}

static Error *read_or(PathReader *r, Value item, bool *out)
{
    TRY(read_and(r, item, out));
    for (skip_spaces(r); take(r, "||"); skip_spaces(r)) {
        bool other;

        TRY(read_and(r, item, &other));
        *out |= other;
    }
    return NULL;
}

/*
 * "?(...)]" of all items of lists in FROM, and of what is no list itself; behind .. only of what is
 * in FROM. The filter is read once for each, from the same place.
 */
static Error *read_filter(PathReader *r, bool below_all, const FoundValues *from, FoundValues *out)
{
    FoundValues children = {0};
    Str begin = r->rest;
    bool fits;

    for (size_t i = 0; i < from->len; i++) {
        if (!below_all && from->items[i].kind == VALUE_LIST)
            add_children(r, from->items[i], &children);
        else
            add(r, &children, from->items[i]);
    }
    for (size_t i = 0; i < children.len; i++) {
        r->rest = begin;
        TRY(read_unary(r, children.items[i], &fits));
        if (fits)
            add(r, out, children.items[i]);
    }
    if (!children.len) // it is skipped, but must be right
        TRY(read_unary(r, value_null(), &fits));
    return NULL;
}

/* ---- brackets */

/* An integer that is next, or false. */
static bool read_index(PathReader *r, int64_t *out)
{
    size_t end = next(r) == '-';

    while (end < r->rest.len && r->rest.ptr[end] >= '0' && r->rest.ptr[end] <= '9')
        end++;
    if (number_parse_int(str_slice(r->rest, 0, end), 10, out) != NUMBER_OK)
        return false;
    r->rest = str_skip(r->rest, end);
    return true;
}

static int64_t within(int64_t n, int64_t len)
{
    n = n < 0 ? n + len : n;
    return n < 0 ? 0 : n > len ? len : n;
}

/* BEGIN:END:STEP, of which all but a colon may be missing; what is before the colon has been read.
 */
static Error *read_slice(PathReader *r, bool has_begin, int64_t begin, const FoundValues *from,
                         FoundValues *out)
{
    int64_t end = 0, step = 1;
    bool has_end;

    r->rest = str_skip(r->rest, 1);
    has_end = read_index(r, &end);
    if (take(r, ":") && !read_index(r, &step))
        step = 1;
    if (step < 1)
        return fail(r, "a step that is not above zero");
    for (size_t i = 0; i < from->len; i++) {
        int64_t len = from->items[i].kind == VALUE_LIST ? (int64_t)from->items[i].list.len : 0;
        int64_t last = has_end ? within(end, len) : len;

        for (int64_t j = has_begin ? within(begin, len) : 0; j < last; j += step)
            add(r, out, from->items[i].list.items[j]);
    }
    return NULL;
}

static Error *read_number(PathReader *r, const FoundValues *from, FoundValues *out)
{
    int64_t n = 0;
    bool any = read_index(r, &n);

    if (next(r) == ':')
        return read_slice(r, any, n, from, out);
    if (!any)
        return fail(r, "no index");
    for (size_t i = 0; i < from->len; i++) {
        ValueList list = from->items[i].kind == VALUE_LIST ? from->items[i].list : (ValueList){0};
        int64_t at = n < 0 ? n + (int64_t)list.len : n;

        if (at >= 0 && (size_t)at < list.len)
            add(r, out, list.items[at]);
    }
    return NULL;
}

static Error *read_bracket(PathReader *r, bool below_all, const FoundValues *from, FoundValues *out)
{
    Str name;

    do {
        skip_spaces(r);
        if (take(r, "?")) {
            TRY(read_filter(r, below_all, from, out));
        } else if (take(r, "*")) {
            for (size_t i = 0; i < from->len; i++)
                add_children(r, from->items[i], out);
        } else if (next(r) == '"' || next(r) == '\'') {
            TRY(read_quoted(r, &name));
            for (size_t i = 0; i < from->len; i++)
                add_child(r, from->items[i], name, out);
        } else {
            TRY(read_number(r, from, out));
        }
        skip_spaces(r);
    } while (take(r, ","));
    return take(r, "]") ? NULL : fail(r, "missing ]");
}

/* ---- the path */

static bool in_name(char c)
{
    return c && !strchr(".[~", c);
}

static bool in_filtered_name(char c)
{
    return in_word(c) && in_name(c);
}

static Error *read_name(PathReader *r, const FoundValues *from, bool in_filter, FoundValues *out)
{
    Str name = str_take_while(&r->rest, in_filter ? in_filtered_name : in_name);

    if (!name.len)
        return fail(r, "child name missing");
    for (size_t i = 0; i < from->len; i++) {
        if (str_is(name, "*"))
            add_children(r, from->items[i], out);
        else
            add_child(r, from->items[i], name, out);
    }
    return NULL;
}

static Error *read_step(PathReader *r, bool first, bool in_filter, const FoundValues *from,
                        FoundValues *out)
{
    FoundValues all = {0};

    if (take(r, "..")) {
        for (size_t i = 0; i < from->len; i++)
            add_all_below(r, from->items[i], 0, &all);
        return take(r, "[") ? read_bracket(r, true, &all, out) : read_name(r, &all, in_filter, out);
    }
    if (take(r, "["))
        return read_bracket(r, false, from, out);
    if (take(r, "~")) {
        names_of(r, from, out);
        return NULL;
    }
    if (!take(r, ".") && !first)
        return fail(r, "something that is no step");
    return read_name(r, from, in_filter, out);
}

static Error *read_path(PathReader *r, Value from, bool in_filter, FoundValues *out)
{
    FoundValues now = {0};

    add(r, &now, from);
    for (bool first = !in_filter; r->rest.len; first = false) {
        FoundValues below = {0};

        if (in_filter && next(r) != '.' && next(r) != '[')
            break;
        TRY(read_step(r, first, in_filter, &now, &below));
        now = below;
    }
    *out = now;
    return NULL;
}

Error *json_path_find(Arena *a, Str path, Value root, FoundValues *out)
{
    PathReader r = {.arena = a, .whole = path, .rest = path, .root = root, .steps = 10000000};

    take(&r, "$");
    return read_path(&r, root, false, out);
}
