/*
 * duration.c - helm's functions for durations. Source: helm, pkg/engine/funcs.go.
 */
#include "base/duration.h"
#include "base/number.h"
#include "base/quote.h"
#include "base/utf8.h"
#include "templating/functions/sets.h"

#include <math.h>

#define FAIL(...) error_new(ERROR_INPUT, __VA_ARGS__)

#define MOST_SECONDS (INT64_MAX / SECOND_NS)

static Value value_of_duration(int64_t d)
{
    return value_typed(value_int(d), TYPE_DURATION);
}

static Error *from_int(int64_t seconds, int64_t *out)
{
    if (seconds > MOST_SECONDS || seconds < -MOST_SECONDS)
        return FAIL("duration seconds overflow: %lld", (long long)seconds);
    *out = seconds * SECOND_NS;
    return NULL;
}

static Error *from_uint(uint64_t seconds, int64_t *out)
{
    if (seconds > (uint64_t)MOST_SECONDS)
        return FAIL("duration seconds overflow: %llu", (unsigned long long)seconds);
    *out = (int64_t)seconds * SECOND_NS;
    return NULL;
}

static Error *fail_float(const char *problem, double n)
{
    DEFER(arena_free) Arena scratch = {0};

    return FAIL("%s: %.*s", problem, STR_ARG(number_float(&scratch, n, 'g', -1)));
}

static Error *from_float(double seconds, int64_t *out)
{
    static const double most = 9223372036854775807.0; // rounds to 2^63

    if (isnan(seconds) || isinf(seconds))
        return fail_float("invalid duration seconds", seconds);
    if (fabs(seconds) > most / 1e9)
        return fail_float("duration seconds overflow", seconds);

    double nanoseconds = seconds * 1e9;
    if (fabs(nanoseconds) > most)
        return fail_float("duration nanoseconds overflow", nanoseconds);
    // 2^63 itself is let through, and is what Go on amd64 makes of it.
    *out = nanoseconds < most ? (int64_t)nanoseconds : INT64_MIN;
    return NULL;
}

static Str trimmed(Str s)
{
    size_t width;

    while (s.len && rune_is_space(utf8_first(s, &width)))
        s = str_skip(s, width);
    while (s.len && rune_is_space(utf8_last(s, &width)))
        s.len -= width;
    return s;
}

static Error *from_text(Str text, int64_t *out)
{
    Str s = trimmed(text);
    double seconds;

    if (!s.len)
        return FAIL("empty duration");

    Error *err = duration_parse(s, out);
    if (!err)
        return NULL;
    error_free(err);
    if (number_parse_float(s, &seconds) == NUMBER_OK)
        return from_float(seconds, out);

    DEFER(arena_free) Arena scratch = {0};
    Buf shown = {.arena = &scratch};
    quote_add(&shown, text, false);
    return FAIL("could not parse duration %.*s", STR_ARG(buf_str(&shown)));
}

/* A duration, a text of one, or a number of seconds as number or text. */
static Error *duration_argument(Value arg, int64_t *out)
{
    switch ((ValueKind)arg.kind) {
    case VALUE_INT:
        if (arg.type != TYPE_DURATION)
            return from_int(arg.integer, out);
        *out = arg.integer;
        return NULL;
    case VALUE_UINT:
        return from_uint(arg.natural, out);
    case VALUE_FLOAT:
        return from_float(arg.real, out);
    case VALUE_STRING:
        return from_text(arg.string, out);
    case VALUE_NULL:
        return FAIL("invalid duration");
    default:
        return FAIL("unsupported duration type %s", value_go_type(arg));
    }
}

/* The duration that ARG is; 0 where it is none. */
static int64_t duration_or_0(Value arg)
{
    int64_t d = 0;
    Error *err = duration_argument(arg, &d);

    if (!err)
        return d;
    error_free(err);
    return 0;
}

static Error *run_must_to_duration(const TemplateCall *call, Value *out)
{
    int64_t d;

    TRY(duration_argument(call->args[0], &d));
    *out = value_of_duration(d);
    return NULL;
}

static Error *run_nanoseconds(const TemplateCall *call, Value *out)
{
    *out = value_int64(duration_or_0(call->args[0]));
    return NULL;
}

static Error *run_microseconds(const TemplateCall *call, Value *out)
{
    *out = value_int64(duration_or_0(call->args[0]) / 1000);
    return NULL;
}

static Error *run_milliseconds(const TemplateCall *call, Value *out)
{
    *out = value_int64(duration_or_0(call->args[0]) / 1000000);
    return NULL;
}

static Error *run_seconds(const TemplateCall *call, Value *out)
{
    *out = value_float(duration_seconds(duration_or_0(call->args[0])));
    return NULL;
}

static Error *run_minutes(const TemplateCall *call, Value *out)
{
    *out = value_float(duration_minutes(duration_or_0(call->args[0])));
    return NULL;
}

static Error *run_hours(const TemplateCall *call, Value *out)
{
    *out = value_float(duration_hours(duration_or_0(call->args[0])));
    return NULL;
}

static Error *run_days(const TemplateCall *call, Value *out)
{
    *out = value_float(duration_hours(duration_or_0(call->args[0])) / 24);
    return NULL;
}

static Error *run_weeks(const TemplateCall *call, Value *out)
{
    *out = value_float(duration_hours(duration_or_0(call->args[0])) / 24 / 7);
    return NULL;
}

/* The first argument as FIT makes it a multiple; as it is where the second is no duration. */
static Error *to_multiple(const TemplateCall *call, int64_t (*fit)(int64_t d, int64_t unit),
                          Value *out)
{
    int64_t d = duration_or_0(call->args[0]), unit = 0;
    Error *err = duration_argument(call->args[1], &unit);

    *out = value_of_duration(err ? d : fit(d, unit));
    error_free(err);
    return NULL;
}

static Error *run_round_to(const TemplateCall *call, Value *out)
{
    return to_multiple(call, duration_round, out);
}

static Error *run_truncate_to(const TemplateCall *call, Value *out)
{
    return to_multiple(call, duration_truncate, out);
}

static const TemplateFunction functions[] = {
    {"durationDays", "a", "durationDays DURATION", "DURATION in days, with a fraction.", run_days},
    {"durationHours", "a", "durationHours DURATION", "DURATION in hours, with a fraction.",
     run_hours},
    {"durationMicroseconds", "a", "durationMicroseconds DURATION",
     "DURATION in whole microseconds.", run_microseconds},
    {"durationMilliseconds", "a", "durationMilliseconds DURATION",
     "DURATION in whole milliseconds.", run_milliseconds},
    {"durationMinutes", "a", "durationMinutes DURATION", "DURATION in minutes, with a fraction.",
     run_minutes},
    {"durationNanoseconds", "a", "durationNanoseconds DURATION", "DURATION in nanoseconds.",
     run_nanoseconds},
    {"durationRoundTo", "aa", "durationRoundTo DURATION UNIT",
     "DURATION to the nearest multiple of UNIT.", run_round_to},
    {"durationSeconds", "a", "durationSeconds DURATION", "DURATION in seconds, with a fraction.",
     run_seconds},
    {"durationTruncateTo", "aa", "durationTruncateTo DURATION UNIT",
     "DURATION down to a multiple of UNIT.", run_truncate_to},
    {"durationWeeks", "a", "durationWeeks DURATION", "DURATION in weeks, with a fraction.",
     run_weeks},
    {"mustToDuration", "a", "mustToDuration VALUE",
     "VALUE, a text such as 1h30m or a number of seconds, as a duration.", run_must_to_duration},
};

const TemplateFunctionSet template_functions_duration = {
    .name = "durations",
    .source = "helm, pkg/engine/funcs.go",
    .functions = functions,
    .len = COUNT(functions),
};
