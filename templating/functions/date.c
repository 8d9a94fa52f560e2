/*
 * date.c - sprig's functions for times. Source: sprig, date.go.
 */
#include "base/duration.h"
#include "base/number.h"
#include "base/time_layout.h"
#include "templating/functions/sets.h"
#include "templating/render.h"
#include "templating/world.h"

#include <string.h>

static Error *run_now(const TemplateCall *call, Value *out)
{
    Time now;

    TRY(call_now(call, &now));
    *out = value_of_time(call->arena, now);
    return NULL;
}

/* The time that ARG is: a time, or seconds since 1970. Anything else is now. */
static Error *time_argument(const TemplateCall *call, Value arg, bool takes_int32, Time *out)
{
    const Time *t = time_of_value(arg);
    ValueType type = value_type_of(arg);

    if (t)
        *out = *t;
    else if (type == TYPE_INT || type == TYPE_INT64 || (type == TYPE_INT32 && takes_int32))
        *out = (Time){.seconds = arg.integer, .zone = zones_local(&call->render->zones)};
    else
        return call_now(call, out);
    return NULL;
}

/* ARG in the zone called ZONE, or in UTC where there is none, as LAYOUT has it. */
static Error *format_in_zone(const TemplateCall *call, Str layout, Value arg, Str zone, Value *out)
{
    const Zone *found = NULL;
    Time t;

    TRY(time_argument(call, arg, true, &t));
    error_free(zones_find(&call->render->zones, zone, &found));
    *out = value_string(time_format(call->arena, time_in(t, found), layout));
    return NULL;
}

static Error *run_date(const TemplateCall *call, Value *out)
{
    return format_in_zone(call, call->args[0].string, call->args[1], STR("Local"), out);
}

static Error *run_date_in_zone(const TemplateCall *call, Value *out)
{
    return format_in_zone(call, call->args[0].string, call->args[1], call->args[2].string, out);
}

static Error *run_html_date(const TemplateCall *call, Value *out)
{
    return format_in_zone(call, STR("2006-01-02"), call->args[0], STR("Local"), out);
}

static Error *run_html_date_in_zone(const TemplateCall *call, Value *out)
{
    return format_in_zone(call, STR("2006-01-02"), call->args[0], call->args[1].string, out);
}

static Error *run_must_date_modify(const TemplateCall *call, Value *out)
{
    int64_t d;

    TRY(duration_parse(call->args[0].string, &d));
    *out = value_of_time(call->arena, time_add(*time_of_value(call->args[1]), d));
    return NULL;
}

/* What is no duration changes nothing. */
static Error *run_date_modify(const TemplateCall *call, Value *out)
{
    Error *err = run_must_date_modify(call, out);

    if (err)
        *out = call->args[1];
    error_free(err);
    return NULL;
}

static Error *run_must_to_date(const TemplateCall *call, Value *out)
{
    const Zone *local = zones_local(&call->render->zones);
    Time t;

    TRY(time_parse(call->arena, call->args[0].string, call->args[1].string, local, local, &t));
    *out = value_of_time(call->arena, t);
    return NULL;
}

/* What is no time is Go's zero one. */
static Error *run_to_date(const TemplateCall *call, Value *out)
{
    Error *err = run_must_to_date(call, out);

    if (err)
        *out = value_of_time(call->arena, time_zero());
    error_free(err);
    return NULL;
}

static Error *run_unix_epoch(const TemplateCall *call, Value *out)
{
    Buf b = {.arena = call->arena};

    number_add_int(&b, time_of_value(call->args[0])->seconds);
    *out = value_string(buf_str(&b));
    return NULL;
}

static Error *run_ago(const TemplateCall *call, Value *out)
{
    Time then, now;

    TRY(time_argument(call, call->args[0], false, &then));
    TRY(call_now(call, &now));
    *out = value_string(duration_text(call->arena, duration_round(time_sub(now, then), SECOND_NS)));
    return NULL;
}

/* Of a string, its digits; what is too large is as large as can be. Everything else is 0. */
static Error *run_duration(const TemplateCall *call, Value *out)
{
    Value arg = call->args[0];
    int64_t seconds = 0;

    if (arg.kind == VALUE_STRING)
        number_parse_int(arg.string, 10, &seconds);
    else if (value_type_of(arg) == TYPE_INT64)
        seconds = arg.integer;
    *out = value_string(
        duration_text(call->arena, (int64_t)((uint64_t)seconds * (uint64_t)SECOND_NS)));
    return NULL;
}

/* The largest unit that D, without its sign, is more than one of. */
static Str rounded(Arena *a, int64_t d)
{
    static const struct {
        uint64_t nanoseconds;
        const char *name;
    } units[] = {{(uint64_t)HOUR_NS * 24 * 365, "y"}, {(uint64_t)HOUR_NS * 24 * 30, "mo"},
                 {(uint64_t)HOUR_NS * 24, "d"},       {(uint64_t)HOUR_NS, "h"},
                 {(uint64_t)MINUTE_NS, "m"},          {(uint64_t)SECOND_NS, "s"}};
    uint64_t n = d < 0 ? 0 - (uint64_t)d : (uint64_t)d;

    for (size_t i = 0; i < COUNT(units); i++)
        if (n > units[i].nanoseconds)
            return str_format(a, "%llu%s", (unsigned long long)(n / units[i].nanoseconds),
                              units[i].name);
    return STR("0s");
}

static Error *run_duration_round(const TemplateCall *call, Value *out)
{
    Value arg = call->args[0];
    const Time *then = time_of_value(arg);
    int64_t d = 0;
    Time now;

    if (arg.kind == VALUE_STRING) {
        error_free(duration_parse(arg.string, &d));
    } else if (value_type_of(arg) == TYPE_INT64) {
        d = arg.integer;
    } else if (then) {
        TRY(call_now(call, &now));
        d = time_sub(now, *then);
    }
    *out = value_string(rounded(call->arena, d));
    return NULL;
}

static const TemplateFunction functions[] = {
    {"ago", "a", "ago TIME", "How long ago TIME was, in whole seconds.", run_ago},
    {"date", "sa", "date LAYOUT TIME", "TIME in the local zone, as LAYOUT writes it.", run_date},
    {"dateInZone", "sas", "dateInZone LAYOUT TIME ZONE", "TIME in ZONE, as LAYOUT writes it.",
     run_date_in_zone},
    {"dateModify", "st", "dateModify DURATION TIME", "The time DURATION after TIME.",
     run_date_modify},
    {"date_in_zone", "sas", "date_in_zone LAYOUT TIME ZONE", "The old name of dateInZone.",
     run_date_in_zone},
    {"date_modify", "st", "date_modify DURATION TIME", "The old name of dateModify.",
     run_date_modify},
    {"duration", "a", "duration SECONDS", "SECONDS as a duration, 1m30s.", run_duration},
    {"durationRound", "a", "durationRound DURATION",
     "DURATION, or the time since a time, in its largest unit.", run_duration_round},
    {"htmlDate", "a", "htmlDate TIME", "TIME's date in the local zone, 2006-01-02.", run_html_date},
    {"htmlDateInZone", "as", "htmlDateInZone TIME ZONE", "TIME's date in ZONE, 2006-01-02.",
     run_html_date_in_zone},
    {"mustDateModify", "st", "mustDateModify DURATION TIME",
     "The time DURATION after TIME; an error where that is no duration.", run_must_date_modify},
    {"mustToDate", "ss", "mustToDate LAYOUT TEXT",
     "The time that TEXT is; an error where LAYOUT does not fit.", run_must_to_date},
    {"must_date_modify", "st", "must_date_modify DURATION TIME", "The old name of mustDateModify.",
     run_must_date_modify},
    {"now", "", "now", "The time that it is.", run_now},
    {"toDate", "ss", "toDate LAYOUT TEXT",
     "The time that TEXT is; the start of year 1 where LAYOUT does not fit.", run_to_date},
    {"unixEpoch", "t", "unixEpoch TIME", "Seconds from 1970 to TIME.", run_unix_epoch},
};

const TemplateFunctionSet template_functions_date = {
    .name = "dates",
    .source = "sprig, date.go",
    .functions = functions,
    .len = COUNT(functions),
};
