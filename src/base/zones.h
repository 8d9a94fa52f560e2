/*
 * zones.h - time zones by name, each read only once while a template is rendered.
 * Source: Go, time.LoadLocation, and zoneinfo_unix.go for the local one.
 */
#pragma once

#include "base/vec.h"
#include "base/world.h"
#include "base/zone.h"

/* Set .arena and .world; the rest starts as zero. One thread's. */
typedef struct Zones {
    Arena *arena;
    const World *world; /* NULL: there is only UTC */
    const Zone *local;  /* NULL: not asked for yet */
    VEC(const Zone *) items;
} Zones;

/*
 * The zone called NAME: "" and "UTC" are UTC (NULL), "Local" is zones_local. ERROR_NOT_FOUND or
 * ERROR_INPUT where there is none.
 */
Error *zones_find(Zones *zones, Str name, const Zone **out) MUST_CHECK;

/* The zone that the user has set; one that is called UTC where that cannot be read. */
const Zone *zones_local(Zones *zones);
