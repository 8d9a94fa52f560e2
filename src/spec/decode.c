/*
 * decode.c - YAML nodes into structs, by the tables of fields.c. Strict: a key that is not in
 * the table, a key that comes twice, a value of another type are errors with their place.
 * Source: helmfile's use of go-yaml v3 with KnownFields.
 */
#include "spec/fields.h"

#include "base/name_index.h"
#include "base/nearest.h"
#include "base/number.h"
#include "io/log.h"

#include <math.h>
#include <string.h>

enum { DEEPEST_MERGE = 100 }; /* of << in << */

/* The byte that a node begins at in the text that was parsed. */
static size_t offset_of(const SpecReader *r, int line, int column)
{
    size_t number = line > 0 ? (size_t)line - 1 : 0;
    size_t at = r->lines[number < r->line_count ? number : r->line_count];

    at += column > 0 ? (size_t)column - 1 : 0;
    return at < r->text.len ? at : r->text.len;
}

void spec_index_lines(SpecReader *r)
{
    VEC(size_t) lines = {0};

    *vec_add(r->arena, &lines) = 0;
    for (size_t i = 0; i < r->text.len; i++)
        if (r->text.ptr[i] == '\n')
            *vec_add(r->arena, &lines) = i + 1;
    *vec_add(r->arena, &lines) = r->text.len;
    r->lines = lines.items;
    r->line_count = lines.len - 1;
}

Place spec_place(const SpecReader *r, const YamlNode *node)
{
    Place place = {r->file, node->line + r->first_line, node->column};

    if (r->map) {
        Place made = template_map_place(r->map, offset_of(r, node->line, node->column));

        if (made.file)
            place = (Place){r->file, made.line + r->first_line, made.column};
    }
    return place;
}

#define FAIL(r, node, ...) error_source(error_at(spec_place((r), (node)), __VA_ARGS__), (r)->source)

static const char *shape(const YamlNode *node)
{
    static const char *const shapes[] = {"a single value", "a list", "a map"};

    return shapes[node->kind];
}

static Error *wrong_shape_of(const SpecReader *r, const YamlNode *node, Str what,
                             const char *wanted)
{
    Error *err = FAIL(r, node, "%.*s must be %s, not %s", STR_ARG(what), wanted, shape(node));
    bool braces = node->kind == YAML_MAPPING && node->len && node->items[0]->kind == YAML_MAPPING;

    if (braces) // {{ … }} is a map in a map to YAML
        err = error_hint(err, "a template is only rendered in a file that ends in .gotmpl, or with "
                              "--render-yaml=always");
    return err;
}

static Error *wrong_shape(const SpecReader *r, const YamlNode *node, const char *name,
                          const char *wanted)
{
    return wrong_shape_of(r, node, str_format(r->arena, "\"%s\"", name), wanted);
}

static Error *wrong_item(const SpecReader *r, const YamlNode *node, const char *name,
                         const char *wanted)
{
    return wrong_shape_of(r, node, str_format(r->arena, "what is in \"%s\"", name), wanted);
}

static bool is_null(const YamlNode *node)
{
    static const char *const nulls[] = {"", "~", "null", "Null", "NULL"};

    for (size_t i = 0; i < COUNT(nulls) && node->kind == YAML_SCALAR && node->plain; i++)
        if (str_is(node->text, nulls[i]))
            return true;
    return false;
}

/* "Error", "Warn" */
static Str joined(Arena *a, const char *const *words)
{
    Buf b = {.arena = a};

    for (size_t i = 0; words[i]; i++)
        buf_format(&b, "%s\"%s\"", i ? ", " : "", words[i]);
    return buf_str(&b);
}

static Error *check_choice(const SpecReader *r, const YamlNode *node, const SpecField *field)
{
    size_t len = 0;

    while (field->choices && field->choices[len]) {
        if (str_is(node->text, field->choices[len]))
            return NULL;
        len++;
    }
    if (!len || !node->text.len)
        return NULL;
    Error *err = FAIL(r, node, "\"%s\" cannot be \"%.*s\"", field->name, STR_ARG(node->text));
    return error_hint(nearest_hint(err, node->text, field->choices, len), "it can be %.*s",
                      STR_ARG(joined(r->arena, field->choices)));
}

static Error *decode_text(const SpecReader *r, const YamlNode *node, const char *name,
                          SpecText *out)
{
    if (node->kind != YAML_SCALAR)
        return wrong_shape(r, node, name, "a text");
    *out = (SpecText){{"", 0}, {0}};
    if (is_null(node)) // as if it were not there
        return NULL;
    out->place = spec_place(r, node);
    if (node->text.ptr)
        out->text = node->text;
    return NULL;
}

static bool is_word(Str text, const char *const *words)
{
    for (; *words; words++)
        if (str_is(text, *words))
            return true;
    return false;
}

/* The words of YAML 1.1, which Go's reader takes where a bool is wanted. */
static Error *decode_flag(const SpecReader *r, const YamlNode *node, const char *name,
                          SpecFlag *out)
{
    static const char *const yes[] = {"true", "True", "TRUE", "y",  "Y",  "yes",
                                      "Yes",  "YES",  "on",   "On", "ON", NULL};
    static const char *const no[] = {"false", "False", "FALSE", "n",   "N",   "no",
                                     "No",    "NO",    "off",   "Off", "OFF", NULL};

    if (is_null(node))
        return NULL;
    if (node->kind == YAML_SCALAR && node->plain && is_word(node->text, yes))
        *out = FLAG_YES;
    else if (node->kind == YAML_SCALAR && node->plain && is_word(node->text, no))
        *out = FLAG_NO;
    else if (node->kind == YAML_SCALAR)
        return FAIL(r, node, "\"%s\" must be true or false, not %s%.*s%s", name,
                    node->plain ? "" : "the text \"", STR_ARG(node->text), node->plain ? "" : "\"");
    else
        return wrong_shape(r, node, name, "true or false");
    return NULL;
}

static Error *decode_number(const SpecReader *r, const YamlNode *node, const char *name,
                            SpecNumber *out)
{
    Value v = value_null();

    if (is_null(node))
        return NULL;
    if (node->kind == YAML_SCALAR && node->plain)
        v = yaml_scalar(r->arena, node->text, YAML_HELMFILE);
    if (v.kind == VALUE_FLOAT && v.real == floor(v.real) && fabs(v.real) < 1e15)
        v = value_int((int64_t)v.real);
    if (v.kind != VALUE_INT)
        return node->kind == YAML_SCALAR
                   ? FAIL(r, node, "\"%s\" must be a whole number, not \"%.*s\"", name,
                          STR_ARG(node->text))
                   : wrong_shape(r, node, name, "a whole number");
    *out = (SpecNumber){true, v.integer};
    return NULL;
}

/* Nothing, as an item of a list: Go's reader leaves it out. */
static bool is_no_item(const SpecReader *r, const YamlNode *node, const char *name)
{
    Place place = spec_place(r, node);

    if (!is_null(node))
        return false;
    log_warn("%s:%d: an item of \"%s\" is empty, and left out", place.file, place.line, name);
    return true;
}

static Error *decode_texts(const SpecReader *r, const YamlNode *node, const char *name,
                           SpecTextList *out)
{
    if (is_null(node))
        return NULL;
    if (node->kind != YAML_SEQUENCE)
        return wrong_shape(r, node, name, "a list");
    vec_reserve(r->arena, out, node->len ? node->len : 1); // an empty list has an address, too
    for (size_t i = 0; i < node->len; i++)
        if (!is_no_item(r, node->items[i], name))
            TRY(decode_text(r, node->items[i], name, vec_add(r->arena, out)));
    return NULL;
}

static Error *decode_text_list(const SpecReader *r, const YamlNode *node, const char *name,
                               SpecTextList *out)
{
    if (node->kind == YAML_SCALAR && !is_null(node))
        return decode_text(r, node, name, vec_add(r->arena, out));
    return decode_texts(r, node, name, out);
}

static bool is_merge_key(const YamlNode *key)
{
    return key->kind == YAML_SCALAR && key->plain && str_is(key->text, "<<");
}

/* One pair of a mapping; MERGED: it comes from a <<, and gives way to what is there. */
typedef Error *AddPair(const SpecReader *r, const YamlNode *key, const YamlNode *value, bool merged,
                       void *context);

static Error *add_merged(const SpecReader *r, const YamlNode *node, int depth, AddPair *add,
                         void *context);

/* What a mapping says itself comes before what it merges, wherever the << stands. */
static Error *add_pairs(const SpecReader *r, const YamlNode *node, int depth, AddPair *add,
                        void *context)
{
    for (size_t i = 0; i < node->len; i += 2)
        if (!is_merge_key(node->items[i]))
            TRY(add(r, node->items[i], node->items[i + 1], depth > 0, context));
    for (size_t i = 0; i < node->len; i += 2)
        if (is_merge_key(node->items[i]))
            TRY(add_merged(r, node->items[i + 1], depth + 1, add, context));
    return NULL;
}

static Error *add_merged(const SpecReader *r, const YamlNode *node, int depth, AddPair *add,
                         void *context)
{
    if (depth > DEEPEST_MERGE)
        return FAIL(r, node, "merge keys nest too deep");
    if (node->kind == YAML_SEQUENCE) {
        for (size_t i = 0; i < node->len; i++)
            TRY(add_merged(r, node->items[i], depth + 1, add, context));
        return NULL;
    }
    if (node->kind != YAML_MAPPING)
        return wrong_shape(r, node, "<<", "a map, or a list of maps");
    return add_pairs(r, node, depth, add, context);
}

/* A mapping that becomes a map of texts. */
typedef struct TextMap {
    const char *name;
    ValueMap *map;
} TextMap;

static Error *add_text(const SpecReader *r, const YamlNode *key, const YamlNode *value, bool merged,
                       void *context)
{
    TextMap *t = context;
    SpecText text;
    bool there = value_map_get(t->map, key->text);

    if (there && !merged)
        return FAIL(r, key, "key \"%.*s\" comes twice", STR_ARG(key->text));
    if (value->kind != YAML_SCALAR)
        return wrong_shape_of(
            r, value, str_format(r->arena, "\"%.*s\" in \"%s\"", STR_ARG(key->text), t->name),
            "a text");
    TRY(decode_text(r, value, t->name, &text));
    if (!there)
        value_map_set(r->arena, t->map, key->text, value_string(text.text));
    return NULL;
}

static Error *decode_text_map(const SpecReader *r, const YamlNode *node, const char *name,
                              ValueMap **out)
{
    TextMap t = {name, NULL};

    if (is_null(node))
        return NULL;
    if (node->kind != YAML_MAPPING)
        return wrong_shape(r, node, name, "a map of texts");
    *out = t.map = value_map_new(r->arena);
    return add_pairs(r, node, 0, add_text, &t);
}

static Error *decode_value(const SpecReader *r, const YamlNode *node, Value *out)
{
    Error *err = yaml_value(r->arena, r->file, node, YAML_HELMFILE, out);

    return error_source(err, r->source);
}

/* yaml_value, or yaml_value_any_keys */
typedef Error *DecodeValue(Arena *a, const char *file, const YamlNode *node, YamlRules rules,
                           Value *out);

static Error *decode_entry(const SpecReader *r, const YamlNode *node, const char *name,
                           DecodeValue *decode, ValuesEntry *out)
{
    Value v;

    out->place = spec_place(r, node);
    if (node->kind == YAML_SEQUENCE)
        return wrong_item(r, node, name, "a path or a map");
    if (node->kind == YAML_SCALAR) {
        out->path = node->text.ptr ? node->text : (Str){"", 0};
        return NULL;
    }
    TRY(error_source(decode(r->arena, r->file, node, YAML_HELMFILE, &v), r->source));
    out->values = v.map;
    return NULL;
}

static Error *decode_values(const SpecReader *r, const YamlNode *node, const char *name,
                            DecodeValue *decode, ValuesEntryList *out)
{
    if (is_null(node))
        return NULL;
    if (node->kind != YAML_SEQUENCE)
        return wrong_shape(r, node, name, "a list of paths and maps");
    vec_reserve(r->arena, out, node->len);
    for (size_t i = 0; i < node->len; i++)
        TRY(decode_entry(r, node->items[i], name, decode, vec_add(r->arena, out)));
    return NULL;
}

static Error *decode_items(const SpecReader *r, const YamlNode *node, const char *name,
                           ValueList *out)
{
    Value v;

    if (is_null(node))
        return NULL;
    if (node->kind != YAML_SEQUENCE)
        return wrong_shape(r, node, name, "a list");
    TRY(decode_value(r, node, &v));
    *out = v.list;
    return NULL;
}

/* A VEC of any record. */
typedef VEC(char) AnyList;

static void *add_record(Arena *a, void *list, const SpecRecordType *type)
{
    AnyList *any = list;

    any->items = vec_grow(a, any->items, any->len, &any->cap, type->size);
    return any->items + any->len++ * type->size;
}

/* A record that is only a text has it in one of its fields. */
static Error *decode_short(const SpecReader *r, const YamlNode *node, const SpecRecordType *type,
                           void *record)
{
    for (size_t i = 0; i < type->len; i++)
        if (strcmp(type->fields[i].name, type->short_key) == 0)
            TRY(decode_text(r, node, type->short_key,
                            (SpecText *)(void *)((char *)record + type->fields[i].offset)));
    if (type->place != SPEC_NO_PLACE)
        *(Place *)(void *)((char *)record + type->place) = spec_place(r, node);
    return NULL;
}

static Error *decode_fields(const SpecReader *r, const YamlNode *node, const SpecRecordType *type,
                            void *record);

static Error *decode_record(const SpecReader *r, const YamlNode *node, const char *name,
                            const SpecRecordType *type, void *record)
{
    if (is_null(node)) {
        if (type->place != SPEC_NO_PLACE)
            *(Place *)(void *)((char *)record + type->place) = spec_place(r, node);
        return NULL;
    }
    if (node->kind == YAML_SCALAR && type->short_key)
        return decode_short(r, node, type, record);
    if (node->kind != YAML_MAPPING)
        return wrong_shape(r, node, name, "a map");
    return decode_fields(r, node, type, record);
}

static Error *decode_records(const SpecReader *r, const YamlNode *node, const SpecField *field,
                             void *list)
{
    const SpecRecordType *type = field->record;
    AnyList *any = list;

    if (is_null(node))
        return NULL;
    if (node->kind == YAML_MAPPING && strcmp(field->name, "inherit") == 0) // as older specs had it
        return decode_record(r, node, field->name, type, add_record(r->arena, list, type));
    if (node->kind != YAML_SEQUENCE)
        return wrong_shape(r, node, field->name, "a list");
    any->items = vec_room(r->arena, any->items, any->len, &any->cap, node->len, type->size);
    for (size_t i = 0; i < node->len; i++) {
        const YamlNode *item = node->items[i];

        if (is_no_item(r, item, field->name))
            continue;
        if (item->kind == YAML_SEQUENCE || (item->kind == YAML_SCALAR && !type->short_key))
            return wrong_item(r, item, field->name, "maps");
        TRY(decode_record(r, item, field->name, type, add_record(r->arena, list, type)));
    }
    if (!any->len) // all were left out: as where none were given
        *any = (AnyList){0};
    return NULL;
}

/* A mapping that becomes records, which begin with their key. */
typedef struct RecordMap {
    const SpecField *field;
    AnyList *list;
    NameIndex keys;
} RecordMap;

static Error *add_keyed(const SpecReader *r, const YamlNode *key, const YamlNode *value,
                        bool merged, void *context)
{
    RecordMap *m = context;
    bool there = key->kind == YAML_SCALAR && name_index_get(&m->keys, NULL, key->text);

    if (there && !merged)
        return FAIL(r, key, "key \"%.*s\" comes twice", STR_ARG(key->text));
    if (there)
        return NULL;
    void *record = add_record(r->arena, m->list, m->field->record);
    TRY(decode_text(r, key, m->field->name, record));
    name_index_set(r->arena, &m->keys, NULL, key->text, m);
    return decode_record(r, value, m->field->name, m->field->record, record);
}

static Error *decode_record_map(const SpecReader *r, const YamlNode *node, const SpecField *field,
                                void *list)
{
    RecordMap m = {.field = field, .list = list};

    if (is_null(node))
        return NULL;
    if (node->kind != YAML_MAPPING)
        return wrong_shape(r, node, field->name, "a map");
    return add_pairs(r, node, 0, add_keyed, &m);
}

/* An event that never comes is no error, for helmfile takes it; but most likely a mistake. */
static void warn_of_choices(const SpecField *field, const SpecTextList *texts)
{
    for (size_t i = 0; field->choices && i < texts->len; i++) {
        const SpecText *text = &texts->items[i];
        size_t len = 0;
        bool known = str_find(text->text, STR("{{")) != STR_NONE;

        for (; field->choices[len]; len++)
            known |= str_is(text->text, field->choices[len]);
        if (known)
            continue;
        const char *near = nearest_word(text->text, field->choices, len);
        log_warn("%s:%d: nothing in \"%s\" is called \"%.*s\"%s%s%s", text->place.file,
                 text->place.line, field->name, STR_ARG(text->text),
                 near ? ": did you mean \"" : "", near ? near : "", near ? "\"?" : "");
    }
}

static Error *decode_field(const SpecReader *r, const YamlNode *node, const SpecField *field,
                           void *record)
{
    void *at = (char *)record + field->offset;

    switch (field->type) {
    case SPEC_TEXT:
        if (is_null(node)) // as if it were not there
            return NULL;
        TRY(decode_text(r, node, field->name, at));
        return check_choice(r, node, field);
    case SPEC_FLAG:
        return decode_flag(r, node, field->name, at);
    case SPEC_NUMBER:
        return decode_number(r, node, field->name, at);
    case SPEC_TEXTS:
        TRY(decode_texts(r, node, field->name, at));
        warn_of_choices(field, at);
        return NULL;
    case SPEC_TEXT_LIST:
        return decode_text_list(r, node, field->name, at);
    case SPEC_TEXT_MAP:
        return decode_text_map(r, node, field->name, at);
    case SPEC_VALUES:
        return decode_values(r, node, field->name, yaml_value, at);
    case SPEC_CHART_VALUES:
        return decode_values(r, node, field->name, yaml_value_any_keys, at);
    case SPEC_ITEMS:
        return decode_items(r, node, field->name, at);
    case SPEC_ANY:
        return decode_value(r, node, at);
    case SPEC_RECORD:
        return is_null(node) ? NULL : decode_record(r, node, field->name, field->record, at);
    case SPEC_RECORDS:
        return decode_records(r, node, field, at);
    case SPEC_RECORD_MAP:
        return decode_record_map(r, node, field, at);
    }
    BUG("field type %d", (int)field->type);
}

static const SpecField *find_field(const SpecRecordType *type, Str name)
{
    for (size_t i = 0; i < type->len; i++)
        if (str_is(name, type->fields[i].name))
            return &type->fields[i];
    return NULL;
}

static Error *unknown_key(const SpecReader *r, const YamlNode *key, const SpecRecordType *type)
{
    const char **names = arena_array(r->arena, const char *, type->len);
    bool is_top = type == &spec_record_top;
    Error *err = FAIL(r, key, "unknown key \"%.*s\" %s%s", STR_ARG(key->text),
                      is_top ? "at the top of a spec" : "in ", is_top ? "" : type->title);

    for (size_t i = 0; i < type->len; i++)
        names[i] = type->fields[i].name;
    return error_hint(nearest_hint(err, key->text, names, type->len),
                      "relfile help spec says which there are");
}

/* A mapping that becomes a record: SEEN has a flag for each field. */
typedef struct FieldMap {
    const SpecRecordType *type;
    void *record;
    bool *seen;
} FieldMap;

static Error *add_field(const SpecReader *r, const YamlNode *key, const YamlNode *value,
                        bool merged, void *context)
{
    FieldMap *m = context;
    const SpecField *field;

    if (key->kind != YAML_SCALAR)
        return wrong_shape_of(r, key, STR("a key"), "a text");
    field = find_field(m->type, key->text);
    if (!field)
        return unknown_key(r, key, m->type);
    bool *seen = &m->seen[field - m->type->fields];
    if (*seen && !merged)
        return FAIL(r, key, "key \"%s\" comes twice", field->name);
    if (*seen)
        return NULL;
    *seen = true;
    return decode_field(r, value, field, m->record);
}

static Error *decode_fields(const SpecReader *r, const YamlNode *node, const SpecRecordType *type,
                            void *record)
{
    FieldMap m = {type, record, arena_array(r->arena, bool, type->len)};

    if (type->place != SPEC_NO_PLACE)
        *(Place *)(void *)((char *)record + type->place) = spec_place(r, node);
    return add_pairs(r, node, 0, add_field, &m);
}

Error *spec_decode(const SpecReader *r, const YamlNode *node, const SpecRecordType *type,
                   void *record)
{
    Error *err = yaml_check_aliases(r->arena, r->file, node);

    if (err) {
        Place at = error_place(err);
        YamlNode alias = {.line = at.line, .column = at.column};

        return error_source(error_move(err, spec_place(r, &alias)), r->source);
    }
    return decode_fields(r, node, type, record);
}
