/*
 * set.c - --state-values-set a.b=1,c[0].d=x. Its grammar is helmfile's, not helm's --set.
 * Source: helmfile, pkg/maputil/maputil.go, ParseKey, Set and typedVal.
 */
#include "environments/environment.h"

#include "base/number.h"
#include "base/utf8.h"

#include <string.h>

enum { MOST_INDEX = 65536 };

#define FAIL(...) error_new(ERROR_INPUT, __VA_ARGS__)

/* A segment of a key path: a name, and perhaps an index. */
typedef struct Segment {
    Str name;
    bool indexed;
    size_t index;
} Segment;

typedef VEC(Segment) SegmentList;

static Error *add_segment(Arena *a, Str text, SegmentList *out)
{
    size_t open = str_find_char(text, '[');
    Segment segment = {.name = text};
    int64_t index;

    if (open != STR_NONE && str_ends(text, STR("]"))) {
        Str digits = str_slice(text, open + 1, text.len - 1);

        if (number_parse_int(digits, 10, &index) != NUMBER_OK || index < 0 || index > MOST_INDEX)
            return FAIL("\"%.*s\" is no index up to %d", STR_ARG(digits), MOST_INDEX);
        segment = (Segment){str_slice(text, 0, open), true, (size_t)index};
    }
    if (!segment.name.len)
        return FAIL("a part of the key is empty");
    *vec_add(a, out) = segment;
    return NULL;
}

/* The parts of PATH between its dots; a backslash takes the next character as it is. */
static Error *parse_path(Arena *a, Str path, SegmentList *out)
{
    Buf part = {.arena = a};

    for (size_t i = 0; i < path.len; i++) {
        char c = path.ptr[i];

        if (c == '\\' && i + 1 < path.len) {
            buf_add_char(&part, path.ptr[++i]);
        } else if (c == '.') {
            TRY(add_segment(a, buf_str(&part), out));
            part = (Buf){.arena = a};
        } else {
            buf_add_char(&part, c);
        }
    }
    return add_segment(a, buf_str(&part), out);
}

static Error *set_segment(Arena *a, const Segment *path, size_t len, Value v, const Value *old,
                          Value *out);

static Error *set_item(Arena *a, const Segment *path, size_t len, Value v, const Value *old,
                       Value *out)
{
    ValueList list = {0};

    if (old && old->kind != VALUE_LIST)
        return FAIL("%.*s is a %s, not a list", STR_ARG(path->name), value_kind_name(old->kind));
    if (old)
        list = old->list;
    size_t count = list.len > path->index ? list.len : path->index + 1;
    Value *items = arena_array(a, Value, count);
    if (list.len)
        memcpy(items, list.items, list.len * sizeof(*items));
    const Value *item = items[path->index].kind == VALUE_NULL ? NULL : &items[path->index];
    TRY(set_segment(a, path + 1, len - 1, v, item, &items[path->index]));
    *out = value_list(items, count);
    return NULL;
}

/* OLD (or NULL) with V at PATH below it. */
static Error *set_segment(Arena *a, const Segment *path, size_t len, Value v, const Value *old,
                          Value *out)
{
    if (len == 0) {
        *out = v;
        return NULL;
    }
    if (old && (old->kind != VALUE_MAP || !old->map))
        return FAIL("what %.*s is to be set in is a %s, not a map", STR_ARG(path->name),
                    value_kind_name(old->kind));

    ValueMap *map = value_map_shallow(a, old ? old->map : NULL);
    const Value *below = value_map_get(map, path->name);
    Value new;
    if (path->indexed)
        TRY(set_item(a, path, len, v, below, &new));
    else
        TRY(set_segment(a, path + 1, len - 1, v, below, &new));
    value_map_set(a, map, path->name, new);
    *out = value_of_map(map);
    return NULL;
}

static Error *set_pair(Arena *a, ValueMap *values, Str pair, bool as_string)
{
    size_t equals = str_find_char(pair, '=');
    SegmentList path = {0};
    Value old = value_of_map(values), new;

    if (equals == STR_NONE)
        return error_hint(FAIL("\"%.*s\" has no =", STR_ARG(pair)), "write it as key=value");
    Str text = str_skip(pair, equals + 1);
    TRY(parse_path(a, str_slice(pair, 0, equals), &path));
    TRY(set_segment(a, path.items, path.len,
                    as_string ? value_string(text) : value_from_setting(text), &old, &new));
    *values = *new.map;
    return NULL;
}

/* Where the pair ends that TEXT begins with: at a comma, but for those in a text in quotes. */
static size_t end_of_pair(Str text, bool as_string)
{
    size_t equals = str_find_char(text, '='), comma = str_find_char(text, ',');

    if (as_string && equals < comma && comma != STR_NONE) {
        Str quoted = str_skip(text, equals + 1);

        if (str_starts(quoted, STR("\"")) || str_starts(quoted, STR("'"))) {
            size_t close = str_find_char(str_skip(quoted, 1), quoted.ptr[0]);
            size_t end = equals + close + 3; // behind the closing quote

            if (close != STR_NONE && (end == text.len || text.ptr[end] == ','))
                return end;
        }
    }
    return comma == STR_NONE ? text.len : comma;
}

/* Quotes stay part of the text. Source: helmfile, pkg/config/config.go. */
Error *environment_set(Arena *a, ValueMap *values, Str expression, bool as_string)
{
    bool more = expression.len > 0;

    while (more) {
        size_t end = end_of_pair(expression, as_string);
        Str pair = str_slice(expression, 0, end);

        more = end < expression.len;
        expression = str_skip(expression, more ? end + 1 : end);
        TRY(error_wrap(set_pair(a, values, pair, as_string), "%s",
                       as_string ? "--state-values-set-string" : "--state-values-set"));
    }
    return NULL;
}
