/*
 * merge.h - releases over the templates they inherit from.
 */
#pragma once

#include "spec/spec.h"

/* Lay what OVER says over BASE: its lists come behind BASE's. */
void spec_merge_release(Arena *a, SpecRelease *base, const SpecRelease *over);
