#include "target/ready_when.h"

#include "base/field.h"
#include "base/json.h"

#include <string.h>

enum { MOST_DEPTH = 50 };

/* What is left of an expression about an object. */
typedef struct Reader {
    Arena *arena;
    const Value *object;
    Str rest;
    int depth;
} Reader;

static Error *either(Reader *r, bool *out);

static bool take(Reader *r, const char *word)
{
    r->rest = str_trim(r->rest);
    if (!str_starts(r->rest, str_from(word)))
        return false;
    r->rest = str_skip(r->rest, strlen(word));
    return true;
}

static Error *unexpected(const Reader *r)
{
    return r->rest.len ? error_new(ERROR_INPUT, "unexpected \"%.*s\"", STR_ARG(r->rest))
                       : error_new(ERROR_INPUT, "it ends too early");
}

/* The end of a name in a path. */
static size_t name_len(Str text)
{
    size_t len = 0;

    while (len < text.len && !strchr(".[]()=!<>&| \t\n}", text.ptr[len]))
        len++;
    return len;
}

static Str unquoted(Str text)
{
    bool quoted = text.len >= 2 && (text.ptr[0] == '"' || text.ptr[0] == '\'') &&
                  text.ptr[text.len - 1] == text.ptr[0];

    return quoted ? str_slice(text, 1, text.len - 1) : text;
}

/* The item of LIST that INSIDE means: "0", "type=Ready", or "*" for the first; NULL: none. */
static const Value *item_of(const Reader *r, const Value *list, Str inside)
{
    Str wanted = inside, key;

    if (!list || list->kind != VALUE_LIST)
        return list && list->kind == VALUE_MAP ? value_map_get(list->map, unquoted(inside)) : NULL;
    if (!str_cut(&wanted, '=', &key)) {
        int64_t number = 0;

        for (size_t i = 0; i < inside.len && i < 9; i++)
            number = number * 10 + (inside.ptr[i] - '0');
        return number >= 0 && (size_t)number < list->list.len ? &list->list.items[number] : NULL;
    }
    wanted = unquoted(wanted);
    for (size_t i = 0; i < list->list.len; i++)
        if (str_equal(field_string(&list->list.items[i], str_c(r->arena, key)), wanted))
            return &list->list.items[i];
    return NULL;
}

/* ".status.conditions[type=Ready].status" */
static Error *read_path(Reader *r, Value *out)
{
    const Value *at = r->object;

    while (r->rest.len && (r->rest.ptr[0] == '.' || r->rest.ptr[0] == '[')) {
        bool item = r->rest.ptr[0] == '[';
        size_t len = item ? str_find_char(r->rest, ']') : name_len(str_skip(r->rest, 1)) + 1;

        if (len == STR_NONE || len < 2)
            return unexpected(r);
        Str name = str_slice(r->rest, 1, len);
        r->rest = str_skip(r->rest, item ? len + 1 : len);
        if (item)
            at = item_of(r, at, name);
        else
            at = at && at->kind == VALUE_MAP ? value_map_get(at->map, name) : NULL;
    }
    *out = at ? *at : value_null();
    return NULL;
}

/* A text, number, true, false or null, as JSON has it. */
static Error *read_literal(Reader *r, Value *out)
{
    size_t len = 0;

    if (r->rest.len && r->rest.ptr[0] == '"')
        for (len = 1; len < r->rest.len && r->rest.ptr[len] != '"'; len++)
            len += r->rest.ptr[len] == '\\';
    else
        len = name_len(r->rest);
    if (len && r->rest.ptr[0] == '"')
        len++;
    if (!len || len > r->rest.len)
        return unexpected(r);
    Str text = str_slice(r->rest, 0, len);
    r->rest = str_skip(r->rest, len);
    Error *err = json_parse(r->arena, NULL, text, out);
    if (!err)
        return NULL;
    error_free(err);
    return error_new(ERROR_INPUT, "%.*s is neither a path (.status.phase) nor JSON (\"Ready\", 3)",
                     STR_ARG(text));
}

static Error *read_operand(Reader *r, Value *out)
{
    r->rest = str_trim(r->rest);
    return r->rest.len && r->rest.ptr[0] == '.' ? read_path(r, out) : read_literal(r, out);
}

static bool is_true(const Value *v)
{
    switch (v->kind) {
    case VALUE_NULL:
        return false;
    case VALUE_BOOL:
        return v->boolean;
    case VALUE_INT:
        return v->integer != 0;
    case VALUE_FLOAT:
        return v->real < 0 || v->real > 0;
    case VALUE_STRING:
        return v->string.len > 0;
    case VALUE_LIST:
        return v->list.len > 0;
    case VALUE_MAP:
        return v->map && v->map->len > 0;
    default:
        return true;
    }
}

static bool is_number(const Value *v, double *out)
{
    *out = v->kind == VALUE_INT ? (double)v->integer : v->real;
    return v->kind == VALUE_INT || v->kind == VALUE_FLOAT;
}

/* Below 0, 0, above 0; both are numbers, or both are texts. *OUT is false where neither is so. */
static int order_of(const Value *left, const Value *right, bool *out)
{
    double one = 0, two = 0;

    *out = true;
    if (left->kind == VALUE_STRING && right->kind == VALUE_STRING)
        return str_compare(left->string, right->string);
    *out = is_number(left, &one) && is_number(right, &two);
    return *out ? (one > two) - (one < two) : 0;
}

static Error *comparison(Reader *r, bool *out)
{
    Value left, right;
    bool ordered;

    TRY(read_operand(r, &left));
    bool equal = take(r, "=="), unlike = !equal && take(r, "!=");
    bool most = !equal && !unlike && take(r, "<="), least = !most && take(r, ">=");
    bool less = !equal && !unlike && !most && !least && take(r, "<");
    bool more = !equal && !unlike && !most && !least && !less && take(r, ">");

    *out = is_true(&left);
    if (!(equal || unlike || most || least || less || more))
        return NULL;
    TRY(read_operand(r, &right));
    int order = order_of(&left, &right, &ordered);
    bool same = ordered ? order == 0 : value_alike(left, right);
    *out = equal      ? same
           : unlike   ? !same
           : !ordered ? false
           : most     ? order <= 0
           : least    ? order >= 0
           : less     ? order < 0
                      : order > 0;
    return NULL;
}

static Error *term(Reader *r, bool *out)
{
    if (++r->depth > MOST_DEPTH)
        return error_new(ERROR_INPUT, "it is nested more than %d deep", (int)MOST_DEPTH);
    if (take(r, "!")) {
        TRY(term(r, out));
        *out = !*out;
    } else if (take(r, "(")) {
        TRY(either(r, out));
        if (!take(r, ")"))
            return unexpected(r);
    } else {
        TRY(comparison(r, out));
    }
    r->depth--;
    return NULL;
}

static Error *both(Reader *r, bool *out)
{
    bool next;

    TRY(term(r, out));
    while (take(r, "&&")) {
        TRY(term(r, &next));
        *out &= next;
    }
    return NULL;
}

static Error *either(Reader *r, bool *out)
{
    bool next;

    TRY(both(r, out));
    while (take(r, "||")) {
        TRY(both(r, &next));
        *out |= next;
    }
    return NULL;
}

/* "Ready", "Ready=True": the condition of that type, whose status that is. */
static bool has_condition(Arena *a, const Value *object, Str text)
{
    Str status = text, type;

    if (!str_cut(&status, '=', &type))
        return condition_is(object, str_c(a, text), "True");
    return condition_is(object, str_c(a, type), str_c(a, status));
}

/* "{.status.phase}=Running"; without a value, whether there is one. */
static Error *json_path(Reader *r, bool *out)
{
    Value found;

    if (!take(r, "{"))
        return unexpected(r);
    TRY(read_path(r, &found));
    if (!take(r, "}"))
        return unexpected(r);
    *out = found.kind != VALUE_NULL;
    if (!take(r, "="))
        return NULL;
    Str wanted = unquoted(r->rest);
    Buf is = {.arena = r->arena};
    r->rest = (Str){0};
    if (found.kind == VALUE_STRING)
        buf_add(&is, found.string);
    else
        TRY(json_write(&is, found, (JsonStyle){0}));
    *out = str_equal(buf_str(&is), wanted);
    return NULL;
}

Error *ready_when(Arena *a, const Value *object, Str expression, bool *out)
{
    Reader r = {.arena = a, .object = object, .rest = str_trim(expression)};
    bool path = take(&r, "jsonpath=");

    if (!path && take(&r, "condition=")) {
        *out = has_condition(a, object, r.rest);
        return NULL;
    }
    TRY(path ? json_path(&r, out) : either(&r, out));
    return str_trim(r.rest).len ? unexpected(&r) : NULL;
}
