#include "state/entry.h"

#include "base/json.h"
#include "base/time_layout.h"

enum { MS_PER_SECOND = 1000, NS_PER_MS = 1000000 };

static const double largest_integer = 9007199254740992; /* above it, JSON's numbers have gaps */

/* The value at NAME; NULL where there is none, or a null. */
static const Value *field(const ValueMap *map, const char *name)
{
    const Value *value = value_map_get_c(map, name);

    return value && !value_is_null(*value) ? value : NULL;
}

static Error *wrong_type(const char *name, const Value *value, const char *want)
{
    return error_new(ERROR_INPUT, "%s is a %s, not a %s", name, value_kind_name(value->kind), want);
}

Error *entry_string(const ValueMap *map, const char *name, Str *out)
{
    const Value *value = field(map, name);

    if (value && value->kind != VALUE_STRING)
        return wrong_type(name, value, "string");
    if (value)
        *out = value->string;
    return NULL;
}

Error *entry_integer(const ValueMap *map, const char *name, int64_t *out)
{
    const Value *value = field(map, name);

    if (!value)
        return NULL;
    if (value->kind == VALUE_INT) {
        *out = value->integer;
        return NULL;
    }
    if (value->kind != VALUE_FLOAT)
        return wrong_type(name, value, "number");
    if (!(value->real >= -largest_integer && value->real <= largest_integer) ||
        value->real != (double)(int64_t)value->real)
        return error_new(ERROR_INPUT, "%s is not a whole number", name);
    *out = (int64_t)value->real;
    return NULL;
}

Error *entry_parse(Arena *a, const char *file, Str text, const char *what, ValueMap **out)
{
    Value value;

    TRY(json_parse(a, file, text, &value));
    if (value.kind != VALUE_MAP)
        return error_new(ERROR_INPUT, "%s: is not %s", file, what);
    *out = value.map;
    return NULL;
}

Error *entry_text(Arena *a, ValueMap *map, Str *out)
{
    Buf text = {.arena = a};

    TRY(json_write(&text, value_of_map(map), (JsonStyle){0}));
    buf_add_char(&text, '\n');
    *out = buf_str(&text);
    return NULL;
}

Error *entry_format(const ValueMap *map, int64_t newest, int64_t *out)
{
    *out = 0;
    TRY(entry_integer(map, "format", out));
    if (*out > newest)
        return error_hint(error_new(ERROR_INPUT, "was written by a newer relfile"),
                          "use that relfile, or one that is newer still");
    return NULL;
}

Error *entry_map(const ValueMap *map, const char *name, const ValueMap **out)
{
    const Value *value = field(map, name);

    if (value && value->kind != VALUE_MAP)
        return wrong_type(name, value, "map");
    if (value)
        *out = value->map;
    return NULL;
}

Error *entry_list(const ValueMap *map, const char *name, ValueList *out)
{
    const Value *value = field(map, name);

    if (value && value->kind != VALUE_LIST)
        return wrong_type(name, value, "list");
    if (value)
        *out = value->list;
    return NULL;
}

Error *entry_texts(Arena *a, const ValueMap *map, const char *name, StrList *out)
{
    ValueList list = {0};

    TRY(entry_list(map, name, &list));
    for (size_t i = 0; i < list.len; i++)
        if (list.items[i].kind == VALUE_STRING)
            *vec_add(a, out) = list.items[i].string;
    return NULL;
}

Error *entry_time(const ValueMap *map, const char *name, int64_t *out)
{
    DEFER(arena_free) Arena scratch = {0};
    Str text = {0};
    Time time;

    TRY(entry_string(map, name, &text));
    if (!text.len)
        return NULL;
    TRY(error_wrap(time_parse(&scratch, STR("2006-01-02T15:04:05Z07:00"), text, NULL, NULL, &time),
                   "%s", name));
    *out = time.seconds * MS_PER_SECOND + time.nanoseconds / NS_PER_MS;
    return NULL;
}

void entry_set_string(Arena *a, ValueMap *map, const char *name, Str text)
{
    if (text.len)
        value_map_set_c(a, map, name, value_string(text));
    else
        value_map_remove(map, str_from(name));
}

void entry_set_integer(Arena *a, ValueMap *map, const char *name, int64_t n)
{
    if (n)
        value_map_set_c(a, map, name, value_int(n));
    else
        value_map_remove(map, str_from(name));
}

void entry_set_texts(Arena *a, ValueMap *map, const char *name, const StrList *texts)
{
    Value *items = arena_array(a, Value, texts->len);

    for (size_t i = 0; i < texts->len; i++)
        items[i] = value_string(texts->items[i]);
    if (texts->len)
        value_map_set_c(a, map, name, value_list(items, texts->len));
    else
        value_map_remove(map, str_from(name));
}

static Time time_of_ms(int64_t ms)
{
    int64_t rest = ms % MS_PER_SECOND;
    int64_t part = rest < 0 ? rest + MS_PER_SECOND : rest;

    return (Time){.seconds = (ms - part) / MS_PER_SECOND, .nanoseconds = (int32_t)part * NS_PER_MS};
}

Error *entry_set_time(Arena *a, ValueMap *map, const char *name, int64_t ms)
{
    Str text = {0};

    if (ms)
        TRY(error_wrap(time_rfc3339(a, time_of_ms(ms), &text), "%s", name));
    entry_set_string(a, map, name, text);
    return NULL;
}

ValueMap *entry_child(Arena *a, ValueMap *map, const char *name)
{
    const Value *there = value_map_get_c(map, name);
    ValueMap *child = there && there->kind == VALUE_MAP && there->map
                          ? value_map_shallow(a, there->map)
                          : value_map_new(a);

    value_map_set_c(a, map, name, value_of_map(child));
    return child;
}

Str time_shown(Arena *a, int64_t ms)
{
    return time_format(a, time_of_ms(ms - ms % MS_PER_SECOND), STR("2006-01-02T15:04:05Z07:00"));
}
