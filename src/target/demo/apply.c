#include "target/demo/apply.h"

#include "base/field.h"
#include "io/log.h"
#include "target/conflicts.h"
#include "target/demo/defaults.h"
#include "target/demo/encode.h"
#include "target/demo/managers.h"
#include "target/demo/removal.h"
#include "target/demo/stamp.h"
#include "target/demo/strategy.h"
#include "target/demo/validate.h"

#include <string.h>

enum { MOST_TRIES = 5 }; /* of what is left out, others may own more */

/* One apply on its way. */
typedef struct Apply {
    Cluster *cluster;
    Arena *arena;
    const TargetApply *how;
    const Kind *kind;
    Shape *shape;
    Str api_version; /* as it was applied */
    Str namespace, name;
    Value config;
    bool is_new;
    bool force;     /* fields are taken from others */
    Value stored;   /* the object as it is; missing: there is none */
    Managed object; /* what becomes of it */
} Apply;

/* What is applied must say what it is, and nothing that is the server's. */
static Error *read_config(Apply *p, Value object)
{
    Str kind;

    TRY(object_plain(p->arena, object, &p->config));
    p->api_version = field_string(&p->config, "apiVersion");
    kind = field_string(&p->config, "kind");
    if (!p->api_version.len || !kind.len)
        return error_new(ERROR_INPUT, "Object '%s' is missing in the object",
                         kind.len ? "apiVersion" : "Kind");
    TRY(kinds_find(p->cluster->kinds, p->api_version, kind, &p->kind));
    p->shape = kinds_shape(p->cluster->kinds, p->kind);
    if (field_at(&p->config, "metadata.managedFields"))
        return error_new(ERROR_INPUT, "metadata.managedFields must be nil");
    p->name = field_string(&p->config, "metadata.name");
    if (!p->name.len)
        return error_new(ERROR_INPUT, "name is required");
    return NULL;
}

static void place_config(Apply *p)
{
    Str namespace = field_string(&p->config, "metadata.namespace");

    if (!(p->kind->flags & KIND_NAMESPACED)) {
        field_remove(&p->config, "metadata.namespace");
        return;
    }
    p->namespace = namespace.len ? namespace : STR("default");
    field_set(p->arena, &p->config, "metadata.namespace", value_string(p->namespace));
}

static Error *check_config(const Apply *p)
{
    Str intro =
        str_format(p->arena, "failed to create typed patch object (%.*s/%.*s; %s%.*s, Kind=%s)",
                   STR_ARG(p->namespace), STR_ARG(p->name),
                   str_find_char(p->api_version, '/') == STR_NONE ? "/" : "",
                   STR_ARG(p->api_version), p->kind->kind);

    return typed_check(p->arena, p->shape, p->config, false, intro.ptr);
}

static Error *already_exists(const Apply *p)
{
    return error_new(ERROR_CONFLICT, "%.*s \"%.*s\" already exists",
                     STR_ARG(kind_resource(p->arena, p->kind)), STR_ARG(p->name));
}

static Error *check_version(const Apply *p)
{
    Str version = field_string(&p->config, "metadata.resourceVersion");
    Str uid = field_string(&p->config, "metadata.uid");

    if (uid.len && (p->is_new || !str_equal(uid, field_string(&p->stored, "metadata.uid"))))
        return error_new(ERROR_CONFLICT,
                         "Operation cannot be fulfilled on %.*s \"%.*s\": uid mismatch: the "
                         "provided object specified uid %.*s, and %s",
                         STR_ARG(kind_resource(p->arena, p->kind)), STR_ARG(p->name), STR_ARG(uid),
                         p->is_new ? "no existing object was found"
                                   : "the existing object has another");
    if (version.len && !p->is_new &&
        !str_equal(version, field_string(&p->stored, "metadata.resourceVersion")))
        return error_new(ERROR_CONFLICT,
                         "Operation cannot be fulfilled on %.*s \"%.*s\": the object has been "
                         "modified; please apply your changes to the latest version and try again",
                         STR_ARG(kind_resource(p->arena, p->kind)), STR_ARG(p->name));
    return NULL;
}

static Error *read_stored(Apply *p)
{
    Error *err = cluster_get(p->cluster, p->arena, p->kind, p->namespace, p->name, &p->stored);

    p->is_new = err && error_kind_of(err) == ERROR_NOT_FOUND;
    if (!p->is_new)
        TRY(err);
    error_free(err);
    if (p->is_new)
        p->stored = value_missing();
    else if (p->how->create_only)
        return already_exists(p);
    return check_version(p);
}

/* What a new object is applied to: its name, and nothing else. */
static Value blank(const Apply *p)
{
    Value metadata =
        map_of(p->arena, {"name", value_string(p->name)},
               {"namespace", p->namespace.len ? value_string(p->namespace) : value_missing()});

    return map_of(p->arena, {"apiVersion", value_string(p->api_version)},
                  {"kind", value_c(p->kind->kind)}, {"metadata", metadata});
}

/* Where nobody is known to own anything, all that is there was there before the first apply. */
static void own_before_first(Apply *p)
{
    Managed before = p->object;

    before.object = value_of_map(value_map_new(p->arena));
    managers_update(p->arena, &before, p->object.object,
                    &(Manager){.name = STR("before-first-apply"), .api_version = p->api_version});
    p->object.managers = before.managers;
}

static Error *merge_once(Apply *p)
{
    p->object = (Managed){
        .shape = p->shape,
        .object = p->is_new ? blank(p) : value_thaw(p->arena, p->stored),
        .ignored = p->kind->flags & KIND_STATUS ? managers_status(p->arena) : NULL,
        .now = stamp_text(p->arena, p->cluster->now_ms),
    };
    p->object.managers = managers_take(p->arena, &p->object.object);
    if (!p->is_new && !p->object.managers.len)
        own_before_first(p);
    field_set(p->arena, &p->object.object, "apiVersion", value_string(p->api_version));
    return managers_apply(p->arena, &p->object, p->config, str_from(p->how->manager),
                          p->api_version, p->force);
}

/* After CONFLICT: whether the rest, without what others keep, can be applied. */
static bool leaves_out(Apply *p, const Error *conflict)
{
    Str fields;

    if (error_kind_of(conflict) != ERROR_CONFLICT ||
        !conflicts_leave_out(p->arena, &p->object.conflicts, p->how, &p->config, &fields))
        return false;
    if (!p->how->dry_run)
        log_info("%s/%.*s: left as others have it: %.*s", p->kind->kind, STR_ARG(p->name),
                 STR_ARG(fields));
    return true;
}

static Error *with_hint(const Apply *p, Error *err)
{
    if (!err || error_kind_of(err) != ERROR_CONFLICT || !p->object.conflicts.len)
        return err;
    return error_hint(err, "leave these fields out of the chart, take them with "
                           "forceConflicts: true, or leave them alone with conflicts: keep");
}

/* Patches know no conflicts: what others have changed is put right, but for an autoscaler's. */
static Error *merge(Apply *p)
{
    p->force = p->how->force || p->how->updates;
    if (p->how->updates && !p->how->force && !p->is_new)
        p->config = autoscaled(p->arena, p->config, &p->stored);
    Error *err = merge_once(p);

    for (int try = 1; err && try < MOST_TRIES && leaves_out(p, err); try++) {
        error_free(err);
        err = merge_once(p);
    }
    return with_hint(p, err);
}

/* The stored object without who owns what. */
static Value without_managers(Arena *a, Value object)
{
    Value copy = value_thaw(a, object);

    field_remove(&copy, "metadata.managedFields");
    return copy;
}

static Error *complete(Apply *p)
{
    Value object, old;

    TRY(object_encode(p->arena, p->shape, p->object.object, &object));
    object_default(p->arena, p->shape, &object);
    if (p->is_new) {
        TRY(strategy_create(p->cluster, p->arena, p->kind, &object));
        TRY(object_validate(p->cluster, p->arena, p->kind, NULL, &object));
    } else {
        old = without_managers(p->arena, p->stored);
        TRY(strategy_update(p->cluster, p->arena, p->kind, &old, &object));
        TRY(object_validate(p->cluster, p->arena, p->kind, &old, &object));
    }
    managers_put(p->arena, &p->object.managers, &object);
    p->object.object = object;
    return NULL;
}

/* Without the times at which fields were set: nobody cares if nothing else changed. */
static Value without_times(Arena *a, Value object)
{
    Value copy = value_thaw(a, object);
    ValueList entries = field_list(&copy, "metadata.managedFields");

    for (size_t i = 0; i < entries.len; i++)
        field_remove(&entries.items[i], "time");
    return copy;
}

static bool is_unchanged(const Apply *p)
{
    return !p->is_new && value_equal(without_times(p->arena, p->stored),
                                     without_times(p->arena, p->object.object));
}

static Error *store(Apply *p)
{
    bool leaves = field_string(&p->object.object, "metadata.deletionTimestamp").len &&
                  !field_list(&p->object.object, "metadata.finalizers").len;
    Entry *entry;

    TRY(cluster_put(p->cluster, p->arena, p->kind, p->object.object));
    if (!leaves || p->is_new)
        return NULL;
    // the last finalizer was taken away: nothing holds it any more
    TRY(store_find(p->cluster->store, p->kind, p->namespace, p->name, &entry));
    return cluster_drop(p->cluster, entry);
}

Error *object_apply(Cluster *c, Arena *a, Value object, const TargetApply *how, Value *out)
{
    Apply p = {.cluster = c, .arena = a, .how = how};
    uint64_t revision = c->revision;

    TRY(read_config(&p, object));
    place_config(&p);
    TRY(check_config(&p));
    TRY(read_stored(&p));
    TRY(merge(&p));
    TRY(complete(&p));
    if (is_unchanged(&p)) {
        *out = p.stored;
        return NULL;
    }
    if (!how->dry_run)
        TRY(store(&p));
    else
        c->revision = revision; // nothing was given away
    *out = p.object.object;
    return NULL;
}

Error *object_create(Cluster *c, Arena *a, const Kind *kind, Value *object)
{
    Shape *shape = kinds_shape(c->kinds, kind);
    Value encoded;

    TRY(object_encode(a, shape, *object, &encoded));
    object_default(a, shape, &encoded);
    TRY(strategy_create(c, a, kind, &encoded));
    if (kind_is(kind, "", "Pod")) // all else is what the controller made of what was checked
        TRY(object_validate(c, a, kind, NULL, &encoded));
    TRY(cluster_put(c, a, kind, encoded));
    *object = encoded;
    return NULL;
}

static void record_change(Cluster *c, Arena *a, const Kind *kind, Value old, Value *new,
                          const Manager *manager)
{
    bool is_status = str_is(manager->subresource, "status");
    Managed managed = {
        .shape = kinds_shape(c->kinds, kind),
        .object = old,
        .ignored = is_status ? NULL : managers_status(a),
        .now = stamp_text(a, c->now_ms),
    };

    managed.managers = managers_take(a, &managed.object);
    field_remove(new, "metadata.managedFields");
    managers_update(a, &managed, *new, manager);
    managers_put(a, &managed.managers, new);
}

Error *object_change(Cluster *c, Arena *a, const Kind *kind, Value old, Value new,
                     const char *manager, const char *subresource)
{
    Manager who = {.name = str_from(manager),
                   .subresource = str_from(subresource),
                   .api_version = field_string(&old, "apiVersion")};

    if (value_equal(old, new))
        return NULL;
    // what nobody applied belongs to controllers anyway
    if (field_list(&old, "metadata.managedFields").len)
        record_change(c, a, kind, value_thaw(a, old), &new, &who);
    if (!str_is(who.subresource, "status"))
        TRY(strategy_update(c, a, kind, &old, &new));
    return cluster_put(c, a, kind, new);
}
