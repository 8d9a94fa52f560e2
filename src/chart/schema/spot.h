/*
 * spot.h - a value and the schema it is held against at the moment: what the keywords of
 * validate.c, object.c, list.c and scalar.c work on.
 */
#pragma once

#include "chart/schema/problem.h"
#include "chart/schema/reference.h"

#include "base/name_index.h"
#include "base/regex.h"

/* One validation. */
typedef struct Validation {
    Arena *arena;
    const SchemaDocument *document;
    bool holds_formats; /* see SchemaUse */
    size_t schemas;     /* that may be looked at still */
    size_t comparisons; /* of items, that may be made still */
    size_t regex_steps; /* that may be done still */
    size_t last_value;  /* the number of the newest value: see Scope */
    VEC(struct {
        Str pattern;
        Regex *regex;
    })
    regexes;
    NameIndex references; /* by resource and text: what it is to, a SchemaNode */
} Validation;

/* The schemas around one. Two with the same VALUE look at the same one. */
typedef struct Scope {
    SchemaNode schema;
    size_t value;
    int depth;
    const struct Scope *parent;
} Scope;

/* Which keys and items no schema has looked at yet; NULL: all were, or nobody asks. */
typedef struct Unevaluated {
    bool *keys, *items;
} Unevaluated;

typedef struct Spot {
    Validation *run;
    Scope scope;
    const ValueMap *schema; /* the node of the scope */
    uint64_t keywords;      /* see spot_at */
    Value v;
    const SchemaPlace *place;
    Unevaluated left;
    ProblemList problems;
} Spot;

/* The rest of the keywords, by the kind of the value. */
Error *spot_object(Spot *s) MUST_CHECK;
Error *spot_list(Spot *s) MUST_CHECK;
Error *spot_text(Spot *s) MUST_CHECK;
void spot_number(Spot *s);

/* What is wrong with the spot's own value, held against NODE; NULL: nothing. */
Error *spot_self(Spot *s, const Value *node, const Problem **out) MUST_CHECK;

/* The same for V, which is at TOKEN in the spot's value. */
Error *spot_inner(Spot *s, const Value *node, Value v, Str token, const Problem **out) MUST_CHECK;

/* The same for V, which is no part of the spot's value: places are counted from it. */
Error *spot_apart(Spot *s, const Value *node, Value v, const Problem **out) MUST_CHECK;

/* spot_self and spot_inner, and what is wrong is the spot's problem. */
Error *spot_check_self(Spot *s, const Value *node) MUST_CHECK;
Error *spot_check_inner(Spot *s, const Value *node, Value v, Str token) MUST_CHECK;

/* Add a problem; CAUSES is what lies behind it. */
void spot_add(Spot *s, const char *format, ...) PRINTF_LIKE(2, 3);
void spot_add_text(Spot *s, Str text, ProblemList causes);

/* The problem that the spot's map has KEYS; the first may have been meant to be NEAREST, or NULL.
 */
void spot_refuse(Spot *s, const Str *keys, size_t len, const char *nearest);

/* A key's bit in a set of them, which other keys may have as well. */
static inline uint64_t spot_bit(Str key)
{
    return key.len ? (uint64_t)1 << (((unsigned char)key.ptr[0] * 5U +
                                      (unsigned char)key.ptr[key.len / 2] * 3U + key.len) %
                                     64)
                   : 0;
}

/* The value of keyword KEY, or NULL. In a header, since most schemas have few of the many keywords:
 * where the bit is not set, which is known when this is compiled, there is no such key. */
static inline const Value *spot_at(const Spot *s, const char *key)
{
    Str name = str_from(key);

    return s->keywords & spot_bit(name) ? value_map_get(s->schema, name) : NULL;
}

/* The same if it is of KIND. */
static inline const Value *spot_keyword(const Spot *s, const char *key, ValueKind kind)
{
    const Value *v = spot_at(s, key);

    return v && v->kind == kind ? v : NULL;
}

/* The number, or the whole number, at KEY. */
bool spot_keyword_number(const Spot *s, const char *key, double *out);
bool spot_keyword_count(const Spot *s, const char *key, double *out);

/* Whether TEXT has a match of PATTERN. */
Error *spot_matches(Spot *s, Str pattern, Str text, bool *out) MUST_CHECK;

/* Equal as JSON has it: 1 and 1.0 are. */
bool json_equal(Value a, Value b);
bool json_is_number(Value v);
double json_number(Value v);
Str json_index(Arena *a, size_t i);

/* What is wrong with TEXT as a FORMAT; NULL: nothing, or nobody knows the format. */
const char *format_problem(Arena *a, Str format, Str text);
