/*
 * file.c - ref+file://PATH: a file's text; ref+file://PATH#/KEY: a value in a YAML or JSON file.
 * Settings: encode.
 */
#include "environments/lookups/lookups.h"

#include "base/path.h"
#include "base/yaml.h"
#include "io/file.h"

static const char *file_path(Arena *a, const Reference *ref, const LookupScope *scope)
{
    return str_c(a, path_join(a, scope->directory, ref->path));
}

static Error *file_text(Arena *a, const Reference *ref, const LookupScope *scope, Str *out)
{
    TRY(file_read(a, file_path(a, ref, scope), out));
    return lookup_encode(a, ref, *out, out);
}

static Error *file_map(Arena *a, const Reference *ref, const LookupScope *scope, Value *out)
{
    const char *path = file_path(a, ref, scope);
    Str text;

    TRY(file_read(a, path, &text));
    return yaml_parse(a, path, text, YAML_HELMFILE, out);
}

const Lookup lookup_file = {
    .scheme = "file",
    .help = "A file, or the value at a key of a YAML or JSON file.",
    .text = file_text,
    .map = file_map,
};
