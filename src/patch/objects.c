/*
 * objects.c - objects in, objects out: what they are known by, their order, their text.
 * Source: kustomize, api/resource/factory.go, api/resmap/reswrangler.go, kyaml/resid.
 */
#include "patch/objects.h"

#include "base/yaml.h"

#include <stdlib.h>

enum { MOST_OBJECTS = 100000 };

PatchObjects *patch_objects_new(Arena *a)
{
    PatchObjects *objects = arena_new(a, PatchObjects);

    objects->arena = a;
    return objects;
}

size_t patch_count(const PatchObjects *objects)
{
    return objects->list.len;
}

/* ---- what an object is known by */

static const ValueMap *map_at(Value v, const char *key)
{
    const Value *at = v.kind == VALUE_MAP ? value_map_get_c(v.map, key) : NULL;

    return at && at->kind == VALUE_MAP ? at->map : NULL;
}

Str patch_metadata(Value object, const char *key)
{
    const ValueMap *metadata = map_at(object, "metadata");

    return metadata ? value_map_string(metadata, key) : STR("");
}

PatchId patch_id(Value object)
{
    Str api = object.kind == VALUE_MAP ? value_map_string(object.map, "apiVersion") : STR("");
    size_t slash = str_find_char(api, '/');
    bool grouped = slash != STR_NONE;

    return (PatchId){
        .group = grouped ? str_slice(api, 0, slash) : STR(""),
        .version = grouped ? str_skip(api, slash + 1) : api,
        .kind = object.kind == VALUE_MAP ? value_map_string(object.map, "kind") : STR(""),
        .name = patch_metadata(object, "name"),
        .namespace = patch_metadata(object, "namespace"),
    };
}

PatchId patch_first_id(const PatchObject *object)
{
    return object->earlier.len ? object->earlier.items[0] : patch_id(object->value);
}

/* Kinds that kustomize knows to be in no namespace, with their API groups. */
bool patch_is_cluster_scoped(const PatchId *id)
{
    static const char *const kinds[][2] = {
        {"", "ComponentStatus"},
        {"", "Namespace"},
        {"", "Node"},
        {"", "NodeProxyOptions"},
        {"", "PersistentVolume"},
        {"admissionregistration.k8s.io", "MutatingWebhookConfiguration"},
        {"admissionregistration.k8s.io", "ValidatingWebhookConfiguration"},
        {"apiextensions.k8s.io", "CustomResourceDefinition"},
        {"apiregistration.k8s.io", "APIService"},
        {"certificates.k8s.io", "CertificateSigningRequest"},
        {"flowcontrol.apiserver.k8s.io", "FlowSchema"},
        {"flowcontrol.apiserver.k8s.io", "PriorityLevelConfiguration"},
        {"networking.k8s.io", "IngressClass"},
        {"node.k8s.io", "RuntimeClass"},
        {"policy", "PodSecurityPolicy"},
        {"rbac.authorization.k8s.io", "ClusterRole"},
        {"rbac.authorization.k8s.io", "ClusterRoleBinding"},
        {"scheduling.k8s.io", "PriorityClass"},
        {"storage.k8s.io", "CSIDriver"},
        {"storage.k8s.io", "CSINode"},
        {"storage.k8s.io", "StorageClass"},
        {"storage.k8s.io", "VolumeAttachment"},
    };

    for (size_t i = 0; i < COUNT(kinds); i++)
        if (str_is(id->group, kinds[i][0]) && str_is(id->kind, kinds[i][1]))
            return true;
    return false;
}

Str patch_effective_namespace(const PatchId *id)
{
    if (patch_is_cluster_scoped(id))
        return STR("_");
    return id->namespace.len ? id->namespace : STR("default");
}

bool patch_id_equal(const PatchId *a, const PatchId *b)
{
    return str_equal(a->name, b->name) && str_equal(a->kind, b->kind) &&
           str_equal(a->group, b->group) && str_equal(a->version, b->version) &&
           str_equal(patch_effective_namespace(a), patch_effective_namespace(b));
}

Str patch_scalar_text(Arena *a, Value v)
{
    switch ((ValueKind)v.kind) {
    case VALUE_STRING:
        return v.string;
    case VALUE_BOOL:
        return v.boolean ? STR("true") : STR("false");
    case VALUE_INT:
        return str_format(a, "%lld", (long long)v.integer);
    case VALUE_UINT:
        return str_format(a, "%llu", (unsigned long long)v.natural);
    case VALUE_FLOAT:
        return str_format(a, "%.17g", v.real);
    case VALUE_NULL:
        return STR("null");
    default:
        return STR("");
    }
}

void patch_remember(Arena *a, PatchObject *object)
{
    PatchId id = patch_id(object->value);
    const Value *metadata =
        object->value.kind == VALUE_MAP ? value_map_get_c(object->value.map, "metadata") : NULL;

    // kustomize notes it in annotations: from here on there are some
    if (metadata && metadata->kind == VALUE_MAP) {
        const Value *v = value_map_get_c(metadata->map, "annotations");

        if (!v || v->kind == VALUE_NULL)
            value_map_set_c(a, metadata->map, "annotations", value_of_map(value_map_new(a)));
    }

    id.namespace = patch_effective_namespace(&id);
    *vec_add(a, &object->earlier) = id;
}

static bool is_known_by(const PatchObject *object, const PatchId *id)
{
    PatchId now = patch_id(object->value);

    if (object->value.kind == VALUE_NULL)
        return false;
    for (size_t i = 0; i < object->earlier.len; i++)
        if (patch_id_equal(&object->earlier.items[i], id))
            return true;
    return patch_id_equal(&now, id);
}

static Str id_text(Arena *a, const PatchId *id)
{
    return str_format(a, "%.*s%s%.*s %.*s \"%.*s\"%s%.*s", STR_ARG(id->group),
                      id->group.len ? "/" : "", STR_ARG(id->version), STR_ARG(id->kind),
                      STR_ARG(id->name), id->namespace.len ? " in namespace " : "",
                      STR_ARG(id->namespace));
}

Error *patch_find(const PatchObjects *objects, const PatchId *id, PatchObject **out)
{
    DEFER(arena_free) Arena scratch = {0};
    PatchObject *found = NULL;

    for (size_t i = 0; i < objects->list.len; i++) {
        if (!is_known_by(objects->list.items[i], id))
            continue;
        if (found)
            return error_new(ERROR_INPUT, "more than one object is %.*s",
                             STR_ARG(id_text(&scratch, id)));
        found = objects->list.items[i];
    }
    if (!found)
        return error_hint(
            error_new(ERROR_INPUT, "no object is %.*s", STR_ARG(id_text(&scratch, id))),
            "a patch names apiVersion, kind, metadata.name and, if the object "
            "does, metadata.namespace");
    *out = found;
    return NULL;
}

/* ---- objects in */

static Error *add_object(PatchObjects *objects, const char *source, Value v)
{
    DEFER(arena_free) Arena scratch = {0};
    PatchId id = patch_id(v);
    PatchObject *object = arena_new(objects->arena, PatchObject);

    if (!id.kind.len)
        return error_new(ERROR_INPUT, "%s: an object has no kind", source);
    if (!id.name.len && !str_ends(id.kind, STR("List")))
        return error_new(ERROR_INPUT, "%s: %.*s has no metadata.name", source, STR_ARG(id.kind));
    for (size_t i = 0; i < objects->list.len; i++) {
        PatchId other = patch_id(objects->list.items[i]->value);

        if (patch_id_equal(&other, &id))
            return error_new(ERROR_INPUT, "%s: %.*s is there twice, and cannot be patched", source,
                             STR_ARG(id_text(&scratch, &id)));
    }
    if (objects->list.len >= MOST_OBJECTS)
        return error_new(ERROR_INPUT, "there are more than %d objects", MOST_OBJECTS);
    object->value = v;
    *vec_add(objects->arena, &objects->list) = object;
    return NULL;
}

/* An object, or each of those in a list of them. */
static Error *add_value(PatchObjects *objects, const char *source, Value v)
{
    const Value *items;

    if (v.kind == VALUE_NULL || (v.kind == VALUE_MAP && v.map->len == 0))
        return NULL;
    if (v.kind != VALUE_MAP)
        return error_new(ERROR_INPUT, "%s: an object must be a map, not a %s", source,
                         value_kind_name((ValueKind)v.kind));
    items = value_map_get_c(v.map, "items");
    if (!items || !str_ends(value_map_string(v.map, "kind"), STR("List")))
        return add_object(objects, source, v);
    if (items->kind != VALUE_LIST && items->kind != VALUE_NULL)
        return error_new(ERROR_INPUT, "%s: items of a list of objects must be a list", source);
    for (size_t i = 0; items->kind == VALUE_LIST && i < items->list.len; i++)
        TRY(add_object(objects, source, items->list.items[i]));
    return NULL;
}

Error *patch_add(PatchObjects *objects, const char *source, Str text)
{
    YamlDocuments documents = {0};

    TRY(yaml_read(objects->arena, source, text, &documents));
    for (size_t i = 0; i < documents.len; i++) {
        Value v;

        TRY(yaml_value(objects->arena, source, documents.items[i], YAML_HELMFILE, &v));
        TRY(add_value(objects, source, value_thaw(objects->arena, v)));
    }
    return NULL;
}

/* ---- patches */

Error *patch_strategic(PatchObjects *objects, const char *source, Str text)
{
    PatchObjects *patches = patch_objects_new(objects->arena);
    PatchObject *target;

    TRY(patch_add(patches, source, text));
    for (size_t i = 0; i < patches->list.len; i++) {
        Value patch = patches->list.items[i]->value;
        PatchId id = patch_id(patch);

        TRY(patch_find(objects, &id, &target));
        TRY(error_wrap(patch_merge(objects->arena, patch, &target->value), "%.*s \"%.*s\"",
                       STR_ARG(id.kind), STR_ARG(id.name)));
    }
    return NULL;
}

Error *patch_json(PatchObjects *objects, Value target, Value operations)
{
    PatchObjectList selected = {0};

    TRY(patch_select(objects, target, &selected));
    for (size_t i = 0; i < selected.len; i++) {
        PatchObject *object = selected.items[i];
        PatchId id = patch_id(object->value);

        patch_remember(objects->arena, object);
        TRY(error_wrap(patch_operations(objects->arena, operations, &object->value),
                       "%.*s \"%.*s\"", STR_ARG(id.kind), STR_ARG(id.name)));
        if (!patch_id(object->value).name.len || !patch_id(object->value).kind.len)
            return error_new(ERROR_INPUT, "%.*s \"%.*s\" is left without a name or kind",
                             STR_ARG(id.kind), STR_ARG(id.name));
    }
    return NULL;
}

/* ---- objects out */

/* Which kinds come first and last; 0 for all others. */
static int kind_order(Str kind)
{
    static const char *const first[] = {
        "Namespace",
        "ResourceQuota",
        "StorageClass",
        "CustomResourceDefinition",
        "ServiceAccount",
        "PodSecurityPolicy",
        "Role",
        "ClusterRole",
        "RoleBinding",
        "ClusterRoleBinding",
        "ConfigMap",
        "Secret",
        "Endpoints",
        "Service",
        "LimitRange",
        "PriorityClass",
        "PersistentVolume",
        "PersistentVolumeClaim",
        "Deployment",
        "StatefulSet",
        "CronJob",
        "PodDisruptionBudget",
    };
    static const char *const last[] = {"MutatingWebhookConfiguration",
                                       "ValidatingWebhookConfiguration"};

    for (size_t i = 0; i < COUNT(first); i++)
        if (str_is(kind, first[i]))
            return (int)i - (int)COUNT(first);
    for (size_t i = 0; i < COUNT(last); i++)
        if (str_is(kind, last[i]))
            return 1 + (int)i;
    return 0;
}

static Str or_else(Str s, const char *usual)
{
    return s.len ? s : str_from(usual);
}

/* The texts that ids are sorted by. */
typedef struct SortKey {
    int order;
    Str gvk, id;
    PatchObject *object;
} SortKey;

static SortKey sort_key(Arena *a, PatchObject *object)
{
    PatchId id = patch_id(object->value);

    return (SortKey){
        .order = kind_order(id.kind),
        .gvk = str_format(a, "%.*s_%.*s_%.*s", STR_ARG(or_else(id.group, "~G")),
                          STR_ARG(or_else(id.version, "~V")), STR_ARG(or_else(id.kind, "~K"))),
        .id = str_format(a, "%.*s.%.*s.%.*s|%.*s|%.*s", STR_ARG(or_else(id.kind, "[noKind]")),
                         STR_ARG(or_else(id.version, "[noVer]")),
                         STR_ARG(or_else(id.group, "[noGrp]")),
                         STR_ARG(or_else(id.namespace, "~X")), STR_ARG(or_else(id.name, "~N"))),
        .object = object,
    };
}

static int compare_keys(const void *left, const void *right)
{
    const SortKey *a = left, *b = right;
    int order = a->order != b->order ? (a->order < b->order ? -1 : 1) : 0;

    if (!order)
        order = str_compare(a->gvk, b->gvk);
    return order ? order : str_compare(a->id, b->id);
}

/* Objects that kustomize is told to keep for itself. */
static bool is_local(Value object)
{
    const ValueMap *metadata = map_at(object, "metadata");
    const ValueMap *annotations =
        metadata ? map_at(value_of_map((ValueMap *)(uintptr_t)metadata), "annotations") : NULL;
    const Value *v =
        annotations ? value_map_get_c(annotations, "config.kubernetes.io/local-config") : NULL;

    return v && !value_is_string(*v, "false");
}

/* Annotations are texts; an empty map of them is left out. */
static void tidy_annotations(Arena *a, Value object)
{
    const Value *metadata =
        object.kind == VALUE_MAP ? value_map_get_c(object.map, "metadata") : NULL;
    const Value *v = metadata && metadata->kind == VALUE_MAP
                         ? value_map_get_c(metadata->map, "annotations")
                         : NULL;

    if (v && (v->kind == VALUE_NULL || (v->kind == VALUE_MAP && v->map->len == 0)))
        value_map_remove(metadata->map, STR("annotations"));
    else if (v && v->kind == VALUE_MAP)
        for (size_t i = 0; i < v->map->len; i++) {
            Value *text = &v->map->entries[i].value;

            if (text->kind != VALUE_MAP && text->kind != VALUE_LIST)
                *text = value_string(patch_scalar_text(a, *text));
        }
}

static void sort_objects(PatchObjects *objects)
{
    Arena *a = objects->arena;
    SortKey *keys = arena_array(a, SortKey, objects->list.len);
    size_t len = 0;

    for (size_t i = 0; i < objects->list.len; i++) {
        PatchObject *object = objects->list.items[i];

        if (object->value.kind == VALUE_NULL || is_local(object->value))
            continue;
        tidy_annotations(a, object->value);
        keys[len++] = sort_key(a, object);
    }
    if (len)
        qsort(keys, len, sizeof(*keys), compare_keys);
    for (size_t i = 0; i < len; i++)
        objects->list.items[i] = keys[i].object;
    objects->list.len = len;
}

Error *patch_print(PatchObjects *objects, Str *out)
{
    Buf b = {.arena = objects->arena};

    sort_objects(objects);
    for (size_t i = 0; i < objects->list.len; i++) {
        if (i)
            buf_add_c(&b, "---\n");
        TRY(yaml_write(&b, objects->list.items[i]->value, YAML_WRITE_HELM));
    }
    *out = buf_str(&b);
    return NULL;
}

Error *patch_finish(PatchObjects *objects, PatchOutput *out)
{
    Buf crds = {.arena = objects->arena}, others = {.arena = objects->arena};

    TRY(patch_fix_references(objects));
    sort_objects(objects);
    for (size_t i = 0; i < objects->list.len; i++) {
        Value v = objects->list.items[i]->value;
        bool is_crd = str_is(patch_id(v).kind, "CustomResourceDefinition");
        Buf *b = is_crd ? &crds : &others;

        TRY(yaml_write(b, v, YAML_WRITE_HELM));
        buf_add_c(b, "---\n");
    }
    *out = (PatchOutput){buf_str(&crds), buf_str(&others)};
    return NULL;
}
