/*
 * lint_templates.c - what a chart's templates make of its values.
 * Source: helm, pkg/chart/v2/lint/rules/template.go.
 */
#include "authoring/lint.h"

#include "authoring/values.h"

#include "base/path.h"
#include "base/yaml.h"
#include "io/file.h"

#include <string.h>

static bool has_extension(Str name, const char *const *extensions)
{
    Str extension = path_extension(name);

    for (; *extensions; extensions++)
        if (str_is(extension, *extensions))
            return true;
    return false;
}

/* What the template NAME was rendered to; a blank text, if it was not. */
static Str rendered(const ChartOutput *output, Str path)
{
    for (size_t i = 0; i < output->files.len; i++)
        if (str_equal(output->files.items[i].name, path))
            return output->files.items[i].data;
    return (Str){"", 0};
}

static void check_indent(Lint *l, const char *path, Str text)
{
    Str line;

    for (bool more = true; more;) {
        more = str_cut(&text, '\n', &line);
        if (!str_trim(line).len)
            continue;
        lint_rule(l, LINT_WARNING, path, line.ptr[0] != ' ' && line.ptr[0] != '\t',
                  "document starts with an illegal indent: \"%.*s\", which may cause parsing "
                  "problems",
                  STR_ARG(line));
        return;
    }
}

static void check_name(Lint *l, const char *path, Str kind, Str name)
{
    Str problem = lint_name_problem(l->arena, kind, name);

    lint_rule(l, LINT_WARNING, path, !problem.len,
              "object name does not conform to Kubernetes naming requirements: \"%.*s\": "
              "metadata.name: Invalid value: \"%.*s\": %.*s",
              STR_ARG(name), STR_ARG(name), STR_ARG(problem));
}

static bool has_policy(const Value *list)
{
    for (size_t i = 0; list && list->kind == VALUE_LIST && i < list->list.len; i++) {
        const Value *annotations = value_at(&list->list.items[i], STR("metadata.annotations"));

        if (annotations && annotations->kind == VALUE_MAP &&
            value_map_get_c(annotations->map, "helm.sh/resource-policy"))
            return true;
    }
    return false;
}

static void check_object(Lint *l, const char *path, const ValueMap *map, Str text)
{
    static const char *const selecting[] = {"Deployment", "ReplicaSet", "DaemonSet", "StatefulSet",
                                            NULL};
    Str kind = value_map_string(map, "kind"), api = value_map_string(map, "apiVersion");
    const Value *metadata = value_map_get_c(map, "metadata");
    bool has_metadata = metadata && metadata->kind == VALUE_MAP && metadata->map;
    Str name = has_metadata ? value_map_string(metadata->map, "name") : STR("");
    Str old = lint_deprecation(l->arena, api, kind, l->options->kube_version);
    bool selects = str_find(text, STR("matchLabels")) != STR_NONE ||
                   str_find(text, STR("matchExpressions")) != STR_NONE;

    check_name(l, path, kind, name);
    lint_rule(l, LINT_WARNING, path, !old.len, "%.*s", STR_ARG(old));
    for (size_t i = 0; selecting[i]; i++)
        if (str_is(kind, selecting[i]))
            lint_rule(l, LINT_ERROR, path, selects,
                      "a %.*s must contain matchLabels or matchExpressions, and \"%.*s\" does not",
                      STR_ARG(kind), STR_ARG(name));
    if (str_is(kind, "List"))
        lint_rule(l, LINT_ERROR, path, !has_policy(value_map_get_c(map, "items")),
                  "annotation 'helm.sh/resource-policy' within List objects are ignored");
}

/* Take the document off the front of *REST: up to a line of "---", which is dropped. */
static Str take_document(Str *rest)
{
    Str all = *rest, line;

    for (bool more = true; more;) {
        size_t at = (size_t)(rest->ptr - all.ptr);

        more = str_cut(rest, '\n', &line);
        if (str_starts(line, STR("---")))
            return str_slice(all, 0, at);
    }
    *rest = (Str){"", 0};
    return all;
}

/* False where no more is to be looked at. */
static bool check_text(Lint *l, const char *path, Str text)
{
    Str rest = text;

    check_indent(l, path, text);
    while (rest.len) {
        Str document = take_document(&rest);
        Value v;

        if (!lint_error(l, LINT_ERROR, path, "unable to parse YAML: ",
                        yaml_parse(l->arena, path, document, YAML_HELM, &v)))
            return false;
        if (v.kind == VALUE_MAP && v.map)
            check_object(l, path, v.map, text);
    }
    return true;
}

static void check_files(Lint *l, const Chart *chart, const ChartOutput *output)
{
    static const char *const allowed[] = {".yaml", ".yml", ".tpl", ".txt", NULL};
    static const char *const yaml[] = {".yaml", ".yml", NULL};
    ChartParts parts = chart_parts(l->arena, chart);

    for (size_t i = 0; i < parts.templates->len; i++) {
        Str name = parts.templates->items[i].name, extension = path_extension(name);
        const char *path = str_c(l->arena, name);
        Str text =
            rendered(output, str_format(l->arena, "%.*s/%s", STR_ARG(chart_name(chart)), path));

        lint_rule(l, LINT_ERROR, path, has_extension(name, allowed),
                  "file extension '%.*s' not valid. Valid extensions are .yaml, .yml, .tpl, or "
                  ".txt",
                  STR_ARG(extension));
        if (has_extension(str_lower(l->arena, name), yaml) && str_trim(text).len &&
            !check_text(l, path, text))
            return;
    }
}

void lint_templates(Lint *l)
{
    DEFER(shared_free) Shared *shared = shared_new();
    const char *folder = str_format(l->arena, "%s/templates", l->folder).ptr;
    const Chart *chart;
    ChartOutput output;

    if (!lint_rule(l, LINT_WARNING, "templates/", file_kind(folder) != FILE_MISSING,
                   "directory does not exist") ||
        !lint_rule(l, LINT_ERROR, "templates/", file_kind(folder) == FILE_DIRECTORY,
                   "not a directory") ||
        !lint_error(l, LINT_ERROR, "templates/", "", chart_load(shared, l->folder, &chart)))
        return;
    ChartRelease release = {.name = STR("test-release"),
                            .namespace = authoring_namespace(l->options),
                            .values = l->values,
                            .capabilities = {.kube_version = l->options->kube_version},
                            .skips_schema = l->options->skip_schema,
                            .lenient = true};
    if (lint_error(l, LINT_ERROR, "templates/", "",
                   chart_render(l->arena, chart, &release, &output)))
        check_files(l, chart, &output);
}
