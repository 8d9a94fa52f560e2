#include "diff/mask.h"

#include "base/base64.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "diff/diff.h"

#include <string.h>

enum { SHORTEST_COPY = 4 }; /* bytes: shorter secrets are everywhere by chance */

/* A value of one side, and what is at its place in the other. */
typedef struct Sides {
    const Value *own, *other;      /* other: NULL where there is nothing */
    bool is_new;                   /* own is what would be: it tells whether it changes */
    bool own_base64, other_base64; /* what they are, as values of a Secret */
} Sides;

/* What of a Secret is no secret, as long as it is not a map or a list. */
static bool is_shown(Str field)
{
    return str_is(field, "apiVersion") || str_is(field, "kind") || str_is(field, "type") ||
           str_is(field, "immutable");
}

static bool is_map(const Value *v)
{
    return v && v->kind == VALUE_MAP;
}

static bool is_tree(const Value *v)
{
    return v->kind == VALUE_MAP || v->kind == VALUE_LIST || v->kind == VALUE_OBJECT;
}

static bool is_of_kind(const Value *v, const char *name)
{
    const Value *kind = is_map(v) ? value_map_get_c(v->map, "kind") : NULL;

    return kind && value_is_string(*kind, name);
}

static bool is_secret(const Value *v)
{
    return is_of_kind(v, "Secret");
}

/* Whether FIELD of OBJECT, which stands for a Secret, has base64 in it. */
static bool is_base64(const Value *object, Str field)
{
    if (!is_map(object))
        return false;
    bool other_kind = value_map_get_c(object->map, "kind") && !is_secret(object);
    return str_is(field, "binaryData") || (str_is(field, "data") && !other_kind);
}

/* The bytes that TEXT stands for in a field of base64; TEXT itself where it is none. */
static Str decoded(Arena *a, Str text)
{
    Str bytes;
    Error *err = base64_decode(a, text, &bytes);

    error_free(err);
    return err ? text : bytes;
}

static size_t size_of(const Value *v, bool base64)
{
    DEFER(arena_free) Arena scratch = {0};

    return base64 ? decoded(&scratch, v->string).len : v->string.len;
}

static void add_size(Buf *b, size_t size)
{
    buf_format(b, "%zu byte%s", size, size == 1 ? "" : "s");
}

/* What is shown for a value. A null has nothing to hide. */
static Value mask_value(Arena *a, const Sides *s)
{
    bool changed = s->is_new && s->other && !value_equal(*s->own, *s->other);
    Buf text = {.arena = a};

    if (value_is_null(*s->own))
        return *s->own;
    buf_add_char(&text, '(');
    if (s->own->kind == VALUE_STRING)
        add_size(&text, size_of(s->own, s->own_base64));
    else
        buf_add_c(&text, "not a string");
    if (changed)
        buf_add_c(&text, ", changed");
    if (changed && s->own->kind == VALUE_STRING && s->other->kind == VALUE_STRING &&
        size_of(s->own, s->own_base64) != size_of(s->other, s->other_base64)) {
        buf_add_c(&text, " from ");
        add_size(&text, size_of(s->other, s->other_base64));
    }
    buf_add_char(&text, ')');
    return value_string(buf_str(&text));
}

/* What is at KEY in both. */
static Sides entry_at(const Sides *s, Str key)
{
    Sides entry = *s;

    entry.own = value_map_get(s->own->map, key);
    entry.other = is_map(s->other) ? value_map_get(s->other->map, key) : NULL;
    return entry;
}

/* A field of a Secret: the names in it stay. */
static Value mask_field(Arena *a, const Sides *s)
{
    if (!is_map(s->own) || !s->own->map)
        return mask_value(a, s);

    ValueMap *masked = value_map_shallow(a, s->own->map);
    for (size_t i = 0; i < masked->len; i++) {
        Sides entry = entry_at(s, masked->entries[i].key);

        masked->entries[i].value = mask_value(a, &entry);
    }
    return value_of_map(masked);
}

static void add_text(Arena *a, Str text, StrList *out)
{
    if (text.len >= SHORTEST_COPY)
        *vec_add(a, out) = text;
}

/* V as it is, as the bytes it stands for, and as the base64 that begins with it. */
static void add_secret(Arena *a, const Value *v, bool base64, StrList *out)
{
    if (v->kind != VALUE_STRING)
        return;
    Str bytes = base64 ? decoded(a, v->string) : v->string;
    add_text(a, v->string, out);
    add_text(a, bytes, out);
    add_text(a, base64_encode(a, str_slice(bytes, 0, bytes.len - bytes.len % 3)), out);
}

/* The texts that Secret V hides. */
static void add_secrets(Arena *a, const Value *v, StrList *out)
{
    if (!is_map(v) || !v->map)
        return;
    for (size_t i = 0; i < v->map->len; i++) {
        const ValueEntry *field = &v->map->entries[i];

        if (str_is(field->key, "metadata") || is_shown(field->key))
            continue;
        add_secret(a, &field->value, false, out);
        if (!is_map(&field->value) || !field->value.map)
            continue;
        for (size_t j = 0; j < field->value.map->len; j++)
            add_secret(a, &field->value.map->entries[j].value, is_base64(v, field->key), out);
    }
}

/*
 * Whether an annotation of a Secret is, or may be, a copy of it: one of those in which tools keep
 * what they applied, or any with a secret in it, or with an object's fields.
 */
static bool is_copy(Str name, const Value *v, const StrList *secrets)
{
    static const char *const names[] = {
        "kubectl.kubernetes.io/last-applied-configuration",
        "objectset.rio.cattle.io/applied",
        "kapp.k14s.io/original",
        "kapp.k14s.io/original-diff",
        "banzaicloud.com/last-applied",
    };

    for (size_t i = 0; i < COUNT(names); i++)
        if (str_is(name, names[i]))
            return true;
    if (v->kind != VALUE_STRING)
        return !value_is_null(*v);
    for (size_t i = 0; i < secrets->len; i++)
        if (str_find(v->string, secrets->items[i]) != STR_NONE)
            return true;
    return str_find(v->string, STR("\"data\"")) != STR_NONE ||
           str_find(v->string, STR("\"stringData\"")) != STR_NONE;
}

static Value mask_annotations(Arena *a, const Sides *s, const StrList *secrets)
{
    if (!is_map(s->own) || !s->own->map)
        return mask_value(a, s);

    ValueMap *masked = value_map_shallow(a, s->own->map);
    for (size_t i = 0; i < masked->len; i++) {
        ValueEntry *e = &masked->entries[i];
        Sides entry = entry_at(s, e->key);

        if (is_copy(e->key, entry.own, secrets) ||
            (entry.other && is_copy(e->key, entry.other, secrets)))
            e->value = mask_value(a, &entry);
    }
    return value_of_map(masked);
}

static Value mask_metadata(Arena *a, const Sides *s, const StrList *secrets)
{
    if (!is_map(s->own))
        return mask_value(a, s);
    if (!value_map_get_c(s->own->map, "annotations"))
        return *s->own;

    Sides annotations = entry_at(s, STR("annotations"));
    ValueMap *masked = value_map_shallow(a, s->own->map);
    value_map_set_c(a, masked, "annotations", mask_annotations(a, &annotations, secrets));
    return value_of_map(masked);
}

static Value mask_secret(Arena *a, const Sides *s)
{
    ValueMap *masked = value_map_shallow(a, s->own->map);
    StrList secrets = {0};

    add_secrets(a, s->own, &secrets);
    add_secrets(a, s->other, &secrets);
    for (size_t i = 0; i < masked->len; i++) {
        ValueEntry *e = &masked->entries[i];
        Sides field = entry_at(s, e->key);

        field.own_base64 = is_base64(s->own, e->key);
        field.other_base64 = is_base64(s->other, e->key);
        if (str_is(e->key, "metadata"))
            e->value = mask_metadata(a, &field, &secrets);
        else if (!is_shown(e->key) || is_tree(field.own))
            e->value = mask_field(a, &field);
    }
    return value_of_map(masked);
}

static Value mask(Arena *a, const Sides *s, bool secret);

/* What is in a SecretList need not say that it is a Secret. */
static bool holds_secrets(const Sides *s, Str key)
{
    return str_is(key, "items") &&
           (is_of_kind(s->own, "SecretList") || is_of_kind(s->other, "SecretList"));
}

static Value mask_map(Arena *a, const Sides *s)
{
    ValueMap *masked = value_map_shallow(a, s->own->map);

    for (size_t i = 0; i < masked->len; i++) {
        ValueEntry *e = &masked->entries[i];
        Sides entry = entry_at(s, e->key);

        e->value = mask(a, &entry, holds_secrets(s, e->key));
    }
    return value_of_map(masked);
}

static Value mask_list(Arena *a, const Sides *s, bool secrets)
{
    const ValueList *other = s->other && s->other->kind == VALUE_LIST ? &s->other->list : NULL;
    Value *items = arena_array(a, Value, s->own->list.len);

    for (size_t i = 0; i < s->own->list.len; i++) {
        Sides item = {.own = &s->own->list.items[i],
                      .other = other && i < other->len ? &other->items[i] : NULL,
                      .is_new = s->is_new};

        items[i] = mask(a, &item, secrets);
    }
    return value_list(items, s->own->list.len);
}

/* Secrets may be anywhere: in a List, in what an operator is to create. SECRET: here for certain.
 */
static Value mask(Arena *a, const Sides *s, bool secret)
{
    if (s->own->kind == VALUE_LIST && s->own->list.len)
        return mask_list(a, s, secret);
    if (!is_map(s->own) || !s->own->map)
        return secret ? mask_value(a, s) : *s->own;
    return secret || is_secret(s->own) || is_secret(s->other) ? mask_secret(a, s) : mask_map(a, s);
}

void mask_pair(Arena *a, Value *from, Value *to)
{
    const Value old = *from, new = *to;

    *from = mask(a, &(Sides){.own = &old, .other = &new}, false);
    *to = mask(a, &(Sides){.own = &new, .other = &old, .is_new = true}, false);
}

Value diff_masked(Arena *a, Value object)
{
    return mask(a, &(Sides){.own = &object}, false);
}

Value mask_decoded(Arena *a, Value object)
{
    const Value *data = is_secret(&object) ? value_map_get_c(object.map, "data") : NULL;

    if (!data || data->kind != VALUE_MAP || !data->map)
        return object;
    ValueMap *shown = value_map_shallow(a, object.map), *texts = value_map_new(a);
    for (size_t i = 0; i < data->map->len; i++) {
        const ValueEntry *entry = &data->map->entries[i];
        Str text;
        Error *err = entry->value.kind == VALUE_STRING
                         ? base64_decode(a, entry->value.string, &text)
                         : error_new(ERROR_INPUT, "no text");
        bool readable = !err && utf8_valid(text);

        error_free(err);
        value_map_append(a, texts, entry->key, readable ? value_string(text) : entry->value);
    }
    value_map_set_c(a, shown, "data", value_of_map(texts));
    return value_of_map(shown);
}
