/*
 * gone_jobs.c - jobs that are deleted as soon as they have finished, and so cannot be asked how
 * they went: their events say it.
 *
 * Source: Kubernetes, the controllers of jobs and of ttlSecondsAfterFinished.
 */
#include "pipeline/run.h"

#include "base/field.h"

#include <string.h>

/* The word that the controller has for a job that failed; it warns of nothing else for good. */
static bool tells_failure(const Value *event)
{
    static const char *const reasons[] = {"BackoffLimitExceeded", "DeadlineExceeded",
                                          "PodFailurePolicy", "FailedIndexes",
                                          "MaxFailedIndexesExceeded"};

    for (size_t i = 0; i < COUNT(reasons); i++)
        if (str_is(field_string(event, "reason"), reasons[i]))
            return true;
    return false;
}

static bool is_about(const Value *event, const ObjectId *id, Str uid)
{
    Str other = field_string(event, "involvedObject.uid");

    return str_is(field_string(event, "involvedObject.kind"), "Job") &&
           str_equal(field_string(event, "involvedObject.name"), id->name) &&
           (!uid.len || str_equal(other, uid));
}

bool job_goes_when_done(const ReleaseObject *object)
{
    return str_is(object->id.kind, "Job") &&
           field_at(&object->object, "spec.ttlSecondsAfterFinished");
}

Health job_gone_health(const Step *step, Arena *a, const ObjectId *id, Str uid)
{
    ObjectId events = {STR("v1"), STR("Event"), id->namespace, {"", 0}};
    Value list = value_null();

    error_free(target_list(step->target, a, &events, &list)); // without them it counts as done
    for (size_t i = 0; list.kind == VALUE_LIST && i < list.list.len; i++) {
        const Value *event = &list.list.items[i];

        if (is_about(event, id, uid) && tells_failure(event))
            return (Health){HEALTH_FAILED, field_string(event, "message")};
    }
    return (Health){HEALTH_READY, {0}};
}
