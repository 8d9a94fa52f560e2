#include "secrets/wrap.h"

#include "secrets/age.h"
#include "secrets/keys.h"

/* The services, in the order in which they are asked whether a name is one of theirs. */
static const SopsKey *const services[] = {&sops_key_gcp_kms, &sops_key_hc_vault, &sops_key_azure_kv,
                                          &sops_key_kms};

/* Whose key is called NAME, and the fields that say so. */
static Error *find_service(Arena *a, Str name, const SopsKey **out, ValueMap *key)
{
    bool found = false;

    for (size_t i = 0; i < COUNT(services); i++) {
        TRY(services[i]->parse(a, name, key, &found));
        *out = services[i];
        if (found)
            return NULL;
    }
    return error_hint(error_new(ERROR_INPUT, "%.*s: is no key that relfile knows", STR_ARG(name)),
                      "arn:aws:kms:…, projects/…/cryptoKeys/NAME, "
                      "https://VAULT.vault.azure.net/keys/NAME/VERSION or "
                      "https://VAULT/v1/transit/keys/NAME");
}

Error *secrets_wrap(Secrets *secrets, Arena *a, WrapKind kind, Str name, Str key, Str *out)
{
    ValueMap *fields = value_map_new(a);
    const SopsKey *service;

    if (kind == WRAP_AGE)
        return age_seal(a, name, key, out);
    TRY(find_service(a, name, &service, fields));
    TRY(service->wrap(secrets, a, fields, key, out));
    return out->len
               ? NULL
               : error_new(ERROR_INPUT, "%.*s: the service gives no wrapped key", STR_ARG(name));
}

Error *secrets_unwrap(Secrets *secrets, Arena *a, WrapKind kind, Str name, Str wrapped, Str *out)
{
    const SopsKey *service = &sops_key_age;
    ValueMap *key = value_map_new(a);

    if (kind == WRAP_AGE)
        value_map_set_c(a, key, service->field, value_string(name));
    else
        TRY(find_service(a, name, &service, key));
    value_map_set_c(a, key, "enc", value_string(wrapped));
    return service->unwrap(secrets, a, key, out);
}
