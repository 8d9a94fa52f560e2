/*
 * functions.h - functions of spec templates that reach out: environment variables, files,
 * programs.
 */
#pragma once

#include "environments/environment.h"

/* What such a function knows of the template that calls it: the `user` of its render. */
typedef struct EnvironmentScope {
    Str directory; /* that relative paths start from */
    EnvironmentTemplates *templates;
} EnvironmentScope;
