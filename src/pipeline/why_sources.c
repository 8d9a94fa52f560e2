/*
 * why_sources.c - what the sources of values say of one of them, and where.
 */
#include "pipeline/why.h"

#include "io/file.h"

static Place node_place(const WhySource *source, const YamlNode *node)
{
    const ValuesLayer *layer = &source->layer;
    Place place = {layer->file, node->line, node->column};

    if (!layer->map)
        return place;
    // what finds the places of errors finds that of any node
    Error *err =
        template_map_error(layer->map, error_at(place, "a value"), layer->text, layer->source);
    place = error_place(err);
    error_free(err);
    place.file = layer->file;
    return place;
}

static void read_node(Arena *a, WhySource *source)
{
    ValuesLayer *layer = &source->layer;
    YamlDocuments documents = {0};

    if (source->is_read || !layer->file)
        return;
    source->is_read = true;
    if (!layer->text.ptr) {
        Error *err = file_read(a, layer->file, &layer->text);
        error_free(err);
        if (err)
            return;
    }
    error_free(yaml_read(a, layer->file, layer->text, &documents));
    if (documents.len)
        source->node = documents.items[documents.len - 1];
}

Error *why_node(Arena *a, WhySource *source, const WhyPath *path, const YamlNode **out)
{
    read_node(a, source);
    if (!source->node)
        return error_new(ERROR_INPUT, "%s is no YAML", source->layer.file);
    *out = why_node_at(source->node, path, source->skipped);
    return NULL;
}

/* ---- sources */

WhySourceList why_state_sources(Arena *a, const SpecFile *file)
{
    WhySourceList sources = {0};

    for (int rank = VALUES_DEFAULTS; rank <= VALUES_OVERRIDES; rank++)
        for (size_t i = 0; i < file->layers.len; i++)
            if ((int)file->layers.items[i].rank == rank)
                *vec_add(a, &sources) = (WhySource){.layer = file->layers.items[i]};
    return sources;
}

/* Under which name CHART has its dependency NAME: an alias, if it is declared with one. */
static Str dependency_key(const ChartParts *parts, Str name)
{
    const Value *declared = value_at(&parts->metadata, STR("dependencies"));

    for (size_t i = 0; declared && declared->kind == VALUE_LIST && i < declared->list.len; i++) {
        const Value *item = &declared->list.items[i];
        Str alias = item->kind == VALUE_MAP ? value_map_string(item->map, "alias") : (Str){0};

        if (alias.len && str_equal(value_map_string(item->map, "name"), name))
            return alias;
    }
    return name;
}

static void chart_sources(Arena *a, const Chart *chart, Str path, const WhySource *where,
                          WhySourceList *out)
{
    ChartParts parts = chart_parts(a, chart);
    WhySource own = *where;

    for (size_t i = 0; i < parts.dependency_count; i++) {
        Str name = chart_name(parts.dependencies[i]), key = dependency_key(&parts, name);
        WhySource below = {.skipped = where->skipped + 1,
                           .prefix = str_format(a, "%.*s%s%.*s", STR_ARG(where->prefix),
                                                where->prefix.len ? "." : "", STR_ARG(key))};

        chart_sources(a, parts.dependencies[i],
                      str_format(a, "%.*s/charts/%.*s", STR_ARG(path), STR_ARG(name)), &below, out);
    }
    own.layer.what = where->skipped ? "defaults of a dependency" : "defaults of the chart";
    own.layer.file = str_format(a, "%.*s/values.yaml", STR_ARG(path)).ptr;
    own.layer.text = parts.values;
    own.layer.values = parts.defaults;
    if (parts.defaults)
        *vec_add(a, out) = own;
}

Error *why_release_sources(const Step *step, const Chart *chart, WhySourceList *out)
{
    ValuesLayerList layers = {0};
    const char *path;
    ValueMap *values;

    TRY(release_chart_path(step->run, step->arena, step->release, &path));
    if (chart)
        chart_sources(step->arena, chart, str_from(path), &(WhySource){0}, out);
    TRY(release_values_layers(step, &layers, &values));
    for (size_t i = 0; i < layers.len; i++)
        *vec_add(step->arena, out) = (WhySource){.layer = layers.items[i]};
    return NULL;
}

/* ---- answers */

static bool leads_to(Arena *a, const WhySource *source, const WhyPath *path)
{
    WhyPath prefix = why_path(a, source->prefix);

    if (path->len < prefix.len)
        return false;
    for (size_t i = 0; i < prefix.len; i++)
        if (!str_equal(prefix.items[i], path->items[i]))
            return false;
    return true;
}

static WhyLayer layer_of(Arena *a, WhySource *source, const WhyPath *path, const Value *value)
{
    WhyLayer layer = {.what = source->layer.what, .value = *value};

    read_node(a, source);
    if (source->node)
        layer.place = node_place(source, why_node_at(source->node, path, source->skipped));
    else if (source->layer.file)
        layer.place = (Place){source->layer.file, 0, 0};
    else
        layer.place = why_find(a, source->layer.place, path, 0);
    if (source->layer.reads.len)
        why_reads_at(a, &source->layer.reads, layer.place, source->layer.dot, &layer.reads);
    else if (!source->layer.file)
        layer.reads = why_named_in_line(a, layer.place);
    return layer;
}

static bool is_same_place(Place a, Place b)
{
    return a.file && b.file && a.line == b.line && a.column == b.column &&
           strcmp(a.file, b.file) == 0;
}

/* A source that comes again in a later part of the spec counts where it comes last. */
static void add_layer(Arena *a, WhyAnswer *answer, const WhyLayer *layer)
{
    size_t kept = 0;

    for (size_t i = 0; i < answer->layers.len; i++)
        if (!is_same_place(answer->layers.items[i].place, layer->place))
            answer->layers.items[kept++] = answer->layers.items[i];
    answer->layers.len = kept;
    *vec_add(a, &answer->layers) = *layer;
}

WhyAnswer why_answer(Arena *a, WhySourceList *sources, const Value *whole, Str name)
{
    WhyPath path = why_path(a, name);
    const Value *now = whole ? why_value(whole, &path, 0) : NULL;
    WhyAnswer answer = {.name = name, .known = now, .value = now ? *now : value_null()};

    for (size_t i = 0; i < sources->len; i++) {
        WhySource *source = &sources->items[i];
        Value values = value_of_map((ValueMap *)(uintptr_t)source->layer.values);
        const Value *value =
            leads_to(a, source, &path) ? why_value(&values, &path, source->skipped) : NULL;

        if (!value)
            continue;
        WhyLayer layer = layer_of(a, source, &path, value);
        add_layer(a, &answer, &layer);
    }
    if (answer.layers.len)
        answer.reads = answer.layers.items[answer.layers.len - 1].reads;
    return answer;
}
