/*
 * key_hc_vault.c - data keys wrapped by Vault's transit engine. Source: sops, hcvault/keysource.go.
 */
#include "secrets/keys.h"

#include "base/base64.h"
#include "secrets/vault.h"

static Error *unwrap(Secrets *secrets, Arena *a, const ValueMap *key, Str *out)
{
    ValueMap *request = value_map_new(a);
    Str name = value_map_string(key, "key_name");
    Vault *vault;
    Value answer;

    TRY(vault_open(secrets, a, &(VaultLogin){.address = value_map_string(key, "vault_address")},
                   &vault));
    value_map_set_c(a, request, "ciphertext", value_string(value_map_string(key, "enc")));
    Str path = str_format(a, "%.*s/decrypt/%.*s", STR_ARG(value_map_string(key, "engine_path")),
                          STR_ARG(name));
    TRY(error_hint(vault_write(vault, a, path, value_of_map(request), &answer),
                   "log in to vault as somebody who may update %.*s", STR_ARG(path)));
    const Value *plain = value_at(&answer, STR("data.plaintext"));
    return base64_decode(a, plain && plain->kind == VALUE_STRING ? plain->string : (Str){"", 0},
                         out);
}

const SopsKey sops_key_hc_vault = {.name = "hc_vault", .field = "key_name", .unwrap = unwrap};
