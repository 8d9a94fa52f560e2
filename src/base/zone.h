/*
 * zone.h - time zones: what offset from UTC was, is and will be in force at a moment.
 *
 * A zone is made of the bytes of a time zone file (RFC 8536) or is one fixed offset. NULL is
 * UTC. Nothing here changes a zone once it is made, so threads may share it.
 * Source: Go, time, zoneinfo.go and zoneinfo_read.go.
 */
#pragma once

#include "base/error.h"
#include "base/time.h"

/* What is in force at a moment, and from when until (not including) when. */
typedef struct ZonePeriod {
    Str name;       /* "CEST"; may be empty */
    int64_t offset; /* seconds east of UTC */
    bool summer;    /* daylight saving time */
    int64_t start, end;
} ZonePeriod;

/* The zone in the file whose content is BYTES. ERROR_INPUT where that is no such file. */
Error *zone_parse(Arena *a, Str name, Str bytes, const Zone **out) MUST_CHECK;

/* The zone that the user has set: as SET, which may be NULL, but for its being the local one. */
const Zone *zone_local(Arena *a, const Zone *set);

/* NAME, which may be empty, at OFFSET seconds east of UTC, always. */
const Zone *zone_fixed(Arena *a, Str name, int64_t offset);

/* "Europe/Berlin", "UTC", "Local": Go's Location.String(). */
Str zone_name(const Zone *zone);

/* Whether ZONE is the one that the user has set, whatever its name. */
bool zone_is_local(const Zone *zone);

ZonePeriod zone_period(const Zone *zone, int64_t seconds);

/*
 * The offset that the abbreviation NAME stands for in ZONE, at a moment whose time of day is
 * that which SECONDS would have in UTC; false where ZONE has no such name.
 */
bool zone_offset_of(const Zone *zone, Str name, int64_t seconds, int64_t *out);

const Zone *zone_copy(Arena *a, const Zone *zone);

/* Whether both say the same of every moment, under the same name. */
bool zone_equal(const Zone *a, const Zone *b);

extern const ValueObjectType zone_object_type; /* *time.Location */
Value value_of_zone(Arena *a, const Zone *zone);

/* The zone that V, which is a *time.Location, is. */
const Zone *zone_of_value(Value v);
