/*
 * test_zone.c - what offset is in force when, and files that are none. Source of what is
 * expected: Go.
 */
#include "base/zone.h"
#include "tests/unit/base/zone_file.h"
#include "tests/unit/unit.h"

/* LMT, then CET, CEST from 1000 to 2000, and what RULE_TEXT says from then on. */
#define BERLIN(version_byte, rule_text)                                                            \
    {                                                                                              \
        .version = (version_byte), .names = STR_INIT("LMT\0CET\0CEST"), .rule = (rule_text),       \
        .offsets = {{3208, false, 0}, {3600, false, 4}, {7200, true, 8}}, .offset_count = 3,       \
        .changes = {{-1000000, 1}, {1000, 2}, {2000, 1}}, .change_count = 3                        \
    }

typedef struct Row {
    const char *name;
    ZoneFile file;
    int64_t seconds;
    const char *abbreviation;
    int64_t offset;
} Row;

static Row rows[] = {
    {"before the first change the first offset counts", BERLIN('2', NULL), -1000001, "LMT", 3208},
    {"a change counts from its very second", BERLIN('2', NULL), -1000000, "CET", 3600},
    {"between changes the last one counts", BERLIN('2', NULL), 999, "CET", 3600},
    {"daylight saving time begins", BERLIN('2', NULL), 1000, "CEST", 7200},
    {"the last change counts for ever", BERLIN('2', NULL), INT64_MAX, "CET", 3600},
    {"a rule counts behind the last change", BERLIN('2', "CET-1CEST,M3.5.0,M10.5.0/3"), 1720000000,
     "CEST", 7200},
    {"a rule that is none does not count", BERLIN('2', "CET"), 1720000000, "CET", 3600},
    {"a rule does not count before the last change", BERLIN('2', "XYZ-9"), 1999, "CEST", 7200},
    {"version 1 has 32 bits and no rule", BERLIN('\0', "XYZ-9"), 1720000000, "CET", 3600},
    {"version 3 is read", BERLIN('3', "XYZ-9"), 1720000000, "XYZ", 32400},
    {"a zone without changes has its first offset",
     {.version = '2', .names = STR_INIT("UTC"), .offsets = {{0, false, 0}}, .offset_count = 1},
     5,
     "UTC",
     0},
    {"a zone without changes may have a rule",
     {.version = '2',
      .names = STR_INIT("UTC"),
      .offsets = {{0, false, 0}},
      .offset_count = 1,
      .rule = "<-03>3"},
     5,
     "-03",
     -10800},
    {"an offset that is used by a change is not the first one",
     {.version = '2',
      .names = STR_INIT("DST\0STD"),
      .offsets = {{7200, true, 0}, {3600, false, 4}},
      .offset_count = 2,
      .changes = {{0, 0}, {10, 1}},
      .change_count = 2},
     -5,
     "STD",
     3600},
    {"standard time is before the first daylight saving time",
     {.version = '2',
      .names = STR_INIT("AAA\0BBB\0CCC\0"),
      .offsets = {{1, false, 0}, {2, false, 4}, {3, true, 8}},
      .offset_count = 3,
      .changes = {{0, 2}, {10, 0}},
      .change_count = 2},
     -5,
     "BBB",
     2},
    {"where there is only daylight saving time it counts",
     {.version = '2',
      .names = STR_INIT("AAA\0"),
      .offsets = {{1, true, 0}},
      .offset_count = 1,
      .changes = {{0, 0}},
      .change_count = 1},
     -5,
     "AAA",
     1},
};

static void check(void **state)
{
    const Row *row = *state;
    DEFER(arena_free) Arena a = {0}, b = {0};
    const Zone *zone, *copy;

    assert_success(zone_parse(&a, STR("Test/Zone"), zone_file_bytes(&a, &row->file), &zone));
    copy = zone_copy(&b, zone);
    assert_str(zone_period(zone, row->seconds).name, row->abbreviation);
    arena_free(&a);

    ZonePeriod period = zone_period(copy, row->seconds);
    assert_str(period.name, row->abbreviation);
    assert_int_equal(period.offset, row->offset);
    assert_true(period.start <= row->seconds);
    assert_str(zone_name(copy), "Test/Zone");
}

/* No beginning of a file is a file, but that without the rule and all behind it. */
static void half_a_file_is_none(void **state)
{
    static const ZoneFile file = BERLIN('2', "CET-1CEST,M3.5.0,M10.5.0/3");
    DEFER(arena_free) Arena a = {0};
    Str bytes = zone_file_bytes(&a, &file);
    size_t rule = str_find(bytes, STR("\nCET"));
    const Zone *zone;

    (void)state;
    for (size_t len = 0; len < rule; len++) {
        Str copy = str_copy(&a, str_slice(bytes, 0, len)); // so that reading on is seen

        assert_failure(zone_parse(&a, STR("X"), copy, &zone), ERROR_INPUT, "malformed");
    }
    for (size_t len = rule; len < bytes.len; len++)
        assert_success(zone_parse(&a, STR("X"), str_slice(bytes, 0, len), &zone));
}

static void assert_malformed(const ZoneFile *file)
{
    DEFER(arena_free) Arena a = {0};
    const Zone *zone;

    assert_failure(zone_parse(&a, STR("X"), zone_file_bytes(&a, file), &zone), ERROR_INPUT,
                   "malformed time zone information");
}

static void indexes_stay_in_the_file(void **state)
{
    ZoneFile changes = BERLIN('2', NULL), names = BERLIN('2', NULL), empty = BERLIN('2', NULL),
             version = BERLIN('4', NULL);

    (void)state;
    changes.changes[1].to = 3;
    assert_malformed(&changes);
    names.offsets[2].name = 12;
    assert_malformed(&names);
    empty.offset_count = empty.change_count = 0;
    assert_malformed(&empty);
    assert_malformed(&version);
}

static void counts_may_lie(void **state)
{
    DEFER(arena_free) Arena a = {0};
    const Zone *zone;
    Buf b = {.arena = &a};

    (void)state;
    buf_add_c(&b, "TZif2");
    buf_fill(&b, '\0', 15);
    buf_fill(&b, (char)0xFF, 24);
    assert_failure(zone_parse(&a, STR("X"), buf_str(&b), &zone), ERROR_INPUT, "malformed");
    b.ptr[4] = '\0';
    assert_failure(zone_parse(&a, STR("X"), buf_str(&b), &zone), ERROR_INPUT, "malformed");
}

static void clocks_that_are_set_back_show_times_twice(void **state)
{
    static const ZoneFile file = BERLIN('2', NULL);
    DEFER(arena_free) Arena a = {0};
    CivilTime civil = {.year = 1970, .month = 1, .day = 1, .minute = 46};
    const Zone *zone;

    (void)state;
    assert_success(zone_parse(&a, STR("X"), zone_file_bytes(&a, &file), &zone));
    // 1:16:40 became 2:16:40, and 2:33:20 became 1:33:20
    civil.hour = 1;
    civil.minute = 30;
    assert_int_equal(time_of_civil(&civil, zone).seconds, -1800); // it is not on the clock
    civil.minute = 50;
    assert_int_equal(time_of_civil(&civil, zone).seconds, 3000); // it is there twice: the later
}

static void abbreviations_are_those_in_force(void **state)
{
    static const ZoneFile file = {
        .version = '2',
        .names = STR_INIT("EST\0"),
        .offsets = {{36000, false, 0}, {39600, true, 0}},
        .offset_count = 2,
        .changes = {{0, 0}, {100000, 1}, {200000, 0}},
        .change_count = 3,
    };
    DEFER(arena_free) Arena a = {0};
    const Zone *zone;
    int64_t offset;

    (void)state;
    assert_success(zone_parse(&a, STR("Old/Sydney"), zone_file_bytes(&a, &file), &zone));
    assert_true(zone_offset_of(zone, STR("EST"), 50000 + 36000, &offset));
    assert_int_equal(offset, 36000);
    assert_true(zone_offset_of(zone, STR("EST"), 150000 + 39600, &offset));
    assert_int_equal(offset, 39600);
    assert_false(zone_offset_of(zone, STR("CET"), 0, &offset));
    assert_false(zone_offset_of(NULL, STR("UTC"), 0, &offset));
}

static void whole_hours_without_a_name_are_shared(void **state)
{
    DEFER(arena_free) Arena a = {0};

    (void)state;
    assert_ptr_equal(zone_fixed(&a, (Str){0}, -12 * 3600), zone_fixed(&a, (Str){0}, -12 * 3600));
    assert_ptr_not_equal(zone_fixed(&a, (Str){0}, 1800), zone_fixed(&a, (Str){0}, 1800));
    assert_int_equal(zone_period(zone_fixed(&a, (Str){0}, 14 * 3600), 0).offset, 14 * 3600);
    assert_int_equal(zone_period(zone_fixed(&a, (Str){0}, 15 * 3600), 0).offset, 15 * 3600);
}

static void nothing_is_utc(void **state)
{
    DEFER(arena_free) Arena a = {0};

    (void)state;
    assert_str(zone_name(NULL), "UTC");
    assert_str(zone_period(NULL, 5).name, "UTC");
    assert_false(zone_is_local(NULL));
    assert_null(zone_copy(&a, NULL));
    assert_str(zone_name(zone_local(&a, NULL)), "UTC");
    assert_true(zone_is_local(zone_local(&a, NULL)));
    assert_str(zone_object_type.text(&a, value_of_zone(&a, NULL).object), "UTC");
}

static const struct CMUnitTest others[] = {
    cmocka_unit_test(half_a_file_is_none),
    cmocka_unit_test(indexes_stay_in_the_file),
    cmocka_unit_test(counts_may_lie),
    cmocka_unit_test(clocks_that_are_set_back_show_times_twice),
    cmocka_unit_test(abbreviations_are_those_in_force),
    cmocka_unit_test(whole_hours_without_a_name_are_shared),
    cmocka_unit_test(nothing_is_utc),
};

TEST_ROWS_AND(rows, check, others)
