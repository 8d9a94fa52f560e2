/*
 * regex_cache.h - the regular expressions of one run of a template.
 *
 * A pattern in a loop is compiled once: the last ones used are kept. All that a run does with
 * regular expressions is limited together, since any of it may stand in a loop.
 */
#pragma once

#include "base/regex.h"

enum { REGEX_CACHE_SIZE = 64 };

/* {.steps = ...} is an empty one. */
typedef struct RegexCache {
    struct {
        Arena memory;
        Str pattern;
        const Regex *regex;
    } entries[REGEX_CACHE_SIZE];
    size_t next;  /* to be replaced */
    size_t steps; /* that are left: for regex_search_open */
} RegexCache;

/* PATTERN compiled: valid until REGEX_CACHE_SIZE others have been asked for. */
Error *regex_cache_get(RegexCache *cache, Str pattern, const Regex **out) MUST_CHECK;

void regex_cache_close(RegexCache *cache);
