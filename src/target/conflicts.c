#include "target/conflicts.h"

#include "base/field.h"
#include "base/json.h"

/* What scales by itself: the controllers' own name is that of horizontal autoscalers, too. */
static const char *const autoscalers[] = {"kube-controller-manager", "horizontal-pod-autoscaler",
                                          "keda-operator", "vpa-updater"};

static bool without(Arena *a, Value *v, Str path);

/* Where KEY, of a map, ends in PATH, which begins behind the dot; keys may have dots themselves. */
static const ValueEntry *key_at(const ValueMap *map, Str path)
{
    const ValueEntry *best = NULL;

    for (size_t i = 0; i < map->len; i++) {
        Str key = map->entries[i].key,
            rest = str_starts(path, key) ? str_skip(path, key.len) : path;
        bool ends = !rest.len || rest.ptr[0] == '.' || rest.ptr[0] == '[';

        if (str_starts(path, key) && ends && (!best || key.len > best->key.len))
            best = &map->entries[i];
    }
    return best;
}

static bool without_key(Arena *a, Value *v, Str path)
{
    const ValueEntry *entry = v->kind == VALUE_MAP && v->map ? key_at(v->map, path) : NULL;

    if (!entry)
        return false;
    Str key = entry->key, rest = str_skip(path, key.len);
    Value inner = entry->value;
    if (rest.len && !without(a, &inner, rest))
        return false;
    ValueMap *map = value_map_shallow(a, v->map);
    if (rest.len)
        value_map_set(a, map, key, inner);
    else
        value_map_remove(map, key);
    *v = value_of_map(map);
    return true;
}

/* Whether ITEM is the one that KEYS, "name=\"web\",port=80", mean. */
static bool is_item(Arena *a, const Value *item, Str keys)
{
    Str key, name;
    Value wanted;

    while (keys.len) {
        bool more = str_cut(&keys, ',', &key);

        if (!str_cut(&key, '=', &name))
            return false;
        Error *err = json_parse(a, NULL, key, &wanted);
        error_free(err);
        const Value *is = name.len ? value_at(item, name) : item;
        if (err || !is || !value_alike(*is, wanted))
            return false;
        if (!more)
            break;
    }
    return true;
}

static bool without_item(Arena *a, Value *v, Str path)
{
    size_t end = str_find_char(path, ']');
    Value *items;

    if (end == STR_NONE || v->kind != VALUE_LIST)
        return false;
    Str keys = str_slice(path, 1, end), rest = str_skip(path, end + 1);
    size_t at = 0, len = v->list.len;
    while (at < len && !is_item(a, &v->list.items[at], keys))
        at++;
    if (at == len)
        return false;
    Value inner = v->list.items[at];
    if (rest.len && !without(a, &inner, rest))
        return false;
    items = arena_array(a, Value, len);
    for (size_t i = 0; i < len; i++)
        items[i < at || rest.len ? i : i - 1] = i == at ? inner : v->list.items[i];
    *v = value_list(items, rest.len ? len : len - 1);
    return true;
}

/* Make V a copy that lacks what PATH leads to; false: it has nothing there. */
static bool without(Arena *a, Value *v, Str path)
{
    if (path.len && path.ptr[0] == '.')
        return without_key(a, v, str_skip(path, 1));
    return path.len && path.ptr[0] == '[' && without_item(a, v, path);
}

static bool is_autoscaled(Str field, Str manager)
{
    if (!str_is(field, ".spec.replicas"))
        return false;
    for (size_t i = 0; i < COUNT(autoscalers); i++)
        if (str_is(manager, autoscalers[i]))
            return true;
    return false;
}

bool conflicts_leave_out(Arena *a, const FieldConflictList *conflicts, const TargetApply *how,
                         Value *object, Str *fields)
{
    Value rest = *object;
    Buf said = {.arena = a};

    if (how->force || how->create_only)
        return false;
    for (size_t i = 0; i < conflicts->len; i++) {
        const FieldConflict *c = &conflicts->items[i];

        if ((how->keep || is_autoscaled(c->field, c->manager)) && without(a, &rest, c->field))
            buf_format(&said, "%s%.*s (%.*s)", said.len ? ", " : "", STR_ARG(c->field),
                       STR_ARG(c->manager));
    }
    if (said.len)
        *object = rest;
    *fields = buf_str(&said);
    return said.len > 0;
}

Value autoscaled(Arena *a, Value object, const Value *live)
{
    ValueList entries = field_list(live, "metadata.managedFields");
    const Value *replicas = field_at(live, "spec.replicas");

    for (size_t i = 0; i < entries.len; i++) {
        const Value *entry = &entries.items[i];

        if (!str_is(field_string(entry, "subresource"), "scale") || !replicas ||
            !is_autoscaled(STR(".spec.replicas"), field_string(entry, "manager")) ||
            !field_at(&object, "spec.replicas"))
            continue;
        ValueMap *map = value_map_shallow(a, object.map);
        ValueMap *spec = value_map_shallow(a, field_map(&object, "spec"));
        value_map_set_c(a, spec, "replicas", *replicas);
        value_map_set_c(a, map, "spec", value_of_map(spec));
        return value_of_map(map);
    }
    return object;
}
