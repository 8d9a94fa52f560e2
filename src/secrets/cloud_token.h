/*
 * cloud_token.h - tokens that are good for a while.
 */
#pragma once

#include "secrets/service.h"

/* Signed with the RSA key in PEM, as RS256 has it. */
Error *token_sign(Arena *a, Str pem, Str text, Str *out) MUST_CHECK;

/* The JSON Web Token of CLAIMS, signed with the RSA key in PEM. */
Error *token_make(Arena *a, Str pem, Value claims, Str *out) MUST_CHECK;

/* Ask URL for what FORM wants, a token: access_token in its answer. */
Error *token_ask(Http *http, Arena *a, const char *who, Str url, Str form, Str *out) MUST_CHECK;

/* Ask the machine's own address URL, with the header NAME. */
Error *token_ask_machine(Arena *a, const char *who, Str url, const char *name, Str value, Str *out)
    MUST_CHECK;
