/*
 * safety.c - what a run does not delete without being asked for: objects that data goes with,
 * releases that are protected, more than the limits allow, everything by an empty chart.
 */
#include "pipeline/run.h"

#include "base/number.h"

/* Kinds that have data, or whose deletion takes others' objects along. */
static const char *const precious[] = {"PersistentVolumeClaim", "PersistentVolume",
                                       "CustomResourceDefinition", "Namespace", "StatefulSet"};

static bool is_precious(Str kind)
{
    for (size_t i = 0; i < COUNT(precious); i++)
        if (str_is(kind, precious[i]))
            return true;
    return false;
}

/* Whether ALLOWED is the object's kind, or its KIND/NAME. */
static bool allows(Str allowed, const ObjectId *id)
{
    Str kind;

    return str_cut(&allowed, '/', &kind) ? str_equal(kind, id->kind) && str_equal(allowed, id->name)
                                         : str_equal(kind, id->kind);
}

static bool spec_allows(const SpecTextList *list, const ObjectId *id)
{
    for (size_t i = 0; i < list->len; i++)
        if (allows(list->items[i].text, id))
            return true;
    return false;
}

bool safety_may_drop(const Step *step, const ReleaseObject *object)
{
    const StrList *given = &step_options(step)->allow_delete;

    if (!is_precious(object->id.kind))
        return true;
    for (size_t i = 0; i < given->len; i++)
        if (allows(given->items[i], &object->id))
            return true;
    return spec_allows(&step->release->spec.behaviour.allow_delete, &object->id) ||
           spec_allows(&step->release->file->spec.defaults.behaviour.allow_delete, &object->id);
}

Error *safety_check_rendering(const Step *step, const ReleaseObjectList *old,
                              const ReleaseObjectList *wanted)
{
    if (!old->len || wanted->len)
        return NULL;
    return error_hint(error_new(ERROR_INPUT,
                                "%.*s: its chart makes no objects at all: all %zu of the last "
                                "revision would be deleted",
                                STR_ARG(step->title), old->len),
                      "installed: false uninstalls a release");
}

Error *safety_check_protected(const Run *run, const bool *wanted, bool all)
{
    for (size_t i = 0; i < run->plan.len; i++) {
        const Release *release = run->plan.items[i].release;

        if (wanted[release->index] && (all || !release->installed) &&
            release->spec.protect == FLAG_YES)
            return error_hint(error_new(ERROR_DENIED, "%.*s is protected: it is not uninstalled",
                                        STR_ARG(release_title(run->arena, release))),
                              "take protect: true out of the spec first");
    }
    return NULL;
}

/* ---- limits */

/* The limit NAME: the command line's, or else the least that a file says; 0: none. */
static Error *limit_of(const Run *run, const char *name, size_t offset, int64_t *out)
{
    const StrList *given = &run->options->delete_limits;

    *out = -1;
    for (size_t i = 0; i < given->len; i++) {
        Str number = given->items[i], key;

        if (!str_cut(&number, '=', &key) || !str_is(key, name))
            continue;
        if (number_parse_int(number, 10, out) != NUMBER_OK || *out < 0)
            return error_new(ERROR_USAGE, "--limit: \"%.*s\" is no number for %s", STR_ARG(number),
                             name);
    }
    for (size_t i = 0; !given->len && i < run->files.len; i++) {
        const char *limits = (const char *)&run->files.items[i]->spec.limits;
        const SpecNumber *said = (const SpecNumber *)(const void *)(limits + offset);
        int64_t number = release_number(*said, *said, -1);

        if (number >= 0 && (*out < 0 || number < *out))
            *out = number;
    }
    return NULL;
}

bool safety_has_limits(const Run *run)
{
    int64_t deletes = -1, percent = -1;

    error_free(limit_of(run, "deletes", offsetof(SpecLimits, deletes), &deletes));
    error_free(limit_of(run, "percent", offsetof(SpecLimits, percent), &percent));
    return deletes >= 0 || percent >= 0 || run->options->delete_limits.len;
}

Error *safety_check_limits(const Run *run, size_t deletes, size_t objects)
{
    int64_t most, percent;

    TRY(limit_of(run, "deletes", offsetof(SpecLimits, deletes), &most));
    TRY(limit_of(run, "percent", offsetof(SpecLimits, percent), &percent));
    if (most >= 0 && deletes > (size_t)most)
        return error_hint(error_new(ERROR_DENIED,
                                    "%zu objects would be deleted, and the limit is %lld: nothing "
                                    "has been changed",
                                    deletes, (long long)most),
                          "--limit deletes=%zu allows it", deletes);
    if (percent >= 0 && objects && deletes * 100 > objects * (size_t)percent)
        return error_hint(error_new(ERROR_DENIED,
                                    "%zu of %zu objects would be deleted, and the limit is %lld%%: "
                                    "nothing has been changed",
                                    deletes, objects, (long long)percent),
                          "--limit percent=%zu allows it", (deletes * 100 + objects - 1) / objects);
    return NULL;
}
