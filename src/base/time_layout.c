#include "base/time_layout.h"

#include <string.h>

const char *const month_names[12] = {"January",   "February", "March",    "April",
                                     "May",       "June",     "July",     "August",
                                     "September", "October",  "November", "December"};

const char *const weekday_names[7] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                      "Thursday", "Friday", "Saturday"};

/* How an element is written. Of those that fit, the first counts. */
typedef struct ElementRow {
    const char *text;
    LayoutElement element;
    bool ends_word; /* no small letter may follow */
    LayoutOffset offset;
} ElementRow;

static const ElementRow elements[] = {
    {"January", LAYOUT_LONG_MONTH, false, {0}},
    {"Jan", LAYOUT_MONTH, true, {0}},
    {"Monday", LAYOUT_LONG_WEEKDAY, false, {0}},
    {"Mon", LAYOUT_WEEKDAY, true, {0}},
    {"MST", LAYOUT_ZONE_NAME, false, {0}},
    {"01", LAYOUT_ZERO_MONTH, false, {0}},
    {"02", LAYOUT_ZERO_DAY, false, {0}},
    {"03", LAYOUT_ZERO_HOUR_12, false, {0}},
    {"04", LAYOUT_ZERO_MINUTE, false, {0}},
    {"05", LAYOUT_ZERO_SECOND, false, {0}},
    {"06", LAYOUT_YEAR, false, {0}},
    {"002", LAYOUT_ZERO_YEAR_DAY, false, {0}},
    {"15", LAYOUT_HOUR, false, {0}},
    {"1", LAYOUT_NUMBER_MONTH, false, {0}},
    {"2006", LAYOUT_LONG_YEAR, false, {0}},
    {"2", LAYOUT_DAY, false, {0}},
    {"_2", LAYOUT_SPACE_DAY, false, {0}},
    {"__2", LAYOUT_SPACE_YEAR_DAY, false, {0}},
    {"3", LAYOUT_HOUR_12, false, {0}},
    {"4", LAYOUT_MINUTE, false, {0}},
    {"5", LAYOUT_SECOND, false, {0}},
    {"PM", LAYOUT_PM, false, {0}},
    {"pm", LAYOUT_SMALL_PM, false, {0}},
    {"-070000", LAYOUT_OFFSET, false, {.minutes = true, .seconds = true}},
    {"-07:00:00", LAYOUT_OFFSET, false, {.minutes = true, .seconds = true, .colons = true}},
    {"-0700", LAYOUT_OFFSET, false, {.minutes = true}},
    {"-07:00", LAYOUT_OFFSET, false, {.minutes = true, .colons = true}},
    {"-07", LAYOUT_OFFSET, false, {0}},
    {"Z070000", LAYOUT_OFFSET, false, {.z = true, .minutes = true, .seconds = true}},
    {"Z07:00:00",
     LAYOUT_OFFSET,
     false,
     {.z = true, .minutes = true, .seconds = true, .colons = true}},
    {"Z0700", LAYOUT_OFFSET, false, {.z = true, .minutes = true}},
    {"Z07:00", LAYOUT_OFFSET, false, {.z = true, .minutes = true, .colons = true}},
    {"Z07", LAYOUT_OFFSET, false, {.z = true}},
};

static bool is_digit(Str s, size_t at)
{
    return at < s.len && s.ptr[at] >= '0' && s.ptr[at] <= '9';
}

static bool is_small_letter(Str s, size_t at)
{
    return at < s.len && s.ptr[at] >= 'a' && s.ptr[at] <= 'z';
}

static LayoutChunk chunk_at(Str layout, size_t at, size_t len, LayoutElement element)
{
    return (LayoutChunk){.before = str_slice(layout, 0, at),
                         .text = str_slice(layout, at, at + len),
                         .rest = str_skip(layout, at + len),
                         .element = element};
}

static const ElementRow *element_at(Str s)
{
    for (size_t i = 0; i < COUNT(elements); i++)
        if (str_starts(s, str_from(elements[i].text)) &&
            !(elements[i].ends_word && is_small_letter(s, strlen(elements[i].text))))
            return &elements[i];
    return NULL;
}

/* .000 or ,999 and so on, which no digit follows. */
static bool fraction_at(Str layout, size_t at, LayoutChunk *out)
{
    size_t end = at + 1;

    if (end >= layout.len || (layout.ptr[end] != '0' && layout.ptr[end] != '9'))
        return false;
    while (end < layout.len && layout.ptr[end] == layout.ptr[at + 1])
        end++;
    if (is_digit(layout, end))
        return false;
    *out = chunk_at(layout, at, end - at,
                    layout.ptr[at + 1] == '0' ? LAYOUT_FRACTION : LAYOUT_FRACTION_TRIMMED);
    out->digits = (int)((end - at - 1) & 0xFFF); // Go has only so many bits for their number
    out->separator = layout.ptr[at];
    return true;
}

LayoutChunk layout_next(Str layout)
{
    for (size_t at = 0; at < layout.len; at++) {
        char c = layout.ptr[at];
        LayoutChunk chunk;

        if ((c == '.' || c == ',') && fraction_at(layout, at, &chunk))
            return chunk;
        if (str_find_char(STR("JM012345_PpZ-"), c) == STR_NONE)
            continue;
        Str here = str_skip(layout, at);
        const ElementRow *row = element_at(here);
        if (!row)
            continue;
        if (row->element == LAYOUT_SPACE_DAY && str_starts(here, STR("_2006")))
            return chunk_at(layout, at + 1, 4, LAYOUT_LONG_YEAR);
        chunk = chunk_at(layout, at, strlen(row->text), row->element);
        chunk.offset = row->offset;
        return chunk;
    }
    return (LayoutChunk){.before = layout, .rest = {layout.ptr + layout.len, 0}};
}

void time_add_quoted(Buf *b, Str text)
{
    buf_add_char(b, '"');
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];

        if (c < ' ' || c >= 0x80) {
            buf_format(b, "\\x%02x", c);
            continue;
        }
        if (c == '"' || c == '\\')
            buf_add_char(b, '\\');
        buf_add_char(b, (char)c);
    }
    buf_add_char(b, '"');
}
