/*
 * lint.h - what `relfile chart lint` finds. Source: helm, pkg/chart/v2/lint.
 */
#pragma once

#include "authoring/authoring.h"

typedef enum LintSeverity { LINT_INFO, LINT_WARNING, LINT_ERROR } LintSeverity;

typedef struct LintMessage {
    LintSeverity severity;
    Str path, text;
} LintMessage;

/* The check of one chart. */
typedef struct Lint {
    Arena *arena;
    const AuthoringOptions *options;
    const ValueMap *values; /* the user's */
    const char *folder;     /* from the root on */
    VEC(LintMessage) messages;
} Lint;

/* Add a message, made as printf does; whether there was none, since OKAY is true. */
bool lint_rule(Lint *l, LintSeverity severity, const char *path, bool okay, const char *format, ...)
    PRINTF_LIKE(5, 6);

/* The same for ERR, which is freed: "WHAT" and what it says. */
bool lint_error(Lint *l, LintSeverity severity, const char *path, const char *what, Error *err);

/* lint_metadata.c: Chart.yaml. */
void lint_metadata(Lint *l);

/* lint_templates.c: what templates make of the values. */
void lint_templates(Lint *l);

/* lint_object.c: why NAME cannot be an object of KIND's, as Kubernetes says it; empty: it can. */
Str lint_name_problem(Arena *a, Str kind, Str name);

/* What Kubernetes VERSION ("v1.31.2"; empty: the newest) says of an API that it wants no more;
 * empty: nothing. */
Str lint_deprecation(Arena *a, Str api_version, Str kind, Str version);
