/*
 * part.h - one file of a spec: its parts rendered, decoded, and merged with what they are
 * built on.
 */
#pragma once

#include "spec/fields.h"

/* What a file is loaded with. */
typedef struct PartContext {
    const SpecOptions *options;
    Str environment_name;
    const Environment *inherited;     /* the parent's, or NULL */
    const ValueMap *passed;           /* values from outside, or NULL */
    const ValueMap *overrides;        /* --state-values-set, or NULL */
    ValuesLayerList layers;           /* what these two consist of, */
    ValuesLayerList inherited_layers; /* and what is inherited */
    bool is_base;
    bool *legacy_noted; /* shared by all files: said that some are rendered as for helmfile 0.x */
} PartContext;

typedef struct PartResult {
    Spec spec;
    Environment environment;
    ValuesLayerList layers; /* of it, with SpecOptions' keeps_layers */
    bool undefined;         /* the file knows environments, but not this one: .spec has them */
} PartResult;

/* Load the file at PATH, whose relative paths start from DIRECTORY. */
Error *part_load_file(Arena *a, const PartContext *context, const char *path, Str directory,
                      PartResult *out) MUST_CHECK;

/* policy.c: the order of top level keys in TEXT, the raw text of FILE. */
Error *policy_check(const char *file, Str text, bool is_legacy) MUST_CHECK;

/*
 * legacy.c: whether TEXT, of a file that does not end in .gotmpl, was written for helmfile 0.x,
 * where every file was a template.
 */
bool legacy_is_template(Arena *a, const char *file, Str text);
