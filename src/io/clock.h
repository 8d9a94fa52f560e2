/*
 * clock.h - time that only goes forward, and sleep that another thread can end.
 *
 * For how long something took, or how long to wait. What time of day it is: world.h.
 */
#pragma once

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

/* Nanoseconds that only go forward, for how long short things take. */
int64_t clock_ns(void);

/* Milliseconds since some start. Goes on while the machine sleeps, whoever sets its clock. */
int64_t clock_ms(void);

void clock_sleep(int64_t ms);

/* What one thread sleeps on and others ring. It must not move in memory. */
typedef struct Bell {
    pthread_mutex_t mutex;
    pthread_cond_t condition;
    bool rung;
} Bell;

void bell_init(Bell *bell);
void bell_destroy(Bell *bell);

/* Wait until the bell has been rung, at most so long. Returns whether it has. */
bool bell_wait(Bell *bell, int64_t ms);
void bell_ring(Bell *bell);
