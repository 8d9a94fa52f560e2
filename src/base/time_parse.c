/*
 * time_parse.c - the part of time_layout.h that reads times. Source: Go, time, format.go,
 * parse; the checks come in its order, so that of several faults the same is reported.
 */
#include "base/time_layout.h"
#include "base/zone.h"

enum { UNSET = -1 }; /* a number that the text has not said; Go uses it for offsets too */

typedef struct Parser {
    Str text;   /* what is left of the text */
    Str layout; /* and of the layout */
    int64_t year, month, day, year_day;
    int64_t hour, minute, second, nanosecond;
    bool am, pm;
    bool utc;
    int64_t offset;
    Str zone_name;
    const char *out_of_range; /* what is, or NULL */
} Parser;

static bool is_digit(Str s, size_t at)
{
    return at < s.len && s.ptr[at] >= '0' && s.ptr[at] <= '9';
}

static bool is_separator(char c)
{
    return c == '.' || c == ',';
}

static Str take(Str *s, size_t len)
{
    Str head = str_slice(*s, 0, len);

    *s = str_skip(*s, len);
    return head;
}

/* One or two digits, or exactly two. */
static bool take_number(Str *s, bool two, int64_t *out)
{
    *out = 0;
    if (!is_digit(*s, 0) || (two && !is_digit(*s, 1)))
        return false;
    Str digits = take(s, is_digit(*s, 1) ? 2 : 1);
    for (size_t i = 0; i < digits.len; i++)
        *out = *out * 10 + (digits.ptr[i] - '0');
    return true;
}

/* All of S as a number; with a sign, too. S has ten characters at most. */
static bool read_number(Str s, int64_t *out)
{
    bool negative = s.len && s.ptr[0] == '-';

    *out = 0;
    if (negative || (s.len && s.ptr[0] == '+'))
        s = str_skip(s, 1);
    for (size_t i = 0; i < s.len; i++) {
        if (!is_digit(s, i))
            return false;
        *out = *out * 10 + (s.ptr[i] - '0');
    }
    if (negative)
        *out = -*out;
    return true;
}

static void check_range(Parser *p, bool fits, const char *what)
{
    if (!fits)
        p->out_of_range = what;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c;
}

static bool starts_in_any_case(Str s, Str word)
{
    if (s.len < word.len)
        return false;
    for (size_t i = 0; i < word.len; i++)
        if (lower(s.ptr[i]) != lower(word.ptr[i]))
            return false;
    return true;
}

/* One of COUNT NAMES, in full or its first three letters: its number from 1. */
static bool take_name(Str *s, const char *const *names, size_t count, bool full, int64_t *out)
{
    for (size_t i = 0; i < count; i++) {
        Str name = str_from(names[i]);

        name.len = full ? name.len : 3;
        if (starts_in_any_case(*s, name)) {
            *s = str_skip(*s, name.len);
            *out = (int64_t)i + 1;
            return true;
        }
    }
    return false;
}

static bool parse_year(Parser *p, bool four_digits)
{
    if (p->text.len < (four_digits ? 4 : 2) || (four_digits && !is_digit(p->text, 0)))
        return false;
    if (!read_number(take(&p->text, four_digits ? 4 : 2), &p->year))
        return false;
    if (!four_digits)
        p->year += p->year >= 69 ? 1900 : 2000;
    return true;
}

static bool parse_month(Parser *p, LayoutElement element)
{
    if (element == LAYOUT_MONTH || element == LAYOUT_LONG_MONTH)
        return take_name(&p->text, month_names, COUNT(month_names), element == LAYOUT_LONG_MONTH,
                         &p->month);
    if (!take_number(&p->text, element == LAYOUT_ZERO_MONTH, &p->month))
        return false;
    check_range(p, p->month >= 1 && p->month <= 12, "month");
    return true;
}

static void skip_space(Str *s)
{
    if (s->len && s->ptr[0] == ' ')
        *s = str_skip(*s, 1);
}

static bool parse_day(Parser *p, LayoutElement element)
{
    if (element == LAYOUT_SPACE_DAY)
        skip_space(&p->text);
    return take_number(&p->text, element == LAYOUT_ZERO_DAY, &p->day);
}

static bool parse_year_day(Parser *p, LayoutElement element)
{
    size_t digits = 0;

    for (int i = 0; i < 2 && element == LAYOUT_SPACE_YEAR_DAY; i++)
        skip_space(&p->text);
    while (digits < 3 && is_digit(p->text, digits))
        digits++;
    if (digits == 0 || (element == LAYOUT_ZERO_YEAR_DAY && digits != 3))
        return false;
    return read_number(take(&p->text, digits), &p->year_day);
}

/* A separator and digits, LEN in all; beyond nanoseconds they are only looked over. */
static bool parse_fraction(Parser *p, size_t len)
{
    Str part = take(&p->text, len);

    if (!is_separator(part.ptr[0]))
        return false;
    if (part.len > 10)
        part.len = 10;
    if (!read_number(str_skip(part, 1), &p->nanosecond))
        return false;
    check_range(p, p->nanosecond >= 0, "fractional second");
    for (size_t i = part.len; i < 10; i++)
        p->nanosecond *= 10;
    return true;
}

/* How long the fraction is that S starts with; 0: there is none. */
static size_t fraction_len(Str s)
{
    size_t len = 2;

    if (s.len < 2 || !is_separator(s.ptr[0]) || !is_digit(s, 1))
        return 0;
    while (is_digit(s, len))
        len++;
    return len;
}

static bool is_fraction(LayoutElement element)
{
    return element == LAYOUT_FRACTION || element == LAYOUT_FRACTION_TRIMMED;
}

static bool parse_second(Parser *p, LayoutElement element)
{
    if (!take_number(&p->text, element == LAYOUT_ZERO_SECOND, &p->second))
        return false;
    check_range(p, p->second < 60, "second");
    size_t fraction = p->out_of_range ? 0 : fraction_len(p->text);
    // A fraction may follow the seconds though the layout does not say so.
    if (!fraction || is_fraction(layout_next(p->layout).element))
        return true;
    return parse_fraction(p, fraction);
}

static bool parse_clock(Parser *p, LayoutElement element)
{
    switch (element) {
    case LAYOUT_HOUR:
        if (!take_number(&p->text, false, &p->hour))
            return false;
        check_range(p, p->hour < 24, "hour");
        return true;
    case LAYOUT_HOUR_12:
    case LAYOUT_ZERO_HOUR_12:
        if (!take_number(&p->text, element == LAYOUT_ZERO_HOUR_12, &p->hour))
            return false;
        check_range(p, p->hour <= 12, "hour");
        return true;
    case LAYOUT_MINUTE:
    case LAYOUT_ZERO_MINUTE:
        if (!take_number(&p->text, element == LAYOUT_ZERO_MINUTE, &p->minute))
            return false;
        check_range(p, p->minute < 60, "minute");
        return true;
    default:
        return parse_second(p, element);
    }
}

static bool parse_half_of_day(Parser *p, bool small)
{
    if (p->text.len < 2)
        return false;
    Str word = take(&p->text, 2);
    if (str_is(word, small ? "pm" : "PM"))
        p->pm = true;
    else if (str_is(word, small ? "am" : "AM"))
        p->am = true;
    else
        return false;
    return true;
}

static bool parse_offset(Parser *p, LayoutOffset style)
{
    size_t colon = style.colons, len = style.seconds   ? 7 + 2 * colon
                                       : style.minutes ? 5 + colon
                                                       : 3;
    int64_t parts[3] = {0};
    bool ok = true;

    if (style.z && p->text.len && p->text.ptr[0] == 'Z') {
        p->text = str_skip(p->text, 1);
        p->utc = true;
        return true;
    }
    if (p->text.len < len)
        return false;
    for (size_t at = 3; colon && at < len; at += 3)
        if (p->text.ptr[at] != ':')
            return false;
    Str written = take(&p->text, len);
    for (size_t i = 0, at = 1; at < len && ok; i++, at += 2 + colon) {
        Str two = str_slice(written, at, at + 2);

        ok = take_number(&two, true, &parts[i]);
    }
    check_range(p, parts[0] <= 24, "time zone offset hour");
    check_range(p, parts[1] <= 60, "time zone offset minute");
    check_range(p, parts[2] <= 60, "time zone offset second");
    p->offset = (parts[0] * 60 + parts[1]) * 60 + parts[2];
    if (written.ptr[0] == '-')
        p->offset = -p->offset;
    return ok && (written.ptr[0] == '-' || written.ptr[0] == '+');
}

/* "+3" to "-23": how long it is; 0: there is none. */
static size_t signed_hours_len(Str s)
{
    size_t len = 1;
    int64_t hours = 0;

    if (!s.len || (s.ptr[0] != '-' && s.ptr[0] != '+'))
        return 0;
    for (; is_digit(s, len); len++) {
        hours = hours * 10 + (s.ptr[len] - '0');
        if (hours > 23)
            return 0;
    }
    return len > 1 ? len : 0;
}

/* How long the abbreviation of a zone is that S starts with; 0: there is none. */
static size_t zone_name_len(Str s)
{
    size_t len = 0;

    if (s.len < 3)
        return 0;
    if (str_starts(s, STR("ChST")) || str_starts(s, STR("MeST")))
        return 4;
    if (str_starts(s, STR("GMT")))
        return 3 + signed_hours_len(str_skip(s, 3));
    if (s.ptr[0] == '+' || s.ptr[0] == '-')
        return signed_hours_len(s);
    while (len < 6 && len < s.len && s.ptr[len] >= 'A' && s.ptr[len] <= 'Z')
        len++;
    if (len == 3)
        return 3;
    if (len == 4 && str_starts(s, STR("WITA")))
        return 4;
    return (len == 4 || len == 5) && s.ptr[len - 1] == 'T' ? len : 0;
}

static bool parse_zone_name(Parser *p)
{
    if (str_starts(p->text, STR("UTC"))) {
        p->utc = true;
        p->text = str_skip(p->text, 3);
        return true;
    }
    size_t len = zone_name_len(p->text);
    if (!len)
        return false;
    p->zone_name = take(&p->text, len);
    return true;
}

static bool parse_layout_fraction(Parser *p, const LayoutChunk *chunk)
{
    size_t len = 1 + (size_t)chunk->digits;

    if (chunk->element == LAYOUT_FRACTION_TRIMMED) {
        len = fraction_len(p->text);
        return !len || parse_fraction(p, len);
    }
    return p->text.len >= len && parse_fraction(p, len);
}

static bool parse_element(Parser *p, const LayoutChunk *chunk)
{
    int64_t ignored;

    switch (chunk->element) {
    case LAYOUT_YEAR:
    case LAYOUT_LONG_YEAR:
        return parse_year(p, chunk->element == LAYOUT_LONG_YEAR);
    case LAYOUT_MONTH:
    case LAYOUT_LONG_MONTH:
    case LAYOUT_NUMBER_MONTH:
    case LAYOUT_ZERO_MONTH:
        return parse_month(p, chunk->element);
    case LAYOUT_WEEKDAY:
    case LAYOUT_LONG_WEEKDAY: // only checked to be one
        return take_name(&p->text, weekday_names, COUNT(weekday_names),
                         chunk->element == LAYOUT_LONG_WEEKDAY, &ignored);
    case LAYOUT_DAY:
    case LAYOUT_SPACE_DAY:
    case LAYOUT_ZERO_DAY:
        return parse_day(p, chunk->element);
    case LAYOUT_SPACE_YEAR_DAY:
    case LAYOUT_ZERO_YEAR_DAY:
        return parse_year_day(p, chunk->element);
    case LAYOUT_PM:
    case LAYOUT_SMALL_PM:
        return parse_half_of_day(p, chunk->element == LAYOUT_SMALL_PM);
    case LAYOUT_OFFSET:
        return parse_offset(p, chunk->offset);
    case LAYOUT_ZONE_NAME:
        return parse_zone_name(p);
    case LAYOUT_FRACTION:
    case LAYOUT_FRACTION_TRIMMED:
        return parse_layout_fraction(p, chunk);
    default:
        return parse_clock(p, chunk->element);
    }
}

static void skip_spaces(Str *s)
{
    while (s->len && s->ptr[0] == ' ')
        *s = str_skip(*s, 1);
}

/* BEFORE off the front of the text; as many spaces as there are go for one or more. */
static bool parse_literal(Parser *p, Str before)
{
    while (before.len) {
        if (before.ptr[0] == ' ') {
            if (p->text.len && p->text.ptr[0] != ' ')
                return false;
            skip_spaces(&before);
            skip_spaces(&p->text);
            continue;
        }
        if (!p->text.len || p->text.ptr[0] != before.ptr[0])
            return false;
        before = str_skip(before, 1);
        p->text = str_skip(p->text, 1);
    }
    return true;
}

/* TEXT as a whole is wrong: WHAT is WHY. */
static Error *problem(Str text, const char *what, const char *why)
{
    DEFER(arena_free) Arena scratch = {0};
    Buf b = {.arena = &scratch};

    time_add_quoted(&b, text);
    return error_new(ERROR_INPUT, "parsing time %.*s: %s %s", STR_ARG(buf_str(&b)), what, why);
}

static Error *extra_text(Str text, Str rest)
{
    DEFER(arena_free) Arena scratch = {0};
    Buf b = {.arena = &scratch};

    time_add_quoted(&b, rest);
    return problem(text, "extra text:", str_c(&scratch, buf_str(&b)));
}

/* PART of TEXT is not the ELEMENT that LAYOUT has there. */
static Error *mismatch(Str text, Str layout, Str part, Str element)
{
    DEFER(arena_free) Arena scratch = {0};
    Buf b = {.arena = &scratch};

    time_add_quoted(&b, text);
    buf_add_c(&b, " as ");
    time_add_quoted(&b, layout);
    buf_add_c(&b, ": cannot parse ");
    time_add_quoted(&b, part);
    buf_add_c(&b, " as ");
    time_add_quoted(&b, element);
    return error_new(ERROR_INPUT, "parsing time %.*s", STR_ARG(buf_str(&b)));
}

static Error *parse_elements(Parser *p)
{
    const Str layout = p->layout, text = p->text;

    for (;;) {
        LayoutChunk chunk = layout_next(p->layout);

        if (!parse_literal(p, chunk.before))
            return mismatch(text, layout, p->text, chunk.before);
        if (chunk.element == LAYOUT_END)
            return p->text.len ? extra_text(text, p->text) : NULL;
        p->layout = chunk.rest;

        Str here = p->text;
        bool fits = parse_element(p, &chunk);
        if (p->out_of_range)
            return problem(text, p->out_of_range, "out of range");
        if (!fits)
            return mismatch(text, layout, here, chunk.text);
    }
}

/* What the day of the year says about month and day, in accord with what else was said. */
static const char *apply_year_day(Parser *p)
{
    int64_t day = p->year_day, month = 1;
    bool leap = year_is_leap(p->year);

    if (day < 1 || day > 365 + leap)
        return "out of range";
    while (day > days_in_month(month, p->year))
        day -= days_in_month(month++, p->year);
    if (p->month != UNSET && p->month != month)
        return "does not match month";
    if (p->day != UNSET && p->day != day)
        return "does not match day";
    p->month = month;
    p->day = day;
    return NULL;
}

/* Month and day where the text does not say them, and whether there is such a day. */
static Error *complete_date(Parser *p, Str text)
{
    const char *why = p->year_day != UNSET ? apply_year_day(p) : NULL;

    if (why)
        return problem(text, "day-of-year", why);
    if (p->month == UNSET)
        p->month = 1;
    if (p->day == UNSET)
        p->day = 1;
    if (p->day < 1 || p->day > days_in_month(p->month, p->year))
        return problem(text, "day", "out of range");
    return NULL;
}

static CivilTime civil_of(const Parser *p)
{
    int64_t hour = p->hour;

    if (p->pm && hour < 12)
        hour += 12;
    else if (p->am && hour == 12)
        hour = 0;
    return (CivilTime){p->year, p->month, p->day, hour, p->minute, p->second, p->nanosecond};
}

/* CIVIL at the offset that the text says, in LOCAL if that has it then. */
static Time at_offset(Arena *a, const Parser *p, const CivilTime *civil, const Zone *local)
{
    Time t = time_of_civil(civil, NULL);

    t.seconds -= p->offset;
    ZonePeriod period = zone_period(local, t.seconds);
    bool same_name = !p->zone_name.len || str_equal(p->zone_name, period.name);
    t.zone =
        period.offset == p->offset && same_name ? local : zone_fixed(a, p->zone_name, p->offset);
    return t;
}

/* CIVIL in the zone that the text names; one that LOCAL does not know is UTC by another name. */
static Time at_zone_name(Arena *a, const Parser *p, const CivilTime *civil, const Zone *local)
{
    Time t = time_of_civil(civil, NULL);
    int64_t offset = 0;

    if (zone_offset_of(local, p->zone_name, t.seconds, &offset)) {
        t.seconds -= offset;
        t.zone = local;
        return t;
    }
    if (p->zone_name.len > 3 && str_starts(p->zone_name, STR("GMT")) &&
        read_number(str_skip(p->zone_name, 3), &offset))
        offset *= 3600;
    t.zone = zone_fixed(a, p->zone_name, offset);
    return t;
}

Error *time_parse(Arena *a, Str layout, Str text, const Zone *zone, const Zone *local, Time *out)
{
    Parser p = {.text = text,
                .layout = layout,
                .month = UNSET,
                .day = UNSET,
                .year_day = UNSET,
                .offset = UNSET};

    TRY(parse_elements(&p));
    TRY(complete_date(&p, text));

    CivilTime civil = civil_of(&p);
    if (p.utc)
        *out = time_of_civil(&civil, NULL);
    else if (p.offset != UNSET)
        *out = at_offset(a, &p, &civil, local);
    else if (p.zone_name.len)
        *out = at_zone_name(a, &p, &civil, local);
    else
        *out = time_of_civil(&civil, zone);
    return NULL;
}
