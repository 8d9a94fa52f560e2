/*
 * jsonpath.c - what a template's nodes make of values: lists of values, which are printed one after
 * the other. Where something cannot be found, what was found so far still counts for whether it
 * exists. Source: k8s.io/client-go, util/jsonpath/jsonpath.go; helm, pkg/action/show.go.
 */
#include "authoring/jsonpath.h"

#include "base/json.h"
#include "base/number.h"

enum { MOST_FOUND = 1000000 };

typedef VEC(Value) Found;

typedef struct Walk {
    Arena *arena;
    const JsonPathNodeList *nodes; /* of the template */
    VEC(Found) printed;
    int to_begin, inside, to_end; /* of ranges */
    size_t last_end;              /* the node that ended one */
    size_t found;                 /* values, so far */
} Walk;

static bool walk(Walk *w, const Found *from, const JsonPathNode *node, Found *out);

static bool add(Walk *w, Found *to, Value v)
{
    *vec_add(w->arena, to) = v;
    return ++w->found <= MOST_FOUND;
}

static bool add_all(Walk *w, Found *to, const Found *from)
{
    for (size_t i = 0; i < from->len; i++)
        if (!add(w, to, from->items[i]))
            return false;
    return true;
}

/* All that is in V: of a text its bytes. */
static bool add_items(Walk *w, Found *to, Value v)
{
    if (v.kind == VALUE_LIST)
        return add_all(w, to, &(Found){.items = v.list.items, .len = v.list.len});
    for (size_t i = 0; v.kind == VALUE_MAP && i < v.map->len; i++)
        if (!add(w, to, v.map->entries[i].value))
            return false;
    for (size_t i = 0; v.kind == VALUE_STRING && i < v.string.len; i++)
        if (!add(w, to, (Value){.kind = VALUE_UINT, .natural = (unsigned char)v.string.ptr[i]}))
            return false;
    return true;
}

static bool walk_list(Walk *w, const Found *from, const JsonPathNode *node, Found *out)
{
    Found now = *from;
    bool good = true;

    for (size_t i = 0; i < node->nodes.len && good; i++) {
        Found found = {0};

        good = walk(w, &now, node->nodes.items[i], &found);
        now = found;
    }
    *out = now;
    return good;
}

static bool walk_field(Walk *w, const Found *from, const JsonPathNode *node, Found *out)
{
    for (size_t i = 0; i < from->len; i++) {
        Value v = from->items[i];
        const Value *field = v.kind == VALUE_MAP ? value_map_get(v.map, node->text) : NULL;

        if (field && !add(w, out, *field))
            return false;
    }
    return out->len || !from->len;
}

/* FROM up to TO of a list of LEN items; false where Go says that they are out of bounds. */
static bool bounds(const JsonPathIndex indexes[3], int64_t len, int64_t *from, int64_t *to)
{
    *from = indexes[0].known ? indexes[0].value : 0;
    *to = indexes[1].known ? indexes[1].value : len;
    if (*from < 0)
        *from += len;
    if (*to < 0 || (*to == 0 && indexes[1].derived))
        *to += len;
    return *from == *to || (*from >= 0 && *from < len && *to <= len && *from < *to);
}

static bool walk_slice(Walk *w, const Found *from, const JsonPathNode *node, Found *out)
{
    const JsonPathIndex *step = &node->indexes[2];

    for (size_t i = 0; i < from->len; i++) {
        Value v = from->items[i];
        int64_t first, end;

        if (v.kind == VALUE_NULL)
            continue;
        if (v.kind != VALUE_LIST || !bounds(node->indexes, (int64_t)v.list.len, &first, &end) ||
            (first != end && step->known && step->value <= 0)) {
            *out = *from;
            return false;
        }
        if (first == end)
            return true;
        for (int64_t at = first; at < end; at += step->known ? step->value : 1) {
            if (!add(w, out, v.list.items[at]))
                return false;
            if (step->known && step->value > end - at)
                break;
        }
    }
    return true;
}

static bool walk_union(Walk *w, const Found *from, const JsonPathNode *node, Found *out)
{
    for (size_t i = 0; i < node->nodes.len; i++) {
        Found found = {0};

        if (!walk_list(w, from, node->nodes.items[i], &found)) {
            *out = *from;
            return false;
        }
        if (!add_all(w, out, &found))
            return false;
    }
    return true;
}

static bool walk_deep(Walk *w, const Found *from, Found *out)
{
    for (size_t i = 0; i < from->len; i++) {
        Found items = {0};

        if (!add_items(w, &items, from->items[i]))
            return false;
        if (items.len && (!add(w, out, from->items[i]) || !walk_deep(w, &items, out)))
            return false;
    }
    return true;
}

/* -1, 0, 1; false where Go cannot compare them, or, if not for EQUALITY, order them. */
static bool compare(Value a, Value b, bool equality, int *out)
{
    if (a.kind == VALUE_INT && b.kind == VALUE_UINT)
        b = value_int((int64_t)b.natural); // of a byte
    if (a.kind == VALUE_UINT && b.kind == VALUE_INT)
        a = value_int((int64_t)a.natural);
    if (a.kind != b.kind)
        return false;
    switch (a.kind) {
    case VALUE_BOOL:
        *out = a.boolean - b.boolean;
        return equality;
    case VALUE_UINT:
        *out = (a.natural > b.natural) - (a.natural < b.natural);
        return true;
    default:
        return value_order(a, b, out);
    }
}

static bool passes(Value a, Value b, Str operator, bool * out)
{
    bool equality = str_is(operator, "==") || str_is(operator, "!=");
    int order;

    if (!compare(a, b, equality, &order))
        return false;
    *out = str_is(operator, "==")   ? order == 0
           : str_is(operator, "!=") ? order != 0
           : str_is(operator, "<")  ? order < 0
           : str_is(operator, "<=") ? order <= 0
           : str_is(operator, ">")  ? order > 0
                                    : order >= 0;
    return equality || str_is(operator, "<") || str_is(operator, "<=") || str_is(operator, ">") ||
           str_is(operator, ">=");
}

/* Whether ITEM fits, as *OUT. On failure *BEFORE: nothing of the list counts, not even those
 * before. */
static bool filter(Walk *w, const JsonPathNode *node, Value item, bool *out, bool *before)
{
    Found one = {.items = &item, .len = 1}, left = {0}, right = {0};
    bool good = walk_list(w, &one, node->nodes.items[0], &left);

    *out = false;
    *before = true;
    if (!node->text.len) {
        *out = left.len > 0;
        return true;
    }
    if (!good || left.len > 1)
        return false;
    if (!left.len)
        return true;
    if (!walk_list(w, &one, node->nodes.items[1], &right) || right.len > 1)
        return false;
    *before = false;
    return !right.len || passes(left.items[0], right.items[0], node->text, out);
}

static bool walk_filter(Walk *w, const Found *from, const JsonPathNode *node, Found *out)
{
    for (size_t i = 0; i < from->len; i++) {
        Value v = from->items[i];
        bool fits, before = true, good = v.kind == VALUE_LIST;

        for (size_t k = 0; good && k < v.list.len; k++) {
            good = filter(w, node, v.list.items[k], &fits, &before);
            if (good && fits && !add(w, out, v.list.items[k]))
                return false;
        }
        if (!good && before)
            *out = *from;
        if (!good)
            return false;
    }
    return true;
}

static bool walk_word(Walk *w, const Found *from, const JsonPathNode *node, Found *out)
{
    if (str_is(node->text, "range")) {
        w->to_begin++;
        *out = *from;
        return true;
    }
    if (str_is(node->text, "end")) {
        w->to_end += w->inside > 0;
        return w->inside > 0;
    }
    *out = *from;
    return false;
}

static bool walk_all(Walk *w, const Found *from, Found *out)
{
    for (size_t i = 0; i < from->len; i++)
        if (!add_items(w, out, from->items[i]))
            return false;
    return true;
}

/* A text is there once, whatever is found; a number as often as what it stands behind. */
static bool walk_value(Walk *w, const Found *from, Value v, Found *out)
{
    size_t times = v.kind == VALUE_STRING ? 1 : from->len;

    for (size_t i = 0; i < times; i++)
        if (!add(w, out, v))
            return false;
    return true;
}

static bool walk(Walk *w, const Found *from, const JsonPathNode *node, Found *out)
{
    switch (node->kind) {
    case JSONPATH_LIST:
        return walk_list(w, from, node, out);
    case JSONPATH_VALUE:
        return walk_value(w, from, node->value, out);
    case JSONPATH_FIELD:
        return walk_field(w, from, node, out);
    case JSONPATH_WORD:
        return walk_word(w, from, node, out);
    case JSONPATH_SLICE:
        return walk_slice(w, from, node, out);
    case JSONPATH_FILTER:
        return walk_filter(w, from, node, out);
    case JSONPATH_ALL:
        return walk_all(w, from, out);
    case JSONPATH_DEEP:
        return walk_deep(w, from, out);
    case JSONPATH_UNION:
        return walk_union(w, from, node, out);
    }
    return false;
}

static bool run(Walk *w, size_t start, Value v, bool prints);

/* The nodes behind a range, once for each value; for none once, so that its end is found. */
static bool run_range(Walk *w, size_t start, const Found *found, bool prints)
{
    bool good = true;

    w->to_begin--;
    w->inside++;
    for (size_t i = 0; i < found->len && good; i++)
        good = run(w, start, value_is_null(found->items[i]) ? value_missing() : found->items[i],
                   prints);
    if (!found->len)
        good = run(w, start, value_missing(), false);
    w->inside--;
    return good;
}

/* The template's nodes from START on. */
static bool run(Walk *w, size_t start, Value v, bool prints)
{
    Found from = {0};

    *vec_add(w->arena, &from) = v;
    for (size_t i = start; i < w->nodes->len; i++) {
        Found found = {0};

        if (!walk(w, &from, w->nodes->items[i], &found))
            return false;
        if (w->to_end > 0 && w->to_end <= w->inside) {
            w->to_end--;
            w->last_end = i;
            break;
        }
        if (w->to_begin > 0) {
            if (!run_range(w, i + 1, &found, prints))
                return false;
            if (w->last_end != SIZE_MAX && w->last_end > i)
                i = w->last_end;
        } else if (prints) {
            *vec_add(w->arena, &w->printed) = found;
        }
    }
    return true;
}

static Error *print(Buf *b, Value v)
{
    switch (v.kind) {
    case VALUE_NULL:
        buf_add_c(b, v.type == TYPE_MISSING ? "<no value>" : "null");
        return NULL;
    case VALUE_FLOAT:
        number_add_float(b, v.real, 'g', -1);
        return NULL;
    case VALUE_STRING:
        buf_add(b, v.string);
        return NULL;
    default:
        return json_write(b, v, (JsonStyle){.escapes_html = true});
    }
}

Error *jsonpath_print(Buf *b, const JsonPathNode *root, Value values)
{
    Walk w = {.arena = b->arena, .nodes = &root->nodes, .last_end = SIZE_MAX};

    bool good = run(&w, 0, values, true);
    if (w.found > MOST_FOUND)
        return error_new(ERROR_INPUT, "more than %d values are found", MOST_FOUND);
    for (size_t i = 0; good && i < w.printed.len; i++)
        for (size_t k = 0; k < w.printed.items[i].len; k++) {
            buf_add_c(b, k ? " " : "");
            TRY(print(b, w.printed.items[i].items[k]));
        }
    return NULL;
}
