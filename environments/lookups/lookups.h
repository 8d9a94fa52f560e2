/*
 * lookups.h - ref+SCHEME://PATH?SETTINGS#/KEY: values that are kept elsewhere.
 *
 * To add one: write lookups/NAME.c, which defines lookup_NAME, and add NAME here.
 *
 * What a reference gives is fetched once in a run, whoever asks for it; and those of one map of
 * values are fetched at the same time.
 * Source: github.com/helmfile/vals.
 */
#pragma once

#include "base/error.h"
#include "base/value.h"
#include "secrets/secrets.h"

#include <stdbool.h>

/* Where references are met. */
typedef struct LookupScope {
    Secrets *secrets;
    Str directory; /* that relative paths start from */
} LookupScope;

/* "ref+file://path/to/a.yaml?x=y#/key/inner": its parts, without %XX. */
typedef struct Reference {
    Str scheme;
    Str path;                 /* "path/to/a.yaml" */
    const ValueMap *settings; /* x: "y" */
    Str key;                  /* "/key/inner" */
    Str text;                 /* as it was written, from the scheme on */
} Reference;

typedef struct Lookup {
    const char *scheme;
    const char *help; /* one sentence */
    bool is_plain;    /* what it gives stands in the reference: it is no secret */
    bool is_slow;     /* it is worth fetching several at the same time */

    /*
     * What REF names. .text is what there is without a key; of one with a key, .map is what
     * the key is looked for in: NULL is the text as YAML. .read instead of both does it all.
     */
    Error *(*text)(Arena *a, const Reference *ref, const LookupScope *scope, Str *out);
    Error *(*map)(Arena *a, const Reference *ref, const LookupScope *scope, Value *out);
    Error *(*read)(Arena *a, const Reference *ref, const LookupScope *scope, Value *out);
} Lookup;

#define LOOKUPS(LOOKUP)                                                                            \
    LOOKUP(awskms)                                                                                 \
    LOOKUP(awssecrets)                                                                             \
    LOOKUP(awsssm)                                                                                 \
    LOOKUP(azurekeyvault)                                                                          \
    LOOKUP(doppler)                                                                                \
    LOOKUP(echo)                                                                                   \
    LOOKUP(envsubst)                                                                               \
    LOOKUP(exec)                                                                                   \
    LOOKUP(file)                                                                                   \
    LOOKUP(gcpsecrets)                                                                             \
    LOOKUP(gcs)                                                                                    \
    LOOKUP(gitlab)                                                                                 \
    LOOKUP(gkms)                                                                                   \
    LOOKUP(httpjson)                                                                               \
    LOOKUP(k8s)                                                                                    \
    LOOKUP(onepasswordconnect)                                                                     \
    LOOKUP(openbao)                                                                                \
    LOOKUP(s3)                                                                                     \
    LOOKUP(sops)                                                                                   \
    LOOKUP(tfstate)                                                                                \
    LOOKUP(tfstategs)                                                                              \
    LOOKUP(tfstates3)                                                                              \
    LOOKUP(tfstategitlab)                                                                          \
    LOOKUP(tfstateremote)                                                                          \
    LOOKUP(vault)

#define DECLARE_LOOKUP(name) extern const Lookup lookup_##name;
LOOKUPS(DECLARE_LOOKUP)
#undef DECLARE_LOOKUP

/* The setting NAME: of the reference, or the environment variable VALS_NAME; empty without. */
Str lookup_setting(Arena *a, const Reference *ref, const char *name);

/* Whether that is "true", "1" and so on. */
bool lookup_is_set(Arena *a, const Reference *ref, const char *name);

/* TEXT, or its base64 where the setting "encode" asks for it. */
Error *lookup_encode(Arena *a, const Reference *ref, Str text, Str *out) MUST_CHECK;

/* TEXT of REF as a map. */
Error *lookup_parse(Arena *a, const Reference *ref, Str text, Value *out) MUST_CHECK;

/* Whether TEXT has a reference in it. */
bool lookup_has_reference(Str text);

/* TEXT with its references replaced; a text that is nothing but one becomes its value, of any kind.
 */
Error *lookup_text(Arena *a, Str text, const LookupScope *scope, Value *out) MUST_CHECK;

/* V with the references in all its texts replaced: a copy, where there are any. */
Error *lookup_values(Arena *a, Value v, const LookupScope *scope, Value *out) MUST_CHECK;

/* The value at KEY ("/a/b") below V; V itself for an empty one. */
Error *lookup_key(Value v, Str key, Value *out) MUST_CHECK;

/* Every lookup there is, for docs; LEN of them. */
const Lookup *const *lookup_all(size_t *len);
