/*
 * ready_when.h - when an object is ready, as it says itself: the annotation relfile.io/ready-when,
 * for kinds whose state nobody else knows how to read.
 *
 *     .status.phase == "Running"
 *     .status.readyNodes >= .spec.nodes && !.status.paused
 *     .status.conditions[type=Synced].status == "True" || .status.skipped
 *     condition=Synced                      (as for kubectl wait; also condition=Failed=False)
 *     jsonpath={.status.phase}=Running      (likewise)
 *
 * Operators are ||, &&, !, ==, !=, <, <=, >, >=, and parentheses. A path alone is true where there
 * is something that is not false, empty or 0. What is not there equals null, and nothing else.
 */
#pragma once

#include "base/error.h"
#include "base/value.h"

#define READY_WHEN "relfile.io/ready-when"

/* Whether OBJECT is as EXPRESSION says. ERROR_INPUT where that is no expression. */
Error *ready_when(Arena *a, const Value *object, Str expression, bool *out) MUST_CHECK;
