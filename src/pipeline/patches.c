/*
 * patches.c - what a release does to the objects of its chart: a namespace, patches, transformers.
 * Source: github.com/helmfile/chartify, chartify.go and patch.go.
 */
#include "pipeline/patches.h"

#include "base/path.h"
#include "base/yaml.h"
#include "environments/lookups/lookups.h"
#include "io/file.h"
#include "io/log.h"
#include "patch/patch.h"
#include "pipeline/kustomize.h"

/* ---- texts of rendered files, as `helm template --output-dir` writes them */

typedef Error *ManifestEdit(const void *context, Arena *a, const Manifest *m, Str *out);

static Error *edit_list(Arena *a, const ManifestList *manifests, ManifestEdit *edit,
                        const void *context, ManifestFileList *files)
{
    for (size_t i = 0; i < manifests->len; i++) {
        const Manifest *m = &manifests->items[i];
        Str text;

        TRY(edit(context, a, m, &text));
        manifest_print(manifest_file(a, files, m->source), m->source, text);
    }
    return NULL;
}

/* ---- a namespace for objects without one */

static Error *add_namespace(const void *context, Arena *a, const Manifest *m, Str *out)
{
    Str namespace = *(const Str *)context;

    *out = m->text;
    while (namespace.len && str_ends(*out, STR("\n")))
        out->len--;
    return namespace.len ? patch_namespace(a, str_c(a, m->source), *out, namespace, out) : NULL;
}

/* Files of CRDs have any number of them. */
static Error *namespace_crds(Arena *a, const ManifestList *crds, Str namespace, ChartFileList *out)
{
    for (size_t i = 0; i < crds->len; i++) {
        const Manifest *m = &crds->items[i];
        StrList documents = {0};
        Buf b = {.arena = a};

        manifest_split(a, m->text, &documents);
        for (size_t j = 0; j < documents.len; j++) {
            Str text;

            text = documents.items[j];
            if (namespace.len)
                TRY(patch_namespace(a, str_c(a, m->source), text, namespace, &text));
            buf_format(&b, "%s%.*s\n", j ? "---\n" : "", STR_ARG(str_trim(text)));
        }
        *vec_add(a, out) = (ChartFile){m->source, buf_str(&b)};
    }
    return NULL;
}

Error *patches_set_namespace(const Step *step, Str namespace, ChartOutput *output)
{
    ManifestFileList edited = {0};
    ChartFileList files = {0}, crds = {0};
    ChartOutput changed;

    TRY(edit_list(step->arena, &output->manifests, add_namespace, &namespace, &edited));
    TRY(edit_list(step->arena, &output->hooks, add_namespace, &namespace, &edited));
    for (size_t i = 0; i < edited.len; i++)
        *vec_add(step->arena, &files) =
            (ChartFile){edited.items[i].path, buf_str(&edited.items[i].text)};
    TRY(namespace_crds(step->arena, &output->crds, namespace, &crds));
    TRY(chart_output_make(step->arena, &files, &crds, &changed));
    *output = changed;
    return NULL;
}

/* ---- patches */

/* Patching of one release's objects. */
typedef struct Patching {
    const Step *step;
    const ValueMap *values; /* the release's */
    PatchObjects *objects;
} Patching;

/* What templates among patches see: values of the environment, and of the release over them. */
static Value dot_of(const Patching *p)
{
    Arena *a = p->step->arena;
    Value dot = release_dot(a, p->step->release);
    const Value *own = value_map_get_c(dot.map, "Values");

    if (own && own->kind == VALUE_MAP)
        value_map_set_c(a, dot.map, "Values",
                        value_of_map(values_merge_layer(a, own->map, p->values)));
    return dot;
}

static Error *render(const Patching *p, Str path, Str *out)
{
    Arena *a = p->step->arena;
    const char *name = str_c(a, path);

    TRY(file_read(a, name, out));
    if (!str_is(path_extension(path), ".gotmpl"))
        return NULL;
    return environment_render(
        p->step->run->templates, a,
        &(EnvironmentTemplate){
            .name = name, .text = *out, .directory = path_directory(a, path), .dot = dot_of(p)},
        out);
}

static Error *no_file(const Patching *p, const ValuesEntry *entry)
{
    const Release *release = p->step->release;
    Str handler = release_text(&release->spec.missing_file_handler,
                               &release->file->spec.missing_file_handler);

    if (!handler.len || str_is(handler, "Error"))
        return error_hint(
            error_at(entry->place, "there is no patch \"%.*s\"", STR_ARG(entry->path)),
            "missingFileHandler: Warn lets it be missing");
    if (str_is(handler, "Warn"))
        log_warn("%s:%d: there is no patch \"%.*s\": it is skipped", entry->place.file,
                 entry->place.line, STR_ARG(entry->path));
    return NULL;
}

/* The text of ENTRY; empty for a file that may be missing. NAME is for messages. */
static Error *read_entry(const Patching *p, const ValuesEntry *entry, const char **name, Str *out)
{
    Arena *a = p->step->arena;
    Str directory = p->step->release->file->directory;
    LookupScope scope = {environment_templates_secrets(p->step->run->templates), directory};
    FileSearch search = {.directory = directory, .remote = p->step->run->remote};
    StrList files;

    *out = (Str){"", 0};
    if (entry->values) {
        Value v = {.kind = VALUE_MAP, .map = value_map_shallow(a, entry->values)};
        Buf b = {.arena = a};

        *name = "patch";
        TRY(lookup_values(a, v, &scope, &v));
        TRY(yaml_write(&b, v, YAML_WRITE_HELMFILE));
        *out = buf_str(&b);
        return NULL;
    }
    TRY(environment_find_files(a, &search, entry->path, &files));
    if (!files.len)
        return no_file(p, entry);
    if (files.len > 1)
        return error_new(ERROR_INPUT, "\"%.*s\" matches %zu files: a patch must be one",
                         STR_ARG(entry->path), files.len);
    *name = str_c(a, files.items[0]);
    return render(p, files.items[0], out);
}

/* What a release's `jsonPatches` and transformers name besides: seen from its spec. */
static Error *read_named(void *context, Arena *a, Str path, Str *out)
{
    const Patching *p = context;

    return file_read(a, path_join(a, p->step->release->file->directory, path).ptr, out);
}

static Error *json_patch(Patching *p, const char *name, Str text)
{
    Arena *a = p->step->arena;
    const Value *target, *operations;
    Value map, read;
    Str path;

    TRY(yaml_parse_map(a, name, text, YAML_HELMFILE, &map));
    target = value_map_get_c(map.map, "target");
    operations = value_map_get_c(map.map, "patch");
    path = value_map_string(map.map, "path");
    if (path.len) {
        TRY(read_named(p, a, path, &text));
        TRY(yaml_parse(a, str_c(a, path), text, YAML_HELM, &read));
        operations = &read;
    } else if (!operations || (operations->kind == VALUE_LIST && !operations->list.len)) {
        return error_new(ERROR_INPUT, "a JSON patch needs a patch, or the path of one");
    }
    return patch_json(p->objects, target ? *target : value_null(), *operations);
}

static Error *strategic_patch(Patching *p, const char *name, Str text)
{
    return patch_strategic(p->objects, name, text);
}

/* One that is no part of relfile. */
static Error *foreign_transformer(Patching *p, Value config)
{
    Str objects;

    TRY(patch_print(p->objects, &objects));
    TRY(kustomize_transform(p->step, objects, config, &objects));
    p->objects = patch_objects_new(p->step->arena);
    return patch_add(p->objects, "kustomize", objects);
}

static Error *transform(Patching *p, Value config)
{
    Error *err = patch_transform(p->objects, config, read_named, p);

    if (!err || error_kind_of(err) != ERROR_NOT_FOUND || config.kind != VALUE_MAP)
        return err;
    error_free(err);
    return foreign_transformer(p, config);
}

static Error *transformers(Patching *p, const char *name, Str text)
{
    YamlDocuments documents = {0};
    Value v;

    TRY(yaml_read(p->step->arena, name, text, &documents));
    for (size_t i = 0; i < documents.len; i++) {
        TRY(yaml_value(p->step->arena, name, documents.items[i], YAML_HELMFILE, &v));
        for (size_t j = 0; v.kind == VALUE_LIST && j < v.list.len; j++)
            TRY(transform(p, v.list.items[j]));
        if (v.kind != VALUE_LIST && v.kind != VALUE_NULL)
            TRY(transform(p, v));
    }
    return NULL;
}

static Error *each_entry(Patching *p, const char *field, const ValuesEntryList *entries,
                         Error *(*apply)(Patching *p, const char *name, Str text))
{
    for (size_t i = 0; i < entries->len; i++) {
        const ValuesEntry *entry = &entries->items[i];
        const char *name;
        Str text;

        TRY(error_named(read_entry(p, entry, &name, &text), entry->place, "%s", field));
        if (!text.len)
            continue;
        TRY(error_named(error_wrap(apply(p, name, text), "%s", field), entry->place,
                        "%s of "
                        "release \"%.*s\"",
                        field, STR_ARG(p->step->release->name)));
    }
    return NULL;
}

static Error *add_all(Patching *p, const ManifestList *manifests)
{
    for (size_t i = 0; i < manifests->len; i++) {
        const Manifest *m = &manifests->items[i];

        TRY(patch_add(p->objects, str_c(p->step->arena, m->source), m->text));
    }
    return NULL;
}

/* Whether the chart makes CRDs with templates, and does so in a folder of their own. */
static bool templates_crds(const ChartOutput *output, Str chart)
{
    DEFER(arena_free) Arena scratch = {0};
    Str folder = str_format(&scratch, "%.*s/templates/crds/", STR_ARG(chart));

    for (size_t i = 0; i < output->manifests.len; i++)
        if (str_starts(output->manifests.items[i].source, folder))
            return true;
    return false;
}

static Error *finish(Patching *p, Str chart, ChartOutput *output)
{
    Arena *a = p->step->arena;
    bool as_templates = templates_crds(output, chart);
    ChartFileList files = {0}, crds = {0};
    PatchOutput patched;
    ChartOutput changed;

    TRY(patch_finish(p->objects, &patched));
    if (patched.crds.len)
        *vec_add(a, as_templates ? &files : &crds) = (ChartFile){
            str_format(a, "%.*s/%scrds/patched_crds.yaml", STR_ARG(chart),
                       as_templates ? "templates/" : ""),
            patched.crds,
        };
    if (patched.objects.len)
        *vec_add(a, &files) = (ChartFile){
            str_format(a, "%.*s/templates/patched_resources.yaml", STR_ARG(chart)),
            patched.objects,
        };
    TRY(chart_output_make(a, &files, &crds, &changed));
    *output = changed;
    return NULL;
}

static bool has_patches(const SpecRelease *spec)
{
    return spec->json_patches.len || spec->strategic_merge_patches.len || spec->transformers.len;
}

Error *patches_apply(const Step *step, Str chart, const ValueMap *values, ChartOutput *output)
{
    const SpecRelease *spec = &step->release->spec;
    Patching p = {step, values, patch_objects_new(step->arena)};

    if (spec->force_namespace.text.len)
        TRY(error_named(patches_set_namespace(step, spec->force_namespace.text, output),
                        spec->force_namespace.place, "forceNamespace"));
    if (!has_patches(spec))
        return NULL;
    TRY(add_all(&p, &output->crds));
    TRY(add_all(&p, &output->manifests));
    TRY(add_all(&p, &output->hooks));
    if (!patch_count(p.objects))
        return NULL;
    TRY(each_entry(&p, "jsonPatches", &spec->json_patches, json_patch));
    TRY(each_entry(&p, "strategicMergePatches", &spec->strategic_merge_patches, strategic_patch));
    TRY(each_entry(&p, "transformers", &spec->transformers, transformers));
    return finish(&p, chart, output);
}
