#include "base/utf8.h"

#include <utf8proc.h>

enum { SURROGATE_FIRST = 0xD800, SURROGATE_LAST = 0xDFFF };

/* How many bytes a character has whose first byte is FIRST; 0 if none starts so. */
static size_t width_of(unsigned char first)
{
    if (first < 0x80)
        return 1;
    if (first >= 0xC2 && first <= 0xDF)
        return 2;
    if (first >= 0xE0 && first <= 0xEF)
        return 3;
    return first >= 0xF0 && first <= 0xF4 ? 4 : 0;
}

uint32_t utf8_first(Str s, size_t *width)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *bytes = (const unsigned char *)s.ptr;
    size_t len = width_of(bytes[0]);

    *width = 1;
    if (len <= 1)
        return len ? bytes[0] : RUNE_ERROR;
    if (len > s.len)
        return RUNE_ERROR;

    uint32_t rune = bytes[0] & (0x7Fu >> len);
    for (size_t i = 1; i < len; i++) {
        if ((bytes[i] & 0xC0) != 0x80)
            return RUNE_ERROR;
        rune = rune << 6 | (bytes[i] & 0x3Fu);
    }
    if (rune < least[len] || rune > RUNE_MAX || (rune >= SURROGATE_FIRST && rune <= SURROGATE_LAST))
        return RUNE_ERROR;
    *width = len;
    return rune;
}

uint32_t utf8_last(Str s, size_t *width)
{
    for (size_t back = 1; back <= 4 && back <= s.len; back++) {
        uint32_t rune = utf8_first(str_skip(s, s.len - back), width);

        if (*width == back && (rune != RUNE_ERROR || back == 3))
            return rune;
    }
    *width = 1;
    return RUNE_ERROR;
}

void utf8_add(Buf *b, uint32_t rune)
{
    if (rune > RUNE_MAX || (rune >= SURROGATE_FIRST && rune <= SURROGATE_LAST))
        rune = RUNE_ERROR;
    if (rune < 0x80) {
        buf_add_char(b, (char)rune);
    } else if (rune < 0x800) {
        buf_add_char(b, (char)(0xC0 | rune >> 6));
        buf_add_char(b, (char)(0x80 | (rune & 0x3F)));
    } else if (rune < 0x10000) {
        buf_add_char(b, (char)(0xE0 | rune >> 12));
        buf_add_char(b, (char)(0x80 | (rune >> 6 & 0x3F)));
        buf_add_char(b, (char)(0x80 | (rune & 0x3F)));
    } else {
        buf_add_char(b, (char)(0xF0 | rune >> 18));
        buf_add_char(b, (char)(0x80 | (rune >> 12 & 0x3F)));
        buf_add_char(b, (char)(0x80 | (rune >> 6 & 0x3F)));
        buf_add_char(b, (char)(0x80 | (rune & 0x3F)));
    }
}

/* Where the first byte of S is that is not part of a character; S.len if all are. */
static size_t first_invalid(Str s)
{
    size_t at = 0, width;

    while (at < s.len) {
        if ((unsigned char)s.ptr[at] < 0x80) {
            at++;
            continue;
        }
        if (utf8_first(str_skip(s, at), &width) == RUNE_ERROR && width == 1)
            return at;
        at += width;
    }
    return at;
}

bool utf8_valid(Str s)
{
    return first_invalid(s) == s.len;
}

size_t utf8_count(Str s)
{
    size_t count = 0, width;

    for (; s.len; s = str_skip(s, width), count++)
        utf8_first(s, &width);
    return count;
}

Str utf8_cleaned(Arena *a, Str s)
{
    size_t width;

    if (utf8_valid(s))
        return s;

    Buf b = {.arena = a};
    for (; s.len; s = str_skip(s, width))
        utf8_add(&b, utf8_first(s, &width));
    return buf_str(&b);
}

static utf8proc_category_t category(uint32_t rune)
{
    return utf8proc_category((utf8proc_int32_t)rune);
}

bool rune_is_letter(uint32_t rune)
{
    if (rune < 0x80)
        return (rune | 0x20) - 'a' < 26;
    utf8proc_category_t c = category(rune);
    return c >= UTF8PROC_CATEGORY_LU && c <= UTF8PROC_CATEGORY_LO;
}

bool rune_is_digit(uint32_t rune)
{
    return rune < 0x80 ? rune - '0' < 10 : category(rune) == UTF8PROC_CATEGORY_ND;
}

bool rune_is_upper(uint32_t rune)
{
    return rune < 0x80 ? rune - 'A' < 26 : category(rune) == UTF8PROC_CATEGORY_LU;
}

bool rune_is_lower(uint32_t rune)
{
    return rune < 0x80 ? rune - 'a' < 26 : category(rune) == UTF8PROC_CATEGORY_LL;
}

bool rune_is_title(uint32_t rune)
{
    return rune >= 0x80 && category(rune) == UTF8PROC_CATEGORY_LT;
}

bool rune_is_number(uint32_t rune)
{
    utf8proc_category_t c = category(rune);
    return c >= UTF8PROC_CATEGORY_ND && c <= UTF8PROC_CATEGORY_NO;
}

bool rune_is_punct(uint32_t rune)
{
    utf8proc_category_t c = category(rune);
    return c >= UTF8PROC_CATEGORY_PC && c <= UTF8PROC_CATEGORY_PO;
}

/* Unicode's White_Space property. */
bool rune_is_space(uint32_t rune)
{
    switch (rune) {
    case '\t':
    case '\n':
    case '\v':
    case '\f':
    case '\r':
    case ' ':
    case 0x85:
    case 0xA0:
    case 0x1680:
    case 0x2028:
    case 0x2029:
    case 0x202F:
    case 0x205F:
    case 0x3000:
        return true;
    default:
        return rune >= 0x2000 && rune <= 0x200A;
    }
}

/* Letters, marks, numbers, punctuation, symbols, and of the spaces only U+0020. */
bool rune_is_print(uint32_t rune)
{
    if (rune < 0x80)
        return rune >= 0x20 && rune < 0x7F;
    utf8proc_category_t c = category(rune);
    return c >= UTF8PROC_CATEGORY_LU && c <= UTF8PROC_CATEGORY_SO;
}

/* utf8proc makes a capital of sharp s; Unicode's simple mappings, and Go, leave it alone. */
static bool has_capital(uint32_t rune)
{
    enum { SHARP_S = 0xDF };

    return rune != SHARP_S;
}

uint32_t rune_to_upper(uint32_t rune)
{
    return has_capital(rune) ? (uint32_t)utf8proc_toupper((utf8proc_int32_t)rune) : rune;
}

uint32_t rune_to_lower(uint32_t rune)
{
    return (uint32_t)utf8proc_tolower((utf8proc_int32_t)rune);
}

uint32_t rune_to_title(uint32_t rune)
{
    return has_capital(rune) ? (uint32_t)utf8proc_totitle((utf8proc_int32_t)rune) : rune;
}

/* Those whose case has more than two forms, or that have no other form though there is a mapping.
 */
static const uint16_t orbits[][2] = {
    {0x004B, 0x006B}, {0x0053, 0x0073}, {0x006B, 0x212A}, {0x0073, 0x017F}, {0x00B5, 0x039C},
    {0x00C5, 0x00E5}, {0x00DF, 0x1E9E}, {0x00E5, 0x212B}, {0x0130, 0x0130}, {0x0131, 0x0131},
    {0x017F, 0x0053}, {0x01C4, 0x01C5}, {0x01C5, 0x01C6}, {0x01C6, 0x01C4}, {0x01C7, 0x01C8},
    {0x01C8, 0x01C9}, {0x01C9, 0x01C7}, {0x01CA, 0x01CB}, {0x01CB, 0x01CC}, {0x01CC, 0x01CA},
    {0x01F1, 0x01F2}, {0x01F2, 0x01F3}, {0x01F3, 0x01F1}, {0x0345, 0x0399}, {0x0392, 0x03B2},
    {0x0395, 0x03B5}, {0x0398, 0x03B8}, {0x0399, 0x03B9}, {0x039A, 0x03BA}, {0x039C, 0x03BC},
    {0x03A0, 0x03C0}, {0x03A1, 0x03C1}, {0x03A3, 0x03C2}, {0x03A6, 0x03C6}, {0x03A9, 0x03C9},
    {0x03B2, 0x03D0}, {0x03B5, 0x03F5}, {0x03B8, 0x03D1}, {0x03B9, 0x1FBE}, {0x03BA, 0x03F0},
    {0x03BC, 0x00B5}, {0x03C0, 0x03D6}, {0x03C1, 0x03F1}, {0x03C2, 0x03C3}, {0x03C3, 0x03A3},
    {0x03C6, 0x03D5}, {0x03C9, 0x2126}, {0x03D0, 0x0392}, {0x03D1, 0x03F4}, {0x03D5, 0x03A6},
    {0x03D6, 0x03A0}, {0x03F0, 0x039A}, {0x03F1, 0x03A1}, {0x03F4, 0x0398}, {0x03F5, 0x0395},
    {0x0412, 0x0432}, {0x0414, 0x0434}, {0x041E, 0x043E}, {0x0421, 0x0441}, {0x0422, 0x0442},
    {0x042A, 0x044A}, {0x0432, 0x1C80}, {0x0434, 0x1C81}, {0x043E, 0x1C82}, {0x0441, 0x1C83},
    {0x0442, 0x1C84}, {0x044A, 0x1C86}, {0x0462, 0x0463}, {0x0463, 0x1C87}, {0x1C80, 0x0412},
    {0x1C81, 0x0414}, {0x1C82, 0x041E}, {0x1C83, 0x0421}, {0x1C84, 0x1C85}, {0x1C85, 0x0422},
    {0x1C86, 0x042A}, {0x1C87, 0x0462}, {0x1C88, 0xA64A}, {0x1E60, 0x1E61}, {0x1E61, 0x1E9B},
    {0x1E9B, 0x1E60}, {0x1E9E, 0x00DF}, {0x1FBE, 0x0345}, {0x2126, 0x03A9}, {0x212A, 0x004B},
    {0x212B, 0x00C5}, {0xA64A, 0xA64B}, {0xA64B, 0x1C88},
};

uint32_t rune_fold(uint32_t rune)
{
    size_t low = 0, high = COUNT(orbits);

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (orbits[middle][0] < rune)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < COUNT(orbits) && orbits[low][0] == rune)
        return orbits[low][1];

    uint32_t lower = rune_to_lower(rune);
    return lower != rune ? lower : rune_to_upper(rune);
}
