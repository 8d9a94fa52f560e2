/*
 * schema.h - what the entries of a store look like, as JSON Schema: for `relfile help
 * state-schema`, from which docs/state.schema.json is made.
 */
#pragma once

#include "base/str.h"

/* Records, runs, locks and keys, draft 2020-12, at the end of B. */
void state_schema(Buf *b);
