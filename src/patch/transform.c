/*
 * transform.c - kustomize's transformers: those that are built into it, but for a few.
 * Source: kustomize, api/internal/builtins.
 */
#include "patch/image.h"
#include "patch/objects.h"

#include "base/yaml.h"

/* A transformer at work. */
typedef struct Transformer {
    PatchObjects *objects;
    Arena *arena;
    const ValueMap *config;
    PatchRead *read;
    void *context;
} Transformer;

typedef VEC(FieldPath) FieldPathList;

static Str text(const Transformer *t, const char *key)
{
    return value_map_string(t->config, key);
}

static const ValueMap *map_of(const ValueMap *map, const char *key)
{
    const Value *v = value_map_get_c(map, key);

    return v && v->kind == VALUE_MAP ? v->map : NULL;
}

/* fieldSpecs: where to change something. */
static Error *read_paths(const Transformer *t, FieldPathList *out)
{
    const Value *v = value_map_get_c(t->config, "fieldSpecs");

    if (!v || v->kind == VALUE_NULL)
        return NULL;
    if (v->kind != VALUE_LIST)
        return error_new(ERROR_INPUT, "fieldSpecs is a list");
    for (size_t i = 0; i < v->list.len; i++) {
        const ValueMap *map = v->list.items[i].kind == VALUE_MAP ? v->list.items[i].map : NULL;
        const Value *create = map ? value_map_get_c(map, "create") : NULL;

        if (!map || !value_map_string(map, "path").len)
            return error_new(ERROR_INPUT, "an entry of fieldSpecs needs a path");
        *vec_add(t->arena, out) = (FieldPath){
            .group = value_map_string(map, "group"),
            .version = value_map_string(map, "version"),
            .kind = value_map_string(map, "kind"),
            .path = value_map_string(map, "path"),
            .creates = create && create->kind == VALUE_BOOL && create->boolean,
        };
    }
    return NULL;
}

/* Do CHANGE at all places of all objects. */
static Error *change_all(const Transformer *t, Value made, FieldChange *change, void *context)
{
    FieldPathList paths = {0};

    TRY(read_paths(t, &paths));
    for (size_t i = 0; i < t->objects->list.len; i++)
        for (size_t j = 0; j < paths.len; j++)
            TRY(field_path_change(t->arena, &paths.items[j], &t->objects->list.items[i]->value,
                                  made, change, context));
    return NULL;
}

/* ---- labels and annotations */

static Error *set_entries(void *context, Arena *a, Value *v)
{
    const ValueMap *entries = context;

    if (v->kind != VALUE_MAP)
        return error_new(ERROR_INPUT, "labels and annotations go into a map, not a %s",
                         value_kind_name((ValueKind)v->kind));
    for (size_t i = 0; i < entries->len; i++)
        value_map_set(a, v->map, entries->entries[i].key, entries->entries[i].value);
    return NULL;
}

static Error *set_texts(const Transformer *t, const char *key)
{
    const ValueMap *entries = map_of(t->config, key);
    Value made = {.kind = VALUE_MAP};

    for (size_t i = 0; entries && i < entries->len; i++)
        if (entries->entries[i].value.kind != VALUE_STRING)
            return error_new(ERROR_INPUT, "%s: \"%.*s\" must be a text", key,
                             STR_ARG(entries->entries[i].key));
    return entries ? change_all(t, made, set_entries, (ValueMap *)(uintptr_t)entries) : NULL;
}

static Error *run_labels(Transformer *t)
{
    return set_texts(t, "labels");
}

static Error *run_annotations(Transformer *t)
{
    return set_texts(t, "annotations");
}

/* ---- names */

typedef struct Affix {
    Str prefix, suffix;
} Affix;

static Error *set_affix(void *context, Arena *a, Value *v)
{
    const Affix *affix = context;

    if (v->kind != VALUE_STRING && v->kind != VALUE_NULL)
        return error_new(ERROR_INPUT, "a name is a text, not a %s",
                         value_kind_name((ValueKind)v->kind));
    Str old = v->kind == VALUE_STRING ? v->string : (Str){"", 0};
    *v = value_string(str_format(a, "%.*s%.*s%.*s", STR_ARG(affix->prefix), STR_ARG(old),
                                 STR_ARG(affix->suffix)));
    return NULL;
}

/* Kinds whose names mean something elsewhere. */
static bool keeps_name(const PatchId *id)
{
    return str_is(id->kind, "CustomResourceDefinition") || str_is(id->kind, "Namespace") ||
           (str_is(id->kind, "APIService") && str_is(id->group, "apiregistration.k8s.io"));
}

static bool fits(Str pattern, Str value)
{
    return !pattern.len || str_equal(pattern, value);
}

static Error *rename_object(const Transformer *t, const FieldPathList *paths, Affix affix,
                            PatchObject *object)
{
    PatchId first = patch_first_id(object);

    if (object->value.kind == VALUE_NULL || keeps_name(&first))
        return NULL;
    for (size_t i = 0; i < paths->len; i++) {
        const FieldPath *path = &paths->items[i];

        if (!fits(path->kind, first.kind) || !fits(path->group, first.group) ||
            !fits(path->version, first.version))
            continue;
        if (str_is(path->path, "metadata/name")) {
            patch_remember(t->arena, object);
            if (affix.prefix.len)
                *vec_add(t->arena, &object->prefixes) = affix.prefix;
            if (affix.suffix.len)
                *vec_add(t->arena, &object->suffixes) = affix.suffix;
        }
        TRY(field_path_change(t->arena, path, &object->value, value_null(), set_affix, &affix));
    }
    return NULL;
}

static Error *rename_all(const Transformer *t, Affix affix)
{
    FieldPathList paths = {0};

    TRY(read_paths(t, &paths));
    if (!paths.len)
        return error_hint(error_new(ERROR_INPUT, "fieldSpecs are missing"),
                          "fieldSpecs: [{path: metadata/name}]");
    if (!affix.prefix.len && !affix.suffix.len)
        return NULL;
    for (size_t i = 0; i < t->objects->list.len; i++)
        TRY(rename_object(t, &paths, affix, t->objects->list.items[i]));
    return NULL;
}

static Error *run_prefix(Transformer *t)
{
    return rename_all(t, (Affix){.prefix = text(t, "prefix"), .suffix = {"", 0}});
}

static Error *run_suffix(Transformer *t)
{
    return rename_all(t, (Affix){.prefix = {"", 0}, .suffix = text(t, "suffix")});
}

static Error *run_affixes(Transformer *t)
{
    TRY(run_prefix(t));
    return run_suffix(t);
}

/* ---- namespaces */

typedef struct NamespaceChange {
    Str name;
    bool unset_only;
    enum { SUBJECTS_DEFAULT, SUBJECTS_ACCOUNTS, SUBJECTS_NONE } subjects;
} NamespaceChange;

static Error *set_namespace(void *context, Arena *a, Value *v)
{
    const NamespaceChange *c = context;

    (void)a;
    if (v->kind == VALUE_MAP || v->kind == VALUE_LIST)
        return error_new(ERROR_INPUT, "a namespace is a text, not a %s",
                         value_kind_name((ValueKind)v->kind));
    if (!c->unset_only || v->kind == VALUE_NULL || (v->kind == VALUE_STRING && !v->string.len))
        *v = value_string(c->name);
    return NULL;
}

static Error *set_subjects(const Transformer *t, NamespaceChange *c, Value *object)
{
    const Value *subjects = value_map_get_c(object->map, "subjects");
    const char *key = c->subjects == SUBJECTS_DEFAULT ? "name" : "kind";
    const char *wanted = c->subjects == SUBJECTS_DEFAULT ? "default" : "ServiceAccount";
    FieldPath path = {.path = STR("namespace"), .creates = true};

    if (c->subjects == SUBJECTS_NONE || !subjects || subjects->kind != VALUE_LIST)
        return NULL;
    for (size_t i = 0; i < subjects->list.len; i++) {
        Value *subject = &subjects->list.items[i];

        if (subject->kind == VALUE_MAP && str_is(value_map_string(subject->map, key), wanted))
            TRY(field_path_change(t->arena, &path, subject, value_null(), set_namespace, c));
    }
    return NULL;
}

static Error *move_object(const Transformer *t, const FieldPathList *paths, NamespaceChange *c,
                          PatchObject *object)
{
    FieldPath own = {.path = STR("metadata/namespace"), .creates = true};
    PatchId id = patch_id(object->value);
    bool binds = str_is(id.kind, "RoleBinding") || str_is(id.kind, "ClusterRoleBinding");
    Str api = value_map_string(object->value.map, "apiVersion");

    patch_remember(t->arena, object);
    if (!patch_is_cluster_scoped(&id))
        TRY(field_path_change(t->arena, &own, &object->value, value_null(), set_namespace, c));
    if (binds)
        TRY(set_subjects(t, c, &object->value));
    for (size_t i = 0; i < paths->len; i++) {
        const FieldPath *path = &paths->items[i];

        if (str_is(path->path, "metadata/namespace") ||
            (str_is(path->path, "metadata/name") && !str_is(api, "v1")) ||
            (binds && str_is(path->path, "subjects/namespace")))
            continue;
        TRY(field_path_change(t->arena, path, &object->value, value_null(), set_namespace, c));
    }
    return NULL;
}

static Error *read_namespace(const Transformer *t, NamespaceChange *out)
{
    const ValueMap *metadata = map_of(t->config, "metadata");
    const Value *unset = value_map_get_c(t->config, "unsetOnly");
    Str subjects = text(t, "setRoleBindingSubjects");

    *out = (NamespaceChange){
        .name = metadata ? value_map_string(metadata, "namespace") : (Str){"", 0},
        .unset_only = unset && unset->kind == VALUE_BOOL && unset->boolean,
        .subjects = str_is(subjects, "allServiceAccounts") ? SUBJECTS_ACCOUNTS
                    : str_is(subjects, "none")             ? SUBJECTS_NONE
                                                           : SUBJECTS_DEFAULT,
    };
    if (subjects.len && out->subjects == SUBJECTS_DEFAULT && !str_is(subjects, "defaultOnly"))
        return error_hint(
            error_new(ERROR_INPUT, "unknown setRoleBindingSubjects \"%.*s\"", STR_ARG(subjects)),
            "known are defaultOnly, allServiceAccounts and none");
    return NULL;
}

/* Two objects must not become one. */
static Error *check_unique(const Transformer *t, const PatchObject *object)
{
    PatchId id = patch_id(object->value);

    for (size_t i = 0; i < t->objects->list.len; i++) {
        const PatchObject *other = t->objects->list.items[i];
        PatchId other_id = patch_id(other->value);

        if (other != object && other->value.kind != VALUE_NULL && patch_id_equal(&id, &other_id))
            return error_new(ERROR_INPUT, "two objects become %.*s \"%.*s\" in namespace %.*s",
                             STR_ARG(id.kind), STR_ARG(id.name), STR_ARG(id.namespace));
    }
    return NULL;
}

static Error *run_namespace(Transformer *t)
{
    FieldPathList paths = {0};
    NamespaceChange c;

    TRY(read_namespace(t, &c));
    TRY(read_paths(t, &paths));
    for (size_t i = 0; c.name.len && i < t->objects->list.len; i++) {
        PatchObject *object = t->objects->list.items[i];

        if (object->value.kind == VALUE_NULL)
            continue;
        TRY(move_object(t, &paths, &c, object));
        TRY(check_unique(t, object));
    }
    return NULL;
}

/* ---- images and replicas */

static Error *set_image(void *context, Arena *a, Value *v)
{
    return image_change(a, context, v);
}

static Error *run_image(Transformer *t)
{
    const ValueMap *config = map_of(t->config, "imageTag");
    const char *const keys[] = {"name", "newName", "newTag", "tagSuffix", "digest"};
    ImageChange change;
    Str *const parts[] = {&change.name, &change.new_name, &change.new_tag, &change.tag_suffix,
                          &change.digest};

    if (!config || !value_map_string(config, "name").len)
        return error_new(ERROR_INPUT, "imageTag needs a name");
    for (size_t i = 0; i < COUNT(keys); i++)
        *parts[i] = value_map_string(config, keys[i]);
    for (size_t i = 0; i < t->objects->list.len; i++) {
        Value *v = &t->objects->list.items[i]->value;

        if (!str_is(patch_id(*v).kind, "CustomResourceDefinition"))
            TRY(image_change_all(t->arena, &change, v));
    }
    return change_all(t, value_null(), set_image, &change);
}

static Error *set_value(void *context, Arena *a, Value *v)
{
    (void)a;
    if (v->kind == VALUE_MAP || v->kind == VALUE_LIST)
        return error_new(ERROR_INPUT, "a number cannot replace a %s",
                         value_kind_name((ValueKind)v->kind));
    *v = *(const Value *)context;
    return NULL;
}

static bool is_called(const PatchObject *object, Str name)
{
    bool found = str_equal(patch_id(object->value).name, name);

    for (size_t i = 0; i < object->earlier.len && !found; i++)
        found = str_equal(object->earlier.items[i].name, name);
    return found;
}

static Error *run_replicas(Transformer *t)
{
    const ValueMap *config = map_of(t->config, "replica");
    const Value *count = config ? value_map_get_c(config, "count") : NULL;
    Str name = config ? value_map_string(config, "name") : (Str){"", 0};
    FieldPathList paths = {0};
    bool found = false;

    if (!name.len || !count || count->kind != VALUE_INT)
        return error_new(ERROR_INPUT, "replica needs a name, and a count that is a number");
    TRY(read_paths(t, &paths));
    for (size_t i = 0; i < t->objects->list.len; i++) {
        PatchObject *object = t->objects->list.items[i];
        PatchId id = patch_id(object->value);

        for (size_t j = 0; is_called(object, name) && j < paths.len; j++) {
            const FieldPath *path = &paths.items[j];

            if (!fits(path->kind, id.kind) || !fits(path->group, id.group) ||
                !fits(path->version, id.version))
                continue;
            found = true;
            TRY(field_path_change(t->arena, path, &object->value, value_null(), set_value,
                                  (Value *)(uintptr_t)count));
        }
    }
    return found
               ? NULL
               : error_new(ERROR_INPUT, "no object called \"%.*s\" fits fieldSpecs", STR_ARG(name));
}

/* ---- patches */

/* The text of KEY, or of the file that PATH_KEY names. */
static Error *patch_text(Transformer *t, const char *key, const char *path_key, Str *out)
{
    Str path = text(t, path_key);

    *out = str_trim(text(t, key));
    if (out->len && path.len)
        return error_new(ERROR_INPUT, "%s and %s cannot both be set", key, path_key);
    if (!out->len && !path.len)
        return error_new(ERROR_INPUT, "%s or %s is missing", key, path_key);
    return path.len ? t->read(t->context, t->arena, path, out) : NULL;
}

/* The patch of a target: it has that one's kind, whatever it says itself. */
static Error *merge_selected(Transformer *t, Value target, Value patch)
{
    PatchObjectList selected = {0};

    TRY(patch_select(t->objects, target, &selected));
    for (size_t i = 0; i < selected.len; i++) {
        Value own = value_thaw(t->arena, patch);
        const ValueMap *object = selected.items[i]->value.map;

        value_map_set_c(t->arena, own.map, "apiVersion",
                        value_string(value_map_string(object, "apiVersion")));
        TRY(patch_merge(t->arena, own, &selected.items[i]->value));
    }
    return NULL;
}

static Error *run_patch(Transformer *t)
{
    const Value *target = value_map_get_c(t->config, "target");
    const ValueMap *options = map_of(t->config, "options");
    Value patch;
    Str source;

    if (options && options->len)
        return error_new(ERROR_NOT_FOUND, "options of a PatchTransformer");
    TRY(patch_text(t, "patch", "path", &source));
    TRY(yaml_parse(t->arena, "patch", source, YAML_HELM, &patch));
    if (patch.kind == VALUE_LIST)
        return patch_json(t->objects, target ? *target : value_null(), patch);
    if (!target || target->kind == VALUE_NULL)
        return patch_strategic(t->objects, "patch", source);
    TRY(yaml_parse(t->arena, "patch", source, YAML_HELMFILE, &patch));
    if (patch.kind != VALUE_MAP)
        return error_new(ERROR_INPUT, "a patch is a map, or a list of operations");
    return merge_selected(t, *target, patch);
}

static Error *run_patch_json(Transformer *t)
{
    const Value *target = value_map_get_c(t->config, "target");
    Value operations;
    Str source;

    TRY(patch_text(t, "jsonOp", "path", &source));
    TRY(yaml_parse(t->arena, "jsonOp", source, YAML_HELM, &operations));
    return patch_json(t->objects, target ? *target : value_null(), operations);
}

static Error *run_patch_strategic(Transformer *t)
{
    const Value *paths = value_map_get_c(t->config, "paths");
    Str source = text(t, "patches");

    for (size_t i = 0; paths && paths->kind == VALUE_LIST && i < paths->list.len; i++) {
        Str loaded;

        if (paths->list.items[i].kind != VALUE_STRING)
            return error_new(ERROR_INPUT, "paths is a list of files");
        TRY(t->read(t->context, t->arena, paths->list.items[i].string, &loaded));
        TRY(patch_strategic(t->objects, str_c(t->arena, paths->list.items[i].string), loaded));
    }
    return source.len ? patch_strategic(t->objects, "patches", source) : NULL;
}

/* ---- all of them */

static const struct {
    const char *kind;
    Error *(*run)(Transformer *t);
} transformers[] = {
    {"AnnotationsTransformer", run_annotations},
    {"ImageTagTransformer", run_image},
    {"LabelTransformer", run_labels},
    {"NamespaceTransformer", run_namespace},
    {"PatchJson6902Transformer", run_patch_json},
    {"PatchStrategicMergeTransformer", run_patch_strategic},
    {"PatchTransformer", run_patch},
    {"PrefixSuffixTransformer", run_affixes},
    {"PrefixTransformer", run_prefix},
    {"ReplicaCountTransformer", run_replicas},
    {"SuffixTransformer", run_suffix},
};

Error *patch_transform(PatchObjects *objects, Value config, PatchRead *read, void *context)
{
    PatchId id = patch_id(config);
    Transformer t = {objects, objects->arena, config.map, read, context};

    if (config.kind != VALUE_MAP || !id.kind.len)
        return error_new(ERROR_INPUT, "a transformer is a map with apiVersion, kind and metadata");
    for (size_t i = 0; i < COUNT(transformers); i++)
        if (str_is(value_map_string(config.map, "apiVersion"), "builtin") &&
            str_is(id.kind, transformers[i].kind))
            return error_wrap(transformers[i].run(&t), "%s", transformers[i].kind);
    return error_new(ERROR_NOT_FOUND, "transformer %.*s", STR_ARG(id.kind));
}
