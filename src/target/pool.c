#include "target/pool.h"

#include <pthread.h>

typedef struct PoolItem {
    const PoolKind *kind;
    Str context, config; /* which cluster */
    Arena memory;        /* its own */
    void *item;
} PoolItem;

struct TargetPool {
    Arena memory; /* the pool itself is in it */
    pthread_mutex_t turn;
    VEC(PoolItem *) items;
};

TargetPool *target_pool_new(void)
{
    Arena memory = {0};
    TargetPool *pool = arena_new(&memory, TargetPool);

    pool->memory = memory;
    pthread_mutex_init(&pool->turn, NULL);
    return pool;
}

void target_pool_free(TargetPool **pool)
{
    Arena memory;

    if (!*pool)
        return;
    for (size_t i = 0; i < (*pool)->items.len; i++) {
        PoolItem *item = (*pool)->items.items[i];

        item->kind->end(item->item);
        arena_free(&item->memory);
    }
    pthread_mutex_destroy(&(*pool)->turn);
    memory = (*pool)->memory;
    *pool = NULL;
    arena_free(&memory);
}

static Str config_of(const TargetOptions *options)
{
    return options->config ? str_from(options->config) : STR("");
}

static PoolItem *item_of(const TargetPool *pool, const PoolKind *kind, const TargetOptions *options)
{
    for (size_t i = 0; i < pool->items.len; i++) {
        PoolItem *item = pool->items.items[i];

        if (item->kind == kind && str_equal(item->context, options->context) &&
            str_equal(item->config, config_of(options)))
            return item;
    }
    return NULL;
}

static Error *add_item(TargetPool *pool, const PoolKind *kind, const TargetOptions *options,
                       PoolItem **out)
{
    PoolItem *item = arena_new(&pool->memory, PoolItem);
    Error *err = kind->make(&item->memory, options, &item->item);

    if (err) {
        arena_free(&item->memory);
        return err;
    }
    item->kind = kind;
    item->context = str_copy(&pool->memory, options->context);
    item->config = str_copy(&pool->memory, config_of(options));
    *vec_add(&pool->memory, &pool->items) = item;
    *out = item;
    return NULL;
}

Error *pool_find(TargetPool *pool, const PoolKind *kind, const TargetOptions *options, void **out)
{
    Error *err = NULL;

    pthread_mutex_lock(&pool->turn);
    PoolItem *item = item_of(pool, kind, options);
    if (!item)
        err = add_item(pool, kind, options, &item);
    pthread_mutex_unlock(&pool->turn);
    if (!err)
        *out = item->item;
    return err;
}
