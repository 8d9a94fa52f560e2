/*
 * diff_output.h - comparisons in the forms that `--output` names.
 */
#pragma once

#include "pipeline/run.h"

typedef enum DiffForm {
    DIFF_TEXT,       /* for people: with whose doing each change is */
    DIFF_PLAIN,      /* as helm-diff writes it */
    DIFF_SIMPLE,     /* a line for each object */
    DIFF_TABLE,      /* a line for each field */
    DIFF_MARKDOWN,   /* for a pull request */
    DIFF_DYFF,       /* as dyff writes it */
    DIFF_TEMPLATE,   /* as helm-diff's template says */
    DIFF_JSON,       /* docs/diff.schema.json */
    DIFF_STRUCTURED, /* as helm-diff writes it */
    DIFF_HELM_JSON,  /* as helm-diff's json */
} DiffForm;

DiffForm diff_form(const PipelineOptions *options);

/* Whether the results of all releases are one list of JSON. */
bool diff_form_is_json(const PipelineOptions *options);

/* Whether objects of ID's kind are not to be shown. */
bool diff_is_suppressed(const PipelineOptions *options, const ObjectId *id);

/* Take the lines that are not to be shown out of C's changes, and changes that have no others. */
Error *diff_suppress_lines(const Step *step, Comparison *c) MUST_CHECK;

/* How many lines are shown around a change, as diff_texts wants it. */
int diff_context(const PipelineOptions *options);

/* What --find-renames says: from 0, not at all, to 1. */
Error *diff_read_renames(const Step *step, double *out) MUST_CHECK;

/* What goes, and comes under another name, becomes one change: as --find-renames says. */
Error *diff_find_renames(const Step *step, Comparison *c) MUST_CHECK;

/* The changes of C's release as helm-diff finds them, in manifests and not in the cluster. */
Error *diff_manifests(const Step *step, const Comparison *c, ReleaseChangeList *out) MUST_CHECK;

/* "install", "upgrade", "uninstall", or "none" */
const char *diff_action(const Step *step, const Comparison *c);

/* "apps/v1" is of the group "apps", "v1" of "v1". */
Str diff_group(Str api_version);

/* "shop, web, Deployment (apps)" */
Str diff_title(Arena *a, const ObjectId *id);

/* C at the end of B, in a form for people. */
Error *diff_write(Buf *b, const Step *step, const Comparison *c) MUST_CHECK;

/* Only its objects: as text, or as dyff or a template has them. */
void diff_write_objects(Buf *b, const Step *step, const Comparison *c);
Error *diff_write_dyff(Buf *b, const Step *step, const Comparison *c) MUST_CHECK;
Error *diff_write_template(Buf *b, const Step *step, const Comparison *c) MUST_CHECK;

/* C as helm-diff's "structured", a list of its own. */
Error *diff_write_structured(Buf *b, const Step *step, const Comparison *c) MUST_CHECK;

/* Whether all lines of CHANGE that are changed were left out. */
bool diff_is_emptied(const ReleaseChange *change);

/* "ADD", "MODIFY": helm-diff's word for CHANGE. */
const char *diff_change_word(const ReleaseChange *change);

/* C as an item of the list of results. */
Error *diff_tell_json(const Step *step, const Comparison *c) MUST_CHECK;
