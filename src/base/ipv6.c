#include "base/ipv6.h"

enum { GROUPS = 8, GROUPS_OF_IPV4 = 2 };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_hex_digit(char c)
{
    return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

/* A number up to 255, without leading zeros. */
static bool is_octet(Str digits)
{
    int number = 0;

    for (size_t i = 0; i < digits.len && number <= 255; i++)
        number = number * 10 + (digits.ptr[i] - '0');
    return digits.len && number <= 255 && (digits.len == 1 || digits.ptr[0] != '0');
}

/* The address of IPv4 that stands for the last groups. */
static bool is_ipv4(Str text)
{
    for (int i = 0; i < 4; i++) {
        if (i > 0) {
            if (!str_starts(text, STR(".")))
                return false;
            text = str_skip(text, 1);
        }
        if (!is_octet(str_take_while(&text, is_digit)))
            return false;
    }
    return text.len == 0;
}

/* Cut off the zone, which must not be empty. */
static bool cut_zone(Str *text)
{
    size_t percent = str_find_char(*text, '%');

    if (percent == STR_NONE)
        return true;
    if (percent + 1 == text->len)
        return false;
    text->len = percent;
    return true;
}

/* A colon behind a group, and a second one; something must follow, but after "::" nothing need. */
static bool take_colons(Str *text, bool *elided)
{
    if (text->ptr[0] != ':' || text->len == 1)
        return false;
    *text = str_skip(*text, 1);
    if (text->ptr[0] != ':')
        return true;
    if (*elided)
        return false;
    *elided = true;
    *text = str_skip(*text, 1);
    return true;
}

bool ipv6_valid(Str text)
{
    bool elided = str_starts(text, STR("::"));
    int groups = 0;

    if (!cut_zone(&text))
        return false;
    if (elided)
        text = str_skip(text, 2);
    while (text.len && groups < GROUPS) {
        Str rest = text, group = str_take_while(&rest, is_hex_digit);

        if (!group.len || group.len > 4)
            return false;
        if (str_starts(rest, STR("."))) {
            groups += GROUPS_OF_IPV4;
            if (!is_ipv4(text) || (!elided && groups != GROUPS))
                return false;
            text = (Str){0};
            break;
        }
        groups++;
        text = rest;
        if (text.len && groups < GROUPS && !take_colons(&text, &elided))
            return false;
    }
    return text.len == 0 && (elided ? groups < GROUPS : groups == GROUPS);
}
