/*
 * reference.h - the resources of a schema, and what its references refer to.
 * Source: santhosh-tekuri/jsonschema v6, roots.go, root.go and draft.go.
 */
#pragma once

#include "base/error.h"
#include "base/value.h"
#include "base/vec.h"

/* A part of a schema with an id of its own; the whole one is the first. */
typedef struct SchemaResource {
    Str uri; /* absolute, without fragment */
    const Value *root;
    int draft; /* 4, 6, 7, 2019 or 2020 */
} SchemaResource;

/* A name for a schema: "$anchor", "$dynamicAnchor", or the fragment of an id. */
typedef struct SchemaAnchor {
    const SchemaResource *resource;
    Str name;
    const Value *node;
    bool dynamic;
} SchemaAnchor;

typedef struct SchemaDocument {
    Arena *arena;
    const char *file;
    VEC(const SchemaResource *) resources;
    VEC(SchemaAnchor) anchors;
    size_t metaschema; /* the resource that is the schema of the document's draft */
    StrList *told;     /* what lies in the network, once each */
} SchemaDocument;

/* A schema, and the resource that it is in. */
typedef struct SchemaNode {
    const Value *node;
    const SchemaResource *resource;
} SchemaNode;

/* Find the resources and anchors of ROOT, and of the schemas of its draft. */
Error *document_open(Arena *a, const char *file, const Value *root, SchemaDocument *out) MUST_CHECK;

/* NODE as a part of a schema in RESOURCE: it may be a resource itself. */
SchemaNode document_node(const SchemaDocument *d, const Value *node,
                         const SchemaResource *resource);

/*
 * What REFERENCE in RESOURCE is to. *OUT is a schema that everything fits where it lies in the
 * network. ERROR_INPUT where there is no such thing.
 */
Error *document_resolve(const SchemaDocument *d, const SchemaResource *resource, Str reference,
                        SchemaNode *out) MUST_CHECK;

/*
 * Whether all that SCHEMA refers to is there, and what that refers to: ERROR_INPUT otherwise.
 * What only stands there for others to refer to is not looked at.
 */
Error *document_check_references(const SchemaDocument *d, SchemaNode schema) MUST_CHECK;

/* The anchor NAME of RESOURCE, or NULL. */
const SchemaAnchor *document_anchor(const SchemaDocument *d, const SchemaResource *resource,
                                    Str name);
