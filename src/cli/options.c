/*
 * options.c - the tables of options that more than one command takes.
 * Source of most of them: helmfile, cmd/ and pkg/config.
 */
#include "cli/option.h"

static const char *const colour_choices[] = {"auto", "always", "never", NULL};
static const char *const level_choices[] = {"error", "warn", "info", "debug", "trace", NULL};
static const char *const render_choices[] = {"auto", "always", "never", "true", "false", NULL};
static const char *const random_choices[] = {"auto", "new", "recorded", NULL};
static const char *const json_choices[] = {"text", "json", NULL};
static const char *const diff_choices[] = {"text", "diff",       "simple", "table",    "md",
                                           "json", "structured", "dyff",   "template", NULL};
static const char *const show_choices[] = {"changes", "all", NULL};
static const char *const failure_choices[] = {"stop", "continue", "rollback", NULL};
static const char *const cascade_choices[] = {"background", "foreground", "orphan", NULL};

static const Option input[] = {
    {"file", 'f', OPTION_NAME, IN_REQUEST(pipeline.spec.file), "FILE",
     "The spec: a file, a folder of files, or - for standard input. Default: helmfile.yaml, "
     "helmfile.yaml.gotmpl or helmfile.d in the working directory.",
     "FILE_PATH", NULL},
    {"environment", 'e', OPTION_TEXT, IN_REQUEST(pipeline.spec.environment), "NAME",
     "The environment; without it, the one called default.", "ENVIRONMENT", NULL},
    {"state-values-set", 0, OPTION_LIST, IN_REQUEST(pipeline.spec.state_values_set), "KEY=VALUE",
     "Set a value that the spec's templates see as .Values.KEY.", NULL, NULL},
    {"state-values-set-string", 0, OPTION_LIST, IN_REQUEST(pipeline.spec.state_values_set_string),
     "KEY=VALUE", "The same, always as a text: KEY=1 is \"1\".", NULL, NULL},
    {"state-values-file", 0, OPTION_LIST, IN_REQUEST(pipeline.spec.state_values_files), "FILE",
     "Lay a file of values over those of the environment.", NULL, NULL},
    {"render-yaml", 0, OPTION_NAME, IN_REQUEST(render_yaml), "WHEN",
     "Whether spec files whose name does not end in .gotmpl are templates: auto (those that look "
     "like it), always or never. Default: auto.",
     "RENDER_YAML", render_choices},
};

static const Option selection[] = {
    {"selector", 'l', OPTION_LIST, IN_REQUEST(pipeline.spec.selectors), "KEY=VALUE",
     "Only releases with these labels: key=value or key!=value, joined by commas. Given several "
     "times, one of them must match.",
     NULL, NULL},
    {"allow-no-matching-release", 0, OPTION_FLAG, IN_REQUEST(pipeline.allow_no_match), NULL,
     "Exit with 0, not 3, where nothing is selected.", NULL, NULL},
    {"namespace", 'n', OPTION_TEXT, IN_REQUEST(pipeline.spec.namespace), "NAME",
     "Put all releases into this namespace, whatever they say.", "NAMESPACE", NULL},
    {"chart", 'c', OPTION_TEXT, IN_REQUEST(pipeline.spec.chart), "CHART",
     "Take this chart for all releases, whatever they say.", NULL, NULL},
    {"kube-context", 0, OPTION_TEXT, IN_REQUEST(pipeline.spec.kube_context), "NAME",
     "Install all releases into this cluster, whatever they say.", "KUBE_CONTEXT", NULL},
    {"kubeconfig", 0, OPTION_NAME, IN_REQUEST(pipeline.kubeconfig), "FILE",
     "The file that describes clusters. The demo target needs none.", NULL, NULL},
    {"as", 0, OPTION_TEXT, IN_REQUEST(pipeline.access.as_user), "USER",
     "Do everything in clusters as this user, which ours must be allowed to impersonate.", NULL,
     NULL},
    {"as-group", 0, OPTION_LIST, IN_REQUEST(pipeline.access.as_groups), "GROUP",
     "A group that this user is in; may come several times.", NULL, NULL},
    {"as-uid", 0, OPTION_TEXT, IN_REQUEST(pipeline.access.as_uid), "UID", "The id of this user.",
     NULL, NULL},
};

static const Option templates[] = {
    {"limit", 0, OPTION_LIST, IN_REQUEST(limits), "NAME=NUMBER",
     "What templates may take at most, joined by commas: time (milliseconds, or 30s), steps, "
     "output, memory, text (bytes, or 64M), items, includes, regex or slow; see relfile help "
     "limits.",
     "LIMIT", NULL},
    {"seed", 0, OPTION_TEXT, IN_REQUEST(seed), "TEXT",
     "Let random functions, keys and now give the same for the same TEXT, or number: for tests. "
     "The time is SOURCE_DATE_EPOCH, or the beginning of 2000.",
     "SEED", NULL},
    {"enable-dns", 0, OPTION_FLAG, IN_REQUEST(pipeline.enable_dns), NULL,
     "Let getHostByName in templates ask the system for addresses; else it gives nothing.",
     "ENABLE_DNS", NULL},
    {"profile", 0, OPTION_NAME, IN_REQUEST(profile), "FILE",
     "Write where the time and memory of templates go: for chrome://tracing where FILE ends in "
     ".json, else as collapsed stacks for flame graphs.",
     "PROFILE", NULL},
};

static const Option fetching[] = {
    {"offline", 0, OPTION_FLAG, IN_REQUEST(pipeline.offline), NULL,
     "Fetch nothing: what is in the cache must do.", "OFFLINE", NULL},
    {"skip-refresh", 0, OPTION_FLAG, IN_REQUEST(pipeline.skip_refresh), NULL,
     "Do not ask whether there is something newer than what is in the cache.", "SKIP_REFRESH",
     NULL},
    {"skip-deps", 0, OPTION_FLAG, IN_REQUEST(pipeline.skip_deps), NULL,
     "The same, and do not fetch what charts depend on.", "SKIP_DEPS", NULL},
    {"kustomize-binary", 'k', OPTION_NAME, IN_REQUEST(pipeline.spec.kustomize_binary), "FILE",
     "The program that builds kustomizations. Default: kustomize, or else kubectl.",
     "KUSTOMIZE_BINARY", NULL},
};

static const Option output[] = {
    {"interactive", 'i', OPTION_FLAG, IN_REQUEST(pipeline.interactive), NULL,
     "Ask before anything is changed.", "INTERACTIVE", NULL},
    {"quiet", 'q', OPTION_FLAG, IN_REQUEST(quiet), NULL,
     "Print results, warnings and errors, but no progress.", "QUIET", NULL},
    {"debug", 0, OPTION_FLAG, IN_REQUEST(debug), NULL, "The same as --log-level debug.", "DEBUG",
     NULL},
    {"log-level", 0, OPTION_NAME, IN_REQUEST(log_level), "LEVEL",
     "What to tell on standard error: error, warn, info, debug (-vv: requests, too) or trace "
     "(-vvv: and "
     "their bodies, with what is secret masked). Default: info.",
     "LOG_LEVEL", level_choices},
    {"color", 0, OPTION_FLAG, IN_REQUEST(colour_on), NULL, "The same as --colour always.", "COLOR",
     NULL},
    {"no-color", 0, OPTION_FLAG, IN_REQUEST(colour_off), NULL, "The same as --colour never.",
     "NO_COLOR", NULL},
    {"colour", 0, OPTION_NAME, IN_REQUEST(colour), "WHEN",
     "When to use colours: auto (on a terminal), always or never. Default: auto.", NULL,
     colour_choices},
    {"help", 'h', OPTION_FLAG, IN_REQUEST(help), NULL, "Print this help.", NULL, NULL},
    {"version", 'v', OPTION_FLAG, IN_REQUEST(version), NULL, "Print the version.", NULL, NULL},
};

/* Charts are not fetched by other programs, and clusters not asked by them. */
static const Option ignored[] = {
    {"helm-binary", 'b', OPTION_NAME, IN_REQUEST(pipeline.spec.helm_binary), "FILE", "",
     "HELM_BINARY", NULL},
    {"disable-force-update", 0, OPTION_IGNORED, 0, NULL, "", NULL, NULL},
    {"repo-retries", 0, OPTION_IGNORED, 0, "N", "", NULL, NULL},
    {"enforce-plugin-verification", 0, OPTION_IGNORED, 0, NULL, "", NULL, NULL},
    {"oci-plain-http", 0, OPTION_IGNORED, 0, NULL, "", NULL, NULL},
    {"enable-live-output", 0, OPTION_IGNORED, 0, NULL, "", NULL, NULL},
    {"strip-args-values-on-exit-error", 0, OPTION_IGNORED, 0, NULL, "", NULL, NULL},
    {"allow-failed-releases", 0, OPTION_IGNORED, 0, NULL, "", NULL, NULL},
    {"otel-tracing", 0, OPTION_IGNORED, 0, NULL, "", NULL, NULL},
    {"sequential-helmfiles", 0, OPTION_IGNORED, 0, NULL, "", NULL, NULL},
};

static const OptionGroup input_group = OPTION_GROUP("Spec", input);
static const OptionGroup selection_group = OPTION_GROUP("Selection", selection);
const OptionGroup option_group_templates = OPTION_GROUP("Templates", templates);
static const OptionGroup fetching_group = OPTION_GROUP("Charts and files from elsewhere", fetching);
static const OptionGroup output_group = OPTION_GROUP("Messages", output);
static const OptionGroup ignored_group = OPTION_GROUP(NULL, ignored);

const OptionGroup *const option_groups_global[] = {&input_group,
                                                   &selection_group,
                                                   &fetching_group,
                                                   &option_group_templates,
                                                   &output_group,
                                                   &ignored_group,
                                                   NULL};

static const Option values[] = {
    {"values", 0, OPTION_LIST, IN_REQUEST(pipeline.values_files), "FILE",
     "Lay a file of values over those of all releases.", NULL, NULL},
    {"set", 0, OPTION_LIST, IN_REQUEST(pipeline.sets), "KEY=VALUE",
     "Set a value of all releases, as helm's --set does.", NULL, NULL},
};

const OptionGroup option_group_values = OPTION_GROUP("Values", values);

static const Option needs[] = {
    {"include-needs", 0, OPTION_FLAG, IN_REQUEST(pipeline.include_needs), NULL,
     "Select what the selected releases need, too.", NULL, NULL},
    {"include-transitive-needs", 0, OPTION_FLAG, IN_REQUEST(pipeline.include_needs), NULL,
     "The same as --include-needs.", NULL, NULL},
    {"skip-needs", 0, OPTION_FLAG, IN_REQUEST(pipeline.skip_needs), NULL,
     "Leave alone what the selected releases need. This is the default; --skip-needs=false makes a "
     "need that is not selected an error.",
     NULL, NULL},
    {"enforce-needs-are-installed", 0, OPTION_FLAG, IN_REQUEST(pipeline.enforce_needs), NULL,
     "A need that has installed: false is an error.", NULL, NULL},
};

const OptionGroup option_group_needs = OPTION_GROUP("Needs", needs);

static const Option since[] = {
    {"since", 0, OPTION_TEXT, IN_REQUEST(pipeline.since), "REF",
     "Only releases that are made of files which are not as they were in this commit, branch or "
     "tag of git; \"REF...\": since what is checked out has parted from it. On stderr is said "
     "which file it is.",
     NULL, NULL},
};

const OptionGroup option_group_since = OPTION_GROUP("Changes", since);

static const Option work[] = {
    {"concurrency", 0, OPTION_COUNT, IN_REQUEST(pipeline.jobs), "N",
     "How many releases to work on at the same time; 0, the default, lets relfile choose.", NULL,
     NULL},
    {"args", 0, OPTION_LIST, IN_REQUEST(pipeline.args), "TEXT",
     "Options of helm's, which become relfile's own: '--set a=b --wait'.", NULL, NULL},
};

const OptionGroup option_group_work = OPTION_GROUP("Work", work);

static const Option render[] = {
    {"compat", 0, OPTION_TEXT, IN_REQUEST(pipeline.compat), "VERSION",
     "Render charts as this helm does, whatever the spec says: 4.3, 4.2, 4.1 or 3.21.", "COMPAT",
     NULL},
    {"skip-schema-validation", 0, OPTION_FLAG, IN_REQUEST(pipeline.skip_schema), NULL,
     "Do not hold values against the values.schema.json of charts.", NULL, NULL},
    {"no-hooks", 0, OPTION_FLAG, IN_REQUEST(pipeline.no_hooks), NULL,
     "Leave out the charts' hooks.", NULL, NULL},
    {"skip-cleanup", 0, OPTION_IGNORED, 0, NULL, "", NULL, NULL},
    {"template-args", 0, OPTION_LIST, IN_REQUEST(pipeline.template_args), "TEXT",
     "The same, for template and diff; instead of templateArgs of helmDefaults.", NULL, NULL},
    {"validate", 0, OPTION_IGNORED, 0, NULL, "", NULL, NULL},
    {"post-renderer", 0, OPTION_TEXT, IN_REQUEST(pipeline.post_renderer), "PROGRAM",
     "Send the manifests of releases that name no other one through this program, or this plugin "
     "of helm's.",
     NULL, NULL},
    {"post-renderer-args", 0, OPTION_LIST, IN_REQUEST(pipeline.post_renderer_args), "TEXT",
     "An argument for it.", NULL, NULL},
};

const OptionGroup option_group_render = OPTION_GROUP("Rendering", render);

static const Option diff[] = {
    {"context", 0, OPTION_LINES, IN_REQUEST(pipeline.context), "LINES",
     "How many unchanged lines to show around a change; -1 shows all. Default: 3.", NULL, NULL},
    {"detailed-exitcode", 0, OPTION_FLAG, IN_REQUEST(pipeline.detailed_exit_code), NULL,
     "Exit with 2 where there are changes.", NULL, NULL},
    {"show-secrets", 0, OPTION_FLAG, IN_REQUEST(pipeline.show_secrets), NULL,
     "Show what Secrets hold, instead of its size.", NULL, NULL},
    {"suppress-secrets", 0, OPTION_FLAG, IN_REQUEST(pipeline.suppress_secrets), NULL,
     "Leave Secrets out of what is shown.", NULL, NULL},
    {"suppress", 0, OPTION_LIST, IN_REQUEST(pipeline.suppressed), "KIND",
     "Leave objects of this kind out of what is shown.", NULL, NULL},
    {"suppress-diff", 0, OPTION_FLAG, IN_REQUEST(pipeline.suppress_diff), NULL,
     "Show only the summary, no differences.", NULL, NULL},
    {"show", 0, OPTION_NAME, IN_REQUEST(show), "WHICH",
     "changes of the spec and of others; or all: what the server changes by itself, too. Default: "
     "changes.",
     NULL, show_choices},
    {"include-tests", 0, OPTION_FLAG, IN_REQUEST(pipeline.include_tests), NULL,
     "Show hooks that are tests, too.", NULL, NULL},
    {"find-renames", 'D', OPTION_TEXT, IN_REQUEST(pipeline.find_renames), "FRACTION",
     "Show what goes and comes under another name as one change, if not more than this part of its "
     "lines differs: 0.5.",
     NULL, NULL},
    {"three-way-merge", 0, OPTION_IGNORED, 0, NULL, "", NULL, NULL},
    {"normalize-manifests", 0, OPTION_FLAG, IN_REQUEST(pipeline.normalize), NULL,
     "Where manifests are compared (as helmfile): not by how their YAML is written.", NULL, NULL},
    {"show-secrets-decoded", 0, OPTION_FLAG, IN_REQUEST(pipeline.show_decoded), NULL,
     "Show what Secrets hold, and not in base64.", NULL, NULL},
    {"strip-trailing-cr", 0, OPTION_FLAG, IN_REQUEST(pipeline.strip_cr), NULL,
     "Take lines that end in CR LF as lines that end in LF.", NULL, NULL},
    {"diff-args", 0, OPTION_LIST, IN_REQUEST(pipeline.diff_args), "TEXT",
     "Options of helm diff's, instead of diffArgs of helmDefaults.", NULL, NULL},
    {"suppress-output-line-regex", 0, OPTION_LIST, IN_REQUEST(pipeline.suppressed_lines), "REGEX",
     "Leave changed lines that match out of what is shown.", NULL, NULL},
    {"skip-diff-on-install", 0, OPTION_IGNORED, 0, NULL, "", NULL, NULL},
    {"skip-diff-validation-on-install", 0, OPTION_IGNORED, 0, NULL, "", NULL, NULL},
    {"reset-values", 0, OPTION_FLAG, IN_REQUEST(pipeline.reset_values), NULL,
     "Do not reuse values, whatever the spec says.", NULL, NULL},
    {"reuse-values", 0, OPTION_FLAG, IN_REQUEST(pipeline.reuse_values), NULL,
     "Lay values over those that the last revision was given.", NULL, NULL},
    {"server-side", 0, OPTION_IGNORED, 0, "HOW", "", NULL, NULL},
    {"take-ownership", 0, OPTION_FLAG, IN_REQUEST(pipeline.take_ownership), NULL,
     "Take over objects that are there and of no release, or of another.", NULL, NULL},
};

const OptionGroup option_group_diff = OPTION_GROUP("Diff", diff);

#define STATE_OPTION                                                                               \
    {                                                                                              \
        "state", 0, OPTION_NAME, IN_REQUEST(pipeline.state_url), "URL",                            \
            "Where records of releases are kept; see relfile help stores.", "STATE", NULL          \
    }

static const Option state[] = {STATE_OPTION};

/* Of commands that have no cluster; templates may read the state all the same. */
const OptionGroup option_group_state = OPTION_GROUP("State", state);

static const Option cluster[] = {
    {"random", 0, OPTION_NAME, IN_REQUEST(pipeline.random), "WHICH",
     "Which random texts, keys and times templates get: new ones; those recorded with the last "
     "revision; or auto, which is recorded for what diff and apply render while chart and values "
     "are the same, else new. Default: auto.",
     "RANDOM", random_choices},
    {"target", 0, OPTION_NAME, IN_REQUEST(pipeline.target), "TYPE",
     "What releases are installed into; see relfile help targets.", "TARGET", NULL},
    {"target-location", 0, OPTION_NAME, IN_REQUEST(pipeline.target_location), "FOLDER",
     "The folder that the demo target keeps its clusters in.", "TARGET_LOCATION", NULL},
    STATE_OPTION,
    {"lock-timeout", 0, OPTION_DURATION, IN_REQUEST(pipeline.lock_timeout_s), "DURATION",
     "How long to wait for a lock that another run holds: 10m. Default: as the spec says, or 0.",
     "LOCK_TIMEOUT", NULL},
};

const OptionGroup option_group_cluster = OPTION_GROUP("Cluster and state", cluster);

static const Option plan_key[] = {
    {"plan-key", 0, OPTION_NAME, IN_REQUEST(pipeline.plan_key), "FILE",
     "The file with the key that plans are sealed with: 16 bytes or more. Default: plan.key in "
     "relfile's state folder, made the first time.",
     "PLAN_KEY", NULL},
};

const OptionGroup option_group_plan = OPTION_GROUP("Plans", plan_key);

static const Option change[] = {
    {"wait", 0, OPTION_FLAG, IN_REQUEST(pipeline.wait), NULL, "Wait until all objects are ready.",
     NULL, NULL},
    {"wait-for-jobs", 0, OPTION_FLAG, IN_REQUEST(pipeline.wait_for_jobs), NULL,
     "Wait until jobs are complete, too.", NULL, NULL},
    {"timeout", 0, OPTION_NUMBER, IN_REQUEST(pipeline.timeout_s), "SECONDS",
     "How many seconds to wait for a release at most. Default: 300.", NULL, NULL},
    {"resume", 0, OPTION_FLAG, IN_REQUEST(pipeline.resume), NULL,
     "Go on where a run that was killed stopped, without asking; in CI, where nobody can be asked, "
     "always.",
     "RESUME", NULL},
    {"skip-crds", 0, OPTION_FLAG, IN_REQUEST(pipeline.skip_crds), NULL,
     "Do not install what is in the charts' crds/ folders.", NULL, NULL},
    {"description", 0, OPTION_TEXT, IN_REQUEST(pipeline.description), "TEXT",
     "What the record says of the new revision.", NULL, NULL},
    {"hide-notes", 0, OPTION_IGNORED, 0, NULL, "", NULL, NULL},
    {"on-error", 0, OPTION_NAME, IN_REQUEST(pipeline.on_error), "HOW",
     "What happens when a release fails: continue with those that do not need it, stop, which "
     "begins no other, or rollback, which stops and takes back what this run has done. Default: "
     "continue.",
     NULL, failure_choices},
    {"cascade", 0, OPTION_NAME, IN_REQUEST(pipeline.cascade), "HOW",
     "What happens to objects that a deleted object owns: background, foreground or orphan. "
     "Default: background.",
     NULL, cascade_choices},
    {"sync-args", 0, OPTION_LIST, IN_REQUEST(pipeline.sync_args), "TEXT",
     "Options of helm upgrade's, instead of syncArgs of helmDefaults.", NULL, NULL},
    {"sync-release-labels", 0, OPTION_IGNORED, 0, NULL, "", NULL, NULL},
};

const OptionGroup option_group_change = OPTION_GROUP("Changes", change);

static const Option deletion[] = {
    {"prune", 0, OPTION_FLAG, IN_REQUEST(pipeline.prune), NULL,
     "Uninstall releases that this spec has installed and that are not in it any more.", NULL,
     NULL},
    {"allow-delete", 0, OPTION_LIST, IN_REQUEST(pipeline.allow_delete), "KIND[/NAME]",
     "Delete such objects, too, when a chart drops them: volumes and their claims, namespaces, "
     "definitions of kinds and StatefulSets are left alone otherwise.",
     NULL, NULL},
};

const OptionGroup option_group_deletion = OPTION_GROUP("Deletions", deletion);

static const Option removal[] = {
    {"no-wait", 0, OPTION_FLAG, IN_REQUEST(pipeline.no_wait), NULL,
     "Do not wait until what was deleted is gone, whatever the spec says.", NULL, NULL},
    {"deleteWait", 0, OPTION_FLAG, IN_REQUEST(pipeline.delete_wait), NULL,
     "Wait for that, whatever the spec says.", NULL, NULL},
    {"deleteTimeout", 0, OPTION_NUMBER, IN_REQUEST(pipeline.delete_timeout_s), "SECONDS",
     "How long to wait for that. Default: 300.", NULL, NULL},
};

const OptionGroup option_group_removal = OPTION_GROUP("Removal", removal);

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
     "text; table, a line for each field; md, for a pull request; simple, a line for each object; "
     "json (docs/diff.schema.json); or as helm-diff has them: diff, structured, dyff, template.",
     NULL, diff_choices},
};

const OptionGroup option_group_diff_output = OPTION_GROUP("Output", diff_output);

static const Option confirming[] = {
    {"yes", 'y', OPTION_FLAG, IN_REQUEST(pipeline.assume_yes), NULL, "Do not ask.", NULL, NULL},
};

const OptionGroup option_group_confirm = OPTION_GROUP("Questions", confirming);
