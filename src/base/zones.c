#include "base/zones.h"

enum { MOST_ZONES = 1024 }; /* of one render: about twice as many as there are names */

/* Read NAME's file. It goes as soon as the zone is made of it. */
static Error *read_zone(Zones *zones, Str name, const Zone **out)
{
    DEFER(arena_free) Arena scratch = {0};
    Str bytes;

    if (!zones->world || !zones->world->zone)
        return error_new(ERROR_NOT_FOUND, "unknown time zone %.*s", STR_ARG(name));
    TRY(zones->world->zone(&scratch, name, &bytes));
    return zone_parse(zones->arena, name, bytes, out);
}

/* Names may come from charts: they must not lead out of the zones' folder. */
static bool is_zone_name(Str name)
{
    return name.ptr[0] != '/' && name.ptr[0] != '\\' && str_find(name, STR("..")) == STR_NONE &&
           str_find_char(name, '\0') == STR_NONE;
}

Error *zones_find(Zones *zones, Str name, const Zone **out)
{
    *out = NULL;
    if (!name.len || str_is(name, "UTC"))
        return NULL;
    if (str_is(name, "Local")) {
        *out = zones_local(zones);
        return NULL;
    }
    for (size_t i = 0; i < zones->items.len; i++)
        if (str_equal(zone_name(zones->items.items[i]), name)) {
            *out = zones->items.items[i];
            return NULL;
        }
    if (!is_zone_name(name))
        return error_new(ERROR_INPUT, "time: invalid location name");
    if (zones->items.len >= MOST_ZONES)
        return error_new(ERROR_INPUT, "more than %d time zones", MOST_ZONES);
    TRY(read_zone(zones, name, out));
    *vec_add(zones->arena, &zones->items) = *out;
    return NULL;
}

const Zone *zones_local(Zones *zones)
{
    const Zone *set = NULL;

    if (zones->local)
        return zones->local;
    if (zones->world && zones->world->local_zone) {
        Str name = zones->world->local_zone();

        if (!str_is(name, "UTC"))
            error_free(read_zone(zones, name, &set));
    }
    zones->local = zone_local(zones->arena, set);
    return zones->local;
}
