/*
 * world.h - the real clock, randomness, time zones and hosts.
 */
#pragma once

#include "base/world.h"

extern const World world_real; /* in which there are no hosts */

/* world_real, with its hosts or without. */
const World *world_of_hosts(bool there_are);
