/*
 * ignore.h - .helmignore. Source: helm, pkg/ignore/rules.go.
 */
#pragma once

#include "base/error.h"
#include "base/str.h"
#include "base/vec.h"

typedef struct IgnoreRule {
    Str pattern;
    bool negated;        /* "!": ignore what does not match */
    bool for_folders;    /* ends in "/" */
    bool for_whole_path; /* has a "/" in it; else for the last part of a path */
} IgnoreRule;

typedef VEC(IgnoreRule) IgnoreRules;

/* Add the rules of TEXT, a .helmignore file called FILE. */
Error *ignore_read(Arena *a, const char *file, Str text, IgnoreRules *out) MUST_CHECK;

/* Add the rules that hold for every chart. */
void ignore_add_defaults(Arena *a, IgnoreRules *rules);

/* Whether the file or folder at PATH, relative to the chart, is to be ignored. */
bool ignore_matches(const IgnoreRules *rules, Str path, bool is_folder);
