/*
 * options.c - the tables of options that more than one command takes.
 * Source of most of them: helmfile, cmd/ and pkg/config.
 */
#include "cli/option.h"

static const char *const colour_choices[] = {"auto", "always", "never", NULL};
static const char *const level_choices[] = {"error", "warn", "info", "debug", NULL};
static const char *const render_choices[] = {"auto", "always", "never", "true", "false", NULL};
static const char *const json_choices[] = {"text", "json", NULL};
static const char *const diff_choices[] = {"text", "simple", "json", NULL};
static const char *const cascade_choices[] = {"background", "foreground", "orphan", NULL};

static const Option input[] = {
    {"file", 'f', OPTION_NAME, IN_REQUEST(pipeline.spec.file), "FILE",
     "The spec: a file, a folder of files, or - for standard input. Usual: helmfile.yaml, "
     "helmfile.yaml.gotmpl or helmfile.d here.",
     "FILE_PATH", NULL},
    {"environment", 'e', OPTION_TEXT, IN_REQUEST(pipeline.spec.environment), "NAME",
     "The environment. Usual: default.", "ENVIRONMENT", NULL},
    {"state-values-set", 0, OPTION_LIST, IN_REQUEST(pipeline.spec.state_values_set), "KEY=VALUE",
     "Set a value of the environment.", NULL, NULL},
    {"state-values-set-string", 0, OPTION_LIST, IN_REQUEST(pipeline.spec.state_values_set_string),
     "KEY=VALUE", "Set a value of the environment to a text.", NULL, NULL},
    {"state-values-file", 0, OPTION_LIST, IN_REQUEST(pipeline.spec.state_values_files), "FILE",
     "Lay the values of a file over the environment's.", NULL, NULL},
    {"render-yaml", 0, OPTION_NAME, IN_REQUEST(render_yaml), "WHEN",
     "Whether files that do not end in .gotmpl are templates: auto, always or never.",
     "RENDER_YAML", render_choices},
};

static const Option selection[] = {
    {"selector", 'l', OPTION_LIST, IN_REQUEST(pipeline.spec.selectors), "KEY=VALUE",
     "Only releases with these labels: key=value or key!=value, commas between; of several "
     "selectors one must match.",
     NULL, NULL},
    {"allow-no-matching-release", 0, OPTION_FLAG, IN_REQUEST(pipeline.allow_no_match), NULL,
     "It is no error when nothing is selected.", NULL, NULL},
    {"namespace", 'n', OPTION_TEXT, IN_REQUEST(pipeline.spec.namespace), "NAME",
     "The namespace of all releases, whatever they say.", "NAMESPACE", NULL},
    {"chart", 'c', OPTION_TEXT, IN_REQUEST(pipeline.spec.chart), "CHART",
     "The chart of all releases, whatever they say.", NULL, NULL},
    {"kube-context", 0, OPTION_TEXT, IN_REQUEST(pipeline.spec.kube_context), "NAME",
     "The cluster of all releases, whatever they say.", "KUBE_CONTEXT", NULL},
    {"kubeconfig", 0, OPTION_NAME, IN_REQUEST(pipeline.kubeconfig), "FILE",
     "The file that describes clusters.", NULL, NULL},
};

static const Option output[] = {
    {"interactive", 'i', OPTION_FLAG, IN_REQUEST(pipeline.interactive), NULL,
     "Ask before anything is changed.", "INTERACTIVE", NULL},
    {"quiet", 'q', OPTION_FLAG, IN_REQUEST(quiet), NULL, "No progress, only warnings and errors.",
     "QUIET", NULL},
    {"debug", 0, OPTION_FLAG, IN_REQUEST(debug), NULL, "Say more: the same as --log-level debug.",
     "DEBUG", NULL},
    {"log-level", 0, OPTION_NAME, IN_REQUEST(log_level), "LEVEL",
     "What to say on the way: error, warn, info or debug.", "LOG_LEVEL", level_choices},
    {"color", 0, OPTION_FLAG, IN_REQUEST(colour_on), NULL,
     "Colours even where there is no terminal.", "COLOR", NULL},
    {"no-color", 0, OPTION_FLAG, IN_REQUEST(colour_off), NULL, "No colours.", "NO_COLOR", NULL},
    {"colour", 0, OPTION_NAME, IN_REQUEST(colour), "WHEN", "auto, always or never.", NULL,
     colour_choices},
    {"help", 'h', OPTION_FLAG, IN_REQUEST(help), NULL, "Print this help.", NULL, NULL},
    {"version", 'v', OPTION_FLAG, IN_REQUEST(version), NULL, "Print the version.", NULL, NULL},
};

/* Charts are not fetched by other programs, and clusters not asked by them. */
static const Option ignored[] = {
    {"helm-binary", 'b', OPTION_IGNORED, 0, "FILE", "", NULL, NULL},
    {"kustomize-binary", 'k', OPTION_IGNORED, 0, "FILE", "", NULL, NULL},
    {"skip-deps", 0, OPTION_IGNORED, 0, NULL, "", NULL, NULL},
    {"skip-refresh", 0, OPTION_IGNORED, 0, NULL, "", NULL, NULL},
    {"disable-force-update", 0, OPTION_IGNORED, 0, NULL, "", NULL, NULL},
    {"repo-retries", 0, OPTION_IGNORED, 0, "N", "", NULL, NULL},
    {"enforce-plugin-verification", 0, OPTION_IGNORED, 0, NULL, "", NULL, NULL},
    {"oci-plain-http", 0, OPTION_IGNORED, 0, NULL, "", NULL, NULL},
    {"enable-live-output", 0, OPTION_IGNORED, 0, NULL, "", NULL, NULL},
    {"strip-args-values-on-exit-error", 0, OPTION_IGNORED, 0, NULL, "", NULL, NULL},
    {"sequential-helmfiles", 0, OPTION_IGNORED, 0, NULL, "", NULL, NULL},
};

static const OptionGroup input_group = OPTION_GROUP("Spec", input);
static const OptionGroup selection_group = OPTION_GROUP("Selection", selection);
static const OptionGroup output_group = OPTION_GROUP("Messages", output);
static const OptionGroup ignored_group = OPTION_GROUP(NULL, ignored);

const OptionGroup *const option_groups_global[] = {&input_group, &selection_group, &output_group,
                                                   &ignored_group, NULL};

static const Option values[] = {
    {"values", 0, OPTION_LIST, IN_REQUEST(pipeline.values_files), "FILE",
     "Lay the values of a file over those of all releases.", NULL, NULL},
    {"set", 0, OPTION_LIST, IN_REQUEST(pipeline.sets), "KEY=VALUE", "Set a value of all releases.",
     NULL, NULL},
};

const OptionGroup option_group_values = OPTION_GROUP("Values", values);

static const Option needs[] = {
    {"include-needs", 0, OPTION_FLAG, IN_REQUEST(pipeline.include_needs), NULL,
     "Select what the selected releases need, too.", NULL, NULL},
    {"include-transitive-needs", 0, OPTION_FLAG, IN_REQUEST(pipeline.include_needs), NULL,
     "The same.", NULL, NULL},
    {"skip-needs", 0, OPTION_FLAG, IN_REQUEST(pipeline.skip_needs), NULL,
     "Needs that are not selected do not matter. Usual; false makes them an error.", NULL, NULL},
    {"enforce-needs-are-installed", 0, OPTION_FLAG, IN_REQUEST(pipeline.enforce_needs), NULL,
     "A need with installed: false is an error.", NULL, NULL},
};

const OptionGroup option_group_needs = OPTION_GROUP("Needs", needs);

static const Option work[] = {
    {"concurrency", 0, OPTION_COUNT, IN_REQUEST(pipeline.jobs), "N",
     "How many releases to work on at a time; 0 leaves it to relfile.", NULL, NULL},
    {"args", 0, OPTION_REFUSED, 0, "TEXT", "helm is not run; use relfile's own options", NULL,
     NULL},
};

const OptionGroup option_group_work = OPTION_GROUP("Work", work);

static const Option render[] = {
    {"skip-schema-validation", 0, OPTION_FLAG, IN_REQUEST(pipeline.skip_schema), NULL,
     "Do not hold values against values.schema.json.", NULL, NULL},
    {"no-hooks", 0, OPTION_FLAG, IN_REQUEST(pipeline.no_hooks), NULL,
     "Leave the hooks of charts out.", NULL, NULL},
    {"skip-cleanup", 0, OPTION_IGNORED, 0, NULL, "", NULL, NULL},
    {"template-args", 0, OPTION_REFUSED, 0, "TEXT", "helm is not run; use relfile's own options",
     NULL, NULL},
    {"validate", 0, OPTION_IGNORED, 0, NULL, "", NULL, NULL},
    {"post-renderer", 0, OPTION_REFUSED, 0, "FILE", "pipe the output of relfile template to it",
     NULL, NULL},
    {"post-renderer-args", 0, OPTION_REFUSED, 0, "TEXT",
     "pipe the output of relfile template to it", NULL, NULL},
};

const OptionGroup option_group_render = OPTION_GROUP("Rendering", render);

static const Option diff[] = {
    {"context", 0, OPTION_LINES, IN_REQUEST(pipeline.context), "LINES",
     "Lines to show around a change. Usual: 3; -1 is all.", NULL, NULL},
    {"detailed-exitcode", 0, OPTION_FLAG, IN_REQUEST(pipeline.detailed_exit_code), NULL,
     "End with 2 where there are changes.", NULL, NULL},
    {"show-secrets", 0, OPTION_FLAG, IN_REQUEST(pipeline.show_secrets), NULL,
     "Do not mask what Secrets hold.", NULL, NULL},
    {"suppress-secrets", 0, OPTION_FLAG, IN_REQUEST(pipeline.suppress_secrets), NULL,
     "Do not show Secrets at all.", NULL, NULL},
    {"suppress", 0, OPTION_LIST, IN_REQUEST(pipeline.suppressed), "KIND",
     "Do not show objects of this kind.", NULL, NULL},
    {"suppress-diff", 0, OPTION_FLAG, IN_REQUEST(pipeline.suppress_diff), NULL,
     "Do not show differences, only what comes of them.", NULL, NULL},
    {"include-tests", 0, OPTION_IGNORED, 0, NULL, "", NULL, NULL},
    {"strip-trailing-cr", 0, OPTION_FLAG, IN_REQUEST(pipeline.strip_cr), NULL,
     "Windows' line ends are no change.", NULL, NULL},
    {"diff-args", 0, OPTION_REFUSED, 0, "TEXT", "helm is not run; use relfile's own options", NULL,
     NULL},
    {"suppress-output-line-regex", 0, OPTION_IGNORED, 0, "REGEX", "", NULL, NULL},
    {"skip-diff-on-install", 0, OPTION_IGNORED, 0, NULL, "", NULL, NULL},
    {"skip-diff-validation-on-install", 0, OPTION_IGNORED, 0, NULL, "", NULL, NULL},
    {"reset-values", 0, OPTION_IGNORED, 0, NULL, "", NULL, NULL},
    {"reuse-values", 0, OPTION_REFUSED, 0, NULL, "values come from the spec alone", NULL, NULL},
    {"server-side", 0, OPTION_IGNORED, 0, "HOW", "", NULL, NULL},
    {"take-ownership", 0, OPTION_IGNORED, 0, NULL, "", NULL, NULL},
};

const OptionGroup option_group_diff = OPTION_GROUP("Diff", diff);

static const Option cluster[] = {
    {"target", 0, OPTION_NAME, IN_REQUEST(pipeline.target), "TYPE",
     "What releases go to; see relfile help targets.", "TARGET", NULL},
    {"target-location", 0, OPTION_NAME, IN_REQUEST(pipeline.target_location), "FOLDER",
     "Where the demo target keeps its clusters.", "TARGET_LOCATION", NULL},
    {"state", 0, OPTION_NAME, IN_REQUEST(pipeline.state_url), "URL",
     "Where records of releases are; see relfile help state.", "STATE", NULL},
    {"lock-timeout", 0, OPTION_NUMBER, IN_REQUEST(pipeline.lock_timeout_s), "SECONDS",
     "How long to wait for another run that holds the lock.", "LOCK_TIMEOUT", NULL},
};

const OptionGroup option_group_cluster = OPTION_GROUP("Cluster and state", cluster);

static const Option change[] = {
    {"wait", 0, OPTION_FLAG, IN_REQUEST(pipeline.wait), NULL, "Wait until all objects are ready.",
     NULL, NULL},
    {"wait-for-jobs", 0, OPTION_FLAG, IN_REQUEST(pipeline.wait_for_jobs), NULL,
     "Wait for jobs, too.", NULL, NULL},
    {"timeout", 0, OPTION_NUMBER, IN_REQUEST(pipeline.timeout_s), "SECONDS",
     "How long to wait for a release. Usual: 300.", NULL, NULL},
    {"skip-crds", 0, OPTION_FLAG, IN_REQUEST(pipeline.skip_crds), NULL,
     "Do not install what is in crds/.", NULL, NULL},
    {"description", 0, OPTION_TEXT, IN_REQUEST(pipeline.description), "TEXT",
     "What the record says of the revision.", NULL, NULL},
    {"hide-notes", 0, OPTION_IGNORED, 0, NULL, "", NULL, NULL},
    {"cascade", 0, OPTION_NAME, IN_REQUEST(pipeline.cascade), "HOW",
     "How to delete what objects own: background, foreground or orphan.", NULL, cascade_choices},
    {"sync-args", 0, OPTION_REFUSED, 0, "TEXT", "helm is not run; use relfile's own options", NULL,
     NULL},
    {"sync-release-labels", 0, OPTION_IGNORED, 0, NULL, "", NULL, NULL},
};

const OptionGroup option_group_change = OPTION_GROUP("Changes", change);

static const Option track[] = {
    {"track-mode", 0, OPTION_IGNORED, 0, "MODE", "", NULL, NULL},
    {"track-timeout", 0, OPTION_IGNORED, 0, "SECONDS", "", NULL, NULL},
    {"track-logs", 0, OPTION_IGNORED, 0, NULL, "", NULL, NULL},
    {"track-failed-logs", 0, OPTION_IGNORED, 0, NULL, "", NULL, NULL},
    {"track-fail-on-error", 0, OPTION_IGNORED, 0, NULL, "", NULL, NULL},
    {"helm-stuck-grace", 0, OPTION_IGNORED, 0, "SECONDS", "", NULL, NULL},
};

const OptionGroup option_group_track = OPTION_GROUP(NULL, track);

static const Option json[] = {
    {"output", 'o', OPTION_NAME, IN_REQUEST(output), "FORMAT", "text or json.", NULL, json_choices},
};

const OptionGroup option_group_json = OPTION_GROUP("Output", json);

static const Option diff_output[] = {
    {"output", 'o', OPTION_NAME, IN_REQUEST(output), "FORMAT",
     "text; simple, a line for each object; or json.", NULL, diff_choices},
};

const OptionGroup option_group_diff_output = OPTION_GROUP("Output", diff_output);

static const Option confirming[] = {
    {"yes", 'y', OPTION_FLAG, IN_REQUEST(pipeline.assume_yes), NULL, "Do not ask.", NULL, NULL},
};

const OptionGroup option_group_confirm = OPTION_GROUP("Questions", confirming);
