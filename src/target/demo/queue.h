/*
 * queue.h - which objects controllers are to look at, and when: earliest first.
 *
 * An entry is in the queue once; asking again for an earlier time moves it forward, for a later
 * one changes nothing. Among those due at the same time, who came first is first.
 */
#pragma once

#include "base/vec.h"
#include "target/demo/store.h"

typedef struct QueueItem {
    int64_t due_ms;
    uint64_t number;
    Entry *entry;
} QueueItem;

typedef struct Queue {
    Arena *arena;
    VEC(QueueItem) heap;
    EntryList touched; /* whose time was changed since the change log was written */
    uint64_t number;
} Queue;

void queue_add(Queue *queue, Entry *entry, int64_t due_ms);

/* Have ENTRY at DUE_MS, whatever it was before; INT64_MAX: not at all. */
void queue_set(Queue *queue, Entry *entry, int64_t due_ms);

/* When the first is due; INT64_MAX where nothing is. */
int64_t queue_next_ms(Queue *queue);

/* The first, if it is due at NOW_MS; NULL if none is. */
Entry *queue_take(Queue *queue, int64_t now_ms);
