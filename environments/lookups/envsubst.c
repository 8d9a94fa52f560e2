/*
 * envsubst.c - ref+envsubst://TEXT: TEXT with $NAME and ${NAME} replaced by environment variables.
 */
#include "environments/lookups/lookups.h"

#include "environments/expand.h"

static Error *envsubst_read(Arena *a, const Reference *ref, Str directory, Value *out)
{
    (void)directory;
    *out = value_string(variables_expand(a, ref->path));
    return NULL;
}

const Lookup lookup_envsubst = {
    .scheme = "envsubst",
    .help = "A text with environment variables in it.",
    .read = envsubst_read,
};
