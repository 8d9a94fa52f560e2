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

/* Where a chart that is named and not here comes from. Source: helm, pkg/cmd/flags.go. */
typedef struct ChartLocation {
    Str version, repository;
    Str user, password;
    const char *ca_file, *cert_file, *key_file, *keyring;
    bool devel, verify, insecure, plain_http, passes_credentials;
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

    // rendering
    Str kube_version, name_template;
    StrList api_versions, show_only;
    const char *output_dir;
    const char *dry_run; /* "client", "server"; NULL: client */
    bool include_crds, skip_tests, no_hooks, skip_schema, is_upgrade, generate_name, validate;
    bool release_name; /* has a folder of its own below output_dir */
    bool raw;          /* texts as templates make them, not taken apart */
    bool debug;        /* what cannot be taken apart is printed all the same */
    TemplateSettings settings;
} AuthoringOptions;

/*
 * Render CHART as release NAME; NULL: as the options say. *OUT has what there is to see on a
 * failure, too.
 */
Error *authoring_template(const AuthoringOptions *options, const char *name, const char *chart,
                          Buf *out) MUST_CHECK;
