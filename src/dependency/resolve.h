/*
 * resolve.h - dependencies found and fetched, many at a time.
 */
#pragma once

#include "dependency/declared.h"

/* Where a dependency is. */
typedef enum ItemKind { ITEM_IN_CHARTS, ITEM_LOCAL, ITEM_FETCHED } ItemKind;

typedef struct Item {
    ChartDependency declared; /* its repository a URL, not an alias */
    ItemKind kind;
    const char *local;  /* folder of ITEM_LOCAL */
    bool is_known;      /* its repository is one of those that have a name */
    ChartSource source; /* of ITEM_FETCHED */
    Str version;        /* which was found */
    Str file, archive;  /* "web-1.2.0.tgz", and its bytes; but of ITEM_IN_CHARTS */
    Arena arena;
    Error *failure;
    Str fault;           /* what the failure said; empty without one */
    bool is_unreachable; /* the failure was the network's or the server's */
} Item;

typedef VEC(Item) ItemList;

/* LIST of the chart at D->path as items, with aliases of repositories resolved. */
Error *items_make(Arena *a, const DependencyOptions *options, const Declared *d,
                  const ChartDependencyList *list, ItemList *out) MUST_CHECK;

/* Find and fetch them all; the error of the first that fails. */
Error *items_fetch(const DependencyOptions *options, ItemList *items) MUST_CHECK;

/* For DEFER. */
void items_free(ItemList *items);

/* What a lock says of ITEMS; and what was wanted, as helm makes digests of it. */
void items_lock(Arena *a, const ItemList *items, ChartDependencyList *out);
void items_wanted(Arena *a, const ItemList *items, ChartDependencyList *out);
