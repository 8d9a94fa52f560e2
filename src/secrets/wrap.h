/*
 * wrap.h - keys of one's own wrapped for others: for recipients of age, and with keys of services.
 */
#pragma once

#include "secrets/secrets.h"

typedef enum WrapKind {
    WRAP_AGE, /* NAME is a recipient: age1… */
    WRAP_KMS, /* NAME is a key of Amazon's (an ARN or alias), Google's, Azure's or Vault's */
} WrapKind;

/* KEY for who WRAP_KIND and NAME say. ERROR_INPUT where NAME is none. */
Error *secrets_wrap(Secrets *secrets, Arena *a, WrapKind kind, Str name, Str key, Str *out)
    MUST_CHECK;

/* And back, by who has what it takes. ERROR_DENIED, with what to set, who has not. */
Error *secrets_unwrap(Secrets *secrets, Arena *a, WrapKind kind, Str name, Str wrapped, Str *out)
    MUST_CHECK;
