/*
 * ast.h - a parsed template. Source: Go, text/template/parse/node.go.
 *
 * Nodes live in the engine's arena and never change once parsed.
 */
#pragma once

#include "base/value.h"
#include "base/vec.h"
#include "templating/template.h"

typedef enum NodeKind {
    // what stands in a list
    NODE_TEXT,
    NODE_ACTION, /* {{ pipe }} */
    NODE_IF,
    NODE_WITH,
    NODE_RANGE,
    NODE_TEMPLATE,
    NODE_BREAK,
    NODE_CONTINUE,
    NODE_LIST,
    // what stands in an action
    NODE_PIPE,
    NODE_COMMAND,
    NODE_FIELD,    /* .a.b */
    NODE_VARIABLE, /* $x.a.b */
    NODE_CHAIN,    /* (pipe).a.b */
    NODE_FUNCTION,
    NODE_DOT,
    NODE_NIL,
    NODE_BOOL,
    NODE_NUMBER,
    NODE_STRING,
    // what only the parser sees
    NODE_ELSE,
    NODE_END,
} NodeKind;

typedef struct Node Node;

typedef struct NodeList {
    Node **items;
    size_t len;
} NodeList;

/* A function, with what each call of it needs. */
typedef struct Callee {
    const TemplateFunction *function;
    void *context; /* of its set */
    size_t fixed;  /* parameters that must be there */
    bool variadic;
    bool waits; /* its time does not count */
} Callee;

/* A number is kept as everything it can be, since what it is depends on where it is used. */
typedef struct NumberNode {
    bool is_int, is_uint, is_float, is_complex;
    int64_t integer;
    uint64_t natural;
    double real, imaginary;
    Value constant; /* where nothing says which type it should have; MISSING: it has none */
    Str text;       /* as it was written */
} NumberNode;

/* Memory ends behind the member that is for the kind: see node_size. */
struct Node {
    NodeKind kind;
    uint32_t at; /* byte offset in the source */
    union {
        Str text;      /* TEXT, STRING (unquoted) */
        NodeList list; /* LIST */
        bool boolean;  /* BOOL */
        struct {
            Node *pipe, *then, *otherwise; /* IF, WITH, RANGE; ACTION has a pipe only */
        };
        struct {
            Str name;
            Node *argument; /* a pipe, or NULL */
        } template;
        struct {
            NodeList variables; /* declared or assigned */
            NodeList commands;
            bool assigns;
        } pipeline;
        NodeList command; /* function or operand, and its arguments */
        struct {
            Node *of;         /* CHAIN: what the fields are of */
            const Str *names; /* FIELD, CHAIN: of fields; VARIABLE: names[0] is "$x" */
            size_t len;
        } field;
        const Callee *callee; /* FUNCTION */
        NumberNode *number;
    };
};

/* The text that nodes come from, for places and snippets in errors. */
typedef struct Source {
    const char *name;
    Str text;
} Source;

/* A named template. */
typedef struct Tree {
    Str name;
    const Source *source;
    Node *root; /* a LIST; NULL while being parsed */
    bool empty; /* nothing but space and comments in it */
} Tree;

typedef VEC(Tree *) TreeList;

Place source_place(const Source *source, uint32_t at);
