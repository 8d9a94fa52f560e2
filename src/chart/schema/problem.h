/*
 * problem.h - what is wrong with a value, and what lies behind that.
 * Source: santhosh-tekuri/jsonschema v6, output.go and kind/kind.go.
 */
#pragma once

#include "chart/chart.h"

#include "base/str.h"
#include "base/value.h"
#include "base/vec.h"

/* Where in the values: a key or an index, below another place; NULL is all of them. */
typedef struct SchemaPlace {
    const struct SchemaPlace *parent;
    Str token;
} SchemaPlace;

typedef enum ProblemKind {
    PROBLEM_PLAIN,
    PROBLEM_GROUP,     /* several of one schema: where there is a better head, they go below that */
    PROBLEM_REFERENCE, /* not shown where only one thing lies behind it */
} ProblemKind;

typedef struct Problem Problem;
typedef VEC(const Problem *) ProblemList;

struct Problem {
    ProblemKind kind;
    const SchemaPlace *place;
    Str text;
    ProblemList causes;
    const Str *keys; /* of a map at that place: those that may not be there */
    size_t key_count;
    const char *nearest; /* what the first of them may have been meant to be; NULL: nobody knows */
};

/* Add the places in the values of what lies at the bottom of PROBLEM, each one once. */
void problem_add_misfits(Arena *a, const Problem *problem, ChartMisfitList *out);

/* CAUSES, or what a group among them is made of where that is all. */
ProblemList problem_parts(Arena *a, const Problem *problem);

/* PROBLEM and its causes, a line each, INDENT levels in, at the end of B. */
void problem_print(Buf *b, const Problem *problem, int indent);

/* 'S' with its quotes; several with commas between; a value that is no list or map. */
void problem_add_quoted(Buf *b, Str s);
void problem_add_all_quoted(Buf *b, const Str *items, size_t len);
void problem_add_value(Buf *b, Value v);

/* A number as it is written in English: 65,535. */
void problem_add_number(Buf *b, double n);
