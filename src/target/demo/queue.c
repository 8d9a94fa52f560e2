#include "target/demo/queue.h"

static bool is_before(const QueueItem *a, const QueueItem *b)
{
    return a->due_ms != b->due_ms ? a->due_ms < b->due_ms : a->number < b->number;
}

static void swap(QueueItem *a, QueueItem *b)
{
    QueueItem item = *a;

    *a = *b;
    *b = item;
}

static void push(Queue *queue, QueueItem item)
{
    size_t at = queue->heap.len;
    QueueItem *items;

    *vec_add(queue->arena, &queue->heap) = item;
    items = queue->heap.items;
    for (; at && is_before(&items[at], &items[(at - 1) / 2]); at = (at - 1) / 2)
        swap(&items[at], &items[(at - 1) / 2]);
}

void queue_set(Queue *queue, Entry *entry, int64_t due_ms)
{
    // what it was due at before stays in the heap, and is passed over when it comes up
    entry->due_ms = due_ms;
    if (due_ms != INT64_MAX)
        push(queue, (QueueItem){due_ms, queue->number++, entry});
    if (!entry->touched)
        *vec_add(queue->arena, &queue->touched) = entry;
    entry->touched = true;
}

void queue_add(Queue *queue, Entry *entry, int64_t due_ms)
{
    if (due_ms < entry->due_ms)
        queue_set(queue, entry, due_ms);
}

static void remove_first(Queue *queue)
{
    QueueItem *items = queue->heap.items;
    size_t len = --queue->heap.len, at = 0;

    items[0] = items[len];
    for (;;) {
        size_t child = 2 * at + 1;

        if (child + 1 < len && is_before(&items[child + 1], &items[child]))
            child++;
        if (child >= len || !is_before(&items[child], &items[at]))
            return;
        swap(&items[at], &items[child]);
        at = child;
    }
}

int64_t queue_next_ms(Queue *queue)
{
    while (queue->heap.len && queue->heap.items[0].due_ms != queue->heap.items[0].entry->due_ms)
        remove_first(queue);
    return queue->heap.len ? queue->heap.items[0].due_ms : INT64_MAX;
}

Entry *queue_take(Queue *queue, int64_t now_ms)
{
    Entry *entry;

    if (queue_next_ms(queue) > now_ms)
        return NULL;
    entry = queue->heap.items[0].entry;
    remove_first(queue);
    queue_set(queue, entry, INT64_MAX);
    entry->taken = true;
    return entry;
}
