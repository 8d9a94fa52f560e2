/*
 * functions.c - the tables of helmfile's template functions; their code is in the files
 * functions_*.c. Source: helmfile, pkg/tmpl/context_funcs.go.
 */
#include "environments/functions.h"

#include "environments/sets.h"

#define LIST_SET(name) &environment_functions_##name,
const TemplateFunctionSet *const environment_function_sets[] = {
    ENVIRONMENT_FUNCTION_SETS(LIST_SET)};
const size_t environment_function_set_count = COUNT(environment_function_sets);
