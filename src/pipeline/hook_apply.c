#include "pipeline/hook_apply.h"

#include "base/field.h"
#include "base/json.h"
#include "base/path.h"
#include "io/file.h"
#include "manifest/manifest.h"
#include "pipeline/kustomize.h"
#include "target/target.h"

#include <string.h>

static const char applied_key[] = "kubectl.kubernetes.io/last-applied-configuration";
static const char manager[] = "kubectl-client-side-apply"; /* as kubectl is called */

/* ---- what is to be applied */

static bool is_manifest_file(const FileEntry *entry)
{
    return !entry->is_directory &&
           (str_ends(entry->name, STR(".yaml")) || str_ends(entry->name, STR(".yml")) ||
            str_ends(entry->name, STR(".json")));
}

static Error *read_file(Arena *a, const char *path, ManifestList *out)
{
    Str text;

    TRY(file_read(a, path, &text));
    return manifest_parse(a, str_from(path), text, out);
}

/* The files of a folder, in the order of their names; not those of folders in it. */
static Error *read_folder(Arena *a, const char *path, ManifestList *out)
{
    FileEntryList entries;

    TRY(directory_read(a, path, &entries));
    for (size_t i = 0; i < entries.len; i++)
        if (is_manifest_file(&entries.items[i]))
            TRY(read_file(a, str_c(a, path_join(a, str_from(path), entries.items[i].name)), out));
    return NULL;
}

static Error *read_manifests(const Run *run, Arena *a, const HookRun *h, const HookApply *apply,
                             ManifestList *out)
{
    const char *path = str_c(a, path_join(a, h->file->directory, str_from(apply->what)));
    KustomizeFolder k = {run, h->file, path, "kubectlApply"};
    Str text;

    if (apply->kustomize) {
        TRY(kustomize_folder(&k, a, &text));
        return manifest_parse(a, str_from(path), text, out);
    }
    if (remote_is_source(str_from(apply->what)))
        TRY(remote_locate(run->remote, a, str_from(apply->what), &path));
    switch (file_kind(path)) {
    case FILE_MISSING:
        return error_new(ERROR_NOT_FOUND, "the path \"%s\" does not exist", apply->what);
    case FILE_DIRECTORY:
        return read_folder(a, path, out);
    default:
        return read_file(a, path, out);
    }
}

/* ---- one object */

/* Where objects go, and what is said of it. */
typedef struct Applier {
    Arena *arena;
    Target *target;
    Buf said;
} Applier;

/* OBJECT with its namespace, as kubectl completes it. */
static Error *complete(const Applier *p, Value object, Value *out)
{
    ValueMap *map = value_map_shallow(p->arena, object.map);
    ValueMap *metadata = value_map_shallow(p->arena, field_map(&object, "metadata"));
    Str usual = p->target->namespace.len ? p->target->namespace : STR("default");
    bool namespaced;

    TRY(target_namespaced(p->target, field_string(&object, "apiVersion"),
                          field_string(&object, "kind"), &namespaced));
    if (!namespaced)
        value_map_remove(metadata, STR("namespace"));
    else if (!value_map_string(metadata, "namespace").len)
        value_map_set_c(p->arena, metadata, "namespace", value_string(usual));
    value_map_set_c(p->arena, map, "metadata", value_of_map(metadata));
    *out = value_of_map(map);
    return NULL;
}

/* OBJECT with its annotations as ANNOTATIONS. */
static Value annotated(Arena *a, Value object, ValueMap *annotations)
{
    ValueMap *map = value_map_shallow(a, object.map);
    ValueMap *metadata = value_map_shallow(a, field_map(&object, "metadata"));

    value_map_set_c(a, metadata, "annotations", value_of_map(annotations));
    value_map_set_c(a, map, "metadata", value_of_map(metadata));
    return value_of_map(map);
}

/* OBJECT with itself as an annotation, from which the next apply learns what is not wanted any
 * more. Source: kubectl, pkg/util/apply.go, GetModifiedConfiguration. */
static Error *remember(Arena *a, Value object, Value *out)
{
    ValueMap *annotations = value_map_shallow(a, field_map(&object, "metadata.annotations"));
    Buf b = {.arena = a};

    value_map_remove(annotations, str_from(applied_key));
    TRY(json_write(&b, annotated(a, object, annotations), (JsonStyle){0}));
    buf_add_char(&b, '\n');
    annotations = value_map_shallow(a, annotations);
    value_map_set_c(a, annotations, applied_key, value_string(buf_str(&b)));
    *out = annotated(a, object, annotations);
    return NULL;
}

/* What was applied last; null where LIVE does not say. */
static Value last_applied(Arena *a, const Value *live)
{
    Value v = value_null();

    if (live->kind == VALUE_MAP)
        error_free(json_parse(a, NULL, object_annotation(live, applied_key), &v));
    return v.kind == VALUE_MAP ? v : value_null();
}

/* "deployment.apps/web configured" */
static void say(Applier *p, const ObjectId *id, const char *done)
{
    size_t slash = str_find_char(id->api_version, '/');
    Str group = slash == STR_NONE ? (Str){"", 0} : str_slice(id->api_version, 0, slash);

    buf_format(&p->said, "%.*s%s%.*s/%.*s %s\n", STR_ARG(str_lower(p->arena, id->kind)),
               group.len ? "." : "", STR_ARG(group), STR_ARG(id->name), done);
}

static Error *apply_object(Applier *p, Value said)
{
    Value object, live, applied, now;

    TRY(complete(p, said, &object));
    TRY(remember(p->arena, object, &object));
    ObjectId id = object_id(object, (Str){"", 0});
    Error *err = target_get(p->target, p->arena, &id, &live);
    if (err && error_kind_of(err) == ERROR_NOT_FOUND) {
        error_free(err);
        err = NULL;
        live = value_null();
    }
    TRY(err);
    applied = last_applied(p->arena, &live);
    TRY(target_apply(p->target, p->arena, object,
                     &(TargetApply){.manager = manager,
                                    .force = true,
                                    .live = &live,
                                    .updates = true,
                                    .applied = value_is_null(applied) ? NULL : &applied},
                     &now));
    bool same = str_equal(field_string(&now, "metadata.resourceVersion"),
                          field_string(&live, "metadata.resourceVersion"));
    say(p, &id, value_is_null(live) ? "created" : same ? "unchanged" : "configured");
    return NULL;
}

static Error *apply_manifest(Applier *p, const Manifest *m)
{
    const Value *items =
        m->object.kind == VALUE_MAP ? value_map_get_c(m->object.map, "items") : NULL;

    if (m->object.kind != VALUE_MAP || !m->object.map->len)
        return NULL; // nothing but comments
    if (!str_ends(m->kind, STR("List")) || !items) {
        TRY(manifest_check_object(m));
        return apply_object(p, m->object);
    }
    for (size_t i = 0; items->kind == VALUE_LIST && i < items->list.len; i++) {
        if (items->list.items[i].kind != VALUE_MAP)
            return error_new(ERROR_INPUT, "what is in a list is no object");
        TRY(apply_object(p, items->list.items[i]));
    }
    return NULL;
}

/* ---- all of them */

/* The cluster that a hook is about. Source of its own: kubectl takes what is current. */
static Str context_of(const HookRun *h)
{
    return h->release ? h->release->kube_context : h->file->environment.kube_context;
}

Error *hook_apply(const Run *run, Arena *a, const HookRun *h, const HookApply *apply, Str *out)
{
    DEFER(target_close) Target *target = NULL;
    TargetOptions options = run_target_options(run, context_of(h));
    ManifestList manifests = {0};
    const char *type = run_target_type(run);

    options.type = type ? type : "kubernetes";
    options.many = false;
    TRY(read_manifests(run, a, h, apply, &manifests));
    TRY(target_open(a, &options, &target));
    Applier applier = {.arena = a, .target = target, .said = {.arena = a}};
    for (size_t i = 0; i < manifests.len; i++)
        TRY(apply_manifest(&applier, &manifests.items[i]));
    *out = buf_str(&applier.said);
    return out->len ? NULL : error_new(ERROR_INPUT, "there are no objects in \"%s\"", apply->what);
}
