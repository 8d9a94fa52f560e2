/*
 * cluster_secret.h - records and locks as the Secrets, or ConfigMaps, that they are in clusters.
 * Source: helm, pkg/storage/driver/secrets.go and cfgmaps.go.
 */
#pragma once

#include "pipeline/run.h"

typedef enum PlaceKind { PLACE_RECORD, PLACE_RELEASE, PLACE_CONTEXT, PLACE_LOCK } PlaceKind;

/* What a key, or the beginning of one, is about. */
typedef struct SecretPlace {
    PlaceKind kind;
    Str context, namespace, name; /* name: the release's */
    Str revision;                 /* "3" */
    Str prefix;                   /* the part of the key that is the release's */
} SecretPlace;

/* The object of PLACE; KIND is "Secret" or "ConfigMap". */
ObjectId cluster_secret_id(const char *kind, Arena *a, const SecretPlace *place);

/* A field of SECRET's metadata; empty without one. */
Str cluster_secret_field(const Value *secret, const char *name);

/* The spec that says that SECRET's release is its own; empty: none does. */
Str cluster_secret_spec(const Value *secret);

/* What SECRET holds, packed; and the text that this is, of a lock or a record. */
Str cluster_secret_data(const Value *secret);
Error *cluster_secret_text(const char *kind, Arena *a, Str data, bool lock, Str *out) MUST_CHECK;

/* The object of PLACE that holds TEXT; EXPECTED is the version of what it takes the place of. */
Error *cluster_secret_make(const char *kind, Arena *a, const SecretPlace *place, Str text,
                           Str expected, Value *out) MUST_CHECK;
