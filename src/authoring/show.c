/*
 * show.c - `relfile chart show`: what is in a chart. Source: helm, pkg/action/show.go.
 */
#include "authoring/jsonpath.h"
#include "authoring/locate.h"

#include "base/yaml.h"

#include <string.h>
#include <strings.h>

static Error *add_metadata(Buf *b, const ChartParts *parts)
{
    TRY(yaml_write(b, parts->metadata, YAML_WRITE_HELM));
    buf_add_char(b, '\n');
    return NULL;
}

static void add_values(Buf *b, const ChartParts *parts, bool all)
{
    if (!parts->values.ptr)
        return;
    buf_format(b, "%s%.*s\n", all ? "---\n" : "", STR_ARG(parts->values));
}

/* What a template makes of them, as they are by default. */
static Error *add_from_values(Buf *b, const ChartParts *parts, Str template)
{
    const JsonPathNode *root;

    if (!parts->values.ptr)
        return NULL;
    TRY(jsonpath_parse(b->arena, template, &root));
    return jsonpath_print(b, root, value_of_map((ValueMap *)(uintptr_t)parts->defaults));
}

static bool is_readme(Str name)
{
    static const char *const names[] = {"readme.md", "readme.txt", "readme"};

    for (size_t i = 0; i < COUNT(names); i++)
        if (name.len == strlen(names[i]) && strncasecmp(name.ptr, names[i], name.len) == 0)
            return true;
    return false;
}

static void add_readme(Buf *b, const ChartParts *parts, bool all)
{
    for (size_t i = 0; i < parts->files->len; i++) {
        const ChartFile *file = &parts->files->items[i];

        if (!is_readme(file->name))
            continue;
        buf_add_c(b, all ? "---\n" : "");
        buf_add(b, file->data);
        buf_add_char(b, '\n');
        return;
    }
}

static void add_crds(Buf *b, const Chart *chart)
{
    ChartParts parts = chart_parts(b->arena, chart);

    for (size_t i = 0; i < parts.files->len; i++) {
        const ChartFile *file = &parts.files->items[i];

        if (!chart_file_is_crd(file->name))
            continue;
        if (!str_starts(file->data, STR("---")))
            buf_add_c(b, "---\n");
        buf_add(b, file->data);
        buf_add_char(b, '\n');
    }
    for (size_t i = 0; i < parts.dependency_count; i++)
        add_crds(b, parts.dependencies[i]);
}

Error *authoring_show(const AuthoringOptions *options, ShowWhat what, const char *chart, Buf *out)
{
    DEFER(shared_free) Shared *shared = shared_new();
    const Chart *loaded;
    const char *path;
    bool all = what == SHOW_ALL;

    TRY(authoring_locate(out->arena, &options->location, chart, &path));
    TRY(chart_load(shared, path, &loaded));
    ChartParts parts = chart_parts(out->arena, loaded);
    if (all || what == SHOW_CHART)
        TRY(add_metadata(out, &parts));
    if (what == SHOW_VALUES && options->jsonpath.len)
        TRY(add_from_values(out, &parts, options->jsonpath));
    else if (all || what == SHOW_VALUES)
        add_values(out, &parts, all);
    if (all || what == SHOW_README)
        add_readme(out, &parts, all);
    if (all || what == SHOW_CRDS)
        add_crds(out, loaded);
    return NULL;
}
