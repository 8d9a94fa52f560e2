/*
 * test_duration.c - helm's functions for durations.
 */
#include "tests/unit/templating/rendered.h"

static RenderRow rows[] = {
    {"a text may be a duration", "{{ (mustToDuration \"1h30m\").String }}", "1h30m0s", NULL},
    {"spaces around it do not count", "{{ durationSeconds \" \\u00a0 90s\\n\" }}", "90", NULL},
    {"a text may be a number of seconds", "{{ (mustToDuration \"2.5\").String }}", "2.5s", NULL},
    {"an int is seconds", "{{ (mustToDuration 90).String }}", "1m30s", NULL},
    {"a float is seconds", "{{ (mustToDuration 0.25).String }}", "250ms", NULL},
    {"a month is seconds as well", "{{ durationSeconds now.Month }}", "3", NULL},
    {"nothing is no duration", "{{ mustToDuration \"\" }}", NULL, "empty duration"},
    {"nonsense is no duration", "{{ mustToDuration \"1 day\" }}", NULL,
     "could not parse duration \"1 day\""},
    {"nil is no duration", "{{ mustToDuration nil }}", NULL, "invalid duration"},
    {"a bool is no duration", "{{ mustToDuration true }}", NULL, "unsupported duration type bool"},
    {"NaN is no duration", "{{ mustToDuration \"nan\" }}", NULL, "invalid duration seconds: NaN"},
    {"an int may be too large", "{{ mustToDuration 9223372037 }}", NULL,
     "duration seconds overflow: 9223372037"},
    {"a float may be too large", "{{ mustToDuration 1e300 }}", NULL,
     "duration seconds overflow: 1e+300"},
    {"the largest float is the smallest duration",
     "{{ (mustToDuration 9223372036.854776).Nanoseconds }}", "-9223372036854775808", NULL},
    {"what is no duration is 0", "{{ durationHours \"x\" }}", "0", NULL},
    {"days have 24 hours", "{{ durationDays \"36h\" }}", "1.5", NULL},
    {"weeks have 7 days", "{{ durationWeeks \"84h\" }}", "0.5", NULL},
    {"milliseconds are whole", "{{ durationMilliseconds \"1.9999ms\" }}", "1", NULL},
    {"rounding is to the nearest", "{{ (durationRoundTo \"90s\" \"1m\").String }}", "2m0s", NULL},
    {"truncating is down", "{{ (durationTruncateTo \"119s\" \"1m\").String }}", "1m0s", NULL},
    {"a unit that is none changes nothing", "{{ (durationRoundTo \"90s\" \"x\").String }}", "1m30s",
     NULL},
};

TEST_ROWS(rows, rendered_check)
