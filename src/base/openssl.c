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
