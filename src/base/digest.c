/*
 * digest.c - digests by OpenSSL. Those of texts at once by its old functions: before the new ones
 * give the first one, they spend a millisecond on providers and settings, which is half of what
 * rendering a small chart takes.
 *
 * Loading OpenSSL takes a third of that, too, and many charts want a digest of a small text, and
 * nothing else of it. So what is not large nettle does, which is a tenth as large, where it is
 * installed.
 */
#include "base/digest.h"

#include "base/lang.h"
#include "base/openssl.h"

#include <nettle/nettle-meta.h>
#include <pthread.h>

enum { LARGE = 1 << 20 }; /* bytes that OpenSSL, which is faster, is worth loading for */

#define NETTLE_HASHES(F) F(nettle_sha1) F(nettle_sha256) F(nettle_sha512)

LIBRARY_FUNCTIONS(NettleHashes, NETTLE_HASHES);

static NettleHashes nettle;

static void load(void)
{
    Error *err = LIBRARY_LOAD("libnettle.so.8", "libnettle8", NETTLE_HASHES, &nettle);

    if (err)
        nettle = (NettleHashes){0};
    error_free(err);
}

/* What makes such digests in nettle; NULL: it is not installed. */
static const struct nettle_hash *nettle_hash_of(DigestKind kind)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, load);
    const struct nettle_hash *hashes[] = {[DIGEST_SHA1] = nettle.nettle_sha1,
                                          [DIGEST_SHA256] = nettle.nettle_sha256,
                                          [DIGEST_SHA512] = nettle.nettle_sha512};
    return hashes[kind];
}

static Str by_nettle(Arena *a, const struct nettle_hash *hash, Str text)
{
    max_align_t context[64];
    unsigned char bytes[EVP_MAX_MD_SIZE];

    if (hash->context_size > sizeof(context) || hash->digest_size > sizeof(bytes))
        BUG("%s is larger than it was", hash->name);
    hash->init(context);
    hash->update(context, text.len, (const uint8_t *)(text.ptr ? text.ptr : ""));
    hash->digest(context, hash->digest_size, bytes);
    return str_copy(a, (Str){(const char *)bytes, hash->digest_size});
}

static const EVP_MD *type_of(DigestKind kind)
{
    const EVP_MD *types[] = {
        [DIGEST_SHA1] = EVP_sha1(), [DIGEST_SHA256] = EVP_sha256(), [DIGEST_SHA512] = EVP_sha512()};

    return types[kind];
}

static bool sha1(const void *text, size_t len, unsigned char *out)
{
    SHA_CTX context;

    return SHA1_Init(&context) && SHA1_Update(&context, text, len) && SHA1_Final(out, &context);
}

static bool sha256(const void *text, size_t len, unsigned char *out)
{
    SHA256_CTX context;

    return SHA256_Init(&context) && SHA256_Update(&context, text, len) &&
           SHA256_Final(out, &context);
}

static bool sha512(const void *text, size_t len, unsigned char *out)
{
    SHA512_CTX context;

    return SHA512_Init(&context) && SHA512_Update(&context, text, len) &&
           SHA512_Final(out, &context);
}

Str digest_bytes(Arena *a, DigestKind kind, Str text)
{
    static const struct {
        bool (*run)(const void *text, size_t len, unsigned char *out);
        size_t len;
    } digests[] = {
        [DIGEST_SHA1] = {sha1, SHA_DIGEST_LENGTH},
        [DIGEST_SHA256] = {sha256, SHA256_DIGEST_LENGTH},
        [DIGEST_SHA512] = {sha512, SHA512_DIGEST_LENGTH},
    };
    unsigned char bytes[EVP_MAX_MD_SIZE];
    const struct nettle_hash *hash = text.len < LARGE ? nettle_hash_of(kind) : NULL;

    if (hash)
        return by_nettle(a, hash, text);
    if (!digests[kind].run(text.ptr ? text.ptr : "", text.len, bytes))
        BUG("the crypto library cannot make a digest");
    return str_copy(a, (Str){(const char *)bytes, digests[kind].len});
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

/* The library's own object, under the name that digest.h has for it. */
static EVP_MD_CTX *context_of(DigestStream *stream)
{
    return (EVP_MD_CTX *)stream;
}

DigestStream *digest_start(DigestKind kind)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();

    if (!context || !EVP_DigestInit_ex(context, type_of(kind), NULL))
        BUG("the crypto library has no such digest");
    return (DigestStream *)context;
}

void digest_add(DigestStream *stream, Str part)
{
    if (!EVP_DigestUpdate(context_of(stream), part.ptr ? part.ptr : "", part.len))
        BUG("the crypto library cannot make a digest");
}

Str digest_end(Arena *a, DigestStream **stream)
{
    unsigned char bytes[EVP_MAX_MD_SIZE];
    unsigned len = 0;

    if (!EVP_DigestFinal_ex(context_of(*stream), bytes, &len))
        BUG("the crypto library cannot make a digest");
    digest_drop(stream);
    return digest_shown(a, (Str){(const char *)bytes, len});
}

void digest_drop(DigestStream **stream)
{
    EVP_MD_CTX_free(context_of(*stream));
    *stream = NULL;
}
