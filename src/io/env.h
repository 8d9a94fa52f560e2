/*
 * env.h - environment variables.
 */
#pragma once

#include "base/str.h"

/* The variable's value, or NULL if it is not set. It must not be changed while threads run. */
const char *env_get(const char *name);

/* Whether the variable says yes: 1, t, true (in any case). */
bool env_is_true(const char *name);

/* The first of NAMES that is set and not empty, or NULL. */
const char *env_first(const char *const *names, size_t len);
