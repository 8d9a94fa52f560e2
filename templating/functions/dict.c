/*
 * dict.c - maps. Source: sprig, dict.go. The order of keys and values, which is random
 * there, is the alphabetical one.
 */
#include "base/slice.h"
#include "templating/cast.h"
#include "templating/functions/sets.h"
#include "templating/merge.h"

#define FAIL(...) error_new(ERROR_INPUT, __VA_ARGS__)

static Error *run_dict(const TemplateCall *call, Value *out)
{
    ValueMap *map = value_map_new(call->arena);

    for (size_t i = 0; i < call->len; i += 2) {
        Str key;

        TRY(cast_string(call->arena, call->args[i], &key));
        value_map_set(call->arena, map, key, i + 1 < call->len ? call->args[i + 1] : value_c(""));
    }
    *out = value_of_map(map);
    return NULL;
}

static Error *run_get(const TemplateCall *call, Value *out)
{
    const Value *found = value_map_get(call->args[0].map, call->args[1].string);

    template_note_read(call, call->args[0].map, call->args[1].string);
    *out = found ? *found : value_c("");
    return NULL;
}

static Error *run_set(const TemplateCall *call, Value *out)
{
    ValueMap *map = call->args[0].map;

    if (!map)
        return FAIL("assignment to entry in nil map");
    value_map_set(call->arena, map, call->args[1].string, call->args[2]);
    *out = value_of_map(map);
    return NULL;
}

static Error *run_unset(const TemplateCall *call, Value *out)
{
    ValueMap *map = call->args[0].map;

    if (map)
        value_map_remove(map, call->args[1].string);
    *out = value_of_map(map);
    return NULL;
}

static Error *run_has_key(const TemplateCall *call, Value *out)
{
    template_note_read(call, call->args[0].map, call->args[1].string);
    *out = value_bool(value_map_get(call->args[0].map, call->args[1].string) != NULL);
    return NULL;
}

static size_t map_len(Value map)
{
    return map.map ? map.map->len : 0;
}

static Error *run_keys(const TemplateCall *call, Value *out)
{
    size_t len = 0;

    for (size_t i = 0; i < call->len; i++)
        len += map_len(call->args[i]);
    Value *items = arena_array(call->arena, Value, len);
    size_t at = 0;
    for (size_t i = 0; i < call->len; i++)
        for (size_t j = 0; j < map_len(call->args[i]); j++)
            items[at++] = value_string(call->args[i].map->entries[j].key);
    *out = slice_appended(value_typed(value_list(items, len), TYPE_STRINGS));
    return NULL;
}

static Error *run_values(const TemplateCall *call, Value *out)
{
    size_t len = map_len(call->args[0]);
    Value *items = arena_array(call->arena, Value, len);

    for (size_t i = 0; i < len; i++)
        items[i] = call->args[0].map->entries[i].value;
    *out = slice_appended(value_list(items, len));
    return NULL;
}

static Error *run_pluck(const TemplateCall *call, Value *out)
{
    Value *items = arena_array(call->arena, Value, call->len);
    size_t len = 0;

    for (size_t i = 1; i < call->len; i++) {
        const Value *found = value_map_get(call->args[i].map, call->args[0].string);

        if (found)
            items[len++] = *found;
    }
    *out = slice_appended(value_list(items, len));
    return NULL;
}

static Error *run_pick(const TemplateCall *call, Value *out)
{
    ValueMap *map = value_map_new(call->arena);

    for (size_t i = 1; i < call->len; i++) {
        const Value *found = value_map_get(call->args[0].map, call->args[i].string);

        if (found)
            value_map_set(call->arena, map, call->args[i].string, *found);
    }
    *out = value_of_map(map);
    return NULL;
}

static Error *run_omit(const TemplateCall *call, Value *out)
{
    ValueMap *map = value_map_shallow(call->arena, call->args[0].map);

    for (size_t i = 1; i < call->len; i++)
        value_map_remove(map, call->args[i].string);
    *out = value_of_map(map);
    return NULL;
}

/* Only a plain map: a common.Values, as .Values is, is another type. */
static bool is_plain_map(Value v)
{
    return v.kind == VALUE_MAP && value_type_of(v) == TYPE_MAP;
}

static Error *check_dig(const TemplateCall *call)
{
    if (call->len < 3)
        return FAIL("needs at least three arguments");
    if (!is_plain_map(call->args[call->len - 1]))
        return FAIL("interface conversion: the last argument is %s, not map[string]interface {}",
                    value_go_type(call->args[call->len - 1]));
    for (size_t i = 0; i + 2 < call->len; i++)
        if (call->args[i].kind != VALUE_STRING)
            return FAIL("interface conversion: key %zu is %s, not string", i + 1,
                        value_go_type(call->args[i]));
    return NULL;
}

static Error *run_dig(const TemplateCall *call, Value *out)
{
    TRY(check_dig(call));
    Value here = call->args[call->len - 1];
    for (size_t i = 0; i + 2 < call->len; i++) {
        Str key = call->args[i].string;

        if (!is_plain_map(here))
            return FAIL("interface conversion: what should have \"%.*s\" is %s, not "
                        "map[string]interface {}",
                        STR_ARG(key), value_go_type(here));
        template_note_read(call, here.map, key);
        const Value *found = value_map_get(here.map, key);
        if (!found) {
            *out = call->args[call->len - 2];
            return NULL;
        }
        here = *found;
    }
    *out = here;
    return NULL;
}

/* The first argument with all others merged into it. */
static Error *merge_all(const TemplateCall *call, MergeRule rule, bool *mismatch, Value *out)
{
    *mismatch = false;
    *out = value_of_map(call->args[0].map);
    for (size_t i = 1; i < call->len && !*mismatch; i++) {
        if (!out->map && call->args[i].map)
            out->map = value_map_new(call->arena);
        TRY(merge_maps(call->arena, *out, value_of_map(call->args[i].map), rule, mismatch));
    }
    return NULL;
}

static Error *merge_quietly(const TemplateCall *call, MergeRule rule, Value *out)
{
    bool mismatch;

    TRY(merge_all(call, rule, &mismatch, out));
    if (mismatch)
        *out = value_c("");
    return NULL;
}

static Error *merge_or_fail(const TemplateCall *call, MergeRule rule, Value *out)
{
    bool mismatch;

    TRY(merge_all(call, rule, &mismatch, out));
    return mismatch ? FAIL("src and dst must be of same type") : NULL;
}

static Error *run_merge(const TemplateCall *call, Value *out)
{
    return merge_quietly(call, MERGE_FILL, out);
}

static Error *run_must_merge(const TemplateCall *call, Value *out)
{
    return merge_or_fail(call, MERGE_FILL, out);
}

static Error *run_merge_overwrite(const TemplateCall *call, Value *out)
{
    return merge_quietly(call, MERGE_OVERRIDE, out);
}

static Error *run_must_merge_overwrite(const TemplateCall *call, Value *out)
{
    return merge_or_fail(call, MERGE_OVERRIDE, out);
}

#define FILLS "MAP with what it lacks from the other maps; it changes."
#define OVERWRITES "MAP with what the other maps have; it changes."

static const TemplateFunction functions[] = {
    {"dict", "a*", "dict KEY VALUE...", "A map of the keys and values.", run_dict},
    {"dig", "a*", "dig KEY... DEFAULT MAP", "What is in MAP below the keys, or else DEFAULT.",
     run_dig},
    {"get", "ms", "get MAP KEY", "What is in MAP at KEY, or else an empty text.", run_get},
    {"hasKey", "ms", "hasKey MAP KEY", "Whether there is something in MAP at KEY.", run_has_key},
    {"keys", "m*", "keys MAP...", "The keys, in alphabetical order.", run_keys},
    {"merge", "mm*", "merge MAP OTHER...", FILLS, run_merge},
    {"mergeOverwrite", "mm*", "mergeOverwrite MAP OTHER...", OVERWRITES, run_merge_overwrite},
    {"mustMerge", "mm*", "mustMerge MAP OTHER...", FILLS, run_must_merge},
    {"mustMergeOverwrite", "mm*", "mustMergeOverwrite MAP OTHER...", OVERWRITES,
     run_must_merge_overwrite},
    {"omit", "ms*", "omit MAP KEY...", "A map without the keys.", run_omit},
    {"pick", "ms*", "pick MAP KEY...", "A map with nothing but the keys.", run_pick},
    {"pluck", "sm*", "pluck KEY MAP...", "What is at KEY in each of the maps.", run_pluck},
    {"set", "msa", "set MAP KEY VALUE", "MAP with VALUE at KEY; it changes.", run_set},
    {"unset", "ms", "unset MAP KEY", "MAP without KEY; it changes.", run_unset},
    {"values", "m", "values MAP", "The values, in the order of their keys.", run_values},
};

const TemplateFunctionSet template_functions_dict = {
    .name = "maps",
    .source = "sprig, dict.go",
    .functions = functions,
    .len = COUNT(functions),
};
