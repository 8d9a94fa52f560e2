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

typedef struct DiffLine {
    char sign; /* ' ', '-', '+'; '@' for a hunk's head; '\\': a note on the line before */
    Str text;  /* without newline, as it is: diff_print makes it fit for a terminal */
} DiffLine;

typedef VEC(DiffLine) DiffLineList;

typedef struct DiffOptions {
    int context;       /* unchanged lines around a change; below 0: all, and no heads */
    bool show_secrets; /* do not mask what Secrets hold */
    bool ignore_trailing_cr;
} DiffOptions;

/*
 * Two texts, line by line: the shortest way from one to the other, as far as that can be found
 * in bounded time (a second for 100,000 lines of anything). Lines are FROM's and TO's.
 * Source: Myers, 1986; heads as in diff -u.
 */
void diff_texts(Arena *a, Str from, Str to, int context, DiffLineList *out);

typedef struct ObjectDiff {
    ChangeKind kind;
    DiffLineList lines; /* of the object as YAML; empty where nothing changes */
} ObjectDiff;

/*
 * Object FROM as it is, TO as it would be; a null where there is none. Masked values still tell
 * whether they change. Objects that are equal are compared, and that is all.
 */
Error *diff_objects(Arena *a, Value from, Value to, const DiffOptions *options, ObjectDiff *out)
    MUST_CHECK;

/* OBJECT without what the server keeps in it. It shares the rest with OBJECT. */
Value diff_cleaned(Arena *a, Value object);

/*
 * OBJECT with what Secrets in it hold replaced by its size: "password: (24 bytes)". It shares the
 * rest with OBJECT.
 */
Value diff_masked(Arena *a, Value object);

/*
 * LINES as text, with ANSI colours if COLOUR, each beginning with INDENT spaces. What would do
 * something to a terminal is made visible.
 */
void diff_print(Buf *b, const DiffLineList *lines, int indent, bool colour);
