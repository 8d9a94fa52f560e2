/*
 * value.h - what YAML, JSON and templates are made of.
 *
 * A value is small and passed by value; lists and maps are references to memory in
 * an arena. Assigning a value shares what it refers to; value_copy does not.
 *
 * Templates were made for Go, and can see Go's types: `typeOf`, `kindIs`, `eq` and
 * printf tell an int from an int64 and a []string from a []interface {}. So a value has,
 * besides the KIND that C code decides on, the TYPE that Go would give it. Type 0 is
 * each kind's usual one; whoever does not care leaves it so.
 *
 * Sharing between threads: value_freeze() a tree when it is complete. From then on
 * nobody can change it, so any number of threads may read it without a lock, for as
 * long as its arena lives. Whoever wants to change a frozen tree (a template calling
 * `set`, a merge) first takes a value_copy into an arena of its own.
 */
#pragma once

#include "base/arena.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum ValueKind {
    VALUE_NULL,
    VALUE_BOOL,
    VALUE_INT,     /* signed, up to 64 bits */
    VALUE_UINT,    /* unsigned */
    VALUE_FLOAT,   /* float64 */
    VALUE_COMPLEX, /* only from a literal in a template */
    VALUE_STRING,
    VALUE_BYTES, /* []byte: a file's content as Go holds it */
    VALUE_LIST,
    VALUE_MAP,
    VALUE_OBJECT, /* a Go struct, with fields and methods: .Chart, now, a semver */
} ValueKind;

/*
 * TYPE(name, kind, what Go's %T prints). The first of each kind is its usual one and is 0
 * in Value.type: see value_type_of.
 */
#define VALUE_TYPES(TYPE)                                                                          \
    TYPE(NIL, NULL, "<nil>")     /* an interface that holds nothing */                             \
    TYPE(MISSING, NULL, "<nil>") /* not even that: reflect's invalid value */                      \
    TYPE(BOOL, BOOL, "bool")                                                                       \
    TYPE(INT, INT, "int")                                                                          \
    TYPE(INT32, INT, "int32")                                                                      \
    TYPE(INT64, INT, "int64")                                                                      \
    TYPE(DURATION, INT, "time.Duration") /* nanoseconds */                                         \
    TYPE(MONTH, INT, "time.Month")                                                                 \
    TYPE(WEEKDAY, INT, "time.Weekday")                                                             \
    TYPE(UINT64, UINT, "uint64")                                                                   \
    TYPE(UINT32, UINT, "uint32")                                                                   \
    TYPE(UINT8, UINT, "uint8")                                                                     \
    TYPE(FLOAT64, FLOAT, "float64")                                                                \
    TYPE(COMPLEX128, COMPLEX, "complex128")                                                        \
    TYPE(STRING, STRING, "string")                                                                 \
    TYPE(BYTES, BYTES, "[]uint8")                                                                  \
    TYPE(LIST, LIST, "[]interface {}")                                                             \
    TYPE(STRINGS, LIST, "[]string")                                                                \
    TYPE(INTS, LIST, "[]int")                                                                      \
    TYPE(LISTS, LIST, "[][]interface {}")                                                          \
    TYPE(MAPS, LIST, "[]map[string]interface {}")                                                  \
    TYPE(OBJECTS, LIST, "[]*struct {}") /* of VALUE_OBJECT; Go's name is the first item's */       \
    TYPE(VERSION_SET, LIST, "common.VersionSet")                                                   \
    TYPE(MAP, MAP, "map[string]interface {}")                                                      \
    TYPE(STRING_MAP, MAP, "map[string]string")                                                     \
    TYPE(VALUES, MAP, "common.Values")                                                             \
    TYPE(FILES, MAP, "engine.files")                                                               \
    TYPE(STATE_VALUES, MAP, "*map[string]interface {}")   /* .StateValues: a pointer to .Values */ \
    TYPE(SPEC_DOT, MAP, "*state.EnvironmentTemplateData") /* a pointer to a struct, for `get` */   \
    TYPE(OBJECT, OBJECT, "struct {}")                                                              \
    TYPE(ADDRESSABLE, OBJECT, "struct {}") /* reached through a pointer: pointer methods count */

typedef enum ValueType {
#define VALUE_TYPE_NUMBER(name, kind, go) TYPE_##name,
    VALUE_TYPES(VALUE_TYPE_NUMBER)
#undef VALUE_TYPE_NUMBER
} ValueType;

typedef struct ValueMap ValueMap;
typedef struct ValueObject ValueObject;
typedef struct Value Value;

/* A list's items are fixed once it is shared. No items at all (NULL) is Go's nil slice. */
typedef struct ValueList {
    Value *items;
    size_t len;
} ValueList;

struct Value {
    uint8_t kind;  /* a ValueKind */
    uint8_t type;  /* a ValueType, or 0 for the kind's usual one */
    uint32_t room; /* of a list: how many items Go's slice has memory for behind it (slice.h) */
    union {
        bool boolean;
        int64_t integer;
        uint64_t natural;
        double real;
        struct {
            double real, imaginary;
        } complex;
        Str string; /* and the bytes of VALUE_BYTES */
        ValueList list;
        ValueMap *map; /* NULL is Go's nil map */
        const ValueObject *object;
    };
};

typedef struct ValueEntry {
    Str key;
    Value value;
} ValueEntry;

/*
 * Entries are sorted by key, in byte order: Go's templates range over maps, and
 * print them, in that order. Keys are unique.
 */
struct ValueMap {
    ValueEntry *entries;
    size_t len, cap;
    bool frozen;
    uint32_t part; /* of the arena that it was made in */
};

/* One field of a Go struct, as templates, %v and JSON see it. */
typedef struct ValueField {
    const char *name; /* in Go, and so in a template: "AppVersion"; see value_field_is_exported */
    const char *json; /* in JSON and YAML: "appVersion"; NULL: left out */
    bool omit_when_zero; /* `omitempty` */
} ValueField;

/* Whether others than the struct's package see FIELD: it has a capital, or a name in JSON. */
bool value_field_is_exported(const ValueField *field);

/* A Go struct type. Its objects have one value for each of its fields. */
typedef struct ValueObjectType {
    const char *name; /* "*chart.Metadata": what %T prints */
    const ValueField *fields;
    size_t len;

    /*
     * String(): what it prints as; GoString(): what %#v prints; and MarshalJSON's text, whose
     * .ptr is NULL where MarshalJSON fails. NULL: as its fields.
     */
    Str (*text)(Arena *a, const ValueObject *object);
    Str (*literal)(Arena *a, const ValueObject *object);
    Str (*json)(Arena *a, const ValueObject *object);

    /* TEXT is a pointer's method: it counts for {{ .X.Y }}, but not for {{ .X.Y | print }}. */
    bool text_needs_address;

    /* Its fields have tags for YAML, with the names that they have in JSON. */
    bool yaml_as_json;

    /*
     * What .self refers to: a copy of it, and whether two are equal. NULL: objects share it,
     * and it is only equal to itself.
     */
    const void *(*copy_self)(Arena *a, const void *self);
    bool (*equal_self)(const void *a, const void *b);
} ValueObjectType;

struct ValueObject {
    const ValueObjectType *type;
    const Value *fields; /* as many as the type has */
    const void *self;    /* what the type's functions need besides */
};

Value value_null(void);
Value value_missing(void);
Value value_bool(bool b);
Value value_int(int64_t n);   /* Go's int */
Value value_int64(int64_t n); /* Go's int64 */
Value value_float(double n);
Value value_string(Str s);
Value value_c(const char *text);
Value value_bytes(Str bytes);
Value value_list(Value *items, size_t len); /* never nil, though ITEMS may be */
Value value_of_map(ValueMap *map);
Value value_of_object(const ValueObject *object);

/* V with another of its kind's types. */
Value value_typed(Value v, ValueType type);

ValueType value_type_of(Value v);

/* "null", "bool", "int", "float", "string", "list" or "map": for messages to people. */
const char *value_kind_name(ValueKind kind);

/* As Go's %T prints it: for messages about templates, and typeOf. */
const char *value_go_type(Value v);

bool value_is_null(Value v);
bool value_is_string(Value v, const char *text);

/* Go's nil: a null, or a slice or map that was never made. */
bool value_is_nil(Value v);

/*
 * What TEXT stands for behind a --set: a boolean, null, a decimal integer, or itself.
 * Source: helm, pkg/strvals/parser.go, typedVal.
 */
Value value_from_setting(Str text);

/* Equal in kind, type and content, all the way down; NaN is not equal to itself. */
bool value_equal(Value a, Value b);

/* The same, but for types and for how numbers are kept: 1 from JSON is 1.0 from YAML. */
bool value_alike(Value a, Value b);

/* *ORDER is below, at or above 0 as A is to B: whole numbers, floats or texts. False: they are not
 * two of a kind. */
bool value_order(Value a, Value b, int *order);

ValueMap *value_map_new(Arena *a);

/* The value at KEY, or NULL when there is none, or no MAP. A null that is there is VALUE_NULL. */
const Value *value_map_get(const ValueMap *map, Str key);
const Value *value_map_get_c(const ValueMap *map, const char *key);

/* The string at KEY; an empty one when there is none, or it is something else. */
Str value_map_string(const ValueMap *map, const char *key);

/*
 * Add KEY, or replace what it had. MAP must not be frozen; KEY is not copied. Where MAP was made in
 * another part of some work than A, A becomes `referred`.
 */
void value_map_set(Arena *a, ValueMap *map, Str key, Value v);
void value_map_set_c(Arena *a, ValueMap *map, const char *key, Value v);

/* Take KEY away. Returns whether it was there. */
bool value_map_remove(ValueMap *map, Str key);

/*
 * For building a map of many keys: append them all, in any order, then sort once. Of
 * keys that come twice the later stays. The map is not usable in between.
 */
void value_map_append(Arena *a, ValueMap *map, Str key, Value v);
void value_map_sort(ValueMap *map);

/* A map with the same entries and shared values. */
ValueMap *value_map_shallow(Arena *a, const ValueMap *map);

/* The value at "a.b.c" below ROOT, or NULL when some step is missing or not a map. */
const Value *value_at(const Value *root, Str path);

/*
 * Lay OVER on BASE: maps merge key by key; anything else, null and lists included,
 * replaces. BASE then shares what it took with OVER, which is not changed.
 * Source: helm, pkg/chart/v2/loader/load.go, MergeMaps.
 */
void value_merge(Arena *a, ValueMap *base, const ValueMap *over);

/*
 * The same value again, with lists and maps of its own, which can be changed. value_copy
 * copies texts as well; value_thaw shares them: they must live as long as A.
 * V must not contain itself: only templates can make such a value.
 */
Value value_copy(Arena *a, Value v);
Value value_thaw(Arena *a, Value v);
void value_freeze(Value v);

/*
 * Whether V is at most DEPTH levels deep and *NODES values large; counts *NODES down.
 * Go's templates can build maps that contain themselves: ask before walking one.
 */
bool value_within(Value v, int depth, size_t *nodes);
