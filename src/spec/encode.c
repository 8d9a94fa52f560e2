/*
 * encode.c - structs back to values, by the tables of fields.c: for `build`.
 */
#include "spec/layout.h"

#include <string.h>

enum { MOST_FIELDS = 200 }; /* of a record */

/* Writing of one spec. LAYOUT is NULL where keys are as in the tables, and what is said counts. */
typedef struct Encoder {
    Arena *arena;
    const SpecLayout *layout;
} Encoder;

static Value encode_record(const Encoder *e, const SpecRecordType *type, const void *record,
                           bool *full);

static Value texts(const Encoder *e, const SpecTextList *list)
{
    Value *items = arena_array(e->arena, Value, list->len);

    for (size_t i = 0; i < list->len; i++)
        items[i] = value_string(list->items[i].text);
    return list->items ? value_list(items, list->len) : value_null();
}

static Value values_entries(const Encoder *e, const ValuesEntryList *list)
{
    Value *items = arena_array(e->arena, Value, list->len);

    for (size_t i = 0; i < list->len; i++)
        items[i] = list->items[i].values
                       ? value_of_map((ValueMap *)(uintptr_t)list->items[i].values)
                       : value_string(list->items[i].path);
    return list->items ? value_list(items, list->len) : value_null();
}

/* A VEC of any record. */
typedef VEC(char) RecordBytes;

static Value records(const Encoder *e, const SpecRecordType *type, const RecordBytes *list)
{
    Value *items = arena_array(e->arena, Value, list->len);

    for (size_t i = 0; i < list->len; i++)
        items[i] = encode_record(e, type, list->items + i * type->size, NULL);
    return list->items ? value_list(items, list->len) : value_null();
}

static Value record_map(const Encoder *e, const SpecRecordType *type, const RecordBytes *list)
{
    ValueMap *map = value_map_new(e->arena);

    for (size_t i = 0; i < list->len; i++) {
        const char *record = list->items + i * type->size;
        Value v = encode_record(e, type, record, NULL);

        value_map_append(e->arena, map, ((const SpecText *)(const void *)record)->text, v);
    }
    value_map_sort(map);
    return list->items ? value_of_map(map) : value_null();
}

static Value record_within(const Encoder *e, const SpecField *field, const void *at)
{
    bool full = false;
    Value v = encode_record(e, field->record, at, &full);
    size_t place = field->record->place;
    bool said = place != SPEC_NO_PLACE &&
                ((const Place *)(const void *)((const char *)at + place))->line > 0;

    return full || said ? v : value_null();
}

static Value number_or_null(const SpecNumber *number)
{
    return number->set ? value_int(number->value) : value_null();
}

static Value list_or_null(const ValueList *list)
{
    return list->items ? value_list(list->items, list->len) : value_null();
}

static Value map_or_null(ValueMap *map)
{
    return map ? value_of_map(map) : value_null();
}

/* What the spec says; null: nothing. */
static Value encode_field(const Encoder *e, const SpecField *field, const void *at)
{
    switch (field->type) {
    case SPEC_TEXT: {
        const SpecText *text = at;
        return text->text.ptr ? value_string(text->text) : value_null();
    }
    case SPEC_FLAG: {
        const SpecFlag *flag = at;
        return *flag == FLAG_UNSET ? value_null() : value_bool(*flag == FLAG_YES);
    }
    case SPEC_NUMBER:
        return number_or_null(at);
    case SPEC_TEXTS:
    case SPEC_TEXT_LIST:
        return texts(e, at);
    case SPEC_TEXT_MAP:
        return map_or_null(*(ValueMap *const *)at);
    case SPEC_VALUES:
    case SPEC_CHART_VALUES:
        return values_entries(e, at);
    case SPEC_ITEMS:
        return list_or_null(at);
    case SPEC_ANY:
        return *(const Value *)at;
    case SPEC_RECORD:
        return record_within(e, field, at);
    case SPEC_RECORDS:
        return records(e, field->record, at);
    case SPEC_RECORD_MAP:
        return record_map(e, field->record, at);
    }
    return value_null();
}

/* Go's zero, for a key that is always written. */
static Value zero_of(const Encoder *e, SpecType type)
{
    switch (type) {
    case SPEC_TEXT:
        return value_c("");
    case SPEC_FLAG:
        return value_bool(false);
    case SPEC_NUMBER:
        return value_int(0);
    case SPEC_TEXT_MAP:
    case SPEC_RECORD:
    case SPEC_RECORD_MAP:
    case SPEC_ANY:
        return value_of_map(value_map_new(e->arena));
    default:
        return value_list(NULL, 0);
    }
}

static bool is_full(Value v)
{
    switch (v.kind) {
    case VALUE_BOOL:
        return v.boolean;
    case VALUE_INT:
        return v.integer != 0;
    case VALUE_STRING:
        return v.string.len > 0;
    case VALUE_LIST:
        return v.list.len > 0;
    case VALUE_MAP:
        return v.map->len > 0;
    default:
        return v.kind != VALUE_NULL;
    }
}

/* Whether KEY, which is V, is written; *FULL becomes whether V is more than Go's zero. */
static bool is_written(const Encoder *e, const LayoutKey *key, Value *v, bool *full)
{
    bool said = v->kind != VALUE_NULL, filled = is_full(*v);

    if (!e->layout)
        said &= v->kind != VALUE_STRING || filled;
    else if (key->rule != LAYOUT_WHEN_SAID)
        said = filled;
    *full |= said;
    if (said || key->rule != LAYOUT_ALWAYS)
        return said;
    *v = zero_of(e, key->field->type);
    return true;
}

/* An object of a type made for it, with these fields. */
static Value object_new(Arena *a, const char *name, const ValueField *fields, const Value *values,
                        size_t len)
{
    ValueObjectType *type = arena_new(a, ValueObjectType);
    ValueObject *object = arena_new(a, ValueObject);
    ValueField *own_fields = arena_array(a, ValueField, len);
    Value *own_values = arena_array(a, Value, len);

    if (len) {
        memcpy(own_fields, fields, len * sizeof(*fields));
        memcpy(own_values, values, len * sizeof(*values));
    }
    *type = (ValueObjectType){.name = name, .fields = own_fields, .len = len, .yaml_as_json = true};
    *object = (ValueObject){.type = type, .fields = own_values};
    return value_of_object(object);
}

/* Those fields of RECORD that are written. *FULL, if it is asked for: whether any is not empty. */
static Value encode_record(const Encoder *e, const SpecRecordType *type, const void *record,
                           bool *full)
{
    const LayoutKey *keys = e->layout ? spec_layout_keys(e->layout, type) : NULL;
    ValueField fields[MOST_FIELDS];
    Value values[MOST_FIELDS];
    bool any = false;
    size_t len = 0;

    if (type->len > MOST_FIELDS)
        BUG("%s has more than %d fields", type->name, MOST_FIELDS);
    for (size_t i = 0; i < type->len; i++) {
        LayoutKey key = keys ? keys[i] : (LayoutKey){&type->fields[i], LAYOUT_WHEN_SAID};
        Value v = encode_field(e, key.field, (const char *)record + key.field->offset);

        if (!is_written(e, &key, &v, &any))
            continue;
        fields[len] = (ValueField){.name = key.field->name, .json = key.field->name};
        values[len++] = v;
    }
    if (full)
        *full = any;
    return object_new(e->arena, type->name, fields, values, len);
}

Value spec_value(Arena *a, const SpecLayout *layout, const Spec *spec)
{
    return encode_record(&(Encoder){a, layout}, &spec_record_top, spec, NULL);
}

static bool field_of(Arena *a, const SpecRecordType *type, const void *record, Str name, Value *out,
                     Place *place)
{
    Encoder e = {.arena = a};

    for (size_t i = 0; i < type->len; i++) {
        const SpecField *field = &type->fields[i];
        const void *at = (const char *)record + field->offset;

        if (!str_is(name, field->name))
            continue;
        *out = encode_field(&e, field, at);
        *place = field->type == SPEC_TEXT ? ((const SpecText *)at)->place : (Place){0};
        return true;
    }
    return false;
}

bool spec_release_field(Arena *a, const SpecRelease *release, Str name, Value *out, Place *place)
{
    return field_of(a, &spec_record_release, release, name, out, place);
}

bool spec_defaults_field(Arena *a, const SpecDefaults *defaults, Str name, Value *out, Place *place)
{
    return field_of(a, &spec_record_defaults, defaults, name, out, place);
}

bool spec_top_field(Arena *a, const Spec *spec, Str name, Value *out, Place *place)
{
    return field_of(a, &spec_record_top, spec, name, out, place);
}
