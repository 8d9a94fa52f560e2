/*
 * test_location.c - the options of a store's URL.
 */
#include "state/location.h"
#include "tests/unit/unit.h"

typedef struct Row {
    const char *name;
    const char *location;
    const char *place, *region, *branch; /* as they are read */
    const char *error, *hint;            /* instead */
} Row;

static Row rows[] = {
    {"a place alone", "bucket/prefix", "bucket/prefix", "", "", NULL, NULL},
    {"options in any order", "b?branch=main&region=eu", "b", "eu", "main", NULL, NULL},
    {"values have escapes", "b?branch=a%2Fb%20%c3%A9", "b", "", "a/b \xC3\xA9", NULL, NULL},
    {"half an escape is none", "b?branch=%2&region=%zz", "b", "%zz", "%2", NULL, NULL},
    {"a question mark may be all", "b?", "b", "", "", NULL, NULL},
    {"of two the later counts", "b?region=a&region=b", "b", "b", "", NULL, NULL},
    {"nothing is a place", "", "", "", "", NULL, NULL},
    {"a misspelling is named", "b?regoin=eu", NULL, NULL, NULL, "no option \"regoin\"",
     "did you mean region?"},
    {"the options are listed", "b?x=1", NULL, NULL, NULL, "no option \"x\"",
     "options are region, branch"},
    {"a value is needed", "b?region=", NULL, NULL, NULL, "option region has no value", NULL},
    {"an equals sign is needed", "b?region", NULL, NULL, NULL, "option region has no value", NULL},
};

static void check(void **state)
{
    const Row *row = *state;
    DEFER(arena_free) Arena memory = {0};
    Str place, region = {"", 0}, branch = {"", 0};
    const LocationOption options[] = {{"region", &region}, {"branch", &branch}};
    Error *err = location_split(&memory, str_from(row->location), options, COUNT(options), &place);

    if (row->error) {
        if (row->hint)
            assert_string_equal(error_hint_of(err), row->hint);
        assert_failure(err, ERROR_INPUT, row->error);
        return;
    }
    assert_success(err);
    assert_str(place, row->place);
    assert_str(region, row->region);
    assert_str(branch, row->branch);
}

TEST_ROWS(rows, check)
