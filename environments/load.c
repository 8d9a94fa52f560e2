/*
 * load.c - `values:` lists: files, templates, patterns and values written out, together.
 * Source: helmfile, pkg/state/envvals_loader.go and storage.go.
 */
#include "environments/environment.h"

#include "base/glob.h"
#include "base/path.h"
#include "base/yaml.h"
#include "environments/hcl/hcl.h"
#include "io/file.h"
#include "io/log.h"

enum { DEEPEST_PATTERN = 64 };

/* What matches REST of a pattern below FOLDER. */
static Error *expand(Arena *a, Str folder, Str rest, int depth, StrList *out)
{
    FileEntryList entries;
    bool more;
    Str part;

    if (depth > DEEPEST_PATTERN)
        return error_new(ERROR_INPUT, "the pattern has too many parts");
    more = str_cut(&rest, '/', &part);
    if (!glob_has_magic(part)) {
        Str path = path_join(a, folder, part);

        if (more)
            return expand(a, path, rest, depth + 1, out);
        if (file_kind(str_c(a, path)) != FILE_MISSING)
            *vec_add(a, out) = path;
        return NULL;
    }
    Error *err = directory_read(a, str_c(a, folder), &entries);
    if (err) {
        error_free(err); // no folder, no matches: as in a shell
        return NULL;
    }
    for (size_t i = 0; i < entries.len; i++) {
        Str name = entries.items[i].name;

        if (!glob_match(part, name))
            continue;
        if (!more)
            *vec_add(a, out) = path_join(a, folder, name);
        else if (entries.items[i].is_directory)
            TRY(expand(a, path_join(a, folder, name), rest, depth + 1, out));
    }
    return NULL;
}

/* What is from elsewhere, as a path of this machine; nothing where it need not be there. */
static Error *fetch(Arena *a, const FileSearch *search, Str *pattern)
{
    const char *path;
    bool is_git = str_starts(*pattern, STR("git::"));
    Error *err = remote_locate(search->remote, a, *pattern, &path);

    *pattern = (Str){"", 0};
    if (err && search->ignores_missing_ref && is_git && error_kind_of(err) == ERROR_NOT_FOUND) {
        error_free(err);
        return NULL;
    }
    TRY(err);
    *pattern = str_from(path);
    return NULL;
}

Error *environment_find_files(Arena *a, const FileSearch *search, Str pattern, StrList *out)
{
    Str directory = search->directory, whole;

    *out = (StrList){0};
    if (search->remote && remote_is_source(pattern)) {
        TRY(fetch(a, search, &pattern));
        if (!pattern.len)
            return NULL;
    }
    whole = path_join(a, directory, pattern);
    if (!glob_has_magic(pattern) || file_kind(str_c(a, whole)) != FILE_MISSING) {
        if (file_kind(str_c(a, whole)) != FILE_MISSING)
            *vec_add(a, out) = whole;
        return NULL;
    }
    if (!glob_valid(pattern))
        return error_new(ERROR_INPUT, "\"%.*s\" is no valid pattern", STR_ARG(pattern));
    Str base = path_is_absolute(pattern) ? STR("/") : directory.len ? directory : STR(".");
    Str rest = path_is_absolute(pattern) ? str_skip(pattern, 1) : pattern;
    return expand(a, base, path_clean(a, rest), 0, out);
}

static Error *missing(Arena *a, const ValuesRequest *request, const ValuesEntry *entry)
{
    Str path = remote_is_source(entry->path) ? remote_shown(a, entry->path)
                                             : path_join(a, request->search.directory, entry->path);

    if (request->missing == MISSING_FILE_ERROR && !entry->place.file)
        return error_new(ERROR_INPUT, "%s file \"%.*s\" does not exist", request->what,
                         STR_ARG(path));
    if (request->missing == MISSING_FILE_ERROR)
        return error_hint(
            error_at(entry->place, "%s file \"%.*s\" does not exist", request->what, STR_ARG(path)),
            "missingFileHandler: Warn lets it be missing");
    if (request->missing == MISSING_FILE_WARN)
        log_warn("%s:%d: %s file \"%.*s\" does not exist and is skipped", entry->place.file,
                 entry->place.line, request->what, STR_ARG(remote_source_shown(a, entry->path)));
    return NULL;
}

/* The dot of a template among the files: what is known so far, for `fallback` lists. */
static Value dot_of(Arena *a, const ValuesRequest *request, const ValueMap *so_far)
{
    ValueMap *dot = environment_dot(a, request->environment, (Str){"", 0});

    if (request->first_wins && so_far->len) {
        const Value *values = value_map_get_c(dot, "Values");
        ValueMap *enriched = values_merge_list(a, so_far, values->map);
        Value both = value_thaw(a, value_of_map(enriched));

        value_map_set_c(a, dot, "Values", both);
        value_map_set_c(a, dot, "StateValues", value_typed(both, TYPE_STATE_VALUES));
    }
    return value_of_map(dot);
}

/* OUT->values stays NULL where there is nothing in the file at PATH. */
static Error *load_file(Arena *a, const ValuesRequest *request, Str path, const ValueMap *so_far,
                        ValuesLayer *out)
{
    const char *name = out->file = str_c(a, path);
    Value v;

    TRY(file_read(a, name, &out->source));
    out->text = out->source;
    if (str_is(path_extension(path), ".gotmpl")) {
        out->map = template_map_new(a);
        out->dot = dot_of(a, request, so_far);
        TRY(environment_render(
            request->templates, a,
            &(EnvironmentTemplate){.name = name,
                                   .text = out->source,
                                   .directory = path_directory(a, path),
                                   .dot = out->dot,
                                   .map = out->map,
                                   .reads = request->layers ? &out->reads : NULL},
            &out->text));
    }
    Error *err = yaml_parse(a, name, out->text, YAML_HELMFILE, &v);
    TRY(out->map ? template_map_error(out->map, err, out->text, out->source) : err);
    if (v.kind != VALUE_MAP && v.kind != VALUE_NULL)
        return error_at((Place){name, 1, 1}, "values must be a map, not a %s",
                        value_kind_name(v.kind));
    out->values = v.kind == VALUE_MAP ? v.map : NULL;
    return NULL;
}

static void note_layer(Arena *a, const ValuesRequest *request, const ValuesLayer *layer)
{
    if (!request->layers)
        return;
    ValuesLayer *noted = vec_add(a, request->layers);
    *noted = *layer;
    noted->what = request->what;
    noted->rank = VALUES_OF_ENVIRONMENT;
}

static void add_layer(Arena *a, const ValuesRequest *request, const ValuesLayer *layer,
                      ValueMap **merged)
{
    if (!layer->values)
        return;
    note_layer(a, request, layer);
    *merged = request->first_wins ? values_merge_layer(a, layer->values, *merged)
                                  : values_merge_list(a, *merged, layer->values);
}

static void note_entry(Arena *a, const ValuesRequest *request, const ValuesEntry *entry)
{
    environment_templates_note(request->templates,
                               path_join(a, request->search.directory, entry->path));
}

/* Files of HCL count together, over all others: FILES are collected for add_hcl. */
static Error *load_entry(Arena *a, const ValuesRequest *request, const ValuesEntry *entry,
                         HclFileList *hcl, ValueMap **merged)
{
    StrList files;

    if (entry->values) {
        add_layer(a, request, &(ValuesLayer){.place = entry->place, .values = entry->values},
                  merged);
        return NULL;
    }
    note_entry(a, request, entry);
    TRY(error_place_at(environment_find_files(a, &request->search, entry->path, &files),
                       entry->place));
    if (!files.len)
        return missing(a, request, entry);
    for (size_t i = 0; i < files.len; i++) {
        ValuesLayer layer = {.place = entry->place};

        if (str_is(path_extension(files.items[i]), ".hcl")) {
            HclFile file = {.path = str_c(a, files.items[i])};

            TRY(file_read(a, file.path, &file.text));
            *vec_add(a, hcl) = file;
            continue;
        }
        TRY(error_named(load_file(a, request, files.items[i], *merged, &layer), entry->place,
                        "%s file \"%.*s\"", request->what,
                        STR_ARG(remote_source_shown(a, entry->path))));
        add_layer(a, request, &layer, merged);
    }
    return NULL;
}

static Error *add_hcl(Arena *a, const ValuesRequest *request, const HclFileList *files,
                      ValueMap **merged)
{
    ValueMap *layer;

    if (!files->len)
        return NULL;
    TRY(error_wrap(hcl_load(a, files, &layer), "%s", request->what));
    add_layer(a, request, &(ValuesLayer){.file = files->items[0].path, .values = layer}, merged);
    return NULL;
}

/* ---- encrypted files */

/* An encrypted file, and the entry that named it. */
typedef struct SecretFile {
    Str path;
    const ValuesEntry *entry;
} SecretFile;

typedef VEC(SecretFile) SecretFileList;

static Error *find_secrets(Arena *a, const ValuesRequest *request, SecretFileList *out)
{
    for (size_t i = 0; i < request->secrets->len; i++) {
        const ValuesEntry *entry = &request->secrets->items[i];
        StrList files;

        if (entry->values)
            return error_at(entry->place, "the encrypted values of an environment must be a file");
        note_entry(a, request, entry);
        TRY(error_place_at(environment_find_files(a, &request->search, entry->path, &files),
                           entry->place));
        if (!files.len)
            TRY(missing(a, request, entry));
        for (size_t j = 0; j < files.len; j++)
            *vec_add(a, out) = (SecretFile){files.items[j], entry};
    }
    return NULL;
}

static Error *read_secret(Arena *a, const ValuesRequest *request, Str path, Value *out)
{
    const char *name = str_c(a, path);
    Str text;

    TRY(secrets_read_file(environment_templates_secrets(request->templates), a, path, &text));
    TRY(yaml_parse(a, name, text, YAML_HELMFILE, out));
    if (out->kind != VALUE_MAP && out->kind != VALUE_NULL)
        return error_at((Place){name, 1, 1}, "values must be a map, not a %s",
                        value_kind_name(out->kind));
    if (sops_format_of(path) == SOPS_BINARY)
        secrets_redact(*out); // as a whole it was one secret: each of its parts is
    return NULL;
}

static bool is_hcl(const SecretFile *file)
{
    return str_is(path_extension(file->path), ".hcl");
}

/* ERR, of reading FILE. */
static Error *of_secret(Arena *a, const SecretFile *file, Error *err)
{
    return error_named(err, file->entry->place, "secrets file \"%.*s\"",
                       STR_ARG(remote_source_shown(a, file->entry->path)));
}

/* Begin to decrypt them all; those of HCL count together with the others in HCL. */
static Error *open_secrets(Arena *a, const ValuesRequest *request, HclFileList *hcl,
                           SecretFileList *out)
{
    Secrets *secrets = environment_templates_secrets(request->templates);

    if (!request->secrets)
        return NULL;
    TRY(find_secrets(a, request, out));
    Str *paths = arena_array(a, Str, out->len);
    for (size_t i = 0; i < out->len; i++)
        paths[i] = out->items[i].path;
    secrets_prefetch_files(secrets, paths, out->len);
    for (size_t i = 0; i < out->len; i++) {
        HclFile file = {.path = str_c(a, paths[i]), .secret = true};

        if (!is_hcl(&out->items[i]))
            continue;
        TRY(of_secret(a, &out->items[i], secrets_read_file(secrets, a, paths[i], &file.text)));
        *vec_add(a, hcl) = file;
    }
    return NULL;
}

static Error *add_secrets(Arena *a, const ValuesRequest *request, const SecretFileList *files,
                          ValueMap **merged)
{
    for (size_t i = 0; i < files->len; i++) {
        const SecretFile *file = &files->items[i];
        Value layer = value_null();

        if (!is_hcl(file))
            TRY(of_secret(a, file, read_secret(a, request, file->path, &layer)));
        if (layer.kind != VALUE_MAP)
            continue;
        note_layer(a, request,
                   &(ValuesLayer){.place = file->entry->place,
                                  .file = str_c(a, file->path),
                                  .values = layer.map});
        *merged = values_merge_list(a, *merged, layer.map);
    }
    return NULL;
}

Error *environment_load(Arena *a, const ValuesRequest *request, ValueMap **out)
{
    ValueMap *merged = value_map_new(a);
    HclFileList hcl = {0};
    SecretFileList secrets = {0};

    for (size_t i = 0; i < request->entries->len; i++)
        TRY(load_entry(a, request, &request->entries->items[i], &hcl, &merged));
    TRY(open_secrets(a, request, &hcl, &secrets));
    TRY(add_hcl(a, request, &hcl, &merged));
    TRY(add_secrets(a, request, &secrets, &merged));
    *out = merged;
    return NULL;
}
