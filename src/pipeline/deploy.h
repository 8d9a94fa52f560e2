/*
 * deploy.h - one release on its way into, or out of, a cluster: the steps that deploy.c and
 * deploy_back.c share. They are in deploy_steps.c.
 */
#pragma once

#include "pipeline/run.h"

#include "base/vec.h"

#include <stddef.h>

/* One release on its way into, or out of, a cluster. */
typedef struct Deploy {
    const Step *step;
    Arena *arena;
    const Run *run;
    const Release *release;
    Record previous; /* .revision 0: there is none */
    Record record;   /* the one being made */
    bool installs;   /* nothing was, though an installation may have been interrupted */
    Deployment *result;
    ReleaseObjectList old;  /* what the revisions before have applied */
    ReleaseObjectList made; /* what was not there before */
    bool careful;           /* objects that data goes with are not deleted unasked */
} Deploy;

/* What is said of RELEASE's behaviour for all of its file. */
const SpecBehaviour *deploy_defaults_of(const Deploy *d);

/* The switch at OFFSET of SpecBehaviour: as the release says, or its file; otherwise USUAL. */
bool deploy_setting(const Deploy *d, size_t offset, bool usual);

#define SETTING(d, member, usual) deploy_setting((d), offsetof(SpecBehaviour, member), (usual))

int64_t deploy_timeout_ms(const Deploy *d);
bool deploy_waits(const Deploy *d);
bool deploy_waits_for_jobs(const Deploy *d);

/* Find out what there is of STEP's release. ERROR_CONFLICT where helm is at work on it. */
Error *deploy_begin(const Step *step, Deployment *result, Deploy *out) MUST_CHECK;

/* Write the record before anything is changed; and as it has become. */
Error *deploy_write_pending(Deploy *d) MUST_CHECK;
Error *deploy_write_status(Deploy *d, RecordStatus status, Str description) MUST_CHECK;
Error *deploy_write_failure(Deploy *d, const char *what, const Error *err) MUST_CHECK;

/* The revisions before are not deployed, or under way, any more. */
Error *deploy_supersede(Deploy *d) MUST_CHECK;

/*
 * The objects as they are, before anything is changed. What is there already and is not the
 * release's is not overwritten.
 */
Error *deploy_read_live(Deploy *d, const ReleaseObjectList *wanted, Value *out) MUST_CHECK;

/* Apply OBJECT; BEFORE: as it is. */
Error *deploy_apply_to(Deploy *d, const ReleaseObject *object, Value before) MUST_CHECK;
Error *deploy_apply_object(Deploy *d, const ReleaseObject *object) MUST_CHECK;

/* What is to become of a release's objects. */
typedef struct DeployChange {
    const ReleaseObjectList *wanted;
    const Value *live;         /* each of them as it is */
    const ManifestList *hooks; /* that run */
    HookEvent before, after;   /* at these events */
} DeployChange;

/* Apply what is wanted, remove what is not any more, and wait, if that is wanted. */
Error *deploy_change(Deploy *d, const DeployChange *change) MUST_CHECK;

Error *deploy_remove_object(Deploy *d, const ReleaseObject *object, bool *removed) MUST_CHECK;
Error *deploy_remove_dropped(Deploy *d, const ReleaseObjectList *dropped,
                             ReleaseObjectList *removed) MUST_CHECK;

/* The chart's HOOKS of EVENT. */
Error *deploy_run_hooks(Deploy *d, const ManifestList *hooks, HookEvent event) MUST_CHECK;

/* ERR, and what failed after it, if anything did. */
Error *deploy_and_then(Error *err, Error *second);
