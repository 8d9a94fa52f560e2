/*
 * glob.h - file name patterns, of the two kinds that helm and helmfile use.
 *
 * All run in time that is at worst pattern × text.
 */
#pragma once

#include "base/str.h"

#include <stdbool.h>

/*
 * `*`, `?` and `[a-z]`, none of which match a "/"; `\` before a character stands for it.
 * A pattern that is not valid matches nothing. Source: Go, path/filepath.Match.
 */
bool glob_match(Str pattern, Str name);
bool glob_valid(Str pattern);

/* Whether PATTERN has anything in it that is not just itself. */
bool glob_has_magic(Str pattern);

typedef enum GlobMatch {
    GLOB_NONE,
    GLOB_MATCHES,
    GLOB_INVALID, /* the pattern is none */
    GLOB_PANICS,  /* the library reads behind the path's end, which ends its caller */
} GlobMatch;

/*
 * `*`, `**` (which matches "/", too), `?`, `[!a-z]`, `{a,b}`: for .Files.Glob.
 * Source: github.com/gobwas/glob; its faults in patterns of fixed length are kept, too.
 */
GlobMatch glob_match_path(Arena *a, Str pattern, Str path);
