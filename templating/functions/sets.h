/*
 * sets.h - every set of template functions in this folder.
 *
 * To add one: write functions/NAME.c, which defines template_functions_NAME, and add NAME
 * here.
 */
#pragma once

#include "templating/template.h"

#define TEMPLATE_FUNCTION_SETS(SET)                                                                \
    SET(builtin)                                                                                   \
    SET(case)                                                                                      \
    SET(compare)                                                                                   \
    SET(check)                                                                                     \
    SET(nested)                                                                                    \
    SET(date)                                                                                      \
    SET(duration)                                                                                  \
    SET(encoding)                                                                                  \
    SET(layout)                                                                                    \
    SET(naming)                                                                                    \
    SET(path)                                                                                      \
    SET(random)                                                                                    \
    SET(regex)                                                                                     \
    SET(semver)                                                                                    \
    SET(strings)                                                                                   \
    SET(url)                                                                                       \
    SET(hash)                                                                                      \
    SET(cipher)                                                                                    \
    SET(password)                                                                                  \
    SET(cert)                                                                                      \
    SET(time_methods)                                                                              \
    SET(duration_methods)                                                                          \
    SET(month_methods)                                                                             \
    SET(weekday_methods)                                                                           \
    SET(location_methods)                                                                          \
    SET(semver_methods)                                                                            \
    SET(semver_value_methods)

#define DECLARE_SET(name) extern const TemplateFunctionSet template_functions_##name;
TEMPLATE_FUNCTION_SETS(DECLARE_SET)
#undef DECLARE_SET
