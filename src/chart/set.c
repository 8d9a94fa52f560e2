/*
 * set.c - `--set` and its relatives: a.b[0].c=value.
 *
 * helm reads up to the end of the text, wherever that comes, and takes it for the end of what
 * there is to do: "a.b[0" sets nothing and is no error, "a[0]" makes an empty list.
 * Source: helm, pkg/strvals/parser.go and literal_parser.go.
 */
#include "chart/chart.h"

#include "base/json.h"
#include "base/number.h"
#include "base/utf8.h"

#include <string.h>

enum {
    MOST_INDEX = 65536, /* helm's MaxIndex */
    DEEPEST_NAME = 30,  /* its MaxNestedNameLevel */
    DEEPEST_LIST = 1000,
    MOST_ITEMS = 4000000, /* that one expression may make and copy: some 100 MB */
};

#define FAIL(...) error_new(ERROR_INPUT, __VA_ARGS__)

typedef struct Setter {
    Arena *arena;
    Str rest;
    ChartSet how;
    const Value *file;     /* for `--set-file`: the value of every key */
    ChartFileReader *read; /* or what reads it, and its context; or NULL */
    void *context;
    bool ended;   /* the text was over before a value came: what is being set stays undone */
    size_t items; /* of lists, so far */
} Setter;

/* Where a value goes: how deep in maps and in lists. */
typedef struct Level {
    int names, lists;
} Level;

static Error *set_key(Setter *s, ValueMap *map, Level level) MUST_CHECK;

static bool is_stop(uint32_t c, const char *stops)
{
    return c && c < 0x80 && strchr(stops, (int)c);
}

/*
 * Text up to one of STOPS, which *LAST then is and which is consumed; false where the text
 * ends before. A backslash takes the next character as it is, but for --set-literal.
 */
static bool take_until(Setter *s, const char *stops, Str *out, char *last)
{
    Buf b = {.arena = s->arena};
    size_t width;
    bool found = false;

    while (s->rest.len && !found) {
        uint32_t c = utf8_first(s->rest, &width);

        s->rest = str_skip(s->rest, width);
        if (is_stop(c, stops)) {
            *last = (char)c;
            found = true;
        } else if (c == '\\' && s->how != CHART_SET_LITERAL) {
            if (!s->rest.len)
                break;
            utf8_add(&b, utf8_first(s->rest, &width));
            s->rest = str_skip(s->rest, width);
        } else {
            utf8_add(&b, c);
        }
    }
    *out = buf_str(&b);
    return found;
}

/* What TEXT is as a value: a boolean, null, an integer, itself, or what is in the file. */
static Error *typed(const Setter *s, Str text, Value *out)
{
    Str content;

    if (s->file) {
        *out = *s->file;
    } else if (s->read) {
        TRY(s->read(s->context, s->arena, text, &content));
        *out = value_string(content);
    } else {
        *out = s->how == CHART_SET ? value_from_setting(text) : value_string(text);
    }
    return NULL;
}

static void set(Setter *s, ValueMap *map, Str key, Value v)
{
    if (key.len) // an empty key is dropped
        value_map_set(s->arena, map, key, v);
}

static Error *set_index(Setter *s, ValueList *list, size_t index, Value v)
{
    size_t len = list->len > index ? list->len : index + 1;

    if (index > MOST_INDEX)
        return FAIL("index of %zu is greater than maximum supported index of %d", index,
                    MOST_INDEX);
    if (len > MOST_ITEMS - s->items)
        return FAIL("the lists have more than %d items together", MOST_ITEMS);
    s->items += len;
    Value *items = arena_array(s->arena, Value, len);
    if (list->len)
        memcpy(items, list->items, list->len * sizeof(*items));
    items[index] = v;
    *list = (ValueList){items, len};
    return NULL;
}

/* "3]" */
static Error *take_index(Setter *s, size_t *out)
{
    Str text;
    char last;
    int64_t index = 0;

    *out = 0;
    if (!take_until(s, "]", &text, &last)) {
        s->ended = true;
        return NULL;
    }
    if (number_parse_int(text, 10, &index) != NUMBER_OK)
        return FAIL("error parsing index: \"%.*s\" is no number", STR_ARG(text));
    if (index < 0)
        return FAIL("negative %lld index not allowed", (long long)index);
    *out = (size_t)index;
    return NULL;
}

/* {a,b,c}; its "{" is consumed. */
static Error *take_list(Setter *s, Value *out)
{
    VEC(Value) items = {0};
    Str text;
    char last = ',';

    while (last == ',') {
        if (!take_until(s, ",}", &text, &last))
            return FAIL("list must terminate with '}'");
        TRY(typed(s, text, vec_add(s->arena, &items)));
    }
    if (str_starts(s->rest, STR(",")))
        s->rest = str_skip(s->rest, 1);
    *out = value_list(items.items, items.len);
    return NULL;
}

/* Skip white space and a comma; whether there was nothing else. */
static bool skip_blank(Setter *s)
{
    size_t width;

    while (s->rest.len) {
        uint32_t c = utf8_first(s->rest, &width);

        if (c != ',' && !rune_is_space(c))
            return false;
        s->rest = str_skip(s->rest, width);
        if (c == ',')
            return true;
    }
    return true;
}

static Error *take_json(Setter *s, Value *out)
{
    size_t used;

    *out = value_null();
    if (skip_blank(s))
        return NULL;
    TRY(json_parse_prefix(s->arena, "--set-json", s->rest, &used, out));
    s->rest = str_skip(s->rest, used);
    skip_blank(s);
    return NULL;
}

/* What stands behind "=". */
static Error *take_value(Setter *s, Value *out)
{
    Str text;
    char last;

    if (s->how == CHART_SET_JSON)
        return take_json(s, out);
    if (s->how == CHART_SET_LITERAL) {
        take_until(s, "", &text, &last);
        *out = value_string(text);
        return NULL;
    }
    if (str_starts(s->rest, STR("{"))) {
        s->rest = str_skip(s->rest, 1);
        return take_list(s, out);
    }
    if (!s->rest.len && !s->file) {
        *out = value_c("");
        return NULL;
    }
    take_until(s, ",", &text, &last);
    return typed(s, text, out);
}

static Error *set_item(Setter *s, ValueList *list, size_t index, Level level);

/* What stands behind "[3]."; an item that is no map becomes one, whatever comes. */
static Error *set_item_key(Setter *s, ValueList *list, size_t index, Level level)
{
    bool exists = list->len > index;
    Value v = exists ? list->items[index] : value_null();

    if (v.kind != VALUE_MAP || !v.map) {
        v = value_of_map(value_map_new(s->arena));
        if (exists)
            TRY(set_index(s, list, index, v));
    }
    TRY(set_key(s, v.map, level));
    return s->ended ? NULL : set_index(s, list, index, v);
}

/* What stands behind "[3][". */
static Error *set_item_item(Setter *s, ValueList *list, size_t index, Level level)
{
    const Value *old = list->len > index ? &list->items[index] : NULL;
    bool is_list = old && old->kind == VALUE_LIST;
    ValueList inner = is_list ? old->list : (ValueList){0};
    size_t next;

    TRY(take_index(s, &next));
    if (s->ended)
        return NULL;
    if (old && !is_list && old->kind != VALUE_NULL)
        return FAIL("unable to parse key: [%zu] is a %s, not a list", index,
                    value_kind_name(old->kind));
    if (++level.lists > DEEPEST_LIST)
        return FAIL("more than %d lists in each other", DEEPEST_LIST);
    TRY(set_item(s, &inner, next, level));
    if (s->ended && !is_list)
        return NULL;
    return set_index(s, list, index, value_list(inner.items, inner.len));
}

/* What stands behind "[3]": ".key=…", "[1]…" or "=value", as item INDEX of LIST. */
static Error *set_item(Setter *s, ValueList *list, size_t index, Level level)
{
    Str text;
    char last;
    Value v;

    bool found = take_until(s, "[.=", &text, &last);
    if (text.len)
        return FAIL("unexpected data at end of array index: \"%.*s\"", STR_ARG(text));
    if (!found) {
        s->ended = true;
        return NULL;
    }
    if (last == '.')
        return set_item_key(s, list, index, level);
    if (last == '[')
        return set_item_item(s, list, index, level);
    TRY(take_value(s, &v));
    return set_index(s, list, index, v);
}

static Error *set_list(Setter *s, ValueMap *map, Str key, Level level)
{
    const Value *old = value_map_get(map, key);
    ValueList list = {0};
    size_t index;

    TRY(take_index(s, &index));
    if (s->ended)
        return NULL;
    if (old && old->kind != VALUE_LIST)
        return FAIL("unable to parse key: \"%.*s\" is a %s, not a list", STR_ARG(key),
                    value_kind_name(old->kind));
    if (old)
        list = old->list;
    TRY(set_item(s, &list, index, level));
    set(s, map, key, value_list(list.items, list.len));
    return NULL;
}

static Error *set_map(Setter *s, ValueMap *map, Str key, Level level)
{
    const Value *old = value_map_get(map, key);

    if (++level.names > DEEPEST_NAME)
        return FAIL("value name nested level is greater than maximum supported nested level of %d",
                    DEEPEST_NAME);
    if (old && (old->kind != VALUE_MAP || !old->map))
        return FAIL("unable to parse key: \"%.*s\" is a %s, not a map", STR_ARG(key),
                    value_kind_name(old->kind));
    ValueMap *inner = old ? old->map : value_map_new(s->arena);
    TRY(set_key(s, inner, level));
    if (inner->len)
        set(s, map, key, value_of_map(inner));
    else if (!s->ended)
        return FAIL("key map \"%.*s\" has no value", STR_ARG(key));
    return NULL;
}

/* One key and its value; the comma behind it is consumed. */
static Error *set_key(Setter *s, ValueMap *map, Level level)
{
    Str key;
    char last;
    Value v;

    if (!take_until(s, s->how == CHART_SET_LITERAL ? "=[." : "=[,.", &key, &last)) {
        s->ended = true;
        return key.len ? FAIL("key \"%.*s\" has no value", STR_ARG(key)) : NULL;
    }
    switch (last) {
    case '[':
        return set_list(s, map, key, level);
    case '.':
        return set_map(s, map, key, level);
    case ',':
        return FAIL("key \"%.*s\" has no value (cannot end with ,)", STR_ARG(key));
    default:
        // an empty value at the end is a value, and an end: what it is in is left as it was
        s->ended = !s->rest.len && (s->how == CHART_SET || s->how == CHART_SET_STRING) && !s->file;
        TRY(take_value(s, &v));
        set(s, map, key, v);
        return NULL;
    }
}

static Error *set_all(Setter *s, ValueMap *values)
{
    while (s->rest.len && !s->ended)
        TRY(set_key(s, values, (Level){0}));
    return NULL;
}

Error *chart_values_set(Arena *a, ChartSet how, Str expression, ValueMap *values)
{
    static const char *const options[] = {"--set", "--set-string", "--set-json", "--set-literal"};
    Setter s = {.arena = a, .rest = expression, .how = how};
    Str trimmed = str_trim(expression);

    if (how == CHART_SET_JSON && str_starts(trimmed, STR("{"))) {
        Value object;

        TRY(json_parse(a, "--set-json", trimmed, &object));
        value_merge(a, values, object.map);
        return NULL;
    }
    return error_wrap(set_all(&s, values), "%s", options[how]);
}

Error *chart_values_set_file(Arena *a, Str expression, ChartFileReader *read, void *context,
                             ValueMap *values)
{
    Setter s = {.arena = a, .rest = expression, .how = CHART_SET, .read = read, .context = context};

    return error_wrap(set_all(&s, values), "--set-file");
}

Error *chart_values_set_at(Arena *a, Str path, Value value, ValueMap *values)
{
    Setter s = {.arena = a, .rest = path, .how = CHART_SET, .file = &value};

    s.rest = str_join(a, path, STR("="));
    return error_wrap(set_all(&s, values), "--set-file");
}
