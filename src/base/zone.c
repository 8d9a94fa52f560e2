#include "base/zone.h"

#include "base/zone_rule.h"

#include <string.h>

enum {
    HEADER_TEXT = 20,  /* bytes of a file's header before its numbers */
    HEADER_COUNTS = 6, /* numbers in it */
};

/* One of the offsets that a zone has known. */
typedef struct ZoneOffset {
    Str name;
    int64_t offset;
    bool summer;
} ZoneOffset;

typedef struct ZoneChange {
    int64_t when;
    uint8_t to; /* index of the offset that is in force from then on */
} ZoneChange;

struct Zone {
    Str name;
    bool local;
    const ZoneOffset *offsets; /* none: UTC */
    size_t offset_count;
    const ZoneChange *changes;
    size_t change_count;
    bool has_rule; /* for what comes after the last change */
    Str rule_text;
    ZoneRule rule; /* made of it */
};

/* Counts in a file's header, in the file's order. */
enum { UTC_MARKS, STANDARD_MARKS, LEAP_SECONDS, CHANGES, OFFSETS, NAME_BYTES };

typedef struct Header {
    bool magic;   /* it says that it is one */
    char version; /* NUL, '2' or '3' */
    size_t counts[HEADER_COUNTS];
} Header;

static Error *malformed(void)
{
    return error_new(ERROR_INPUT, "malformed time zone information");
}

static bool take(Str *s, size_t len, Str *out)
{
    if (s->len < len)
        return false;
    *out = str_slice(*s, 0, len);
    *s = str_skip(*s, len);
    return true;
}

static int64_t big_endian(Str bytes)
{
    uint64_t n = bytes.len && bytes.ptr[0] < 0 ? UINT64_MAX : 0;

    for (size_t i = 0; i < bytes.len; i++)
        n = n << 8 | (unsigned char)bytes.ptr[i];
    return (int64_t)n;
}

static bool take_header(Str *s, Header *out)
{
    Str part;

    if (!take(s, HEADER_TEXT, &part))
        return false;
    out->magic = str_starts(part, STR("TZif"));
    out->version = part.ptr[4];
    for (int i = 0; i < HEADER_COUNTS; i++) {
        if (!take(s, 4, &part))
            return false;
        out->counts[i] = (uint32_t)big_endian(part);
    }
    return true;
}

/* What the first part of a file has, which is there for readers of 32 bits. */
static size_t old_part_bytes(const Header *h)
{
    return h->counts[CHANGES] * 5 + h->counts[OFFSETS] * 6 + h->counts[NAME_BYTES] +
           h->counts[LEAP_SECONDS] * 8 + h->counts[STANDARD_MARKS] + h->counts[UTC_MARKS];
}

static Str up_to_nul(Str s)
{
    size_t end = str_find_char(s, '\0');

    return end == STR_NONE ? s : str_slice(s, 0, end);
}

static bool read_offsets(Arena *a, Str bytes, Str names, size_t count, Zone *zone)
{
    ZoneOffset *offsets = arena_array(a, ZoneOffset, count);

    names = str_copy(a, names);
    for (size_t i = 0; i < count; i++) {
        Str entry = str_slice(bytes, i * 6, i * 6 + 6);
        size_t name = (unsigned char)entry.ptr[5];

        if (name >= names.len)
            return false;
        offsets[i] = (ZoneOffset){.name = up_to_nul(str_skip(names, name)),
                                  .offset = big_endian(str_slice(entry, 0, 4)),
                                  .summer = entry.ptr[4] != 0};
    }
    zone->offsets = offsets;
    zone->offset_count = count;
    return count > 0;
}

static bool read_changes(Arena *a, Str times, Str indexes, size_t width, Zone *zone)
{
    ZoneChange *changes = arena_array(a, ZoneChange, indexes.len);

    for (size_t i = 0; i < indexes.len; i++) {
        changes[i] = (ZoneChange){big_endian(str_slice(times, i * width, i * width + width)),
                                  (uint8_t)indexes.ptr[i]};
        if (changes[i].to >= zone->offset_count)
            return false;
    }
    zone->changes = changes;
    zone->change_count = indexes.len;
    return true;
}

static void read_rule(Arena *a, Str footer, Zone *zone)
{
    if (footer.len <= 2 || footer.ptr[0] != '\n' || footer.ptr[footer.len - 1] != '\n')
        return;
    zone->rule_text = str_copy(a, str_slice(footer, 1, footer.len - 1));
    zone->has_rule = zone_rule_parse(zone->rule_text, &zone->rule);
}

Error *zone_parse(Arena *a, Str name, Str bytes, const Zone **out)
{
    Zone *zone = arena_new(a, Zone);
    Str s = bytes, times, indexes, offsets, names, unused;
    size_t width = 4;
    Header h;

    if (!take_header(&s, &h) || !h.magic ||
        (h.version != '\0' && h.version != '2' && h.version != '3'))
        return malformed();
    if (h.version != '\0') { // the second header's text is not looked at
        width = 8;
        if (!take(&s, old_part_bytes(&h), &unused) || !take_header(&s, &h))
            return malformed();
    }
    const size_t *counts = h.counts;
    if (!take(&s, counts[CHANGES] * width, &times) || !take(&s, counts[CHANGES], &indexes) ||
        !take(&s, counts[OFFSETS] * 6, &offsets) || !take(&s, counts[NAME_BYTES], &names) ||
        !take(&s, counts[LEAP_SECONDS] * (width + 4), &unused) ||
        !take(&s, counts[STANDARD_MARKS] + counts[UTC_MARKS], &unused))
        return malformed();
    if (!read_offsets(a, offsets, names, counts[OFFSETS], zone) ||
        !read_changes(a, times, indexes, width, zone))
        return malformed();
    read_rule(a, s, zone);
    zone->name = str_copy(a, name);
    *out = zone;
    return NULL;
}

const Zone *zone_local(Arena *a, const Zone *set)
{
    Zone *local = arena_new(a, Zone);

    if (set)
        *local = *set;
    else
        local->name = STR("UTC");
    local->local = true;
    return local;
}

/* Offsets of whole hours, without a name: the same zone each time, as Go has them. */
#define HOUR(n)                                                                                    \
    {                                                                                              \
        .offsets = &(const ZoneOffset){.offset = (n)*3600}, .offset_count = 1                      \
    }
static const Zone whole_hours[] = {
    HOUR(-12), HOUR(-11), HOUR(-10), HOUR(-9), HOUR(-8), HOUR(-7), HOUR(-6), HOUR(-5), HOUR(-4),
    HOUR(-3),  HOUR(-2),  HOUR(-1),  HOUR(0),  HOUR(1),  HOUR(2),  HOUR(3),  HOUR(4),  HOUR(5),
    HOUR(6),   HOUR(7),   HOUR(8),   HOUR(9),  HOUR(10), HOUR(11), HOUR(12), HOUR(13), HOUR(14),
};
#undef HOUR

const Zone *zone_fixed(Arena *a, Str name, int64_t offset)
{
    if (!name.len && offset % 3600 == 0 && offset / 3600 >= -12 && offset / 3600 <= 14)
        return &whole_hours[offset / 3600 + 12];

    Zone *zone = arena_new(a, Zone);
    ZoneOffset *only = arena_new(a, ZoneOffset);

    zone->name = str_copy(a, name);
    *only = (ZoneOffset){.name = zone->name, .offset = offset};
    zone->offsets = only;
    zone->offset_count = 1;
    return zone;
}

Str zone_name(const Zone *zone)
{
    return zone ? zone->name : STR("UTC");
}

bool zone_is_local(const Zone *zone)
{
    return zone && zone->local;
}

static bool uses_first_offset(const Zone *zone)
{
    for (size_t i = 0; i < zone->change_count; i++)
        if (zone->changes[i].to == 0)
            return true;
    return false;
}

/* What was in force before the first change. Source: tzcode, localtime.c, through Go. */
static const ZoneOffset *first_offset(const Zone *zone)
{
    if (!uses_first_offset(zone))
        return &zone->offsets[0];
    if (zone->offsets[zone->changes[0].to].summer)
        for (size_t i = zone->changes[0].to; i-- > 0;)
            if (!zone->offsets[i].summer)
                return &zone->offsets[i];
    for (size_t i = 0; i < zone->offset_count; i++)
        if (!zone->offsets[i].summer)
            return &zone->offsets[i];
    return &zone->offsets[0];
}

static ZonePeriod period_of(const ZoneOffset *offset, int64_t start, int64_t end)
{
    return (ZonePeriod){offset->name, offset->offset, offset->summer, start, end};
}

ZonePeriod zone_period(const Zone *zone, int64_t seconds)
{
    static const ZoneOffset utc = {.name = STR_INIT("UTC")};

    if (!zone || !zone->offset_count)
        return period_of(&utc, INT64_MIN, INT64_MAX);
    if (zone->change_count && seconds < zone->changes[0].when)
        return period_of(first_offset(zone), INT64_MIN, zone->changes[0].when);

    size_t low = 0, high = zone->change_count;
    while (low + 1 < high) { // the last change that is not after SECONDS
        size_t middle = low + (high - low) / 2;

        if (seconds < zone->changes[middle].when)
            high = middle;
        else
            low = middle;
    }
    int64_t start = zone->change_count ? zone->changes[low].when : INT64_MIN;
    if (low + 1 >= zone->change_count && zone->has_rule)
        return zone_rule_period(&zone->rule, start, seconds);
    return period_of(zone->change_count ? &zone->offsets[zone->changes[low].to] : zone->offsets,
                     start, high < zone->change_count ? zone->changes[high].when : INT64_MAX);
}

bool zone_offset_of(const Zone *zone, Str name, int64_t seconds, int64_t *out)
{
    size_t count = zone ? zone->offset_count : 0;

    // Of several with the name (both of Sydney's were EST once), the one in force just then.
    for (size_t i = 0; i < count; i++) {
        const ZoneOffset *offset = &zone->offsets[i];

        if (!str_equal(offset->name, name))
            continue;
        ZonePeriod period =
            zone_period(zone, (int64_t)((uint64_t)seconds - (uint64_t)offset->offset));
        if (str_equal(period.name, name)) {
            *out = period.offset;
            return true;
        }
    }
    for (size_t i = 0; i < count; i++)
        if (str_equal(zone->offsets[i].name, name)) {
            *out = zone->offsets[i].offset;
            return true;
        }
    return false;
}

const Zone *zone_copy(Arena *a, const Zone *zone)
{
    if (!zone || (zone >= whole_hours && zone < whole_hours + COUNT(whole_hours)))
        return zone;

    Zone *copy = arena_new(a, Zone);
    ZoneOffset *offsets = arena_array(a, ZoneOffset, zone->offset_count);
    ZoneChange *changes = arena_array(a, ZoneChange, zone->change_count);

    *copy = *zone;
    copy->name = str_copy(a, zone->name);
    for (size_t i = 0; i < zone->offset_count; i++) {
        offsets[i] = zone->offsets[i];
        offsets[i].name = str_copy(a, offsets[i].name);
    }
    if (zone->change_count)
        memcpy(changes, zone->changes, zone->change_count * sizeof(*changes));
    copy->offsets = offsets;
    copy->changes = changes;
    copy->rule_text = str_copy(a, zone->rule_text);
    zone_rule_parse(copy->rule_text, &copy->rule);
    return copy;
}

static bool offsets_equal(const ZoneOffset *a, const ZoneOffset *b)
{
    return str_equal(a->name, b->name) && a->offset == b->offset && a->summer == b->summer;
}

bool zone_equal(const Zone *a, const Zone *b)
{
    if (a == b)
        return true;
    if (!a || !b || !str_equal(a->name, b->name) || a->offset_count != b->offset_count ||
        a->change_count != b->change_count || !str_equal(a->rule_text, b->rule_text))
        return false;
    for (size_t i = 0; i < a->offset_count; i++)
        if (!offsets_equal(&a->offsets[i], &b->offsets[i]))
            return false;
    for (size_t i = 0; i < a->change_count; i++)
        if (a->changes[i].when != b->changes[i].when || a->changes[i].to != b->changes[i].to)
            return false;
    return true;
}

static Str object_text(Arena *a, const ValueObject *object)
{
    (void)a;
    return zone_name(object->self);
}

static const void *copy_self(Arena *a, const void *self)
{
    return zone_copy(a, self);
}

const ValueObjectType zone_object_type = {
    .name = "*time.Location", .text = object_text, .copy_self = copy_self};

Value value_of_zone(Arena *a, const Zone *zone)
{
    ValueObject *object = arena_new(a, ValueObject);

    *object = (ValueObject){.type = &zone_object_type, .self = zone};
    return value_of_object(object);
}

const Zone *zone_of_value(Value v)
{
    return v.object->self;
}
