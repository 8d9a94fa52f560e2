/*
 * why.h - where a value comes from, for the files of `why`.
 *
 * A question is a path below a tree of values that was laid together from sources: files, what is
 * written into the spec, the command line. An answer has each source that says something of it,
 * in the order in which they were laid over each other: the last one counts.
 */
#pragma once

#include "pipeline/run.h"

#include "base/yaml.h"

/* "a.b[0].c": keys, and numbers of list items. */
typedef StrList WhyPath;

/* PATH taken apart: at dots, but not at "\.", and at brackets. */
WhyPath why_path(Arena *a, Str path);

/* The name of what is at KEY below NAME: "a" and "b.c" are "a.b\.c". */
Str why_name_below(Arena *a, Str name, Str key);

/* What is at PATH below V, from its step FROM on; NULL: nothing. */
const Value *why_value(const Value *v, const WhyPath *path, size_t from);

/* A source of values. */
typedef struct WhySource {
    ValuesLayer layer;
    size_t skipped;       /* a dependency's defaults: how many steps of a path lead to it, */
    Str prefix;           /* which are this: "redis" */
    const YamlNode *node; /* of .layer.text, once it is read */
    bool is_read;
} WhySource;

typedef VEC(WhySource) WhySourceList;

/* What one source says. */
typedef struct WhyLayer {
    Place place; /* without a file: the command line */
    const char *what;
    Value value;
    StrList reads; /* paths of values that its template looked at */
} WhyLayer;

typedef struct WhyAnswer {
    Str name;
    bool known; /* there is such a value: */
    Value value;
    VEC(WhyLayer) layers; /* the last one counts */
    StrList reads;        /* of the last one; or of the template that made it */
} WhyAnswer;

/* The sources of the state values of FILE, in their order. */
WhySourceList why_state_sources(Arena *a, const SpecFile *file);

/* Add the sources of the chart's values: defaults of CHART, if there is one, and the release's. */
Error *why_release_sources(const Step *step, const Chart *chart, WhySourceList *out) MUST_CHECK;

/* What SOURCES say of the value NAME of WHOLE, what they come to. */
WhyAnswer why_answer(Arena *a, WhySourceList *sources, const Value *whole, Str name);

/* What is at the end of PATH below NODE, as far as it is there: a scalar, or the key of the rest.
 */
const YamlNode *why_node_at(const YamlNode *node, const WhyPath *path, size_t from);

/* The same in SOURCE's text. */
Error *why_node(Arena *a, WhySource *source, const WhyPath *path, const YamlNode **out) MUST_CHECK;

/* Where PATH, from its step FROM on, is in the text that begins at START: as far as it is there. */
Place why_find(Arena *a, Place start, const WhyPath *path, size_t from);

/* The paths of values that the template text in the line of PLACE names: ".Values.a.b" is "a.b". */
StrList why_named_in_line(Arena *a, Place place);

/*
 * The paths, below .Values of DOT, of what READS looked at in what is at PLACE: in its line and
 * in those of what it is in ({{ if }}, {{ range }}).
 */
void why_reads_at(Arena *a, const TemplateReads *reads, Place place, Value dot, StrList *out);

/* why_field.c: the field NAME of RELEASE in the spec, or what is below it. False: there is none. */
bool why_field(Arena *a, const Run *run, const Release *release, Str name, WhyAnswer *out);

/* why_misfits.c: ERR, that values do not fit the chart's schema, at the places that set them. */
Error *why_misfits(const Step *step, const Chart *chart, const ChartMisfitList *misfits, Error *err)
    MUST_CHECK;

/* why_object.c: the FIELD of the object "Kind/name" that the step's release has. */
Error *why_object(const Step *step, Str object, Str field, WhyAnswer *out) MUST_CHECK;

/* The whole of the chart's values, and the chart; the release need not be fit to be installed. */
Error *why_chart_values(const Step *step, ChartTrace *trace, Rendered *out) MUST_CHECK;
