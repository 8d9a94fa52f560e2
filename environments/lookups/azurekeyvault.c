/*
 * azurekeyvault.c - ref+azurekeyvault://VAULT/NAME[/VERSION]: a secret of Azure Key Vault; with
 * #/KEY, a value in it. Source: vals, providers/azurekeyvault.
 */
#include "environments/lookups/lookups.h"

#include "secrets/clouds.h"

static Error *azurekeyvault_text(Arena *a, const Reference *ref, const LookupScope *scope, Str *out)
{
    Str name = ref->path, vault, version = {"", 0};
    Value answer;

    if (str_ends(name, STR("/")))
        name.len--;
    bool named = str_cut(&name, '/', &vault);
    size_t slash = str_find_char(name, '/');
    if (slash != STR_NONE) {
        version = str_skip(name, slash + 1);
        name = str_slice(name, 0, slash);
    }
    if (!named || !vault.len || !name.len || str_find_char(version, '/') != STR_NONE)
        return error_new(ERROR_INPUT, "a secret is named as VAULT/NAME or VAULT/NAME/VERSION");
    Str url = str_format(a, "https://%.*s%s/secrets/%.*s%s%.*s?api-version=7.4", STR_ARG(vault),
                         str_find_char(vault, '.') == STR_NONE ? ".vault.azure.net" : "",
                         STR_ARG(name), version.len ? "/" : "", STR_ARG(version));
    TRY(azure_vault_call(scope->secrets, a, "GET", url, value_null(), &answer));
    *out = service_text(answer, "value");
    return NULL;
}

const Lookup lookup_azurekeyvault = {
    .scheme = "azurekeyvault",
    .help = "A secret of Azure Key Vault, or the value at a key of it.",
    .is_slow = true,
    .text = azurekeyvault_text,
};
