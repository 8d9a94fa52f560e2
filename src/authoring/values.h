/*
 * values.h - the values that the command line gives a chart.
 */
#pragma once

#include "authoring/authoring.h"

/* Files, one over the other, and what is set, in helm's order. */
Error *authoring_values(Arena *a, const AuthoringValues *values, ValueMap **out) MUST_CHECK;

/* The namespace that a chart is rendered for. */
Str authoring_namespace(const AuthoringOptions *options);
