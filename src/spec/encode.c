/*
 * encode.c - structs back to values, by the tables of fields.c: for `build`. What is not said is
 * left out.
 */
#include "spec/fields.h"

static Value encode_record(Arena *a, const SpecRecordType *type, const void *record);

static Value texts(Arena *a, const SpecTextList *list)
{
    Value *items = arena_array(a, Value, list->len);

    for (size_t i = 0; i < list->len; i++)
        items[i] = value_string(list->items[i].text);
    return list->items ? value_list(items, list->len) : value_null();
}

static Value values_entries(Arena *a, const ValuesEntryList *list)
{
    Value *items = arena_array(a, Value, list->len);

    for (size_t i = 0; i < list->len; i++)
        items[i] = list->items[i].values
                       ? value_of_map((ValueMap *)(uintptr_t)list->items[i].values)
                       : value_string(list->items[i].path);
    return list->items ? value_list(items, list->len) : value_null();
}

/* A VEC of any record. */
typedef VEC(char) RecordBytes;

static Value records(Arena *a, const SpecRecordType *type, const RecordBytes *list)
{
    Value *items = arena_array(a, Value, list->len);

    for (size_t i = 0; i < list->len; i++)
        items[i] = encode_record(a, type, list->items + i * type->size);
    return list->items ? value_list(items, list->len) : value_null();
}

static Value record_map(Arena *a, const SpecRecordType *type, const RecordBytes *list)
{
    ValueMap *map = value_map_new(a);

    for (size_t i = 0; i < list->len; i++) {
        const char *record = list->items + i * type->size;
        Value v = encode_record(a, type, record);

        value_map_append(a, map, ((const SpecText *)(const void *)record)->text, v);
    }
    value_map_sort(map);
    return list->items ? value_of_map(map) : value_null();
}

static Value encode_field(Arena *a, const SpecField *field, const void *at)
{
    switch (field->type) {
    case SPEC_TEXT: {
        const SpecText *text = at;
        return text->text.len ? value_string(text->text) : value_null();
    }
    case SPEC_FLAG: {
        const SpecFlag *flag = at;
        return *flag == FLAG_UNSET ? value_null() : value_bool(*flag == FLAG_YES);
    }
    case SPEC_NUMBER: {
        const SpecNumber *number = at;
        return number->set ? value_int(number->value) : value_null();
    }
    case SPEC_TEXTS:
    case SPEC_TEXT_LIST:
        return texts(a, at);
    case SPEC_TEXT_MAP: {
        ValueMap *const *map = at;
        return *map ? value_of_map(*map) : value_null();
    }
    case SPEC_VALUES:
    case SPEC_CHART_VALUES:
        return values_entries(a, at);
    case SPEC_ITEMS: {
        const ValueList *list = at;
        return list->items ? value_list(list->items, list->len) : value_null();
    }
    case SPEC_ANY:
        return *(const Value *)at;
    case SPEC_RECORD: {
        Value v = encode_record(a, field->record, at);
        return v.object->type->len ? v : value_null();
    }
    case SPEC_RECORDS:
        return records(a, field->record, at);
    case SPEC_RECORD_MAP:
        return record_map(a, field->record, at);
    }
    return value_null();
}

/* An object of a type made for it: it has those fields that are set, in the table's order. */
static Value encode_record(Arena *a, const SpecRecordType *type, const void *record)
{
    ValueObjectType *made = arena_new(a, ValueObjectType);
    ValueObject *object = arena_new(a, ValueObject);
    ValueField *fields = arena_array(a, ValueField, type->len);
    Value *values = arena_array(a, Value, type->len);
    size_t len = 0;

    for (size_t i = 0; i < type->len; i++) {
        const SpecField *field = &type->fields[i];
        Value v = encode_field(a, field, (const char *)record + field->offset);

        if (v.kind == VALUE_NULL)
            continue;
        fields[len] = (ValueField){.name = field->name, .json = field->name};
        values[len++] = v;
    }
    *made =
        (ValueObjectType){.name = type->name, .fields = fields, .len = len, .yaml_as_json = true};
    *object = (ValueObject){.type = made, .fields = values};
    return value_of_object(object);
}

Value spec_value(Arena *a, const Spec *spec)
{
    return encode_record(a, &spec_record_top, spec);
}
