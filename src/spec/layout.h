/*
 * layout.h - the form in which `build` writes a spec: helmfile's, to the byte.
 */
#pragma once

#include "spec/fields.h"

/* When a key is written. */
typedef enum LayoutRule {
    LAYOUT_WHEN_FULL, /* unless it is empty, false or 0 */
    LAYOUT_WHEN_SAID, /* as soon as the spec says something */
    LAYOUT_ALWAYS,
} LayoutRule;

typedef struct LayoutKey {
    const SpecField *field;
    LayoutRule rule;
} LayoutKey;

/* The keys of TYPE in their order: as many as it has fields. */
const LayoutKey *spec_layout_keys(const SpecLayout *layout, const SpecRecordType *type);
