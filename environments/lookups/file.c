/*
 * file.c - ref+file://PATH: a file's text; ref+file://PATH#/KEY: a value in a YAML or JSON file.
 */
#include "environments/lookups/lookups.h"

#include "base/path.h"
#include "base/yaml.h"
#include "io/file.h"

static Error *file_lookup(Arena *a, const Reference *ref, Str directory, Value *out)
{
    const char *path = str_c(a, path_join(a, directory, ref->path));
    Value document;
    Str text;

    TRY(file_read(a, path, &text));
    if (!ref->key.len) {
        *out = value_string(text);
        return NULL;
    }
    TRY(yaml_parse(a, path, text, YAML_HELMFILE, &document));
    return lookup_key(document, ref->key, out);
}

const Lookup lookup_file = {
    .scheme = "file",
    .help = "A file, or the value at a key of a YAML or JSON file.",
    .read = file_lookup,
};
