/*
 * httpjson.c - ref+httpjson://HOST/PATH?QUERY#/STEP/STEP: a value in JSON that a server answers
 * with. Settings: insecure=true (http instead of https), floatAsInt=true; others are part of the
 * URL.
 *
 * vals takes an XPath expression behind "#/". Of those this understands steps by name, "*[2]" (the
 * second item, from 1), and "//NAME" (anywhere below), which is what they are used for. Source:
 * vals, providers/httpjson.
 */
#include "environments/lookups/lookups.h"

#include "base/number.h"
#include "secrets/service.h"
#include "templating/template.h"

enum { DEEPEST = 1000 };

static Str url_of(Arena *a, const Reference *ref)
{
    Buf url = {.arena = a};
    size_t end = str_find(ref->text, STR("#")), query = str_find_char(ref->text, '?');
    Str rest = end == STR_NONE ? ref->text : str_slice(ref->text, 0, end);
    char separator = '?';

    rest = str_skip(rest, str_find(rest, STR("://")) + 3);
    query = str_find_char(rest, '?');
    buf_add_c(&url, lookup_is_set(a, ref, "insecure") ? "http://" : "https://");
    buf_add(&url, query == STR_NONE ? rest : str_slice(rest, 0, query));
    for (size_t i = 0; i < ref->settings->len; i++) {
        const ValueEntry *entry = &ref->settings->entries[i];
        Buf field = {.arena = a};

        if (str_is(entry->key, "insecure") || str_is(entry->key, "floatAsInt"))
            continue;
        service_add_field(&field, str_c(a, entry->key), entry->value.string);
        buf_add_char(&url, separator);
        buf_add(&url, buf_str(&field));
        separator = '&';
    }
    return buf_str(&url);
}

/* The value called NAME in V or, the first in their order, below it. */
static const Value *find_below(const Value *v, Str name, int depth)
{
    if (depth > DEEPEST)
        return NULL;
    if (v->kind == VALUE_MAP && v->map) {
        const Value *own = value_map_get(v->map, name);

        if (own)
            return own;
        for (size_t i = 0; i < v->map->len; i++) {
            const Value *found = find_below(&v->map->entries[i].value, name, depth + 1);
            if (found)
                return found;
        }
    }
    for (size_t i = 0; v->kind == VALUE_LIST && i < v->list.len; i++) {
        const Value *found = find_below(&v->list.items[i], name, depth + 1);
        if (found)
            return found;
    }
    return NULL;
}

/* "[2]" at the end of *STEP, off it; 0 without one. */
static int64_t take_index(Str *step)
{
    size_t at = str_find_char(*step, '[');
    int64_t index = 0;

    if (at == STR_NONE || !str_ends(*step, STR("]")) ||
        number_parse_int(str_slice(*step, at + 1, step->len - 1), 10, &index) != NUMBER_OK)
        return 0;
    *step = str_slice(*step, 0, at);
    return index;
}

static const Value *take_step(const Value *v, Str step, bool anywhere)
{
    int64_t index = take_index(&step);

    if (!str_is(step, "*"))
        v = anywhere                         ? find_below(v, step, 0)
            : v->kind == VALUE_MAP && v->map ? value_map_get(v->map, step)
                                             : NULL;
    if (!v || !index)
        return v;
    if (index < 1)
        return NULL;
    size_t i = (size_t)index - 1;
    if (v->kind == VALUE_LIST)
        return i < v->list.len ? &v->list.items[i] : NULL;
    return v->kind == VALUE_MAP && v->map && i < v->map->len ? &v->map->entries[i].value : NULL;
}

static Error *httpjson_read(Arena *a, const Reference *ref, const LookupScope *scope, Value *out)
{
    HttpRequest request = {.method = "GET", .url = url_of(a, ref), .follow = 5};
    Str path = str_starts(ref->key, STR("/")) ? str_skip(ref->key, 1) : ref->key, step;
    bool more = path.len > 0, anywhere = false;
    const Value *v;
    Value document;

    if (!more)
        return error_new(ERROR_INPUT, "what is wanted of the answer follows behind #/");
    TRY(service_send(secrets_http(scope->secrets), a, "httpjson", &request, &document));
    for (v = &document; v && more;) {
        more = str_cut(&path, '/', &step);
        if (!step.len)
            anywhere = true;
        else
            v = take_step(v, step, anywhere);
        anywhere &= !step.len;
    }
    if (!v)
        return error_new(ERROR_NOT_FOUND, "the answer has nothing at \"%.*s\"", STR_ARG(ref->key));
    if (v->kind == VALUE_MAP || v->kind == VALUE_LIST)
        return error_new(ERROR_INPUT, "there is a %s at \"%.*s\", not a text",
                         value_kind_name(v->kind), STR_ARG(ref->key));
    *out = value_string(template_text(a, *v));
    if (lookup_is_set(a, ref, "floatAsInt")) {
        double number;

        if (number_parse_float(out->string, &number) != NUMBER_OK)
            return error_new(ERROR_INPUT, "what is there is no number");
        *out = value_string(number_float(a, number, 'f', 0));
    }
    return NULL;
}

const Lookup lookup_httpjson = {
    .scheme = "httpjson",
    .help = "A value in JSON that a server answers with.",
    .is_slow = true,
    .read = httpjson_read,
};
