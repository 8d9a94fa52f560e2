/*
 * targets.h - every kind of target.
 *
 * To add one: write target/NAME/NAME.c (or target/NAME.c), which defines target_type_NAME, and
 * add NAME here. It is done when it passes tests/unit/target/contract.h.
 */
#pragma once

#include "target/target.h"

#define TARGETS(TARGET) TARGET(demo) TARGET(kubernetes)

#define DECLARE_TARGET(name) extern const TargetType target_type_##name;
TARGETS(DECLARE_TARGET)
#undef DECLARE_TARGET
