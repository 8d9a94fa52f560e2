/*
 * why.c - `why`: where a value of a release comes from, layer by layer.
 */
#include "pipeline/why.h"

#include "base/json.h"
#include "base/nearest.h"
#include "base/path.h"
#include "base/redact.h"
#include "base/table.h"

#include <ctype.h>

enum {
    LONGEST_VALUE = 80, /* bytes of a value in the table */
    MOST_LEAVES = 10000,
};

typedef VEC(WhyAnswer) WhyAnswerList;

/* What is asked of one release, and what was found. */
typedef struct WhyRun {
    Str release, what, field;
    WhyAnswerList answers; /* the first is to the question; others are of what that one read */
} WhyRun;

/* ---- printing */

static Str value_text(Arena *a, Value v)
{
    Buf b = {.arena = a};

    if (v.kind == VALUE_STRING && !v.string.len)
        return STR("\"\"");
    error_free(json_write(&b, v, (JsonStyle){0}));
    return str_for_message(a, buf_str(&b), LONGEST_VALUE);
}

static Str place_text(Arena *a, Place place)
{
    if (!place.file)
        return STR("command line");
    if (!place.line)
        return str_from(place.file);
    return place.column ? str_format(a, "%s:%d:%d", place.file, place.line, place.column)
                        : str_format(a, "%s:%d", place.file, place.line);
}

static Str reads_text(Arena *a, const StrList *reads)
{
    Buf b = {.arena = a};

    for (size_t i = 0; i < reads->len; i++)
        buf_format(&b, "%s.Values.%.*s", i ? ", " : "reads ", STR_ARG(reads->items[i]));
    return buf_str(&b);
}

static void write_answer(Buf *b, const WhyAnswer *answer)
{
    Arena *a = b->arena;
    Table table = {.arena = a, .columns = 4};
    bool is_object = str_find_char(answer->name, '/') != STR_NONE;

    buf_format(b, "%.*s", STR_ARG(answer->name));
    if (answer->known && !(is_object && answer->value.kind == VALUE_NULL))
        buf_format(b, " = %.*s", STR_ARG(value_text(a, answer->value)));
    buf_add_c(b, answer->known ? "\n" : " is not set\n");
    for (size_t i = 0; i < answer->layers.len; i++) {
        const WhyLayer *layer = &answer->layers.items[i];
        bool counts = answer->known && !is_object && i + 1 == answer->layers.len;

        table_add(&table, (const Str[]){str_format(a, "%s %.*s", counts ? "*" : " ",
                                                   STR_ARG(place_text(a, layer->place))),
                                        str_from(layer->what),
                                        is_object ? STR("") : value_text(a, layer->value),
                                        reads_text(a, &layer->reads)});
    }
    if (!answer->layers.len && answer->known)
        buf_add_c(b, "  by itself: nothing sets it\n");
    table_write(b, &table, "  ");
    if (is_object && answer->reads.len)
        buf_format(b, "  %.*s\n", STR_ARG(reads_text(a, &answer->reads)));
}

static Value texts_value(Arena *a, const StrList *list)
{
    Value *items = arena_array(a, Value, list->len);

    for (size_t i = 0; i < list->len; i++)
        items[i] = value_string(list->items[i]);
    return value_list(items, list->len);
}

static Value layer_value(Arena *a, const WhyLayer *layer, bool counts)
{
    ValueMap *map = value_map_new(a);

    value_map_set_c(a, map, "file", layer->place.file ? value_c(layer->place.file) : value_null());
    value_map_set_c(a, map, "line", value_int(layer->place.line));
    value_map_set_c(a, map, "column", value_int(layer->place.column));
    value_map_set_c(a, map, "layer", value_c(layer->what));
    value_map_set_c(a, map, "value", layer->value);
    value_map_set_c(a, map, "counts", value_bool(counts));
    value_map_set_c(a, map, "reads", texts_value(a, &layer->reads));
    return value_of_map(map);
}

static Value answer_value(Arena *a, const WhyAnswer *answer)
{
    ValueMap *map = value_map_new(a);
    Value *layers = arena_array(a, Value, answer->layers.len);

    for (size_t i = 0; i < answer->layers.len; i++)
        layers[i] =
            layer_value(a, &answer->layers.items[i], answer->known && i + 1 == answer->layers.len);
    value_map_set_c(a, map, "name", value_string(answer->name));
    value_map_set_c(a, map, "set", value_bool(answer->known));
    value_map_set_c(a, map, "value", answer->value);
    value_map_set_c(a, map, "layers", value_list(layers, answer->layers.len));
    value_map_set_c(a, map, "reads", texts_value(a, &answer->reads));
    return value_of_map(map);
}

/* ---- finding */

/* The release's values, chart's defaults included; that its templates fail does not matter. */
static Error *chart_values(const Step *step, Rendered *rendered, Value *out)
{
    ChartTrace trace = {0};
    Error *err = why_chart_values(step, &trace, rendered);

    if (err && !rendered->output.values)
        return err;
    error_free(err);
    *out = value_of_map(rendered->output.values ? (ValueMap *)(uintptr_t)rendered->output.values
                                                : (ValueMap *)(uintptr_t)rendered->values);
    if (!out->map)
        *out = value_of_map(value_map_new(step->arena));
    return NULL;
}

static bool is_asked(const WhyAnswerList *answers, Str name)
{
    for (size_t i = 0; i < answers->len; i++)
        if (str_equal(answers->items[i].name, name))
            return true;
    return false;
}

static void add_state_answers(const Step *step, const StrList *reads, WhyAnswerList *out)
{
    Arena *a = step->arena;
    const SpecFile *file = step->release->file;
    WhySourceList sources = why_state_sources(a, file);
    Value whole = value_of_map(environment_values(a, &file->environment));

    for (size_t i = 0; i < reads->len; i++) {
        Str name = str_format(a, "state .Values.%.*s", STR_ARG(reads->items[i]));

        if (is_asked(out, name))
            continue;
        WhyAnswer answer = why_answer(a, &sources, &whole, reads->items[i]);
        answer.name = name;
        *vec_add(a, out) = answer;
        add_state_answers(step, &answer.reads, out); // files of values are templates, too
    }
}

/* The value NAME of the chart, and what it was made of. False: there is nothing of the name. */
static Error *add_value_answer(const Step *step, Str name, WhyAnswerList *out, bool *found)
{
    Rendered rendered = {0};
    WhySourceList sources = {0};
    Value whole;

    TRY(chart_values(step, &rendered, &whole));
    TRY(why_release_sources(step, rendered.chart, &sources));
    WhyAnswer answer = why_answer(step->arena, &sources, &whole, name);
    *found = answer.known || answer.layers.len;
    if (!*found)
        return NULL;
    *vec_add(step->arena, out) = answer;
    for (size_t i = 0; i < answer.layers.len; i++)
        add_state_answers(step, &answer.layers.items[i].reads, out);
    return NULL;
}

/* The names of all values that are no maps, below V. */
static void add_leaves(Arena *a, const Value *v, Str name, StrList *out)
{
    if (out->len >= MOST_LEAVES)
        return;
    if (v->kind != VALUE_MAP || !v->map || !v->map->len) {
        *vec_add(a, out) = name;
        return;
    }
    for (size_t i = 0; i < v->map->len; i++) {
        Str key = why_name_below(a, name, v->map->entries[i].key);

        add_leaves(a, &v->map->entries[i].value, key, out);
    }
}

static Error *add_all_values(const Step *step, WhyAnswerList *out)
{
    Arena *a = step->arena;
    Rendered rendered = {0};
    WhySourceList sources = {0};
    StrList names = {0};
    Value whole;

    TRY(chart_values(step, &rendered, &whole));
    TRY(why_release_sources(step, rendered.chart, &sources));
    if (whole.map->len)
        add_leaves(a, &whole, (Str){"", 0}, &names);
    for (size_t i = 0; i < names.len; i++)
        *vec_add(a, out) = why_answer(a, &sources, &whole, names.items[i]);
    return NULL;
}

/* ---- the table of all values: who has the last word */

static void write_overview(Buf *b, const WhyAnswerList *answers)
{
    Arena *a = b->arena;
    Table table = {.arena = a, .columns = 4};

    table_add(&table, (const Str[]){STR("NAME"), STR("VALUE"), STR("FROM"), STR("PLACE")});
    for (size_t i = 0; i < answers->len; i++) {
        const WhyAnswer *answer = &answers->items[i];
        const WhyLayer *last =
            answer->layers.len ? &answer->layers.items[answer->layers.len - 1] : NULL;

        table_add(&table, (const Str[]){answer->name, value_text(a, answer->value),
                                        last ? str_from(last->what) : STR("the chart"),
                                        last ? place_text(a, last->place) : STR("")});
    }
    table_write(b, &table, "  ");
}

/* ---- the command */

static Error *nothing_found(const Step *step, Str name)
{
    return error_hint(error_new(ERROR_NO_MATCH,
                                "release \"%.*s\" has no value, and no field, \"%.*s\"",
                                STR_ARG(step->release->name), STR_ARG(name)),
                      "relfile why %s lists all values", str_c(step->arena, step->release->name));
}

/* "Deployment/web": a kind, which begins with a capital or has a field behind it. */
static bool is_object(const WhyRun *w)
{
    return str_find_char(w->what, '/') != STR_NONE &&
           (w->field.len || isupper((unsigned char)w->what.ptr[0]));
}

static Error *find_object(WhyRun *w, const Step *step)
{
    Rendered rendered = {0};
    WhySourceList sources = {0};
    WhyAnswer answer;
    Value whole;

    TRY(why_object(step, w->what, w->field, &answer));
    *vec_add(step->arena, &w->answers) = answer;
    TRY(chart_values(step, &rendered, &whole));
    TRY(why_release_sources(step, rendered.chart, &sources));
    for (size_t i = 0; i < answer.reads.len; i++) {
        WhyAnswer read = why_answer(step->arena, &sources, &whole, answer.reads.items[i]);

        read.name = str_format(step->arena, ".Values.%.*s", STR_ARG(read.name));
        *vec_add(step->arena, &w->answers) = read;
        for (size_t j = 0; j < read.layers.len; j++)
            add_state_answers(step, &read.layers.items[j].reads, &w->answers);
    }
    return NULL;
}

static Error *find_value(WhyRun *w, const Step *step)
{
    bool is_value = false;
    WhyAnswer field;
    bool is_field = why_field(step->arena, step->run, step->release, w->what, &field);
    Error *err = add_value_answer(step, w->what, &w->answers, &is_value);

    if (err && !is_field)
        return err;
    error_free(err); // a field of the spec needs no chart
    if (is_field && (field.layers.len || !is_value)) {
        field.name =
            str_format(step->arena, "%.*s of the release in the spec", STR_ARG(field.name));
        *vec_add(step->arena, &w->answers) = field;
        for (size_t i = 0; i < field.layers.len; i++)
            add_state_answers(step, &field.layers.items[i].reads, &w->answers);
    }
    return is_value || is_field ? NULL : nothing_found(step, w->what);
}

static Error *print(const WhyRun *w, const Step *step)
{
    const WhyAnswerList *answers = &w->answers;
    Buf b = {.arena = step->arena};
    Value *items = arena_array(step->arena, Value, answers->len);
    ValueMap *map = release_value(step->arena, step->release);

    for (size_t i = 0; i < answers->len; i++)
        items[i] = answer_value(step->arena, &answers->items[i]);
    if (step->run->json) {
        value_map_set_c(step->arena, map, "answers", value_list(items, answers->len));
        return step_json(step, value_of_map(map));
    }
    if (!w->what.len)
        write_overview(&b, answers);
    for (size_t i = 0; w->what.len && i < answers->len; i++) {
        buf_add_c(&b, i ? "\n" : "");
        write_answer(&b, &answers->items[i]);
    }
    report_result(step->run->report, step->number, buf_str(&b));
    return NULL;
}

static Error *why_step(void *context, const Step *step)
{
    WhyRun w = *(const WhyRun *)context;

    if (!w.what.len)
        TRY(add_all_values(step, &w.answers));
    else if (is_object(&w))
        TRY(find_object(&w, step));
    else
        TRY(find_value(&w, step));
    return print(&w, step);
}

static Error *why_all(Run *run, void *context, PipelineOutcome *out)
{
    WhyRun *w = context;
    Plan plan;

    (void)out;
    TRY(run_plan_of_name(run, w->release, &plan));
    run_pass(run, &(RunPass){.plan = &plan, .step = why_step, .context = w});
    return NULL;
}

Error *pipeline_why(const PipelineOptions *options, Str release, Str what, Str field,
                    PipelineOutcome *out)
{
    WhyRun w = {.release = release, .what = what, .field = field};
    RunNeeds needs = {.listing = true, .no_needs = true, .json_items = true, .layers = true};

    return run_command(options, &needs, why_all, &w, out);
}
