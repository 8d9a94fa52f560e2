#include "target/demo/managers.h"

#include "base/field.h"

#include <stdlib.h>

static Manager read_manager(Arena *a, const Value *entry)
{
    const Value *fields = field_at(entry, "fieldsV1");

    return (Manager){
        .name = field_string(entry, "manager"),
        .applies = str_is(field_string(entry, "operation"), "Apply"),
        .api_version = field_string(entry, "apiVersion"),
        .subresource = field_string(entry, "subresource"),
        .time = field_string(entry, "time"),
        .fields = path_set_read(a, fields ? *fields : value_null()),
    };
}

ManagerList managers_take(Arena *a, Value *object)
{
    ValueList entries = field_list(object, "metadata.managedFields");
    ManagerList managers = {0};

    for (size_t i = 0; i < entries.len; i++)
        *vec_add(a, &managers) = read_manager(a, &entries.items[i]);
    field_remove(object, "metadata.managedFields");
    return managers;
}

static Value write_manager(Arena *a, const Manager *m)
{
    return map_of(
        a, {"manager", value_string(m->name)},
        {"operation", value_c(m->applies ? "Apply" : "Update")},
        {"apiVersion", value_string(m->api_version)}, {"fieldsType", value_c("FieldsV1")},
        {"fieldsV1", path_set_value(a, m->fields)},
        {"time", m->time.len ? value_string(m->time) : value_missing()},
        {"subresource", m->subresource.len ? value_string(m->subresource) : value_missing()});
}

/* Source: sortEncodedManagedFields. */
static int compare_managers(const void *left, const void *right)
{
    const Manager *a = left, *b = right;
    int order = b->applies - a->applies;

    order = order ? order : str_compare(a->time, b->time);
    order = order ? order : str_compare(a->name, b->name);
    order = order ? order : str_compare(a->api_version, b->api_version);
    return order ? order : str_compare(a->subresource, b->subresource);
}

void managers_put(Arena *a, const ManagerList *managers, Value *object)
{
    Value *entries = arena_array(a, Value, managers->len);

    if (!managers->len)
        return;
    qsort(managers->items, managers->len, sizeof(*managers->items), compare_managers);
    for (size_t i = 0; i < managers->len; i++)
        entries[i] = write_manager(a, &managers->items[i]);
    field_set(a, object, "metadata.managedFields", value_list(entries, managers->len));
}

static Manager *find_manager(const ManagerList *managers, const Manager *like)
{
    for (size_t i = 0; i < managers->len; i++) {
        Manager *m = &managers->items[i];

        if (str_equal(m->name, like->name) && m->applies == like->applies &&
            str_equal(m->subresource, like->subresource) &&
            (m->applies || str_equal(m->api_version, like->api_version)))
            return m;
    }
    return NULL;
}

/* "NAME with subresource S using V at T" */
static void add_title(Buf *b, const Manager *m)
{
    buf_format(b, "\"%.*s\"", STR_ARG(m->name));
    if (m->subresource.len)
        buf_format(b, " with subresource \"%.*s\"", STR_ARG(m->subresource));
    if (m->applies)
        return;
    buf_format(b, " using %.*s", STR_ARG(m->api_version));
    if (m->time.len)
        buf_format(b, " at %.*s", STR_ARG(m->time));
}

typedef struct Conflict {
    const Manager *manager;
    StrList paths;
} Conflict;

typedef VEC(Conflict) ConflictList;

static Error *conflict_error(Arena *a, const ConflictList *conflicts)
{
    Buf b = {.arena = a};
    size_t count = 0;

    for (size_t i = 0; i < conflicts->len; i++)
        count += conflicts->items[i].paths.len;
    for (size_t i = 0; i < conflicts->len; i++) {
        const Conflict *conflict = &conflicts->items[i];

        buf_format(&b, "%sconflict%s with ", i ? "; " : "", conflict->paths.len > 1 ? "s" : "");
        add_title(&b, conflict->manager);
        buf_add_c(&b, ": ");
        for (size_t j = 0; j < conflict->paths.len; j++)
            buf_format(&b, "%s%.*s", j ? ", " : "", STR_ARG(conflict->paths.items[j]));
    }
    return error_new(ERROR_CONFLICT, "Apply failed with %zu conflict%s: %.*s", count,
                     count == 1 ? "" : "s", STR_ARG(buf_str(&b)));
}

/* The same, field by field. */
static void note_conflicts(Arena *a, const ConflictList *conflicts, FieldConflictList *out)
{
    for (size_t i = 0; i < conflicts->len; i++) {
        const Conflict *conflict = &conflicts->items[i];

        for (size_t j = 0; j < conflict->paths.len; j++)
            *vec_add(a, out) = (FieldConflict){conflict->paths.items[j], conflict->manager->name};
    }
}

static void drop_empty(ManagerList *managers)
{
    size_t len = 0;

    for (size_t i = 0; i < managers->len; i++)
        if (!path_set_is_empty(managers->items[i].fields))
            managers->items[len++] = managers->items[i];
    managers->len = len;
}

/* The others in M lose what ACTING changed; what they own and it changed are conflicts. */
static Error *take_from_others(Arena *a, Managed *m, const Comparison *changes,
                               const Manager *acting, bool force)
{
    const PathSet *set = path_set_union(a, changes->modified, changes->added);
    ConflictList conflicts = {0};

    for (size_t i = 0; i < m->managers.len; i++) {
        const Manager *other = &m->managers.items[i];
        const PathSet *both = other == acting ? NULL : path_set_both(a, other->fields, set);

        if (path_set_is_empty(both))
            continue;
        Conflict *conflict = vec_add(a, &conflicts);
        conflict->manager = other;
        path_set_list(a, both, &conflict->paths);
    }
    if (conflicts.len && !force) {
        note_conflicts(a, &conflicts, &m->conflicts);
        return conflict_error(a, &conflicts);
    }
    set = path_set_union(a, set, changes->removed);
    for (size_t i = 0; i < m->managers.len; i++) {
        Manager *other = &m->managers.items[i];

        if (other != acting)
            other->fields = path_set_without(a, other->fields, set);
    }
    return NULL;
}

/*
 * MERGED without what was applied last time (LAST) and is not now, unless someone else owns it.
 * Source: merge/update.go, prune, addBackOwnedItems and addBackDanglingItems.
 */
static Value prune(Arena *a, const Managed *m, Value merged, const PathSet *last)
{
    const PathSet *owned = NULL, *all, *left;
    Value pruned;

    if (path_set_is_empty(last))
        return merged;
    last = path_set_with_fields(a, last, m->shape);
    pruned = typed_without(a, m->shape, merged, last);
    for (size_t i = 0; i < m->managers.len; i++)
        owned = path_set_union(a, owned, m->managers.items[i].fields);
    owned = path_set_with_fields(a, owned, m->shape);
    all = path_set_with_fields(a, typed_paths(a, m->shape, merged), m->shape);
    left = path_set_with_fields(a, typed_paths(a, m->shape, pruned), m->shape);
    pruned = typed_without(a, m->shape, merged,
                           path_set_without(a, all, path_set_union(a, left, owned)));
    left = path_set_with_fields(a, typed_paths(a, m->shape, pruned), m->shape);
    return typed_without(a, m->shape, merged,
                         path_set_both(a, path_set_without(a, all, left), last));
}

static Comparison without_ignored(Arena *a, Comparison c, const PathSet *ignored)
{
    return (Comparison){
        .added = path_set_without_trees(a, c.added, ignored),
        .modified = path_set_without_trees(a, c.modified, ignored),
        .removed = path_set_without_trees(a, c.removed, ignored),
    };
}

static const PathSet *set_of(Arena *a, const char *const *elements, size_t len)
{
    PathSet *set = arena_new(a, PathSet);

    for (size_t i = 0; i < len; i++)
        path_set_add(a, set, (PathNode){str_from(elements[i]), true, NULL});
    path_set_sort(a, set);
    return set;
}

/* FIELDS without what tells an object from others: that belongs to nobody. Source: stripMeta. */
static const PathSet *without_identity(Arena *a, const PathSet *fields)
{
    static const char *const metadata[] = {
        "f:clusterName", "f:creationTimestamp", "f:generation", "f:managedFields", "f:name",
        "f:namespace",   "f:resourceVersion",   "f:selfLink",   "f:uid",
    };
    PathSet *set = arena_new(a, PathSet);

    path_set_add(a, set, (PathNode){STR("f:apiVersion"), true, NULL});
    path_set_add(a, set, (PathNode){STR("f:kind"), true, NULL});
    path_set_add(a, set, (PathNode){STR("f:metadata"), true, set_of(a, metadata, COUNT(metadata))});
    return path_set_without(a, fields, set);
}

static ManagerList copy_managers(Arena *a, const ManagerList *managers)
{
    ManagerList copy = {0};

    for (size_t i = 0; i < managers->len; i++)
        *vec_add(a, &copy) = managers->items[i];
    return copy;
}

Error *managers_apply(Arena *a, Managed *m, Value config, Str name, Str api_version, bool force)
{
    Managed after = *m;
    Manager like = {.name = name, .applies = true, .api_version = api_version};
    Manager *acting;
    const PathSet *last;
    Comparison changes;
    Value merged = typed_merge(a, m->shape, &m->object, &config);

    after.managers = copy_managers(a, &m->managers);
    acting = find_manager(&after.managers, &like);
    if (!acting) {
        acting = vec_add(a, &after.managers);
        *acting = like;
    }
    last = acting->fields;
    acting->api_version = api_version;
    acting->fields = path_set_without_trees(a, typed_paths(a, m->shape, config), m->ignored);
    after.object = prune(a, &after, merged, last);
    changes = without_ignored(a, typed_compare(a, m->shape, &m->object, &after.object), m->ignored);
    Error *err = take_from_others(a, &after, &changes, acting, force);
    if (err) {
        m->conflicts = after.conflicts;
        return err;
    }
    if (!value_equal(m->object, after.object))
        acting->time = m->now;
    acting->fields = without_identity(a, acting->fields);
    drop_empty(&after.managers);
    *m = after;
    return NULL;
}

void managers_update(Arena *a, Managed *m, Value new, const Manager *manager)
{
    Comparison changes =
        without_ignored(a, typed_compare(a, m->shape, &m->object, &new), m->ignored);
    Manager *acting = find_manager(&m->managers, manager);
    const PathSet *fields;

    m->object = new;
    if (path_set_is_empty(changes.added) && path_set_is_empty(changes.modified) &&
        path_set_is_empty(changes.removed))
        return;
    if (!acting) {
        acting = vec_add(a, &m->managers);
        *acting = *manager;
    }
    fields = path_set_without(a, acting->fields, changes.removed);
    fields = path_set_union(a, fields, path_set_union(a, changes.modified, changes.added));
    acting->fields = without_identity(a, fields);
    acting->time = m->now;
    // whoever changes fields takes them: there are no conflicts
    error_free(take_from_others(a, m, &changes, acting, true));
    drop_empty(&m->managers);
}

const PathSet *managers_status(Arena *a)
{
    return set_of(a, (const char *const[]){"f:status"}, 1);
}
