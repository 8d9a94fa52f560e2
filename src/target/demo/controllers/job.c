/*
 * job.c - pods until enough of them have succeeded. Source: Kubernetes, pkg/controller/job.
 */
#include "base/field.h"
#include "base/number.h"
#include "target/demo/controllers/workload.h"
#include "target/demo/removal.h"
#include "target/demo/stamp.h"

static const char index_label[] = "batch.kubernetes.io/job-completion-index";

typedef struct JobRun {
    Pass *pass;
    EntryList pods;
    int64_t active, ready, succeeded, failed;
    int64_t last_failure_ms;
    int64_t parallelism, completions; /* completions: -1: the first success ends it */
    int64_t start_ms;
    bool indexed;
    Str refused;
} JobRun;

static Error *read_pods(JobRun *j)
{
    j->active = j->ready = j->succeeded = j->failed = 0;
    TRY(owned_by(j->pass, "", "Pod", &j->pods));
    for (size_t i = 0; i < j->pods.len; i++) {
        const Entry *pod = j->pods.items[i];

        j->active += pod_is_active(pod);
        j->ready += pod_is_active(pod) && pod->pod.ready;
        j->succeeded += pod->pod.phase == 'S';
        j->failed += pod->pod.phase == 'F';
        if (pod->pod.phase == 'F' && pod->pod.ready_ms > j->last_failure_ms)
            j->last_failure_ms = pod->pod.ready_ms;
    }
    return NULL;
}

static Str index_of(const Entry *pod)
{
    return pod_label(pod, index_label);
}

/* The lowest index that no pod works on, or has worked on with success. */
static Str free_index(const JobRun *j)
{
    for (int64_t n = 0;; n++) {
        Str index = str_format(j->pass->arena, "%lld", (long long)n);
        bool taken = false;

        for (size_t i = 0; i < j->pods.len && !taken; i++)
            taken = (pod_is_active(j->pods.items[i]) || j->pods.items[i]->pod.phase == 'S') &&
                    str_equal(index_of(j->pods.items[i]), index);
        if (!taken)
            return index;
    }
}

static Error *add_pod(JobRun *j)
{
    Arena *a = j->pass->arena;
    const Value *template = field_at(&j->pass->object, "spec.template");
    Str prefix = j->pass->entry->name, index;
    Value labels = value_of_map(NULL);

    if (j->indexed) {
        index = free_index(j);
        labels = map_of(a, {index_label, value_string(index)});
        prefix = str_format(a, "%.*s-%.*s", STR_ARG(prefix), STR_ARG(index));
    }
    TRY(pod_create(j->pass, template, new_name(j->pass, prefix), labels.map, &j->refused));
    return read_pods(j);
}

/* After a failure the next try waits: ten seconds, twenty, and so on. */
static int64_t retry_ms(const JobRun *j)
{
    int64_t pause_ms = 10000, shift = j->failed - 1;

    if (!j->failed)
        return 0;
    pause_ms <<= shift > 5 ? 5 : shift;
    return j->last_failure_ms + (pause_ms > 360000 ? 360000 : pause_ms);
}

static Error *add_pods(JobRun *j)
{
    int64_t want = j->parallelism;
    int64_t left = j->completions < 0 ? INT64_MAX : j->completions - j->succeeded;

    want = want < left ? want : left;
    if (j->completions < 0 && j->succeeded)
        want = 0;
    if (want <= j->active)
        return NULL;
    if (retry_ms(j) > j->pass->cluster->now_ms) {
        j->pass->again_ms = retry_ms(j);
        return NULL;
    }
    while (want > j->active && !j->refused.len)
        TRY(add_pod(j));
    if (j->refused.len)
        j->pass->again_ms = j->pass->cluster->now_ms + 15000;
    return NULL;
}

static Error *remove_active(JobRun *j)
{
    for (size_t i = 0; i < j->pods.len; i++)
        if (pod_is_active(j->pods.items[i]))
            TRY(pod_remove(j->pass, j->pods.items[i]));
    return read_pods(j);
}

/* "0-2,4" */
static Str completed_indexes(const JobRun *j)
{
    Buf b = {.arena = j->pass->arena};
    int64_t from = -1;

    for (int64_t n = 0; n <= j->completions; n++) {
        Str index = str_format(j->pass->arena, "%lld", (long long)n);
        bool done = false;

        for (size_t i = 0; i < j->pods.len && !done; i++)
            done =
                j->pods.items[i]->pod.phase == 'S' && str_equal(index_of(j->pods.items[i]), index);
        if (done && from < 0)
            from = n;
        if (done || from < 0)
            continue;
        buf_format(&b, "%s%lld", b.len ? "," : "", (long long)from);
        if (n - 1 > from)
            buf_format(&b, "-%lld", (long long)n - 1);
        from = -1;
    }
    return buf_str(&b);
}

static Value number_or_none(int64_t n)
{
    return n ? value_number(n) : value_missing();
}

static Error *put_status(JobRun *j, ValueList conditions, bool completed)
{
    Arena *a = j->pass->arena;
    Str indexes = j->indexed ? completed_indexes(j) : STR("");

    return status_put(
        j->pass,
        map_of(a, {"active", number_or_none(j->active)},
               {"completedIndexes", indexes.len ? value_string(indexes) : value_missing()},
               {"completionTime", completed ? cluster_stamp(j->pass->cluster, a) : value_missing()},
               {"conditions",
                conditions.len ? value_list(conditions.items, conditions.len) : value_missing()},
               {"failed", number_or_none(j->failed)}, {"ready", value_number(j->ready)},
               {"startTime", stamp_value(a, j->start_ms)},
               {"succeeded", number_or_none(j->succeeded)}, {"terminating", value_number(0)},
               {"uncountedTerminatedPods", value_of_map(value_map_new(a))}));
}

static ValueList tell(JobRun *j, ValueList list, const char *type, const char *reason, Str message)
{
    return conditions_with(j->pass, list, &(ConditionNote){type, "True", reason, message, false},
                           false)
        .list;
}

static Error *fail(JobRun *j, const char *reason, Str message)
{
    ValueList list = field_list(&j->pass->object, "status.conditions");

    TRY(remove_active(j));
    TRY(note_event(j->pass, "Warning", reason, "job-controller", "%.*s", STR_ARG(message)));
    list = tell(j, list, "FailureTarget", reason, message);
    return put_status(j, tell(j, list, "Failed", reason, message), false);
}

static Error *complete(JobRun *j)
{
    static const char reason[] = "CompletionsReached";
    ValueList list = field_list(&j->pass->object, "status.conditions");
    Str message = STR("Reached expected number of succeeded pods");

    TRY(remove_active(j));
    TRY(note_event(j->pass, "Normal", "Completed", "job-controller", "Job completed"));
    list = tell(j, list, "SuccessCriteriaMet", reason, message);
    return put_status(j, tell(j, list, "Complete", reason, message), true);
}

static bool is_over(const Value *job)
{
    return condition_is(job, "Complete", "True") || condition_is(job, "Failed", "True");
}

/* A job that is over goes after some time, if it says so. */
static Error *expire(Pass *pass)
{
    const Value *last =
        list_find(field_list(&pass->object, "status.conditions"), "type", "Complete");
    int64_t ttl_s = field_int(&pass->object, "spec.ttlSecondsAfterFinished", -1), due_ms;

    if (ttl_s < 0)
        return NULL;
    if (!last)
        last = list_find(field_list(&pass->object, "status.conditions"), "type", "Failed");
    due_ms =
        stamp_ms(field_string(last, "lastTransitionTime"), pass->cluster->now_ms) + ttl_s * 1000;
    if (due_ms <= pass->cluster->now_ms)
        return object_delete(pass->cluster, pass->arena, pass->entry, &(TargetDelete){0});
    pass->again_ms = due_ms;
    return NULL;
}

static Error *suspend(JobRun *j)
{
    ValueList list = field_list(&j->pass->object, "status.conditions");

    TRY(remove_active(j));
    return put_status(j, tell(j, list, "Suspended", "JobSuspended", STR("Job suspended")), false);
}

static bool has_enough(const JobRun *j)
{
    if (j->completions < 0)
        return j->succeeded && !j->active;
    return j->succeeded >= j->completions;
}

Error *job_reconcile(Pass *pass)
{
    const Value *job = &pass->object;
    int64_t deadline_s = field_int(job, "spec.activeDeadlineSeconds", -1);
    JobRun j = {
        .pass = pass,
        .parallelism = field_int(job, "spec.parallelism", 1),
        .completions = field_int(job, "spec.completions", -1),
        .indexed = str_is(field_string(job, "spec.completionMode"), "Indexed"),
        .start_ms = stamp_ms(field_string(job, "status.startTime"), pass->cluster->now_ms),
    };

    if (is_over(job))
        return expire(pass);
    TRY(read_pods(&j));
    if (field_bool(job, "spec.suspend", false))
        return suspend(&j);
    if (j.failed > field_int(job, "spec.backoffLimit", 6))
        return fail(&j, "BackoffLimitExceeded", STR("Job has reached the specified backoff limit"));
    if (deadline_s >= 0 && pass->cluster->now_ms >= j.start_ms + deadline_s * 1000)
        return fail(&j, "DeadlineExceeded", STR("Job was active longer than specified deadline"));
    if (has_enough(&j))
        return complete(&j);
    TRY(add_pods(&j));
    if (deadline_s >= 0 && j.start_ms + deadline_s * 1000 < pass->again_ms)
        pass->again_ms = j.start_ms + deadline_s * 1000;
    return put_status(
        &j, conditions_without(pass->arena, field_list(job, "status.conditions"), "Suspended").list,
        false);
}
