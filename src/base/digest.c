#include "base/digest.h"

#include "base/lang.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

static const EVP_MD *type_of(DigestKind kind)
{
    const EVP_MD *types[] = {
        [DIGEST_SHA1] = EVP_sha1(), [DIGEST_SHA256] = EVP_sha256(), [DIGEST_SHA512] = EVP_sha512()};

    return types[kind];
}

Str digest_bytes(Arena *a, DigestKind kind, Str text)
{
    unsigned char bytes[EVP_MAX_MD_SIZE];
    unsigned len = 0;

    if (!EVP_Digest(text.ptr ? text.ptr : "", text.len, bytes, &len, type_of(kind), NULL))
        BUG("the crypto library has no such digest");
    return str_copy(a, (Str){(const char *)bytes, len});
}

Str digest_hmac(Arena *a, DigestKind kind, Str key, Str text)
{
    unsigned char bytes[EVP_MAX_MD_SIZE];
    unsigned len = 0;

    if (!HMAC(type_of(kind), key.ptr ? key.ptr : "", (int)key.len, (const unsigned char *)text.ptr,
              text.len, bytes, &len))
        BUG("the crypto library has no such digest");
    return str_copy(a, (Str){(const char *)bytes, len});
}

Str digest_shown(Arena *a, Str bytes)
{
    static const char digits[] = "0123456789abcdef";
    char *text = arena_text(a, bytes.len * 2);

    for (size_t i = 0; i < bytes.len; i++) {
        text[i * 2] = digits[(unsigned char)bytes.ptr[i] >> 4];
        text[i * 2 + 1] = digits[bytes.ptr[i] & 15];
    }
    return (Str){text, bytes.len * 2};
}

Str digest_hex(Arena *a, DigestKind kind, Str text)
{
    DEFER(arena_free) Arena scratch = {0};

    return digest_shown(a, digest_bytes(&scratch, kind, text));
}
