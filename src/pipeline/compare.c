/*
 * compare.c - what is wanted beside what is there.
 *
 * Every object that is wanted is applied as a dry run, and the answer is held against the live
 * object: so what the cluster adds by itself is on both sides, and no change.
 */
#include "pipeline/diff_output.h"

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

/* What is compared, besides the objects themselves. */
typedef struct Comparer {
    const Step *step;
    Comparison *out;
    ReleaseObjectList old; /* of the last revision */
    const char *what;      /* of ReleaseChange */
} Comparer;

static DiffOptions diff_options(const Step *step)
{
    const PipelineOptions *options = step_options(step);

    return (DiffOptions){.context = diff_context(options),
                         .show_secrets = options->show_secrets,
                         .show_decoded = options->show_decoded,
                         .ignore_trailing_cr = options->strip_cr,
                         .show_all = options->show_all};
}

/* Whether ERR says that the user may not change objects at all: not that this one is refused. */
static bool lacks_rights(const Error *err)
{
    return error_kind_of(err) == ERROR_DENIED && strstr(error_message(err), " cannot ") &&
           strstr(error_message(err), " resource \"");
}

/* Whether it says that what is there cannot become what is wanted. */
static bool cannot_change(const Error *err)
{
    static const char *const marks[] = {"field is immutable", "Forbidden: updates to ",
                                        "may not be changed", "cannot be changed",
                                        "may not change once set"};

    for (size_t i = 0; i < COUNT(marks); i++)
        if (error_kind_of(err) == ERROR_INPUT && strstr(error_message(err), marks[i]))
            return true;
    return false;
}

/* What ERR says, without the object's name in front. */
static Str reason_of(const Comparer *c, const Error *err, const ObjectId *id)
{
    Arena *a = c->step->arena;
    Str text = str_copy(a, str_from(error_message(err)));
    Str title = str_join(a, object_title(a, id), STR(": "));

    return str_starts(text, title) ? str_skip(text, title.len) : text;
}

/* What OBJECT would be, as conflicts are dealt with; what others have changed is shown. */
static Error *dry_run(const Comparer *c, Value object, const DiffSides *sides, Value *out)
{
    const Step *step = c->step;
    TargetApply how = {.manager = RELEASE_MANAGER,
                       .dry_run = true,
                       .live = &sides->from,
                       .updates = str_is(c->out->method, "csa"),
                       .applied = &sides->applied};

    apply_conflicts(step, &how);
    // what controllers add would come back at once, and is no difference
    how.force |= how.replace && !how.updates;
    how.replace = false;
    Error *err = target_apply(step->target, step->arena, object, &how, out);
    if (!err || error_kind_of(err) != ERROR_CONFLICT || how.force)
        return err;
    error_free(err);
    how.force = true;
    return target_apply(step->target, step->arena, object, &how, out);
}

/* What the server says SIDES's WANTED would be; where it does not say, a guess. */
static Error *predict(const Comparer *c, DiffSides *sides, ReleaseChange *change)
{
    Arena *a = c->step->arena;
    bool there = !value_is_null(sides->from);
    if (object_is_stopped(sides->from))
        *vec_add(a, &c->out->stopped) = object_title(a, &change->object.id);
    Error *err =
        dry_run(c, object_overridden(a, change->object.object, sides->from), sides, &sides->to);

    if (!err) {
        if (there && str_is(c->out->method, "ssa") &&
            diff_is_updated_by(sides->from, RELEASE_MANAGER)) // as helm 3 leaves them
            sides->to = diff_without_dropped(a, sides->to, sides->applied, sides->wanted);
        return NULL;
    }
    if (there && cannot_change(err))
        change->replaced = reason_of(c, err, &change->object.id);
    else if (lacks_rights(err))
        c->out->guessed = true;
    else if (error_kind_of(err) != ERROR_NOT_FOUND) // its namespace, or kind, is about to be made
        return err;
    error_free(err);
    sides->to = there ? diff_predicted(a, sides->from, sides->applied, sides->wanted)
                      : change->object.object;
    return NULL;
}

/*
 * What is new is shown as it was written: what the cluster would add to it can only be guessed,
 * and hides the rest. It is asked all the same, for it may refuse the object.
 */
static Error *compare_object(const Comparer *c, const ReleaseObject *object, bool wanted)
{
    Arena *a = c->step->arena;
    DiffOptions options = diff_options(c->step);
    ReleaseChange change = {.object = *object, .what = c->what};
    DiffSides sides = {.applied = object_in(a, &c->old, &object->id),
                       .wanted = wanted ? secret_encoded(a, object->object) : value_null(),
                       .manager = RELEASE_MANAGER};

    TRY(object_look(c->step, a, &object->id, &sides.from));
    if (wanted)
        TRY(crd_check(c->step, object, sides.from));
    if (wanted)
        TRY(predict(c, &sides, &change));
    if (value_is_null(sides.from) && wanted) {
        sides.to = object->object;
        change.drifted = !value_is_null(sides.applied);
    }
    TRY(diff_explained(a, &sides, &options, &change.diff));
    c->out->hidden += change.diff.hidden;
    if (change.diff.kind != CHANGE_NONE || change.replaced.len)
        *vec_add(a, &c->out->changes) = change;
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

static Error *compare_dropped(const Comparer *c, const ReleaseObjectList *dropped)
{
    bool careful = c->step->release->installed || c->step->release->pruned;

    for (size_t i = 0; i < dropped->len; i++) {
        const ReleaseObject *object = &dropped->items[i];

        if (object_is_kept(object))
            continue;
        if (careful && !safety_may_drop(c->step, object))
            *vec_add(c->step->arena, &c->out->left) = object_title(c->step->arena, &object->id);
        else
            TRY(compare_object(c, object, false));
    }
    return NULL;
}

/* ---- what is not in the manifest: the namespace, definitions of kinds, hooks */

/* Whether the step's release is the first of the plan in its namespace: that shows it. */
static bool is_first_there(const Step *step)
{
    const Release *release = step->release;

    for (size_t i = 0; i < step->number; i++) {
        const Release *other = step->run->plan.items[i].release;

        if (other->installed && str_equal(other->kube_context, release->kube_context) &&
            str_equal(release_namespace(other), release_namespace(release)))
            return false;
    }
    return true;
}

static Error *compare_namespace(Comparer *c)
{
    const Step *step = c->step;
    ReleaseObject object = release_namespace_object(step);

    if (!release_makes_namespace(step) || !is_first_there(step))
        return NULL;
    c->what = "namespace";
    bool lacks;
    TRY(release_lacks_namespace(step, &lacks));
    return lacks ? compare_object(c, &object, true) : NULL;
}

/* Definitions of kinds are only ever made, as helm has it. */
static Error *compare_crds(Comparer *c)
{
    ReleaseObjectList crds;

    TRY(release_crds(c->step, &c->out->rendered.output, &crds));
    c->what = "crd";
    for (size_t i = 0; i < crds.len; i++) {
        Value live;

        TRY(object_look(c->step, c->step->arena, &crds.items[i].id, &live));
        if (value_is_null(live))
            TRY(compare_object(c, &crds.items[i], true));
    }
    return NULL;
}

static bool is_shown_hook(const Step *step, unsigned events)
{
    return events != HOOK_TEST || step_options(step)->include_tests;
}

/* The hooks that are shown; of a record, or as they are rendered. */
static Error *recorded_hooks(const Comparer *c, ReleaseObjectList *out)
{
    ManifestList *manifests = arena_new(c->step->arena, ManifestList);

    for (size_t i = 0; i < c->out->record.hooks.len; i++) {
        const RecordHook *hook = &c->out->record.hooks.items[i];

        if (is_shown_hook(c->step, hook->events))
            TRY(manifest_parse(c->step->arena, hook->path, hook->manifest, manifests));
    }
    return objects_unmarked(c->step, manifests, out);
}

static Error *rendered_hooks(const Comparer *c, ReleaseObjectList *out)
{
    const ManifestList *hooks = &c->out->rendered.output.hooks;
    ManifestList *shown = arena_new(c->step->arena, ManifestList);

    for (size_t i = 0; i < hooks->len; i++)
        if (is_shown_hook(c->step, hooks->items[i].hook_events))
            *vec_add(c->step->arena, shown) = hooks->items[i];
    return objects_unmarked(c->step, shown, out);
}

/* Hooks come and go: what was recorded of them is compared with what they would be. */
static Error *compare_hook(const Comparer *c, const ReleaseObject *object, Value from, Value to)
{
    DiffOptions options = diff_options(c->step);
    ReleaseChange change = {.object = *object, .what = "hook"};
    DiffSides sides = {
        .from = from, .to = to, .applied = from, .wanted = to, .manager = RELEASE_MANAGER};

    TRY(diff_explained(c->step->arena, &sides, &options, &change.diff));
    if (change.diff.kind != CHANGE_NONE)
        *vec_add(c->step->arena, &c->out->changes) = change;
    return NULL;
}

static Error *compare_hooks(const Comparer *c)
{
    ReleaseObjectList old, new, gone;
    Arena *a = c->step->arena;

    TRY(recorded_hooks(c, &old));
    TRY(rendered_hooks(c, &new));
    for (size_t i = 0; i < new.len; i++)
        TRY(compare_hook(c, &new.items[i], object_in(a, &old, &new.items[i].id),
                         secret_encoded(a, new.items[i].object)));
    objects_dropped(a, &old, &new, &gone);
    for (size_t i = 0; i < gone.len; i++)
        TRY(compare_hook(c, &gone.items[i], secret_encoded(a, gone.items[i].object), value_null()));
    return NULL;
}

static Error *compare_surroundings(Comparer *c, bool there)
{
    if (!there)
        TRY(compare_namespace(c));
    TRY(compare_crds(c));
    return step_options(c->step)->no_hooks ? NULL : compare_hooks(c);
}

/* ---- releases */

static bool is_there(const Record *record)
{
    return record->revision && record->status != RECORD_UNINSTALLED;
}

Error *release_compare(const Step *step, Comparison *out)
{
    Comparer c = {.step = step, .out = out};

    *out = (Comparison){0};
    TRY(release_record(step, &out->record));
    bool there = is_there(&out->record);
    out->method = release_apply_method(step, &out->record);
    TRY(release_render(step,
                       &(RenderRequest){.revision = there ? out->record.revision + 1 : 1,
                                        .last = there ? &out->record : NULL,
                                        .repeats = true},
                       &out->rendered));
    TRY(objects_make(step, &out->rendered.output.manifests, &out->wanted));
    if (there)
        TRY(objects_of_release(step, &out->record, &c.old));
    TRY(safety_check_rendering(step, &c.old, &out->wanted));
    out->had = c.old.len;
    objects_dropped(step->arena, &c.old, &out->wanted, &out->dropped);
    TRY(compare_surroundings(&c, there));
    c.what = NULL;
    for (size_t i = 0; i < out->wanted.len; i++)
        TRY(compare_object(&c, &out->wanted.items[i], true));
    TRY(compare_dropped(&c, &out->dropped));
    out->hooks_changed = there && !step_options(step)->no_hooks &&
                         !same_hooks(&out->record, &out->rendered.output.hooks);
    out->changed = out->changes.len || out->left.len || !there ||
                   out->record.status != RECORD_DEPLOYED || out->hooks_changed;
    return NULL;
}

Error *release_compare_gone(const Step *step, Comparison *out)
{
    Comparer c = {.step = step, .out = out};
    ReleaseObjectList none = {0};

    *out = (Comparison){0};
    TRY(release_record(step, &out->record));
    if (!is_there(&out->record))
        return NULL;
    TRY(objects_of_release(step, &out->record, &c.old));
    out->had = c.old.len;
    objects_dropped(step->arena, &c.old, &none, &out->dropped);
    TRY(compare_dropped(&c, &out->dropped));
    out->changed = true;
    return NULL;
}

Error *release_compare_back(const Step *step, int revision, Comparison *out)
{
    Comparer c = {.step = step, .out = out};
    Record to = {.context = step->release->kube_context,
                 .namespace = release_namespace(step->release),
                 .name = step->release->name,
                 .revision = revision};

    *out = (Comparison){0};
    TRY(release_record(step, &out->record));
    if (!is_there(&out->record))
        return NULL;
    TRY(record_read(step->run->store, step->arena, &to));
    TRY(objects_of_record(step, &to, &out->wanted));
    TRY(objects_of_release(step, &out->record, &c.old));
    out->had = c.old.len;
    objects_dropped(step->arena, &c.old, &out->wanted, &out->dropped);
    return compare_dropped(&c, &out->dropped);
}

/* ---- drift */

/* FROM is what the last revision would make of the object, and TO what it is. */
static Error *compare_with_applied(const Comparer *c, const ReleaseObject *object)
{
    Arena *a = c->step->arena;
    DiffOptions options = diff_options(c->step);
    ReleaseChange change = {.object = *object};
    DiffSides there = {.applied = value_null(), .wanted = secret_encoded(a, object->object)};

    TRY(object_look(c->step, a, &object->id, &there.from));
    DiffSides sides = {.to = there.from,
                       .applied = there.wanted,
                       .wanted = there.wanted,
                       .manager = RELEASE_MANAGER,
                       .reversed = true};
    if (value_is_null(there.from)) {
        sides.from = object->object;
    } else {
        TRY(predict(c, &there, &change));
        sides.from =
            diff_without_additions(a, there.to, there.wanted, RELEASE_MANAGER, options.show_all);
    }
    TRY(diff_explained(a, &sides, &options, &change.diff));
    change.drifted = true;
    if (change.diff.kind != CHANGE_NONE)
        *vec_add(a, &c->out->changes) = change;
    return NULL;
}

Error *release_compare_drift(const Step *step, Comparison *out)
{
    Comparer c = {.step = step, .out = out};

    *out = (Comparison){0};
    TRY(release_record(step, &out->record));
    if (!is_there(&out->record))
        return NULL;
    out->method = release_apply_method(step, &out->record);
    TRY(objects_of_record(step, &out->record, &c.old));
    for (size_t i = 0; i < c.old.len; i++)
        TRY(compare_with_applied(&c, &c.old.items[i]));
    out->changed = out->changes.len > 0;
    return NULL;
}
