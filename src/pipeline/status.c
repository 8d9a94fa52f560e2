/*
 * status.c - `status` and `history`: what the state knows of the releases, and how they are.
 */
#include "pipeline/run.h"

#include "base/escape.h"
#include "base/field.h"
#include "base/json.h"
#include "base/nearest.h"
#include "base/table.h"

#include <stdio.h>
#include <time.h>

Str run_time_text(Arena *a, int64_t ms)
{
    time_t seconds = (time_t)(ms / 1000);
    struct tm tm;
    char text[32];

    if (!ms || !localtime_r(&seconds, &tm))
        return (Str){"", 0};
    return str_copy(a, (Str){text, strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &tm)});
}

Value run_time_value(Arena *a, int64_t ms)
{
    time_t seconds = (time_t)(ms / 1000);
    struct tm tm;
    char text[32];

    if (!ms || !gmtime_r(&seconds, &tm))
        return value_null();
    return value_string(
        str_copy(a, (Str){text, strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm)}));
}

Str run_chart_text(Arena *a, const Record *r)
{
    return r->chart_name.len
               ? str_format(a, "%.*s-%.*s", STR_ARG(r->chart_name), STR_ARG(r->chart_version))
               : (Str){"", 0};
}

void run_print(const Buf *b)
{
    fwrite(b->ptr, 1, b->len, stdout);
}

Error *run_print_json(Buf *b, Value value)
{
    TRY(json_write(b, value, (JsonStyle){0}));
    buf_add_char(b, '\n');
    run_print(b);
    return NULL;
}

static ValueMap *record_value(Arena *a, const Release *release, const Record *r)
{
    ValueMap *map = release_value(a, release);

    value_map_set_c(a, map, "revision", value_int(r->revision));
    value_map_set_c(a, map, "status",
                    value_c(r->revision ? record_status_name(r->status) : "not-installed"));
    value_map_set_c(a, map, "updated", run_time_value(a, r->last_deployed_ms));
    value_map_set_c(a, map, "chart", value_string(run_chart_text(a, r)));
    value_map_set_c(a, map, "appVersion", value_string(r->app_version));
    value_map_set_c(a, map, "description", value_string(r->description));
    value_map_set_c(a, map, "user", value_string(r->user));
    return map;
}

Error *run_no_such_release(const Run *run, Str name)
{
    const char **names = arena_array(run->arena, const char *, run->plan.len);

    for (size_t i = 0; i < run->plan.len; i++)
        names[i] = str_c(run->arena, run->plan.items[i].release->name);
    return nearest_hint(error_new(ERROR_NO_MATCH, "there is no release \"%.*s\"", STR_ARG(name)),
                        name, names, run->plan.len);
}

Error *run_plan_of_name(Run *run, Str name, Plan *out)
{
    bool *wanted = arena_array(run->arena, bool, run->releases.len), any = false;

    for (size_t i = 0; i < run->plan.len; i++) {
        const Release *release = run->plan.items[i].release;

        wanted[release->index] = !name.len || str_equal(release->name, name);
        any |= wanted[release->index];
        if (!wanted[release->index])
            report_end(run->report, i);
    }
    return any ? run_plan(run, wanted, false, out) : run_no_such_release(run, name);
}

/* ---- status */

typedef struct ObjectSituation {
    Str title;
    Health health;
    Str why; /* with the title; empty when ready */
} ObjectSituation;

/* How a release is: its record, and its objects. */
typedef struct Situation {
    Record record;
    VEC(ObjectSituation) objects;
    size_t ready;
    Str reason;   /* why the last run failed; otherwise, why one of them is not ready */
    bool unknown; /* it could not be read */
} Situation;

static Str status_name(const Situation *s)
{
    if (s->unknown)
        return STR("unknown");
    return s->record.revision ? str_from(record_status_name(s->record.status))
                              : STR("not-installed");
}

static Error *check_object(const Step *step, const ReleaseObject *object, Situation *s)
{
    ObjectSituation o = {.title = object_title(step->arena, &object->id),
                         .health = {HEALTH_PROGRESS, STR("it is not there")}};
    Value live;

    TRY(object_read(step, step->arena, &object->id, &live));
    if (live.kind != VALUE_NULL)
        o.health = object_health(step->arena, live);
    s->ready += o.health.state == HEALTH_READY;
    if (o.health.state != HEALTH_READY) {
        o.why = object_why(step, step->arena, &object->id, &o.health, live, NULL);
        if (!s->reason.len)
            s->reason = o.why;
    }
    *vec_add(step->arena, &s->objects) = o;
    return NULL;
}

static Error *situation_of(const Step *step, Situation *s)
{
    ReleaseObjectList objects;

    TRY(release_record(step, &s->record));
    if (!s->record.revision)
        return NULL;
    if (s->record.status == RECORD_FAILED)
        s->reason = s->record.description;
    TRY(objects_of_record(step, &s->record, &objects));
    for (size_t i = 0; i < objects.len; i++)
        TRY(check_object(step, &objects.items[i], s));
    return NULL;
}

/* Situations by number; they are in ARENAS. */
typedef struct StatusPass {
    Situation *situations;
} StatusPass;

/* Each object: "ready", "progressing" or "failed", and why. */
static Value health_value(Arena *a, const Situation *s)
{
    static const char *const names[] = {
        [HEALTH_READY] = "ready", [HEALTH_PROGRESS] = "progressing", [HEALTH_FAILED] = "failed"};
    Value *items = arena_array(a, Value, s->objects.len);

    for (size_t i = 0; i < s->objects.len; i++) {
        const ObjectSituation *o = &s->objects.items[i];

        items[i] =
            map_of(a, {"object", value_string(o->title)},
                   {"state", value_c(names[o->health.state])}, {"reason", value_string(o->why)});
    }
    return value_list(items, s->objects.len);
}

static Error *status_json(const Step *step, const Situation *s)
{
    ValueMap *map = record_value(step->arena, step->release, &s->record);

    value_map_set_c(step->arena, map, "ready", value_int((int64_t)s->ready));
    value_map_set_c(step->arena, map, "objects", value_int((int64_t)s->objects.len));
    value_map_set_c(step->arena, map, "health", health_value(step->arena, s));
    value_map_set_c(step->arena, map, "reason", value_string(s->reason));
    if (!step->run->options->hide_notes)
        value_map_set_c(step->arena, map, "notes", value_string(s->record.notes));
    return step_json(step, value_of_map(map));
}

static Error *status_step(void *context, const Step *step)
{
    StatusPass *pass = context;
    Situation *s = &pass->situations[step->number];

    s->unknown = true;
    TRY(situation_of(step, s));
    s->unknown = false;
    return step->run->json ? status_json(step, s) : NULL;
}

static void add_status(Arena *a, Table *table, const Release *release, const Situation *s)
{
    const Record *r = &s->record;
    bool there = r->revision > 0;

    table_add(table, (const Str[]){
                         release_title(a, release),
                         there ? str_format(a, "%d", r->revision) : STR("-"), status_name(s),
                         there ? str_format(a, "%zu/%zu", s->ready, s->objects.len) : STR("-"),
                         run_time_text(a, r->last_deployed_ms), run_chart_text(a, r), s->reason});
}

static void write_summary(Buf *b, const Run *run, const Situation *situations)
{
    Table table = {.arena = b->arena, .columns = 7};

    table_add(&table, (const Str[]){STR("RELEASE"), STR("REVISION"), STR("STATUS"), STR("READY"),
                                    STR("UPDATED"), STR("CHART"), STR("REASON")});
    for (size_t i = 0; i < run->plan.len; i++)
        add_status(b->arena, &table, run->plan.items[i].release, &situations[i]);
    table_write(b, &table, "  ");
}

/* All that is known of one release: its notes, too. */
static void write_details(Buf *b, const Release *release, const Situation *s, bool notes)
{
    const Record *r = &s->record;
    Arena *a = b->arena;
    Table table = {.arena = a, .columns = 2};

    table_add(&table, (const Str[]){STR("RELEASE"), release_title(a, release)});
    table_add(&table, (const Str[]){STR("STATUS"), status_name(s)});
    if (r->revision) {
        table_add(&table, (const Str[]){STR("REVISION"), str_format(a, "%d", r->revision)});
        table_add(&table, (const Str[]){STR("UPDATED"), run_time_text(a, r->last_deployed_ms)});
        table_add(&table, (const Str[]){STR("BY"), r->user});
        table_add(&table, (const Str[]){STR("CHART"), run_chart_text(a, r)});
        table_add(&table, (const Str[]){STR("DESCRIPTION"), r->description});
    }
    for (size_t i = 0; i < s->objects.len; i++) {
        const ObjectSituation *o = &s->objects.items[i];
        Str state = o->why.len ? str_skip(o->why, o->title.len + 2) : STR("ready");

        table_add(&table, (const Str[]){o->title, state});
    }
    table_write(b, &table, "  ");
    if (notes && r->notes.len)
        buf_format(b, "\n%.*s\n", STR_ARG(text_escaped(a, str_trim(r->notes))));
}

static Error *status_all(Run *run, void *context, PipelineOutcome *out)
{
    const Str *name = context;
    DEFER(kept_free) Kept kept = kept_new(run);
    StatusPass pass = {arena_array(run->arena, Situation, run->plan.len)};
    Buf b = {.arena = run->arena};
    Plan plan;

    (void)out;
    TRY(run_plan_of_name(run, *name, &plan));
    run_pass(run, &(RunPass){
                      .plan = &plan, .step = status_step, .context = &pass, .arenas = kept.arenas});
    if (run->json)
        return NULL;
    if (!name->len)
        write_summary(&b, run, pass.situations);
    for (size_t i = 0; name->len && i < plan.len; i++)
        write_details(&b, plan.items[i].release,
                      &pass.situations[run->number_of[plan.items[i].release->index]],
                      !run->options->hide_notes);
    report_print(run->report, buf_str(&b));
    return NULL;
}

Error *pipeline_status(const PipelineOptions *options, Str name, PipelineOutcome *out)
{
    return run_command(options, &(RunNeeds){.cluster = true, .json_items = true}, status_all, &name,
                       out);
}

/* ---- history */

static Value revision_value(Arena *a, const Release *release, const Record *r)
{
    ValueMap *map = release_value(a, release);

    value_map_set_c(a, map, "revision", value_int(r->revision));
    value_map_set_c(a, map, "status", value_c(record_status_name(r->status)));
    value_map_set_c(a, map, "chart", value_string(r->chart_name));
    value_map_set_c(a, map, "version", value_string(r->chart_version));
    value_map_set_c(a, map, "appVersion", value_string(r->app_version));
    value_map_set_c(a, map, "updated", run_time_value(a, r->last_deployed_ms));
    value_map_set_c(a, map, "actor", value_string(r->user));
    value_map_set_c(a, map, "run", value_string(r->run));
    value_map_set_c(a, map, "description", value_string(r->description));
    return value_of_map(map);
}

/* One list has the revisions of all releases. */
static Error *history_json(const Step *step, const RecordList *records)
{
    Arena *a = step->arena;
    Buf b = {.arena = a};

    for (size_t i = 0; i < records->len; i++) {
        buf_add_c(&b, i ? ",\n" : "");
        TRY(json_write(&b, revision_value(a, step->release, &records->items[i]), (JsonStyle){0}));
    }
    if (b.len)
        report_result(step->run->report, step->number, buf_str(&b));
    return NULL;
}

static void write_history(Buf *b, const Step *step, const RecordList *records)
{
    Table table = {.arena = b->arena, .columns = 6};

    buf_format(b, "%.*s\n", STR_ARG(text_escaped(b->arena, step->title)));
    table_add(&table, (const Str[]){STR("  REVISION"), STR("UPDATED"), STR("STATUS"), STR("CHART"),
                                    STR("BY"), STR("DESCRIPTION")});
    for (size_t i = 0; i < records->len; i++) {
        const Record *r = &records->items[i];

        table_add(&table, (const Str[]){str_format(b->arena, "  %d", r->revision),
                                        run_time_text(b->arena, r->last_deployed_ms),
                                        str_from(record_status_name(r->status)),
                                        run_chart_text(b->arena, r), r->user, r->description});
    }
    if (records->len)
        table_write(b, &table, "  ");
    else
        buf_add_c(b, "  never installed\n");
}

static Error *history_step(void *context, const Step *step)
{
    const Release *release = step->release;
    RecordList records;
    Buf b = {.arena = step->arena};

    (void)context;
    TRY(record_history(step->run->store, step->arena, release->kube_context,
                       release_namespace(release), release->name, &records));
    if (step->run->json)
        return history_json(step, &records);
    write_history(&b, step, &records);
    report_result(step->run->report, step->number, buf_str(&b));
    return NULL;
}

static Error *history_all(Run *run, void *context, PipelineOutcome *out)
{
    Plan plan;

    (void)out;
    TRY(run_plan_of_name(run, *(const Str *)context, &plan));
    run_pass(run, &(RunPass){.plan = &plan, .step = history_step});
    return NULL;
}

Error *pipeline_history(const PipelineOptions *options, Str name, PipelineOutcome *out)
{
    RunNeeds needs = {.cluster = true, .listing = true, .json_items = true};

    return run_command(options, &needs, history_all, &name, out);
}
