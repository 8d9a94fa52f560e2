/*
 * secret.h - Secrets in the form in which servers keep them.
 */
#pragma once

#include "base/value.h"

/*
 * OBJECT; a Secret with its stringData as data. Sent as it is, a server would note that we own
 * stringData, which it does not keep: a key that goes from there would stay in data for ever.
 */
Value secret_encoded(Arena *a, Value object);

/* Whether objects of that kind are Secrets. */
bool is_secret(Str api_version, Str kind);
