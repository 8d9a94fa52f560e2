/*
 * classes.h - the sets of characters that have names: \d, [:alpha:], \p{Greek}.
 */
#pragma once

#include "base/regex/set.h"
#include "base/str.h"

typedef struct RegexClass {
    const char *name; /* `\d`, `[:alpha:]` */
    uint8_t len;      /* of ranges */
    RuneRange ranges[4];
} RegexClass;

/* The class called NAME without a negation in it, or NULL. Source: Go, perl_groups.go. */
const RegexClass *regex_class(Str name);

/*
 * Add Unicode's category or script NAME to *SET. Returns false if there is none: of scripts,
 * those whose names have underscores are not found, because Go 1.26 does not find them.
 * *FOLDS is whether the other cases of its characters belong to it when case does not
 * matter: not for LC, of which Go 1.26 has forgotten them.
 * Source: Go, regexp/syntax/parse.go, unicodeTable; Unicode 15.0.
 */
bool regex_add_unicode(Arena *a, RuneSet *set, Str name, bool *folds);
