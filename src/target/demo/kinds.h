/*
 * kinds.h - the kinds of objects that a cluster has: those of Kubernetes, and custom ones.
 */
#pragma once

#include "base/error.h"
#include "base/value.h"
#include "base/vec.h"
#include "target/demo/schema.h"

/* How the names of a kind's objects must look. */
typedef enum NameRule {
    NAME_SUBDOMAIN, /* "web.example-1" */
    NAME_LABEL,     /* "web-1" */
    NAME_PATH,      /* anything without "/" and "%" */
} NameRule;

enum {
    KIND_NAMESPACED = 1 << 0,
    KIND_STATUS = 1 << 1,     /* status is the controllers': appliers cannot set it */
    KIND_GENERATION = 1 << 2, /* counts the changes of what is wished for */
};

typedef struct Kind {
    const char *group; /* "" is the core group */
    const char *version;
    const char *kind, *plural;
    unsigned flags;
    NameRule names;
    const char *type;        /* the struct in the schema; NULL: a custom kind */
    const Value *definition; /* of a custom kind: this version's openAPIV3Schema, or NULL */
    const char *const
        *versions; /* of a custom kind: all that are served; version is the stored one */
    size_t version_count;
} Kind;

typedef struct Kinds Kinds;

/* Kubernetes' kinds, and no custom ones. */
Kinds *kinds_new(Arena *a);

/*
 * The kind that API_VERSION and KIND name. ERROR_NOT_FOUND: `no matches for kind "Foo" in version
 * "example.com/v1"`, with a hint where it looks misspelt.
 */
Error *kinds_find(const Kinds *kinds, Str api_version, Str kind, const Kind **out) MUST_CHECK;

/* By group and kind alone, whatever the version; NULL: none. */
const Kind *kinds_of_group(const Kinds *kinds, Str group, Str kind);

/* By the name of its folder: "Deployment.apps"; NULL: none. */
const Kind *kinds_of_folder(const Kinds *kinds, Str folder);

/* One of Kubernetes' kinds, by a name that is known to be right. */
const Kind *kinds_built_in(const char *group, const char *kind);

/*
 * Have the kind that DEFINITION (a CustomResourceDefinition that is established) defines, or no
 * longer have the kind of that GROUP and KIND.
 */
void kinds_add_custom(Kinds *kinds, const Value *definition);
void kinds_remove_custom(Kinds *kinds, Str group, Str kind);

/* Whether DEFINITION's kind can be used. */
bool definition_is_established(const Value *definition);

/* The shape of KIND's objects. */
Shape *kinds_shape(Kinds *kinds, const Kind *kind);

/* All API versions and kinds, as .Capabilities.APIVersions has them: "apps/v1",
 * "apps/v1/Deployment". */
void kinds_api_versions(const Kinds *kinds, Arena *a, StrList *out);

/* "apps/v1", or "v1" */
Str kind_api_version(Arena *a, const Kind *kind);

/* As error messages name it: "deployments.apps", and "Deployment.apps". */
Str kind_resource(Arena *a, const Kind *kind);
Str kind_qualified(Arena *a, const Kind *kind);

bool kind_is(const Kind *kind, const char *group, const char *name);

/* The group, or the version, of "apps/v1". */
Str api_group(Str api_version);
Str api_version_only(Str api_version);
