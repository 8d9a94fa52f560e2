/*
 * key_azure_kv.c - data keys wrapped by Azure Key Vault. Source: sops, azkv/keysource.go.
 */
#include "secrets/keys.h"

#include "secrets/clouds.h"

static Error *unwrap(Secrets *secrets, Arena *a, const ValueMap *key, Str *out)
{
    Str vault = value_map_string(key, "vault_url"), name = value_map_string(key, "name");
    ValueMap *request = value_map_new(a);
    Value answer;

    if (str_ends(vault, STR("/")))
        vault.len--;
    value_map_set_c(a, request, "alg", value_c("RSA-OAEP-256"));
    value_map_set_c(a, request, "value", value_string(value_map_string(key, "enc")));
    Str url = str_format(a, "%.*s/keys/%.*s/%.*s/decrypt?api-version=7.4", STR_ARG(vault),
                         STR_ARG(name), STR_ARG(value_map_string(key, "version")));
    TRY(error_hint(azure_vault_call(secrets, a, "POST", url, value_of_map(request), &answer),
                   "log in to Azure as somebody who may decrypt with %.*s", STR_ARG(name)));
    return base64_url_decode(a, service_text(answer, "value"), out);
}

const SopsKey sops_key_azure_kv = {.name = "azure_kv", .field = "name", .unwrap = unwrap};
