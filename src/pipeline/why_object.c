/*
 * why_object.c - which lines of a chart's templates made a field of an object, and of which values.
 */
#include "pipeline/why.h"

#include "base/nearest.h"
#include "io/file.h"

Error *why_chart_values(const Step *step, ChartTrace *trace, Rendered *out)
{
    ChartCompat compat;
    RenderRequest request = {.revision = 1, .compat = &compat, .trace = trace};

    *out = (Rendered){0};
    TRY(release_compat(step, &compat));
    return release_render(step, &request, out);
}

static Str title_of(Arena *a, const Manifest *m)
{
    return str_format(a, "%.*s/%.*s", STR_ARG(m->kind), STR_ARG(m->name));
}

/* OBJECT is "Kind/name"; its kind in any case, as with kubectl. */
static bool is_called(Arena *a, const Manifest *m, Str object)
{
    return str_equal(str_lower(a, title_of(a, m)), str_lower(a, object));
}

static Error *find_object(Arena *a, const ChartOutput *output, Str object, const Manifest **out)
{
    const ManifestList *lists[] = {&output->manifests, &output->hooks};
    VEC(const char *) names = {0};

    for (size_t i = 0; i < COUNT(lists); i++)
        for (size_t j = 0; j < lists[i]->len; j++) {
            *out = &lists[i]->items[j];
            if (is_called(a, *out, object))
                return NULL;
            *vec_add(a, &names) = str_c(a, title_of(a, *out));
        }
    return nearest_hint(
        error_new(ERROR_NO_MATCH, "the release has no object \"%.*s\"", STR_ARG(object)), object,
        names.items, names.len);
}

/* FILE of a template ("web/templates/a.yaml") as a path, if the chart at CHART has it. */
static const char *path_of(Arena *a, const char *chart, const char *file)
{
    Str name = str_from(file), first;

    if (!str_cut(&name, '/', &first))
        return file;
    const char *path = str_format(a, "%s/%.*s", chart, STR_ARG(name)).ptr;
    return file_kind(path) == FILE_REGULAR ? path : file;
}

static TemplateMap *map_of(const ChartTrace *trace, Str name)
{
    for (size_t i = 0; i < trace->maps.len; i++)
        if (str_equal(trace->maps.items[i].name, name))
            return trace->maps.items[i].map;
    return NULL;
}

/* The lines of templates that made the byte at AT of FILE. */
static void add_lines(const Step *step, const ChartFile *file, size_t at, const ChartTrace *trace,
                      const char *chart, WhyAnswer *out)
{
    Arena *a = step->arena;
    ValueMap *dot = value_map_new(a);
    TemplateMap *map = map_of(trace, file->name);
    TemplateOrigins origins = {0};

    value_map_set_c(a, dot, "Values", value_of_map((ValueMap *)(uintptr_t)trace->values));
    if (map)
        template_map_origins(a, map, file->data, at, &origins);
    for (size_t i = 0; i < origins.len; i++) {
        Place place = origins.items[i].place;
        Str name = origins.items[i].name;

        why_reads_at(a, &trace->reads, place, value_of_map(dot), &out->reads);
        place.file = path_of(a, chart, place.file);
        *vec_add(a, &out->layers) = (WhyLayer){
            place,
            name.len ? str_format(a, "include \"%.*s\"", STR_ARG(name)).ptr : "rendered here",
            out->value, (StrList){0}};
    }
}

/* Where in FILE's text that is which is at PATH of M, which is a part of it. */
static Error *field_at_byte(Arena *a, const ChartFile *file, const Manifest *m, const WhyPath *path,
                            size_t *out)
{
    WhySource source = {.layer = {.file = file->name.ptr, .text = m->text}};
    const YamlNode *node;
    Str rest = m->text, line;

    TRY(why_node(a, &source, path, &node));
    for (int i = 1; i < node->line && str_line(&rest, &line);)
        i++;
    *out = (size_t)(rest.ptr - file->data.ptr) + (size_t)node->column - 1;
    return NULL;
}

static const ChartFile *file_of(const ChartOutput *output, const Manifest *m)
{
    for (size_t i = 0; i < output->files.len; i++) {
        const ChartFile *file = &output->files.items[i];

        if (str_equal(file->name, m->source) && m->text.ptr >= file->data.ptr &&
            m->text.ptr + m->text.len <= file->data.ptr + file->data.len)
            return file;
    }
    return NULL;
}

/* What changes objects after they were rendered. */
static void add_changes(const Step *step, WhyAnswer *out)
{
    const SpecRelease *spec = &step->release->spec;
    const struct {
        const char *what;
        const ValuesEntryList *entries;
    } lists[] = {{"strategicMergePatches", &spec->strategic_merge_patches},
                 {"jsonPatches", &spec->json_patches},
                 {"transformers", &spec->transformers}};

    for (size_t i = 0; i < COUNT(lists); i++)
        for (size_t j = 0; j < lists[i].entries->len; j++)
            *vec_add(step->arena, &out->layers) = (WhyLayer){
                lists[i].entries->items[j].place, lists[i].what, out->value, (StrList){0}};
}

static Error *explain(const Step *step, const ChartFile *file, const Manifest *m,
                      const ChartTrace *trace, const WhyPath *path, WhyAnswer *out)
{
    const char *chart;
    size_t at;

    TRY(release_chart_path(step->run, step->arena, step->release, &chart));
    TRY(field_at_byte(step->arena, file, m, path, &at));
    add_lines(step, file, at, trace, chart, out);
    return NULL;
}

Error *why_object(const Step *step, Str object, Str field, WhyAnswer *out)
{
    Arena *a = step->arena;
    WhyPath path = why_path(a, field);
    ChartTrace trace = {0};
    Rendered rendered;
    const Manifest *m = NULL;

    TRY(why_chart_values(step, &trace, &rendered));
    TRY(find_object(a, &rendered.output, object, &m));
    const Value *value = why_value(&m->object, &path, 0);
    *out = (WhyAnswer){.name = str_format(a, "%.*s%s%.*s", STR_ARG(title_of(a, m)),
                                          path.len ? " " : "", STR_ARG(field)),
                       .known = value,
                       .value = value && path.len ? *value : value_null()};
    if (!value)
        return error_new(ERROR_NO_MATCH, "%.*s has no \"%.*s\"", STR_ARG(title_of(a, m)),
                         STR_ARG(field));
    if (str_is(m->kind, "Secret") && path.len > 1)
        out->value = value_c("(hidden)");
    const ChartFile *file = file_of(&rendered.output, m);
    if (file)
        TRY(explain(step, file, m, &trace, &path, out));
    if (!file || !map_of(&trace, file->name))
        add_changes(step, out);
    return NULL;
}
