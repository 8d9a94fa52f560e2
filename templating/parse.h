/*
 * parse.h - template text to trees.
 */
#pragma once

#include "templating/ast.h"

/*
 * The tree of TEXT itself, the first in *OUT, and of the templates it defines. NAME is for
 * messages, too. Which names are functions, FIND tells.
 */
Error *parse_template(Arena *a, const TemplateEngine *engine, const char *name, Str text,
                      TreeList *out) MUST_CHECK;
