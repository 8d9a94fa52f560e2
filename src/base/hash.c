#include "base/hash.h"

#include <openssl/sha.h>

Str hash_sha256(Arena *a, Str text)
{
    unsigned char digest[SHA256_DIGEST_LENGTH];
    Buf hex = {.arena = a};

    if (!SHA256((const unsigned char *)text.ptr, text.len, digest))
        BUG("libcrypto has no SHA-256");
    for (size_t i = 0; i < sizeof(digest); i++) {
        buf_add_char(&hex, "0123456789abcdef"[digest[i] >> 4]);
        buf_add_char(&hex, "0123456789abcdef"[digest[i] & 15]);
    }
    return buf_str(&hex);
}
