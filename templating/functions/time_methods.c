/*
 * time_methods.c - the methods of Go's time.Time, and of the types that they give:
 * {{ now.Year }}, {{ (now.Sub $then).Hours }}. Source: Go, time.
 */
#include "base/duration.h"
#include "base/time_layout.h"
#include "base/zone.h"
#include "templating/functions/sets.h"
#include "templating/render.h"

#define FAIL(...) error_new(ERROR_INPUT, __VA_ARGS__)

static Time receiver(const TemplateCall *call)
{
    return *time_of_value(call->args[-1]);
}

static Time argument(const TemplateCall *call)
{
    return *time_of_value(call->args[0]);
}

static Error *give_time(const TemplateCall *call, Time t, Value *out)
{
    *out = value_of_time(call->arena, t);
    return NULL;
}

static Error *give_int(int64_t n, Value *out)
{
    *out = value_int(n);
    return NULL;
}

static Error *give_int64(int64_t n, Value *out)
{
    *out = value_int64(n);
    return NULL;
}

static Error *give_typed(int64_t n, ValueType type, Value *out)
{
    *out = value_typed(value_int(n), type);
    return NULL;
}

static Error *give_bool(bool b, Value *out)
{
    *out = value_bool(b);
    return NULL;
}

static Error *run_add(const TemplateCall *call, Value *out)
{
    return give_time(call, time_add(receiver(call), call->args[0].integer), out);
}

static Error *run_add_date(const TemplateCall *call, Value *out)
{
    const Value *args = call->args;

    return give_time(
        call, time_add_date(receiver(call), args[0].integer, args[1].integer, args[2].integer),
        out);
}

static Error *run_after(const TemplateCall *call, Value *out)
{
    return give_bool(time_compare(receiver(call), argument(call)) > 0, out);
}

static Error *run_before(const TemplateCall *call, Value *out)
{
    return give_bool(time_compare(receiver(call), argument(call)) < 0, out);
}

static Error *run_compare(const TemplateCall *call, Value *out)
{
    return give_int(time_compare(receiver(call), argument(call)), out);
}

static Error *run_equal(const TemplateCall *call, Value *out)
{
    return give_bool(time_compare(receiver(call), argument(call)) == 0, out);
}

static Error *run_year(const TemplateCall *call, Value *out)
{
    return give_int(time_civil(receiver(call)).year, out);
}

static Error *run_month(const TemplateCall *call, Value *out)
{
    return give_typed(time_civil(receiver(call)).month, TYPE_MONTH, out);
}

static Error *run_day(const TemplateCall *call, Value *out)
{
    return give_int(time_civil(receiver(call)).day, out);
}

static Error *run_weekday(const TemplateCall *call, Value *out)
{
    return give_typed(time_weekday(receiver(call)), TYPE_WEEKDAY, out);
}

static Error *run_year_day(const TemplateCall *call, Value *out)
{
    return give_int(time_year_day(receiver(call)), out);
}

static Error *run_hour(const TemplateCall *call, Value *out)
{
    return give_int(time_civil(receiver(call)).hour, out);
}

static Error *run_minute(const TemplateCall *call, Value *out)
{
    return give_int(time_civil(receiver(call)).minute, out);
}

static Error *run_second(const TemplateCall *call, Value *out)
{
    return give_int(time_civil(receiver(call)).second, out);
}

static Error *run_nanosecond(const TemplateCall *call, Value *out)
{
    return give_int(receiver(call).nanoseconds, out);
}

/* Seconds times UNITS, and what of those the nanoseconds are; it wraps around as Go's does. */
static int64_t since_1970(Time t, int64_t units)
{
    return (int64_t)((uint64_t)t.seconds * (uint64_t)units +
                     (uint64_t)(t.nanoseconds / (SECOND_NS / units)));
}

static Error *run_unix(const TemplateCall *call, Value *out)
{
    return give_int64(receiver(call).seconds, out);
}

static Error *run_unix_milli(const TemplateCall *call, Value *out)
{
    return give_int64(since_1970(receiver(call), 1000), out);
}

static Error *run_unix_micro(const TemplateCall *call, Value *out)
{
    return give_int64(since_1970(receiver(call), 1000000), out);
}

static Error *run_unix_nano(const TemplateCall *call, Value *out)
{
    return give_int64(since_1970(receiver(call), SECOND_NS), out);
}

static Error *run_format(const TemplateCall *call, Value *out)
{
    *out = value_string(time_format(call->arena, receiver(call), call->args[0].string));
    return NULL;
}

static Error *run_append_format(const TemplateCall *call, Value *out)
{
    Str text = time_format(call->arena, receiver(call), call->args[1].string);

    *out = value_bytes(str_join(call->arena, call->args[0].string, text));
    return NULL;
}

static Error *run_string(const TemplateCall *call, Value *out)
{
    *out = value_string(time_text(call->arena, receiver(call)));
    return NULL;
}

static Error *run_go_string(const TemplateCall *call, Value *out)
{
    *out = value_string(time_literal(call->arena, receiver(call)));
    return NULL;
}

static Error *run_marshal_text(const TemplateCall *call, Value *out)
{
    Str text;

    TRY(error_wrap(time_rfc3339(call->arena, receiver(call), &text), "Time.%s", call->name));
    *out = value_bytes(text);
    return NULL;
}

static Error *run_marshal_json(const TemplateCall *call, Value *out)
{
    TRY(run_marshal_text(call, out));
    out->string = str_format(call->arena, "\"%.*s\"", STR_ARG(out->string));
    return NULL;
}

static Error *run_append_text(const TemplateCall *call, Value *out)
{
    TRY(run_marshal_text(call, out));
    out->string = str_join(call->arena, call->args[0].string, out->string);
    return NULL;
}

static Error *run_marshal_binary(const TemplateCall *call, Value *out)
{
    Str bytes;

    TRY(time_binary(call->arena, receiver(call), &bytes));
    *out = value_bytes(bytes);
    return NULL;
}

static Error *run_append_binary(const TemplateCall *call, Value *out)
{
    TRY(run_marshal_binary(call, out));
    out->string = str_join(call->arena, call->args[0].string, out->string);
    return NULL;
}

static Error *run_in(const TemplateCall *call, Value *out)
{
    if (value_is_null(call->args[0]))
        return FAIL("time: missing Location in call to Time.In");
    return give_time(call, time_in(receiver(call), zone_of_value(call->args[0])), out);
}

static Error *run_utc(const TemplateCall *call, Value *out)
{
    return give_time(call, time_in(receiver(call), NULL), out);
}

static Error *run_local(const TemplateCall *call, Value *out)
{
    return give_time(call, time_in(receiver(call), zones_local(&call->render->zones)), out);
}

static Error *run_location(const TemplateCall *call, Value *out)
{
    *out = value_of_zone(call->arena, receiver(call).zone);
    return NULL;
}

static Error *run_is_summer(const TemplateCall *call, Value *out)
{
    Time t = receiver(call);

    return give_bool(zone_period(t.zone, t.seconds).summer, out);
}

static Error *run_is_zero(const TemplateCall *call, Value *out)
{
    return give_bool(time_is_zero(receiver(call)), out);
}

static Error *run_round(const TemplateCall *call, Value *out)
{
    return give_time(call, time_round(receiver(call), call->args[0].integer), out);
}

static Error *run_truncate(const TemplateCall *call, Value *out)
{
    return give_time(call, time_truncate(receiver(call), call->args[0].integer), out);
}

static Error *run_sub(const TemplateCall *call, Value *out)
{
    return give_typed(time_sub(receiver(call), argument(call)), TYPE_DURATION, out);
}

/* Go's templates take one result, or one and an error. */
static Error *run_three_results(const TemplateCall *call, Value *out)
{
    (void)out;
    return FAIL("function %s has 3 return values; should be 1 or 2", call->name);
}

static Error *two_results(const TemplateCall *call, const char *second)
{
    return FAIL("invalid function signature for %s: second return value should be error; is %s",
                call->name, second);
}

static Error *run_int_second(const TemplateCall *call, Value *out)
{
    (void)out;
    return two_results(call, "int");
}

static Error *run_time_second(const TemplateCall *call, Value *out)
{
    (void)out;
    return two_results(call, "time.Time");
}

static const TemplateFunction time_methods[] = {
    {"Add", "d", "TIME.Add DURATION", "The time DURATION later.", run_add},
    {"AddDate", "iii", "TIME.AddDate YEARS MONTHS DAYS", "The time so much later.", run_add_date},
    {"After", "t", "TIME.After OTHER", "Whether TIME is after OTHER.", run_after},
    {"AppendBinary", "y", "TIME.AppendBinary BYTES", "BYTES and Go's binary form of TIME.",
     run_append_binary},
    {"AppendFormat", "ys", "TIME.AppendFormat BYTES LAYOUT", "BYTES and TIME in LAYOUT.",
     run_append_format},
    {"AppendText", "y", "TIME.AppendText BYTES", "BYTES and TIME in RFC 3339.", run_append_text},
    {"Before", "t", "TIME.Before OTHER", "Whether TIME is before OTHER.", run_before},
    {"Clock", "", "TIME.Clock", "Not for templates: it has three results.", run_three_results},
    {"Compare", "t", "TIME.Compare OTHER", "-1, 0 or 1: before, at or after OTHER.", run_compare},
    {"Date", "", "TIME.Date", "Not for templates: it has three results.", run_three_results},
    {"Day", "", "TIME.Day", "The day of the month.", run_day},
    {"Equal", "t", "TIME.Equal OTHER", "Whether both are the same moment.", run_equal},
    {"Format", "s", "TIME.Format LAYOUT", "TIME as LAYOUT writes it.", run_format},
    {"GoString", "", "TIME.GoString", "TIME as Go code.", run_go_string},
    {"GobEncode", "", "TIME.GobEncode", "Go's binary form.", run_marshal_binary},
    {"Hour", "", "TIME.Hour", "The hour, 0 to 23.", run_hour},
    {"ISOWeek", "", "TIME.ISOWeek", "Not for templates: it has two results.", run_int_second},
    {"In", "z", "TIME.In LOCATION", "TIME as it shows in LOCATION.", run_in},
    {"IsDST", "", "TIME.IsDST", "Whether daylight saving time is in force.", run_is_summer},
    {"IsZero", "", "TIME.IsZero", "Whether it is the start of year 1.", run_is_zero},
    {"Local", "", "TIME.Local", "TIME as it shows in the local zone.", run_local},
    {"Location", "", "TIME.Location", "Its time zone.", run_location},
    {"MarshalBinary", "", "TIME.MarshalBinary", "Go's binary form.", run_marshal_binary},
    {"MarshalJSON", "", "TIME.MarshalJSON", "TIME in JSON.", run_marshal_json},
    {"MarshalText", "", "TIME.MarshalText", "TIME in RFC 3339.", run_marshal_text},
    {"Minute", "", "TIME.Minute", "The minute, 0 to 59.", run_minute},
    {"Month", "", "TIME.Month", "The month.", run_month},
    {"Nanosecond", "", "TIME.Nanosecond", "The nanosecond, 0 to 999999999.", run_nanosecond},
    {"Round", "d", "TIME.Round DURATION", "The nearest multiple of DURATION.", run_round},
    {"Second", "", "TIME.Second", "The second, 0 to 59.", run_second},
    {"String", "", "TIME.String", "TIME as it prints.", run_string},
    {"Sub", "t", "TIME.Sub OTHER", "The duration from OTHER to TIME.", run_sub},
    {"Truncate", "d", "TIME.Truncate DURATION", "Down to a multiple of DURATION.", run_truncate},
    {"UTC", "", "TIME.UTC", "TIME as it shows in UTC.", run_utc},
    {"Unix", "", "TIME.Unix", "Seconds since 1970.", run_unix},
    {"UnixMicro", "", "TIME.UnixMicro", "Microseconds since 1970.", run_unix_micro},
    {"UnixMilli", "", "TIME.UnixMilli", "Milliseconds since 1970.", run_unix_milli},
    {"UnixNano", "", "TIME.UnixNano", "Nanoseconds since 1970.", run_unix_nano},
    {"Weekday", "", "TIME.Weekday", "The day of the week.", run_weekday},
    {"Year", "", "TIME.Year", "The year.", run_year},
    {"YearDay", "", "TIME.YearDay", "The day of the year, from 1.", run_year_day},
    {"Zone", "", "TIME.Zone", "Not for templates: it has two results.", run_int_second},
    {"ZoneBounds", "", "TIME.ZoneBounds", "Not for templates: it has two results.",
     run_time_second},
};

const TemplateFunctionSet template_functions_time_methods = {
    .name = "methods of times",
    .source = "Go, time",
    .functions = time_methods,
    .len = COUNT(time_methods),
    .object = &time_object_type,
};

static int64_t duration(const TemplateCall *call)
{
    return call->args[-1].integer;
}

static Error *run_absolute(const TemplateCall *call, Value *out)
{
    return give_typed(duration_absolute(duration(call)), TYPE_DURATION, out);
}

static Error *run_duration_round(const TemplateCall *call, Value *out)
{
    return give_typed(duration_round(duration(call), call->args[0].integer), TYPE_DURATION, out);
}

static Error *run_duration_truncate(const TemplateCall *call, Value *out)
{
    return give_typed(duration_truncate(duration(call), call->args[0].integer), TYPE_DURATION, out);
}

static Error *run_hours(const TemplateCall *call, Value *out)
{
    *out = value_float(duration_hours(duration(call)));
    return NULL;
}

static Error *run_minutes(const TemplateCall *call, Value *out)
{
    *out = value_float(duration_minutes(duration(call)));
    return NULL;
}

static Error *run_seconds(const TemplateCall *call, Value *out)
{
    *out = value_float(duration_seconds(duration(call)));
    return NULL;
}

static Error *run_milliseconds(const TemplateCall *call, Value *out)
{
    return give_int64(duration(call) / 1000000, out);
}

static Error *run_microseconds(const TemplateCall *call, Value *out)
{
    return give_int64(duration(call) / 1000, out);
}

static Error *run_nanoseconds(const TemplateCall *call, Value *out)
{
    return give_int64(duration(call), out);
}

/* String() of a duration, a month or a weekday. */
static Error *run_number_string(const TemplateCall *call, Value *out)
{
    Str text = {0};

    time_number_text(call->arena, call->args[-1], &text);
    *out = value_string(text);
    return NULL;
}

static const TemplateFunction duration_methods[] = {
    {"Abs", "", "DURATION.Abs", "DURATION without its sign.", run_absolute},
    {"Hours", "", "DURATION.Hours", "DURATION in hours, with a fraction.", run_hours},
    {"Microseconds", "", "DURATION.Microseconds", "In whole microseconds.", run_microseconds},
    {"Milliseconds", "", "DURATION.Milliseconds", "In whole milliseconds.", run_milliseconds},
    {"Minutes", "", "DURATION.Minutes", "In minutes, with a fraction.", run_minutes},
    {"Nanoseconds", "", "DURATION.Nanoseconds", "In nanoseconds.", run_nanoseconds},
    {"Round", "d", "DURATION.Round UNIT", "The nearest multiple of UNIT.", run_duration_round},
    {"Seconds", "", "DURATION.Seconds", "In seconds, with a fraction.", run_seconds},
    {"String", "", "DURATION.String", "DURATION as it prints.", run_number_string},
    {"Truncate", "d", "DURATION.Truncate UNIT", "Down to a multiple of UNIT.",
     run_duration_truncate},
};

const TemplateFunctionSet template_functions_duration_methods = {
    .name = "methods of durations",
    .source = "Go, time",
    .functions = duration_methods,
    .len = COUNT(duration_methods),
    .receiver = TYPE_DURATION,
};

static const TemplateFunction month_methods[] = {
    {"String", "", "MONTH.String", "The month's name.", run_number_string},
};

const TemplateFunctionSet template_functions_month_methods = {
    .name = "methods of months",
    .source = "Go, time",
    .functions = month_methods,
    .len = COUNT(month_methods),
    .receiver = TYPE_MONTH,
};

static const TemplateFunction weekday_methods[] = {
    {"String", "", "WEEKDAY.String", "The day's name.", run_number_string},
};

const TemplateFunctionSet template_functions_weekday_methods = {
    .name = "methods of weekdays",
    .source = "Go, time",
    .functions = weekday_methods,
    .len = COUNT(weekday_methods),
    .receiver = TYPE_WEEKDAY,
};

static Error *run_location_string(const TemplateCall *call, Value *out)
{
    *out = value_string(zone_name(zone_of_value(call->args[-1])));
    return NULL;
}

static const TemplateFunction location_methods[] = {
    {"String", "", "LOCATION.String", "The zone's name.", run_location_string},
};

const TemplateFunctionSet template_functions_location_methods = {
    .name = "methods of locations",
    .source = "Go, time",
    .functions = location_methods,
    .len = COUNT(location_methods),
    .object = &zone_object_type,
};
