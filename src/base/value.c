#include "base/value.h"

#include "base/lang.h"
#include "base/number.h"
#include "base/sorted.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

typedef struct TypeRow {
    ValueKind kind;
    const char *go_name;
} TypeRow;

static const TypeRow types[] = {
#define VALUE_TYPE_ROW(name, kind, go) [TYPE_##name] = {VALUE_##kind, go},
    VALUE_TYPES(VALUE_TYPE_ROW)
#undef VALUE_TYPE_ROW
};

static const ValueType usual_types[] = {
    [VALUE_NULL] = TYPE_NIL,      [VALUE_BOOL] = TYPE_BOOL,     [VALUE_INT] = TYPE_INT,
    [VALUE_UINT] = TYPE_UINT64,   [VALUE_FLOAT] = TYPE_FLOAT64, [VALUE_COMPLEX] = TYPE_COMPLEX128,
    [VALUE_STRING] = TYPE_STRING, [VALUE_BYTES] = TYPE_BYTES,   [VALUE_LIST] = TYPE_LIST,
    [VALUE_MAP] = TYPE_MAP,       [VALUE_OBJECT] = TYPE_OBJECT,
};

bool value_field_is_exported(const ValueField *field)
{
    return field->json || (field->name[0] >= 'A' && field->name[0] <= 'Z');
}

Value value_null(void)
{
    return (Value){.kind = VALUE_NULL};
}

Value value_missing(void)
{
    return (Value){.kind = VALUE_NULL, .type = TYPE_MISSING};
}

Value value_bool(bool b)
{
    return (Value){.kind = VALUE_BOOL, .boolean = b};
}

Value value_int(int64_t n)
{
    return (Value){.kind = VALUE_INT, .integer = n};
}

Value value_int64(int64_t n)
{
    return (Value){.kind = VALUE_INT, .type = TYPE_INT64, .integer = n};
}

Value value_float(double n)
{
    return (Value){.kind = VALUE_FLOAT, .real = n};
}

Value value_string(Str s)
{
    return (Value){.kind = VALUE_STRING, .string = s};
}

Value value_c(const char *text)
{
    return value_string(str_from(text));
}

Value value_bytes(Str bytes)
{
    return (Value){.kind = VALUE_BYTES, .string = bytes};
}

Value value_list(Value *items, size_t len)
{
    static Value nothing; // only its address is used: an empty list is not Go's nil

    return (Value){.kind = VALUE_LIST, .list = {len ? items : &nothing, len}};
}

Value value_of_map(ValueMap *map)
{
    return (Value){.kind = VALUE_MAP, .map = map};
}

Value value_of_object(const ValueObject *object)
{
    return (Value){.kind = VALUE_OBJECT, .object = object};
}

Value value_typed(Value v, ValueType type)
{
    if (types[type].kind != v.kind)
        BUG("a %s cannot be a %s", value_kind_name(v.kind), types[type].go_name);
    v.type = (uint8_t)type;
    return v;
}

ValueType value_type_of(Value v)
{
    return v.type ? v.type : usual_types[v.kind];
}

const char *value_kind_name(ValueKind kind)
{
    static const char *const names[] = {
        [VALUE_NULL] = "null",     [VALUE_BOOL] = "bool",     [VALUE_INT] = "int",
        [VALUE_UINT] = "int",      [VALUE_FLOAT] = "float",   [VALUE_COMPLEX] = "complex number",
        [VALUE_STRING] = "string", [VALUE_BYTES] = "bytes",   [VALUE_LIST] = "list",
        [VALUE_MAP] = "map",       [VALUE_OBJECT] = "object",
    };

    return names[kind];
}

const char *value_go_type(Value v)
{
    if (v.kind == VALUE_OBJECT)
        return v.object->type->name;
    return types[value_type_of(v)].go_name;
}

bool value_is_null(Value v)
{
    return v.kind == VALUE_NULL;
}

bool value_is_string(Value v, const char *text)
{
    return v.kind == VALUE_STRING && str_is(v.string, text);
}

bool value_is_nil(Value v)
{
    return v.kind == VALUE_NULL || (v.kind == VALUE_LIST && !v.list.items) ||
           (v.kind == VALUE_MAP && !v.map);
}

Value value_from_setting(Str text)
{
    int64_t n;

    if (utf8_equal_fold(text, "true"))
        return value_bool(true);
    if (utf8_equal_fold(text, "false"))
        return value_bool(false);
    if (utf8_equal_fold(text, "null"))
        return value_null();
    if (str_is(text, "0"))
        return value_int64(0);
    if (text.len && text.ptr[0] != '0' && number_parse_int(text, 10, &n) == NUMBER_OK)
        return value_int64(n);
    return value_string(text);
}

ValueMap *value_map_new(Arena *a)
{
    ValueMap *map = arena_new(a, ValueMap);

    map->part = a->part;
    return map;
}

static int compare_key(const void *entry, const void *key)
{
    return str_compare(((const ValueEntry *)entry)->key, *(const Str *)key);
}

/* Where KEY is in MAP, or else where it belongs. */
static size_t map_position(const ValueMap *map, Str key, bool *found)
{
    return sorted_position(map->entries, map->len, sizeof(*map->entries), &key, compare_key, found);
}

const Value *value_map_get(const ValueMap *map, Str key)
{
    bool found = false;
    size_t at = map ? map_position(map, key, &found) : 0;

    return found ? &map->entries[at].value : NULL;
}

const Value *value_map_get_c(const ValueMap *map, const char *key)
{
    return value_map_get(map, str_from(key));
}

Str value_map_string(const ValueMap *map, const char *key)
{
    const Value *v = value_map_get_c(map, key);

    return v && v->kind == VALUE_STRING ? v->string : (Str){"", 0};
}

static void map_grow(Arena *a, ValueMap *map)
{
    size_t cap = map->cap ? map->cap * 2 : 8;
    ValueEntry *entries = arena_array(a, ValueEntry, cap);

    if (map->len)
        memcpy(entries, map->entries, map->len * sizeof(*entries));
    map->entries = entries;
    map->cap = cap;
}

static void check_thawed(const ValueMap *map, Str key)
{
    if (map->frozen)
        BUG("change of \"%.*s\" in a frozen map", STR_ARG(key));
}

/* What is in A comes into MAP. */
static void note_reference(Arena *a, const ValueMap *map)
{
    a->referred |= map->part != a->part;
}

void value_map_set(Arena *a, ValueMap *map, Str key, Value v)
{
    bool found;
    size_t at = map_position(map, key, &found);

    check_thawed(map, key);
    note_reference(a, map);
    if (!found) {
        if (map->len == map->cap)
            map_grow(a, map);
        memmove(&map->entries[at + 1], &map->entries[at], (map->len - at) * sizeof(*map->entries));
        map->entries[at].key = key;
        map->len++;
    }
    map->entries[at].value = v;
}

void value_map_set_c(Arena *a, ValueMap *map, const char *key, Value v)
{
    value_map_set(a, map, str_from(key), v);
}

bool value_map_remove(ValueMap *map, Str key)
{
    bool found;
    size_t at = map_position(map, key, &found);

    check_thawed(map, key);
    if (!found)
        return false;
    map->len--;
    memmove(&map->entries[at], &map->entries[at + 1], (map->len - at) * sizeof(*map->entries));
    return true;
}

void value_map_append(Arena *a, ValueMap *map, Str key, Value v)
{
    check_thawed(map, key);
    note_reference(a, map);
    if (map->len == map->cap)
        map_grow(a, map);
    map->entries[map->len++] = (ValueEntry){key, v};
}

/* By key, and among equal keys by the order of their arrival, which is that of their addresses. */
static int compare_entries(const void *left, const void *right)
{
    const ValueEntry *const *a = left, *const *b = right;
    int order = str_compare((*a)->key, (*b)->key);

    return order ? order : (*a > *b) - (*a < *b);
}

static bool is_sorted(const ValueMap *map)
{
    for (size_t i = 1; i < map->len; i++)
        if (str_compare(map->entries[i - 1].key, map->entries[i].key) >= 0)
            return false;
    return true;
}

void value_map_sort(ValueMap *map)
{
    if (is_sorted(map))
        return;

    DEFER(arena_free) Arena scratch = {0};
    const ValueEntry **order = arena_array(&scratch, const ValueEntry *, map->len);
    ValueEntry *sorted = arena_array(&scratch, ValueEntry, map->len);
    size_t len = 0;

    for (size_t i = 0; i < map->len; i++)
        order[i] = &map->entries[i];
    qsort(order, map->len, sizeof(ValueEntry *), compare_entries);
    for (size_t i = 0; i < map->len; i++) {
        if (len && str_equal(sorted[len - 1].key, order[i]->key))
            len--;
        sorted[len++] = *order[i];
    }
    memcpy(map->entries, sorted, len * sizeof(*sorted));
    map->len = len;
}

ValueMap *value_map_shallow(Arena *a, const ValueMap *map)
{
    ValueMap *copy = value_map_new(a);

    if (map && map->len) {
        copy->entries = arena_array(a, ValueEntry, map->len);
        copy->len = copy->cap = map->len;
        memcpy(copy->entries, map->entries, map->len * sizeof(*map->entries));
    }
    return copy;
}

const Value *value_at(const Value *root, Str path)
{
    const Value *here = root;
    bool more = true;
    Str key;

    while (more && here) {
        more = str_cut(&path, '.', &key);
        here = here->kind == VALUE_MAP ? value_map_get(here->map, key) : NULL;
    }
    return here;
}

void value_merge(Arena *a, ValueMap *base, const ValueMap *over)
{
    for (size_t i = 0; over && i < over->len; i++) {
        Str key = over->entries[i].key;
        Value new = over->entries[i].value;
        const Value *old = value_map_get(base, key);

        if (new.kind == VALUE_MAP && old && old->kind == VALUE_MAP && old->map) {
            Value merged = *old;

            merged.map = value_map_shallow(a, old->map);
            value_merge(a, merged.map, new.map);
            value_map_set(a, base, key, merged);
        } else {
            value_map_set(a, base, key, new);
        }
    }
}

/* Copying: with texts, or sharing them. */
typedef struct Copier {
    Arena *arena;
    bool shares_texts;
} Copier;

static Value copy(const Copier *c, Value v);

static Str copy_text(const Copier *c, Str text)
{
    return c->shares_texts ? text : str_copy(c->arena, text);
}

static Value copy_list(const Copier *c, Value v)
{
    if (!v.list.len)
        return v;

    Value *items = arena_array(c->arena, Value, v.list.len);
    for (size_t i = 0; i < v.list.len; i++)
        items[i] = copy(c, v.list.items[i]);
    v.list.items = items;
    return v;
}

static Value copy_map(const Copier *c, Value v)
{
    if (!v.map)
        return v;

    v.map = value_map_shallow(c->arena, v.map);
    for (size_t i = 0; i < v.map->len; i++) {
        v.map->entries[i].key = copy_text(c, v.map->entries[i].key);
        v.map->entries[i].value = copy(c, v.map->entries[i].value);
    }
    return v;
}

static Value copy_object(const Copier *c, Value v)
{
    ValueObject *object = arena_new(c->arena, ValueObject);
    Value *fields = arena_array(c->arena, Value, v.object->type->len);

    *object = *v.object;
    for (size_t i = 0; i < object->type->len; i++)
        fields[i] = copy(c, v.object->fields[i]);
    object->fields = fields;
    if (object->type->copy_self)
        object->self = object->type->copy_self(c->arena, object->self);
    v.object = object;
    return v;
}

static Value copy(const Copier *c, Value v)
{
    switch ((ValueKind)v.kind) {
    case VALUE_NULL:
    case VALUE_BOOL:
    case VALUE_INT:
    case VALUE_UINT:
    case VALUE_FLOAT:
    case VALUE_COMPLEX:
        return v;
    case VALUE_STRING:
    case VALUE_BYTES:
        v.string = copy_text(c, v.string);
        return v;
    case VALUE_LIST:
        return copy_list(c, v);
    case VALUE_MAP:
        return copy_map(c, v);
    case VALUE_OBJECT:
        return copy_object(c, v);
    }
    BUG("value kind %d", v.kind);
}

Value value_copy(Arena *a, Value v)
{
    return copy(&(Copier){a, false}, v);
}

Value value_thaw(Arena *a, Value v)
{
    return copy(&(Copier){a, true}, v);
}

void value_freeze(Value v)
{
    if (v.kind == VALUE_LIST) {
        for (size_t i = 0; i < v.list.len; i++)
            value_freeze(v.list.items[i]);
    } else if (v.kind == VALUE_MAP && v.map && !v.map->frozen) {
        v.map->frozen = true;
        for (size_t i = 0; i < v.map->len; i++)
            value_freeze(v.map->entries[i].value);
    }
}

bool value_within(Value v, int depth, size_t *nodes)
{
    if (depth <= 0 || *nodes == 0)
        return false;
    --*nodes;
    if (v.kind == VALUE_LIST) {
        for (size_t i = 0; i < v.list.len; i++)
            if (!value_within(v.list.items[i], depth - 1, nodes))
                return false;
    } else if (v.kind == VALUE_MAP && v.map) {
        for (size_t i = 0; i < v.map->len; i++)
            if (!value_within(v.map->entries[i].value, depth - 1, nodes))
                return false;
    }
    return true;
}
