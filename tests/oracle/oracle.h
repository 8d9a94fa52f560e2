/*
 * oracle.h - other people's readers, which tell whether ours is right: libyaml's for YAML, PCRE2
 * for regular expressions.
 *
 * Neither can be used in the program: both differ from what Go does, in ways that docs/libraries.md
 * counts. Where both sides take a text they must agree all the same, but for the classes that are
 * named here; a difference of no class fails the test.
 */
#pragma once

#include "base/str.h"
#include "base/yaml.h"

/* What came out of one text. */
typedef enum Agreement {
    AGREE,         /* the same from both, or both refuse it */
    OTHER_MESSAGE, /* both refuse it, but theirs is not the message that Go has */
    ONLY_OURS,     /* the other side refuses it */
    ONLY_THEIRS,   /* we refuse it, as Go does */
    KNOWN_CLASS,   /* different, in a way that has a name */
    UNKNOWN_CLASS, /* different, and this must not be */
} Agreement;

typedef struct Finding {
    Agreement agreement;
    const char *class; /* of KNOWN_CLASS */
} Finding;

/* TEXT as YAML documents, read by both; our side as go-yaml v2 does, or v3. */
Finding oracle_yaml(Str text, YamlRules rules);

/* The matches of PATTERN in TEXT, all of them with all groups. */
Finding oracle_regex(Str pattern, Str text);
