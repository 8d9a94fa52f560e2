#include "base/openssl.h"

#include "base/lang.h"

#include <pthread.h>

/* As libcrypto.so.3: its version is the header's. */
#define TEXT(number) #number
#define FILE_OF(version) "libcrypto.so." TEXT(version)

static OpenSsl library;

static void load(void)
{
    Error *err =
        LIBRARY_LOAD(FILE_OF(OPENSSL_SHLIB_VERSION), "libssl3", OPENSSL_FUNCTIONS, &library);

    if (err)
        BUG("%s", error_message(err));
}

const OpenSsl *openssl(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, load);
    return &library;
}

void openssl_key_free(EVP_PKEY **key)
{
    EVP_PKEY_free(*key);
    *key = NULL;
}

void openssl_key_context_free(EVP_PKEY_CTX **context)
{
    EVP_PKEY_CTX_free(*context);
    *context = NULL;
}

void openssl_cipher_free(EVP_CIPHER_CTX **cipher)
{
    EVP_CIPHER_CTX_free(*cipher);
    *cipher = NULL;
}

void openssl_digest_free(EVP_MD_CTX **digest)
{
    EVP_MD_CTX_free(*digest);
    *digest = NULL;
}

void openssl_text_free(BIO **text)
{
    BIO_free(*text);
    *text = NULL;
}

void openssl_number_free(BIGNUM **number)
{
    BN_clear_free(*number);
    *number = NULL;
}

void openssl_numbers_free(BN_CTX **numbers)
{
    BN_CTX_free(*numbers);
    *numbers = NULL;
}
