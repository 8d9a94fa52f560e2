/*
 * problems.h - all that is wrong with an object, gathered, and where.
 *
 * A Where is a step on the way from the object to the field that is looked at; it lives on the
 * stack of whoever walks there, and is written out only for a problem.
 */
#pragma once

#include "base/error.h"
#include "base/vec.h"

typedef struct Where {
    const struct Where *above; /* NULL: the object itself is above */
    Str name;                  /* of a field; empty: an item */
    Str key;                   /* of a map's entry: written as [key] */
    size_t index;              /* of an item */
} Where;

/* "spec.containers[0].image" */
Str where_text(Arena *a, const Where *where);

typedef struct Problems {
    Arena *arena;
    StrList list;
} Problems;

/* "spec.replicas: Invalid value: -1: must be …": WHERE, and what FORMAT makes. */
void problem_at(Problems *problems, const Where *where, const char *format, ...) PRINTF_LIKE(3, 4);

/* The same with a PATH that is known beforehand. */
void problem(Problems *problems, const char *path, const char *format, ...) PRINTF_LIKE(3, 4);

/* NULL without problems; else ERROR_INPUT: "INTRO: PROBLEM", or "INTRO: [PROBLEM, PROBLEM]". */
Error *problems_error(const Problems *problems, const char *intro, ...) PRINTF_LIKE(2, 3);
