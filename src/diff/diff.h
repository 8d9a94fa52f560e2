/*
 * diff.h - what would change: objects side by side, as texts with their differences.
 *
 * Knows nothing of clusters: it is handed an object as it is and as it would be. What belongs to
 * the server (status, resourceVersion, managedFields …) is left out, what Secrets hold is masked.
 */
#pragma once

#include "base/error.h"
#include "base/value.h"
#include "base/vec.h"

typedef enum ChangeKind { CHANGE_NONE, CHANGE_CREATE, CHANGE_UPDATE, CHANGE_DELETE } ChangeKind;

/* Whose doing a change is. */
typedef enum DiffCause {
    CAUSE_SPEC,    /* what the release says is another thing than last time */
    CAUSE_DRIFT,   /* it says the same, and somebody else has changed it */
    CAUSE_DEFAULT, /* it does not say anything: the server does that by itself */
} DiffCause;

/* A field that changes. */
typedef struct FieldChange {
    Str path;       /* "spec.template.spec.containers[name=web].image" */
    Value from, to; /* missing where there is none */
    DiffCause cause;
    Str manager, since; /* of drift: who, and the time in RFC 3339; empty where nobody knows */
} FieldChange;

typedef VEC(FieldChange) FieldChangeList;

/* "spec", "drift", "default" */
const char *diff_cause_name(DiffCause cause);

/* "drift: kubectl-edit, 2026-11-21T14:03:05Z" */
Str diff_cause_text(Arena *a, const FieldChange *change);

typedef struct DiffLine {
    char sign; /* ' ', '-', '+'; '@' for a hunk's head; '\\': a note on the line before */
    Str text;  /* without newline, as it is: diff_print makes it fit for a terminal */
    const FieldChange *change; /* that it shows; NULL: that is not known */
} DiffLine;

typedef VEC(DiffLine) DiffLineList;

typedef struct DiffOptions {
    int context;       /* unchanged lines around a change; below 0: all, and no heads */
    bool show_secrets; /* do not mask what Secrets hold */
    bool show_decoded; /* the same; and not in base64, where it is text */
    bool ignore_trailing_cr;
    bool show_all; /* also what the server changes by itself */
} DiffOptions;

/*
 * Two texts, line by line: the shortest way from one to the other, as far as that can be found
 * in bounded time (a second for 100,000 lines of anything). Lines are FROM's and TO's.
 * Source: Myers, 1986; heads as in diff -u.
 */
void diff_texts(Arena *a, Str from, Str to, int context, DiffLineList *out);

typedef struct ObjectDiff {
    ChangeKind kind;
    DiffLineList lines;     /* of the object as YAML; empty where nothing changes */
    Value from, to;         /* what the lines show: cleaned, and masked */
    FieldChangeList fields; /* of an update by diff_explained */
    size_t hidden;          /* fields that the server changes by itself, and that are not shown */
} ObjectDiff;

/*
 * Object FROM as it is, TO as it would be; a null where there is none. Masked values still tell
 * whether they change. Objects that are equal are compared, and that is all.
 */
Error *diff_objects(Arena *a, Value from, Value to, const DiffOptions *options, ObjectDiff *out)
    MUST_CHECK;

/* An object, and what is known of how it came to be so. */
typedef struct DiffSides {
    Value from, to;        /* as for diff_objects */
    Value applied, wanted; /* what the release said last time, and says now; nulls: nothing */
    const char *manager;   /* who applies it */
    bool reversed;         /* TO is the live object, and FROM what should be: all of it is drift */
} DiffSides;

/*
 * The same, and whose doing each change is; what the server does by itself is left out unless
 * options->show_all. Items of lists are matched by what tells them apart.
 */
Error *diff_explained(Arena *a, const DiffSides *sides, const DiffOptions *options, ObjectDiff *out)
    MUST_CHECK;

/*
 * What applying WANTED to LIVE would come to, guessed without a server: a merge of three sides, as
 * kubectl does it. APPLIED may be a null.
 */
Value diff_predicted(Arena *a, Value live, Value applied, Value wanted);

/* PREDICTED without the fields that APPLIED has and WANTED has not. */
Value diff_without_dropped(Arena *a, Value predicted, Value applied, Value wanted);

/* LIVE without what people have added to it: fields that neither MANAGER nor a controller owns, and
 * that are not in APPLIED. ALL: nor what controllers have. */
Value diff_without_additions(Arena *a, Value live, Value applied, const char *manager, bool all);

/* Whether MANAGER owns fields of LIVE by updates, as helm 3 does. */
bool diff_is_updated_by(Value live, const char *manager);

/* OBJECT without what the server keeps in it. It shares the rest with OBJECT. */
Value diff_cleaned(Arena *a, Value object);

/*
 * OBJECT with what Secrets in it hold replaced by its size: "password: (24 bytes)". It shares the
 * rest with OBJECT.
 */
Value diff_masked(Arena *a, Value object);

typedef struct DiffPrint {
    int indent; /* spaces before each line */
    bool colour;
    bool causes; /* say at each line whose doing it is */
} DiffPrint;

/* LINES as text. What would do something to a terminal is made visible. */
void diff_print(Buf *b, const DiffLineList *lines, const DiffPrint *how);

/* One document before and after, as YAML; empty: it is not there. */
typedef struct DyffDocument {
    Str from, to;
} DyffDocument;

/*
 * What became of DOCUMENTS, as dyff tells it: dyff.c. Which document it is stands there where there
 * was more than one, or NAMED is set. ERROR_INPUT where one is no YAML.
 */
Error *diff_as_dyff(Buf *b, const DyffDocument *documents, size_t len, bool named) MUST_CHECK;
