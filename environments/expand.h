/*
 * expand.h - texts with environment variables in them. Source: Go, os.Expand.
 */
#pragma once

#include "base/str.h"

/* TEXT with $NAME and ${NAME} replaced; a variable that is not set is empty. */
Str variables_expand(Arena *a, Str text);
