/*
 * vault.h - HashiCorp Vault, and what speaks like it. Source: Vault, HTTP API; vals,
 * providers/vault.
 */
#pragma once

#include "secrets/service.h"

/* Zeros are what the environment says: VAULT_ADDR, VAULT_TOKEN and so on. */
typedef struct VaultLogin {
    const char *kin; /* "BAO": its variables BAO_ADDR and so on come first; NULL: there are none */
    Str address, namespace;
    Str auth_method; /* "token", "approle", "kubernetes", "userpass" */
    Str token_env, token_file;
    Str role_id, secret_id;
    Str username, password_env, password_file;
} VaultLogin;

typedef struct Vault Vault;

/* Logged in once in a run for each LOGIN. */
Error *vault_open(Secrets *secrets, Arena *a, const VaultLogin *login, Vault **out) MUST_CHECK;

/* What is at PATH ("secret/data/app?version=2"), or what it says to BODY. */
Error *vault_read(Vault *vault, Arena *a, Str path, Value *out) MUST_CHECK;
Error *vault_write(Vault *vault, Arena *a, Str path, Value body, Value *out) MUST_CHECK;

/* The secret at PATH ("secret/app") of a key-value engine, of either version: a map. */
Error *vault_secret(Vault *vault, Arena *a, Str path, Str version, Value *out) MUST_CHECK;
