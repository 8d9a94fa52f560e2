/*
 * test_date.c - sprig's functions for times.
 */
#include "tests/unit/templating/rendered.h"

static RenderRow rows[] = {
    {"now is in the local zone", "{{ now.Format \"2006-01-02 15:04:05.999999999 MST\" }}",
     "2021-03-04 00:36:07.123456789 TST", NULL},
    {"now has a monotonic reading", "{{ now.String }}",
     "2021-03-04 00:36:07.123456789 +0100 TST m=+0.000000001", NULL},
    {"date is in the local zone",
     "{{ date \"15:04 -07\" (toDate \"2006-01-02T15:04Z07:00\" \"2021-08-01T10:00Z\") }}",
     "12:00 +02", NULL},
    {"an int is seconds since 1970", "{{ dateInZone \"2006-01-02 15:04\" 86399 \"UTC\" }}",
     "1970-01-01 23:59", NULL},
    {"what is no time is now", "{{ dateInZone \"15:04\" \"10:00\" \"UTC\" }}", "23:36", NULL},
    {"nil is now", "{{ dateInZone \"15:04\" nil \"UTC\" }}", "23:36", NULL},
    {"a zone that is not there is UTC", "{{ dateInZone \"15:04 MST\" 0 \"No/Where\" }}",
     "00:00 UTC", NULL},
    {"a way out of the zones is UTC", "{{ dateInZone \"15:04 MST\" 0 \"Test/../../etc/passwd\" }}",
     "00:00 UTC", NULL},
    {"a zone by its name", "{{ date_in_zone \"15:04 MST\" 0 \"Test/Other\" }}", "01:00 TST", NULL},
    {"htmlDate is local", "{{ htmlDate now }}", "2021-03-04", NULL},
    {"htmlDateInZone is not", "{{ htmlDateInZone now \"UTC\" }}", "2021-03-03", NULL},
    {"dateModify moves", "{{ (now | dateModify \"-36h30m\").Unix }}", "1614683167", NULL},
    {"dateModify leaves what it does not understand", "{{ (now | dateModify \"1d\").Unix }}",
     "1614814567", NULL},
    {"mustDateModify does not", "{{ now | mustDateModify \"1d\" }}", NULL,
     "time: unknown unit \"d\" in duration \"1d\""},
    {"toDate is in the local zone", "{{ toDate \"2006-01-02\" \"2021-08-01\" | unixEpoch }}",
     "1627768800", NULL},
    {"toDate of nonsense is the start of year 1", "{{ (toDate \"2006\" \"x\").IsZero }}", "true",
     NULL},
    {"mustToDate of nonsense is an error", "{{ mustToDate \"2006\" \"x\" }}", NULL,
     "parsing time \"x\" as \"2006\": cannot parse \"x\" as \"2006\""},
    {"ago is in whole seconds", "{{ ago (now | dateModify \"-1h1m1.6s\") }}", "1h1m2s", NULL},
    {"ago of what is to come is below 0", "{{ ago (now | dateModify \"90s\") }}", "-1m30s", NULL},
    {"ago of nonsense is nothing", "{{ ago \"x\" }}", "0s", NULL},
    {"duration takes digits", "{{ duration \"95\" }}", "1m35s", NULL},
    {"duration of an int is nothing", "{{ duration 95 }}", "0s", NULL},
    {"duration of too many digits wraps around", "{{ duration \"99999999999999999999\" }}", "-1s",
     NULL},
    {"durationRound takes the largest unit", "{{ durationRound \"2h10m5s\" }}", "2h", NULL},
    {"durationRound of just one is of the smaller unit", "{{ durationRound \"1h\" }}", "60m", NULL},
    {"durationRound has months", "{{ durationRound \"2400h10m5s\" }}", "3mo", NULL},
    {"durationRound has no sign", "{{ durationRound \"-2h10m5s\" }}", "2h", NULL},
    {"durationRound of a time is how long ago it was",
     "{{ durationRound (now | dateModify \"-50h\") }}", "2d", NULL},
    {"durationRound of a second is nothing", "{{ durationRound \"1s\" }}", "0s", NULL},
};

static void without_a_world_there_is_no_now(void **state)
{
    DEFER(arena_free) Arena a = {0};
    Str text;

    (void)state;
    assert_failure(rendered(&a, NULL, "{{ now }}", value_null(), &text), ERROR_INPUT,
                   "there is no clock here");
    assert_success(rendered(&a, NULL, "{{ date \"MST\" 0 }}", value_null(), &text));
    assert_str(text, "UTC");
}

static const struct CMUnitTest others[] = {cmocka_unit_test(without_a_world_there_is_no_now)};

TEST_ROWS_AND(rows, rendered_check, others)
