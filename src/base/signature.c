#include "base/signature.h"
#include "base/openssl.h"

static EVP_PKEY *key_read(Str pem)
{
    BIO *text = BIO_new_mem_buf(pem.ptr, (int)pem.len);
    EVP_PKEY *key = text ? PEM_read_bio_PUBKEY(text, NULL, NULL, NULL) : NULL;

    BIO_free(text);
    return key;
}

Error *signature_verify(Str key_pem, Str text, Str signature, bool *out)
{
    enum { MOST_PEM = 1 << 20 };
    DEFER(openssl_key_free) EVP_PKEY *key = key_pem.len < MOST_PEM ? key_read(key_pem) : NULL;
    DEFER(openssl_digest_free) EVP_MD_CTX *context = EVP_MD_CTX_new();

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
