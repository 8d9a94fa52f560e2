#include "base/openssl.h"

#include <openssl/err.h>

void openssl_free_key(EVP_PKEY **key)
{
    EVP_PKEY_free(*key);
    *key = NULL;
}

void openssl_free_key_context(EVP_PKEY_CTX **context)
{
    EVP_PKEY_CTX_free(*context);
    *context = NULL;
}

void openssl_free_cipher(EVP_CIPHER_CTX **context)
{
    EVP_CIPHER_CTX_free(*context);
    *context = NULL;
}

void openssl_free_digest(EVP_MD_CTX **context)
{
    EVP_MD_CTX_free(*context);
    *context = NULL;
}

void openssl_free_bio(BIO **bio)
{
    BIO_free(*bio);
    *bio = NULL;
}

void openssl_free_number(BIGNUM **number)
{
    BN_clear_free(*number);
    *number = NULL;
}

void openssl_free_numbers(BN_CTX **context)
{
    BN_CTX_free(*context);
    *context = NULL;
}

void openssl_free_builder(OSSL_PARAM_BLD **builder)
{
    OSSL_PARAM_BLD_free(*builder);
    *builder = NULL;
}

void openssl_free_parameters(OSSL_PARAM **parameters)
{
    OSSL_PARAM_free(*parameters);
    *parameters = NULL;
}

Error *openssl_error(const char *what)
{
    char text[256] = "no reason given";
    unsigned long code = ERR_peek_last_error();

    if (code)
        ERR_error_string_n(code, text, sizeof(text));
    ERR_clear_error();
    return error_new(ERROR_INTERNAL, "%s: %s", what, text);
}
