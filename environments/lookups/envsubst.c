/*
 * envsubst.c - ref+envsubst://TEXT: TEXT with $NAME and ${NAME} replaced by environment variables.
 */
#include "environments/lookups/lookups.h"

#include "environments/expand.h"

static Error *envsubst_text(Arena *a, const Reference *ref, const LookupScope *scope, Str *out)
{
    (void)scope;
    *out = variables_expand(a, ref->path);
    return NULL;
}

const Lookup lookup_envsubst = {
    .scheme = "envsubst",
    .help = "A text with environment variables in it.",
    .text = envsubst_text,
};
