/*
 * keys.h - the kinds of keys that sops wraps a file's data key with.
 *
 * To add one: write key_NAME.c, which defines sops_key_NAME, and add NAME here.
 */
#pragma once

#include "base/value.h"
#include "secrets/secrets.h"

typedef struct SopsKey {
    const char *name;  /* of the list in the metadata: "gcp_kms" */
    const char *field; /* that says which key it is: "resource_id" */

    /* The data key in KEY, an item of that list. */
    Error *(*unwrap)(Secrets *secrets, Arena *a, const ValueMap *key, Str *out);

    /* For keys of one's own: *ENC is SECRET, wrapped as KEY says. NULL: it only unwraps. */
    Error *(*wrap)(Secrets *secrets, Arena *a, const ValueMap *key, Str secret, Str *enc);

    /* NAME as fields of KEY, which has no others; not *FOUND where it names no such key. */
    Error *(*parse)(Arena *a, Str name, ValueMap *key, bool *found);
} SopsKey;

#define SOPS_KEYS(KEY)                                                                             \
    KEY(kms)                                                                                       \
    KEY(gcp_kms)                                                                                   \
    KEY(azure_kv)                                                                                  \
    KEY(hc_vault)                                                                                  \
    KEY(pgp)                                                                                       \
    KEY(age)

#define DECLARE_KEY(name) extern const SopsKey sops_key_##name;
SOPS_KEYS(DECLARE_KEY)
#undef DECLARE_KEY
