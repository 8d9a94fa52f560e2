/*
 * selector.h - which labels a selector means.
 */
#pragma once

#include "base/value.h"

/*
 * Whether LABELS (a map, or NULL) fit SELECTOR, a LabelSelector with matchLabels and
 * matchExpressions. One that is empty fits all; NULL fits none.
 */
bool selector_matches(const Value *selector, const Value *labels);

/* The same for a map of labels that must all be there, as services have it; empty fits none. */
bool labels_include(const Value *wanted, const Value *labels);
