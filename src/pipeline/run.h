/*
 * run.h - what all stages of a run share, for the files of this folder.
 */
#pragma once

#include "diff/diff.h"
#include "pipeline/pipeline.h"
#include "pipeline/report.h"
#include "plan/plan.h"
#include "release/release.h"
#include "repository/repository.h"
#include "state/record.h"
#include "state/runs.h"
#include "target/target.h"

#include <stdatomic.h>

/* Who owns the fields of releases' objects: helm's name, so that it and relfile are one. */
#define RELEASE_MANAGER "helm"

enum { MANY = 4 }; /* releases from which on they are asked for together */

/* What a run has come to; changed by one thread at a time. */
typedef struct RunResult {
    VEC(Error *) failures; /* of releases, in the plan's order; the run's */
    size_t skipped;        /* releases that were not tried because of them */
    size_t done;           /* releases that were changed */
} RunResult;

typedef struct RunLocks RunLocks;
typedef struct RunLog RunLog;
typedef struct RunStateReader RunStateReader;

/* What spec, environment and options say of the state: state_settings.c. */
typedef struct RunState {
    SpecText url, lock_timeout;
    SpecNumber history;
    SpecEncrypt encrypt;
    Str directory; /* that the key's file is named from */
} RunState;

/* From run_open on nothing in it changes but its result, and what has a lock of its own. */
/* What is going on with a release; others look at it. */
typedef struct RunBusy {
    atomic_bool working;
    atomic_bool lacking; /* it waits for what only another release may make */
} RunBusy;

typedef struct Run {
    Arena *arena;
    const PipelineOptions *options;
    EnvironmentTemplates *templates;
    Shared *shared; /* charts, values files, connections to clusters */
    Remote *remote; /* what is fetched */
    SpecFileList files;
    ReleaseList releases; /* all of them */
    Plan plan;            /* the selected ones */
    size_t *number_of;    /* by a release's index: its item's number in the plan */
    bool *has_own_chart;  /* likewise: of the selected ones no other has it */
    RunState state;
    StateStore *store;                /* NULL: the command needs none */
    const char *target;               /* the type of target; NULL likewise */
    const PipelineOptions **settings; /* by a release's index: its own, or NULL; or NULL */
    RunLocks *locks;                  /* NULL: the command changes nothing */
    RunLog *log;                      /* NULL likewise */
    RunStateReader *reader;           /* for the function `state`; NULL: there are no templates */
    RunBusy *busy;                    /* by number */
    Report *report;
    bool json;       /* each release has an item in a list of results */
    Str spec_id;     /* what this spec's releases are marked with; empty: nothing */
    StrList dropped; /* titles of releases that it has installed and that are not in it any more */
    RunResult result;
    int64_t started_ms; /* clock_ms */
} Run;

/* One release on its way through a command. */
typedef struct Step {
    const Run *run;
    Arena *arena; /* what belongs to the release */
    const Release *release;
    size_t number; /* its item's in the plan */
    Str title;
    Target *target; /* NULL: the command needs none */
} Step;

typedef struct RunNeeds {
    bool prunes;       /* releases that are not in the spec any more are looked for */
    bool cluster;      /* state and targets are used */
    bool changes;      /* and changed: nobody else may, meanwhile */
    bool listing;      /* nothing is done to releases: conditions do not count */
    bool no_needs;     /* needs are not looked at */
    bool checks_names; /* a namespace that no cluster can have is wrong, though none is used */
    bool may_be_none;  /* conditions may leave out all releases, where no selector is given */
    bool no_releases;  /* they are not looked at; that no file knows the environment is fine */
    bool file_hooks;   /* hooks of files are run */
    bool prepares;     /* and the prepare hooks of releases, though no charts are needed */
    bool reverse;      /* what others need comes last */
    bool charts;       /* of the selected releases are needed */
    bool no_lock;      /* versions are as the spec says, not as helmfile.lock does */
    bool layers;       /* of the values are wanted, for why */
    bool json_items;   /* as JSON, each release has an item in a list: step_json */
} RunNeeds;

typedef Error *RunBody(Run *run, void *context, PipelineOutcome *out);

/*
 * A command: open a run, with hooks and locks, do BODY, tell what failed, close. What fails with
 * single releases is told by the run itself, and is in OUT only.
 */
Error *run_command(const PipelineOptions *options, const RunNeeds *needs, RunBody *body,
                   void *context, PipelineOutcome *out) MUST_CHECK;

/* One way of all releases through a function. */
typedef struct RunPass {
    const Plan *plan; /* NULL: the run's */
    Error *(*step)(void *context, const Step *step);
    void *context;
    bool stops;    /* nothing new is begun when one fails */
    Arena *arenas; /* NULL, or one by number for each release, kept when it is done */

    /* What is known of a release that failed, or was skipped, besides, for JSON; or NULL. */
    void (*lost)(void *context, Arena *a, size_t number, ValueMap *item);
} RunPass;

/* args.c: the options of the command, as they are for the step's release. */
const PipelineOptions *step_options(const Step *step);

/* Arenas for RunPass. */
typedef struct Kept {
    Arena *arenas;
    size_t len;
} Kept;

Kept kept_new(const Run *run);
void kept_free(Kept *kept);

/* Whether all went well; what failed is in RUN's result. */
bool run_pass(Run *run, const RunPass *pass);

/* Which release it is, for JSON: a map to add to. */
ValueMap *release_value(Arena *a, const Release *release);

/* What it needs, with commas between: for tables. */
Str release_needs_text(Arena *a, const Release *release);

/* V is the release's item in the list of results. */
Error *step_json(const Step *step, Value v) MUST_CHECK;

/* The plan of those releases, by index, that WANTED has a true for. */
Error *run_plan(const Run *run, const bool *wanted, bool reverse, Plan *out) MUST_CHECK;

/* That no release of the plan is called NAME. */
Error *run_no_such_release(const Run *run, Str name) MUST_CHECK;

/* The plan of those called NAME; of all if it is empty. */
Error *run_plan_of_name(Run *run, Str name, Plan *out) MUST_CHECK;

/* Who runs this: "ada@laptop". */
Str run_user(Arena *a);

/* How long it has been, for people: "3.2 s". */
Str run_elapsed(Arena *a, const Run *run);

/* open.c: load spec and releases, make the plan, open templates and stores. */
Error *run_open(Arena *a, const PipelineOptions *options, const RunNeeds *needs, Run *out)
    MUST_CHECK;
void run_close(Run *run);

/* The store that the options, or the run's files, or else the user's home name. */
Error *run_open_state(Run *run) MUST_CHECK;

/* state_settings.c: read what is said of the state; and do as it says. */
void run_read_state_settings(Run *run);
Error *run_lock_timeout(const Run *run, int64_t *ms) MUST_CHECK;
Error *run_seal_state(Run *run, StateStore *store) MUST_CHECK;

/* What run_open_state opens; where the run has none yet. */
Error *run_open_usual_state(Run *run, Arena *a, StateStore **out) MUST_CHECK;

/* state_reader.c: let RUN's templates read the state; and what they have read. */
void run_state_reader_open(Run *run);
void run_state_reader_close(RunStateReader *reader);
StrList run_state_inputs(const Run *run, Arena *a);

/* A command that is about the store alone: BODY of a run that has no releases. */
Error *run_on_store(const PipelineOptions *options, Error *(*body)(Run *run, void *context),
                    void *context) MUST_CHECK;

/*
 * After the last change: what a store keeps elsewhere during a run comes where people look for it.
 * Of that error and FAILURE (or NULL) the latter is returned, and the other told.
 */
Error *run_finish_state(StateStore *store, Error *failure) MUST_CHECK;

/* Which type of target releases go to; NULL: nothing says so. */
const char *run_target_type(const Run *run);

/* How to open the cluster CONTEXT. */
TargetOptions run_target_options(const Run *run, Str context);

/* cluster_state.c: the store that is the run's clusters themselves; it uses RUN when it is asked.
 */
Error *cluster_state_open(const Run *run, StateStore **out) MUST_CHECK;

/* lock.c: locks on all that the releases of the plan change. */
typedef struct LockFailure {
    Str name;
    Error *error;
} LockFailure;

struct RunLocks {
    VEC(StateLock *) locks;
    StrList interrupted;       /* ids of runs that locks were taken over from */
    VEC(LockFailure) failures; /* of clusters that cannot be asked: their releases fail */
    bool stay; /* an entry still says that its run is under way: ours, or one of those */
};

Error *locks_take(const Run *run, RunLocks *out) MUST_CHECK;
void locks_release(RunLocks *locks);

/* Why the lock of RELEASE could not be had, if that is so. */
Error *locks_check(const Run *run, const Release *release) MUST_CHECK;

/* run_log.c: what the run does, in the state: for those who come later. */
RunLog *run_log_new(const Run *run);

/* Of this run; empty where no runs are kept. */
Str run_log_id(const Run *run);

/* The job of CI that this is, or empty. */
Str run_job(Arena *a);

/* Before anything is changed: that the releases that WANTED, by index, has a true for will be. */
Error *run_log_begin(Run *run, const bool *wanted) MUST_CHECK;

/* What became of the release with this NUMBER; from any thread. Its names need not be given. */
void run_log_note(const Run *run, size_t number, const RunRelease *what);

/* All is done, or FAILURE stopped it. Where that cannot be written down, the run's locks stay. */
void run_log_end(Run *run, const Error *failure);

/*
 * Note, and tell, of runs that were killed how far they got: those that the run's locks were taken
 * over from. Where that cannot be written down, the run's locks stay as well.
 */
void run_log_take_over(const Run *run);

/*
 * Whether to go on although the last run of the environment was interrupted: where there is a
 * terminal, the user is asked. ERROR_CANCELLED where not.
 */
Error *run_log_resume(const Run *run) MUST_CHECK;

/* Give the run ID, which did not end by itself, an end. */
Error *run_log_close(const Run *run, Str id, RunStatus status, RunEntry *out) MUST_CHECK;

/*
 * dropped.c: find releases that this spec has installed, and that are not in it any more. With
 * --prune they become releases of RUN that are to be uninstalled.
 */
Error *dropped_find(Run *run) MUST_CHECK;

/* Tell people of those that are left alone. */
void dropped_tell(const Run *run);

/* confirm.c: ask the user whether what DESCRIPTION says shall be done. */
Error *confirm(const Run *run, Str description, bool *out) MUST_CHECK;

/* values.c */
/* The values that the user gives the release's chart, all sources together, in helmfile's order. */
Error *release_values(const Step *step, ValueMap **out) MUST_CHECK;

/* The same, with all the layers that they consist of. */
Error *release_values_layers(const Step *step, ValuesLayerList *layers, ValueMap **out) MUST_CHECK;

/*
 * What the release's values files are, or could be: what their templates look at is watched (see
 * environment_templates_watch), and TEXTS are those with references (ref+file://…) in them.
 */
Error *release_values_inputs(const Step *step, StrList *files, StrList *texts) MUST_CHECK;

/* since.c: select only what does not come of the same files as at options->since; say why. */
Error *since_select(Run *run) MUST_CHECK;

/* The values of all its files and of those of the command line, merged as helmfile merges them. */
Error *release_values_merged(const Step *step, ValueMap **out) MUST_CHECK;

/* drop_in.c: tell, as helmfile does, what is made ready for the releases of the plan. */
void drop_in_announce(const Run *run);

/* output.c: the folder, below --output-dir, that the release's files are written to. */
Error *output_directory(const Step *step, Str *out) MUST_CHECK;

/* The folder that RELEASE's CHART is fetched into: what fetch has in its place of both. */
Error *output_chart_directory(const Run *run, Arena *a, const Release *release, Str chart, Str *out)
    MUST_CHECK;

/* The file that the release's values are written to. */
Error *output_file(const Step *step, Str *out) MUST_CHECK;

/* ENTRY's values in place of its path; where the file is missing, and may be, its values stay NULL.
 */
Error *release_values_entry(const Step *step, ValuesEntry *entry) MUST_CHECK;

/* render.c */
/* What the record of a release has of its chart. */
typedef struct RecordChart {
    Str name, version, app_version;
    Value stored; /* chart_stored; null where the target keeps no records of helm's */
} RecordChart;

typedef struct Rendered {
    const Chart *chart;          /* NULL where a plan has what it was rendered to; then */
    const RecordChart *recorded; /* this says which it was */
    const ValueMap *values;      /* the user's */
    ValueMap *defaults;          /* NULL: the chart's own; or those of an earlier revision's */
    ChartOutput output;
    RecordSeed seed; /* what was random in it; empty: nothing */
} Rendered;

/* What release_render goes by. */
typedef struct RenderRequest {
    int revision;
    const Record *last; /* NULL, or the last revision, whose random texts may be wanted again, */
    bool repeats;       /* as they are while nothing else changes */
    ChartTrace *trace;  /* NULL, or how the output came about */
    const ChartCompat *compat; /* which helm to be like, and values are kept; NULL: as is said */
} RenderRequest;

/* The release's chart, loaded and rendered. Without a target nothing is known of the cluster. */
Error *release_render(const Step *step, const RenderRequest *request, Rendered *out) MUST_CHECK;

/* What is recorded of the chart of RENDERED, in the step's arena. */
RecordChart rendered_chart(const Step *step, const Rendered *rendered);

/* plan_given.c: what the plan that is applied has for STEP's release. */
Error *plan_rendered(const Step *step, Rendered *out) MUST_CHECK;

/* How the templates of the run are run. */
TemplateSettings run_template_settings(const Run *run);

/* random.c: where what is random in RENDERED is to come from. */
RecordSeed random_seed(const Step *step, const RenderRequest *request, const Rendered *rendered);

/* Which helm the release is rendered as: what options and spec say. */
Error *release_compat(const Step *step, ChartCompat *out) MUST_CHECK;

/* charts.c */
/* Where the release says which chart it is of. */
Place release_chart_place(const Release *release);

/* Whether its chart is a folder or an archive on this machine. */
bool release_chart_is_local(const Release *release);

/* What RELEASE's chart is called where helmfile names it: a path without "./". */
Str release_chart_shown(Arena *a, const Run *run, const Release *release);

/* The folder or archive that RELEASE's chart is in; what is not here is fetched. */
Error *release_chart_path(const Run *run, Arena *a, const Release *release, const char **out)
    MUST_CHECK;

/*
 * The chart at PATH, which is RELEASE's. What a folder's Chart.yaml declares and charts/ has not is
 * fetched, as helmfile does; but nothing is written into the folder.
 */
Error *release_chart_load(const Run *run, const Release *release, const char *path,
                          const Chart **out) MUST_CHECK;

/* Where RELEASE's chart, which is not local, comes from; if FETCH, it is there then. */
Error *release_chart_source(const Run *run, Arena *a, const Release *release, bool fetch,
                            ChartSource *out) MUST_CHECK;

/* The repositories that FILE can name, valid as long as RUN. */
Error *file_repositories(const Run *run, const SpecFile *file, const RepositoryList **out)
    MUST_CHECK;

/* chart_lock.c */
/* Where FILE's lock is, or would be. */
const char *chart_lock_path(Arena *a, const SpecFile *file);

/* Give releases the versions that the locks of their files say. */
Error *chart_lock_apply(Run *run) MUST_CHECK;

/* The SHA-256 that RELEASE's chart must have; empty: nothing is known. */
Error *chart_lock_digest(const Run *run, const Release *release, Str *out) MUST_CHECK;

/* Write the lock of FILE for its releases in the plan. *OUT is its path; NULL: it needs none. */
Error *chart_lock_write(Run *run, const SpecFile *file, const char **out) MUST_CHECK;

/* build.c: print the files of the spec as they have become. */
Error *print_files(Run *run, void *context, PipelineOutcome *out) MUST_CHECK;

/* Fetch the charts of all releases of the plan, many at a time. */
void charts_prefetch(const Run *run);

/* hooks.c: the hooks of the spec. */
typedef struct HookRun {
    const char *event;      /* "presync" */
    const char *command;    /* .HelmfileCommand */
    const Error *failure;   /* .Event.Error, or NULL */
    const Release *release; /* NULL: hooks of the file */
    const SpecFile *file;
} HookRun;

Error *hooks_run(const Run *run, Arena *a, const HookRun *hook) MUST_CHECK;

/* The hooks of EVENT of a step's release; FAILURE as above. */
Error *step_hooks(const Step *step, const char *event, const Error *failure) MUST_CHECK;

/*
 * Its cleanup hooks, after FAILURE or NULL, which is the result. What fails with hooks after a
 * failure is only worth a warning.
 */
Error *step_cleanup(const Step *step, Error *failure) MUST_CHECK;

/* The prepare hooks of all selected releases that are to be installed, in the spec's order. */
Error *hooks_run_prepare(const Run *run, bool reverse) MUST_CHECK;

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
Error *objects_make(const Step *step, const ManifestList *manifests, ReleaseObjectList *out)
    MUST_CHECK;

/* The same for hooks and definitions of kinds, which helm does not mark. */
Error *objects_unmarked(const Step *step, const ManifestList *manifests, ReleaseObjectList *out)
    MUST_CHECK;

/* The objects of an earlier revision, as its record has them. */
Error *objects_of_record(const Step *step, const Record *record, ReleaseObjectList *out) MUST_CHECK;

/* Whether LIST has the object ID; the version of its API may be another. */
bool objects_have(const ReleaseObjectList *list, const ObjectId *id);

/* The object of ID in LIST, as a server would have it; null where there is none. */
Value object_in(Arena *a, const ReleaseObjectList *list, const ObjectId *id);

/*
 * leftover.c: all objects that may be in the cluster of a release whose last revision is LAST: its
 * own, and where it did not come to its end those of the revisions before, down to one that did.
 */
Error *objects_of_release(const Step *step, const Record *last, ReleaseObjectList *out) MUST_CHECK;

/* The last revision of the release below BEFORE that was deployed; .revision 0 where none was. */
Error *release_last_good(const Step *step, int before, Record *out) MUST_CHECK;

/* The live object, in A; null where there is none. */
Error *object_read(const Step *step, Arena *a, const ObjectId *id, Value *out) MUST_CHECK;

/* The same as it was a moment ago: where many are compared. */
Error *object_look(const Step *step, Arena *a, const ObjectId *id, Value *out) MUST_CHECK;

/*
 * ERROR_CONFLICT where LIVE, the object of ID, is neither a null nor marked as the release's.
 * Source: helm, pkg/action/validate.go, checkOwnership.
 */
Error *object_check_owner(const Step *step, const ObjectId *id, Value live) MUST_CHECK;

/*
 * How the release's next revision is applied, LAST being the one before: "ssa", by the server, or
 * "csa", by patches that are made here, as helm 3 does it.
 */
Str release_apply_method(const Step *step, const Record *last);

/* Let HOW deal with what others manage as the release says. */
void apply_conflicts(const Step *step, TargetApply *how);

/* Whether both are one object; the version of its API may be another. */
bool object_is_same(const ObjectId *a, const ObjectId *b);

/* Those of OLD that are not in NEW. */
void objects_dropped(Arena *a, const ReleaseObjectList *old, const ReleaseObjectList *new,
                     ReleaseObjectList *out);

/* workloads.c: the pods of what the release runs. */
Error *release_pods(const Step *step, ValueList *out) MUST_CHECK;

/* Whether `relfile stop` has stopped the LIVE object. */
bool object_is_stopped(Value live);

/* What the state has of `stop` goes. */
Error *release_note_started(const Step *step) MUST_CHECK;

/* OBJECT as it is applied to LIVE: without replicas while that is stopped. */
Value object_overridden(Arena *a, Value object, Value live);

/* Whether the object is to stay when its release goes: helm.sh/resource-policy: keep. */
bool object_is_kept(const ReleaseObject *object);

/* The namespace that objects of RELEASE are in. */
Str release_namespace(const Release *release);

/* The same as an object, and whether the release makes it where it is not there. */
ReleaseObject release_namespace_object(const Step *step);
bool release_makes_namespace(const Step *step);

/* Whether it is not there. Who may use a namespace need not have the right to look at it. */
Error *release_lacks_namespace(const Step *step, bool *out) MUST_CHECK;

/* The definitions of kinds that installing the release makes where they are not there. */
Error *release_crds(const Step *step, const ChartOutput *output, ReleaseObjectList *out) MUST_CHECK;

/* safety.c: what is not deleted without being asked for. */
/* Whether the object may be deleted because its chart has dropped it. */
bool safety_may_drop(const Step *step, const ReleaseObject *object);

/* ERROR_INPUT where a release that had objects (OLD) would have none. */
Error *safety_check_rendering(const Step *step, const ReleaseObjectList *old,
                              const ReleaseObjectList *wanted) MUST_CHECK;

/* ERROR_DENIED where a release of WANTED, by index, is protected and would be uninstalled. */
Error *safety_check_protected(const Run *run, const bool *wanted, bool all) MUST_CHECK;

/* ERROR_DENIED where DELETES of OBJECTS are more than the limits allow. */
Error *safety_check_limits(const Run *run, size_t deletes, size_t objects) MUST_CHECK;
bool safety_has_limits(const Run *run);

/*
 * crd_safety.c: ERROR_INPUT where OBJECT is a definition of a kind, LIVE is it as it is, and
 * objects of the kind would not fit any more, unless that was allowed.
 */
Error *crd_check(const Step *step, const ReleaseObject *object, Value live) MUST_CHECK;

/* compare.c: what installing would change. */
typedef struct ReleaseChange {
    ReleaseObject object;
    ObjectDiff diff;
    const char *what; /* "namespace", "crd", "hook"; NULL: an object of the release's manifest */
    Str replaced;     /* why it cannot be changed, but only replaced; empty: it can be */
    bool drifted;     /* the release says what it said last time: somebody else has changed it */
} ReleaseChange;

typedef VEC(ReleaseChange) ReleaseChangeList;

/* What is known of a release, and what it would become. */
typedef struct Comparison {
    Record record; /* the last revision; .revision 0 without one */
    Rendered rendered;
    ReleaseObjectList wanted, dropped;
    ReleaseChangeList changes; /* those objects that change */
    bool hooks_changed;
    bool changed;    /* anything, or the last run failed */
    StrList stopped; /* titles of objects that `relfile stop` has stopped */
    StrList left;    /* titles of objects that are dropped, and not deleted */
    size_t had;      /* objects that the last revision had */
    Str method;      /* release_apply_method */
    bool guessed;    /* the user may not ask the server what would be */
    size_t hidden;   /* fields that the server changes by itself, and that are not shown */
} Comparison;

/* Compare what the release wants with what there is. */
Error *release_compare(const Step *step, Comparison *out) MUST_CHECK;

/* What the release's uninstalling would delete. */
Error *release_compare_gone(const Step *step, Comparison *out) MUST_CHECK;

/* What going back to REVISION would delete; nothing else is compared. */
Error *release_compare_back(const Step *step, int revision, Comparison *out) MUST_CHECK;

/* Compare what the last revision applied with what there is: from what should be to what is. */
Error *release_compare_drift(const Step *step, Comparison *out) MUST_CHECK;

/* The release's last record; an empty one (.revision 0) where there is none. */
Error *release_record(const Step *step, Record *out) MUST_CHECK;

/* diff.c: all releases compared, and told. */
typedef struct DiffTally {
    size_t installs, upgrades, uninstalls, same; /* releases */
    size_t objects[4];                           /* by ChangeKind */
    size_t had;                                  /* objects, by the last revision */
} DiffTally;

/* The context of diff_step; by number. */
typedef struct DiffPass {
    /* NULL: what the release wants is compared with what there is */
    Error *(*compare)(const struct DiffPass *pass, const Step *step, Comparison *out);
    Comparison *comparisons; /* NULL: they are not kept */
    DiffTally *tallies;
    struct PlanFile *plan; /* to note them in; NULL: none */
} DiffPass;

Error *diff_step(void *context, const Step *step) MUST_CHECK;

/* All releases, by PASS; its tallies are made here. */
Error *diff_run(Run *run, DiffPass *pass, PipelineOutcome *out) MUST_CHECK;

/* Print what TALLIES come to; how many releases change. */
size_t diff_summary(const Run *run, const DiffTally *tallies);

/* moments.c: whether R was in its cluster for a while, as a whole. */
bool record_was_deployed(const Record *r);

/*
 * The revision in HISTORY, of RELEASE, that was deployed at AT_MS; NULL: it was not installed then.
 * ERROR_INPUT where that revision is not kept any more.
 */
Error *history_at(const Release *release, const RecordList *history, int64_t at_ms,
                  const Record **out) MUST_CHECK;

/* deploy.c, deploy_back.c: installing, upgrading, uninstalling one release. */
typedef struct Deployment {
    size_t created, updated, deleted, unchanged; /* objects */
    int revision, previous;                      /* previous: 0 if there was none */
    bool was_there;
} Deployment;

/* MADE: the release's chart, if it has been rendered already; or NULL. */
Error *release_install(const Step *step, const Rendered *made, Deployment *out) MUST_CHECK;
Error *release_uninstall(const Step *step, Deployment *out) MUST_CHECK;

/* Make the release what it was in REVISION, as a new revision. */
Error *release_rollback(const Step *step, int revision, Deployment *out) MUST_CHECK;

/*
 * sync.c: make each release what it was in the revision of REVISIONS, by number: 0 leaves it alone,
 * -1 uninstalls it. Those that others need come last.
 */
Error *run_roll_back(Run *run, const int *revisions) MUST_CHECK;

/*
 * ERROR_DENIED where that would delete more than the limits allow. *COUNTED: nothing failed; where
 * something did, nothing is to be changed.
 */
Error *run_check_back(Run *run, const int *revisions, bool *counted) MUST_CHECK;

/* chart_hooks.c: the hooks of a chart, on their way into a cluster. */
typedef struct ChartHooks {
    const Step *step;
    Record *record; /* that says how they went */
    int64_t timeout_ms;
} ChartHooks;

/* Run those of HOOKS that are for EVENT, by weight. */
Error *chart_hooks_run(const ChartHooks *h, const ManifestList *hooks, HookEvent event) MUST_CHECK;

/*
 * rights.c: ERROR_DENIED, with all that is missing, where MANIFESTS may not be applied; INSTALLS:
 * they are not there yet.
 */
Error *rights_check(const Step *step, const ManifestList *manifests, bool installs) MUST_CHECK;

/* gone_jobs.c: whether OBJECT is a job that is deleted once it has finished. */
bool job_goes_when_done(const ReleaseObject *object);

/* How such a job ended, which is not there any more; UID, if that is known, is its own. */
Health job_gone_health(const Step *step, Arena *a, const ObjectId *id, Str uid);

/* wait.c */
typedef struct WaitRequest {
    const ReleaseObjectList *objects;
    int64_t timeout_ms;
    bool for_jobs;    /* jobs must be complete, too */
    bool for_removal; /* wait until they are gone instead */
} WaitRequest;

/* Wait until all objects are ready, saying what is not. ERROR_UNAVAILABLE after the timeout, with
 * why. */
Error *objects_wait(const Step *step, const WaitRequest *request) MUST_CHECK;

/*
 * Why the object ID, which is LIVE (or null), is not ready, on one line: "Deployment/web: 0 of 1
 * replicas ready: pod web-7d9f-x2: ImagePullBackOff: ...". *REST is what is known besides, a line
 * each; NULL: nobody asks.
 */
Str object_why(const Step *step, Arena *a, const ObjectId *id, const Health *health, Value live,
               Str *rest);

/* Milliseconds since 1970. */
int64_t run_now_ms(void);

/* status.c: a time for people, "2026-11-21 14:03:05", or empty for never; and RFC 3339, or null. */
Str run_time_text(Arena *a, int64_t ms);
Value run_time_value(Arena *a, int64_t ms);

/* A record's chart with its version, for people: "web-1.2.0". */
Str run_chart_text(Arena *a, const Record *record);

/* B is on stdout; VALUE is, as JSON. For what is no result of a release. */
void run_print(const Buf *b);
Error *run_print_json(Buf *b, Value value) MUST_CHECK;
