/*
 * order.c - from needs to a plan.
 */
#include "plan/plan.h"

#include <stdlib.h>
#include <string.h>

/* Making of a plan: NUMBER_OF has each release's item, by the release's index; NONE without one. */
typedef struct Planner {
    Arena *arena;
    const ReleaseList *releases;
    size_t *levels; /* by release; counted from 1; 0: not known yet */
    size_t *number_of;
    size_t *seen_by;  /* by release: the last item whose needs it was found among */
    size_t *freed_by; /* likewise, in free_needs */
    bool reverse;
} Planner;

#define NONE SIZE_MAX

/* There are no circles: release_expand saw to that. */
static size_t level_of(Planner *p, const Release *release)
{
    size_t *level = &p->levels[release->index];

    if (*level)
        return *level;
    *level = 1;
    for (size_t i = 0; i < release->needs.len; i++) {
        size_t below = level_of(p, release->needs.items[i]);

        if (*level <= below)
            *level = below + 1;
    }
    return *level;
}

/* The place of a release's file among the files of its group: releases come in the files' order. */
static size_t stage_of(const Planner *p, const Release *release)
{
    size_t stage = 0;
    const SpecFile *last = NULL;

    for (size_t i = 0; i <= release->index; i++) {
        const SpecFile *file = p->releases->items[i]->file;

        if (file->group == release->file->group && file != last) {
            stage += last != NULL;
            last = file;
        }
    }
    return stage;
}

static void add_wait(Planner *p, PlanItem *item, size_t number)
{
    VEC(size_t) waits = {item->waits, item->wait_count, item->wait_count};

    for (size_t i = 0; i < waits.len; i++)
        if (waits.items[i] == number)
            return;
    *vec_add(p->arena, &waits) = number;
    item->waits = waits.items;
    item->wait_count = waits.len;
}

/* ITEM waits for what RELEASE needs; where that is not selected, for what it needs. */
static void add_needs(Planner *p, Plan *plan, size_t number, const Release *release)
{
    for (size_t i = 0; i < release->needs.len; i++) {
        const Release *need = release->needs.items[i];
        size_t other = p->number_of[need->index];

        if (p->seen_by[need->index] == number)
            continue;
        p->seen_by[need->index] = number;
        if (other == NONE)
            add_needs(p, plan, number, need);
        else if (p->reverse)
            add_wait(p, &plan->items[other], number);
        else
            add_wait(p, &plan->items[number], other);
    }
}

/* Whether RELEASE, or what it needs and is not selected, needs a release of another file. */
static bool names_other_files(const Planner *p, const Release *release, const SpecFile *file)
{
    for (size_t i = 0; i < release->needs.len; i++) {
        const Release *need = release->needs.items[i];

        if (need->file != file ||
            (p->number_of[need->index] == NONE && names_other_files(p, need, file)))
            return true;
    }
    return false;
}

/*
 * What an item waits for must not itself wait for the stage that the item is in: it may be of a
 * later one, or of another group. ITEM, or where that waits (not p->reverse) RELEASE's needs, are
 * then free.
 */
static void free_needs(Planner *p, Plan *plan, PlanItem *item, const Release *release)
{
    for (size_t i = 0; i < release->needs.len; i++) {
        const Release *need = release->needs.items[i];
        size_t number = p->number_of[need->index];

        if (p->freed_by[need->index] == item->release->index)
            continue;
        p->freed_by[need->index] = item->release->index;
        if (number != NONE) {
            PlanItem *first = p->reverse ? item : &plan->items[number];
            const PlanItem *then = p->reverse ? &plan->items[number] : item;

            first->free |= first->group != then->group || first->stage > then->stage;
        }
        free_needs(p, plan, item, need);
    }
}

static void free_items(Planner *p, Plan *plan)
{
    bool any = false;

    for (size_t i = 0; i < plan->len; i++) {
        PlanItem *item = &plan->items[i];

        item->free |= names_other_files(p, item->release, item->release->file);
        any |= item->free;
    }
    for (size_t i = 0; any && i < plan->len; i++)
        free_needs(p, plan, &plan->items[i], plan->items[i].release);
}

static int compare(const PlanItem *a, const PlanItem *b)
{
    if (a->group != b->group)
        return a->group < b->group ? -1 : 1;
    if (a->stage != b->stage)
        return a->stage < b->stage ? -1 : 1;
    if (a->level != b->level)
        return a->level < b->level ? -1 : 1;
    return (a->release->index > b->release->index) - (a->release->index < b->release->index);
}

static int compare_forward(const void *left, const void *right)
{
    return compare(left, right);
}

static int compare_reverse(const void *left, const void *right)
{
    return compare(right, left);
}

/* Stages are counted the other way round, so that the last comes first. */
static void reverse_stages(Plan *plan)
{
    size_t most = 0;

    for (size_t i = 0; i < plan->len; i++)
        most = plan->items[i].stage > most ? plan->items[i].stage : most;
    for (size_t i = 0; i < plan->len; i++)
        plan->items[i].stage = most - plan->items[i].stage;
}

static void collect(Planner *p, Plan *plan)
{
    size_t stage = 0;
    const SpecFile *file = NULL;

    for (size_t i = 0; i < p->releases->len; i++) {
        Release *release = p->releases->items[i];

        p->number_of[i] = NONE;
        if (!release->selected)
            continue;
        if (release->file != file)
            stage = stage_of(p, release);
        file = release->file;
        *vec_add(p->arena, plan) = (PlanItem){.release = release,
                                              .level = level_of(p, release),
                                              .stage = stage,
                                              .group = release->file->group};
    }
}

Error *plan_make(Arena *a, const ReleaseList *releases, bool reverse, Plan *out)
{
    Planner p = {.arena = a,
                 .releases = releases,
                 .levels = arena_array(a, size_t, releases->len),
                 .number_of = arena_array(a, size_t, releases->len),
                 .seen_by = arena_array(a, size_t, releases->len),
                 .freed_by = arena_array(a, size_t, releases->len),
                 .reverse = reverse};

    *out = (Plan){0};
    collect(&p, out);
    if (out->len)
        qsort(out->items, out->len, sizeof(*out->items),
              reverse ? compare_reverse : compare_forward);
    if (reverse)
        reverse_stages(out);
    for (size_t i = 0; i < out->len; i++)
        p.number_of[out->items[i].release->index] = i;
    for (size_t i = 0; i < releases->len; i++)
        p.seen_by[i] = p.freed_by[i] = NONE;
    for (size_t i = 0; i < out->len; i++)
        add_needs(&p, out, i, out->items[i].release);
    free_items(&p, out);
    return NULL;
}
