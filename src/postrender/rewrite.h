/*
 * rewrite.h - documents as kyaml writes what it has read, which helm 4 does before and after a
 * post-renderer: indented by two, lists not at all, quotes and flow style as they were, no empty
 * lines. Source: sigs.k8s.io/kustomize/kyaml, kio; go.yaml.in/yaml/v3, emitterc.go.
 *
 * What has comments inside flow style or behind "|", tags, "..." or other rare things stays as it
 * is, but for the annotation.
 */
#pragma once

#include "base/error.h"
#include "base/vec.h"

/* Add TEXT, a document, to OUT, with the annotation KEY; a List as its items, each with it. */
Error *rewrite_annotate(Arena *a, const char *source, Str text, const char *key, Str value,
                        StrList *out) MUST_CHECK;

/* A document, and what its annotation was; empty where it had none. */
typedef struct Rewritten {
    Str text, annotation;
} Rewritten;

typedef VEC(Rewritten) RewrittenList;

/* The same without the annotation; a List as its items if LISTS. */
Error *rewrite_take(Arena *a, const char *source, Str text, const char *key, bool lists,
                    RewrittenList *out) MUST_CHECK;
