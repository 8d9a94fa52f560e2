/*
 * zone_rule.h - the rule at the end of a time zone file for the times after its last change:
 * "CET-1CEST,M3.5.0,M10.5.0/3", what POSIX has in TZ.
 * Source: Go, time, zoneinfo.go, tzset.
 */
#pragma once

#include "base/zone.h"

typedef enum RuleDayKind {
    RULE_DAY_JULIAN,  /* of the year, 1 to 365; February 29 does not count */
    RULE_DAY_OF_YEAR, /* 0 to 365 */
    RULE_DAY_OF_MONTH /* a weekday of a month */
} RuleDayKind;

/* When in a year a change comes. */
typedef struct RuleDay {
    RuleDayKind kind;
    int day;         /* of the year; or of the week, 0: Sunday */
    int week, month; /* the first, … of the month; 5: the last */
    int time;        /* seconds after midnight, on the clock until then */
} RuleDay;

typedef struct ZoneRule {
    Str standard_name, summer_name; /* in the text that was read */
    int standard_offset, summer_offset;
    bool has_summer;
    RuleDay summer_start, summer_end;
} ZoneRule;

/* False where TEXT is no such rule. */
bool zone_rule_parse(Str text, ZoneRule *out);

/* What RULE says for SECONDS; LAST is when the last change in the file was. */
ZonePeriod zone_rule_period(const ZoneRule *rule, int64_t last, int64_t seconds);
