#include "base/duration.h"

#include "base/number.h"
#include "base/time_layout.h"

/* Largest number of nanoseconds that a sign turns into a duration. */
#define LARGEST ((uint64_t)1 << 63)

typedef struct Unit {
    Str name;
    uint64_t nanoseconds;
} Unit;

static const Unit units[] = {
    {STR_INIT("ns"), 1},           {STR_INIT("us"), 1000},
    {STR_INIT("\xc2\xb5s"), 1000}, // U+00B5, the micro sign
    {STR_INIT("\xce\xbcs"), 1000}, // U+03BC, the Greek letter
    {STR_INIT("ms"), 1000 * 1000}, {STR_INIT("s"), SECOND_NS},
    {STR_INIT("m"), MINUTE_NS},    {STR_INIT("h"), HOUR_NS},
};

static Error *fail(Str whole, const char *problem, const Str *unit)
{
    DEFER(arena_free) Arena scratch = {0};
    Buf b = {.arena = &scratch};

    if (unit) {
        time_add_quoted(&b, *unit);
        buf_add_c(&b, " in duration ");
    }
    time_add_quoted(&b, whole);
    return error_new(ERROR_INPUT, "time: %s %.*s", problem, STR_ARG(buf_str(&b)));
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The digits at the start of *S, whose number is LARGEST at most. */
static bool take_whole(Str *s, uint64_t *out)
{
    uint64_t n = 0;

    for (; s->len && is_digit(s->ptr[0]); *s = str_skip(*s, 1)) {
        if (n > LARGEST / 10)
            return false;
        n = n * 10 + (uint64_t)(s->ptr[0] - '0');
        if (n > LARGEST)
            return false;
    }
    *out = n;
    return true;
}

/* The digits at the start of *S, as *OUT / *SCALE; what is too fine is dropped. */
static void take_fraction(Str *s, uint64_t *out, double *scale)
{
    bool full = false;

    *out = 0;
    *scale = 1;
    for (; s->len && is_digit(s->ptr[0]); *s = str_skip(*s, 1)) {
        uint64_t next = *out * 10 + (uint64_t)(s->ptr[0] - '0');

        full = full || *out > (LARGEST - 1) / 10 || next > LARGEST;
        if (full)
            continue;
        *out = next;
        *scale *= 10;
    }
}

/* The unit at the start of *S: all up to the next number. */
static Str take_unit(Str *s)
{
    size_t len = 0;

    while (len < s->len && s->ptr[len] != '.' && !is_digit(s->ptr[len]))
        len++;
    Str name = str_slice(*s, 0, len);
    *s = str_skip(*s, len);
    return name;
}

static const Unit *find_unit(Str name)
{
    for (size_t i = 0; i < COUNT(units); i++)
        if (str_equal(units[i].name, name))
            return &units[i];
    return NULL;
}

/* One number with its unit off the front of *S, added to *TOTAL. WHOLE is for messages. */
static Error *take_part(Str *s, Str whole, uint64_t *total)
{
    uint64_t n = 0, fraction = 0;
    double scale = 1;
    size_t before = s->len, digits;

    if (!take_whole(s, &n))
        return fail(whole, "invalid duration", NULL);
    digits = before - s->len;
    if (s->len && s->ptr[0] == '.') {
        *s = str_skip(*s, 1);
        before = s->len;
        take_fraction(s, &fraction, &scale);
        digits += before - s->len;
    }
    if (!digits)
        return fail(whole, "invalid duration", NULL);

    Str name = take_unit(s);
    const Unit *unit = find_unit(name);
    if (!name.len)
        return fail(whole, "missing unit in duration", NULL);
    if (!unit)
        return fail(whole, "unknown unit", &name);
    if (n > LARGEST / unit->nanoseconds)
        return fail(whole, "invalid duration", NULL);
    n *= unit->nanoseconds;
    if (fraction)
        n += (uint64_t)((double)fraction * ((double)unit->nanoseconds / scale));
    if (n > LARGEST || *total + n > LARGEST)
        return fail(whole, "invalid duration", NULL);
    *total += n;
    return NULL;
}

Error *duration_parse(Str text, int64_t *out)
{
    bool negative = text.len && text.ptr[0] == '-';
    Str s = negative || (text.len && text.ptr[0] == '+') ? str_skip(text, 1) : text;
    uint64_t total = 0;

    if (str_is(s, "0")) {
        *out = 0;
        return NULL;
    }
    if (!s.len)
        return fail(text, "invalid duration", NULL);
    while (s.len)
        TRY(take_part(&s, text, &total));
    if (total == LARGEST && !negative)
        return fail(text, "invalid duration", NULL);
    *out = (int64_t)(negative ? 0 - total : total);
    return NULL;
}

/* N / 10^PLACES, without zeros at the end. */
static void add_fraction(Buf *b, uint64_t n, int places)
{
    uint64_t one = 1;

    for (int i = 0; i < places; i++)
        one *= 10;
    number_add_int(b, (int64_t)(n / one));
    if (n % one == 0)
        return;
    buf_add_char(b, '.');
    for (uint64_t rest = n % one; rest; rest = rest % one) {
        one /= 10;
        buf_add_char(b, (char)('0' + rest / one));
    }
}

static void add_below_second(Buf *b, uint64_t n)
{
    if (n < 1000)
        buf_format(b, "%dns", (int)n);
    else if (n < 1000 * 1000) {
        add_fraction(b, n, 3);
        buf_add_c(b, "\xc2\xb5s");
    } else {
        add_fraction(b, n, 6);
        buf_add_c(b, "ms");
    }
}

void duration_add(Buf *b, int64_t d)
{
    uint64_t n = d < 0 ? 0 - (uint64_t)d : (uint64_t)d;

    if (d == 0) {
        buf_add_c(b, "0s");
        return;
    }
    if (d < 0)
        buf_add_char(b, '-');
    if (n < SECOND_NS) {
        add_below_second(b, n);
        return;
    }
    if (n >= HOUR_NS)
        buf_format(b, "%lluh", (unsigned long long)(n / HOUR_NS));
    if (n >= MINUTE_NS)
        buf_format(b, "%llum", (unsigned long long)(n / MINUTE_NS % 60));
    add_fraction(b, n % MINUTE_NS, 9);
    buf_add_char(b, 's');
}

Str duration_text(Arena *a, int64_t d)
{
    Buf b = {.arena = a};

    duration_add(&b, d);
    return buf_str(&b);
}

int64_t duration_truncate(int64_t d, int64_t unit)
{
    return unit <= 0 ? d : d - d % unit;
}

int64_t duration_round(int64_t d, int64_t unit)
{
    if (unit <= 0)
        return d;

    int64_t rest = d % unit, to = d - rest;
    if ((uint64_t)duration_absolute(rest) * 2 < (uint64_t)unit)
        return to;
    if (__builtin_add_overflow(to, d < 0 ? -unit : unit, &to))
        return d < 0 ? INT64_MIN : INT64_MAX;
    return to;
}

int64_t duration_absolute(int64_t d)
{
    return d >= 0 ? d : d == INT64_MIN ? INT64_MAX : -d;
}

/* D in units of UNIT. Go adds the whole and the rest, which rounds otherwise than one division. */
static double in_units(int64_t d, int64_t unit)
{
    return (double)(d / unit) + (double)(d % unit) / (double)unit;
}

double duration_seconds(int64_t d)
{
    return in_units(d, SECOND_NS);
}

double duration_minutes(int64_t d)
{
    return in_units(d, MINUTE_NS);
}

double duration_hours(int64_t d)
{
    return in_units(d, HOUR_NS);
}
