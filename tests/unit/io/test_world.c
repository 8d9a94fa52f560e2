/*
 * test_world.c - which time zone is the user's, and where zones are read.
 */
#include "io/world.h"
#include "tests/unit/temporary.h"
#include "tests/unit/unit.h"

#include <sys/stat.h>

typedef struct Row {
    const char *name;
    const char *variable; /* TZ; NULL: it is not set */
    const char *zone;
} Row;

static Row rows[] = {
    {"without TZ it is the system's", NULL, "Local"},
    {"an empty TZ is UTC", "", "UTC"},
    {"TZ has a name", "Europe/Berlin", "Europe/Berlin"},
    {"a colon may be before it", ":Europe/Berlin", "Europe/Berlin"},
    {"a colon alone is UTC", ":", "UTC"},
    {"TZ may be a file", ":/tmp/zone", "/tmp/zone"},
    {"the system's file is the system's", "/etc/localtime", "Local"},
};

static void check(void **state)
{
    const Row *row = *state;

    if (row->variable)
        setenv("TZ", row->variable, 1);
    else
        unsetenv("TZ");
    assert_str(world_real.local_zone(), row->zone);
}

static void zones_are_read_below_their_folder_only(void **state)
{
    DEFER(temporary_remove) Temporary folder = temporary_make();
    DEFER(arena_free) Arena a = {0};
    const char *file = temporary_path(&a, &folder, "zones/Test/Zone");
    const char *const wrong[] = {"Test/Nowhere",      "Test", "", "../secret", "Test/../../secret",
                                 "Test/Zone/../Zone", file};
    Str bytes;

    (void)state;
    assert_int_equal(mkdir(temporary_path(&a, &folder, "zones"), 0777), 0);
    assert_int_equal(mkdir(temporary_path(&a, &folder, "zones/Test"), 0777), 0);
    temporary_write(&folder, "zones/Test/Zone", STR("zone"));
    temporary_write(&folder, "secret", STR("secret"));
    setenv("ZONEINFO", temporary_path(&a, &folder, "zones"), 1);
    unsetenv("TZ");
    assert_success(world_real.zone(&a, STR("Test/Zone"), &bytes));
    assert_str(bytes, "zone");
    for (size_t i = 0; i < COUNT(wrong); i++)
        assert_failure(world_real.zone(&a, str_from(wrong[i]), &bytes), ERROR_NOT_FOUND,
                       "unknown time zone");
    setenv("TZ", file, 1); // the user may say so, but no chart
    assert_success(world_real.zone(&a, str_from(file), &bytes));
    unsetenv("ZONEINFO");
}

static void time_goes_on_and_bytes_are_random(void **state)
{
    int64_t before = world_real.now_ns();
    unsigned char bytes[2][32] = {{0}};

    (void)state;
    assert_true(before > INT64_C(1700000000) * 1000000000);
    assert_true(world_real.now_ns() >= before);
    world_real.random(bytes[0], sizeof(bytes[0]));
    world_real.random(bytes[1], sizeof(bytes[1]));
    assert_memory_not_equal(bytes[0], bytes[1], sizeof(bytes[0]));
}

static const struct CMUnitTest others[] = {
    cmocka_unit_test(zones_are_read_below_their_folder_only),
    cmocka_unit_test(time_goes_on_and_bytes_are_random),
};

TEST_ROWS_AND(rows, check, others)
