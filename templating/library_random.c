#include "templating/library_random.h"

#include "base/openssl.h"
#include "templating/render.h"
#include "templating/world.h"

#include <pthread.h>

/* OpenSSL's hook has no context, so the call it is lent from is the thread's. */
static _Thread_local const TemplateCall *lender;

static int give_bytes(unsigned char *bytes, int len)
{
    if (!lender)
        return RAND_OpenSSL()->bytes(bytes, len);
    Error *err = call_random(lender, bytes, (size_t)len);
    bool given = !err;
    error_free(err);
    return given;
}

static int is_ready(void)
{
    return lender ? 1 : RAND_OpenSSL()->status();
}

static void install(void)
{
    static const RAND_METHOD method = {
        .bytes = give_bytes, .pseudorand = give_bytes, .status = is_ready};

    RAND_set_rand_method(&method);
}

LibraryRandom library_random_begin(const TemplateCall *call)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    if (!call->render->seed)
        return (LibraryRandom){false};
    pthread_once(&once, install);
    lender = call;
    return (LibraryRandom){true};
}

void library_random_end(LibraryRandom *lent)
{
    if (lent->lent)
        lender = NULL;
}
