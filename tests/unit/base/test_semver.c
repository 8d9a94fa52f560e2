/*
 * test_semver.c - versions, read and compared. Source of what is expected: Masterminds semver.
 */
#include "base/semver.h"
#include "tests/unit/unit.h"

typedef struct Row {
    const char *name;
    const char *text;
    const char *want; /* that it is */
    const char *error;
    const char *than; /* not NULL: compared with this it is ORDER */
    int order;
} Row;

static Row rows[] = {
    {"missing numbers are 0", "1", "1.0.0", NULL, NULL, 0},
    {"a v may stand before", "v1.2", "1.2.0", NULL, "1.2.0", 0},
    {"a V may not", "V1.2.3", NULL, "invalid semantic version", NULL, 0},
    {"leading zeros are taken off", "01.002.3", "1.2.3", NULL, NULL, 0},
    {"but not in a pre-release", "1.2.3-rc.01", NULL, "version segment starts with 0", NULL, 0},
    {"a pre-release may be 0", "1.2.3-0", "1.2.3-0", NULL, "1.2.3", -1},
    {"a short version has pre-releases, too", "1-rc.1", "1.0.0-rc.1", NULL, NULL, 0},
    {"metadata is kept", "1.2.3-a+b.c", "1.2.3-a+b.c", NULL, NULL, 0},
    {"metadata does not count", "1.2.3+a", "1.2.3+a", NULL, "1.2.3+b", 0},
    {"a dot needs a number", "1.", NULL, "invalid semantic version", NULL, 0},
    {"four numbers are too many", "1.2.3.4", NULL, "invalid semantic version", NULL, 0},
    {"identifiers are not empty", "1.2.3-a..b", NULL, "invalid semantic version", NULL, 0},
    {"spaces are no part", " 1.2.3", NULL, "invalid semantic version", NULL, 0},
    {"nothing is no version", "", NULL, "invalid semantic version", NULL, 0},
    {"the largest number is 2^64 - 1", "18446744073709551615.0.0", "18446744073709551615.0.0", NULL,
     NULL, 0},
    {"larger ones are refused", "1.18446744073709551616.0", NULL, "error parsing version segment",
     NULL, 0},
    {"numbers compare as numbers", "1.10.0", "1.10.0", NULL, "1.9.0", 1},
    {"a pre-release comes before its release", "1.0.0-rc", "1.0.0-rc", NULL, "1.0.0", -1},
    {"numbers come before names", "1.0.0-1", "1.0.0-1", NULL, "1.0.0-a", -1},
    {"numbers of pre-releases compare as such", "1.0.0-rc.10", "1.0.0-rc.10", NULL, "1.0.0-rc.9",
     1},
    {"fewer identifiers come first", "1.0.0-rc", "1.0.0-rc", NULL, "1.0.0-rc.0", -1},
    {"a number that is too large is a name", "1.0.0-18446744073709551616",
     "1.0.0-18446744073709551616", NULL, "1.0.0-2", 1},
    {"capitals come before small letters", "1.0.0-B", "1.0.0-B", NULL, "1.0.0-a", -1},
};

static int sign(int n)
{
    return (n > 0) - (n < 0);
}

static void check(void **state)
{
    const Row *row = *state;
    DEFER(arena_free) Arena a = {0};
    Semver v, other;
    Error *err = semver_parse(str_from(row->text), &v);

    if (row->error) {
        assert_failure(err, ERROR_INPUT, row->error);
        return;
    }
    assert_success(err);
    assert_str(semver_text(&a, &v), row->want);
    assert_str(v.original, row->text);
    if (row->than) {
        assert_success(semver_parse(str_from(row->than), &other));
        assert_int_equal(sign(semver_compare(&v, &other)), row->order);
        assert_int_equal(sign(semver_compare(&other, &v)), -row->order);
    }
}

TEST_ROWS(rows, check)
