/*
 * release.h - the releases that a spec wants: templates inherited, fields rendered, labels and
 * selectors applied, needs resolved.
 */
#pragma once

#include "spec/spec.h"

typedef struct Release Release;
typedef VEC(Release *) ReleaseList;

struct Release {
    Str name, namespace, kube_context, chart, version;
    Str usual_namespace; /* its cluster's, where it says none itself; empty: "default" */
    Str said_context;    /* its kube context but for the environment's, which is no part of ids */
    const ValueMap *labels; /* its own, commonLabels, and name, namespace, chart */
    bool installed;         /* false: it is to be uninstalled */
    bool enabled;           /* by its `condition` */
    bool pruned;            /* it is in no spec any more, and goes */
    bool selected;          /* by selectors, condition, and the options about needs */
    SpecRelease spec;       /* everything else it says, templates and rendering done */
    const SpecFile *file;
    ReleaseList needs; /* of any file */
    size_t index;      /* in the list of all */
};

typedef struct ReleaseOptions {
    Str namespace, kube_context, chart; /* override what releases say, where they are not empty */
    bool include_needs;                 /* select what selected releases need, too */
    bool needs_selected;                /* a need that is not selected is an error */
    bool needs_installed;               /* a need that is not to be installed is one */
    bool ignores_needs;                 /* do not resolve them: for `list` */
    bool ignores_conditions;            /* select what these leave out, too: for listings */
    bool ignores_namespaces;            /* those that no cluster can have are fine */
    bool ignores_names;                 /* the same for names of releases */
    EnvironmentTemplates *templates;
} ReleaseOptions;

/*
 * All releases of FILES, in their order, selected or not. ERROR_INPUT, with the place, for what
 * is wrong with any of them: duplicates, needs that are not there or go round in circles, …
 */
Error *release_expand(Arena *a, const SpecFileList *files, const ReleaseOptions *options,
                      ReleaseList *out) MUST_CHECK;

/* What a values file that is a template sees; may be changed by it. */
Value release_dot(Arena *a, const Release *release);

/* "production/shop/web": context, namespace and name, as far as they are set. */
Str release_title(Arena *a, const Release *release);

/* The same as helmfile has it, to whom the environment's context is no part of a release. */
Str release_id(Arena *a, const Release *release);

/* What the release needs, as such ids. Source: helmfile, state.go, reformat. */
StrList release_need_ids(Arena *a, const Release *release);

/* The chart that the release names, which --chart may override; selectors and `list` go by it. */
Str release_own_chart(const Release *release);

/* A setting of the release, or else of helmDefaults, or else USUAL. */
bool release_flag(SpecFlag own, SpecFlag defaults, bool usual);
int64_t release_number(SpecNumber own, SpecNumber defaults, int64_t usual);
Str release_text(const SpecText *own, const SpecText *defaults);
