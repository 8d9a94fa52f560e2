/*
 * sets.h - every set of template functions in this folder.
 *
 * To add one: write functions_NAME.c, which defines environment_functions_NAME, and add NAME
 * here.
 */
#pragma once

#include "templating/template.h"

#define ENVIRONMENT_FUNCTION_SETS(SET)                                                             \
    SET(files)                                                                                     \
    SET(programs)                                                                                  \
    SET(secrets)                                                                                   \
    SET(state)                                                                                     \
    SET(values)                                                                                    \
    SET(variables)

#define DECLARE_SET(name) extern const TemplateFunctionSet environment_functions_##name;
ENVIRONMENT_FUNCTION_SETS(DECLARE_SET)
#undef DECLARE_SET
