/*
 * semver_constraint.h - which versions will do: ">= 1.2, < 2 || ^3.1", "~1.4", "1.x", "1 - 3".
 *
 * Pre-releases do only where the constraint names one itself.
 * Source: Masterminds semver 3.5, constraints.go.
 */
#pragma once

#include "base/semver.h"

typedef struct SemverConstraint SemverConstraint;

/* ERROR_INPUT where TEXT is no constraint, or longer than 512 bytes, or of over 32 alternatives. */
Error *semver_constraint_parse(Arena *a, Str text, SemverConstraint **out) MUST_CHECK;

bool semver_constraint_allows(const SemverConstraint *constraint, const Semver *v);

/* Whether VERSION will do for the constraint TEXT; false, too, where one of them is none. */
bool semver_satisfies(Str version, Str text);
