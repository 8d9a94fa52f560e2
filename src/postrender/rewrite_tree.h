/*
 * rewrite_tree.h - a document with all that kyaml keeps of it: styles, quotes, anchors, comments.
 */
#pragma once

#include "base/vec.h"
#include "base/yaml_emit.h"

typedef enum NodeKind { NODE_SCALAR, NODE_MAP, NODE_LIST, NODE_ALIAS } NodeKind;

typedef struct Node Node;
typedef VEC(Node *) NodeList;

/* What is in a document, with all that is written again. A map's items are key, value, key … */
struct Node {
    NodeKind kind;
    bool flow;
    YamlScalarStyle style;
    Str text, anchor;
    StrList head; /* comments above it */
    Str line;     /* the comment behind it */
    NodeList items;
};

/*
 * What TEXT, a document, is; NULL where it has something that is not understood, or nothing at all:
 * *BLANK.
 */
Node *rewrite_read(Arena *a, Str text, bool *blank);
