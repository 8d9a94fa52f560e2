/*
 * field_path.c - "spec/template/metadata/labels": the places in an object that a path means.
 * Source: kustomize, api/filters/fieldspec/fieldspec.go.
 */
#include "patch/objects.h"

/* One way through an object. */
typedef struct Way {
    Arena *arena;
    const FieldPath *path;
    const StrList *parts;
    Value made;
    FieldChange *change;
    void *context;
} Way;

/* The parts of PATH, in which "\/" is a slash of a part's. */
static void split(Arena *a, Str path, StrList *out)
{
    Buf b = {.arena = a};

    for (size_t i = 0; i <= path.len; i++) {
        if (i == path.len || path.ptr[i] == '/') {
            Str part = str_copy(a, buf_str(&b));

            if (i || part.len)
                *vec_add(a, out) = part;
            b.len = 0;
        } else {
            bool escape = path.ptr[i] == '\\' && i + 1 < path.len && path.ptr[i + 1] == '/';

            i += escape;
            buf_add_char(&b, path.ptr[i]);
        }
    }
}

static Error *go(const Way *w, size_t at, Value *v);

static Error *go_list(const Way *w, size_t at, Value *v)
{
    for (size_t i = 0; i < v->list.len; i++)
        TRY(go(w, at, &v->list.items[i]));
    return NULL;
}

static Error *go_map(const Way *w, size_t at, Value *v)
{
    Str name = w->parts->items[at];
    bool is_list = str_ends(name, STR("[]")), is_last = at + 1 == w->parts->len;

    if (is_list)
        name.len -= 2;
    Value *next = (Value *)(uintptr_t)value_map_get(v->map, name);
    if (w->path->creates && !is_list && (!next || next->kind == VALUE_NULL)) {
        Value made = is_last ? w->made : value_of_map(NULL);

        if (made.kind == VALUE_MAP)
            made = value_of_map(value_map_new(w->arena));
        value_map_set(w->arena, v->map, name, made);
        next = (Value *)(uintptr_t)value_map_get(v->map, name);
    }
    return next ? go(w, at + 1, next) : NULL;
}

static Error *go(const Way *w, size_t at, Value *v)
{
    if (at == w->parts->len)
        return w->change(w->context, w->arena, v);
    switch ((ValueKind)v->kind) {
    case VALUE_NULL:
        return NULL;
    case VALUE_LIST:
        return go_list(w, at, v);
    case VALUE_MAP:
        return go_map(w, at, v);
    default:
        return error_new(ERROR_INPUT, "field \"%.*s\": a %s is on the way to it",
                         STR_ARG(w->path->path), value_kind_name((ValueKind)v->kind));
    }
}

static bool fits(Str pattern, Str text)
{
    return !pattern.len || str_equal(pattern, text);
}

Error *field_path_change(Arena *a, const FieldPath *path, Value *object, Value made,
                         FieldChange *change, void *context)
{
    PatchId id = patch_id(*object);
    StrList parts = {0};
    Way w = {a, path, &parts, made, change, context};

    if (!fits(path->kind, id.kind) || !fits(path->group, id.group) ||
        !fits(path->version, id.version))
        return NULL;
    split(a, path->path, &parts);
    return error_wrap(go(&w, 0, object), "%.*s \"%.*s\"", STR_ARG(id.kind), STR_ARG(id.name));
}
