/*
 * schema.c - the tables of fields.c as JSON Schema, for editors, and as Markdown, for people.
 */
#include "spec/fields.h"

#include "base/json.h"

#include <stdlib.h>
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

/* What is a text to the decoder: YAML has other types where quotes are missing (1.10, true). */
static Value scalar(Arena *a)
{
    Value types[] = {value_c("string"), value_c("number"), value_c("boolean")};
    Value *items = arena_array(a, Value, COUNT(types));

    memcpy(items, types, sizeof(types));
    return value_of_map(new_map(a, "type", value_list(items, COUNT(types))));
}

static Value or_null(Arena *a, Value v)
{
    Value choices[] = {v, type_of(a, "null")};

    return one_of(a, choices, COUNT(choices));
}

/* "track-resource": a name that may stand in a URI. */
static Str definition_name(Arena *a, const SpecRecordType *type)
{
    Buf name = {.arena = a};

    for (const char *c = type->name; *c; c++)
        buf_add_char(&name, *c == ' ' ? '-' : *c);
    return buf_str(&name);
}

static Value record_reference(Arena *a, const SpecRecordType *type)
{
    Str pointer = str_join(a, STR("#/definitions/"), definition_name(a, type));
    Value reference = value_of_map(new_map(a, "$ref", value_string(pointer)));
    Value choices[] = {reference, type_of(a, "string")};

    return type->short_key ? one_of(a, choices, COUNT(choices)) : reference;
}

/* One of the words, or a template that will become one. */
static Value choices_of(Arena *a, const SpecField *field)
{
    VEC(Value) list = {0};
    Value template = type_of(a, "string");

    value_map_set_c(a, template.map, "pattern", value_c("\\{\\{"));
    for (size_t i = 0; field->choices[i]; i++) {
        *vec_add(a, &list) = value_c(field->choices[i]);
        if (strcmp(field->choices[i], "true") == 0 || strcmp(field->choices[i], "false") == 0)
            *vec_add(a, &list) = value_bool(field->choices[i][0] == 't'); // without quotes
    }
    Value choices[] = {value_of_map(new_map(a, "enum", value_list(list.items, list.len))),
                       template};
    return one_of(a, choices, COUNT(choices));
}

/* A list of records; of `inherit` also a single one, as older specs have it. */
static Value records_of(Arena *a, const SpecField *field)
{
    Value record = record_reference(a, field->record);
    Value choices[] = {list_of(a, record), record};

    return strcmp(field->name, "inherit") == 0 ? one_of(a, choices, COUNT(choices)) : choices[0];
}

static Value field_type(Arena *a, const SpecField *field)
{
    Value texts[] = {scalar(a), list_of(a, scalar(a))};
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
        return records_of(a, field);
    case SPEC_RECORD_MAP:
        return map_of(a, or_null(a, record_reference(a, field->record)));
    }
    return value_null();
}

/* What the field is when it is not there, as far as an editor could write it. */
static void add_default(Arena *a, const SpecField *field, ValueMap *schema)
{
    if (field->usual && field->type == SPEC_FLAG)
        value_map_set_c(a, schema, "default", value_bool(strcmp(field->usual, "true") == 0));
    else if (field->usual && field->type == SPEC_NUMBER)
        value_map_set_c(a, schema, "default", value_int(strtoll(field->usual, NULL, 10)));
    else if (field->usual && field->choices)
        value_map_set_c(a, schema, "default", value_c(field->usual));
}

/* What is not said may be null, too. */
static Value field_schema(Arena *a, const SpecField *field)
{
    Value v = or_null(a, field_type(a, field));

    value_map_set_c(a, v.map, "description", value_c(field->help));
    add_default(a, field, v.map);
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
            value_map_set(a, definitions, definition_name(a, spec_records[i]),
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
    const char *example = spec_example(field);
    buf_format(b, field->choices ? ". | %s%s%s |\n" : " | %s%s%s |\n", example ? "`" : "",
               example ? example : "", example ? "`" : "");
}

void spec_reference(Buf *b)
{
    buf_add_c(
        b, "# The fields of helmfile.yaml\n\n"
           "All that a spec may say, from its top level (`spec`) down. Any other key is an error. "
           "What is\n\"accepted, without effect\" is known from helmfile, and changes nothing "
           "here.\n\n");
    for (size_t i = 0; i < spec_record_count; i++) {
        const SpecRecordType *type = spec_records[i];

        buf_format(b,
                   "%s## %s\n\n| field | type | default | meaning | example |\n"
                   "|---|---|---|---|---|\n",
                   i ? "\n" : "", type->name);
        for (size_t j = 0; j < type->len; j++)
            add_field(b, &type->fields[j]);
    }
}
