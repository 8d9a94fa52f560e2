/*
 * schema.c - the tables of fields.c as JSON Schema, for editors, and as Markdown, for people.
 */
#include "spec/fields.h"

#include "base/json.h"

#include <string.h>

/* ---- JSON Schema */

static ValueMap *new_map(Arena *a, const char *key, Value v)
{
    ValueMap *map = value_map_new(a);

    value_map_set_c(a, map, key, v);
    return map;
}

static Value type_of(Arena *a, const char *type)
{
    return value_of_map(new_map(a, "type", value_c(type)));
}

static Value one_of(Arena *a, const Value *choices, size_t len)
{
    Value *items = arena_array(a, Value, len);

    memcpy(items, choices, len * sizeof(*items));
    return value_of_map(new_map(a, "anyOf", value_list(items, len)));
}

static Value list_of(Arena *a, Value item)
{
    ValueMap *map = new_map(a, "type", value_c("array"));

    value_map_set_c(a, map, "items", item);
    return value_of_map(map);
}

static Value map_of(Arena *a, Value item)
{
    ValueMap *map = new_map(a, "type", value_c("object"));

    value_map_set_c(a, map, "additionalProperties", item);
    return value_of_map(map);
}

/* YAML has a text where it is written without quotes: 1.10, true. */
static Value scalar(Arena *a)
{
    Value types[] = {value_c("string"), value_c("number"), value_c("boolean")};
    Value *items = arena_array(a, Value, COUNT(types));

    memcpy(items, types, sizeof(types));
    return value_of_map(new_map(a, "type", value_list(items, COUNT(types))));
}

static Value record_reference(Arena *a, const SpecRecordType *type)
{
    Value reference = value_of_map(
        new_map(a, "$ref", value_string(str_format(a, "#/definitions/%s", type->name))));
    Value choices[] = {reference, type_of(a, "string")};

    return type->short_key ? one_of(a, choices, COUNT(choices)) : reference;
}

static Value choices_of(Arena *a, const SpecField *field)
{
    VEC(Value) list = {0};

    for (size_t i = 0; field->choices[i]; i++)
        *vec_add(a, &list) = value_c(field->choices[i]);
    return value_of_map(new_map(a, "enum", value_list(list.items, list.len)));
}

static Value field_type(Arena *a, const SpecField *field)
{
    Value texts[] = {type_of(a, "string"), list_of(a, scalar(a))};
    Value entries[] = {type_of(a, "string"), type_of(a, "object")};

    switch (field->type) {
    case SPEC_TEXT:
        return field->choices ? choices_of(a, field) : scalar(a);
    case SPEC_FLAG:
        return type_of(a, "boolean");
    case SPEC_NUMBER:
        return type_of(a, "integer");
    case SPEC_TEXTS:
        return list_of(a, scalar(a));
    case SPEC_TEXT_LIST:
        return one_of(a, texts, COUNT(texts));
    case SPEC_TEXT_MAP:
        return map_of(a, scalar(a));
    case SPEC_VALUES:
    case SPEC_CHART_VALUES:
        return list_of(a, one_of(a, entries, COUNT(entries)));
    case SPEC_ITEMS:
        return type_of(a, "array");
    case SPEC_ANY:
        return value_of_map(value_map_new(a));
    case SPEC_RECORD:
        return record_reference(a, field->record);
    case SPEC_RECORDS:
        return list_of(a, record_reference(a, field->record));
    case SPEC_RECORD_MAP:
        return map_of(a, record_reference(a, field->record));
    }
    return value_null();
}

/* What is not said may be null, too; and templates may be anywhere before they are rendered. */
static Value field_schema(Arena *a, const SpecField *field)
{
    Value choices[] = {field_type(a, field), type_of(a, "null")};
    Value v = one_of(a, choices, COUNT(choices));

    value_map_set_c(a, v.map, "description", value_c(field->help));
    return v;
}

static Value record_schema(Arena *a, const SpecRecordType *type)
{
    ValueMap *map = new_map(a, "type", value_c("object")), *properties = value_map_new(a);

    for (size_t i = 0; i < type->len; i++)
        value_map_set_c(a, properties, type->fields[i].name, field_schema(a, &type->fields[i]));
    value_map_set_c(a, map, "properties", value_of_map(properties));
    value_map_set_c(a, map, "additionalProperties", value_bool(false));
    return value_of_map(map);
}

void spec_schema(Buf *b)
{
    Arena *a = b->arena;
    ValueMap *schema = record_schema(a, &spec_record_top).map, *definitions = value_map_new(a);

    for (size_t i = 0; i < spec_record_count; i++)
        if (spec_records[i] != &spec_record_top)
            value_map_set_c(a, definitions, spec_records[i]->name,
                            record_schema(a, spec_records[i]));
    value_map_set_c(a, schema, "$schema", value_c("http://json-schema.org/draft-07/schema#"));
    value_map_set_c(a, schema, "title", value_c("helmfile.yaml, as relfile reads it"));
    value_map_set_c(a, schema, "definitions", value_of_map(definitions));
    error_free(json_write(b, value_of_map(schema), (JsonStyle){.indent = "  "})); // texts only
    buf_add_char(b, '\n');
}

/* ---- Markdown */

static const char *type_name(const SpecField *field)
{
    switch (field->type) {
    case SPEC_TEXT:
        return "text";
    case SPEC_FLAG:
        return "true or false";
    case SPEC_NUMBER:
        return "number";
    case SPEC_TEXTS:
        return "list of texts";
    case SPEC_TEXT_LIST:
        return "text, or list of texts";
    case SPEC_TEXT_MAP:
        return "map of texts";
    case SPEC_VALUES:
    case SPEC_CHART_VALUES:
        return "list of files and maps";
    case SPEC_ITEMS:
        return "list";
    case SPEC_ANY:
        return "anything";
    case SPEC_RECORD:
    case SPEC_RECORDS:
    case SPEC_RECORD_MAP:
        return field->record->name;
    }
    return "";
}

static const char *type_form(const SpecField *field)
{
    if (field->type == SPEC_RECORDS)
        return "list of ";
    return field->type == SPEC_RECORD_MAP ? "map of " : "";
}

static void add_field(Buf *b, const SpecField *field)
{
    buf_format(b, "| `%s` | %s%s | %s | %s", field->name, type_form(field), type_name(field),
               field->usual ? field->usual : "", field->help);
    for (size_t i = 0; field->choices && field->choices[i]; i++)
        buf_format(b, "%s%s", i ? ", " : " One of: ", field->choices[i]);
    buf_add_c(b, field->choices ? ". |\n" : " |\n");
}

void spec_reference(Buf *b)
{
    for (size_t i = 0; i < spec_record_count; i++) {
        const SpecRecordType *type = spec_records[i];

        buf_format(b, "%s## %s\n\n| field | type | usual | meaning |\n|---|---|---|---|\n",
                   i ? "\n" : "", type->name);
        for (size_t j = 0; j < type->len; j++)
            add_field(b, &type->fields[j]);
    }
}
