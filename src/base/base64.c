#include "base/base64.h"

#include <string.h>

static const char digits64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char digits32[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/* BITS for each of DIGITS; the text is padded to a multiple of so many digits as fill bytes. */
static void encode(Buf *b, Str bytes, const char *digits, int bits)
{
    size_t group = bits == 6 ? 4 : 8, count = 0;
    uint32_t held = 0;
    int have = 0;

    for (size_t i = 0; i < bytes.len; i++) {
        held = held << 8 | (unsigned char)bytes.ptr[i];
        for (have += 8; have >= bits; count++)
            buf_add_char(b, digits[held >> (have -= bits) & ((1u << bits) - 1)]);
    }
    if (have) {
        buf_add_char(b, digits[held << (bits - have) & ((1u << bits) - 1)]);
        count++;
    }
    buf_fill(b, '=', (group - count % group) % group);
}

void base64_add(Buf *b, Str bytes)
{
    encode(b, bytes, digits64, 6);
}

Str base64_encode(Arena *a, Str bytes)
{
    Buf b = {.arena = a};

    base64_add(&b, bytes);
    return buf_str(&b);
}

void base32_add(Buf *b, Str bytes)
{
    encode(b, bytes, digits32, 5);
}

static int digit_value(const char *digits, char c)
{
    const char *at = c ? strchr(digits, c) : NULL;

    return at ? (int)(at - digits) : -1;
}

static bool is_break(char c)
{
    return c == '\n' || c == '\r';
}

static Error *illegal(const char *what, size_t at)
{
    return error_new(ERROR_INPUT, "illegal %s data at input byte %zu", what, at);
}

static size_t skip_breaks(Str text, size_t at)
{
    while (at < text.len && is_break(text.ptr[at]))
        at++;
    return at;
}

/* The padding, whose first '=' is at AT, behind the first COUNT digits of a group. */
static Error *check_padding64(Str text, size_t at, int count)
{
    if (count < 2)
        return illegal("base64", at);
    at = skip_breaks(text, at + 1);
    if (count == 2) {
        if (at == text.len)
            return illegal("base64", text.len);
        if (text.ptr[at] != '=')
            return illegal("base64", at - 1);
        at = skip_breaks(text, at + 1);
    }
    return at < text.len ? illegal("base64", at) : NULL;
}

Error *base64_decode(Arena *a, Str text, Str *out)
{
    Buf b = {.arena = a};
    uint32_t held = 0;
    int count = 0; // digits of a group of four

    for (size_t i = 0; i < text.len; i++) {
        int value = digit_value(digits64, text.ptr[i]);

        if (is_break(text.ptr[i]))
            continue;
        if (text.ptr[i] == '=') {
            TRY(check_padding64(text, i, count));
            count = 0;
            break;
        }
        if (value < 0)
            return illegal("base64", i);
        held = held << 6 | (uint32_t)value;
        if (count)
            buf_add_char(&b, (char)(held >> (6 - 2 * count)));
        count = (count + 1) % 4;
    }
    if (count)
        return illegal("base64", text.len - (size_t)count);
    *out = buf_str(&b);
    return NULL;
}

static Str without_breaks(Arena *a, Str text)
{
    Buf b = {.arena = a};

    for (size_t i = 0; i < text.len; i++)
        if (!is_break(text.ptr[i]))
            buf_add_char(&b, text.ptr[i]);
    return buf_str(&b);
}

/* The padding, whose first '=' is at AT, behind the first COUNT digits of a group. */
static Error *check_padding32(Str text, size_t at, size_t count)
{
    size_t rest = text.len - at - 1;

    if (rest + count < 7)
        return illegal("base32", text.len);
    for (size_t k = 0; k < 7 - count && k < rest; k++)
        if (text.ptr[at + 1 + k] != '=')
            return illegal("base32", at + k);
    return count == 3 || count == 6 ? illegal("base32", at) : NULL;
}

Error *base32_decode(Arena *a, Str text, Str *out)
{
    Buf b = {.arena = a};
    uint32_t held = 0;
    size_t count = 0; // digits of a group of eight
    int have = 0;

    text = without_breaks(a, text);
    for (size_t i = 0; i < text.len; i++) {
        int value = digit_value(digits32, text.ptr[i]);

        if (text.ptr[i] == '=' && count >= 2 && text.len - i - 1 < 8) {
            TRY(check_padding32(text, i, count));
            count = 0;
            break;
        }
        if (value < 0)
            return illegal("base32", i);
        held = held << 5 | (uint32_t)value;
        have += 5;
        if (have >= 8)
            buf_add_char(&b, (char)(held >> (have -= 8)));
        count = (count + 1) % 8;
    }
    if (count)
        return illegal("base32", text.len - count);
    *out = buf_str(&b);
    return NULL;
}
