/*
 * objects.c - manifests as the objects that go to a cluster.
 * Source: helm, pkg/action/validate.go, setMetadataVisitor, and pkg/kube.
 */
#include "pipeline/run.h"

#include "base/field.h"

static Error *not_an_object(const Manifest *m, const char *what)
{
    return error_at((Place){.file = m->source.ptr}, "a manifest has no %s", what);
}

/* The map at KEY of MAP, which can be changed, made if it is not there. */
static ValueMap *own_map(Arena *a, ValueMap *map, const char *key)
{
    const Value *old = value_map_get_c(map, key);
    ValueMap *own = value_map_shallow(a, old && old->kind == VALUE_MAP ? old->map : NULL);

    value_map_set_c(a, map, key, value_of_map(own));
    return own;
}

/* Marked as the release's, in the way that helm does. */
static void mark(Arena *a, const Release *release, ValueMap *metadata)
{
    ValueMap *labels = own_map(a, metadata, "labels");
    ValueMap *annotations = own_map(a, metadata, "annotations");

    value_map_set_c(a, labels, "app.kubernetes.io/managed-by", value_c("Helm"));
    value_map_set_c(a, annotations, "meta.helm.sh/release-name", value_string(release->name));
    value_map_set_c(a, annotations, "meta.helm.sh/release-namespace",
                    value_string(release_namespace(release)));
}

/* MARKS: as the release's. */
static Error *add_object(const Step *step, const Manifest *m, Value object, bool marks,
                         ReleaseObjectList *out)
{
    Arena *a = step->arena;
    ValueMap *map = value_map_shallow(a, object.map);
    ValueMap *metadata = own_map(a, map, "metadata");
    Str api_version = value_map_string(map, "apiVersion"), kind = value_map_string(map, "kind");
    bool namespaced;

    if (!api_version.len || !kind.len)
        return not_an_object(m, api_version.len ? "kind" : "apiVersion");
    if (!value_map_string(metadata, "name").len)
        return not_an_object(m, "metadata.name");
    Error *err = target_namespaced(step->target, api_version, kind, &namespaced);
    if (err && error_kind_of(err) == ERROR_NOT_FOUND) { // a kind that the release itself brings
        error_free(err);
        namespaced = true;
    } else {
        TRY(error_place_at(err, (Place){.file = m->source.ptr}));
    }
    if (namespaced && !value_map_string(metadata, "namespace").len)
        value_map_set_c(a, metadata, "namespace", value_string(release_namespace(step->release)));
    else if (!namespaced)
        value_map_remove(metadata, STR("namespace"));
    if (marks)
        mark(a, step->release, metadata);
    object = value_of_map(map);
    *vec_add(a, out) = (ReleaseObject){object_id(object, (Str){"", 0}), object, m};
    return NULL;
}

static bool is_list(const Manifest *m)
{
    return str_is(m->api_version, "v1") && str_is(m->kind, "List");
}

static Error *add_manifest(const Step *step, const Manifest *m, bool marks, ReleaseObjectList *out)
{
    const Value *items;

    if (m->object.kind != VALUE_MAP || !m->object.map || !m->object.map->len)
        return NULL; // nothing but comments
    if (!is_list(m))
        return add_object(step, m, m->object, marks, out);
    items = value_map_get_c(m->object.map, "items");
    for (size_t i = 0; items && items->kind == VALUE_LIST && i < items->list.len; i++) {
        if (items->list.items[i].kind != VALUE_MAP)
            return not_an_object(m, "map as an item of its list");
        TRY(add_object(step, m, items->list.items[i], marks, out));
    }
    return NULL;
}

Error *objects_make(const Step *step, const ManifestList *manifests, ReleaseObjectList *out)
{
    *out = (ReleaseObjectList){0};
    for (size_t i = 0; i < manifests->len; i++)
        TRY(add_manifest(step, &manifests->items[i], true, out));
    return NULL;
}

Error *objects_unmarked(const Step *step, const ManifestList *manifests, ReleaseObjectList *out)
{
    *out = (ReleaseObjectList){0};
    for (size_t i = 0; i < manifests->len; i++)
        TRY(add_manifest(step, &manifests->items[i], false, out));
    return NULL;
}

Error *objects_of_record(const Step *step, const Record *record, ReleaseObjectList *out)
{
    ManifestList *manifests = arena_new(step->arena, ManifestList); // the objects refer to them

    TRY(manifest_parse(step->arena, STR("the release's record"), record->manifest, manifests));
    return objects_make(step, manifests, out);
}

/* ERR of asking for an object, where *OUT is a null if there is none. */
static Error *or_null(Error *err, Value *out)
{
    if (!err || error_kind_of(err) != ERROR_NOT_FOUND)
        return err;
    error_free(err);
    *out = value_null();
    return NULL;
}

Error *object_read(const Step *step, Arena *a, const ObjectId *id, Value *out)
{
    return or_null(target_get(step->target, a, id, out), out);
}

Error *object_look(const Step *step, Arena *a, const ObjectId *id, Value *out)
{
    return or_null(target_look(step->target, a, id, out), out);
}

/* What stands in LIVE's metadata, in the map WHERE, at KEY. */
static Str mark_of(Value live, const char *where, const char *key)
{
    const Value *metadata = value_map_get_c(live.map, "metadata");
    const Value *map =
        metadata && metadata->kind == VALUE_MAP ? value_map_get_c(metadata->map, where) : NULL;

    return map && map->kind == VALUE_MAP ? value_map_string(map->map, key) : (Str){"", 0};
}

Error *object_check_owner(const Step *step, const ObjectId *id, Value live)
{
    const Release *release = step->release;

    if (live.kind != VALUE_MAP)
        return NULL;
    Str tool = mark_of(live, "labels", "app.kubernetes.io/managed-by");
    Str name = mark_of(live, "annotations", "meta.helm.sh/release-name");
    Str namespace = mark_of(live, "annotations", "meta.helm.sh/release-namespace");
    if (str_is(tool, "Helm") && str_equal(name, release->name) &&
        str_equal(namespace, release_namespace(release)))
        return NULL;
    Str title = object_title(step->arena, id);
    Error *err =
        name.len ? error_new(ERROR_CONFLICT, "%.*s is there already, and is of release %.*s/%.*s",
                             STR_ARG(title), STR_ARG(namespace), STR_ARG(name))
                 : error_new(ERROR_CONFLICT, "%.*s is there already, and is of no release",
                             STR_ARG(title));
    return error_hint(err, "takeOwnership: true makes it this release's");
}

void apply_conflicts(const Step *step, TargetApply *how)
{
    const SpecBehaviour *own = &step->release->spec.behaviour;
    const SpecBehaviour *defaults = &step->release->file->spec.defaults.behaviour;
    Str policy = release_text(&own->conflicts, &defaults->conflicts);

    how->force = str_is(policy, "take") ||
                 release_flag(own->force_conflicts, defaults->force_conflicts, false);
    how->keep = str_is(policy, "keep") && !how->force;
    how->replace = release_flag(own->force, defaults->force, false);
    how->lenient =
        release_flag(own->disable_openapi_validation, defaults->disable_openapi_validation, false);
}

/* Source: helm, pkg/action/upgrade.go, getUpgradeServerSideValue. */
Str release_apply_method(const Step *step, const Record *last)
{
    Str said = release_text(&step->release->spec.behaviour.server_side,
                            &step->release->file->spec.defaults.behaviour.server_side);

    if (str_is(said, "true") || str_is(said, "false"))
        return str_is(said, "true") ? STR("ssa") : STR("csa");
    return !last || !last->revision || last->status == RECORD_UNINSTALLED ||
                   str_is(last->apply_method, "ssa")
               ? STR("ssa")
               : STR("csa");
}

bool object_is_same(const ObjectId *a, const ObjectId *b)
{
    // the version of an API may change, the group and the object do not
    size_t left = str_find_char(a->api_version, '/'), right = str_find_char(b->api_version, '/');
    Str group_a = left == STR_NONE ? (Str){"", 0} : str_slice(a->api_version, 0, left);
    Str group_b = right == STR_NONE ? (Str){"", 0} : str_slice(b->api_version, 0, right);

    return str_equal(a->name, b->name) && str_equal(a->kind, b->kind) &&
           str_equal(a->namespace, b->namespace) && str_equal(group_a, group_b);
}

bool objects_have(const ReleaseObjectList *list, const ObjectId *id)
{
    for (size_t i = 0; i < list->len; i++)
        if (object_is_same(&list->items[i].id, id))
            return true;
    return false;
}

Value object_in(Arena *a, const ReleaseObjectList *list, const ObjectId *id)
{
    for (size_t i = 0; i < list->len; i++)
        if (object_is_same(&list->items[i].id, id))
            return secret_encoded(a, list->items[i].object);
    return value_null();
}

void objects_dropped(Arena *a, const ReleaseObjectList *old, const ReleaseObjectList *new,
                     ReleaseObjectList *out)
{
    *out = (ReleaseObjectList){0};
    for (size_t i = old->len; i-- > 0;) // last installed, first deleted
        if (!objects_have(new, &old->items[i].id))
            *vec_add(a, out) = old->items[i];
}

bool object_is_kept(const ReleaseObject *object)
{
    const Value *policy = value_at(&object->object, STR("metadata.annotations"));

    return policy && policy->kind == VALUE_MAP &&
           str_is(value_map_string(policy->map, "helm.sh/resource-policy"), "keep");
}

/* ---- what is there before the release's own */

ReleaseObject release_namespace_object(const Step *step)
{
    Str name = release_namespace(step->release);
    Value object =
        map_of(step->arena, {"apiVersion", value_c("v1")}, {"kind", value_c("Namespace")},
               {"metadata", map_of(step->arena, {"name", value_string(name)})});

    return (ReleaseObject){.id = {STR("v1"), STR("Namespace"), {"", 0}, name}, .object = object};
}

bool release_makes_namespace(const Step *step)
{
    return release_flag(step->release->spec.behaviour.create_namespace,
                        step->release->file->spec.defaults.behaviour.create_namespace, true);
}

Error *release_lacks_namespace(const Step *step, bool *out)
{
    ReleaseObject namespace = release_namespace_object(step);
    Value live;
    Error *err = object_look(step, step->arena, &namespace.id, &live);

    *out = !err && value_is_null(live);
    if (!err || error_kind_of(err) != ERROR_DENIED)
        return err;
    error_free(err);
    return NULL;
}

Error *release_crds(const Step *step, const ChartOutput *output, ReleaseObjectList *out)
{
    ManifestList *manifests = arena_new(step->arena, ManifestList); // the objects refer to them

    *out = (ReleaseObjectList){0};
    if (step_options(step)->skip_crds || step->release->file->spec.defaults.skip_crds == FLAG_YES)
        return NULL;
    for (size_t i = 0; i < output->crds.len; i++)
        TRY(manifest_parse(step->arena, output->crds.items[i].source, output->crds.items[i].text,
                           manifests));
    return objects_unmarked(step, manifests, out);
}
