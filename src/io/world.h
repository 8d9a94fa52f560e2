/*
 * world.h - the real clock, randomness and time zones.
 */
#pragma once

#include "base/world.h"

extern const World world_real;
