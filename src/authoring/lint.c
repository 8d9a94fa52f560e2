/*
 * lint.c - `relfile chart lint`: charts held against what helm lint wants of them.
 * Source: helm, pkg/cmd/lint.go, pkg/action/lint.go, pkg/chart/v2/lint/rules.
 */
#include "authoring/lint.h"

#include "authoring/values.h"

#include "base/json.h"
#include "base/path.h"
#include "base/yaml.h"
#include "io/file.h"
#include "io/tree.h"

#include <stdarg.h>

/* ---- messages */

bool lint_rule(Lint *l, LintSeverity severity, const char *path, bool okay, const char *format, ...)
{
    va_list args;

    if (okay)
        return true;
    va_start(args, format);
    *vec_add(l->arena, &l->messages) = (LintMessage){severity, str_copy(l->arena, str_from(path)),
                                                     str_format_v(l->arena, format, args)};
    va_end(args);
    return false;
}

/* "file:3:5: message" */
static Str error_text(Arena *a, Error *err)
{
    Place place = error_place(err);
    Buf b = {.arena = a};

    if (place.file && place.line)
        buf_format(&b, "%s:%d:%d: ", place.file, place.line, place.column);
    else if (place.file)
        buf_format(&b, "%s: ", place.file);
    buf_add_c(&b, error_message(err));
    error_free(err);
    return buf_str(&b);
}

bool lint_error(Lint *l, LintSeverity severity, const char *path, const char *what, Error *err)
{
    if (!err)
        return true;
    Str text = error_text(l->arena, err);
    bool several =
        str_find_char(text, '\n') != STR_NONE; // of a schema's problems each ends its line
    return lint_rule(l, severity, path, false, "%s%.*s%s", what, STR_ARG(text),
                     several ? "\n" : "");
}

/* ---- values.yaml */

static const char *file_of(const Lint *l, const char *name)
{
    return str_format(l->arena, "%s/%s", l->folder, name).ptr;
}

/* Only the chart's own values, as helm has it. */
static Error *check_values(Lint *l, Str text, Str *problems)
{
    ValueMap *values = value_map_new(l->arena);
    const char *schema_file = file_of(l, "values.schema.json");
    Str schema;

    *problems = (Str){0};
    TRY(error_wrap(chart_values_add(l->arena, "values.yaml", text, values),
                   "unable to parse YAML"));
    if (l->options->skip_schema || file_kind(schema_file) != FILE_REGULAR)
        return NULL;
    TRY(file_read(l->arena, schema_file, &schema));
    value_merge(l->arena, values, l->values);
    return chart_check_values(l->arena, "values.schema.json", schema, values, problems);
}

static void lint_values(Lint *l)
{
    const char *path = file_of(l, "values.yaml");
    Str text, problems;

    if (!lint_rule(l, LINT_INFO, "values.yaml", file_kind(path) != FILE_MISSING,
                   "file does not exist"))
        return;
    Error *err = file_read(l->arena, path, &text);
    if (!err)
        err = check_values(l, text, &problems);
    if (lint_error(l, LINT_ERROR, "values.yaml", "", err) && problems.len)
        lint_rule(l, LINT_ERROR, "values.yaml", false, "%.*s", (int)problems.len, problems.ptr);
}

/* ---- dependencies */

/* The names of declared dependencies, or of those in charts/. */
static StrList names_of(Arena *a, const ChartParts *parts, bool declared)
{
    const Value *list = value_map_get_c(parts->metadata.map, "dependencies");
    StrList names = {0};

    for (size_t i = 0; declared && list && list->kind == VALUE_LIST && i < list->list.len; i++)
        *vec_add(a, &names) = value_map_string(list->list.items[i].map, "name");
    for (size_t i = 0; !declared && i < parts->dependency_count; i++)
        *vec_add(a, &names) = chart_name(parts->dependencies[i]);
    return names;
}

/* Those of NAMES that are not in OTHERS, with commas. */
static Str missing_from(Arena *a, StrList names, StrList others)
{
    Buf b = {.arena = a};

    for (size_t i = 0; i < names.len; i++) {
        bool found = false;

        for (size_t j = 0; j < others.len && !found; j++)
            found = str_equal(names.items[i], others.items[j]);
        if (!found)
            buf_format(&b, "%s%.*s", b.len ? "," : "", STR_ARG(names.items[i]));
    }
    return buf_str(&b);
}

static void lint_dependencies(Lint *l)
{
    DEFER(shared_free) Shared *shared = shared_new();
    const Chart *chart;

    if (!lint_error(l, LINT_ERROR, "", "unable to load chart\n\t",
                    chart_load(shared, l->folder, &chart)))
        return;
    ChartParts parts = chart_parts(l->arena, chart);
    StrList declared = names_of(l->arena, &parts, true), there = names_of(l->arena, &parts, false);
    Str undeclared = missing_from(l->arena, there, declared);
    Str missing = missing_from(l->arena, declared, there);
    lint_rule(l, LINT_ERROR, l->folder, !undeclared.len,
              "chart metadata is missing these dependencies: %.*s", STR_ARG(undeclared));
    lint_rule(l, LINT_WARNING, l->folder, !missing.len,
              "chart directory is missing these dependencies: %.*s", STR_ARG(missing));
}

/* ---- crds/ */

static bool lint_crd_file(Lint *l, const ChartFile *file)
{
    const char *path = str_c(l->arena, file->name);
    YamlDocuments documents = {0};

    if (!lint_error(l, LINT_ERROR, path,
                    "unable to parse YAML: ", yaml_read(l->arena, path, file->data, &documents)))
        return false;
    for (size_t i = 0; i < documents.len; i++) {
        Value v;

        if (!lint_error(l, LINT_ERROR, path, "unable to parse YAML: ",
                        yaml_value(l->arena, path, documents.items[i], YAML_HELM, &v)))
            return false;
        if (v.kind != VALUE_MAP)
            continue;
        lint_rule(l, LINT_ERROR, path,
                  str_starts(value_map_string(v.map, "apiVersion"), STR("apiextensions.k8s.io")),
                  "apiVersion is not in 'apiextensions.k8s.io'");
        lint_rule(l, LINT_ERROR, path,
                  str_is(value_map_string(v.map, "kind"), "CustomResourceDefinition"),
                  "object kind is not 'CustomResourceDefinition'");
    }
    return true;
}

static void lint_crds(Lint *l)
{
    DEFER(shared_free) Shared *shared = shared_new();
    const char *folder = file_of(l, "crds");
    const Chart *chart;

    if (file_kind(folder) == FILE_MISSING)
        return;
    if (!lint_rule(l, LINT_ERROR, "crds/", file_kind(folder) == FILE_DIRECTORY,
                   "not a directory") ||
        !lint_error(l, LINT_ERROR, "crds/", "", chart_load(shared, l->folder, &chart)))
        return;
    ChartParts parts = chart_parts(l->arena, chart);
    for (size_t i = 0; i < parts.files->len; i++)
        if (chart_file_is_crd(parts.files->items[i].name) &&
            !lint_crd_file(l, &parts.files->items[i]))
            return;
}

/* ---- charts */

static Error *lint_folder(Lint *l, const char *path)
{
    l->folder = file_absolute(l->arena, path).ptr;
    if (file_kind(file_of(l, "Chart.yaml")) == FILE_MISSING)
        return error_new(ERROR_INPUT,
                         "unable to check Chart.yaml file in chart: stat %s: no such "
                         "file or directory",
                         str_format(l->arena, "%s/Chart.yaml", path).ptr);
    lint_metadata(l);
    lint_values(l);
    lint_templates(l);
    lint_dependencies(l);
    lint_crds(l);
    return NULL;
}

static bool is_archive(Str path)
{
    return str_ends(path, STR(".tgz")) || str_ends(path, STR(".tar.gz"));
}

static Error *unpack(Arena *a, const char *path, const char *folder, const char **out)
{
    ChartFileList files = {0};

    TRY(chart_read_files(a, path, &files));
    for (size_t i = 0; i < files.len; i++)
        TRY(file_replace_unsynced(path_join(a, str_from(folder), files.items[i].name).ptr,
                                  files.items[i].data));
    *out = folder;
    return NULL;
}

static Error *lint_path(Lint *l, const char *path)
{
    const char *folder = NULL;

    if (!is_archive(str_from(path)))
        return lint_folder(l, path);
    TRY(tree_make_temporary(l->arena, "/tmp", &folder));
    Error *err = unpack(l->arena, path, folder, &path);
    if (!err)
        err = lint_folder(l, path);
    error_free(tree_remove(folder));
    return err;
}

/* ---- the command */

/* The charts in PATH's charts/, however deep. */
static Error *add_subcharts(Arena *a, Str path, StrList *out)
{
    FileEntryList entries;

    if (file_kind(str_c(a, path)) != FILE_DIRECTORY)
        return NULL;
    TRY(directory_read(a, str_c(a, path), &entries));
    for (size_t i = 0; i < entries.len; i++) {
        Str name = entries.items[i].name, inner = path_join(a, path, name);

        if (entries.items[i].is_directory)
            TRY(add_subcharts(a, inner, out));
        else if (str_is(name, "Chart.yaml"))
            *vec_add(a, out) = path;
        else if (is_archive(name))
            *vec_add(a, out) = inner;
    }
    return NULL;
}

static void print(Buf *out, const Lint *l, const char *path, Str failure)
{
    static const char *const names[] = {"INFO", "WARNING", "ERROR"};

    buf_format(out, "==> Linting %s\n", path);
    if (!l->messages.len && failure.len)
        buf_format(out, "Error %.*s\n", STR_ARG(failure));
    for (size_t i = 0; i < l->messages.len; i++) {
        const LintMessage *m = &l->messages.items[i];

        if (!l->options->quiet || m->severity > LINT_INFO)
            buf_format(out, "[%s] %.*s: %.*s\n", names[m->severity], STR_ARG(m->path),
                       STR_ARG(m->text));
    }
    buf_add_char(out, '\n');
}

/* Whether PATH's chart is to be called failed; *TOLD, whether anything but information is said. */
static bool lint_one(const AuthoringOptions *o, const ValueMap *values, const char *path, Buf *out,
                     bool *told)
{
    Lint l = {.arena = out->arena, .options = o, .values = values};
    Error *err = lint_path(&l, path);
    bool failed = err != NULL, any = failed;
    Str failure = err ? error_text(out->arena, err) : (Str){"", 0};

    for (size_t i = 0; i < l.messages.len; i++) {
        LintSeverity severity = l.messages.items[i].severity;

        any |= severity > LINT_INFO;
        failed |= severity >= (o->strict ? LINT_WARNING : LINT_ERROR);
    }
    *told |= any;
    if (any || !o->quiet)
        print(out, &l, path, failure);
    return failed;
}

Error *authoring_lint(const AuthoringOptions *options, const StrList *paths, Buf *out, bool *failed)
{
    StrList all = {0};
    size_t failures = 0;
    bool told = false;
    ValueMap *values;

    for (size_t i = 0; i < paths->len; i++)
        *vec_add(out->arena, &all) = paths->items[i];
    for (size_t i = 0; options->with_subcharts && i < paths->len; i++)
        TRY(add_subcharts(out->arena, path_join(out->arena, paths->items[i], STR("charts")), &all));
    TRY(authoring_values(out->arena, &options->values, &values));
    for (size_t i = 0; i < all.len; i++)
        failures += lint_one(options, values, str_c(out->arena, all.items[i]), out, &told);
    *failed = failures > 0;
    if (*failed)
        return error_new(ERROR_INPUT, "%zu chart(s) linted, %zu chart(s) failed", all.len,
                         failures);
    if (!options->quiet || told)
        buf_format(out, "%zu chart(s) linted, 0 chart(s) failed\n", all.len);
    return NULL;
}
