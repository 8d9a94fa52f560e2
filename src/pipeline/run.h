/*
 * run.h - what all stages of a run share, for the files of this folder.
 */
#pragma once

#include "pipeline/pipeline.h"
#include "pipeline/report.h"
#include "diff/diff.h"
#include "plan/plan.h"
#include "release/release.h"
#include "state/record.h"
#include "target/target.h"

/* Values files that are no templates, read once for all releases that use them. */
typedef struct ValuesCache ValuesCache;

/* From run_open on nothing in it changes but for what has a lock of its own. */
typedef struct Run {
    Arena *arena;
    const PipelineOptions *options;
    EnvironmentTemplates *templates;
    ChartStore *charts;
    ValuesCache *values;
    SpecFileList files;
    ReleaseList releases; /* all of them */
    Plan plan;            /* the selected ones */
    StateStore *store;    /* NULL: the command needs none */
    const char *target;   /* the type of target; NULL likewise */
    Report *report;
} Run;

typedef struct RunNeeds {
    bool reverse;        /* what others need comes last */
    bool ignores_needs;  /* needs are not looked at */
    bool cluster;        /* state and targets are used */
    bool all_releases;   /* those that are not selected are no reason to fail */
} RunNeeds;

/* Load spec and releases, make the plan; templates and stores are opened. */
Error *run_open(Arena *a, const PipelineOptions *options, const RunNeeds *needs, Run *out)
    MUST_CHECK;
void run_close(Run *run);

/* values.c */
ValuesCache *values_cache_new(void);
void values_cache_free(ValuesCache **cache);

/* The values that the user gives RELEASE's chart, all sources together, in helmfile's order. */
Error *release_values(const Run *run, Arena *a, const Release *release, ValueMap **out) MUST_CHECK;

/* render.c */
typedef struct Rendered {
    const Chart *chart;
    const ValueMap *values; /* the user's */
    ChartOutput output;
} Rendered;

/* RELEASE's chart, loaded and rendered. TARGET may be NULL: then nothing is known of the cluster. */
Error *release_render(const Run *run, Arena *a, const Release *release, int revision,
                      Target *target, Rendered *out) MUST_CHECK;

/* The folder or archive that RELEASE's chart is in. */
Error *release_chart_path(Arena *a, const Release *release, const char **out) MUST_CHECK;

/* hooks.c: the hooks of the spec. */
typedef struct HookRun {
    const char *event;       /* "presync" */
    const char *command;     /* .HelmfileCommand */
    const Error *failure;    /* .Event.Error, or NULL */
    const Release *release;  /* NULL: hooks of the file */
    const SpecFile *file;
} HookRun;

Error *hooks_run(const Run *run, Arena *a, const HookRun *hook) MUST_CHECK;

/* The hooks of EVENT of all files of the run. */
Error *hooks_run_files(const Run *run, const char *event, const Error *failure) MUST_CHECK;

/* objects.c: the objects of a release as they go to the cluster. */
typedef struct ReleaseObject {
    ObjectId id;
    Value object;
    const Manifest *manifest; /* NULL: it is from a record */
} ReleaseObject;

typedef VEC(ReleaseObject) ReleaseObjectList;

/*
 * MANIFESTS as objects: lists taken apart, in the release's namespace where they name none, marked
 * as the release's. ERROR_INPUT for what is no object.
 */
Error *objects_make(Arena *a, const Release *release, Target *target,
                    const ManifestList *manifests, ReleaseObjectList *out) MUST_CHECK;

/* The objects of an earlier revision, as its record has them. */
Error *objects_of_record(Arena *a, const Release *release, Target *target, const Record *record,
                         ReleaseObjectList *out) MUST_CHECK;

/* Those of OLD that are not in NEW. */
void objects_dropped(Arena *a, const ReleaseObjectList *old, const ReleaseObjectList *new,
                     ReleaseObjectList *out);

/* Whether the object is to stay when its release goes: helm.sh/resource-policy: keep. */
bool object_is_kept(const ReleaseObject *object);

/* The namespace that objects of RELEASE are in. */
Str release_namespace(const Release *release);

/* compare.c: what installing would change. */
typedef struct ReleaseChange {
    ReleaseObject object;
    ObjectDiff diff;
} ReleaseChange;

typedef VEC(ReleaseChange) ReleaseChangeList;

/* What is known of a release, and what it would become. */
typedef struct Comparison {
    Record record;    /* the last revision; .revision 0 without one */
    Rendered rendered;
    ReleaseObjectList wanted, dropped;
    ReleaseChangeList changes; /* those objects that change */
    bool changed;              /* objects, hooks, or that the last run failed */
} Comparison;

/* Compare what RELEASE wants with what there is in TARGET. */
Error *release_compare(const Run *run, Arena *a, const Release *release, Target *target,
                       Comparison *out) MUST_CHECK;

/* What RELEASE's uninstalling would delete. */
Error *release_compare_gone(const Run *run, Arena *a, const Release *release, Target *target,
                            Comparison *out) MUST_CHECK;

/* The release's last record; an empty one (.revision 0) where there is none, or it is uninstalled. */
Error *release_record(const Run *run, Arena *a, const Release *release, Record *out) MUST_CHECK;

Error *release_target(const Run *run, Arena *a, const Release *release, Target **out) MUST_CHECK;

/* deploy.c: installing, upgrading, uninstalling one release. */
typedef struct Deployment {
    size_t created, updated, deleted, unchanged; /* objects */
    int revision;
    bool was_there;
} Deployment;

Error *release_install(const Run *run, Arena *a, const Release *release, Target *target,
                       size_t number, Deployment *out) MUST_CHECK;
Error *release_uninstall(const Run *run, Arena *a, const Release *release, Target *target,
                         size_t number, Deployment *out) MUST_CHECK;

/* wait.c */
typedef struct WaitRequest {
    const ReleaseObjectList *objects;
    int64_t timeout_ms;
    bool for_jobs; /* jobs must be complete, too */
    bool for_removal; /* wait until they are gone instead */
} WaitRequest;

/* Wait until all objects are ready, saying what is not. ERROR_UNAVAILABLE after the timeout, with why. */
Error *objects_wait(const Run *run, size_t number, Target *target, const WaitRequest *request)
    MUST_CHECK;

/* Milliseconds since 1970. */
int64_t run_now_ms(void);
