/*
 * hcl.h - values files in HCL: `locals` of a file, `values` of all files together, each an
 * attribute that may refer to others (`hv.NAME`, `local.NAME`) and call functions.
 *
 * hcl_parse makes trees of expressions, hcl_evaluate values of them; numbers are float64, as they
 * are when helmfile has passed them through JSON.
 * Source: helmfile, pkg/hcllang; hashicorp/hcl, hclsyntax/spec.md.
 */
#pragma once

#include "base/error.h"
#include "base/value.h"
#include "base/vec.h"

typedef enum HclKind {
    HCL_LITERAL,   /* .literal */
    HCL_TEMPLATE,  /* .items, joined as texts */
    HCL_VARIABLE,  /* .text */
    HCL_ATTRIBUTE, /* .a.text */
    HCL_INDEX,     /* .a[.b] */
    HCL_SPLAT,     /* .a[*], then .b on each, whose root is an HCL_EACH */
    HCL_EACH,
    HCL_CALL,   /* .text(.items); .expands: the last one is a list of arguments */
    HCL_LIST,   /* .items */
    HCL_OBJECT, /* .items: keys and values by turns */
    HCL_CHOICE, /* .a ? .b : .c */
    HCL_BINARY, /* .a .operator .b */
    HCL_UNARY,  /* .operator .a */
    HCL_FOR,    /* see HclFor */
} HclKind;

typedef enum HclOperator {
    HCL_OR,
    HCL_AND,
    HCL_EQUAL,
    HCL_UNEQUAL,
    HCL_LESS,
    HCL_LESS_EQUAL,
    HCL_MORE,
    HCL_MORE_EQUAL,
    HCL_PLUS,
    HCL_MINUS,
    HCL_TIMES,
    HCL_DIVIDED,
    HCL_MODULO,
    HCL_NOT,
    HCL_NEGATIVE,
} HclOperator;

typedef struct HclNode HclNode;
typedef VEC(HclNode *) HclNodeList;

/* `for KEY, VALUE in OVER : (MAKES_KEY =>) MAKES (...) (if ONLY)` */
typedef struct HclFor {
    Str key, value; /* names; an empty key: there is none */
    HclNode *over, *makes_key, *makes, *only;
    bool is_object, groups;
    bool is_text; /* of a template: what it makes is joined */
} HclFor;

struct HclNode {
    HclKind kind;
    Place place;
    Str text;
    Value literal;
    HclOperator operator;
    HclNode *a, *b, *c;
    HclNodeList items;
    bool expands;
    HclFor *loop;
};

/* NAME = EXPRESSION in a block. */
typedef struct HclAttribute {
    Str name;
    Place place;
    HclNode *expression;
    size_t file; /* which one it is in */
} HclAttribute;

typedef VEC(HclAttribute) HclAttributeList;

/* What a file says. */
typedef struct HclBody {
    HclAttributeList locals, values;
} HclBody;

/* TEXT of FILE, which is NUMBER among several. ERROR_INPUT with the place. */
Error *hcl_parse(Arena *a, const char *file, size_t number, Str text, HclBody *out) MUST_CHECK;

/* What expressions see, and how much they may still do. */
typedef struct HclScope {
    Arena *arena;
    const struct HclScope *outer; /* NULL: the outermost, whose variables are: */
    Value hv, local;              /* null where there are none */
    Str name;                     /* of the variable that this scope adds; "": of HCL_EACH */
    Value value;
    size_t *steps;
    int depth;
} HclScope;

Error *hcl_evaluate(const HclScope *scope, const HclNode *node, Value *out) MUST_CHECK;

/* functions.c: call NAME. Of `try` the arguments are not evaluated: hcl_evaluate does it. */
Error *hcl_call(Arena *a, Str name, const Value *arguments, size_t len, Value *out) MUST_CHECK;

/* For functions: VALUE as another kind, as HCL converts. */
Error *hcl_to_text(Arena *a, Value value, Str *out) MUST_CHECK;
Error *hcl_to_number(Value value, double *out) MUST_CHECK;
Error *hcl_to_bool(Value value, bool *out) MUST_CHECK;

/* A text, a number without needless digits. */
Str hcl_number_text(Arena *a, double number);

/* The files at PATHS together: the values of their `values` blocks. */
typedef struct HclFile {
    const char *path;
    Str text;
    bool secret; /* it was encrypted: all values that it has a part in are secret */
} HclFile;

typedef VEC(HclFile) HclFileList;

Error *hcl_load(Arena *a, const HclFileList *files, ValueMap **out) MUST_CHECK;
