#include "base/workers.h"

#include "base/lang.h"
#include "base/stack.h"

#include <unistd.h>

pthread_t worker_start(void *(*run)(void *), void *context)
{
    pthread_attr_t attributes;
    pthread_t worker;

    if (pthread_attr_init(&attributes) != 0 ||
        pthread_attr_setstacksize(&attributes, STACK_BYTES) != 0 ||
        pthread_create(&worker, &attributes, run, context) != 0)
        BUG("no thread can be started");
    pthread_attr_destroy(&attributes);
    return worker;
}

void worker_join(pthread_t worker)
{
    pthread_join(worker, NULL);
}

size_t worker_cores(void)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);

    return cores > 0 ? (size_t)cores : 1;
}
