#include "base/workers.h"

#include "base/lang.h"
#include "base/stack.h"

#include <stdatomic.h>
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

void *worker_join(pthread_t worker)
{
    void *result = NULL;

    pthread_join(worker, &result);
    return result;
}

size_t worker_cores(void)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);

    return cores > 0 ? (size_t)cores : 1;
}

/* Each thread takes the next number that nobody has taken. */
typedef struct Batch {
    void (*run)(void *context, size_t i);
    void *context;
    size_t len;
    atomic_size_t next;
} Batch;

static void *run_batch(void *context)
{
    Batch *batch = context;

    for (size_t i; (i = atomic_fetch_add(&batch->next, 1)) < batch->len;)
        batch->run(batch->context, i);
    return NULL;
}

void workers_each(size_t len, size_t most, void (*run)(void *context, size_t i), void *context)
{
    enum { MOST_THREADS = 64 };
    Batch batch = {.run = run, .context = context, .len = len};
    pthread_t threads[MOST_THREADS];
    size_t count = len < most ? len : most;

    if (count > MOST_THREADS)
        count = MOST_THREADS;
    if (count < 2) {
        run_batch(&batch);
        return;
    }
    for (size_t i = 0; i < count; i++)
        threads[i] = worker_start(run_batch, &batch);
    for (size_t i = 0; i < count; i++)
        worker_join(threads[i]);
}
