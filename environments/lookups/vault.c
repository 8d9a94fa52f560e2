/*
 * vault.c - ref+vault://MOUNT/PATH#/KEY: a value of a secret in HashiCorp Vault;
 * ref+vault://MOUNT/PATH/KEY is the same. Settings: address (or proto and host), namespace,
 * version, decode, auth_method, token_env, token_file, role_id, secret_id, username, password_env,
 * password_file. Source: vals, providers/vault.
 */
#include "environments/lookups/lookups.h"

#include "base/base64.h"
#include "secrets/vault.h"
#include "templating/template.h"

static Str address_of(Arena *a, const Reference *ref)
{
    Str address = lookup_setting(a, ref, "address"), host = lookup_setting(a, ref, "host"),
        proto = lookup_setting(a, ref, "proto");

    if (address.len || !host.len)
        return address;
    return str_format(a, "%.*s://%.*s", STR_ARG(proto.len ? proto : STR("https")), STR_ARG(host));
}

static Error *read_secret(Arena *a, const Reference *ref, const LookupScope *scope, Str path,
                          Value *out)
{
    VaultLogin login = {
        .kin = str_is(ref->scheme, "openbao") ? "BAO" : NULL,
        .address = address_of(a, ref),
        .namespace = lookup_setting(a, ref, "namespace"),
        .auth_method = lookup_setting(a, ref, "auth_method"),
        .token_env = lookup_setting(a, ref, "token_env"),
        .token_file = lookup_setting(a, ref, "token_file"),
        .role_id = lookup_setting(a, ref, "role_id"),
        .secret_id = lookup_setting(a, ref, "secret_id"),
        .username = lookup_setting(a, ref, "username"),
        .password_env = lookup_setting(a, ref, "password_env"),
        .password_file = lookup_setting(a, ref, "password_file"),
    };
    Vault *vault;

    TRY(vault_open(scope->secrets, a, &login, &vault));
    return vault_secret(vault, a, path, lookup_setting(a, ref, "version"), out);
}

static Error *vault_map(Arena *a, const Reference *ref, const LookupScope *scope, Value *out)
{
    return read_secret(a, ref, scope, ref->path, out);
}

/* The last step of the path is the key. */
static Error *vault_text(Arena *a, const Reference *ref, const LookupScope *scope, Str *out)
{
    size_t slash = str_find_last(ref->path, STR("/"));
    Str decode = lookup_setting(a, ref, "decode");
    Value secret;

    if (slash == STR_NONE)
        return error_new(ERROR_INPUT, "the path names no key");
    TRY(read_secret(a, ref, scope, str_slice(ref->path, 0, slash), &secret));
    Str key = str_skip(ref->path, slash + 1);
    const Value *v = value_map_get(secret.map, key);
    if (!v)
        return error_new(ERROR_NOT_FOUND, "the secret has no key \"%.*s\"", STR_ARG(key));
    *out = template_text(a, *v);
    return str_is(decode, "base64") ? base64_decode(a, *out, out) : NULL;
}

const Lookup lookup_vault = {
    .scheme = "vault",
    .help = "A value of a secret in HashiCorp Vault's key-value engine.",
    .is_slow = true,
    .text = vault_text,
    .map = vault_map,
};

/* What has become of Vault's free version speaks the same way. */
const Lookup lookup_openbao = {
    .scheme = "openbao",
    .help = "The same in OpenBao.",
    .is_slow = true,
    .text = vault_text,
    .map = vault_map,
};
