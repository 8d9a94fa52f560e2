/*
 * unchanged.h - whether applying an object would change nothing, told from the object as it is:
 * so that a server is asked for no more than that where nothing is to be done.
 */
#pragma once

#include "base/value.h"

/*
 * True where MANAGER has applied exactly WANTED's fields to LIVE and they still have WANTED's
 * values. False where that is not so, or cannot be told without the kind's schema.
 * Source: sigs.k8s.io/structured-merge-diff, fieldpath: the form of fieldsV1.
 */
bool apply_changes_nothing(Arena *a, const Value *live, const Value *wanted, const char *manager);
