#include "base/signature.h"

#include "base/openssl.h"

#include <openssl/pem.h>

enum { MOST_PEM = 1 << 20 };

typedef EVP_PKEY *KeyReader(BIO *bio, EVP_PKEY **out, pem_password_cb *ask, void *asked);

static EVP_PKEY *key_read(Str pem, KeyReader *read)
{
    DEFER(openssl_free_bio) BIO *bio = NULL;
    char none[] = "";

    if (pem.len > MOST_PEM)
        return NULL;
    bio = BIO_new_mem_buf(pem.ptr, (int)pem.len);
    // without a passphrase OpenSSL would ask for one on the terminal
    return bio ? read(bio, NULL, NULL, none) : NULL;
}

Error *signature_verify(Str key_pem, Str text, Str signature, bool *out)
{
    DEFER(openssl_free_key) EVP_PKEY *key = key_read(key_pem, PEM_read_bio_PUBKEY);
    DEFER(openssl_free_digest) EVP_MD_CTX *context = EVP_MD_CTX_new();

    if (!key)
        return error_new(ERROR_INPUT, "is no public key in PEM (\"BEGIN PUBLIC KEY\")");
    if (!context)
        BUG("out of memory");
    // Ed25519 hashes by itself
    bool hashes = EVP_PKEY_get_base_id(key) == EVP_PKEY_ED25519;
    int ready = EVP_DigestVerifyInit(context, NULL, hashes ? NULL : EVP_sha256(), NULL, key);
    *out =
        ready == 1 && EVP_DigestVerify(context, (const unsigned char *)signature.ptr, signature.len,
                                       (const unsigned char *)text.ptr, text.len) == 1;
    return ready == 1 ? NULL : error_new(ERROR_INPUT, "is a key of a kind that cannot sign");
}

bool signature_make(Arena *a, Str key_pem, Str text, Str *out)
{
    DEFER(openssl_free_key) EVP_PKEY *key = key_read(key_pem, PEM_read_bio_PrivateKey);
    DEFER(openssl_free_digest) EVP_MD_CTX *context = EVP_MD_CTX_new();
    size_t len = key ? (size_t)EVP_PKEY_get_size(key) : 0;
    char *room = arena_text(a, len);

    if (!key || !context || EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key) != 1 ||
        EVP_DigestSign(context, (unsigned char *)room, &len, (const unsigned char *)text.ptr,
                       text.len) != 1)
        return false;
    *out = (Str){room, len};
    return true;
}
