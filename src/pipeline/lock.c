/*
 * lock.c - two runs never change the same releases: one lock for each namespace of each cluster
 * that the plan touches. They are taken in one order by everyone, so that nobody waits in a circle.
 */
#include "pipeline/run.h"

#include "io/env.h"
#include "io/log.h"

#include <stdlib.h>
#include <unistd.h>

enum { TTL_MS = 30000 };

static const char *const job_variables[] = {"CI_JOB_URL", "BUILD_URL", "GITHUB_RUN_ID"};

/* "ada@laptop, pid 4242, https://ci.example/jobs/7" */
static Str holder_of(Arena *a)
{
    const char *job = env_first(job_variables, COUNT(job_variables));

    return str_format(a, "%.*s, pid %ld%s%s", STR_ARG(run_user(a)), (long)getpid(), job ? ", " : "",
                      job ? job : "");
}

static int compare_names(const void *left, const void *right)
{
    return str_compare(*(const Str *)left, *(const Str *)right);
}

typedef VEC(Str) NameList;

static void collect_names(const Run *run, NameList *out)
{
    NameList all = {0};

    for (size_t i = 0; i < run->plan.len; i++) {
        const Release *release = run->plan.items[i].release;

        *vec_add(run->arena, &all) =
            str_format(run->arena, "%.*s/%.*s",
                       STR_ARG(release->kube_context.len ? release->kube_context : STR("default")),
                       STR_ARG(release_namespace(release)));
    }
    if (all.len)
        qsort(all.items, all.len, sizeof(*all.items), compare_names);
    for (size_t i = 0; i < all.len; i++)
        if (!i || !str_equal(all.items[i], all.items[i - 1]))
            *vec_add(run->arena, out) = all.items[i];
}

static void tell_waiting(void *context, Str holder, int64_t since_ms)
{
    int64_t seconds = (run_now_ms() - since_ms) / 1000;

    log_info("waiting for the lock on %s, held by %.*s for %lld s", (const char *)context,
             STR_ARG(holder), (long long)(seconds > 0 ? seconds : 0));
}

Error *locks_take(const Run *run, RunLocks *out)
{
    NameList names = {0};
    Str holder = holder_of(run->arena);

    collect_names(run, &names);
    for (size_t i = 0; i < names.len; i++)
        TRY(state_lock(run->store,
                       &(StateLockRequest){.name = names.items[i],
                                           .holder = holder,
                                           .ttl_ms = TTL_MS,
                                           .timeout_ms = run->options->lock_timeout_s * 1000,
                                           .waiting = tell_waiting,
                                           .context = (void *)(uintptr_t)names.items[i].ptr},
                       vec_add(run->arena, &out->locks)));
    return NULL;
}

void locks_release(RunLocks *locks)
{
    for (size_t i = locks->locks.len; i-- > 0;)
        state_unlock(&locks->locks.items[i]);
    locks->locks.len = 0;
}
