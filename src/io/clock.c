#include "io/clock.h"

#include <time.h>

enum { MS_PER_SECOND = 1000, NS_PER_MS = 1000000, NS_PER_SECOND = 1000000000 };

int64_t clock_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * NS_PER_SECOND + now.tv_nsec;
}

int64_t clock_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_BOOTTIME, &now);
    return (int64_t)now.tv_sec * MS_PER_SECOND + now.tv_nsec / NS_PER_MS;
}

void clock_sleep(int64_t ms)
{
    struct timespec left = {ms / MS_PER_SECOND, ms % MS_PER_SECOND * NS_PER_MS};

    nanosleep(&left, NULL); // a signal may end it early: who waits looks again anyway
}

void bell_init(Bell *bell)
{
    pthread_condattr_t attributes;

    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&bell->condition, &attributes);
    pthread_condattr_destroy(&attributes);
    pthread_mutex_init(&bell->mutex, NULL);
    bell->rung = false;
}

void bell_destroy(Bell *bell)
{
    pthread_cond_destroy(&bell->condition);
    pthread_mutex_destroy(&bell->mutex);
}

bool bell_wait(Bell *bell, int64_t ms)
{
    struct timespec until;
    int failure = 0;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += ms / MS_PER_SECOND;
    until.tv_nsec += ms % MS_PER_SECOND * NS_PER_MS;
    if (until.tv_nsec >= NS_PER_SECOND) {
        until.tv_nsec -= NS_PER_SECOND;
        until.tv_sec++;
    }
    pthread_mutex_lock(&bell->mutex);
    while (!bell->rung && !failure)
        failure = pthread_cond_timedwait(&bell->condition, &bell->mutex, &until);
    bool rung = bell->rung;
    pthread_mutex_unlock(&bell->mutex);
    return rung;
}

void bell_ring(Bell *bell)
{
    pthread_mutex_lock(&bell->mutex);
    bell->rung = true;
    pthread_cond_signal(&bell->condition);
    pthread_mutex_unlock(&bell->mutex);
}
