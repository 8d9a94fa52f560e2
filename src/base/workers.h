/*
 * workers.h - threads that are made to run deep recursion: see stack.h.
 */
#pragma once

#include <pthread.h>
#include <stddef.h>

/* Start a thread with a stack of STACK_BYTES. Being out of threads is a BUG, as being out of
 * memory. */
pthread_t worker_start(void *(*run)(void *), void *context);

/* Wait for its end: what its function returned. */
void *worker_join(pthread_t worker);

/* How many threads the machine runs at once; at least 1. */
size_t worker_cores(void);

/* RUN with each number below LEN, on up to MOST threads at the same time; with one, on this. */
void workers_each(size_t len, size_t most, void (*run)(void *context, size_t i), void *context);
