#include "target/demo/schema.h"

#include "base/sorted.h"
#include "base/vec.h"

#include <string.h>

struct Schema {
    Arena *arena;
    VEC(Shape *) structs; /* sorted by name */
    Shape *scalars[SHAPE_ANY + 1];
};

Schema *schema_new(Arena *a)
{
    Schema *schema = arena_new(a, Schema);

    schema->arena = a;
    for (ShapeKind kind = 0; kind <= SHAPE_ANY; kind++) {
        schema->scalars[kind] = arena_new(a, Shape);
        schema->scalars[kind]->kind = kind;
        schema->scalars[kind]->schema = schema;
    }
    return schema;
}

Arena *schema_arena(Schema *schema)
{
    return schema->arena;
}

Shape *schema_anything(Schema *schema)
{
    return schema->scalars[SHAPE_ANY];
}

bool shape_is_scalar(const Shape *shape)
{
    return shape->kind < SHAPE_ANY;
}

static int compare_struct(const void *shape, const void *name)
{
    return strcmp((*(Shape *const *)shape)->name, name);
}

/* Where the struct NAME is, or belongs, among those that were asked for. */
static size_t struct_position(const Schema *schema, const char *name, bool *found)
{
    return sorted_position(schema->structs.items, schema->structs.len,
                           sizeof(*schema->structs.items), name, compare_struct, found);
}

Shape *schema_struct(Schema *schema, const char *name)
{
    bool found;
    size_t at = struct_position(schema, name, &found);
    Shape *shape;

    if (found)
        return schema->structs.items[at];
    shape = arena_new(schema->arena, Shape);
    *shape = (Shape){.kind = SHAPE_STRUCT, .name = name, .schema = schema};
    (void)vec_add(schema->arena, &schema->structs);
    for (size_t i = schema->structs.len - 1; i > at; i--)
        schema->structs.items[i] = schema->structs.items[i - 1];
    schema->structs.items[at] = shape;
    return shape;
}

static int compare_row(const void *row, const void *name)
{
    return strcmp(((const SchemaRow *)row)->name, name);
}

static const char *row_fields(const char *name)
{
    bool found;
    size_t at = sorted_position(schema_rows, schema_row_count, sizeof(*schema_rows), name,
                                compare_row, &found);

    if (!found)
        BUG("no schema for %s", name);
    return schema_rows[at].fields;
}

static Shape *read_shape(Schema *schema, const char **text);

/* The keys before ">"; none if there is no ">" before the type begins. */
static void read_keys(Schema *schema, const char **text, Shape *list)
{
    size_t len = strcspn(*text, "[]<>!~ ");
    Str keys = {*text, len}, key;
    StrList found = {0};
    bool more = true;

    if ((*text)[len] != '>')
        return;
    while (more) {
        more = str_cut(&keys, ',', &key);
        *vec_add(schema->arena, &found) = key;
    }
    list->keys = found.items;
    list->key_count = found.len;
    *text += len + 1;
}

static Shape *read_container(Schema *schema, const char **text)
{
    Shape *shape = arena_new(schema->arena, Shape);
    bool is_list = *(*text)++ == '[';

    shape->kind = is_list ? SHAPE_LIST : SHAPE_MAP;
    shape->schema = schema;
    if (is_list) {
        shape->is_set = **text == '=';
        *text += shape->is_set;
        read_keys(schema, text, shape);
        shape->atomic = !shape->is_set && !shape->key_count;
    } else if (**text == '!') {
        shape->atomic = true;
        (*text)++;
    }
    shape->items = read_shape(schema, text);
    (*text)++;
    return shape;
}

static Shape *read_struct(Schema *schema, const char **text)
{
    char name[80];
    char relation = **text;
    bool differs = relation == '!' || relation == '+';
    size_t len;
    Shape *shape, *own;

    *text += differs;
    len = strcspn(*text, " ]>=(");
    if (len >= sizeof(name))
        BUG("schema: a long name at %s", *text);
    memcpy(name, *text, len);
    name[len] = '\0';
    *text += len;
    shape = schema_struct(schema, str_c(schema->arena, (Str){name, len}));
    if (!differs)
        return shape;
    own = arena_new(schema->arena, Shape);
    *own = (Shape){.kind = SHAPE_STRUCT, .name = shape->name, .schema = schema};
    own->atomic = relation == '!';
    own->granular = relation == '+';
    return own;
}

/* The type that *TEXT begins with. */
static Shape *read_shape(Schema *schema, const char **text)
{
    static const char letters[] = {
        [SHAPE_STRING] = 's',  [SHAPE_INTEGER] = 'i',           [SHAPE_NUMBER] = 'n',
        [SHAPE_BOOLEAN] = 'b', [SHAPE_QUANTITY] = 'q',          [SHAPE_TIME] = 't',
        [SHAPE_BYTES] = 'y',   [SHAPE_INTEGER_OR_STRING] = 'x', [SHAPE_ANY] = '~',
    };
    const char *letter = memchr(letters, **text, sizeof(letters));

    if (letter) {
        (*text)++;
        return schema->scalars[letter - letters];
    }
    if (**text == '[' || **text == '<')
        return read_container(schema, text);
    return read_struct(schema, text);
}

static void read_field(Schema *schema, const char **text, ShapeField *field)
{
    size_t len = strcspn(*text, ":?*^");

    field->name = (Str){*text, len};
    field->element = str_join(schema->arena, STR("f:"), field->name);
    field->mark = (*text)[len];
    field->key = value_missing();
    field->initial = value_missing();
    *text += len + 1;
    field->shape = read_shape(schema, text);
    // a field that is always there counts with its zero in a list's key
    if (field->mark == ':' && field->shape->kind == SHAPE_STRING)
        field->key = value_c("");
    if (field->mark == ':' && field->shape->kind == SHAPE_INTEGER)
        field->key = value_float(0);
    if (**text == '=') {
        len = strcspn(++*text, " (");
        field->key = value_string((Str){*text, len});
        *text += len;
    }
    if (**text == '(') {
        len = strcspn(++*text, ")");
        field->words = (Str){*text, len};
        *text += len + 1;
    }
}

static void read_fields(Shape *shape)
{
    const char *text = row_fields(shape->name);
    VEC(ShapeField) fields = {0};

    shape->read = true;
    if (*text == '!') {
        shape->atomic = !shape->granular;
        text += strspn(text, "! ");
    }
    while (*text) {
        read_field(shape->schema, &text, vec_add(shape->schema->arena, &fields));
        text += strspn(text, " ");
    }
    shape->fields = fields.items;
    shape->len = fields.len;
}

const ShapeField *shape_fields(Shape *shape, size_t *len)
{
    if (shape->kind == SHAPE_STRUCT && !shape->read)
        read_fields(shape);
    *len = shape->len;
    return shape->fields;
}

bool shape_is_atomic(Shape *shape)
{
    size_t len;

    (void)shape_fields(shape, &len);
    return shape->atomic;
}

static int compare_field(const void *field, const void *name)
{
    return str_compare(((const ShapeField *)field)->name, *(const Str *)name);
}

const ShapeField *shape_field(Shape *shape, Str name)
{
    size_t len;
    const ShapeField *fields = shape_fields(shape, &len);
    bool found;
    size_t at = sorted_position(fields, len, sizeof(*fields), &name, compare_field, &found);

    return found ? &fields[at] : NULL;
}

Shape *shape_at(Shape *shape, Str key)
{
    const ShapeField *field;

    if (shape->kind == SHAPE_ANY)
        return shape;
    field = shape_field(shape, key);
    return field ? field->shape : shape->items;
}
