/*
 * engine.h - what a TemplateEngine holds, for the files of this folder.
 */
#pragma once

#include "templating/ast.h"

struct TemplateEngine {
    Arena *arena;
    TemplateOptions options;
    const TemplateFunction **functions; /* sorted by name */
    size_t function_count;
    TreeList trees; /* sorted by name */
};

/* A function's name that NAME may be a misspelling of, or NULL. */
const char *engine_nearest_function(const TemplateEngine *engine, Str name);

/* The set that FUNCTION is in. */
const TemplateFunctionSet *engine_set_of(const TemplateEngine *engine,
                                         const TemplateFunction *function);

/* The method NAME of values like V, or NULL. */
const TemplateFunction *engine_method(const TemplateEngine *engine, Value v, Str name);

/* The tree called NAME that templates can use, or NULL. */
const Tree *engine_tree(const TemplateEngine *engine, Str name);
