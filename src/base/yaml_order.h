/*
 * yaml_order.h - the order in which go-yaml writes a map's keys: a9 before a10, and what is
 * no letter before letters.
 */
#pragma once

#include "base/value.h"

/*
 * MAP's entries in that order; in A, or in MAP itself where that is in this order already.
 * The comparison contradicts itself for some keys (a2, a10, a1b); their order then is one of
 * those that Go may choose. Source: go-yaml v2 and v3, sorter.go.
 */
const ValueEntry *yaml_order(Arena *a, const ValueMap *map, bool v3);
