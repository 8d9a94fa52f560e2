/*
 * outcome.c - how it went with the releases of a command that changes clusters, and telling it.
 */
#include "pipeline/sync.h"

#include "io/clock.h"

#include <string.h>

/* ---- telling */

static Str objects_text(Arena *a, const Deployment *d)
{
    size_t total = d->created + d->updated + d->unchanged;
    Buf b = {.arena = a};

    if (d->created)
        buf_format(&b, ", %zu created", d->created);
    if (d->updated)
        buf_format(&b, ", %zu changed", d->updated);
    if (d->deleted)
        buf_format(&b, ", %zu deleted", d->deleted);
    if (d->unchanged)
        buf_format(&b, d->unchanged == total && !d->deleted ? ", all unchanged" : ", %zu unchanged",
                   d->unchanged);
    return str_format(a, "%zu object%s%.*s", total, total == 1 ? "" : "s", (int)b.len,
                      b.len ? b.ptr : "");
}

/* What the release is now, in a word. */
static const char *status_of(const Outcome *o)
{
    if (!o->action)
        return "not-installed";
    return strcmp(o->action, "uninstalled") == 0 ? "uninstalled" : "deployed";
}

void outcome_add_work(Arena *a, ValueMap *map, const Outcome *o)
{
    ValueMap *objects = value_map_new(a);
    int64_t ms = o->started_ms ? clock_ms() - o->started_ms : 0;

    value_map_set_c(a, objects, "created", value_int((int64_t)o->done.created));
    value_map_set_c(a, objects, "updated", value_int((int64_t)o->done.updated));
    value_map_set_c(a, objects, "deleted", value_int((int64_t)o->done.deleted));
    value_map_set_c(a, objects, "unchanged", value_int((int64_t)o->done.unchanged));
    value_map_set_c(a, map, "revision", value_int(o->done.revision));
    value_map_set_c(a, map, "seconds", value_float((double)ms / 1000));
    value_map_set_c(a, map, "objects", value_of_map(objects));
}

void outcome_add_lost(void *context, Arena *a, size_t number, ValueMap *item)
{
    const Sync *s = context;

    outcome_add_work(a, item, &s->outcomes[number]);
}

Value outcome_value(const Step *step, const Outcome *o)
{
    Arena *a = step->arena;
    ValueMap *map = release_value(a, step->release);

    value_map_set_c(a, map, "action", value_c(o->action ? o->action : "none"));
    value_map_set_c(a, map, "status", value_c(status_of(o)));
    value_map_set_c(a, map, "error", value_null());
    outcome_add_work(a, map, o);
    return value_of_map(map);
}

Error *outcome_tell(const Step *step, const Outcome *o)
{
    Report *report = step->run->report;
    Str objects = objects_text(step->arena, &o->done);
    double seconds = (double)(clock_ms() - o->started_ms) / 1000;

    if (!o->action)
        report_line(report, step->number, MARK_SAME, step->title, "not installed");
    else if (strcmp(o->action, "unchanged") == 0)
        report_line(report, step->number, MARK_SAME, step->title, "unchanged");
    else if (strcmp(o->action, "uninstalled") == 0)
        report_line(report, step->number, MARK_DONE, step->title,
                    "uninstalled · %zu object%s deleted · %.1f s", o->done.deleted,
                    o->done.deleted == 1 ? "" : "s", seconds);
    else
        report_line(report, step->number, MARK_DONE, step->title, "%s, revision %d · %.*s · %.1f s",
                    o->action, o->done.revision, STR_ARG(objects), seconds);
    return step->run->json ? step_json(step, outcome_value(step, o)) : NULL;
}

void outcome_note(const Step *step, const Outcome *o, const Error *err)
{
    Str action = err ? STR("failed") : str_from(o->action ? o->action : "none");

    run_log_note(step->run, step->number,
                 &(RunRelease){.action = action,
                               .error = err ? str_from(error_message(err)) : (Str){"", 0},
                               .revision = o->done.revision,
                               .took_ms = clock_ms() - o->started_ms});
}

void sync_sum_up(const Sync *s)
{
    DEFER(arena_free) Arena scratch = {0};
    Deployment total = {0};
    size_t done = 0, plan = s->run->plan.len;

    for (size_t i = 0; i < plan; i++) {
        const Deployment *d = &s->outcomes[i].done;

        done += s->outcomes[i].action && s->outcomes[i].started_ms;
        total.created += d->created;
        total.updated += d->updated;
        total.deleted += d->deleted;
        total.unchanged += d->unchanged;
    }
    const RunResult *result = &s->run->result;
    Buf lost = {.arena = &scratch};
    if (result->failures.len)
        buf_format(&lost, ", %zu failed", result->failures.len);
    if (result->skipped)
        buf_format(&lost, ", %zu skipped", result->skipped);
    report_summary(
        s->run->report,
        "%zu release%s%.*s · objects: %zu created, %zu changed, %zu deleted, %zu unchanged · "
        "%.*s",
        done, done == 1 ? "" : "s", STR_ARG(buf_str(&lost)), total.created, total.updated,
        total.deleted, total.unchanged, STR_ARG(run_elapsed(&scratch, s->run)));
}

void sync_count_done(const Sync *s)
{
    for (size_t i = 0; i < s->run->plan.len; i++)
        s->run->result.done += s->outcomes[i].action && s->outcomes[i].started_ms;
}
