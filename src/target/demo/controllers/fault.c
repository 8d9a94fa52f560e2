#include "target/demo/controllers/fault.h"

#include "base/duration.h"
#include "base/field.h"
#include "target/demo/hash.h"

Behaviour pod_behaviour(const Value *pod)
{
    static const struct {
        const char *word;
        Behaviour behaviour;
    } words[] = {
        {"never-ready", NEVER_READY},     {"pull-fail", PULL_FAILS}, {"crash", CRASHES},
        {"oom", RUNS_OUT_OF_MEMORY},      {"job-fail", JOB_FAILS},   {"job-hang", JOB_HANGS},
        {"unschedulable", UNSCHEDULABLE},
    };
    Str word = object_annotation(pod, "relfile.test/behaviour");

    for (size_t i = 0; i < COUNT(words); i++)
        if (str_is(word, words[i].word))
            return words[i].behaviour;
    return BEHAVES;
}

bool image_is_missing(Str image)
{
    return str_find(image, STR("nonexistent")) != STR_NONE ||
           str_find(image, STR("does-not-exist")) != STR_NONE;
}

/* What the annotation KEY says, from 0 to a day; FALLBACK where it says nothing. */
static int64_t told_ms(const Value *pod, const char *key, int64_t fallback)
{
    static const int64_t day_ms = 86400000;
    Str text = object_annotation(pod, key);
    int64_t ns;
    Error *err = text.len ? duration_parse(text, &ns) : NULL;

    if (!text.len || err) {
        error_free(err);
        return fallback;
    }
    ns /= 1000000;
    return ns < 0 ? 0 : ns > day_ms ? day_ms : ns;
}

/* The longest that a container's readiness probe lets it wait before it is asked. */
static int64_t probe_delay_ms(const Value *pod, bool *probed)
{
    ValueList containers = field_list(pod, "spec.containers");
    int64_t longest = 0;

    *probed = false;
    for (size_t i = 0; i < containers.len; i++) {
        const Value *probe = field_at(&containers.items[i], "readinessProbe");
        int64_t delay = field_int(probe, "initialDelaySeconds", 0) * 1000;

        *probed |= probe != NULL;
        longest = delay > longest ? delay : longest;
    }
    return longest;
}

PodTimes pod_times(const Value *pod)
{
    uint64_t hash = hash_text(0, field_string(pod, "metadata.name"));
    int64_t usual = hash_between(hash, 1000, 4000), delay;
    PodTimes times = {.start_ms = usual};
    bool probed;

    delay = probe_delay_ms(pod, &probed);
    if (probed)
        times.start_ms = usual / 2;
    times.start_ms += 1000 * (int64_t)field_list(pod, "spec.initContainers").len;
    times.ready_ms = times.start_ms + (probed ? delay + usual / 2 : 0);
    times.ready_ms = told_ms(pod, "relfile.test/ready-after", times.ready_ms);
    if (times.start_ms > times.ready_ms)
        times.start_ms = times.ready_ms;
    times.done_ms = told_ms(pod, "relfile.test/done-after", hash_between(hash, 1000, 3000));
    times.end_ms = hash_between(hash + 1, 500, 1500);
    return times;
}
