/*
 * test_zones.c - zones by name: which are read, and how often.
 */
#include "base/zones.h"
#include "tests/unit/base/zone_file.h"
#include "tests/unit/unit.h"

static int reads;
static const char *set_zone;

static Str local_zone(void)
{
    return str_from(set_zone);
}

static Error *read_zone(Arena *a, Str name, Str *out)
{
    static const ZoneFile file = {
        .version = '2', .names = STR_INIT("XYZ"), .offsets = {{3600, false, 0}}, .offset_count = 1};

    reads++;
    if (str_starts(name, STR("No/")))
        return error_new(ERROR_NOT_FOUND, "unknown time zone %.*s", STR_ARG(name));
    *out = str_is(name, "Bad/File") ? STR("x") : zone_file_bytes(a, &file);
    return NULL;
}

static const World world = {.local_zone = local_zone, .zone = read_zone};

typedef struct Row {
    const char *name;
    const char *zone;
    const char *shown; /* its name; NULL: there is none */
    int reads;
} Row;

static Row rows[] = {
    {"no name is UTC", "", "UTC", 0},
    {"UTC is not read", "UTC", "UTC", 0},
    {"others are read", "Europe/Berlin", "Europe/Berlin", 1},
    {"Local is the one that is set", "Local", "Asia/Tokyo", 1},
    {"what is not there is none", "No/Where", NULL, 1},
    {"what is no zone file is none", "Bad/File", NULL, 1},
    {"the way out of the folder is none", "Europe/../../etc/passwd", NULL, 0},
    {"the root is none", "/etc/passwd", NULL, 0},
    {"a backslash is no root", "\\\\host", NULL, 0},
};

static void check(void **state)
{
    const Row *row = *state;
    DEFER(arena_free) Arena a = {0};
    Zones zones = {.arena = &a, .world = &world};
    const Zone *zone = NULL;
    Error *err;

    reads = 0;
    set_zone = "Asia/Tokyo";
    err = zones_find(&zones, str_from(row->zone), &zone);
    assert_int_equal(err == NULL, row->shown != NULL);
    assert_int_equal(reads, row->reads);
    error_free(err);
    if (row->shown) {
        const Zone *again;

        assert_str(zone_name(zone), row->shown);
        assert_success(zones_find(&zones, str_from(row->zone), &again));
        assert_ptr_equal(zone, again);
        assert_int_equal(reads, row->reads);
    }
}

static void what_is_set_and_not_there_is_utc(void **state)
{
    DEFER(arena_free) Arena a = {0};
    Zones zones = {.arena = &a, .world = &world}, none = {.arena = &a};

    (void)state;
    set_zone = "No/Where";
    assert_str(zone_name(zones_local(&zones)), "UTC");
    assert_true(zone_is_local(zones_local(&zones)));
    assert_str(zone_name(zones_local(&none)), "UTC");
}

static void there_are_not_more_than_a_thousand(void **state)
{
    DEFER(arena_free) Arena a = {0};
    Zones zones = {.arena = &a, .world = &world};
    const Zone *zone;
    Error *err = NULL;
    int i = 0;

    (void)state;
    for (; i < 2000 && !err; i++)
        err = zones_find(&zones, str_format(&a, "Zone/%d", i), &zone);
    assert_int_equal(i, 1025);
    assert_failure(err, ERROR_INPUT, "more than 1024 time zones");
}

static const struct CMUnitTest others[] = {
    cmocka_unit_test(what_is_set_and_not_there_is_utc),
    cmocka_unit_test(there_are_not_more_than_a_thousand),
};

TEST_ROWS_AND(rows, check, others)
