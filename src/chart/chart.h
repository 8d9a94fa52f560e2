/*
 * chart.h - helm charts: loaded once, rendered for any number of releases.
 *
 *     DEFER(shared_free) Shared *shared = shared_new();
 *     TRY(chart_load(store, "./charts/web", &chart));
 *     TRY(chart_render(a, chart, &(ChartRelease){.name = STR("web"), .values = values}, &out));
 *
 * A loaded chart never changes and belongs to its store: any number of threads may render
 * it at the same time. Its templates are parsed when they are first needed, and kept.
 */
#pragma once

#include "base/error.h"
#include "base/shared.h"
#include "base/value.h"
#include "base/vec.h"
#include "base/world.h"
#include "manifest/manifest.h"
#include "templating/template.h"

typedef struct Chart Chart;

/* A file of a chart; its name is relative to the chart's folder. */
typedef struct ChartFile {
    Str name;
    Str data;
} ChartFile;

typedef VEC(ChartFile) ChartFileList;

/*
 * The chart in the folder or .tgz archive at PATH, from any thread: it is read the first time
 * that SHARED is asked for it. ERROR_INPUT where it is no chart.
 */
Error *chart_load(Shared *shared, const char *path, const Chart **out) MUST_CHECK;

/* The same for a command that is done with it at once and changes nothing: see file_read_mapped. */
Error *chart_load_mapped(Shared *shared, const char *path, const Chart **out) MUST_CHECK;

/* The chart that consists of FILES, which must live as long as SHARED. */
Error *chart_load_files(Shared *shared, const ChartFileList *files, const Chart **out) MUST_CHECK;

/*
 * The chart in the folder at PATH with the files that ADD says (in an arena that lives as long as
 * SHARED) besides its own: it is read once for each PATH, as by chart_load.
 */
typedef Error *ChartAdd(void *context, Arena *a, const char *path, ChartFileList *files);
Error *chart_load_with(Shared *shared, const char *path, ChartAdd *add, void *context,
                       const Chart **out) MUST_CHECK;

/* The files of the chart at PATH, a folder or archive. */
Error *chart_read_files(Arena *a, const char *path, ChartFileList *out) MUST_CHECK;

/* A chart that is added to another one's dependencies. */
typedef struct ChartAddition {
    const char *path;   /* a folder or archive */
    Str alias, version; /* may be empty */
} ChartAddition;

/*
 * The chart at PATH with ADDITIONS, each of which is used unless the value ALIAS.enabled (or
 * NAME.enabled) is false. Source: github.com/helmfile/chartify, requirements.go.
 */
Error *chart_load_extended(Shared *shared, const char *path, const ChartAddition *additions,
                           size_t count, const Chart **out) MUST_CHECK;

Str chart_name(const Chart *chart);
Str chart_version(const Chart *chart);
Str chart_app_version(const Chart *chart);
bool chart_is_deprecated(const Chart *chart);

/* A checksum of all files of CHART and its dependencies, in hexadecimal. */
Str chart_digest(Arena *a, const Chart *chart);

/* "web-1.2.0" */
Str chart_full_name(Arena *a, const Chart *chart);

/*
 * CHART as helm stores it with a release, but for its dependencies, as helm does: a map with
 * metadata, values (DEFAULTS, or NULL: its own), schema, templates and files. It shares what it
 * can.
 */
Value chart_stored(Arena *a, const Chart *chart, const ValueMap *defaults);

/* What a chart consists of, as its files have it. */
typedef struct ChartParts {
    Value metadata;           /* as in Chart.yaml, without what is empty */
    const ValueMap *defaults; /* of values.yaml */
    Str values, schema, lock; /* values.yaml, values.schema.json, Chart.lock; .ptr NULL: without */
    const ChartFileList *templates, *files;
    const Chart *const *dependencies; /* in charts/, whatever Chart.yaml says */
    size_t dependency_count;
} ChartParts;

ChartParts chart_parts(Arena *a, const Chart *chart);

/* ERROR_INPUT where what Chart.yaml declares as a dependency is not in charts/. */
Error *chart_check_dependencies(Arena *a, const Chart *chart) MUST_CHECK;

/* The files of the chart at PATH, a folder or archive. */
Error *chart_read_files(Arena *a, const char *path, ChartFileList *out) MUST_CHECK;

/* VALUES against the JSON schema in TEXT, of FILE: a line for each problem, or an empty text. */
Error *chart_check_values(Arena *a, const char *file, Str text, const ValueMap *values,
                          Str *problems) MUST_CHECK;

/* Whether the chart's file NAME is one of CRDs. */
bool chart_file_is_crd(Str name);

/* What CHART says of itself (Chart.yaml) as JSON, in the bytes that helm has in a registry. */
Error *chart_metadata_json(Arena *a, const Chart *chart, Str *out) MUST_CHECK;

/*
 * Which helm a chart is rendered as: later ones render some charts in other ways. What each is like
 * is in compat.c.
 */
typedef enum ChartCompat {
    COMPAT_HELM_4_3,
    COMPAT_HELM_4_2,
    COMPAT_HELM_4_1,
    COMPAT_HELM_3_21,
} ChartCompat;

/* "4.3", "3.21"; an empty TEXT is the newest. ERROR_INPUT for one that is not known. */
Error *chart_compat_parse(Str text, ChartCompat *out) MUST_CHECK;
Str chart_compat_name(ChartCompat compat);

/* What the API server of a release's cluster is like. Nothing set: as helm without a cluster. */
typedef struct ChartCapabilities {
    Str kube_version;         /* "1.31.2" or "v1.31.2-gke.100" */
    const Str *api_versions;  /* "apps/v1", "apps/v1/Deployment" */
    size_t api_version_count; /* besides the built in ones, or instead of them: */
    bool from_cluster;        /* these are all */
} ChartCapabilities;

/*
 * For `lookup`: the object, or where NAME is empty a map whose "items" are all; a null where there
 * is none.
 */
typedef Error *ChartLookup(void *context, Arena *a, Str api_version, Str kind, Str namespace,
                           Str name, Value *out);

/* How the text of a template came about. */
typedef struct ChartTextMap {
    Str name; /* of the file in the output */
    TemplateMap *map;
} ChartTextMap;

/* How all of a chart's output came about; */
typedef struct ChartTrace {
    VEC(ChartTextMap) maps;
    TemplateReads reads;    /* what templates looked at, */
    const ValueMap *values; /* much of it in these: the whole of .Values, as templates left it */
} ChartTrace;

/* A value that does not fit the schema of its chart. */
typedef struct ChartMisfit {
    StrList path;        /* where in the values: keys, and numbers of items */
    const char *nearest; /* it has no business there: which key it may have been meant to be */
} ChartMisfit;

typedef VEC(ChartMisfit) ChartMisfitList;

/* What a release makes of a chart. */
typedef struct ChartRelease {
    Str name, namespace;
    int revision; /* 0 counts as 1, below 0 as 0 */
    bool is_upgrade;
    const ValueMap *values; /* the user's; not changed */
    ValueMap *defaults;     /* instead of those of the chart itself; NULL: its own. May be frozen */
    ChartCapabilities capabilities;
    const World *world; /* NULL: the real one */
    TemplateSettings settings;
    ChartLookup *lookup; /* NULL: there is no cluster, and so never an object */
    void *lookup_context;
    ChartCompat compat;
    bool heads_only; /* manifests without their objects: who only prints needs no more */
    Str chart_version, chart_app_version; /* instead of Chart.yaml's, for its dependencies, too */
    bool (*wants)(void *context, Str template); /* which are rendered; NULL: all */
    void *wants_context;
    bool is_unchecked;        /* its name, and what the chart asks for, may be wrong */
    ChartTrace *trace;        /* NULL: nobody wants to know; or filled */
    ChartMisfitList *misfits; /* NULL: nobody wants to know; or gets what fails its schema */
    bool keeps_values;        /* OUTPUT's values are wanted */
    bool skips_schema;        /* does not hold the values against values.schema.json */
    bool once;    /* nobody else renders the chart: its parsed templates need not be kept */
    bool lenient; /* renders what cannot be installed, and past fail and required: for lint */
} ChartRelease;

typedef struct ChartOutput {
    ManifestList manifests; /* in the order of installation, without hooks */
    ManifestList hooks;     /* in that order, too */
    ManifestList crds;      /* from crds/ of the chart and its dependencies */
    Str notes;              /* NOTES.txt */
    ChartFileList files;    /* every template's text as rendered, partials excluded */
    const ValueMap *values; /* what the chart's templates saw at first; NULL: nobody wanted it */
    ChartCompat compat;
    uint64_t steps;    /* nodes of templates executed */
    bool is_random;    /* with a seed: what came out follows from it */
    const char *stage; /* where rendering failed: "values", "chart", "parse", "exec", "manifest" */
} ChartOutput;

/* Render CHART for RELEASE. On failure only OUT->stage is set, and at "manifest" the files. */
Error *chart_render(Arena *a, const Chart *chart, const ChartRelease *release, ChartOutput *out)
    MUST_CHECK;

/*
 * What FILES come to, texts as they are rendered ("web/templates/a.yaml"), with CRDS, files of
 * crds/. Both are kept, not copied.
 */
Error *chart_output_make(Arena *a, const ChartFileList *files, const ChartFileList *crds,
                         ChartOutput *out) MUST_CHECK;

/* The same without manifests: only the files' texts. */
Error *chart_render_texts(Arena *a, const Chart *chart, const ChartRelease *release,
                          ChartOutput *out) MUST_CHECK;

/* The functions and methods of charts besides those of templating/: for help. */
extern const TemplateFunctionSet *const chart_function_sets[];
extern const size_t chart_function_set_count;

typedef struct ChartPrint {
    bool skips_hooks, skips_tests, includes_crds;
    const Str *show_only; /* patterns of template files; the others are left out */
    size_t show_only_count;
} ChartPrint;

/*
 * OUTPUT as `helm template` prints it, at the end of B. ERROR_NOT_FOUND for a pattern of
 * show_only that no file matches.
 */
Error *chart_print(Buf *b, const ChartOutput *output, const ChartPrint *print) MUST_CHECK;

/* The texts of all templates as they are rendered, those without any left out; likewise. */
Error *chart_print_raw(Buf *b, const ChartOutput *output, const ChartPrint *print) MUST_CHECK;

/* Below which folders chart_write writes. */
typedef struct ChartFolders {
    Str crds, manifests;
} ChartFolders;

/*
 * OUTPUT as `helm template --output-dir` writes it: a file for each template. Of PRINT show_only
 * does not count. A line for each file is added to B.
 */
Error *chart_write(Arena *a, const ChartOutput *output, const ChartPrint *print,
                   const ChartFolders *folders, Buf *b) MUST_CHECK;

/* Lay the documents of a values file over VALUES. FILE is for messages. */
Error *chart_values_add(Arena *a, const char *file, Str text, ValueMap *values) MUST_CHECK;

/* The ways to set single values; see helm's options of these names. */
typedef enum ChartSet { CHART_SET, CHART_SET_STRING, CHART_SET_JSON, CHART_SET_LITERAL } ChartSet;

/* Do to VALUES, which is changed all the way down, what `--set EXPRESSION` (or a relative) does. */
Error *chart_values_set(Arena *a, ChartSet how, Str expression, ValueMap *values) MUST_CHECK;

/* What `--set-file EXPRESSION` does, with READ, which is given CONTEXT, for the files' contents. */
typedef Error *ChartFileReader(void *context, Arena *a, Str path, Str *out);
Error *chart_values_set_file(Arena *a, Str expression, ChartFileReader *read, void *context,
                             ValueMap *values) MUST_CHECK;

/* The same of one key path PATH ("a.b[0]") and VALUE, the file's content. */
Error *chart_values_set_at(Arena *a, Str path, Value value, ValueMap *values) MUST_CHECK;
