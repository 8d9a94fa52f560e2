/*
 * sops.c - ref+sops://PATH: a file that sops has encrypted; ref+sops://PATH#/KEY: a value in it.
 * Settings: key_type=base64 where PATH is the file itself, format, encode.
 */
#include "environments/lookups/lookups.h"

#include "base/base64.h"
#include "base/path.h"
#include "io/file.h"

/* base64 as URLs have it. */
static Error *decode_url_text(Arena *a, Str text, Str *out)
{
    char *standard = arena_text(a, text.len);

    for (size_t i = 0; i < text.len; i++)
        standard[i] = text.ptr[i] == '-' ? '+' : text.ptr[i] == '_' ? '/' : text.ptr[i];
    return base64_decode(a, (Str){standard, text.len}, out);
}

static Error *decrypt(Arena *a, const Reference *ref, const LookupScope *scope, bool as_map,
                      Str *out)
{
    Str key_type = lookup_setting(a, ref, "key_type"), name = lookup_setting(a, ref, "format"),
        text;
    bool is_path = !key_type.len || str_is(key_type, "filepath");
    Str path = path_join(a, scope->directory, ref->path);
    const char *file = is_path ? str_c(a, path) : "(base64)";
    SopsFormat format = is_path ? sops_format_of(path) : SOPS_BINARY;

    if (as_map && format == SOPS_BINARY)
        format = SOPS_YAML;
    if (name.len && !sops_format_named(name, &format))
        return error_new(ERROR_INPUT, "there is no format \"%.*s\"", STR_ARG(name));
    if (!is_path && !str_is(key_type, "base64"))
        return error_new(ERROR_INPUT, "\"key_type\" is filepath or base64, not \"%.*s\"",
                         STR_ARG(key_type));
    TRY(is_path ? file_read(a, file, &text) : decode_url_text(a, ref->path, &text));
    return sops_decrypt(scope->secrets, a, file, text, format, out);
}

static Error *sops_text(Arena *a, const Reference *ref, const LookupScope *scope, Str *out)
{
    TRY(decrypt(a, ref, scope, false, out));
    return lookup_encode(a, ref, *out, out);
}

static Error *sops_map(Arena *a, const Reference *ref, const LookupScope *scope, Value *out)
{
    Str text;

    TRY(decrypt(a, ref, scope, true, &text));
    return lookup_parse(a, ref, text, out);
}

const Lookup lookup_sops = {
    .scheme = "sops",
    .help = "A file that sops has encrypted, or the value at a key of it.",
    .is_slow = true,
    .text = sops_text,
    .map = sops_map,
};
