#include "environments/lookups/lookups.h"

#include "base/base64.h"
#include "base/nearest.h"
#include "base/url.h"
#include "base/workers.h"
#include "base/yaml.h"
#include "environments/lookups/reference.h"
#include "io/env.h"
#include "templating/template.h"

#define LIST_LOOKUP(name) &lookup_##name,
static const Lookup *const lookups[] = {LOOKUPS(LIST_LOOKUP)};

enum { DEEPEST_NESTING = 10, MOST_AT_ONCE = 16 };

const Lookup *const *lookup_all(size_t *len)
{
    *len = COUNT(lookups);
    return lookups;
}

static const Lookup *find_lookup(Str scheme)
{
    for (size_t i = 0; i < COUNT(lookups); i++)
        if (str_is(scheme, lookups[i]->scheme))
            return lookups[i];
    return NULL;
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

/* ---- what lookups need */

Str lookup_setting(Arena *a, const Reference *ref, const char *name)
{
    const Value *own = value_map_get_c(ref->settings, name);
    Buf variable = {.arena = a};

    if (own)
        return own->string;
    buf_add_c(&variable, "VALS_");
    for (const char *p = name; *p; p++)
        buf_add_char(&variable, (char)(*p >= 'a' && *p <= 'z' ? *p - 'a' + 'A' : *p));
    const char *value = env_get(str_c(a, buf_str(&variable)));
    return str_from(value ? value : "");
}

bool lookup_is_set(Arena *a, const Reference *ref, const char *name)
{
    static const char *const yes[] = {"1", "t", "T", "TRUE", "true", "True"};
    Str text = lookup_setting(a, ref, name);

    for (size_t i = 0; i < COUNT(yes); i++)
        if (str_is(text, yes[i]))
            return true;
    return false;
}

Error *lookup_encode(Arena *a, const Reference *ref, Str text, Str *out)
{
    Str encoding = lookup_setting(a, ref, "encode");

    if (str_is(encoding, "base64"))
        *out = base64_encode(a, text);
    else if (!encoding.len || str_is(encoding, "raw"))
        *out = text;
    else
        return error_new(ERROR_INPUT, "\"encode\" is raw or base64, not \"%.*s\"",
                         STR_ARG(encoding));
    return NULL;
}

Error *lookup_parse(Arena *a, const Reference *ref, Str text, Value *out)
{
    const char *name = str_c(a, str_join(a, STR("ref+"), ref->text));

    TRY(yaml_parse(a, name, text, YAML_HELMFILE, out));
    if (out->kind == VALUE_NULL)
        *out = value_of_map(value_map_new(a));
    if (out->kind != VALUE_MAP)
        return error_new(ERROR_INPUT, "what is there is a %s, and has no keys",
                         value_kind_name(out->kind));
    return NULL;
}

Error *lookup_key(Value v, Str key, Value *out)
{
    static const char *const variables[] = {"RELFILE_VALS_FAIL_ON_MISSING_KEY_IN_MAP",
                                            "HELMFILE_VALS_FAIL_ON_MISSING_KEY_IN_MAP"};
    const char *strict = env_first(variables, COUNT(variables));
    bool more = key.len > 0;
    Str part;

    if (str_starts(key, STR("/")))
        key = str_skip(key, 1);
    while (more && key.len) {
        more = str_cut(&key, '/', &part);
        if (v.kind != VALUE_MAP)
            return error_new(ERROR_INPUT, "there is a %s above key \"%.*s\", not a map",
                             value_kind_name(v.kind), STR_ARG(part));
        const Value *at = value_map_get(v.map, part);
        if (!at && strict && !env_is_true(variables[0]) && !env_is_true(variables[1])) {
            *out = value_null();
            return NULL;
        }
        if (!at)
            return error_new(ERROR_INPUT, "no value at key \"%.*s\"", STR_ARG(part));
        v = *at;
    }
    *out = v;
    return NULL;
}

/* ---- one reference, once in a run */

typedef struct Fetch {
    const Lookup *lookup;
    const Reference *ref;
    const LookupScope *scope;
} Fetch;

static Error *fetch_map(Arena *a, const Fetch *f, Value *out)
{
    Str text;

    if (f->lookup->map)
        return f->lookup->map(a, f->ref, f->scope, out);
    TRY(f->lookup->text(a, f->ref, f->scope, &text));
    return lookup_parse(a, f->ref, text, out);
}

static Error *fetch(Arena *a, const void *request, void **out)
{
    const Fetch *f = request;
    Value *v = arena_new(a, Value);
    Str text;

    if (f->lookup->read) {
        TRY(f->lookup->read(a, f->ref, f->scope, v));
    } else if (f->ref->key.len) {
        TRY(fetch_map(a, f, v));
    } else {
        TRY(f->lookup->text(a, f->ref, f->scope, &text));
        *v = value_string(text);
    }
    *v = value_copy(a, *v);
    value_freeze(*v);
    *out = v;
    return NULL;
}

static Error *fetch_once(Arena *a, const Fetch *f, Value *out)
{
    static const SharedKind kind = {fetch, NULL};
    Str text = f->ref->text, key = f->ref->key;
    size_t fragment = str_find_char(text, '#');
    void *found;

    // keys of one place are in one answer
    if (fragment != STR_NONE && !f->lookup->read)
        text = str_slice(text, 0, fragment);
    Str name = str_format(a, "%.*s%c%.*s%c%d", STR_ARG(f->scope->directory), '\0', STR_ARG(text),
                          '\0', key.len > 0);
    TRY(shared_get(secrets_shared(f->scope->secrets), &kind, name, f, &found));
    *out = value_thaw(a, *(const Value *)found);
    return NULL;
}

/* What REFERENCE, "scheme://…", gives; SECRET if it is written as secretref+. */
static Error *look_up(Arena *a, Str reference, bool secret, const LookupScope *scope, Value *out)
{
    Reference ref;

    reference_parse(a, reference, &ref);
    const Lookup *lookup = find_lookup(ref.scheme);
    if (!lookup)
        return unknown_scheme(ref.scheme);
    Error *err = fetch_once(a, &(Fetch){lookup, &ref, scope}, out);
    if (!err && !lookup->read)
        err = lookup_key(*out, ref.key, out);
    if (!err && (secret || !lookup->is_plain))
        secrets_redact(*out);
    return error_wrap(err, "ref+%.*s://%.*s", STR_ARG(ref.scheme), STR_ARG(ref.path));
}

/* ---- texts */

bool lookup_has_reference(Str text)
{
    ReferenceSpan span;

    return reference_find(text, &span);
}

/* References inside of references first, from the innermost on. */
static Error *resolve_inner(Arena *a, Str *text, const LookupScope *scope)
{
    for (int depth = 0;; depth++) {
        ReferenceSpan span;
        Value v;

        if (!reference_find_inner(*text, &span))
            return NULL;
        if (depth >= DEEPEST_NESTING)
            return error_new(ERROR_INPUT, "references are nested too deeply");
        TRY(look_up(a, span.reference, span.secret, scope, &v));
        if (v.kind == VALUE_NULL || v.kind == VALUE_MAP || v.kind == VALUE_LIST)
            return error_new(ERROR_INPUT, "the reference inside another gives a %s, not a text",
                             value_kind_name(v.kind));
        *text = str_format(a, "%.*s%.*s%.*s", (int)span.from, text->ptr,
                           STR_ARG(template_text(a, v)), STR_ARG(str_skip(*text, span.to)));
    }
}

Error *lookup_text(Arena *a, Str text, const LookupScope *scope, Value *out)
{
    Buf b = {.arena = a};
    ReferenceSpan span;
    Value v;

    TRY(resolve_inner(a, &text, scope));
    if (!reference_find(text, &span)) {
        *out = value_string(text);
        return NULL;
    }
    if (span.from == 0 && span.to == text.len)
        return look_up(a, span.reference, span.secret, scope, out);
    do {
        TRY(look_up(a, span.reference, span.secret, scope, &v));
        buf_add(&b, str_slice(text, 0, span.from));
        buf_add(&b, template_text(a, v));
        text = str_skip(text, span.to);
    } while (reference_find(text, &span));
    buf_add(&b, text);
    *out = value_string(buf_str(&b));
    return NULL;
}

/* ---- trees */

/* Texts with references that take their time. */
static void collect_slow(Arena *a, Value v, StrList *out)
{
    ReferenceSpan span;
    Reference ref;

    if (v.kind == VALUE_LIST)
        for (size_t i = 0; i < v.list.len; i++)
            collect_slow(a, v.list.items[i], out);
    if (v.kind == VALUE_MAP && v.map)
        for (size_t i = 0; i < v.map->len; i++)
            collect_slow(a, v.map->entries[i].value, out);
    if (v.kind != VALUE_STRING || !reference_find(v.string, &span))
        return;
    reference_parse(a, span.reference, &ref);
    const Lookup *lookup = find_lookup(ref.scheme);
    if (lookup && lookup->is_slow)
        *vec_add(a, out) = v.string;
}

typedef struct Prefetch {
    const StrList *texts;
    const LookupScope *scope;
} Prefetch;

static void prefetch_one(void *context, size_t i)
{
    DEFER(arena_free) Arena scratch = {0};
    const Prefetch *p = context;
    Value v;

    // what fails, fails again for who needs it: it is kept
    error_free(lookup_text(&scratch, p->texts->items[i], p->scope, &v));
}

static Error *replace(Arena *a, Value v, const LookupScope *scope, Value *out);

static Error *replace_list(Arena *a, Value v, const LookupScope *scope, Value *out)
{
    Value *items = arena_array(a, Value, v.list.len);

    for (size_t i = 0; i < v.list.len; i++)
        TRY(replace(a, v.list.items[i], scope, &items[i]));
    *out = value_list(items, v.list.len);
    return NULL;
}

static Error *replace_map(Arena *a, Value v, const LookupScope *scope, Value *out)
{
    *out = value_of_map(value_map_shallow(a, v.map));
    for (size_t i = 0; i < out->map->len; i++)
        TRY(replace(a, out->map->entries[i].value, scope, &out->map->entries[i].value));
    return NULL;
}

static Error *replace(Arena *a, Value v, const LookupScope *scope, Value *out)
{
    *out = v;
    if (v.kind == VALUE_STRING)
        return lookup_text(a, v.string, scope, out);
    if (v.kind == VALUE_LIST)
        return replace_list(a, v, scope, out);
    if (v.kind == VALUE_MAP && v.map)
        return replace_map(a, v, scope, out);
    return NULL;
}

Error *lookup_values(Arena *a, Value v, const LookupScope *scope, Value *out)
{
    StrList slow = {0};

    collect_slow(a, v, &slow);
    if (slow.len > 1)
        workers_each(slow.len, MOST_AT_ONCE, prefetch_one, &(Prefetch){&slow, scope});
    return replace(a, v, scope, out);
}
