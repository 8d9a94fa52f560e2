/*
 * credentials.h - what a login program hands out: a token or a certificate, for a while.
 * Source: client-go, plugin/pkg/client/auth/exec.
 */
#pragma once

#include "kube/kubeconfig.h"

typedef struct KubeCredential {
    Str token;
    Str cert_pem, key_pem;
    int64_t expires_ms; /* since 1970; 0: it is not said */
} KubeCredential;

/* Run ACCESS's program. ERROR_DENIED, with what it says, where it does not log in. */
Error *credential_fetch(Arena *a, const KubeAccess *access, KubeCredential *out) MUST_CHECK;
