#include "base/digest.h"

#include "base/lang.h"

#include <openssl/evp.h>

Str digest_hex(Arena *a, DigestKind kind, Str text)
{
    const EVP_MD *types[] = {[DIGEST_SHA1] = EVP_sha1(), [DIGEST_SHA256] = EVP_sha256()};
    unsigned char bytes[EVP_MAX_MD_SIZE];
    unsigned len = 0;
    Buf b = {.arena = a};

    if (!EVP_Digest(text.ptr ? text.ptr : "", text.len, bytes, &len, types[kind], NULL))
        BUG("the crypto library has no such digest");
    for (unsigned i = 0; i < len; i++)
        buf_format(&b, "%02x", bytes[i]);
    return buf_str(&b);
}
