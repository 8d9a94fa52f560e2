/*
 * authoring.h - what is done with a single chart, without a spec: rendered, checked, shown, packed.
 *
 *     relfile chart template web ./charts/web      authoring_template
 *
 * Each adds what helm's command of that name prints on standard output to OUT. There is one way
 * from a chart to manifests, chart/, for these and for the releases of specs.
 */
#pragma once

#include "chart/chart.h"
#include "remote/remote.h"
#include "target/target.h"

/* Where a chart that is named and not here comes from. Source: helm, pkg/cmd/flags.go. */
typedef struct ChartLocation {
    Str version, repository;
    RemoteAccess access;
    const char *keyring; /* whose keys must have signed it, with verify; NULL: the user's */
    const char *repository_config; /* helm's file of repositories; NULL: the usual one */
    bool devel, verify, passes_credentials;
    bool offline; /* what is in the cache must do */
} ChartLocation;

/* The values that a chart is given. Source: helm, pkg/cli/values/options.go. */
typedef struct AuthoringValues {
    StrList files, json, set, string, file, literal;
} AuthoringValues;

/* Options of commands; what a command does not have stays zero. */
typedef struct AuthoringOptions {
    Str namespace;
    ChartLocation location;
    AuthoringValues values;

    // downloading
    const char *destination, *untar_dir; /* folders; NULL: here */
    bool untar, provenance, password_stdin;

    Str jsonpath; // of `show values`

    // rendering
    Str kube_version, name_template;
    Str compat; /* which helm to be like; empty: the newest */
    StrList api_versions, show_only;
    const char *output_dir;
    const char *dry_run; /* "client", "server"; NULL: client */
    Str post_renderer;   /* or empty */
    StrList post_renderer_args;

    // the cluster of dry_run "server", and of validate
    const char *target, *target_location, *kubeconfig; /* as in TargetOptions */
    Str kube_context;
    TargetAccess kube_access;
    bool include_crds, skip_tests, no_hooks, skip_schema, is_upgrade, generate_name, validate;
    bool release_name; /* has a folder of its own below output_dir */
    bool raw;          /* texts as templates make them, not taken apart */
    bool debug;        /* what cannot be taken apart is printed all the same */

    // lint
    bool strict, with_subcharts, quiet;

    // package
    Str chart_version, app_version;
    const char *key, *passphrase_file;
    bool sign;

    // create
    const char *starter;
    TemplateSettings settings;

    // dependencies
    bool skip_refresh, dependency_update;
    size_t column_width;
} AuthoringOptions;

typedef enum ShowWhat { SHOW_ALL, SHOW_CHART, SHOW_VALUES, SHOW_README, SHOW_CRDS } ShowWhat;

Error *authoring_show(const AuthoringOptions *options, ShowWhat what, const char *chart, Buf *out)
    MUST_CHECK;

/* Check the charts at PATHS; *FAILED: something is wrong with some of them, which is in OUT. */
Error *authoring_lint(const AuthoringOptions *options, const StrList *paths, Buf *out, bool *failed)
    MUST_CHECK;

/* Pack the chart in the folder PATH, and sign the archive if the options say so. */
Error *authoring_package(const AuthoringOptions *options, const char *path, Buf *out) MUST_CHECK;

/* Hold the archive at PATH against its provenance file. ERROR_DENIED where it is not proved. */
Error *authoring_verify(const AuthoringOptions *options, const char *path, Buf *out) MUST_CHECK;

/* Make a chart in the folder PATH, called like it. */
Error *authoring_create(const AuthoringOptions *options, const char *path, Buf *out) MUST_CHECK;

/* Render CHART with each file of ci/; *FAILED: some make no good manifests, which is in OUT. */
Error *authoring_test_values(const AuthoringOptions *options, const char *chart, Buf *out,
                             bool *failed) MUST_CHECK;

/* Download CHART. */
Error *authoring_pull(const AuthoringOptions *options, const char *chart, Buf *out) MUST_CHECK;

/* Put the archive at PATH into the registry at URL, "oci://HOST/PATH". */
Error *authoring_push(const AuthoringOptions *options, const char *path, const char *url, Buf *out)
    MUST_CHECK;

/* Log in to the registry HOST as the options' user; and log out. */
Error *authoring_login(const AuthoringOptions *options, const char *host, Buf *out) MUST_CHECK;
Error *authoring_logout(const AuthoringOptions *options, const char *host, Buf *out) MUST_CHECK;

/*
 * Render CHART as release NAME; NULL: as the options say. *OUT has what there is to see on a
 * failure, too.
 */
Error *authoring_template(const AuthoringOptions *options, const char *name, const char *chart,
                          Buf *out) MUST_CHECK;

/* What is done with the dependencies of a chart. */
typedef enum DependencyVerb { DEPENDENCY_LIST, DEPENDENCY_BUILD, DEPENDENCY_UPDATE } DependencyVerb;

/* `helm dependency VERB` for the chart in the folder at PATH (list: also an archive). */
Error *authoring_dependency(const AuthoringOptions *options, DependencyVerb verb, const char *path,
                            Buf *out) MUST_CHECK;
