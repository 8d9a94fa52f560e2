/*
 * compare.c - what is wanted beside what is there.
 *
 * Every object that is wanted is applied as a dry run, and the answer is held against the live
 * object: so what the cluster adds by itself is on both sides, and no change.
 */
#include "pipeline/run.h"

#include <string.h>

Error *release_target(const Run *run, Arena *a, const Release *release, Target **out)
{
    TRY(target_open(a,
                    &(TargetOptions){.type = run->target,
                                     .location = run->options->target_location,
                                     .context = release->kube_context,
                                     .config = run->options->kubeconfig},
                    out));
    return NULL;
}

Error *release_record(const Run *run, Arena *a, const Release *release, Record *out)
{
    Error *err = record_last(run->store, a, release->kube_context, release_namespace(release),
                             release->name, out);

    if (err && error_kind_of(err) == ERROR_NOT_FOUND) {
        error_free(err);
        *out = (Record){0};
        return NULL;
    }
    return err;
}

static Error *live_object(Target *target, Arena *a, const ObjectId *id, Value *out)
{
    Error *err = target_get(target, a, id, out);

    if (err && error_kind_of(err) == ERROR_NOT_FOUND) {
        error_free(err);
        *out = value_null();
        return NULL;
    }
    return err;
}

/* What OBJECT would be. Where its namespace, or its kind, is only about to be made: itself. */
static Error *predicted_object(Target *target, Arena *a, const ReleaseObject *object, Value *out)
{
    Error *err = target_apply(target, a, object->object,
                              &(TargetApply){.manager = "relfile", .dry_run = true, .force = true},
                              out);

    if (err && error_kind_of(err) == ERROR_NOT_FOUND) {
        error_free(err);
        *out = object->object;
        return NULL;
    }
    return err;
}

static Error *compare_object(const Run *run, Arena *a, Target *target, const ReleaseObject *object,
                             bool wanted, ReleaseChangeList *out)
{
    Value live, predicted = value_null();
    ObjectDiff diff;

    TRY(live_object(target, a, &object->id, &live));
    if (wanted)
        TRY(predicted_object(target, a, object, &predicted));
    TRY(diff_objects(a, live, predicted,
                     &(DiffOptions){.context = run->options->context,
                                    .show_secrets = run->options->show_secrets},
                     &diff));
    if (diff.kind != CHANGE_NONE)
        *vec_add(a, out) = (ReleaseChange){*object, diff};
    return NULL;
}

static bool same_hooks(const Record *record, const ManifestList *hooks)
{
    if (record->hooks.len != hooks->len)
        return false;
    for (size_t i = 0; i < hooks->len; i++)
        if (!str_equal(record->hooks.items[i].manifest, hooks->items[i].text))
            return false;
    return true;
}

static Error *compare_dropped(const Run *run, Arena *a, Target *target, Comparison *c)
{
    for (size_t i = 0; i < c->dropped.len; i++)
        if (!object_is_kept(&c->dropped.items[i]))
            TRY(compare_object(run, a, target, &c->dropped.items[i], false, &c->changes));
    return NULL;
}

Error *release_compare(const Run *run, Arena *a, const Release *release, Target *target,
                       Comparison *out)
{
    ReleaseObjectList old = {0};

    *out = (Comparison){0};
    TRY(release_record(run, a, release, &out->record));
    bool there = out->record.revision && out->record.status != RECORD_UNINSTALLED;
    TRY(release_render(run, a, release, there ? out->record.revision + 1 : 1, target,
                       &out->rendered));
    TRY(objects_make(a, release, target, &out->rendered.output.manifests, &out->wanted));
    if (there)
        TRY(objects_of_record(a, release, target, &out->record, &old));
    objects_dropped(a, &old, &out->wanted, &out->dropped);
    for (size_t i = 0; i < out->wanted.len; i++)
        TRY(compare_object(run, a, target, &out->wanted.items[i], true, &out->changes));
    TRY(compare_dropped(run, a, target, out));
    out->changed = out->changes.len || !there || out->record.status != RECORD_DEPLOYED ||
                   !same_hooks(&out->record, &out->rendered.output.hooks);
    return NULL;
}

Error *release_compare_gone(const Run *run, Arena *a, const Release *release, Target *target,
                            Comparison *out)
{
    ReleaseObjectList old = {0}, none = {0};

    *out = (Comparison){0};
    TRY(release_record(run, a, release, &out->record));
    if (!out->record.revision || out->record.status == RECORD_UNINSTALLED)
        return NULL;
    TRY(objects_of_record(a, release, target, &out->record, &old));
    objects_dropped(a, &old, &none, &out->dropped);
    TRY(compare_dropped(run, a, target, out));
    out->changed = true;
    return NULL;
}
