#include "secrets/bech32.h"

#include <string.h>

enum { CHECKSUM_CHARS = 6, BITS = 5, LEAST = 33, MOST = 126 };

static const char alphabet[] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

static uint32_t polymod_step(uint32_t sum, uint32_t value)
{
    static const uint32_t generator[] = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd,
                                         0x2a1462b3};
    uint32_t top = sum >> 25;

    sum = (sum & 0x1ffffff) << BITS ^ value;
    for (size_t i = 0; i < COUNT(generator); i++)
        if (top >> i & 1)
            sum ^= generator[i];
    return sum;
}

static bool checksum_fits(Str prefix, Str values)
{
    uint32_t sum = 1;

    for (size_t i = 0; i < prefix.len; i++)
        sum = polymod_step(sum, (unsigned char)prefix.ptr[i] >> BITS);
    sum = polymod_step(sum, 0);
    for (size_t i = 0; i < prefix.len; i++)
        sum = polymod_step(sum, prefix.ptr[i] & 31);
    for (size_t i = 0; i < values.len; i++)
        sum = polymod_step(sum, (unsigned char)values.ptr[i]);
    return sum == 1;
}

/* Of five bits each eight; what is left over must be zeros. */
static bool regroup(Arena *a, Str values, Str *out)
{
    Buf b = {.arena = a};
    uint32_t bits = 0, have = 0;

    for (size_t i = 0; i < values.len; i++) {
        bits = bits << BITS | (unsigned char)values.ptr[i];
        have += BITS;
        if (have >= 8) {
            have -= 8;
            buf_add_char(&b, (char)(bits >> have & 255));
        }
        bits &= (1u << have) - 1;
    }
    *out = buf_str(&b);
    return have < BITS && bits == 0;
}

static bool has_one_case(Str text)
{
    bool lower = false, upper = false;

    for (size_t i = 0; i < text.len; i++) {
        lower |= text.ptr[i] >= 'a' && text.ptr[i] <= 'z';
        upper |= text.ptr[i] >= 'A' && text.ptr[i] <= 'Z';
        if (text.ptr[i] < LEAST || text.ptr[i] > MOST)
            return false;
    }
    return !(lower && upper);
}

Error *bech32_decode(Arena *a, Str text, Str *prefix, Str *bytes)
{
    Error *malformed = NULL;
    Str lower = str_lower(a, text);
    size_t one = str_find_last(lower, STR("1"));
    Buf values = {.arena = a};
    bool fine =
        one != STR_NONE && one > 0 && one + 1 + CHECKSUM_CHARS <= text.len && has_one_case(text);

    for (size_t i = one + 1; fine && i < lower.len; i++) {
        const char *at = memchr(alphabet, lower.ptr[i], sizeof(alphabet) - 1);

        fine = at != NULL;
        if (at)
            buf_add_char(&values, (char)(at - alphabet));
    }
    fine = fine && checksum_fits(str_slice(lower, 0, one), buf_str(&values)) &&
           regroup(a, str_slice(buf_str(&values), 0, values.len - CHECKSUM_CHARS), bytes);
    if (!fine)
        malformed = error_new(ERROR_INPUT, "the key is malformed");
    else
        *prefix = str_slice(text, 0, one);
    return malformed;
}
