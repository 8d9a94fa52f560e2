/*
 * findings.h - what `lint` finds, in the formats of those who show it: JSON, GitHub's workflow
 * commands, JUnit and SARIF.
 */
#pragma once

#include "base/error.h"
#include "base/str.h"
#include "base/vec.h"

#include <stdbool.h>

typedef struct Finding {
    bool is_error; /* or a warning */
    Str file;      /* empty: it is nowhere in particular */
    int line, column;
    Str message, hint;
} Finding;

typedef struct FindingList {
    Arena *arena;
    Finding *items;
    size_t len, cap;
} FindingList;

/* ERR is not freed; what is in several chains is there once. */
void finding_error(FindingList *findings, const Error *err);
void finding_warn(FindingList *findings, Str file, const char *message);

/* Print all in FORMAT: json, github, junit or sarif. */
Error *findings_print(const FindingList *findings, const char *format) MUST_CHECK;
