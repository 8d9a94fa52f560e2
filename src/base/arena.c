#include "base/arena.h"

#include "base/lang.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* 0 gives every allocation a malloc of its own, so that ASan and valgrind see each one. */
#ifndef ARENA_BLOCK_BYTES
#define ARENA_BLOCK_BYTES 65536
#endif

enum {
    MOST_LOOKS = 8,          /* blocks that are looked at for one to grow */
    MOST_SPARE = 16,         /* blocks that a thread keeps */
    GROWN = 16 << 20,        /* bytes of an arena that goes on in huge pages */
    GROWN_LASTING = 4 << 20, /* of one that lasts */
    HUGE_PAGE = 2 << 20,
};

struct ArenaBlock {
    struct ArenaBlock *older;
    size_t bytes;
    max_align_t data[];
};

/*
 * Blocks of the usual size that this thread has given back. Small arenas come and go all the time;
 * were their blocks the system's in between, it would take the pages from all threads, which have
 * to stop for that, and give new ones.
 */
typedef struct Spare {
    struct ArenaBlock *blocks;
    size_t count;
    bool noted; /* to be freed when the thread ends */
} Spare;

static _Thread_local Spare spare;
static pthread_key_t spare_key;

static void free_spare(void *kept)
{
    Spare *own = kept;

    while (own->blocks) {
        struct ArenaBlock *older = own->blocks->older;

        free(own->blocks);
        own->blocks = older;
    }
    own->count = MOST_SPARE; // what other destructors free is not kept
}

static void make_key(void)
{
    if (pthread_key_create(&spare_key, free_spare) != 0)
        BUG("out of keys of threads");
}

static void note_spare(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, make_key);
    spare.noted = pthread_setspecific(spare_key, &spare) == 0;
}

/* Whether BLOCK is kept. */
static bool keep_block(struct ArenaBlock *block)
{
    if (!ARENA_BLOCK_BYTES || block->bytes != ARENA_BLOCK_BYTES || spare.count >= MOST_SPARE)
        return false;
    if (!spare.noted)
        note_spare();
    if (!spare.noted)
        return false;
    block->older = spare.blocks;
    spare.blocks = block;
    spare.count++;
    return true;
}

static struct ArenaBlock *take_spare(size_t bytes)
{
    struct ArenaBlock *block = spare.blocks;

    if (bytes != ARENA_BLOCK_BYTES || !block)
        return NULL;
    spare.blocks = block->older;
    spare.count--;
    return block;
}

static struct ArenaBlock *new_block(Arena *a, size_t bytes)
{
    struct ArenaBlock *block = take_spare(bytes);

    if (!block)
        block = malloc(sizeof(*block) + bytes);
    if (!block)
        BUG("out of memory");
    block->bytes = bytes;
    a->taken += bytes;
    return block;
}

/*
 * A block of one huge page. Four kilobytes after the other, a third of the time of reading a large
 * spec is the system's, which hands out pages; what is large already is worth a huge one, half of
 * which may stay empty. A system that has none gives small ones.
 */
static struct ArenaBlock *new_huge_block(Arena *a)
{
    struct ArenaBlock *block = aligned_alloc(HUGE_PAGE, HUGE_PAGE);

    if (!block)
        BUG("out of memory");
    madvise(block, HUGE_PAGE, MADV_HUGEPAGE);
    block->bytes = HUGE_PAGE - sizeof(*block);
    a->taken += block->bytes;
    return block;
}

static void add_block(Arena *a, size_t bytes)
{
    bool huge = ARENA_BLOCK_BYTES && bytes == ARENA_BLOCK_BYTES &&
                a->taken >= (size_t)(a->lasting ? GROWN_LASTING : GROWN);
    struct ArenaBlock *block = huge ? new_huge_block(a) : new_block(a, bytes);

    block->older = a->blocks;
    a->blocks = block;
    a->next = (char *)block->data;
    a->left = block->bytes;
}

/* A block of its own for something large; the newest one stays in use for what is small. */
static void *take_large(Arena *a, size_t bytes)
{
    struct ArenaBlock *block = new_block(a, bytes);

    block->older = a->blocks->older;
    a->blocks->older = block;
    return block->data;
}

static void *take(Arena *a, size_t bytes, size_t align)
{
    size_t padding = (size_t)(-(uintptr_t)a->next) & (align - 1);

    if (a->blocks && a->left < bytes + padding && bytes > ARENA_BLOCK_BYTES / 4)
        return take_large(a, bytes);
    if (!a->blocks || a->left < bytes + padding) {
        add_block(a, bytes > ARENA_BLOCK_BYTES ? bytes : ARENA_BLOCK_BYTES);
        padding = 0;
    }
    void *memory = a->next + padding;
    a->next += padding + bytes;
    a->left -= padding + bytes;
    return memory;
}

void *arena_alloc(Arena *a, size_t count, size_t size, size_t align)
{
    size_t bytes;

    if (__builtin_mul_overflow(count, size, &bytes) || bytes > PTRDIFF_MAX / 2)
        BUG("allocation of %zu x %zu bytes", count, size);
    return memset(take(a, bytes, align), 0, bytes);
}

char *arena_text(Arena *a, size_t len)
{
    if (len > PTRDIFF_MAX / 2)
        BUG("allocation of %zu bytes", len);
    return take(a, len, 1);
}

bool arena_extend_text(Arena *a, const char *old, size_t old_room, size_t room)
{
    size_t more = room - old_room;

    if (!ARENA_BLOCK_BYTES || !old || old + old_room != a->next || a->left < more)
        return false;
    a->next += more;
    a->left -= more;
    return true;
}

/* What has a block of its own is moved with it: realloc mostly moves pages, and not their bytes. */
char *arena_move_text(Arena *a, const char *old, size_t old_room, size_t room)
{
    struct ArenaBlock **link = &a->blocks;

    if (!ARENA_BLOCK_BYTES || !old || !*link || room > PTRDIFF_MAX / 2)
        return NULL;
    link = &(*link)->older; // the newest one is for small things
    for (int left = MOST_LOOKS; *link && (char *)(*link)->data != old && left > 0; left--)
        link = &(*link)->older;
    if (!*link || (char *)(*link)->data != old || (*link)->bytes != old_room)
        return NULL;
    struct ArenaBlock *grown = realloc(*link, sizeof(*grown) + room);
    if (!grown)
        BUG("out of memory");
    grown->bytes = room;
    *link = grown;
    a->taken += room - old_room;
    return (char *)grown->data;
}

void arena_adopt(Arena *a, Arena *part)
{
    struct ArenaBlock **oldest = &part->blocks;

    while (*oldest)
        oldest = &(*oldest)->older;
    if (!a->blocks) {
        a->blocks = part->blocks;
        a->next = part->next;
        a->left = part->left;
    } else { // the newest block of A stays in use
        *oldest = a->blocks->older;
        a->blocks->older = part->blocks;
    }
    a->taken += part->taken;
    *part = (Arena){0};
}

void arena_free(Arena *a)
{
    struct ArenaBlock *block = a->blocks;

    while (block) {
        struct ArenaBlock *older = block->older;

        if (!keep_block(block))
            free(block);
        block = older;
    }
    *a = (Arena){0};
}
