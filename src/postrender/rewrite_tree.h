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
    Str head, line, foot; /* comments above it, behind it, below it */
    NodeList items;
};

/* HEAD and FOOT are comments with an empty line between them and the rest. */
typedef struct Document {
    Node *root; /* NULL: something is not understood, or there is nothing at all */
    bool blank; /* the latter */
    Str head, foot;
} Document;

Document rewrite_read(Arena *a, Str text);
