#include "environments/lookups/lookups.h"

#include "base/nearest.h"
#include "templating/template.h"

#define LIST_LOOKUP(name) &lookup_##name,
static const Lookup *const lookups[] = {LOOKUPS(LIST_LOOKUP)};

static const Str marker = STR_INIT("ref+");
static const Str secret_marker = STR_INIT("secretref+");

static const Lookup *find_lookup(Str scheme)
{
    for (size_t i = 0; i < COUNT(lookups); i++)
        if (str_is(scheme, lookups[i]->scheme))
            return lookups[i];
    return NULL;
}

/* Where a reference begins in TEXT, and how long its marker is; STR_NONE without one. */
static size_t find_reference(Str text, size_t *marker_len)
{
    for (size_t from = 0;;) {
        size_t at = str_find(str_skip(text, from), marker), end;

        if (at == STR_NONE)
            return STR_NONE;
        at += from;
        end = at + marker.len;
        while (end < text.len && text.ptr[end] >= 'a' && text.ptr[end] <= 'z')
            end++;
        if (str_starts(str_skip(text, end), STR("://"))) {
            bool secret = at >= 6 && str_starts(str_skip(text, at - 6), secret_marker);

            *marker_len = marker.len + (secret ? 6 : 0);
            return secret ? at - 6 : at;
        }
        from = at + 1;
    }
}

bool lookup_has_reference(Str text)
{
    size_t len;

    return find_reference(text, &len) != STR_NONE;
}

static Error *unknown_scheme(Str scheme)
{
    const char *names[COUNT(lookups)];
    Error *err = error_new(ERROR_INPUT, "no lookup is called \"%.*s\"", STR_ARG(scheme));

    for (size_t i = 0; i < COUNT(lookups); i++)
        names[i] = lookups[i]->scheme;
    const char *near = nearest_word(scheme, names, COUNT(lookups));
    return near ? error_hint(err, "did you mean ref+%s://?", near) : err;
}

/* TEXT is "scheme://path?query#/key". */
static Error *read_reference(Arena *a, Str text, Str directory, Value *out)
{
    size_t colon = str_find(text, STR("://"));
    Reference ref = {.scheme = str_slice(text, 0, colon), .path = str_skip(text, colon + 3)};
    size_t at = str_find_char(ref.path, '#');

    if (at != STR_NONE) {
        ref.key = str_skip(ref.path, at + 1);
        ref.path = str_slice(ref.path, 0, at);
    }
    at = str_find_char(ref.path, '?');
    if (at != STR_NONE) {
        ref.query = str_skip(ref.path, at + 1);
        ref.path = str_slice(ref.path, 0, at);
    }
    const Lookup *lookup = find_lookup(ref.scheme);
    if (!lookup)
        return unknown_scheme(ref.scheme);
    return error_wrap(lookup->read(a, &ref, directory, out), "ref+%.*s://%.*s", STR_ARG(ref.scheme),
                      STR_ARG(ref.path));
}

/* How long the reference at the start of TEXT is: up to a "+", or to the end. */
static size_t reference_length(Str text)
{
    size_t plus = str_find_char(text, '+');

    return plus == STR_NONE ? text.len : plus;
}

Error *lookup_text(Arena *a, Str text, Str directory, Value *out)
{
    Buf b = {.arena = a};
    size_t marker_len = 0, at = find_reference(text, &marker_len);

    if (at == STR_NONE) {
        *out = value_string(text);
        return NULL;
    }
    Str first = str_skip(text, at + marker_len);
    if (at == 0 && reference_length(first) == first.len)
        return read_reference(a, first, directory, out);
    for (; at != STR_NONE; at = find_reference(text, &marker_len)) {
        Value v;

        buf_add(&b, str_slice(text, 0, at));
        text = str_skip(text, at + marker_len);
        size_t len = reference_length(text);
        TRY(read_reference(a, str_slice(text, 0, len), directory, &v));
        buf_add(&b, template_text(a, v));
        text = str_skip(text, len < text.len ? len + 1 : len);
    }
    buf_add(&b, text);
    *out = value_string(buf_str(&b));
    return NULL;
}

static Error *lookup_list(Arena *a, Value v, Str directory, Value *out)
{
    Value *items = arena_array(a, Value, v.list.len);

    for (size_t i = 0; i < v.list.len; i++)
        TRY(lookup_values(a, v.list.items[i], directory, &items[i]));
    *out = value_list(items, v.list.len);
    return NULL;
}

static Error *lookup_map(Arena *a, Value v, Str directory, Value *out)
{
    *out = value_of_map(value_map_shallow(a, v.map));
    for (size_t i = 0; i < out->map->len; i++)
        TRY(lookup_values(a, out->map->entries[i].value, directory, &out->map->entries[i].value));
    return NULL;
}

Error *lookup_values(Arena *a, Value v, Str directory, Value *out)
{
    *out = v;
    if (v.kind == VALUE_STRING)
        return lookup_text(a, v.string, directory, out);
    if (v.kind == VALUE_LIST)
        return lookup_list(a, v, directory, out);
    if (v.kind == VALUE_MAP && v.map)
        return lookup_map(a, v, directory, out);
    return NULL;
}

Error *lookup_key(Value v, Str key, Value *out)
{
    bool more = key.len > 0;
    Str part;

    if (str_starts(key, STR("/")))
        key = str_skip(key, 1);
    while (more && key.len) {
        more = str_cut(&key, '/', &part);
        const Value *at = v.kind == VALUE_MAP ? value_map_get(v.map, part) : NULL;
        if (!at)
            return error_new(ERROR_INPUT, "no value at key \"%.*s\"", STR_ARG(part));
        v = *at;
    }
    *out = v;
    return NULL;
}
