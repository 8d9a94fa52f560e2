/*
 * environment.h - the values that a spec is evaluated with, and the templates that see them.
 *
 * An environment has three layers, which templates see as one in .Values: the spec's own
 * `values:`, then what `environments.NAME` says and what was passed in from outside, then
 * --state-values-set. How layers, lists and command line come together differs; the three
 * ways are the three merge functions here.
 * Source: helmfile, pkg/environment and pkg/maputil.
 */
#pragma once

#include "base/error.h"
#include "base/value.h"
#include "base/vec.h"
#include "remote/remote.h"
#include "secrets/secrets.h"
#include "templating/template.h"

typedef struct Environment {
    Str name, kube_context;
    const ValueMap *defaults;  /* root `values:` */
    const ValueMap *values;    /* of the environment, and passed in */
    const ValueMap *overrides; /* --state-values-set */
} Environment;

Environment environment_new(Arena *a, Str name);

/* All layers as one: .Values. */
ValueMap *environment_values(Arena *a, const Environment *environment);

/*
 * BASE with OVER on top; neither is changed, and the result shares what it can with both.
 *
 * values_merge_list is for the entries of one `values:` list: lists are replaced, a null
 * overwrites. values_merge_layer is for layers: a null keeps what is there; a list is
 * replaced, unless the new one has nulls in it: then item by item. values_merge_override is
 * for the command line: lists always item by item.
 */
ValueMap *values_merge_list(Arena *a, const ValueMap *base, const ValueMap *over);
ValueMap *values_merge_layer(Arena *a, const ValueMap *base, const ValueMap *over);
ValueMap *values_merge_override(Arena *a, const ValueMap *base, const ValueMap *over);

/* Do to VALUES what `--state-values-set EXPRESSION` does, or --state-values-set-string. */
Error *environment_set(Arena *a, ValueMap *values, Str expression, bool as_string) MUST_CHECK;

/*
 * Templates of the spec: parsed once however often they are rendered, from any thread. Partials
 * (_*.tpl in the folder of the template) are there for each.
 */
typedef struct EnvironmentTemplates EnvironmentTemplates;

EnvironmentTemplates *environment_templates_new(void);
/* Before anything is rendered. What SETTINGS refer to must live as long. */
void environment_templates_settle(EnvironmentTemplates *templates,
                                  const TemplateSettings *settings);

void environment_templates_free(EnvironmentTemplates **templates);

/*
 * Until this is called again the paths, and patterns of paths, that templates and lists of values
 * look at are added to FILES, in A; NULL: to none. For as long as one thread uses TEMPLATES alone.
 * What was added to before is returned.
 */
StrList *environment_templates_watch(EnvironmentTemplates *templates, Arena *a, StrList *files);

/* PATH is looked at. */
void environment_templates_note(EnvironmentTemplates *templates, Str path);

/* The run's secrets: what these templates, and values beside them, have fetched and decrypted. */
Secrets *environment_templates_secrets(EnvironmentTemplates *templates);

/* What the function `state` asks for. */
typedef struct StateQuery {
    Str release, path;
    Str url; /* of another store; empty: this run's */
} StateQuery;

/* Who answers that. ERROR_INPUT, with what there is, where there is none such. From any thread. */
typedef struct StateReader {
    Error *(*read)(void *context, Arena *a, const StateQuery *query, Value *out);
    void *context;
} StateReader;

/* Before anything is rendered. */
void environment_templates_read_state(EnvironmentTemplates *templates, const StateReader *reader);
const StateReader *environment_templates_state(const EnvironmentTemplates *templates);

typedef struct EnvironmentTemplate {
    const char *name; /* for places in errors: the file, or what the text is of */
    Str text;
    Str directory; /* that relative paths in it start from */
    Value dot;
    bool empty_missing;   /* a missing key is empty instead of an error: for a first look only */
    TemplateMap *map;     /* NULL, or filled: which place in the text made which output */
    TemplateReads *reads; /* NULL, or added to: what it looked at */
} EnvironmentTemplate;

/* The text that REQUEST renders to. */
Error *environment_render(EnvironmentTemplates *templates, Arena *a,
                          const EnvironmentTemplate *request, Str *out) MUST_CHECK;

/* What a template sees where there is no release: Environment, Values, StateValues, Namespace. */
ValueMap *environment_dot(Arena *a, const Environment *environment, Str namespace);

/* What templates of a release see of it; LABELS may be NULL. */
typedef struct EnvironmentRelease {
    Str name, namespace, chart, version, kube_context;
    const ValueMap *labels;
} EnvironmentRelease;

/* .Release, a struct to templates. */
Value environment_release_value(Arena *a, const EnvironmentRelease *release);

/* What to do about a file that is not there. */
typedef enum MissingFile { MISSING_FILE_ERROR, MISSING_FILE_WARN, MISSING_FILE_SILENT } MissingFile;

/* An entry of a `values:` list: a path or pattern, or values written out. */
typedef struct ValuesEntry {
    Str path;               /* empty: the values are */
    const ValueMap *values; /* these */
    Place place;            /* where it was written */
} ValuesEntry;

typedef VEC(ValuesEntry) ValuesEntryList;

/* Where files are looked for. */
typedef struct FileSearch {
    Str directory;            /* that their paths start from */
    Remote *remote;           /* for those from elsewhere */
    bool ignores_missing_ref; /* of a git repository: then its files are just not there */
} FileSearch;

/* Which of an environment's layers something belongs to. */
typedef enum ValuesRank { VALUES_DEFAULTS, VALUES_OF_ENVIRONMENT, VALUES_OVERRIDES } ValuesRank;

/* Where some of the values came from, and what they were there: for `why`. */
typedef struct ValuesLayer {
    const char *what; /* "environment values" */
    ValuesRank rank;
    Place place;      /* where the spec says so; without a file: on the command line */
    const char *file; /* that they are from; NULL: they stand at PLACE */
    Str text;         /* what was read of it, made of */
    Str source;       /* this, by MAP; the same where there is none */
    TemplateMap *map;
    TemplateReads reads; /* what its templates looked at, */
    Value dot;           /* in this */
    const ValueMap *values;
} ValuesLayer;

/* In the order in which they were laid over each other. */
typedef VEC(ValuesLayer) ValuesLayerList;

typedef struct ValuesRequest {
    EnvironmentTemplates *templates;
    const ValuesEntryList *entries;
    FileSearch search;
    const Environment *environment; /* what templates among them see */
    const ValuesEntryList *secrets; /* NULL, or encrypted files, which go over the entries */
    MissingFile missing;
    bool first_wins;         /* mergeStrategy: fallback */
    const char *what;        /* "environment values", for messages */
    ValuesLayerList *layers; /* NULL: nobody wants to know; or added to */
} ValuesRequest;

/* The entries together. Missing files that are only worth a warning are told to WARN. */
Error *environment_load(Arena *a, const ValuesRequest *request, ValueMap **out) MUST_CHECK;

/*
 * The files that PATTERN means: itself, what matches it, sorted, or what is fetched for it. None is
 * an empty list.
 */
Error *environment_find_files(Arena *a, const FileSearch *search, Str pattern, StrList *out)
    MUST_CHECK;

/* The functions of spec templates besides sprig's, for `relfile help functions`. */
extern const TemplateFunctionSet *const environment_function_sets[];
extern const size_t environment_function_set_count;
