/*
 * secret.c - Secrets in the form in which servers keep them.
 */
#include "base/base64.h"
#include "base/field.h"
#include "manifest/manifest.h"

/* Whether all of TEXTS are: what is not is for the server to refuse. */
static bool are_strings(const ValueMap *texts)
{
    for (size_t i = 0; i < texts->len; i++)
        if (texts->entries[i].value.kind != VALUE_STRING)
            return false;
    return true;
}

Value secret_encoded(Arena *a, Value object)
{
    const ValueMap *texts = field_map(&object, "stringData");
    const Value *old = field_at(&object, "data");

    if (!texts || !are_strings(texts) || !str_is(field_string(&object, "kind"), "Secret") ||
        !str_is(field_string(&object, "apiVersion"), "v1") ||
        (old && old->kind != VALUE_MAP && old->kind != VALUE_NULL))
        return object;
    ValueMap *secret = value_map_shallow(a, object.map);
    ValueMap *data = value_map_shallow(a, field_map(&object, "data"));

    for (size_t i = 0; i < texts->len; i++)
        value_map_set(a, data, texts->entries[i].key,
                      value_string(base64_encode(a, texts->entries[i].value.string)));
    value_map_remove(secret, STR("stringData"));
    value_map_set_c(a, secret, "data", value_of_map(data));
    return value_of_map(secret);
}

bool manifest_is_secret(Str api_version, Str kind)
{
    return str_is(api_version, "v1") && str_is(kind, "Secret");
}
