/*
 * set.c - `--set` and its relatives: a.b[0].c=value.
 * Source: helm, pkg/strvals/parser.go and literal_parser.go.
 */
#include "chart/chart.h"

#include "base/json.h"
#include "base/number.h"
#include "base/utf8.h"

#include <string.h>

enum { MOST_INDEX = 65536, DEEPEST_NAME = 30 }; /* helm's MaxIndex, MaxNestedNameLevel */

#define FAIL(...) error_new(ERROR_INPUT, __VA_ARGS__)

typedef struct Setter {
    Arena *arena;
    Str rest;
    ChartSet how;
    const Value *file; /* for `--set-file`: the value of every key */
} Setter;

static Error *set_key(Setter *s, ValueMap *map, int level) MUST_CHECK;

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
    *out = b.len ? buf_str(&b) : (Str){"", 0};
    return found;
}

static bool is_word(Str text, const char *word)
{
    if (text.len != strlen(word))
        return false;
    for (size_t i = 0; i < text.len; i++)
        if ((text.ptr[i] | 0x20) != word[i])
            return false;
    return true;
}

/* What TEXT is as a value: a boolean, null, an integer, or itself. */
static Value typed(const Setter *s, Str text)
{
    int64_t n;

    if (s->file)
        return *s->file;
    if (s->how != CHART_SET)
        return value_string(text);
    if (is_word(text, "true") || is_word(text, "false"))
        return value_bool(text.len == 4);
    if (is_word(text, "null"))
        return value_null();
    if (str_is(text, "0"))
        return value_int64(0);
    if (text.len && text.ptr[0] != '0' && number_parse_int(text, 10, &n) == NUMBER_OK)
        return value_int64(n);
    return value_string(text);
}

static void set(Setter *s, ValueMap *map, Str key, Value v)
{
    if (key.len) // an empty key is dropped
        value_map_set(s->arena, map, key, v);
}

static Error *set_index(Setter *s, ValueList *list, size_t index, Value v)
{
    if (index > MOST_INDEX)
        return FAIL("index of %zu is greater than maximum supported index of %d", index,
                    MOST_INDEX);

    size_t len = list->len > index ? list->len : index + 1;
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
    int64_t index;

    if (!take_until(s, "]", &text, &last))
        return FAIL("error parsing index: no ] after [");
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
        *vec_add(s->arena, &items) = typed(s, text);
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
    *out = typed(s, text);
    return NULL;
}

/* What stands behind "[3]": ".key=…", "[1]…" or "=value", as item INDEX of LIST. */
static Error *set_item(Setter *s, ValueList *list, size_t index, int level)
{
    Value v = list->len > index ? list->items[index] : value_null();
    ValueList inner = {0};
    size_t next;
    Str text;
    char last;

    bool found = take_until(s, "[.=", &text, &last);
    if (text.len)
        return FAIL("unexpected data at end of array index: \"%.*s\"", STR_ARG(text));
    if (!found)
        return FAIL("index [%zu] has no value", index);
    if (last == '=') {
        TRY(take_value(s, &v));
        return set_index(s, list, index, v);
    }
    if (last == '.') {
        if (v.kind != VALUE_MAP || !v.map)
            v = value_of_map(value_map_new(s->arena));
        TRY(set_key(s, v.map, level));
        return set_index(s, list, index, v);
    }
    TRY(take_index(s, &next));
    if (v.kind == VALUE_LIST)
        inner = v.list;
    else if (v.kind != VALUE_NULL)
        return FAIL("unable to parse key: [%zu] is a %s, not a list", index,
                    value_kind_name(v.kind));
    TRY(set_item(s, &inner, next, level));
    return set_index(s, list, index, value_list(inner.items, inner.len));
}

static Error *set_list(Setter *s, ValueMap *map, Str key, int level)
{
    const Value *old = value_map_get(map, key);
    ValueList list = {0};
    size_t index;

    TRY(take_index(s, &index));
    if (old && old->kind != VALUE_LIST)
        return FAIL("unable to parse key: \"%.*s\" is a %s, not a list", STR_ARG(key),
                    value_kind_name(old->kind));
    if (old)
        list = old->list;
    TRY(set_item(s, &list, index, level));
    set(s, map, key, value_list(list.items, list.len));
    return NULL;
}

static Error *set_map(Setter *s, ValueMap *map, Str key, int level)
{
    const Value *old = value_map_get(map, key);

    if (level >= DEEPEST_NAME)
        return FAIL("value name nested level is greater than maximum supported nested level of %d",
                    DEEPEST_NAME);
    if (old && (old->kind != VALUE_MAP || !old->map))
        return FAIL("unable to parse key: \"%.*s\" is a %s, not a map", STR_ARG(key),
                    value_kind_name(old->kind));
    ValueMap *inner = old ? old->map : value_map_new(s->arena);
    TRY(set_key(s, inner, level + 1));
    if (inner->len == 0)
        return FAIL("key map \"%.*s\" has no value", STR_ARG(key));
    set(s, map, key, value_of_map(inner));
    return NULL;
}

/* One key and its value; the comma behind it is consumed. */
static Error *set_key(Setter *s, ValueMap *map, int level)
{
    Str key;
    char last;
    Value v;

    if (!take_until(s, s->how == CHART_SET_LITERAL ? "=[." : "=[,.", &key, &last)) {
        if (!key.len)
            return NULL;
        return FAIL("key \"%.*s\" has no value", STR_ARG(key));
    }
    switch (last) {
    case '[':
        return set_list(s, map, key, level);
    case '.':
        return set_map(s, map, key, level);
    case ',':
        return FAIL("key \"%.*s\" has no value (cannot end with ,)", STR_ARG(key));
    default:
        TRY(take_value(s, &v));
        set(s, map, key, v);
        return NULL;
    }
}

static Error *set_all(Setter *s, ValueMap *values)
{
    while (s->rest.len)
        TRY(set_key(s, values, 0));
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

Error *chart_values_set_at(Arena *a, Str path, Value value, ValueMap *values)
{
    Setter s = {.arena = a, .rest = path, .how = CHART_SET, .file = &value};

    s.rest = str_join(a, path, STR("="));
    return error_wrap(set_all(&s, values), "--set-file");
}
