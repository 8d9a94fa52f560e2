/*
 * conflicts.h - fields that others own, left out of an object that is to be applied.
 */
#pragma once

#include "base/value.h"

/*
 * OBJECT without the fields that STATUS, a server's refusal to apply it, tells conflicts of: all of
 * them, or only the replicas that an autoscaler has set, which it is there for. *FIELDS names what
 * was left out, and who owns it; it is empty where that is nothing.
 * Source: structured-merge-diff, fieldpath/path.go: how fields are written.
 */
Value conflicts_left_out(Arena *a, Value object, const Value *status, bool all, Str *fields);

/* OBJECT with the replicas that an autoscaler has given LIVE, if one has. */
Value autoscaled(Arena *a, Value object, const Value *live);
