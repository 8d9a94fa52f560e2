/*
 * merge.c - mergo's deepMerge for what templates can have: maps, and in them anything. The
 * target's items cannot be assigned to there, only maps; so all else goes by replacing.
 */
#include "templating/merge.h"

#include "base/stack.h"
#include "templating/template.h"
#include "templating/types.h"

#include <string.h>

#define FAIL(...) error_new(ERROR_INPUT, __VA_ARGS__)

enum { MOST_NODES = 20 * 1000 * 1000 };

typedef struct Merge {
    Arena *arena;
    bool overrides;
    bool mismatch;
    size_t nodes; /* that may still be looked at */
} Merge;

static Error *merge(Merge *m, Value target, Value source) MUST_CHECK;

/* A complex 0 is not empty there. */
static bool is_empty(Value v)
{
    return v.kind != VALUE_COMPLEX && !template_truth(v);
}

static bool is_pointer(Value v)
{
    return v.kind == VALUE_OBJECT && v.object->type->name[0] == '*';
}

static bool holds_anything(Value map)
{
    return value_type_of(map) == TYPE_MAP || value_type_of(map) == TYPE_VALUES;
}

/* A map[string]string takes no values from a map that may hold others. */
static Error *set(Merge *m, Value target, Value source, Str key, Value v)
{
    if (!holds_anything(target) && value_type_of(target) != value_type_of(source))
        return FAIL("a value of a %s cannot go into a %s", value_go_type(source),
                    value_go_type(target));
    value_map_set(m->arena, target.map, key, v);
    return NULL;
}

/* A struct or a pointer to one, in the target, meets SOURCE, a struct, a pointer or a map. */
static Error *merge_object(Merge *m, Value target, Value source)
{
    bool same = source.kind == VALUE_OBJECT && source.object->type == target.object->type;

    if (is_pointer(target)) {
        if (!is_pointer(source) && !m->overrides)
            m->mismatch = true;
        return NULL;
    }
    if (target.object->type->len && !same)
        return FAIL("a %s cannot be merged into a %s", value_go_type(source),
                    value_go_type(target));
    return NULL;
}

/* The item at KEY is a list, in the source. */
static Error *merge_list(Merge *m, Value target, Value source, const ValueEntry *entry,
                         const Value *old)
{
    Value list = old && old->kind != VALUE_NULL ? *old : value_list(NULL, 0);

    if (m->overrides || target.map->len == 0)
        list = entry->value;
    return set(m, target, source, entry->key, list);
}

static Error *merge_entry(Merge *m, Value target, Value source, const ValueEntry *entry)
{
    const Value *found = value_map_get(target.map, entry->key);
    Value old = found ? *found : value_missing(), new = entry->value;

    if (new.kind == VALUE_NULL)
        return m->overrides ? set(m, target, source, entry->key, new) : NULL;
    if (new.kind == VALUE_MAP || new.kind == VALUE_OBJECT) {
        TRY(merge(m, old, new));
        if (m->mismatch)
            return NULL;
    } else if (type_is_list(new)) {
        TRY(merge_list(m, target, source, entry, found ? &old : NULL));
    }
    bool merged = type_is_list(new) || (new.kind == VALUE_MAP &&old.kind == VALUE_MAP);
    if (!is_empty(old) && (merged || !m->overrides))
        return NULL;
    return set(m, target, source, entry->key, new);
}

/* Over the entries as they are now: the maps may be the same, or contain each other. */
static Error *merge_entries(Merge *m, Value target, Value source)
{
    size_t len = source.map ? source.map->len : 0;
    ValueEntry *entries = arena_array(m->arena, ValueEntry, len);

    if (len)
        memcpy(entries, source.map->entries, len * sizeof(*entries));
    for (size_t i = 0; i < len && !m->mismatch; i++)
        TRY(merge_entry(m, target, source, &entries[i]));
    return NULL;
}

static Error *merge(Merge *m, Value target, Value source)
{
    if (m->nodes-- == 0 || stack_low())
        return FAIL("the maps contain themselves, or are too large");
    if (target.kind == VALUE_OBJECT)
        return merge_object(m, target, source);
    if (target.kind == VALUE_MAP && target.map && source.kind == VALUE_MAP)
        return merge_entries(m, target, source);
    return NULL;
}

Error *merge_maps(Arena *a, Value target, Value source, MergeRule rule, bool *mismatch)
{
    Merge m = {.arena = a, .overrides = rule == MERGE_OVERRIDE, .nodes = MOST_NODES};

    TRY(merge(&m, target, source));
    *mismatch = m.mismatch;
    return NULL;
}
