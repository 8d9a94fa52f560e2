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
    const TemplateFunctionSet **methods; /* the sets of methods */
    size_t method_set_count;
    TreeList trees; /* sorted by name */
};

/* A function's name that NAME may be a misspelling of, or NULL. */
const char *engine_nearest_function(const TemplateEngine *engine, Str name);

/* FUNCTION, which the engine has, for calls. */
Callee engine_callee(const TemplateEngine *engine, const TemplateFunction *function);

/* The method NAME of values like V; its function is NULL where there is none. */
Callee engine_method(const TemplateEngine *engine, Value v, Str name);

/* The tree called NAME that templates can use, or NULL. */
const Tree *engine_tree(const TemplateEngine *engine, Str name);
