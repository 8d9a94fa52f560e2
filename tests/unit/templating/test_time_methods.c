/*
 * test_time_methods.c - the methods of times, durations, months, weekdays and zones.
 */
#include "tests/unit/templating/rendered.h"

#define THEN "(toDate \"2006-01-02T15:04:05.999Z07:00\" \"2021-03-04T05:06:07.25+05:30\")"

static RenderRow rows[] = {
    {"the parts of a time",
     "{{ with " THEN " }}{{ .Year }} {{ .Day }} {{ .Hour }} {{ .Minute }} {{ .Second }} {{ "
     ".Nanosecond }} {{ .YearDay }}{{ end }}",
     "2021 4 5 6 7 250000000 63", NULL},
    {"months have names", "{{ " THEN ".Month.String }}", "March", NULL},
    {"weekdays have names", "{{ " THEN ".Weekday.String }}", "Thursday", NULL},
    {"seconds since 1970",
     "{{ with " THEN " }}{{ .Unix }} {{ .UnixMilli }} {{ .UnixMicro }} {{ .UnixNano }}{{ end }}",
     "1614814567 1614814567250 1614814567250000 1614814567250000000", NULL},
    {"UTC shows it in UTC", "{{ " THEN ".UTC.Format \"15:04 MST\" }}", "23:36 UTC", NULL},
    {"Local shows it in the local zone", "{{ " THEN ".Local.Format \"15:04 MST\" }}", "00:36 TST",
     NULL},
    {"In shows it in another's zone", "{{ (now.In " THEN ".Location).Format \"15:04\" }}", "05:06",
     NULL},
    {"In needs a zone", "{{ now.In nil }}", NULL, "time: missing Location in call to Time.In"},
    {"a text is no zone", "{{ now.In \"UTC\" }}", NULL,
     "can't handle \"UTC\" for arg of type *time.Location"},
    {"zones have names", "{{ now.Location.String }}", "Test/Local", NULL},
    {"durations are added", "{{ (" THEN ".Add (mustToDuration \"-1h\")).Hour }}", "4", NULL},
    {"a number in the template is nanoseconds", "{{ (" THEN ".Add 1).Nanosecond }}", "250000001",
     NULL},
    {"an int is no duration", "{{ $n := 1 }}{{ now.Add $n }}", NULL,
     "expected time.Duration; got int"},
    {"a text is no duration", "{{ now.Add \"1h\" }}", NULL, "expected integer; found \"1h\""},
    {"dates are added", "{{ (" THEN ".AddDate 1 -1 0).Format \"2006-01-02\" }}", "2022-02-04",
     NULL},
    {"the difference is a duration", "{{ (now.Sub " THEN ").Seconds }}", "-0.126543211", NULL},
    {"times have an order",
     "{{ now.Before " THEN " }} {{ now.After " THEN " }} {{ now.Compare " THEN
     " }} {{ now.Equal now }}",
     "true false -1 true", NULL},
    {"times round", "{{ (" THEN ".Round 1000000000).Nanosecond }}", "0", NULL},
    {"it was not always summer", "{{ now.IsDST }} {{ (toDate \"2006\" \"2022\").IsDST }}",
     "false true", NULL},
    {"MarshalText gives bytes", "{{ len " THEN ".MarshalText }}", "28", NULL},
    {"MarshalJSON fails for year 10000",
     "{{ ((toDate \"2006\" \"9999\").AddDate 1 0 0).MarshalJSON }}", NULL,
     "Time.MarshalJSON: year outside of range [0,9999]"},
    {"Date has too many results", "{{ now.Date }}", NULL,
     "function Date has 3 return values; should be 1 or 2"},
    {"Zone has no error", "{{ now.Zone }}", NULL, "second return value should be error; is int"},
    {"there is nothing else", "{{ now.wall }}", NULL,
     "can't evaluate field wall in type time.Time"},
    {"the units of a duration",
     "{{ with mustToDuration \"90m\" }}{{ .Hours }} {{ .Minutes }} {{ .Seconds }} {{ .Milliseconds "
     "}}{{ end }}",
     "1.5 90 5400 5400000", NULL},
    {"durations round", "{{ ((mustToDuration \"-90s\").Round (mustToDuration \"1m\")).String }}",
     "-2m0s", NULL},
    {"durations lose their sign", "{{ (mustToDuration \"-90s\").Abs.String }}", "1m30s", NULL},
};

TEST_ROWS(rows, rendered_check)
