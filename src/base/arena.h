/*
 * arena.h - memory with a lifetime instead of a free().
 *
 * Everything that lives equally long is allocated from one arena and goes away
 * with it. relfile has three lifetimes:
 *
 *     run        one command: spec, environment, releases, plan
 *     release    one release on its way through the pipeline: chart, manifests, changes
 *     scratch    one function that needs a lot of memory for a short time
 *
 * A function that returns memory takes `Arena *` as its first parameter, and what
 * it returns lives as long as that arena. A function without one allocates nothing
 * that outlives the call. There is no way to free a single allocation.
 *
 * Allocation does not fail: out of memory ends the process. Memory that an input
 * could make grow without end is limited where the input comes in, by counting
 * (see yaml.h, template.h), and that is an ordinary error.
 *
 * An arena belongs to one thread at a time. {0} is an empty arena.
 */
#pragma once

#include <stdalign.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Arena {
    struct ArenaBlock *blocks; /* newest first */
    char *next;                /* first free byte of the newest block */
    size_t left;               /* free bytes in the newest block */
    size_t taken;              /* bytes of all blocks: who must limit growth compares them */
    bool lasting;              /* it lives as long as the command: time counts more than memory */

    /*
     * Of a part of some work, which goes before the rest: a number that no other arena of the work
     * has, which maps made in it keep; else 0. And whether an older map has come to refer to
     * what is in it: see value_map_set.
     */
    uint32_t part;
    bool referred;
} Arena;

/* Zeroed memory for one T, or for COUNT of them. */
#define arena_new(a, T) ((T *)arena_alloc((a), 1, sizeof(T), alignof(T)))
#define arena_array(a, T, count) ((T *)arena_alloc((a), (count), sizeof(T), alignof(T)))

void *arena_alloc(Arena *a, size_t count, size_t size, size_t align);

/* LEN bytes for text, not zeroed. */
char *arena_text(Arena *a, size_t len);

/*
 * OLD, a text of A with room for OLD_ROOM bytes, with room for ROOM where it is; false where that
 * cannot be.
 */
bool arena_extend_text(Arena *a, const char *old, size_t old_room, size_t room);

/*
 * The same for a large text, which may move: without copying its bytes, and giving its old memory
 * back. NULL where that cannot be.
 */
char *arena_move_text(Arena *a, const char *old, size_t old_room, size_t room);

/* What is in PART belongs to A from now on, and PART is empty. */
void arena_adopt(Arena *a, Arena *part);

/* Give everything back; A is empty again and can be used again. */
void arena_free(Arena *a);
