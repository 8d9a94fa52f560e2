/*
 * key_azure_kv.c - data keys wrapped by Azure Key Vault. Source: sops, azkv/keysource.go.
 */
#include "secrets/keys.h"

#include "secrets/clouds.h"

/* VERB is "encrypt" or "decrypt"; TEXT and what comes out are in base64 of URLs. */
static Error *call(Secrets *secrets, Arena *a, const ValueMap *key, const char *verb, Str text,
                   Str *out)
{
    Str vault = value_map_string(key, "vault_url"), name = value_map_string(key, "name");
    ValueMap *request = value_map_new(a);
    Value answer;

    if (str_ends(vault, STR("/")))
        vault.len--;
    value_map_set_c(a, request, "alg", value_c("RSA-OAEP-256"));
    value_map_set_c(a, request, "value", value_string(text));
    Str url = str_format(a, "%.*s/keys/%.*s/%.*s/%s?api-version=7.4", STR_ARG(vault), STR_ARG(name),
                         STR_ARG(value_map_string(key, "version")), verb);
    TRY(error_hint(azure_vault_call(secrets, a, "POST", url, value_of_map(request), &answer),
                   "log in to Azure as somebody who may %s with %.*s", verb, STR_ARG(name)));
    *out = service_text(answer, "value");
    return NULL;
}

static Error *unwrap(Secrets *secrets, Arena *a, const ValueMap *key, Str *out)
{
    Str text;

    TRY(call(secrets, a, key, "decrypt", value_map_string(key, "enc"), &text));
    return base64_url_decode(a, text, out);
}

static Error *wrap(Secrets *secrets, Arena *a, const ValueMap *key, Str secret, Str *enc)
{
    return call(secrets, a, key, "encrypt", base64_url_encode(a, secret), enc);
}

/* https://VAULT.vault.azure.net/keys/NAME/VERSION */
static Error *parse(Arena *a, Str name, ValueMap *key, bool *found)
{
    size_t keys = str_find(name, STR("/keys/"));
    Str id, version;

    *found = str_starts(name, STR("https://")) && keys != STR_NONE &&
             str_find(name, STR("/v1/")) == STR_NONE;
    if (!*found)
        return NULL;
    version = str_skip(name, keys + 6);
    str_cut(&version, '/', &id);
    if (!id.len || !version.len || version.ptr == id.ptr)
        return error_hint(
            error_new(ERROR_INPUT, "%.*s: the version of the key is missing", STR_ARG(name)),
            "https://VAULT.vault.azure.net/keys/NAME/VERSION");
    value_map_set_c(a, key, "vault_url", value_string(str_slice(name, 0, keys)));
    value_map_set_c(a, key, "name", value_string(id));
    value_map_set_c(a, key, "version", value_string(version));
    return NULL;
}

const SopsKey sops_key_azure_kv = {
    .name = "azure_kv", .field = "name", .unwrap = unwrap, .wrap = wrap, .parse = parse};
