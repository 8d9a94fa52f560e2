/*
 * pipeline.h - one run of a command, from the spec to what it does to clusters.
 *
 *     spec ──► environment ──► releases ──► plan              one thread, run arena
 *                                             │ many at a time, a release arena each
 *                 chart ──► render ──► diff ──► apply ──► state
 *     stops at:            template    diff              sync, apply, destroy
 *
 * Start reading at pipeline.c.
 */
#pragma once

#include "base/error.h"
#include "chart/chart.h"
#include "spec/spec.h"
#include "target/target.h"

typedef struct GivenPlan GivenPlan;

/* Options of commands; what a command does not have stays zero. */
typedef struct PipelineOptions {
    SpecOptions spec;    /* but for .templates */
    const char *command; /* its name, for hooks */

    // selection
    bool include_needs;
    bool skip_needs;    /* needs that are not selected do not matter; else they are an error */
    bool enforce_needs; /* needs that are not to be installed are an error */
    bool allow_no_match;
    Str since; /* a commit: only what has changed since; or empty */

    // what is fetched
    bool offline; /* nothing is: what is in the cache must do */
    bool skip_refresh, skip_deps;
    bool write_output; /* of fetch: the spec, with the charts that were fetched */

    // values
    StrList values_files, sets; /* --values, --set */
    StrList set_strings, set_jsons, set_literals, set_files;
    bool reuse_values, reset_values; /* over those of the last revision; not, whatever is said */
    bool reset_then_reuse_values;    /* over those of the last revision, and new defaults */

    // options of helm's, as texts
    StrList args, diff_args, sync_args, template_args;

    // templates
    TemplateLimits limits;
    TemplateSeed seed;        /* without a text: what is random is random */
    const char *random;       /* "new", "recorded"; NULL or "auto": as the command wants */
    TemplateProfile *profile; /* NULL: nobody wants to know */
    bool enable_dns;          /* getHostByName may ask the network */

    // rendering
    bool asks_server; /* templates see the cluster: --dry-run=server, of args */
    bool include_crds, skip_crds, no_hooks, skip_tests, skip_schema;
    StrList show_only;
    Str kube_version;
    Str compat;        /* empty: as the spec says */
    Str compat_to;     /* of compat check: which other helm; empty: the newest */
    const char *helm;  /* the program to compare with instead; or NULL */
    Str post_renderer; /* --post-renderer, or empty */
    StrList post_renderer_args;
    const char *output_dir, *output_dir_template, *output_file_template;

    // diff
    int context;       /* lines around a change; below 0: all */
    bool show_decoded; /* the same, and not in base64 */
    bool show_secrets, suppress_secrets, suppress_diff, strip_cr, detailed_exit_code;
    StrList suppressed;       /* kinds */
    StrList suppressed_lines; /* patterns of lines */
    bool normalize;           /* manifests are compared as one YAML, where these are compared */
    bool three_way;           /* with the live objects, where manifests would do */
    bool show_all;            /* what the server changes by itself, too */
    bool include_tests;       /* hooks that are tests, too */
    Str find_renames;         /* a number from 0 to 1, or empty */

    // changing clusters
    const char *target, *target_location, *state_url, *kubeconfig;
    TargetAccess access; /* instead of what the kubeconfig file says */
    bool wait, wait_for_jobs, interactive, assume_yes;
    bool take_ownership;
    const char *plan_file;       /* of plan and apply; NULL: none */
    const GivenPlan *given_plan; /* of apply: it, opened */
    const char *plan_key;        /* the file with its key; NULL: the user's own */
    bool prune;                  /* uninstall what is not in the spec any more */
    StrList allow_delete;        /* kinds, or KIND/NAME, whatever the spec says */
    StrList delete_limits;       /* deletes=N, percent=N */
    bool resume;               /* a run that was interrupted is gone on with, without a question */
    bool delete_wait, no_wait; /* until what is deleted is gone; neither: as the spec says */
    int64_t timeout_s, delete_timeout_s; /* 0: as the spec says */
    int64_t lock_timeout_s;              /* below 0: as the spec says */
    const char *on_error;                /* "stop", "continue", "rollback"; NULL: continue */
    const char *cascade;
    Str description;

    // what was
    size_t most;          /* runs that are shown; 0: the usual */
    int64_t older_than_s; /* state gc: what is younger than this stays; below 0: the usual */
    const char *to;       /* rollback: a moment, as people write it */
    bool accepts, forced; /* state: records that were changed by hand; replacing what is there */

    // day two
    Str container;                                     /* empty: the usual one */
    bool follow, previous, timestamps, all_containers; /* of logs */
    bool tty, no_stdin;                                /* of exec and attach */
    int64_t since_s;                                   /* of logs; 0: all */

    // both
    size_t jobs;
    bool json;                 /* the result is for machines */
    const char *lint_format;   /* json, github, junit, sarif; NULL: for people */
    const char *dag_format;    /* of show-dag: dot, mermaid, json; NULL: helmfile's table */
    bool wide;                 /* of list: more columns */
    const char *diff_form;     /* of diff: "table"; NULL: text */
    bool colour, error_colour; /* on stdout, on stderr */
    bool terminal;             /* stderr is one: progress may be repainted */
    bool quiet;
    bool drop_in;   /* the program is called helmfile: what scripts read of it stays as it is */
    bool fail_fast; /* of unittest */
    bool embed_values, skip_charts, hide_notes; /* build, list, status */
} PipelineOptions;

/* What a run came to, besides its error. */
typedef struct PipelineOutcome {
    bool changed; /* it found, or made, changes */
    bool failed;  /* some releases failed, or were skipped; why has been told */
    bool partly;  /* and others have been changed */
    int status;   /* the exit status of a program that was run elsewhere */
} PipelineOutcome;

/* Each prints its result on stdout and its progress on stderr. ERROR_NO_MATCH: nothing was
 * selected. */
Error *pipeline_list(const PipelineOptions *options, PipelineOutcome *out) MUST_CHECK;
Error *pipeline_build(const PipelineOptions *options, PipelineOutcome *out) MUST_CHECK;
Error *pipeline_doctor(const PipelineOptions *options, PipelineOutcome *out) MUST_CHECK;
Error *pipeline_test(const PipelineOptions *options, PipelineOutcome *out) MUST_CHECK;
Error *pipeline_unittest(const PipelineOptions *options, PipelineOutcome *out) MUST_CHECK;
Error *pipeline_print_env(const PipelineOptions *options, PipelineOutcome *out) MUST_CHECK;
Error *pipeline_write_values(const PipelineOptions *options, PipelineOutcome *out) MUST_CHECK;
Error *pipeline_show_dag(const PipelineOptions *options, PipelineOutcome *out) MUST_CHECK;

/*
 * Where the value WHAT of the RELEASE comes from, or its field in the spec; or the FIELD of its
 * object WHAT ("Deployment/web"); or (empty) all values.
 */
Error *pipeline_why(const PipelineOptions *options, Str release, Str what, Str field,
                    PipelineOutcome *out) MUST_CHECK;
Error *pipeline_template(const PipelineOptions *options, PipelineOutcome *out) MUST_CHECK;
Error *pipeline_lint(const PipelineOptions *options, PipelineOutcome *out) MUST_CHECK;
Error *pipeline_diff(const PipelineOptions *options, PipelineOutcome *out) MUST_CHECK;

/* Compare, and write down what would be done, in options->plan_file. */
Error *pipeline_plan(const PipelineOptions *options, PipelineOutcome *out) MUST_CHECK;

/* Print what the plan in FILE says. */
Error *pipeline_show_plan(const char *file) MUST_CHECK;

/* What others have changed since the last revision was applied. */
Error *pipeline_drift(const PipelineOptions *options, PipelineOutcome *out) MUST_CHECK;
/*
 * The same for what was recorded: FROM is ENV@{WHEN}, TO likewise or ENV, which is what is recorded
 * now; an empty TO is what the spec says.
 */
Error *pipeline_diff_moments(const PipelineOptions *options, Str from, Str to, PipelineOutcome *out)
    MUST_CHECK;
Error *pipeline_sync(const PipelineOptions *options, PipelineOutcome *out) MUST_CHECK;
Error *pipeline_apply(const PipelineOptions *options, PipelineOutcome *out) MUST_CHECK;
Error *pipeline_destroy(const PipelineOptions *options, PipelineOutcome *out) MUST_CHECK;

/* Compare what two helms make of the releases, and print which objects differ, and why. */
Error *pipeline_compat_check(const PipelineOptions *options, PipelineOutcome *out) MUST_CHECK;
Error *pipeline_repos(const PipelineOptions *options, PipelineOutcome *out) MUST_CHECK;
Error *pipeline_deps(const PipelineOptions *options, PipelineOutcome *out) MUST_CHECK;
Error *pipeline_fetch(const PipelineOptions *options, PipelineOutcome *out) MUST_CHECK;

/* NAME is a release's; empty: all of them. */
Error *pipeline_status(const PipelineOptions *options, Str name, PipelineOutcome *out) MUST_CHECK;
Error *pipeline_history(const PipelineOptions *options, Str name, PipelineOutcome *out) MUST_CHECK;

/* Their pods; the end of their logs, options->most lines of each; and changes of what they run. */
Error *pipeline_ps(const PipelineOptions *options, Str name, PipelineOutcome *out) MUST_CHECK;
Error *pipeline_logs(const PipelineOptions *options, Str name, PipelineOutcome *out) MUST_CHECK;
/* Run ARGV (none: attach to what runs) in POD of the release NAME; empty: in the first that is
 * ready. */
Error *pipeline_exec(const PipelineOptions *options, Str name, Str pod, const StrList *argv,
                     PipelineOutcome *out) MUST_CHECK;
Error *pipeline_restart(const PipelineOptions *options, Str name, PipelineOutcome *out) MUST_CHECK;
Error *pipeline_stop(const PipelineOptions *options, Str name, PipelineOutcome *out) MUST_CHECK;
Error *pipeline_start(const PipelineOptions *options, Str name, PipelineOutcome *out) MUST_CHECK;

/* Make the release NAME what it was in REVISION, or (0) before; or all of them as options->to says.
 */
Error *pipeline_rollback(const PipelineOptions *options, Str name, int revision,
                         PipelineOutcome *out) MUST_CHECK;

/* Print what runs did: the run ID, or the last ones. */
Error *pipeline_log(const PipelineOptions *options, Str id) MUST_CHECK;

/* Nobody is to go on with the run ID, or with any, that was killed. */
Error *pipeline_abort_run(const PipelineOptions *options, Str id) MUST_CHECK;

/* The store as a whole: src/pipeline/state.c. Each prints what it found or did. */
Error *pipeline_list_state(const PipelineOptions *options) MUST_CHECK;
Error *pipeline_show_state(const PipelineOptions *options, Str what) MUST_CHECK;
Error *pipeline_check_state(const PipelineOptions *options, bool accepts) MUST_CHECK;
Error *pipeline_pull_state(const PipelineOptions *options) MUST_CHECK;
Error *pipeline_push_state(const PipelineOptions *options, Str file) MUST_CHECK;
Error *pipeline_copy_state(const PipelineOptions *options, const char *from_url, const char *to_url)
    MUST_CHECK;
Error *pipeline_renew_state(const PipelineOptions *options) MUST_CHECK;
Error *pipeline_collect_state(const PipelineOptions *options) MUST_CHECK;

/* What `import` writes, and where. */
typedef struct ImportOptions {
    const char *folder;
    const char *charts;   /* a folder of charts, each in one of its name; or NULL */
    StrList repositories; /* "NAME=URL" */
    bool with_secrets;    /* as they are, in the clear */
    bool overwrites;
} ImportOptions;

/* Write a spec for all releases that the state, or the cluster, has. */
Error *pipeline_import(const PipelineOptions *options, const ImportOptions *import) MUST_CHECK;

/* Print who holds which locks. */
Error *pipeline_show_locks(const PipelineOptions *options) MUST_CHECK;

/* Take the lock NAME away from whoever has it: "production/shop". */
Error *pipeline_break_lock(const PipelineOptions *options, Str name) MUST_CHECK;
