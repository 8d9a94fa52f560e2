/*
 * show_dag.c - `show-dag`: which release waits for which, and the longest way through all of it.
 *
 * The longest way is by how long releases took in the runs that the state has; by how many they are
 * where it has none.
 */
#include "pipeline/run.h"

#include "base/escape.h"
#include "base/json.h"
#include "base/name_index.h"
#include "base/table.h"
#include "io/log.h"

#include <string.h>

enum { MOST_RUNS = 20 }; /* that are looked at for how long releases took */

/* A release in the graph, by its number in the plan. */
typedef struct Node {
    Str id;
    int64_t took_ms; /* in the last run that changed it; 0: not known */
    int64_t ends_ms; /* after all that it waits for; or how many these and it are */
    size_t before;   /* that of them which is done last; NONE: it waits for nothing */
    bool is_critical;
} Node;

#define NONE SIZE_MAX

typedef struct Graph {
    const Run *run;
    Node *nodes;
    bool has_times;
    StrList path; /* the ids on the longest way */
    int64_t length;
} Graph;

/* ---- how long releases took */

static bool names_state(Run *run)
{
    run_read_state_settings(run);
    return run->state.url.text.len || (run->options->state_url && *run->options->state_url);
}

static Error *read_runs(Run *run, RunEntryList *out)
{
    TRY(run_open_state(run));
    if (run->store->type->of_helm)
        return NULL; // it knows of no runs
    return run_entry_list(run->store, run->arena, run->options->spec.environment, MOST_RUNS, out);
}

static Str key_of(Arena *a, Str context, Str namespace, Str name)
{
    return str_format(a, "%.*s/%.*s/%.*s", STR_ARG(context), STR_ARG(namespace), STR_ARG(name));
}

/* Of all RUNS, the oldest first: the last one that did something to a release counts. */
static void note_times(const Run *run, const RunEntryList *runs, Node *nodes)
{
    Arena *a = run->arena;
    NameIndex index = {0};

    for (size_t i = 0; i < run->plan.len; i++) {
        const Release *r = run->plan.items[i].release;

        name_index_set(a, &index, NULL, key_of(a, r->kube_context, release_namespace(r), r->name),
                       &nodes[i]);
    }
    for (size_t i = 0; i < runs->len; i++)
        for (size_t j = 0; j < runs->items[i].releases.len; j++) {
            const RunRelease *was = &runs->items[i].releases.items[j];
            Node *node =
                name_index_get(&index, NULL, key_of(a, was->context, was->namespace, was->name));

            if (node && was->took_ms > 0 && !was->error.len)
                node->took_ms = was->took_ms;
        }
}

/* That the state cannot be read changes nothing but how the way is measured. */
static void read_times(Run *run, Graph *g)
{
    RunEntryList runs = {0};

    if (!names_state(run))
        return;
    Error *err = read_runs(run, &runs);
    if (err)
        log_warn("how long releases took is not known: %s", error_message(err));
    error_free(err);
    note_times(run, &runs, g->nodes);
    for (size_t i = 0; i < run->plan.len; i++)
        g->has_times |= g->nodes[i].took_ms > 0;
}

/* ---- the longest way */

/* NODE begins when BEFORE, a number of a node, is done, if nothing else is done later. */
static void wait_for(const Graph *g, Node *node, size_t before)
{
    if (before == NONE || g->nodes[before].ends_ms <= node->ends_ms)
        return;
    node->ends_ms = g->nodes[before].ends_ms;
    node->before = before;
}

static size_t later(const Graph *g, size_t one, size_t other)
{
    return one == NONE || g->nodes[other].ends_ms > g->nodes[one].ends_ms ? other : one;
}

/*
 * Items come behind all that they wait for; and those of a group by stages, each of which waits for
 * all of those before.
 */
static size_t find_ends(Graph *g)
{
    const PlanItem *items = g->run->plan.items;
    size_t last = NONE, last_before = NONE, last_here = NONE;

    for (size_t i = 0; i < g->run->plan.len; i++) {
        Node *node = &g->nodes[i];

        if (i && items[i].group != items[i - 1].group)
            last_before = last_here = NONE;
        else if (i && items[i].stage != items[i - 1].stage)
            last_before = last_here;
        node->before = NONE;
        wait_for(g, node, last_before);
        for (size_t j = 0; j < items[i].wait_count; j++)
            wait_for(g, node, items[i].waits[j]);
        node->ends_ms += g->has_times ? node->took_ms : 1;
        last_here = later(g, last_here, i);
        last = later(g, last, i);
    }
    return last;
}

static void find_path(Graph *g)
{
    size_t last = find_ends(g);

    g->length = last == NONE ? 0 : g->nodes[last].ends_ms;
    for (; last != NONE; last = g->nodes[last].before)
        g->nodes[last].is_critical = true;
    for (size_t i = 0; i < g->run->plan.len; i++)
        if (g->nodes[i].is_critical)
            *vec_add(g->run->arena, &g->path) = g->nodes[i].id;
}

static Graph graph_of(Run *run)
{
    Graph g = {.run = run, .nodes = arena_array(run->arena, Node, run->plan.len)};

    for (size_t i = 0; i < run->plan.len; i++)
        g.nodes[i].id = release_id(run->arena, run->plan.items[i].release);
    read_times(run, &g);
    find_path(&g);
    return g;
}

static Str seconds(Arena *a, int64_t ms)
{
    return str_format(a, "%.1f s", (double)ms / 1000);
}

static Str length_text(const Graph *g)
{
    return g->has_times
               ? seconds(g->run->arena, g->length)
               : str_format(g->run->arena, "%zu of %zu releases", g->path.len, g->run->plan.len);
}

/* ---- as helmfile's table */

static void write_file(const Graph *g, const SpecFile *file, Buf *b)
{
    Arena *a = g->run->arena;
    Table table = {.arena = a, .columns = 3};

    table_add(&table, (const Str[]){STR("GROUP"), STR("RELEASE"), STR("DEPENDENCIES")});
    for (size_t i = 0; i < g->run->plan.len; i++) {
        const PlanItem *item = &g->run->plan.items[i];

        if (item->release->file == file)
            table_add(&table, (const Str[]){str_format(a, "%zu", item->level), g->nodes[i].id,
                                            release_needs_text(a, item->release)});
    }
    table_write(b, &table, " ");
}

/* The longest way is no part of helmfile's output: it goes to stderr. */
static void write_table(const Graph *g, Buf *b)
{
    Buf way = {.arena = g->run->arena};

    for (size_t i = 0; i < g->run->files.len; i++)
        write_file(g, g->run->files.items[i], b);
    for (size_t i = 0; i < g->path.len; i++)
        buf_format(&way, "%s%.*s", i ? " -> " : "", STR_ARG(g->path.items[i]));
    if (g->path.len > 1)
        log_info("critical path, %.*s: %.*s", STR_ARG(length_text(g)), STR_ARG(buf_str(&way)));
}

/* ---- for other programs */

/* TEXT between the quotes of dot and mermaid. */
static Str quoted(Arena *a, Str text)
{
    Buf b = {.arena = a};

    text = text_escaped(a, text);
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '"')
            buf_add_c(&b, "'");
        else
            buf_add_char(&b, text.ptr[i]);
    }
    return buf_str(&b);
}

static bool is_critical_edge(const Graph *g, size_t from, size_t to)
{
    return g->nodes[to].is_critical && g->nodes[to].before == from;
}

static void write_dot(const Graph *g, Buf *b)
{
    Arena *a = g->run->arena;
    const Plan *plan = &g->run->plan;

    buf_add_c(b, "digraph releases {\n  rankdir=LR;\n  node [shape=box];\n");
    for (size_t i = 0; i < plan->len; i++) {
        const Node *node = &g->nodes[i];

        buf_format(b, "  r%zu [label=\"%.*s", i, STR_ARG(quoted(a, node->id)));
        if (node->took_ms)
            buf_format(b, "\\n%.*s", STR_ARG(seconds(a, node->took_ms)));
        buf_format(b, "\"%s];\n", node->is_critical ? ", color=red" : "");
    }
    for (size_t i = 0; i < plan->len; i++)
        for (size_t j = 0; j < plan->items[i].wait_count; j++) {
            size_t from = plan->items[i].waits[j];

            buf_format(b, "  r%zu -> r%zu%s;\n", from, i,
                       is_critical_edge(g, from, i) ? " [color=red]" : "");
        }
    buf_add_c(b, "}\n");
}

static void write_mermaid(const Graph *g, Buf *b)
{
    Arena *a = g->run->arena;
    const Plan *plan = &g->run->plan;

    buf_add_c(b, "graph LR\n");
    for (size_t i = 0; i < plan->len; i++) {
        const Node *node = &g->nodes[i];

        buf_format(b, "  r%zu[\"%.*s", i, STR_ARG(quoted(a, node->id)));
        if (node->took_ms)
            buf_format(b, "<br>%.*s", STR_ARG(seconds(a, node->took_ms)));
        buf_format(b, "\"]%s\n", node->is_critical ? ":::critical" : "");
    }
    for (size_t i = 0; i < plan->len; i++)
        for (size_t j = 0; j < plan->items[i].wait_count; j++) {
            size_t from = plan->items[i].waits[j];

            buf_format(b, "  r%zu %s r%zu\n", from, is_critical_edge(g, from, i) ? "==>" : "-->",
                       i);
        }
    buf_add_c(b, "  classDef critical stroke:red\n");
}

static Value text_list(Arena *a, const StrList *list)
{
    Value *items = arena_array(a, Value, list->len);

    for (size_t i = 0; i < list->len; i++)
        items[i] = value_string(list->items[i]);
    return value_list(items, list->len);
}

static Value node_value(const Graph *g, size_t number)
{
    Arena *a = g->run->arena;
    const PlanItem *item = &g->run->plan.items[number];
    ValueMap *map = release_value(a, item->release);
    StrList needs = {0};

    for (size_t i = 0; i < item->wait_count; i++)
        *vec_add(a, &needs) = g->nodes[item->waits[i]].id;
    value_map_set_c(a, map, "id", value_string(g->nodes[number].id));
    value_map_set_c(a, map, "file", value_c(item->release->file->path));
    value_map_set_c(a, map, "group", value_int((int64_t)item->level));
    value_map_set_c(a, map, "needs", text_list(a, &needs));
    value_map_set_c(a, map, "durationMs",
                    g->nodes[number].took_ms ? value_int(g->nodes[number].took_ms) : value_null());
    value_map_set_c(a, map, "critical", value_bool(g->nodes[number].is_critical));
    return value_of_map(map);
}

static Error *write_json(const Graph *g, Buf *b)
{
    Arena *a = g->run->arena;
    ValueMap *map = value_map_new(a), *path = value_map_new(a);
    Value *nodes = arena_array(a, Value, g->run->plan.len);

    for (size_t i = 0; i < g->run->plan.len; i++)
        nodes[i] = node_value(g, i);
    value_map_set_c(a, path, "releases", text_list(a, &g->path));
    value_map_set_c(a, path, "durationMs", g->has_times ? value_int(g->length) : value_null());
    value_map_set_c(a, map, "releases", value_list(nodes, g->run->plan.len));
    value_map_set_c(a, map, "criticalPath", value_of_map(path));
    TRY(json_write(b, value_of_map(map), (JsonStyle){.indent = "  "}));
    buf_add_char(b, '\n');
    return NULL;
}

/* ---- the command */

static Error *print_dag(Run *run, void *context, PipelineOutcome *out)
{
    const char *format = run->options->dag_format;
    Buf b = {.arena = run->arena};
    Graph g = graph_of(run);

    (void)context;
    (void)out;
    if (format && strcmp(format, "dot") == 0)
        write_dot(&g, &b);
    else if (format && strcmp(format, "mermaid") == 0)
        write_mermaid(&g, &b);
    else if (format && strcmp(format, "json") == 0)
        TRY(write_json(&g, &b));
    else
        write_table(&g, &b);
    report_print(run->report, buf_str(&b));
    return NULL;
}

Error *pipeline_show_dag(const PipelineOptions *options, PipelineOutcome *out)
{
    return run_command(options, &(RunNeeds){.listing = true, .file_hooks = true, .prepares = true},
                       print_dag, NULL, out);
}
