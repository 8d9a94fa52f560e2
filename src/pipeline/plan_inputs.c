/*
 * plan_inputs.c - the files that a plan is made of, as far as they are the spec's own: what a plan
 * is stale by, where they are there when it is applied.
 *
 * What is fetched from elsewhere is in the plan as it was rendered, and nobody asks again.
 */
#include "pipeline/plan_file.h"

#include "base/field.h"
#include "base/glob.h"
#include "base/path.h"
#include "io/file.h"

#include <string.h>

enum { DEEPEST = 20 }; /* folders of a chart within each other */

/* A chart, or one of the folders in it: its files, name and text. */
static Error *add_folder(Buf *b, Str path, int depth)
{
    FileEntryList entries;

    TRY(directory_read(b->arena, str_c(b->arena, path), &entries));
    for (size_t i = 0; i < entries.len; i++) {
        Str own = path_join(b->arena, path, entries.items[i].name), text;
        FileKind kind = file_kind(str_c(b->arena, own));

        if (entries.items[i].name.ptr[0] == '.' || kind == FILE_OTHER || kind == FILE_MISSING)
            continue;
        buf_format(b, "%.*s\n", STR_ARG(entries.items[i].name));
        if (kind == FILE_DIRECTORY) {
            if (depth < DEEPEST)
                TRY(add_folder(b, own, depth + 1));
            continue;
        }
        TRY(file_read(b->arena, str_c(b->arena, own), &text));
        buf_format(b, "%zu:", text.len);
        buf_add(b, text);
    }
    return NULL;
}

static Error *digest_of(Arena *a, Str key, Str path, Value *out)
{
    DEFER(arena_free) Arena scratch = {0};
    Buf b = {.arena = &scratch};
    Str text;

    *out = value_null();
    switch (file_kind(str_c(&scratch, path))) {
    case FILE_REGULAR:
        TRY(file_read(&scratch, str_c(&scratch, path), &text));
        break;
    case FILE_DIRECTORY:
        TRY(add_folder(&b, path, 0));
        text = buf_str(&b);
        break;
    default:
        return NULL;
    }
    *out = value_string(plan_digest(a, key, text));
    return NULL;
}

Value plan_input_digest(Arena *a, Str key, const Value *input)
{
    Value digest = value_null();

    error_free(digest_of(a, key, field_string(input, "path"), &digest));
    return digest;
}

/* ---- which files */

/* The list in the making. */
typedef struct Inputs {
    const Run *run;
    Arena *arena;
    Str key;
    StrList roots; /* folders that the spec's own files are in */
    VEC(Value) items;
} Inputs;

static bool is_known(const Inputs *in, Str path)
{
    for (size_t i = 0; i < in->items.len; i++)
        if (str_equal(field_string(&in->items.items[i], "path"), path))
            return true;
    return false;
}

static bool is_own(const Inputs *in, Str path)
{
    Str whole = file_absolute(in->arena, str_c(in->arena, path));

    for (size_t i = 0; i < in->roots.len; i++)
        if (str_starts(whole, in->roots.items[i]))
            return true;
    return false;
}

/* WHAT it is, of RELEASE or (NULL) of the spec. */
static Error *add_input(Inputs *in, const Release *release, const char *what, Str path)
{
    Value digest;

    if (!path.len || remote_is_source(path) || glob_has_magic(path) || is_known(in, path) ||
        !is_own(in, path))
        return NULL;
    if (strcmp(what, "chart") != 0 && file_kind(str_c(in->arena, path)) != FILE_REGULAR)
        return NULL;
    TRY(digest_of(in->arena, in->key, path, &digest));
    *vec_add(in->arena, &in->items) = map_of(
        in->arena, {"path", value_string(path)}, {"what", value_c(what)},
        {"release", release ? value_string(release_title(in->arena, release)) : value_missing()},
        {"digest", digest});
    return NULL;
}

static Error *add_entries(Inputs *in, const Release *release, const ValuesEntryList *entries,
                          Str prefix)
{
    for (size_t i = 0; i < entries->len; i++)
        if (entries->items[i].path.len)
            TRY(add_input(in, release, "values",
                          path_join(in->arena, release->file->directory,
                                    str_join(in->arena, prefix, entries->items[i].path))));
    return NULL;
}

static Error *add_release(Inputs *in, const Release *release)
{
    const SpecRelease *spec = &release->spec;
    Str folder = release->file->directory, prefix = spec->values_path_prefix.text;

    if (release->pruned)
        return NULL;
    if (release_chart_is_local(release))
        TRY(add_input(in, release, "chart", path_join(in->arena, folder, release->chart)));
    for (size_t i = 0; i < spec->dependencies.len; i++)
        TRY(add_input(in, release, "chart",
                      path_join(in->arena, folder, spec->dependencies.items[i].chart.text)));
    TRY(add_entries(in, release, &spec->values, prefix));
    TRY(add_entries(in, release, &spec->secrets, prefix));
    TRY(add_entries(in, release, &spec->json_patches, STR("")));
    TRY(add_entries(in, release, &spec->strategic_merge_patches, STR("")));
    TRY(add_entries(in, release, &spec->transformers, STR("")));
    for (size_t i = 0; i < spec->set.len; i++)
        if (spec->set.items[i].file.text.len)
            TRY(add_input(in, release, "values",
                          path_join(in->arena, folder, spec->set.items[i].file.text)));
    return NULL;
}

Error *plan_inputs(const Run *run, Str key, Value *out)
{
    Arena *a = run->arena;
    Inputs in = {.run = run, .arena = a, .key = key};

    *vec_add(a, &in.roots) = str_join(a, file_absolute(a, "."), STR("/"));
    for (size_t i = 0; i < run->files.len; i++) {
        Str folder = path_directory(a, file_absolute(a, run->files.items[i]->path));

        if (!remote_is_source(str_from(run->files.items[i]->path)))
            *vec_add(a, &in.roots) = str_join(a, folder, STR("/"));
    }
    for (size_t i = 0; i < run->files.len; i++) {
        const SpecFile *file = run->files.items[i];

        TRY(add_input(&in, NULL, "spec", str_from(file->path)));
        for (size_t j = 0; j < file->inputs.len; j++)
            TRY(add_input(&in, NULL, "spec", file->inputs.items[j]));
    }
    for (size_t i = 0; i < run->options->values_files.len; i++)
        TRY(add_input(&in, NULL, "spec", run->options->values_files.items[i]));
    for (size_t i = 0; i < run->plan.len; i++)
        TRY(add_release(&in, run->plan.items[i].release));
    *out = value_list(in.items.items, in.items.len);
    return NULL;
}
