/*
 * jsonpath.h - kubectl's templates for what is in a tree of values: {.image.tag}, {.items[*].name},
 * {range .items[?(@.port>80.0)]}{.name}{"\n"}{end}. Source: k8s.io/client-go, util/jsonpath.
 */
#pragma once

#include "base/error.h"
#include "base/value.h"
#include "base/vec.h"

typedef enum JsonPathKind {
    JSONPATH_LIST, /* nodes one after the other; what is between braces */
    JSONPATH_VALUE,
    JSONPATH_FIELD,
    JSONPATH_WORD, /* range, end */
    JSONPATH_SLICE,
    JSONPATH_FILTER,
    JSONPATH_ALL,
    JSONPATH_DEEP,  /* .. */
    JSONPATH_UNION, /* [1,2] */
} JsonPathKind;

typedef struct JsonPathNode JsonPathNode;
typedef VEC(JsonPathNode *) JsonPathNodeList;

/* One number of [from:to:step]. */
typedef struct JsonPathIndex {
    bool known;
    bool derived; /* of [3], which is [3:4] */
    int64_t value;
} JsonPathIndex;

struct JsonPathNode {
    JsonPathKind kind;
    Value value;              /* of JSONPATH_VALUE */
    Str text;                 /* the field, the word, or the filter's operator; "": is it there? */
    JsonPathIndex indexes[3]; /* of JSONPATH_SLICE */
    JsonPathNodeList nodes;   /* of lists and unions; of filters the two sides */
};

/* The nodes of TEMPLATE, in an arena; ERROR_USAGE for what is none. */
Error *jsonpath_parse(Arena *a, Str template, const JsonPathNode **out) MUST_CHECK;

/*
 * What ROOT makes of VALUES, at the end of B. What cannot be found, or compared, is no error:
 * then nothing is printed, as helm does it.
 */
Error *jsonpath_print(Buf *b, const JsonPathNode *root, Value values) MUST_CHECK;
