/*
 * shamir.h - a secret that is kept in parts, of which some number is enough.
 * Source: sops, shamir.
 */
#pragma once

#include "base/error.h"
#include "base/vec.h"

/* The secret that PARTS, at least two of them, are of. With too few of them it is another one. */
Error *shamir_combine(Arena *a, const StrList *parts, Str *out) MUST_CHECK;
