/*
 * spec.h - helmfile.yaml, as it was written: read, rendered, merged, checked; not yet releases.
 *
 * A spec is a tree of files. Each file may be in several parts (`---`), be built on others
 * (`bases`) and pull in others (`helmfiles`). What comes out is a list of files in the order
 * in which they are to be processed, each with its environment's values and its releases.
 * Every name in it knows where it was written, so that what is found wrong later can be shown.
 * Source: helmfile, pkg/app/desired_state_file_loader.go and pkg/state.
 */
#pragma once

#include "base/error.h"
#include "base/value.h"
#include "base/vec.h"
#include "environments/environment.h"
#include "remote/remote.h"

/* A text in the spec. TEXT.ptr is NULL where it is not set. */
typedef struct SpecText {
    Str text;
    Place place;
} SpecText;

/* ITEMS is NULL where there is no list; an empty one has some address. */
typedef VEC(SpecText) SpecTextList;

/* What is not said is not the same as no. */
typedef enum SpecFlag { FLAG_UNSET, FLAG_NO, FLAG_YES } SpecFlag;

typedef struct SpecNumber {
    bool set;
    int64_t value;
} SpecNumber;

typedef struct SpecMissing {
    Place place; /* 0: it is not said, which is not the same as {} */
    SpecFlag ignore_missing_git_branch;
} SpecMissing;

typedef struct SpecKubectl {
    SpecText filename, kustomize;
} SpecKubectl;

typedef struct SpecHook {
    Place place;
    SpecText name, command;
    SpecTextList events, args;
    SpecFlag show_logs;
    SpecKubectl kubectl;
} SpecHook;

typedef VEC(SpecHook) SpecHookList;

typedef struct SpecSet {
    Place place;
    SpecText name, value, file;
    ValueList values;
} SpecSet;

typedef VEC(SpecSet) SpecSetList;

typedef struct SpecInherit {
    Place place;
    SpecText template;
    SpecTextList except;
} SpecInherit;

typedef VEC(SpecInherit) SpecInheritList;

typedef struct SpecDependency {
    Place place;
    SpecText chart, version, alias;
} SpecDependency;

typedef VEC(SpecDependency) SpecDependencyList;

typedef struct SpecTrackResource {
    Place place;
    SpecText kind, name, namespace;
} SpecTrackResource;

typedef VEC(SpecTrackResource) SpecTrackResourceList;

/* What a release can say, and helmDefaults can say for all. */
typedef struct SpecBehaviour {
    SpecText kube_context, keyring, cosign_key, post_renderer, cascade, server_side, track_mode;
    SpecText conflicts;
    SpecTextList post_renderer_args, suppress_output_line_regex, allow_delete;
    SpecFlag verify, devel, enable_dns, wait, wait_for_jobs, recreate_pods, force;
    SpecFlag force_conflicts, atomic, rollback_on_failure, cleanup_on_fail, create_namespace;
    SpecFlag reuse_values, disable_validation, disable_openapi_validation;
    SpecFlag disable_auto_kube_version, skip_schema_validation, take_ownership;
    SpecFlag sync_release_labels, skip_deps, skip_refresh, resolve_oci_versions;
    SpecFlag insecure_skip_tls_verify, plain_http, delete_wait;
    SpecNumber wait_retries, timeout, history_max, delete_timeout, helm_stuck_grace;
} SpecBehaviour;

/* A release, or a template for releases, whose name is KEY. */
typedef struct SpecRelease {
    SpecText key;
    Place place;
    SpecText name, namespace, chart, directory, chart_path, version, condition, description;
    SpecText installed_template, condition_template, wait_template, verify_template;
    SpecText kube_version, compat, missing_file_handler, values_path_prefix, update_strategy;
    SpecText force_namespace;
    SpecMissing missing_config;
    SpecFlag installed, protect, disable_validation_on_install, suppress_diff, force_go_getter;
    SpecFlag track_logs, track_failed_logs, track_fail_on_error;
    SpecNumber track_timeout, kubedog_qps, kubedog_burst;
    SpecBehaviour behaviour;
    ValueMap *labels; /* texts */
    SpecTextList needs, api_versions, adopt, unit_tests, track_kinds, skip_kinds;
    SpecHookList hooks;
    ValuesEntryList values, values_template, secrets;
    ValuesEntryList json_patches, strategic_merge_patches, transformers;
    SpecSetList set, set_string, set_template, env;
    SpecInheritList inherit;
    SpecDependencyList dependencies;
    SpecTrackResourceList track_resources;
} SpecRelease;

typedef VEC(SpecRelease) SpecReleaseList;

typedef struct SpecDefaults {
    SpecBehaviour behaviour;
    SpecTextList args, diff_args, sync_args, template_args;
    SpecFlag skip_crds;
} SpecDefaults;

typedef struct SpecRepository {
    Place place;
    SpecText name, url, ca_file, cert_file, key_file, username, password, registry_config;
    SpecText managed, keyring, cosign_key;
    SpecFlag oci, verify, pass_credentials, skip_tls_verify, plain_http;
} SpecRepository;

typedef VEC(SpecRepository) SpecRepositoryList;

/* What `state.encrypt` says: who seals records, and with what. */
typedef struct SpecEncrypt {
    SpecText texts, env, file; /* texts: which */
    SpecTextList age, kms;
} SpecEncrypt;

/* What `state` says. */
typedef struct SpecState {
    SpecText url, lock_timeout;
    SpecNumber history;
    SpecEncrypt encrypt;
} SpecState;

/* What `environments.KEY` says. */
typedef struct SpecEnvironment {
    SpecText key;
    Place place;
    ValuesEntryList values, secrets;
    SpecText kube_context, missing_file_handler, merge_strategy;
    SpecMissing missing_config;
    SpecState state;
} SpecEnvironment;

typedef VEC(SpecEnvironment) SpecEnvironmentList;

typedef struct SpecSubfile {
    Place place;
    SpecText path;
    SpecTextList selectors, inherits;
    SpecFlag selectors_inherited;
    ValuesEntryList values;
} SpecSubfile;

typedef VEC(SpecSubfile) SpecSubfileList;

/* Everything at the top level of a file. */
/* How much a run may delete; 0: that does not matter. */
typedef struct SpecLimits {
    SpecNumber deletes, percent;
} SpecLimits;

typedef struct Spec {
    SpecTextList bases, api_versions, default_inherit;
    SpecEnvironmentList environments;
    ValuesEntryList values;
    SpecDefaults defaults;
    SpecLimits limits;
    SpecRepositoryList repositories;
    SpecReleaseList releases, templates;
    SpecSubfileList subfiles;
    SpecHookList hooks;
    ValueMap *common_labels; /* texts */
    SpecText kube_version, compat, kube_context, namespace, chart, lock_file;
    SpecText missing_file_handler, helm_binary, kustomize_binary, target;
    SpecState state;
    SpecMissing missing_config;
    Value llm, file_path, rendered_values; /* accepted, without effect */
    SpecFlag ignore_missing_git_branch;
} Spec;

/* One file of the tree, ready to be processed. */
typedef struct SpecFile SpecFile;

struct SpecFile {
    const char *path; /* as it is shown to people, and opened */
    Str directory;    /* that relative paths in it start from */
    Spec spec;
    Environment environment;
    bool several;           /* it is one of several of a folder: its paths are shown whole */
    SpecSubfileList found;  /* `helmfiles`, an item for each file or folder that was found */
    StrList selectors;      /* what is selected of its releases; none: everything */
    const SpecFile *parent; /* which has it in `helmfiles`; NULL: named on the command line */
    Place included;         /* where */
    size_t group;           /* files of different groups may be processed at the same time */
    StrList inputs;         /* paths, and patterns, of files that it was made of */
    ValuesLayerList layers; /* of the environment, if SpecOptions asks for them */
};

typedef VEC(SpecFile *) SpecFileList;

/* When a .yaml file is a template. */
typedef enum RenderYaml { RENDER_YAML_AUTO, RENDER_YAML_ALWAYS, RENDER_YAML_NEVER } RenderYaml;

typedef struct SpecOptions {
    const char *file;                           /* a file, a folder, "-"; NULL: what is here */
    Str environment;                            /* empty: "default" */
    Str namespace;                              /* --namespace, or empty */
    Str kube_context, chart;                    /* likewise */
    const char *helm_binary, *kustomize_binary; /* for `build` to show; NULL: as the spec says */
    StrList selectors;
    StrList state_values_set, state_values_set_string, state_values_files;
    RenderYaml render_yaml;
    EnvironmentTemplates *templates;
    Remote *remote;    /* what files from elsewhere come through */
    bool keeps_layers; /* each file's are wanted */
} SpecOptions;

/*
 * Load the spec and all it includes: *OUT are its files, children before their parents. A file in
 * which the environment is not defined is left out. ERROR_NO_MATCH where no file is left.
 */
Error *spec_load(Arena *a, const SpecOptions *options, SpecFileList *out) MUST_CHECK;

/* missingFileHandlerConfig.ignoreMissingGitBranch of the whole SPEC. */
bool spec_ignores_missing_ref(const Spec *spec);

/*
 * PATH, which was given to OPTION on the command line: from here; or, where there is only one in
 * DIRECTORY, the spec's, that one, with a warning. Source: helmfile, which has only the latter.
 */
Str spec_command_line_path(Arena *a, const char *option, Str directory, Str path);

/* The form in which helmfile writes specs: made once, for any number of them. */
typedef struct SpecLayout SpecLayout;

const SpecLayout *spec_layout_new(Arena *a);

/*
 * SPEC as it would be written: an object that yaml_write and json_write take. Without a LAYOUT it
 * has what is said, and its keys are in the order of the reference.
 */
Value spec_value(Arena *a, const SpecLayout *layout, const Spec *spec);

/* What spec_value has made without a layout, as JSON TEXT, back again; nothing has a place. */
Error *spec_read_value(Arena *a, Str text, Spec *out) MUST_CHECK;

/*
 * What RELEASE, or DEFAULTS, or the top of SPEC say of their field NAME ("version", "wait"): a null
 * where they say nothing. Its place is only known of texts. False: they have no such field.
 */
bool spec_release_field(Arena *a, const SpecRelease *release, Str name, Value *out, Place *place);
bool spec_defaults_field(Arena *a, const SpecDefaults *defaults, Str name, Value *out,
                         Place *place);
bool spec_top_field(Arena *a, const Spec *spec, Str name, Value *out, Place *place);

/* A field that is said, and has no effect: "helmDefaults.verify", and why. */
typedef struct Inert {
    Str path, why;
    size_t count; /* for who counts */
} Inert;

typedef VEC(Inert) InertList;

/* Add those of SPEC to OUT. */
void spec_inert(Arena *a, const Spec *spec, InertList *out);

/* The schema of a spec for editors (JSON Schema, draft 7), and its reference in Markdown. */
void spec_schema(Buf *b);
void spec_reference(Buf *b);
