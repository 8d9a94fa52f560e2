/*
 * compare.c - what is wanted beside what is there.
 *
 * Every object that is wanted is applied as a dry run, and the answer is held against the live
 * object: so what the cluster adds by itself is on both sides, and no change.
 */
#include "pipeline/run.h"

#include <string.h>

Error *release_record(const Step *step, Record *out)
{
    const Release *release = step->release;
    Error *err = record_last(step->run->store, step->arena, release->kube_context,
                             release_namespace(release), release->name, out);

    if (err && error_kind_of(err) == ERROR_NOT_FOUND) {
        error_free(err);
        *out = (Record){0};
        return NULL;
    }
    return err;
}

/* What OBJECT would be. Where its namespace, or its kind, is only about to be made: itself. */
static Error *predicted_object(const Step *step, const ReleaseObject *object, Value live,
                               Value *out)
{
    TargetApply how = {.manager = RELEASE_MANAGER, .dry_run = true, .live = &live};

    apply_conflicts(step, &how);
    Error *err = target_apply(step->target, step->arena, object->object, &how, out);
    if (err && error_kind_of(err) == ERROR_CONFLICT && !how.force) {
        error_free(err); // what others have changed is shown
        how.force = true;
        err = target_apply(step->target, step->arena, object->object, &how, out);
    }
    if (err && error_kind_of(err) == ERROR_NOT_FOUND) {
        error_free(err);
        *out = object->object;
        return NULL;
    }
    return err;
}

/*
 * What is new is shown as it was written: what the cluster would add to it can only be guessed,
 * and hides the rest. It is asked all the same, for it may refuse the object.
 */
static Error *compare_object(const Step *step, const ReleaseObject *object, bool wanted,
                             ReleaseChangeList *out)
{
    const PipelineOptions *options = step->run->options;
    Value live, predicted = value_null();
    ObjectDiff diff;

    TRY(object_look(step, step->arena, &object->id, &live));
    if (wanted)
        TRY(predicted_object(step, object, live, &predicted));
    TRY(diff_objects(step->arena, live,
                     wanted && live.kind == VALUE_NULL ? object->object : predicted,
                     &(DiffOptions){.context = options->context,
                                    .show_secrets = options->show_secrets,
                                    .ignore_trailing_cr = options->strip_cr},
                     &diff));
    if (diff.kind != CHANGE_NONE)
        *vec_add(step->arena, out) = (ReleaseChange){*object, diff};
    return NULL;
}

/* Whether RECORD has HOOK as it is; where it stands, and space around it, does not matter. */
static bool has_hook(const Record *record, const Manifest *hook)
{
    for (size_t i = 0; i < record->hooks.len; i++)
        if (str_equal(str_trim(record->hooks.items[i].manifest), str_trim(hook->text)))
            return true;
    return false;
}

static bool same_hooks(const Record *record, const ManifestList *hooks)
{
    if (record->hooks.len != hooks->len)
        return false;
    for (size_t i = 0; i < hooks->len; i++)
        if (!has_hook(record, &hooks->items[i]))
            return false;
    return true;
}

static Error *compare_dropped(const Step *step, Comparison *c)
{
    for (size_t i = 0; i < c->dropped.len; i++)
        if (!object_is_kept(&c->dropped.items[i]))
            TRY(compare_object(step, &c->dropped.items[i], false, &c->changes));
    return NULL;
}

Error *release_compare(const Step *step, Comparison *out)
{
    ReleaseObjectList old = {0};

    *out = (Comparison){0};
    TRY(release_record(step, &out->record));
    bool there = out->record.revision && out->record.status != RECORD_UNINSTALLED;
    TRY(release_render(step,
                       &(RenderRequest){.revision = there ? out->record.revision + 1 : 1,
                                        .last = there ? &out->record : NULL,
                                        .repeats = true},
                       &out->rendered));
    TRY(objects_make(step, &out->rendered.output.manifests, &out->wanted));
    if (there)
        TRY(objects_of_record(step, &out->record, &old));
    objects_dropped(step->arena, &old, &out->wanted, &out->dropped);
    for (size_t i = 0; i < out->wanted.len; i++)
        TRY(compare_object(step, &out->wanted.items[i], true, &out->changes));
    TRY(compare_dropped(step, out));
    out->hooks_changed = there && !same_hooks(&out->record, &out->rendered.output.hooks);
    out->changed =
        out->changes.len || !there || out->record.status != RECORD_DEPLOYED || out->hooks_changed;
    return NULL;
}

Error *release_compare_gone(const Step *step, Comparison *out)
{
    ReleaseObjectList old = {0}, none = {0};

    *out = (Comparison){0};
    TRY(release_record(step, &out->record));
    if (!out->record.revision || out->record.status == RECORD_UNINSTALLED)
        return NULL;
    TRY(objects_of_record(step, &out->record, &old));
    objects_dropped(step->arena, &old, &none, &out->dropped);
    TRY(compare_dropped(step, out));
    out->changed = true;
    return NULL;
}
