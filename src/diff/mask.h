/*
 * mask.h - what Secrets hold, replaced by its size, for both sides of a comparison.
 *
 * A Secret shows its names and what it is, and nothing else: not its values, whether they are
 * called data or, by mistake, something else, nor the annotations in which tools keep a copy. The
 * other side of a Secret is masked like it, also if it is no Secret.
 */
#pragma once

#include "base/value.h"

/*
 * Mask *FROM and *TO. Values that differ stay different: the new one then says so,
 * "(24 bytes, changed from 20 bytes)". Nulls are allowed.
 */
void mask_pair(Arena *a, Value *from, Value *to);

/* OBJECT; what it holds in base64, if it is a Secret, as text where it is text. */
Value mask_decoded(Arena *a, Value object);
