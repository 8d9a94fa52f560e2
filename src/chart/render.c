/*
 * render.c - a chart and a release's values to manifests.
 *
 * Templates are parsed once per chart, not per release: releases of a chart that enable the
 * same dependencies share them. What a release changes on the way (`set .Values …`) is in
 * maps of its own.
 * Source: helm, pkg/engine/engine.go and pkg/action/action.go, renderResources.
 */
#include "chart/capabilities.h"
#include "chart/compat.h"
#include "chart/functions.h"
#include "chart/values.h"

#include "base/semver_constraint.h"
#include "io/world.h"

#include <stdlib.h>
#include <string.h>

#define FAIL(...) error_new(ERROR_INPUT, __VA_ARGS__)

enum { LONGEST_LINE = 120 }; /* bytes of a rendered line that a message shows */

/* One template file of one instance of a chart. */
typedef struct TemplateFile {
    Str path; /* "web/charts/redis/templates/a.yaml" */
    Str text;
    size_t depth; /* slashes in the path */
    size_t order; /* in which it was collected */
    Value *dot;   /* what its template sees; one for all of an instance */
} TemplateFile;

typedef VEC(TemplateFile) TemplateFiles;

/* Parsed templates, for all releases that have the same files. */
struct ChartTemplates {
    struct ChartTemplates *next;
    Str signature; /* the files' paths */
    TemplateEngine *engine;
};

/* ---- is the chart one that can be installed? */

static Error *check_name(Str name)
{
    bool letter = false; // the last character may end the name

    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        bool good = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');

        if (!good && !(letter && c == '.') && !(i && c == '-' && name.ptr[i - 1] != '.'))
            break;
        letter = good;
        if (i + 1 == name.len && good && name.len <= 53)
            return NULL;
    }
    return error_hint(FAIL("invalid release name \"%.*s\"", STR_ARG(name)),
                      "release names have up to 53 lower case letters, digits, '-' and '.', and "
                      "begin and end with a letter or digit");
}

Error *chart_check_dependencies(Arena *a, const Chart *chart)
{
    const ChartDependencyList *declared = &chart->metadata.dependencies;
    Buf missing = {.arena = a};

    for (size_t i = 0; i < declared->len; i++) {
        bool found = false;

        for (size_t j = 0; j < chart->dependencies.len && !found; j++)
            found = str_equal(chart_name(chart->dependencies.items[j]), declared->items[i].name);
        if (!found)
            buf_format(&missing, "%s%.*s", missing.len ? ", " : "",
                       STR_ARG(declared->items[i].name));
    }
    if (!missing.len)
        return NULL;
    return error_hint(
        FAIL("chart %.*s: found in Chart.yaml, but missing in charts/ directory: %.*s",
             STR_ARG(chart_name(chart)), STR_ARG(buf_str(&missing))),
        "fetch them with: relfile chart dependency build");
}

static Error *check_chart(Arena *a, const Chart *chart, const ChartRelease *release,
                          Value capabilities)
{
    Str wanted = chart->metadata.kube_version;
    Str version = capabilities_version(capabilities);

    TRY(check_name(release->name));
    if (str_is(chart->metadata.type, "library"))
        return FAIL("chart %.*s is a library: it cannot be installed", STR_ARG(chart_name(chart)));
    TRY(chart_check_dependencies(a, chart));
    if (wanted.len && !semver_satisfies(version, wanted))
        return FAIL("chart requires kubeVersion: %.*s which is incompatible with Kubernetes %.*s",
                    STR_ARG(wanted), STR_ARG(version));
    return NULL;
}

/* ---- what templates see */

static Value release_value(Arena *a, const ChartRelease *release)
{
    ValueMap *map = value_map_new(a);

    value_map_set_c(a, map, "Name", value_string(release->name));
    value_map_set_c(a, map, "Namespace", value_string(release->namespace));
    value_map_set_c(a, map, "IsUpgrade", value_bool(release->is_upgrade));
    value_map_set_c(a, map, "IsInstall", value_bool(!release->is_upgrade));
    int revision = release->revision < 0 ? 0 : release->revision ? release->revision : 1;

    value_map_set_c(a, map, "Revision", value_int(revision));
    value_map_set_c(a, map, "Service", value_c("Helm"));
    return value_of_map(map);
}

static Value chart_value(Arena *a, const ChartInstance *instance, const ChartRelease *release)
{
    ValueMap *map = value_thaw(a, value_of_map(instance->chart->metadata.fields)).map;

    value_map_set_c(a, map, "Name", value_string(instance->name));
    value_map_set_c(a, map, "Dependencies", metadata_dependencies_value(a, &instance->declared));
    if (release->chart_version.len)
        value_map_set_c(a, map, "Version", value_string(release->chart_version));
    if (release->chart_app_version.len)
        value_map_set_c(a, map, "AppVersion", value_string(release->chart_app_version));
    value_map_set_c(a, map, "IsRoot", value_bool(!instance->parent));
    return value_of_map(map);
}

static size_t count_slashes(Str path)
{
    size_t count = 0;

    for (size_t i = 0; i < path.len; i++)
        count += path.ptr[i] == '/';
    return count;
}

static Str last_part(Str path)
{
    size_t slash = str_find_last(path, STR("/"));

    return slash == STR_NONE ? path : str_skip(path, slash + 1);
}

static bool is_partial(Str path)
{
    return str_starts(last_part(path), STR("_"));
}

/* Collecting the files and dots of a chart and its dependencies. */
typedef struct Collector {
    Arena *arena;
    const ChartRelease *of;
    Value release, capabilities;
    TemplateFiles files;
} Collector;

static void add_files(Collector *c, const ChartInstance *instance, Value *dot)
{
    const ChartFileList *templates = &instance->chart->templates;
    bool is_library = str_is(instance->chart->metadata.type, "library");

    for (size_t i = 0; i < templates->len; i++) {
        Str name = templates->items[i].name;
        Str path = str_format(c->arena, "%.*s/%.*s", STR_ARG(instance->path), STR_ARG(name));
        size_t order = c->files.len;

        if (!is_library || is_partial(name))
            *vec_add(c->arena, &c->files) =
                (TemplateFile){path, templates->items[i].data, count_slashes(path), order, dot};
    }
}

/* VALUES are the instance's own; the dot it is given is the result. */
static Value *collect(Collector *c, const ChartInstance *instance, ValueMap *values)
{
    Arena *a = c->arena;
    ValueMap *dot = value_map_new(a), *subcharts = value_map_new(a);
    Value *result = arena_new(a, Value);

    value_map_set_c(a, dot, "Chart", chart_value(a, instance, c->of));
    value_map_set_c(a, dot, "Files", instance->chart->files_value);
    value_map_set_c(a, dot, "Release", c->release);
    value_map_set_c(a, dot, "Capabilities", c->capabilities);
    value_map_set_c(a, dot, "Values", value_typed(value_of_map(values), TYPE_VALUES));
    value_map_set_c(a, dot, "Subcharts", value_of_map(subcharts));
    *result = value_typed(value_of_map(dot), TYPE_VALUES);
    for (size_t i = 0; i < instance->dependencies.len; i++) {
        const ChartInstance *sub = instance->dependencies.items[i];
        const Value *own = value_map_get(values, sub->name);
        bool has_values = own && own->kind == VALUE_MAP && own->map;
        const Value *sub_dot = collect(c, sub, has_values ? own->map : value_map_new(a));

        value_map_set(a, subcharts, sub->name, value_typed(*sub_dot, TYPE_MAP));
    }
    add_files(c, instance, result);
    return result;
}

/* Deepest first, then by name backwards: of two definitions of a name, the one parsed last counts.
 */
static int compare_files(const void *left, const void *right)
{
    const TemplateFile *a = left, *b = right;

    if (a->depth != b->depth)
        return a->depth < b->depth ? 1 : -1;
    int by_path = str_compare(b->path, a->path);
    return by_path ? by_path : (a->order < b->order) - (a->order > b->order);
}

/* Of charts whose templates have one path, the one that comes last in charts/ has them. */
static void drop_hidden(TemplateFiles *files)
{
    size_t kept = 0;

    for (size_t i = 0; i < files->len; i++)
        if (!kept || !str_equal(files->items[kept - 1].path, files->items[i].path))
            files->items[kept++] = files->items[i];
    files->len = kept;
}

/* ---- parsing */

static TemplateEngine *engine_new(Arena *a)
{
    size_t sprig = template_sprig_set_count, helm = template_helm_set_count;
    size_t count = sprig + helm + chart_function_set_count;
    const TemplateFunctionSet **sets = arena_array(a, const TemplateFunctionSet *, count);

    memcpy(sets, template_sprig_sets, sprig * sizeof(*sets));
    memcpy(sets + sprig, template_helm_sets, helm * sizeof(*sets));
    memcpy(sets + sprig + helm, chart_function_sets, chart_function_set_count * sizeof(*sets));
    return template_engine_new(a, &(TemplateOptions){.sets = sets,
                                                     .set_count = count,
                                                     .tpl_name = "gotpl",
                                                     .tpl_at_call = true,
                                                     .drops_no_value = true});
}

/* For all releases of the chart. */
static Error *parse_files(Arena *a, const TemplateFiles *files, TemplateEngine **out)
{
    *out = engine_new(a);
    for (size_t i = 0; i < files->len; i++)
        TRY(template_parse(*out, str_c(a, files->items[i].path), files->items[i].text));
    return NULL;
}

/* Whether all could be added, those that define no others to be parsed while they run. */
static bool defer_files(Arena *a, const TemplateFiles *files, TemplateEngine *engine)
{
    bool *deferred = arena_array(a, bool, files->len);

    for (size_t i = 0; i < files->len; i++) {
        const TemplateFile *file = &files->items[i];
        Error *err = NULL;

        deferred[i] = !template_may_define(file->text);
        if (!deferred[i])
            err = template_parse(engine, str_c(a, file->path), file->text);
        error_free(err);
        if (err)
            return false;
    }
    for (size_t i = 0; i < files->len; i++)
        if (deferred[i] &&
            !template_defer(engine, str_c(a, files->items[i].path), files->items[i].text))
            return false;
    return true;
}

/*
 * For one release: most files define nothing, and each of those is parsed when it runs. Where one
 * does not parse, or has the name of a definition, all are parsed in their order.
 */
static Error *parse_some(Arena *a, const TemplateFiles *files, TemplateEngine **out)
{
    *out = engine_new(a);
    return defer_files(a, files, *out) ? NULL : parse_files(a, files, out);
}

static Str signature_of(Arena *a, const TemplateFiles *files)
{
    Buf b = {.arena = a};

    for (size_t i = 0; i < files->len; i++) {
        buf_add(&b, files->items[i].path);
        buf_add_char(&b, '\n');
    }
    return buf_str(&b);
}

/* CHART's cache, whose lock is taken. */
static Error *find_engine(Chart *chart, const TemplateFiles *files, Str signature,
                          const TemplateEngine **out)
{
    ChartTemplates *entry = chart->parsed;
    TemplateEngine *engine;

    while (entry && !str_equal(entry->signature, signature))
        entry = entry->next;
    if (!entry) {
        TRY(parse_files(chart->arena, files, &engine));
        entry = arena_new(chart->arena, ChartTemplates);
        *entry = (ChartTemplates){chart->parsed, str_copy(chart->arena, signature), engine};
        chart->parsed = entry;
    }
    *out = entry->engine;
    return NULL;
}

static Error *engine_for(Arena *a, const Chart *chart, const TemplateFiles *files,
                         const TemplateEngine **out)
{
    Chart *cache =
        (Chart *)(uintptr_t)chart; // the one part of a chart that changes, under its lock
    Str signature = signature_of(a, files);

    pthread_mutex_lock(&cache->busy);
    Error *err = find_engine(cache, files, signature, out);
    pthread_mutex_unlock(&cache->busy);
    return err;
}

/* ---- running */

static Value template_value(Arena *a, Str path)
{
    Value v = {.kind = VALUE_MAP, .type = TYPE_VALUES, .map = value_map_new(a)};
    size_t end = str_find_last(path, STR("/templates/"));

    value_map_set_c(a, v.map, "Name", value_string(path));
    value_map_set_c(a, v.map, "BasePath",
                    value_string(str_slice(path, 0, end + strlen("/templates"))));
    return v;
}

/* What the templates of a release run with. */
typedef struct Runner {
    Arena *arena;
    const TemplateEngine *engine;
    bool parses; /* templates, while they run */
    const ChartRelease *release;
    TemplateFiles files;
    TemplateBudget budget;
    TemplateSeed seed;
    TemplateProfile *profile;
    Str title;
    Buf room;         /* where outputs grow */
    uint32_t parts;   /* files that have run */
    uint64_t at_most; /* bytes that the arena may have taken */
} Runner;

static const World *world_of(const ChartRelease *release)
{
    return release->world ? release->world : world_of_hosts(release->settings.finds_hosts);
}

/* What FILE makes on the way is in A, its text in the release's arena. */
static Error *run_file_in(Arena *a, Runner *r, const TemplateFile *file, TemplateMap *map, Str *out)
{
    TemplateRender render = {
        .arena = a,
        .room = &r->room,
        .dot = *file->dot,
        .world = world_of(r->release),
        .budget = &r->budget,
        .seed = r->seed.text.len ? &r->seed : NULL,
        .profile = r->profile,
        .title = r->title,
        .user = (ChartRelease *)(uintptr_t)r->release,
        .map = map,
        .reads = r->release->trace ? &r->release->trace->reads : NULL,
        .lenient = r->release->lenient,
    };

    value_map_set_c(r->arena, file->dot->map, "Template", template_value(r->arena, file->path));
    return template_render(r->engine, &render, str_c(r->arena, file->path), out);
}

static Error *run_file(Runner *r, const TemplateFile *file, TemplateMap *map, Str *out)
{
    r->budget.most_taken = r->at_most;
    return run_file_in(r->arena, r, file, map, out);
}

/*
 * The same; all but the text goes when FILE has run, if nothing refers to it: what templates leave
 * to others they `set` in maps.
 */
static Error *run_file_apart(Runner *r, const TemplateFile *file, Str *out)
{
    Arena part = {.part = ++r->parts};

    r->budget.most_taken =
        r->at_most - (r->arena->taken < r->at_most ? r->arena->taken : r->at_most);
    Error *err = run_file_in(&part, r, file, NULL, out);
    if (err || part.referred)
        arena_adopt(r->arena, &part);
    arena_free(&part);
    return err;
}

/* Where it is to be noted how FILE's text comes about; or NULL. */
static TemplateMap *trace_file(const Runner *r, const TemplateFile *file)
{
    ChartTrace *trace = r->release->trace;
    TemplateMap *map = trace ? template_map_new(r->arena) : NULL;

    if (map)
        *vec_add(r->arena, &trace->maps) = (ChartTextMap){file->path, map};
    return map;
}

static Error *run_files(Runner *r, ChartFileList *out)
{
    for (size_t i = 0; i < r->files.len; i++) {
        const TemplateFile *file = &r->files.items[i];
        Str text;

        if (is_partial(file->path) ||
            (r->release->wants && !r->release->wants(r->release->wants_context, file->path)))
            continue;
        TRY(r->release->trace ? run_file(r, file, trace_file(r, file), &text)
                              : run_file_apart(r, file, &text));
        *vec_add(r->arena, out) = (ChartFile){file->path, text};
    }
    return NULL;
}

/* ---- where in the templates a text went wrong */

static const TemplateFile *find_file(const TemplateFiles *files, Str path)
{
    for (size_t i = 0; i < files->len; i++)
        if (str_equal(files->items[i].path, path))
            return &files->items[i];
    BUG("no template %.*s", STR_ARG(path));
}

/* ERR with TEXT in the place of the line that it is about. */
static Error *without_line(Arena *a, Error *err, Str text)
{
    Place place = error_place(err);
    Buf b = {.arena = a};

    buf_fill(&b, '\n', (size_t)place.line - 1);
    buf_add(&b, text);
    return error_source(error_move(err, (Place){str_c(a, str_from(place.file)), place.line, 0}),
                        buf_str(&b));
}

/*
 * ERR is about MADE, what a template rendered to: it moves to the place in the templates that made
 * it. For that the template runs once more and takes notes; if something else comes out (random
 * texts in it), the place in the text is all that is known.
 */
static Error *explain_text(Runner *r, const ChartFile *made, Error *err)
{
    TemplateMap *map = template_map_new(r->arena);
    int line = error_place(err).line;
    bool hidden = !error_place(err).column;    // it is a Secret
    const char *source = error_source_of(err); // which manifest_parse has taken secrets out of
    Str again = {0};

    if (!line)
        return err;
    Str shown = str_for_message(r->arena, str_trim(str_from(source ? source : "")), LONGEST_LINE);
    r->budget = template_budget_new(r->arena, world_of(r->release), r->release->settings.limits);
    r->at_most = r->budget.most_taken;
    r->profile = NULL;
    error_free(run_file(r, find_file(&r->files, made->name), map, &again));
    if (str_equal(again, made->data))
        err = template_map_error(map, err, made->data, (Str){0});
    else
        err = error_move(err, (Place){.file = made->name.ptr});
    const char *written = error_source_of(err);
    if (hidden && written && !strstr(written, "{{")) // not even where the template has it
        return without_line(r->arena, err, shown);
    Str as_written = str_from(written ? written : "");
    if (str_equal(str_for_message(r->arena, str_trim(as_written), LONGEST_LINE), shown))
        return err;
    err = error_hint_wrap(err, "in what it renders to");
    return error_called(err, (Place){0}, "line %d of what it renders to: %.*s", line,
                        STR_ARG(shown));
}

/* ---- from texts to manifests */

static int compare_names(const void *left, const void *right)
{
    return str_compare(((const ChartFile *)left)->name, ((const ChartFile *)right)->name);
}

/*
 * OUT's files, sorted, as manifests; the one called NOTES is its notes. R made them, if it is not
 * NULL.
 */
static Error *sort_out(Arena *a, Runner *r, Str notes, ChartOutput *out)
{
    const CompatRules *rules = compat_rules(out->compat);
    ManifestReading how = {.trims = rules->trims_documents,
                           .heads_only = r && r->release->heads_only};
    ManifestList all = {0};

    if (out->files.len)
        qsort(out->files.items, out->files.len, sizeof(ChartFile), compare_names);

    for (size_t i = 0; i < out->files.len; i++) {
        const ChartFile *file = &out->files.items[i];

        if (str_equal(file->name, notes))
            out->notes = file->data;
        if (str_ends(file->name, STR("NOTES.txt")))
            continue;
        Error *err = manifest_parse_as(a, file->name, file->data, how, &all);
        if (err)
            return r ? explain_text(r, file, err) : err;
    }
    if (rules->orders_webhooks)
        manifest_sort(&all);
    else
        manifest_sort_helm3(&all);
    for (size_t i = 0; i < all.len; i++)
        *vec_add(a, all.items[i].hook_events ? &out->hooks : &out->manifests) = all.items[i];
    return NULL;
}

bool chart_file_is_crd(Str name)
{
    size_t dot = str_find_last(name, STR("."));
    DEFER(arena_free) Arena scratch = {0};

    if (dot == STR_NONE || !str_starts(name, STR("crds/")))
        return false;
    Str extension = str_lower(&scratch, str_skip(name, dot));
    return str_is(extension, ".yaml") || str_is(extension, ".yml") || str_is(extension, ".json");
}

/* A file of CRDs is one entry, printed as it is; what applies it parses it. */
static void add_crd(Arena *a, Str name, Str text, ManifestList *out)
{
    *vec_add(a, out) =
        (Manifest){.source = name, .text = text, .kind = STR("CustomResourceDefinition")};
}

static void add_crds(Arena *a, const ChartInstance *instance, ManifestList *out)
{
    const ChartFileList *files = &instance->chart->files;

    for (size_t i = 0; i < files->len; i++)
        if (chart_file_is_crd(files->items[i].name))
            add_crd(
                a,
                str_format(a, "%.*s/%.*s", STR_ARG(instance->path), STR_ARG(files->items[i].name)),
                files->items[i].data, out);
    for (size_t i = 0; i < instance->dependencies.len; i++)
        add_crds(a, instance->dependencies.items[i], out);
}

static Error *prepare(Arena *a, const Chart *chart, const ChartRelease *release,
                      ChartInstance **root, Collector *collector, ChartOutput *out)
{
    ValueMap *values;

    out->stage = "chart";
    TRY(capabilities_value(a, &release->capabilities, release->compat, &collector->capabilities));
    if (!release->lenient && !release->is_unchecked)
        TRY(check_chart(a, chart, release, collector->capabilities));
    TRY(instance_make(a, chart, release, root));
    out->stage = "values";
    TRY(instance_values(a, *root, release->values, &values));
    if (release->trace)
        release->trace->values = values;
    if (release->keeps_values)
        out->values = value_copy(a, value_of_map(values)).map;
    if (!release->skips_schema)
        TRY(instance_check_values(a, *root, values, release->misfits));
    collector->release = release_value(a, release);
    collect(collector, *root, values);
    if (collector->files.len)
        qsort(collector->files.items, collector->files.len, sizeof(TemplateFile), compare_files);
    drop_hidden(&collector->files);
    return NULL;
}

/*
 * Runs templates that are parsed while they run. helm parses all before it runs any, so what is
 * wrong there comes first.
 */
static Error *run_parsing(Runner *r, ChartOutput *out)
{
    DEFER(arena_free) Arena scratch = {0};
    TemplateEngine *whole;

    Error *err = run_files(r, &out->files);
    if (!err)
        err = template_check_deferred(r->engine);
    if (!err || error_kind_of(err) == ERROR_CANCELLED)
        return err;
    Error *first = parse_files(&scratch, &r->files, &whole);
    if (!first)
        return err;
    error_free(err);
    out->stage = "parse";
    return first;
}

static Error *parse(Runner *r, const Chart *chart)
{
    TemplateEngine *own;

    if (!r->parses)
        return engine_for(r->arena, chart, &r->files, &r->engine);
    Error *err = parse_some(r->arena, &r->files, &own);
    r->engine = own;
    return err;
}

static Error *render_texts(Runner *r, const Chart *chart, ChartInstance **root, ChartOutput *out)
{
    const ChartRelease *release = r->release;
    Collector collector = {.arena = r->arena, .of = release};

    *out = (ChartOutput){.compat = release->compat};
    TRY(prepare(r->arena, chart, release, root, &collector, out));
    r->files = collector.files;
    r->profile = release->settings.profile;
    if (release->settings.seed)
        r->seed = *release->settings.seed;
    r->title =
        str_format(r->arena, "%.*s/%.*s", STR_ARG(release->namespace), STR_ARG(release->name));
    out->stage = "parse";
    r->parses = release->once && !release->trace;
    TRY(parse(r, chart));
    out->stage = "exec";
    r->room = (Buf){.arena = r->arena, .moves = true};
    r->budget = template_budget_new(r->arena, world_of(release), release->settings.limits);
    r->at_most = r->budget.most_taken;
    uint64_t steps = r->budget.steps;
    TRY(r->parses ? run_parsing(r, out) : run_files(r, &out->files));
    out->steps = steps - r->budget.steps;
    out->is_random = r->seed.used;
    return NULL;
}

Error *chart_render_texts(Arena *a, const Chart *chart, const ChartRelease *release,
                          ChartOutput *out)
{
    Runner runner = {.arena = a, .release = release};
    ChartInstance *root;

    return render_texts(&runner, chart, &root, out);
}

Error *chart_render(Arena *a, const Chart *chart, const ChartRelease *release, ChartOutput *out)
{
    Runner runner = {.arena = a, .release = release};
    ChartInstance *root;

    TRY(render_texts(&runner, chart, &root, out));
    out->stage = "manifest";
    if (release->lenient)
        return NULL;
    TRY(sort_out(a, &runner, str_format(a, "%.*s/templates/NOTES.txt", STR_ARG(root->path)), out));
    add_crds(a, root, &out->crds);
    out->stage = NULL;
    return NULL;
}

Error *chart_output_make(Arena *a, const ChartFileList *files, const ChartFileList *crds,
                         ChartOutput *out)
{
    *out = (ChartOutput){.stage = "manifest"};
    for (size_t i = 0; i < files->len; i++)
        *vec_add(a, &out->files) = files->items[i];
    TRY(sort_out(a, NULL, (Str){"", 0}, out));
    for (size_t i = 0; i < crds->len; i++)
        add_crd(a, crds->items[i].name, crds->items[i].data, &out->crds);
    out->stage = NULL;
    return NULL;
}
