/*
 * condition.c - `condition: kafka.enabled`. Source: helmfile, pkg/state/state.go,
 * ConditionEnabled.
 */
#include "release/steps.h"

static bool is_literal(Str text, const char *word)
{
    DEFER(arena_free) Arena scratch = {0};

    return str_is(str_lower(&scratch, text), word);
}

Error *step_condition(Arena *a, const SpecRelease *release, const ValueMap *values, bool *out)
{
    Str rest = release->condition.text, key;
    Value root = {.kind = VALUE_MAP, .map = value_map_shallow(a, values)};
    const Value *here = &root;
    bool more = true;

    *out = true;
    if (!rest.len || is_literal(rest, "true"))
        return NULL;
    *out = false;
    if (is_literal(rest, "false"))
        return NULL;
    if (!str_ends(rest, STR(".enabled")) && !str_is(rest, "enabled"))
        return error_at(
            release->condition.place,
            "the condition \"%.*s\" must be true, false, or a path that ends in .enabled",
            STR_ARG(release->condition.text));
    while (more) {
        more = str_cut(&rest, '.', &key);
        const Value *next = value_map_get(here->map, key);
        if (more && (!next || next->kind != VALUE_MAP))
            return error_hint(error_at(release->condition.place,
                                       "the condition \"%.*s\" looks for \"%.*s\" in the values, "
                                       "which is %s",
                                       STR_ARG(release->condition.text), STR_ARG(key),
                                       next ? "no map" : "not there"),
                              "give it a default in `values:`");
        if (!next)
            return NULL;
        here = next;
    }
    *out = here->kind == VALUE_BOOL && here->boolean;
    return NULL;
}
