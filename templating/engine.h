/*
 * engine.h - what a TemplateEngine holds, for the files of this folder.
 */
#pragma once

#include "templating/ast.h"

/* A text that is parsed when it is used. */
typedef struct Deferred {
    const char *name;
    Str text;
    const Tree *tree; /* NULL: it was not included yet */
    bool parsed;      /* and nothing was wrong with it */
} Deferred;

struct TemplateEngine {
    Arena *arena;
    TemplateOptions options;
    Callee *callees; /* of all functions, sorted by name */
    size_t callee_count;
    uint16_t first[UINT8_MAX + 2]; /* of them, where those begin whose name has this first byte */
    const TemplateFunctionSet **methods; /* the sets of methods */
    size_t method_set_count;
    bool has_methods[UINT8_MAX + 1]; /* of values of which type there are any */
    TreeList trees;                  /* sorted by name */
    VEC(Deferred) deferred;          /* likewise; then the engine is one thread's */
};

/* A function's name that NAME may be a misspelling of, or NULL. */
const char *engine_nearest_function(const TemplateEngine *engine, Str name);

/* The function called NAME, or NULL. */
const Callee *engine_callee(const TemplateEngine *engine, Str name);

/* The method NAME of values like V; its function is NULL where there is none. */
Callee engine_method(const TemplateEngine *engine, Value v, Str name);

/* The tree called NAME that templates can use, or NULL. */
const Tree *engine_tree(const TemplateEngine *engine, Str name);

/* The same for a render into A: a deferred one is only there as long as A. */
Error *engine_main_tree(const TemplateEngine *engine, Arena *a, Str name, const Tree **out)
    MUST_CHECK;
