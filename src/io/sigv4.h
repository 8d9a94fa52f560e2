/*
 * sigv4.h - requests signed as Amazon's services, and those that speak like S3, want them.
 * Source: AWS, "Signature Version 4 signing process".
 */
#pragma once

#include "io/http.h"

typedef struct AwsCredentials {
    Str key, secret;
    Str token;          /* of a session; empty: none */
    int64_t expires_ms; /* since 1970; 0: never */
} AwsCredentials;

typedef struct SigV4 {
    const AwsCredentials *credentials;
    const char *service; /* "s3", "sts" */
    Str region;
    int64_t now_ms; /* since 1970 */
} SigV4;

/*
 * Add what signs REQUEST to its headers, in A: x-amz-date, authorization, for S3 the body's
 * hash, and the session's token. All its headers are signed. Path and query of its URL must be as
 * uri_escape writes them.
 */
void sigv4_sign(Arena *a, const SigV4 *how, HttpRequest *request);

/* What is signed, and what that was made of: for tests. */
Str sigv4_canonical(Arena *a, const HttpRequest *request, Str body_hash, Str *signed_headers);

/* TEXT with all but A-Z a-z 0-9 - . _ ~ as %XX; slashes stay if KEEPS_SLASHES. */
Str uri_escape(Arena *a, Str text, bool keeps_slashes);
