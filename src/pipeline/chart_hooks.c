/*
 * chart_hooks.c - the hooks of a chart: objects that are made, and waited for, before or after the
 * others. Source: helm, pkg/action/hooks.go.
 */
#include "pipeline/run.h"

#include "io/failpoint.h"

#include <stdlib.h>
#include <string.h>

/* A hook that is to run. */
typedef struct DueHook {
    const Manifest *manifest;
    ReleaseObjectList objects;
    bool made; /* the objects are */
} DueHook;

/* By weight, then name, then kind. */
static int compare_hooks(const void *left, const void *right)
{
    const Manifest *a = ((const DueHook *)left)->manifest, *b = ((const DueHook *)right)->manifest;
    int order = (a->hook_weight > b->hook_weight) - (a->hook_weight < b->hook_weight);

    if (!order)
        order = str_compare(a->name, b->name);
    return order ? order : manifest_compare_kinds(a->kind, b->kind);
}

/* A definition is never deleted: all objects of its kind would be, too. */
static bool hook_is_deleted(const Manifest *hook, unsigned when)
{
    unsigned deletes = hook->hook_deletes ? hook->hook_deletes : HOOK_DELETE_BEFORE_CREATION;

    return (deletes & when) && !str_is(hook->kind, "CustomResourceDefinition");
}

static Error *remove_hook(const ChartHooks *h, const ReleaseObjectList *objects)
{
    for (size_t i = 0; i < objects->len; i++) {
        Error *err = target_remove(h->step->target, &objects->items[i].id, &(TargetDelete){0});

        if (err && error_kind_of(err) == ERROR_NOT_FOUND)
            error_free(err);
        else
            TRY(err);
    }
    return objects_wait(
        h->step,
        &(WaitRequest){.objects = objects, .timeout_ms = h->timeout_ms, .for_removal = true});
}

static void note_phase(const ChartHooks *h, const Manifest *hook, const char *phase)
{
    for (size_t i = 0; i < h->record->hooks.len; i++) {
        RecordHook *record = &h->record->hooks.items[i];

        if (!str_equal(record->name, hook->name) || !str_equal(record->kind, hook->kind))
            continue;
        record->phase = str_from(phase);
        if (strcmp(phase, "Running") == 0)
            record->started_ms = run_now_ms();
        else
            record->completed_ms = run_now_ms();
    }
}

static Error *run_hook(const ChartHooks *h, DueHook *hook)
{
    const Manifest *m = hook->manifest;
    ManifestList one = {(Manifest *)(uintptr_t)m, 1, 1};
    ReleaseObjectList *objects = &hook->objects;
    Value live;

    TRY(objects_unmarked(h->step, &one, objects));
    if (hook_is_deleted(m, HOOK_DELETE_BEFORE_CREATION))
        TRY(remove_hook(h, objects));
    TRY(FAILPOINT(HOOK));
    note_phase(h, m, "Running");
    for (size_t i = 0; i < objects->len; i++)
        TRY(target_apply(h->step->target, h->step->arena, objects->items[i].object,
                         &(TargetApply){.manager = RELEASE_MANAGER, .create_only = true}, &live));
    hook->made = true;
    TRY(FAILPOINT(HOOK_DONE));
    Error *err = objects_wait(
        h->step, &(WaitRequest){.objects = objects, .timeout_ms = h->timeout_ms, .for_jobs = true});
    note_phase(h, m, err ? "Failed" : "Succeeded");
    return error_wrap(err, "hook %.*s", STR_ARG(m->source));
}

/* Hooks that succeeded stay until all have run: one may use what another made. */
static Error *remove_succeeded(const ChartHooks *h, const DueHook *hooks, size_t len)
{
    while (len-- > 0)
        if (hook_is_deleted(hooks[len].manifest, HOOK_DELETE_SUCCEEDED))
            TRY(remove_hook(h, &hooks[len].objects));
    return NULL;
}

static void clear_failed(const ChartHooks *h, const DueHook *hooks, size_t failed)
{
    if (hooks[failed].made && hook_is_deleted(hooks[failed].manifest, HOOK_DELETE_FAILED))
        error_free(remove_hook(h, &hooks[failed].objects));
    error_free(remove_succeeded(h, hooks, failed));
}

Error *chart_hooks_run(const ChartHooks *h, const ManifestList *hooks, HookEvent event)
{
    VEC(DueHook) due = {0};

    for (size_t i = 0; i < hooks->len && !step_options(h->step)->no_hooks; i++)
        if (hooks->items[i].hook_events & event)
            *vec_add(h->step->arena, &due) = (DueHook){.manifest = &hooks->items[i]};
    if (due.len)
        qsort(due.items, due.len, sizeof(*due.items), compare_hooks);
    for (size_t i = 0; i < due.len; i++) {
        report_progress(h->step->run->report, h->step->number, h->step->title, "%s hook %.*s",
                        manifest_hook_names[__builtin_ctz(event)],
                        STR_ARG(due.items[i].manifest->name));
        Error *err = run_hook(h, &due.items[i]);
        if (err) {
            clear_failed(h, due.items, i);
            return err;
        }
    }
    return remove_succeeded(h, due.items, due.len);
}
