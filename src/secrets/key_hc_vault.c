/*
 * key_hc_vault.c - data keys wrapped by Vault's transit engine. Source: sops, hcvault/keysource.go.
 */
#include "secrets/keys.h"

#include "base/base64.h"
#include "secrets/vault.h"

/* VERB is "encrypt" or "decrypt", with TEXT in FIELD; *OUT is at RESULT in the answer. */
static Error *call(Secrets *secrets, Arena *a, const ValueMap *key, const char *verb,
                   const char *field, Str text, Str result, Str *out)
{
    ValueMap *request = value_map_new(a);
    Str name = value_map_string(key, "key_name");
    Vault *vault;
    Value answer;

    TRY(vault_open(secrets, a, &(VaultLogin){.address = value_map_string(key, "vault_address")},
                   &vault));
    value_map_set_c(a, request, field, value_string(text));
    Str path = str_format(a, "%.*s/%s/%.*s", STR_ARG(value_map_string(key, "engine_path")), verb,
                          STR_ARG(name));
    TRY(error_hint(vault_write(vault, a, path, value_of_map(request), &answer),
                   "log in to vault as somebody who may update %.*s", STR_ARG(path)));
    const Value *found = value_at(&answer, result);
    *out = found && found->kind == VALUE_STRING ? found->string : (Str){"", 0};
    return NULL;
}

static Error *unwrap(Secrets *secrets, Arena *a, const ValueMap *key, Str *out)
{
    Str text;

    TRY(call(secrets, a, key, "decrypt", "ciphertext", value_map_string(key, "enc"),
             STR("data.plaintext"), &text));
    return base64_decode(a, text, out);
}

static Error *wrap(Secrets *secrets, Arena *a, const ValueMap *key, Str secret, Str *enc)
{
    return call(secrets, a, key, "encrypt", "plaintext", base64_encode(a, secret),
                STR("data.ciphertext"), enc);
}

/* https://VAULT/v1/ENGINE/keys/NAME, as sops has it. */
static Error *parse(Arena *a, Str name, ValueMap *key, bool *found)
{
    size_t engine = str_find(name, STR("/v1/")), keys = str_find_last(name, STR("/keys/"));

    *found = (str_starts(name, STR("https://")) || str_starts(name, STR("http://"))) &&
             engine != STR_NONE && keys != STR_NONE && keys > engine + 4 && keys + 6 < name.len;
    if (!*found)
        return NULL;
    value_map_set_c(a, key, "vault_address", value_string(str_slice(name, 0, engine)));
    value_map_set_c(a, key, "engine_path", value_string(str_slice(name, engine + 4, keys)));
    value_map_set_c(a, key, "key_name", value_string(str_skip(name, keys + 6)));
    return NULL;
}

const SopsKey sops_key_hc_vault = {
    .name = "hc_vault", .field = "key_name", .unwrap = unwrap, .wrap = wrap, .parse = parse};
