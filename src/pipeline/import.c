/*
 * import.c - `import`: a spec for the releases that are installed.
 *
 * A record has the values that a release was given, and helm's its chart as it was. A chart that is
 * in one of the repositories, or in the folder of charts, which the user names is named there; of
 * any other the folder is written out of the record, so that what is rendered is what is installed.
 */
#include "pipeline/run.h"

#include "base/base64.h"
#include "base/path.h"
#include "base/yaml.h"
#include "io/file.h"
#include "io/log.h"

#include <ctype.h>

enum { LEAST_SECRET = 4 /* bytes: what is shorter says nothing */ };

/* What is being written. */
typedef struct Import {
    Run *run;
    Arena *arena;
    const ImportOptions *options;
    RepositoryList repositories;
    Remote *remote;
    Buf spec;
    StrList charts; /* folders that have been written */
    size_t count;
} Import;

/* ---- files */

static Error *write_file(const Import *m, Str name, Str text)
{
    const char *path = path_join(m->arena, str_from(m->options->folder), name).ptr;

    if (file_exists(path) && !m->options->overwrites)
        return error_hint(error_new(ERROR_INPUT, "%s is already there", path),
                          "--force overwrites it, --output-dir writes elsewhere");
    return file_replace_public(path, text);
}

static Error *write_yaml(const Import *m, Str name, Value v)
{
    Buf b = {.arena = m->arena};

    TRY(yaml_write(&b, v, YAML_WRITE_HELMFILE));
    return write_file(m, name, buf_str(&b));
}

/* ---- secrets among values */

/* The texts that objects of kind Secret hold. */
static void secrets_of(Arena *a, const ManifestList *manifests, StrList *out)
{
    static const char *const fields[] = {"data", "stringData"};

    for (size_t i = 0; i < manifests->len; i++)
        for (size_t j = 0; str_is(manifests->items[i].kind, "Secret") && j < COUNT(fields); j++) {
            const Value *data = value_at(&manifests->items[i].object, str_from(fields[j]));

            for (size_t k = 0; data && data->kind == VALUE_MAP && k < data->map->len; k++) {
                const Value *v = &data->map->entries[k].value;
                Str text = v->kind == VALUE_STRING ? v->string : (Str){0};
                Error *err = j == 0 ? base64_decode(a, text, &text) : NULL;

                error_free(err);
                if (!err && text.len >= LEAST_SECRET)
                    *vec_add(a, out) = text;
            }
        }
}

static bool is_secret_name(Arena *a, Str key)
{
    static const char *const words[] = {"password", "passwd",     "secret",     "token",
                                        "apikey",   "privatekey", "credential", "passphrase"};
    Str lower = str_lower(a, key);

    for (size_t i = 0; i < COUNT(words); i++)
        if (str_find(lower, str_from(words[i])) != STR_NONE)
            return true;
    return false;
}

static bool is_secret(Arena *a, const StrList *secrets, Str key, Value v)
{
    if (v.kind != VALUE_STRING || v.string.len < LEAST_SECRET)
        return false;
    if (is_secret_name(a, key))
        return true;
    for (size_t i = 0; i < secrets->len; i++)
        if (str_find(secrets->items[i], v.string) != STR_NONE)
            return true;
    return false;
}

/* Secrets that are taken out of a release's values. */
typedef struct Hiding {
    const Import *import;
    const Record *record;
    StrList secrets;   /* what its Secrets hold */
    StrList variables; /* that take the place of what was found */
} Hiding;

static Str variable_of(Hiding *h, Str path)
{
    Buf b = {.arena = h->import->arena};
    Str whole = str_format(h->import->arena, "%.*s_%.*s", STR_ARG(h->record->name), STR_ARG(path));

    for (size_t i = 0; i < whole.len; i++) {
        unsigned char c = (unsigned char)whole.ptr[i];

        buf_add_char(&b, isalnum(c) ? (char)toupper(c) : '_');
    }
    return buf_str(&b);
}

/* What stands for variable NUMBER until the YAML is written. */
static Str mark_of(Arena *a, size_t number)
{
    return str_format(a, "relfile-secret-%zu-", number);
}

static Value without_secrets(Hiding *h, Str path, Str key, Value v)
{
    Arena *a = h->import->arena;

    if (is_secret(a, &h->secrets, key, v)) {
        *vec_add(a, &h->variables) = variable_of(h, path);
        return value_string(mark_of(a, h->variables.len - 1));
    }
    if (v.kind == VALUE_MAP && v.map) {
        ValueMap *copy = value_map_shallow(a, v.map);

        for (size_t i = 0; i < copy->len; i++) {
            Str name = copy->entries[i].key;

            copy->entries[i].value = without_secrets(
                h, str_format(a, "%.*s%s%.*s", STR_ARG(path), path.len ? "_" : "", STR_ARG(name)),
                name, copy->entries[i].value);
        }
        return value_of_map(copy);
    }
    if (v.kind == VALUE_LIST) {
        Value *items = arena_array(a, Value, v.list.len);

        for (size_t i = 0; i < v.list.len; i++)
            items[i] = without_secrets(h, str_format(a, "%.*s_%zu", STR_ARG(path), i), key,
                                       v.list.items[i]);
        return value_list(items, v.list.len);
    }
    return v;
}

/* TEXT, YAML, as a template: marks become variables, and what looks like a template stays. */
static Str as_template(Arena *a, Str text, const StrList *variables)
{
    Buf b = {.arena = a};

    for (size_t i = 0; i < text.len; i++) {
        Str rest = str_skip(text, i);
        bool found = false;

        for (size_t j = 0; j < variables->len && !found; j++) {
            Str mark = mark_of(a, j);

            found = str_starts(rest, mark);
            if (!found)
                continue;
            buf_format(&b, "{{ requiredEnv \"%.*s\" | quote }}", STR_ARG(variables->items[j]));
            i += mark.len - 1;
        }
        if (!found && str_starts(rest, STR("{{"))) {
            buf_add_c(&b, "{{ \"{{\" }}");
            i++;
        } else if (!found) {
            buf_add_char(&b, text.ptr[i]);
        }
    }
    return buf_str(&b);
}

/* The release's values in a file, *NAME; empty where it was given none. */
static Error *write_values(const Import *m, const Record *r, Str *name)
{
    Hiding h = {.import = m, .record = r};
    ManifestList manifests = {0};
    Buf b = {.arena = m->arena};
    Value values = r->values;

    *name = (Str){0};
    if (values.kind != VALUE_MAP || !values.map->len)
        return NULL;
    if (!m->options->with_secrets) {
        TRY(manifest_parse(m->arena, r->name, r->manifest, &manifests));
        secrets_of(m->arena, &manifests, &h.secrets);
        values = without_secrets(&h, (Str){"", 0}, (Str){"", 0}, values);
    }
    TRY(yaml_write(&b, values, YAML_WRITE_HELMFILE));
    *name = str_format(m->arena, "values/%.*s/%.*s.yaml%s", STR_ARG(r->namespace), STR_ARG(r->name),
                       h.variables.len ? ".gotmpl" : "");
    for (size_t i = 0; i < h.variables.len; i++)
        log_warn("%.*s: a secret is left out: set %.*s in the environment, or --with-secrets",
                 STR_ARG(*name), STR_ARG(h.variables.items[i]));
    return write_file(
        m, *name, h.variables.len ? as_template(m->arena, buf_str(&b), &h.variables) : buf_str(&b));
}

/* ---- charts */

static Error *write_chart_files(const Import *m, Str folder, const Value *files)
{
    for (size_t i = 0; files && files->kind == VALUE_LIST && i < files->list.len; i++) {
        const Value *file = &files->list.items[i];
        Str name = file->kind == VALUE_MAP ? value_map_string(file->map, "name") : (Str){0}, data;

        if (!name.len || path_is_absolute(name) ||
            str_starts(path_clean(m->arena, name), STR("..")))
            return error_new(ERROR_INPUT, "the record's chart has a file \"%.*s\"", STR_ARG(name));
        TRY(base64_decode(m->arena, value_map_string(file->map, "data"), &data));
        TRY(write_file(m, path_join(m->arena, folder, name), data));
    }
    return NULL;
}

/* The chart of R, as its record has it, in a folder. Its dependencies are not in records. */
static Error *write_chart(const Import *m, const Record *r, Str folder)
{
    const ValueMap *chart = r->chart.map;
    const Value *metadata = value_map_get_c(chart, "metadata");
    const Value *values = value_map_get_c(chart, "values");
    const Value *declared = metadata && metadata->kind == VALUE_MAP
                                ? value_map_get_c(metadata->map, "dependencies")
                                : NULL;
    Str schema = value_map_string(chart, "schema");

    if (declared && declared->kind == VALUE_LIST && declared->list.len)
        log_warn("%.*s: what the chart depends on is in no record: relfile fetches it as "
                 "Chart.yaml says, or name the chart's repository with --repository",
                 STR_ARG(folder));
    TRY(write_yaml(m, path_join(m->arena, folder, STR("Chart.yaml")), *metadata));
    if (values && values->kind == VALUE_MAP)
        TRY(write_yaml(m, path_join(m->arena, folder, STR("values.yaml")), *values));
    if (schema.len) {
        TRY(base64_decode(m->arena, schema, &schema));
        TRY(write_file(m, path_join(m->arena, folder, STR("values.schema.json")), schema));
    }
    TRY(write_chart_files(m, folder, value_map_get_c(chart, "templates")));
    return write_chart_files(m, folder, value_map_get_c(chart, "files"));
}

/* The repository that has R's chart in its version; NULL: none of those that were named. */
static Error *find_repository(const Import *m, const Record *r, const Repository **out)
{
    *out = NULL;
    for (size_t i = 0; i < m->repositories.len && !*out; i++) {
        const Repository *repository = &m->repositories.items[i];
        ChartQuery query = {.chart = str_format(m->arena, "%.*s/%.*s", STR_ARG(repository->name),
                                                STR_ARG(r->chart_name)),
                            .version = r->chart_version,
                            .known = &m->repositories};
        ChartSource source;
        Error *err = repository_find(m->remote, m->arena, &query, &source);

        if (err && error_kind_of(err) != ERROR_NOT_FOUND)
            return err;
        if (!err)
            *out = repository;
        error_free(err);
    }
    return NULL;
}

static bool is_written(Import *m, Str folder)
{
    for (size_t i = 0; i < m->charts.len; i++)
        if (str_equal(m->charts.items[i], folder))
            return true;
    *vec_add(m->arena, &m->charts) = folder;
    return false;
}

/* Whether R's chart is in the folder of charts, and how the spec names it there. */
static bool local_chart(const Import *m, const Record *r, Str *chart)
{
    Arena *a = m->arena;
    Str here, there, path;

    if (!m->options->charts)
        return false;
    path = path_join(a, str_from(m->options->charts), r->chart_name);
    if (file_kind(path_join(a, path, STR("Chart.yaml")).ptr) != FILE_REGULAR)
        return false;
    here = path_join(a, file_absolute(a, "."), str_from(m->options->folder));
    there = path_join(a, file_absolute(a, "."), path);
    *chart = path_relative(a, here, there);
    if (!str_starts(*chart, STR(".")))
        *chart = str_join(a, STR("./"), *chart);
    return true;
}

/* How the spec names R's chart; *VERSION is empty for a folder. */
static Error *place_chart(Import *m, const Record *r, Str *chart, Str *version)
{
    const Repository *repository;

    TRY(find_repository(m, r, &repository));
    if (repository) {
        *chart =
            str_format(m->arena, "%.*s/%.*s", STR_ARG(repository->name), STR_ARG(r->chart_name));
        *version = r->chart_version;
        return NULL;
    }
    if (local_chart(m, r, chart)) {
        *version = (Str){0};
        return NULL;
    }
    if (r->chart.kind != VALUE_MAP || !value_map_get_c(r->chart.map, "metadata"))
        return error_hint(error_new(ERROR_NOT_FOUND,
                                    "release %.*s: its record has no chart, and no repository has "
                                    "%.*s %.*s",
                                    STR_ARG(r->name), STR_ARG(r->chart_name),
                                    STR_ARG(r->chart_version)),
                          "--repository NAME=URL or --charts FOLDER says where it is");
    Str folder =
        str_format(m->arena, "charts/%.*s-%.*s", STR_ARG(r->chart_name), STR_ARG(r->chart_version));
    *chart = str_join(m->arena, STR("./"), folder);
    *version = (Str){0};
    return is_written(m, folder) ? NULL : write_chart(m, r, folder);
}

/* ---- the spec */

static void set_text(const Import *m, ValueMap *map, const char *key, Str text)
{
    if (text.len)
        value_map_set_c(m->arena, map, key, value_string(text));
}

static Error *add_release(Import *m, Record *r)
{
    ValueMap *map = value_map_new(m->arena);
    Str chart, version, values;
    Buf b = {.arena = m->arena};
    Str rest, line;

    if (r->status == RECORD_UNINSTALLED || r->status == RECORD_UNINSTALLING)
        return NULL;
    TRY(record_read(m->run->store, m->arena, r));
    TRY(place_chart(m, r, &chart, &version));
    TRY(write_values(m, r, &values));
    set_text(m, map, "namespace", r->namespace);
    set_text(m, map, "kubeContext", r->context);
    set_text(m, map, "chart", chart);
    set_text(m, map, "version", version);
    if (values.len) {
        Value *items = arena_array(m->arena, Value, 1);

        items[0] = value_string(values);
        value_map_set_c(m->arena, map, "values", value_list(items, 1));
    }
    TRY(yaml_write(&b, value_of_map(map), YAML_WRITE_HELMFILE));
    buf_format(&m->spec, "  - name: %.*s\n", STR_ARG(r->name));
    for (rest = buf_str(&b); str_line(&rest, &line);)
        buf_format(&m->spec, "    %.*s\n", STR_ARG(line));
    m->count++;
    return NULL;
}

static Error *read_repositories(Import *m)
{
    const StrList *said = &m->options->repositories;

    for (size_t i = 0; i < said->len; i++) {
        Repository *repository = vec_add(m->arena, &m->repositories);
        Str url = said->items[i], name;

        if (!str_cut(&url, '=', &name) || !name.len || !url.len)
            return error_new(ERROR_USAGE, "--repository wants NAME=URL, not \"%.*s\"",
                             STR_ARG(said->items[i]));
        *repository = (Repository){.name = name, .url = url};
    }
    return NULL;
}

static void write_repositories(Import *m)
{
    if (m->repositories.len)
        buf_add_c(&m->spec, "repositories:\n");
    for (size_t i = 0; i < m->repositories.len; i++) {
        const Repository *r = &m->repositories.items[i];
        bool oci = repository_is_oci(r->url);

        buf_format(&m->spec, "  - name: %.*s\n    url: %.*s\n%s", STR_ARG(r->name),
                   STR_ARG(oci ? str_skip(r->url, 6) : r->url), oci ? "    oci: true\n" : "");
    }
    if (m->repositories.len)
        buf_add_char(&m->spec, '\n');
}

static bool is_wanted(const Import *m, const Record *r)
{
    Str namespace = m->run->options->spec.namespace;

    return !namespace.len || str_equal(namespace, r->namespace);
}

static Error *import_all(Run *run, void *context)
{
    Import m = {.run = run,
                .arena = run->arena,
                .options = context,
                .remote = run->remote,
                .spec = {.arena = run->arena}};
    RecordList records;

    TRY(read_repositories(&m));
    TRY(record_list(run->store, m.arena, run->options->spec.kube_context, &records));
    write_repositories(&m);
    buf_add_c(&m.spec, "releases:\n");
    for (size_t i = 0; i < records.len; i++)
        if (is_wanted(&m, &records.items[i]))
            TRY(error_wrap(add_release(&m, &records.items[i]), "release %.*s",
                           STR_ARG(records.items[i].name)));
    if (!m.count)
        return error_new(ERROR_NO_MATCH, "no releases are installed there");
    TRY(write_file(&m, STR("helmfile.yaml"), buf_str(&m.spec)));
    log_info("%zu release%s in %s", m.count, m.count == 1 ? " is" : "s are",
             path_join(m.arena, str_from(m.options->folder), STR("helmfile.yaml")).ptr);
    return NULL;
}

Error *pipeline_import(const PipelineOptions *options, const ImportOptions *import)
{
    ImportOptions copy = *import;

    return run_on_store(options, import_all, &copy);
}
