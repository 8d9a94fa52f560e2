/*
 * kustomize.c - what only the program kustomize can do: kustomizations, and transformers that are
 * programs themselves. It works in a folder of its own, which is gone afterwards.
 * Source: github.com/helmfile/chartify, kustomize.go.
 */
#include "pipeline/kustomize.h"

#include "base/yaml.h"
#include "io/env.h"
#include "io/file.h"
#include "io/process.h"
#include "io/tree.h"

#include <string.h>

enum { LONGEST_MS = 10 * 60 * 1000, SHOWN = 2000 };

static void drop_folder(const char **folder)
{
    if (*folder)
        error_free(tree_remove(*folder));
}

/* The program: as the command line or the spec says, "kustomize", or else what kubectl has. */
static Str program(const Run *run, const SpecFile *file)
{
    const char *named = run->options->spec.kustomize_binary;
    Str spec = file->spec.kustomize_binary.text;

    if (named && strcmp(named, "kustomize") != 0)
        return str_from(named);
    return spec.len ? spec : STR("kustomize");
}

/* NAME's words, and then those of MORE, which ends with NULL. */
static const char *const *arguments(Arena *a, Str name, const char *const *more)
{
    VEC(const char *) argv = {0};
    Str word;

    for (bool left = true; left;) {
        left = str_cut(&name, ' ', &word);
        if (word.len)
            *vec_add(a, &argv) = str_c(a, word);
    }
    for (; *more; more++)
        *vec_add(a, &argv) = *more;
    *vec_add(a, &argv) = NULL;
    return argv.items;
}

static Error *missing(Str program, Error *err, const char *what)
{
    if (!err || error_kind_of(err) != ERROR_NOT_FOUND)
        return err;
    error_free(err);
    return error_hint(error_new(ERROR_NOT_FOUND,
                                "%s needs the program kustomize, and there is no "
                                "\"%.*s\" on the PATH",
                                what, STR_ARG(program)),
                      "install kustomize, or say where it is: --kustomize-binary FILE");
}

Error *kustomize_folder(const KustomizeFolder *k, Arena *a, Str *out)
{
    Str name = program(k->run, k->file);
    bool by_kubectl = str_find_char(name, ' ') != STR_NONE;
    const char *const usual[] = {"build",
                                 "--enable-alpha-plugins",
                                 "--load-restrictor=LoadRestrictionsNone",
                                 "--enable-helm",
                                 k->folder,
                                 NULL};
    ProcessResult result;
    ProcessRequest request = {.argv = arguments(a, name, usual + by_kubectl),
                              .timeout_ms = LONGEST_MS};
    Error *err = process_run(a, &request, &result);

    if (err && error_kind_of(err) == ERROR_NOT_FOUND && str_is(name, "kustomize")) {
        Error *own = err;

        request.argv = arguments(a, STR("kubectl kustomize"), usual + 1);
        err = process_run(a, &request, &result);
        if (err && error_kind_of(err) == ERROR_NOT_FOUND) {
            error_free(err);
            err = own;
        } else {
            error_free(own);
        }
    }
    TRY(missing(name, err, k->what));
    if (result.status)
        return error_new(ERROR_INPUT, "kustomize ended with exit status %d: %.*s", result.status,
                         STR_ARG(str_for_message(a, str_trim(result.err), SHOWN)));
    *out = result.out;
    return NULL;
}

static Error *build(const Step *step, const char *folder, const char *what, Str *out)
{
    KustomizeFolder k = {step->run, step->release->file, folder, what};

    return kustomize_folder(&k, step->arena, out);
}

static const char *temporary_parent(void)
{
    const char *own = env_get("HELMFILE_TEMPDIR"), *usual = env_get("TMPDIR");

    if (own && *own)
        return own;
    return usual && *usual ? usual : "/tmp";
}

/* "../../work/x": PATH as seen from FOLDER; both absolute. */
static Str relative(Arena *a, Str folder, Str path)
{
    Buf b = {.arena = a};
    size_t same = 0;

    for (size_t i = 0; i < folder.len && i < path.len && folder.ptr[i] == path.ptr[i]; i++)
        if (folder.ptr[i] == '/')
            same = i + 1;
    for (size_t i = same; i <= folder.len; i++)
        if (i == folder.len || folder.ptr[i] == '/')
            buf_add_c(&b, "../");
    buf_add(&b, str_skip(path, same));
    return buf_str(&b);
}

/* What values of a release say about its kustomization. */
static Value overlay(Arena *a, Str path, Str namespace, const ValueMap *values)
{
    static const char *const keys[] = {"images", "namePrefix", "nameSuffix", "namespace"};
    ValueMap *map = value_map_new(a);
    Value *resources = arena_array(a, Value, 1);

    resources[0] = value_string(path);
    value_map_set_c(a, map, "resources", value_list(resources, 1));
    for (size_t i = 0; i < COUNT(keys); i++) {
        const Value *v = value_map_get_c(values, keys[i]);

        if (v && v->kind != VALUE_NULL)
            value_map_set_c(a, map, keys[i], *v);
    }
    if (namespace.len)
        value_map_set_c(a, map, "namespace", value_string(namespace));
    return value_of_map(map);
}

static Error *write_yaml(Arena *a, const char *folder, const char *name, Value v)
{
    Buf b = {.arena = a};

    TRY(yaml_write(&b, v, YAML_WRITE_HELM));
    return file_replace_unsynced(str_format(a, "%s/%s", folder, name).ptr, buf_str(&b));
}

Error *kustomize_build(const Step *step, const char *folder, const ValueMap *values, Str *out)
{
    DEFER(drop_folder) const char *work = NULL;
    Arena *a = step->arena;

    TRY(tree_make_temporary(a, temporary_parent(), &work));
    Str path = relative(a, file_absolute(a, work), file_absolute(a, folder));
    TRY(write_yaml(a, work, "kustomization.yaml",
                   overlay(a, path, step->release->namespace, values)));
    return build(step, work, "a kustomization", out);
}

Error *kustomize_transform(const Step *step, Str objects, Value transformer, Str *out)
{
    DEFER(drop_folder) const char *work = NULL;
    Arena *a = step->arena;
    const Value *kind = value_map_get_c(transformer.map, "kind");
    const char *what =
        str_format(a, "transformer %.*s",
                   STR_ARG(kind && kind->kind == VALUE_STRING ? kind->string : STR("")))
            .ptr;

    TRY(tree_make_temporary(a, temporary_parent(), &work));
    TRY(file_replace_unsynced(str_format(a, "%s/objects.yaml", work).ptr, objects));
    TRY(write_yaml(a, work, "transformer.yaml", transformer));
    TRY(file_replace_unsynced(
        str_format(a, "%s/kustomization.yaml", work).ptr,
        STR("resources: [objects.yaml]\ntransformers: [transformer.yaml]\n")));
    return build(step, work, what, out);
}
