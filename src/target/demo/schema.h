/*
 * schema.h - what objects of a kind are made of: fields, their types, how their lists are merged.
 *
 * A schema decides what server-side apply does with a field, so it must be Kubernetes' own. Those
 * of built-in kinds come from a table of one row for each struct type (schema_types.c), those of
 * custom kinds from their definition's openAPIV3Schema (schema_custom.c).
 *
 * A row is the struct's fields, sorted by name, each as NAME MARK TYPE [=DEFAULT] [(WORD|WORD)]:
 *
 *     "command?[s] env?[name>EnvVar] protocol?s=TCP(SCTP|TCP|UDP) resources:ResourceRequirements"
 *
 *     MARK  ?  left out when it is empty, zero or false      *  left out when it is not set
 *           :  always there                                  ^  always there, null when not set
 *     TYPE  s string   i integer   n number   b boolean   q quantity   t time   y bytes (base64)
 *           x integer or string   ~ anything   Name struct   !Name, +Name the struct as atomic, or
 * not [T] list, atomic   [=T] set   [key,key>T] list of what the keys identify <T> map, each key
 * for itself   <!T> map, atomic
 *
 * A row that begins with "!" is a struct that is always atomic. Structs are read when they are
 * first needed; they may contain themselves. A schema belongs to one thread at a time.
 */
#pragma once

#include "base/error.h"
#include "base/value.h"

typedef struct SchemaRow {
    const char *name;
    const char *fields;
} SchemaRow;

extern const SchemaRow schema_rows[];
extern const size_t schema_row_count;

typedef enum ShapeKind {
    SHAPE_STRING,
    SHAPE_INTEGER,
    SHAPE_NUMBER,
    SHAPE_BOOLEAN,
    SHAPE_QUANTITY,
    SHAPE_TIME,
    SHAPE_BYTES,
    SHAPE_INTEGER_OR_STRING,
    SHAPE_ANY,
    SHAPE_LIST,
    SHAPE_MAP,
    SHAPE_STRUCT,
} ShapeKind;

typedef struct Schema Schema;
typedef struct Shape Shape;

typedef struct ShapeField {
    Str name;
    Str element; /* "f:NAME": see path_set.h */
    Shape *shape;
    char mark;     /* '?', '*', ':' or '^' */
    Value key;     /* what it counts as in a list's key when it is not set; missing: nothing */
    Str words;     /* "TCP|UDP": all that is allowed; empty: anything */
    Value initial; /* of a custom kind: its default; missing: none */
    bool required; /* of a custom kind */
} ShapeField;

struct Shape {
    ShapeKind kind;
    bool atomic;   /* one value, whatever is in it: see shape_is_atomic */
    bool granular; /* of a struct: not atomic, whatever its row says */
    bool is_set;   /* a list of scalars, each for itself */
    bool read;     /* of a struct: its fields are there */
    bool nullable; /* of a custom kind */
    const Str *keys;
    size_t key_count; /* of a list: its items are known by these fields */
    Shape *items;     /* of a list or a map; of a struct: of the fields that it does not name */
    const char *name; /* of a struct: its row */
    Schema *schema;   /* where it is from */
    const Value *definition; /* of a custom kind: what it was made from, which says more */
    ShapeField *fields;
    size_t len;
};

/* An empty schema in A. */
Schema *schema_new(Arena *a);

/* The struct type NAME, which is that of a row. */
Shape *schema_struct(Schema *schema, const char *name);

/* The shape of anything at all. */
Shape *schema_anything(Schema *schema);

/*
 * The shape of the objects that the openAPIV3Schema DEFINITION describes, which must live as long
 * as SCHEMA; NULL is an object of which nothing is said. What is not said clearly is anything.
 */
Shape *schema_custom(Schema *schema, const Value *definition);

/* SHAPE's field NAME, or NULL. */
const ShapeField *shape_field(Shape *shape, Str name);

/* All fields of SHAPE, a struct. */
const ShapeField *shape_fields(Shape *shape, size_t *len);

/* What is at KEY of a map or struct: the field's shape, or that of others; NULL: nothing may be. */
Shape *shape_at(Shape *shape, Str key);

bool shape_is_scalar(const Shape *shape);

/* Whether a value of SHAPE is owned and replaced as a whole. */
bool shape_is_atomic(Shape *shape);

/* The arena that SCHEMA's shapes live in. */
Arena *schema_arena(Schema *schema);
