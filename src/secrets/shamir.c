#include "secrets/shamir.h"

/* In the field of AES: polynomials of degree 7, modulo x^8 + x^4 + x^3 + x + 1. */
static uint8_t multiply(uint8_t a, uint8_t b)
{
    uint8_t product = 0;

    for (int i = 7; i >= 0; i--) {
        uint8_t carry = (uint8_t)(-(product >> 7) & 0x1b), added = (uint8_t)(-(b >> i & 1) & a);

        product = (uint8_t)(added ^ carry ^ (uint8_t)(product << 1));
    }
    return product;
}

/* Its 254th power. */
static uint8_t inverse(uint8_t a)
{
    uint8_t power = a;

    for (int i = 0; i < 6; i++)
        power = multiply(multiply(power, power), a);
    return multiply(power, power);
}

/* Part number I's share of what the polynomial is at 0; its last byte says where it was taken. */
static uint8_t basis_of(const StrList *parts, size_t i, size_t last)
{
    uint8_t basis = 1, own = (uint8_t)parts->items[i].ptr[last];

    for (size_t j = 0; j < parts->len; j++) {
        uint8_t other = (uint8_t)parts->items[j].ptr[last];

        if (i != j)
            basis = multiply(basis, multiply(other, inverse(own ^ other)));
    }
    return basis;
}

static Error *check(const StrList *parts)
{
    if (parts->len < 2)
        return error_new(ERROR_INPUT, "one part of the key is not enough");
    for (size_t i = 0; i < parts->len; i++) {
        if (parts->items[i].len < 2 || parts->items[i].len != parts->items[0].len)
            return error_new(ERROR_INPUT, "the parts of the key do not fit each other");
        for (size_t j = 0; j < i; j++)
            if (parts->items[i].ptr[parts->items[i].len - 1] ==
                parts->items[j].ptr[parts->items[j].len - 1])
                return error_new(ERROR_INPUT, "a part of the key is there twice");
    }
    return NULL;
}

Error *shamir_combine(Arena *a, const StrList *parts, Str *out)
{
    Buf secret = {.arena = a};

    TRY(check(parts));
    size_t last = parts->items[0].len - 1;
    for (size_t at = 0; at < last; at++) {
        uint8_t sum = 0;

        for (size_t i = 0; i < parts->len; i++)
            sum ^= multiply((uint8_t)parts->items[i].ptr[at], basis_of(parts, i, last));
        buf_add_char(&secret, (char)sum);
    }
    *out = buf_str(&secret);
    return NULL;
}
