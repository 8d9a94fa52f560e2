/*
 * operations.c - JSON patches: add, remove, replace, move, copy and test.
 * Source: RFC 6902, as gopkg.in/evanphx/json-patch.v4 has it, which is what kustomize uses: an
 * index may be negative, and what is replaced in a map need not be there.
 */
#include "patch/objects.h"

#include "base/number.h"

enum { MOST_NODES = 1000000, DEEPEST = 1000 };

/* Where a pointer leads: the last part's name, in a map or list. */
typedef struct Location {
    Value *parent;
    Str key;
} Location;

/* "~1" is a slash, "~0" a tilde. */
static Str unescape(Arena *a, Str part)
{
    Buf b = {.arena = a};

    for (size_t i = 0; i < part.len; i++) {
        bool escape = part.ptr[i] == '~' && i + 1 < part.len &&
                      (part.ptr[i + 1] == '0' || part.ptr[i + 1] == '1');

        buf_add_char(&b, escape ? (part.ptr[i + 1] == '1' ? '/' : '~') : part.ptr[i]);
        i += escape;
    }
    return buf_str(&b);
}

/* The index that KEY names in a list of LEN items. */
static Error *index_in(Str key, size_t len, size_t *out)
{
    int64_t n;

    if (number_parse_int(key, 10, &n) != NUMBER_OK)
        return error_new(ERROR_INPUT, "\"%.*s\" is no index of a list", STR_ARG(key));
    if (n < 0)
        n += (int64_t)len;
    if (n < 0 || n >= (int64_t)len)
        return error_new(ERROR_INPUT, "the list has no item %.*s", STR_ARG(key));
    *out = (size_t)n;
    return NULL;
}

/* What KEY leads to in V; NULL where there is nothing. */
static Error *step_into(Value *v, Str key, Value **out)
{
    size_t at;

    *out = NULL;
    if (v->kind == VALUE_MAP) {
        *out = (Value *)(uintptr_t)value_map_get(v->map, key);
    } else if (v->kind == VALUE_LIST) {
        TRY(index_in(key, v->list.len, &at));
        *out = &v->list.items[at];
    }
    return NULL;
}

static Error *locate(Arena *a, Value *root, Str pointer, Location *out)
{
    Str rest = pointer, part;
    bool more;

    if (!str_cut(&rest, '/', &part) || part.len)
        return error_new(ERROR_INPUT, "a path begins with a slash: \"%.*s\"", STR_ARG(pointer));
    out->parent = root;
    more = str_cut(&rest, '/', &part);
    while (more) {
        Value *next;

        TRY(step_into(out->parent, unescape(a, part), &next));
        if (!next || (next->kind != VALUE_MAP && next->kind != VALUE_LIST))
            return error_new(ERROR_INPUT, "\"%.*s\" is not there: nothing at \"%.*s\"",
                             STR_ARG(pointer), STR_ARG(part));
        out->parent = next;
        more = str_cut(&rest, '/', &part);
    }
    out->key = unescape(a, part);
    return NULL;
}

static Error *get(const Location *l, Value *out)
{
    Value *found;

    TRY(step_into(l->parent, l->key, &found));
    *out = found ? *found : value_missing();
    return NULL;
}

static Error *insert(Arena *a, Value *list, Str key, Value v)
{
    size_t at = list->list.len, len = list->list.len + 1;
    Value *items = arena_array(a, Value, len);

    if (!str_is(key, "-"))
        TRY(index_in(key, len, &at));
    for (size_t i = 0; i < len; i++)
        items[i] = i == at ? v : list->list.items[i - (i > at)];
    *list = value_list(items, len);
    return NULL;
}

static Error *add(Arena *a, const Location *l, Value v)
{
    if (l->parent->kind == VALUE_LIST)
        return insert(a, l->parent, l->key, v);
    value_map_set(a, l->parent->map, l->key, v);
    return NULL;
}

static Error *take_away(const Location *l)
{
    size_t at;

    if (l->parent->kind == VALUE_MAP)
        return value_map_remove(l->parent->map, l->key)
                   ? NULL
                   : error_new(ERROR_INPUT, "there is no \"%.*s\" to remove", STR_ARG(l->key));
    TRY(index_in(l->key, l->parent->list.len, &at));
    for (size_t i = at + 1; i < l->parent->list.len; i++)
        l->parent->list.items[i - 1] = l->parent->list.items[i];
    l->parent->list.len--;
    return NULL;
}

static Error *replace(Arena *a, const Location *l, Value v)
{
    size_t at;

    if (l->parent->kind == VALUE_MAP)
        return add(a, l, v);
    TRY(index_in(l->key, l->parent->list.len, &at));
    l->parent->list.items[at] = v;
    return NULL;
}

static Error *test(const Location *l, Value wanted)
{
    Value v;

    TRY(get(l, &v));
    if ((v.kind == VALUE_NULL && wanted.kind == VALUE_NULL) || value_alike(v, wanted))
        return NULL;
    return error_new(ERROR_INPUT, "the value is another one");
}

/* One operation, taken apart. */
typedef struct Operation {
    Str op, path, from;
    Value value;
} Operation;

static Error *read_operation(Value v, Operation *out)
{
    const Value *value;

    if (v.kind != VALUE_MAP)
        return error_new(ERROR_INPUT, "an operation is a map with op and path");
    value = value_map_get_c(v.map, "value");
    *out = (Operation){
        .op = value_map_string(v.map, "op"),
        .path = value_map_string(v.map, "path"),
        .from = value_map_string(v.map, "from"),
        .value = value ? *value : value_null(),
    };
    if (!out->op.len)
        return error_hint(error_new(ERROR_INPUT, "an operation has no op"),
                          "op is add, remove, replace, move, copy or test");
    if (!value_map_get_c(v.map, "path"))
        return error_new(ERROR_INPUT, "%.*s has no path", STR_ARG(out->op));
    return NULL;
}

/* What is at "from": for a move it goes. */
static Error *fetch(Arena *a, const Operation *o, Value *root, Value *out)
{
    size_t nodes = MOST_NODES;
    Location from;

    TRY(locate(a, root, o->from, &from));
    TRY(get(&from, out));
    if (str_is(o->op, "move"))
        return take_away(&from);
    if (value_type_of(*out) == TYPE_MISSING)
        *out = value_null(); // what is not there is copied as a null
    if (!value_within(*out, DEEPEST, &nodes))
        return error_new(ERROR_INPUT, "what is copied is too large");
    *out = value_thaw(a, *out);
    return NULL;
}

static Error *change(Arena *a, const Operation *o, Value *root)
{
    Value v = value_thaw(a, o->value);
    Location l;

    if (!o->path.len && (str_is(o->op, "replace") || str_is(o->op, "test"))) {
        if (str_is(o->op, "test"))
            return value_alike(*root, v) ? NULL
                                         : error_new(ERROR_INPUT, "the value is another one");
        if (v.kind != VALUE_MAP)
            return error_new(ERROR_INPUT, "an object can only become a map");
        *root = v;
        return NULL;
    }
    if (str_is(o->op, "move") || str_is(o->op, "copy"))
        TRY(fetch(a, o, root, &v));
    TRY(locate(a, root, o->path, &l));
    if (str_is(o->op, "add") || str_is(o->op, "move") || str_is(o->op, "copy"))
        return add(a, &l, v);
    if (str_is(o->op, "remove"))
        return take_away(&l);
    if (str_is(o->op, "replace"))
        return replace(a, &l, v);
    if (str_is(o->op, "test"))
        return test(&l, v);
    return error_hint(error_new(ERROR_INPUT, "unknown operation"),
                      "op is add, remove, replace, move, copy or test");
}

Error *patch_operations(Arena *a, Value operations, Value *object)
{
    size_t budget = (size_t)MOST_NODES * 4;

    if (operations.kind != VALUE_LIST)
        return error_new(ERROR_INPUT, "a JSON patch is a list of operations");
    for (size_t i = 0; i < operations.list.len; i++) {
        Operation o = {0};

        TRY(read_operation(operations.list.items[i], &o));
        TRY(error_wrap(change(a, &o, object), "%.*s \"%.*s\"", STR_ARG(o.op), STR_ARG(o.path)));
        // copies of copies would double the object each time
        if (str_is(o.op, "copy") && !value_within(*object, DEEPEST, &budget))
            return error_new(ERROR_INPUT, "the patch makes the object too large");
    }
    return NULL;
}
