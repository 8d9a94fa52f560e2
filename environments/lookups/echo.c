/*
 * echo.c - ref+echo://TEXT: TEXT itself, for trying things out; ref+echo://a/b#/KEY is
 * the part of it at KEY, as a path.
 */
#include "environments/lookups/lookups.h"

/* The text is a path whose parts are keys, the last one the value: foo/bar#/foo is bar. */
static Error *echo_read(Arena *a, const Reference *ref, const LookupScope *scope, Value *out)
{
    Str rest = ref->path, part;
    Value v;

    (void)scope;
    if (!ref->key.len) {
        *out = value_string(ref->path);
        return NULL;
    }
    size_t slash = str_find_last(rest, STR("/"));
    v = value_string(slash == STR_NONE ? rest : str_skip(rest, slash + 1));
    rest = slash == STR_NONE ? (Str){"", 0} : str_slice(rest, 0, slash);
    while (rest.len) {
        ValueMap *map = value_map_new(a);

        slash = str_find_last(rest, STR("/"));
        part = slash == STR_NONE ? rest : str_skip(rest, slash + 1);
        rest = slash == STR_NONE ? (Str){"", 0} : str_slice(rest, 0, slash);
        value_map_set(a, map, part, v);
        v = value_of_map(map);
    }
    return lookup_key(v, ref->key, out);
}

const Lookup lookup_echo = {
    .scheme = "echo",
    .help = "The text itself.",
    .is_plain = true,
    .read = echo_read,
};
