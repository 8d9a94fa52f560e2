/*
 * list.c - keywords about lists.
 */
#include "chart/schema/spot.h"

static void check_size(Spot *s)
{
    double least, most, len = (double)s->v.list.len;

    if (spot_keyword_count(s, "minItems", &least) && len < least)
        spot_add(s, "minItems: got %.0f, want %.0f", len, least);
    if (spot_keyword_count(s, "maxItems", &most) && len > most)
        spot_add(s, "maxItems: got %.0f, want %.0f", len, most);
}

static Error *check_unique(Spot *s)
{
    const Value *unique = spot_keyword(s, "uniqueItems", VALUE_BOOL);

    for (size_t i = 1; unique && unique->boolean && i < s->v.list.len; i++)
        for (size_t j = 0; j < i; j++) {
            if (!s->run->comparisons--)
                return error_new(ERROR_INPUT, "the list is too long for uniqueItems");
            if (!json_equal(s->v.list.items[i], s->v.list.items[j]))
                continue;
            spot_add(s, "items at %zu and %zu are equal", j, i);
            return NULL;
        }
    return NULL;
}

/* Items FROM to the last one of LEN, each against its schema in LIST, or all against ONE. */
static Error *check_items(Spot *s, size_t from, size_t len, const Value *list, const Value *one)
{
    for (size_t i = from; i < len; i++)
        TRY(spot_check_inner(s, list ? &list->list.items[i] : one, s->v.list.items[i],
                             json_index(s->run->arena, i)));
    return NULL;
}

/* "items" before 2020-12: a schema, or a list of them and "additionalItems". */
static Error *check_old_items(Spot *s)
{
    const Value *items = spot_at(s, "items");
    const Value *more = spot_at(s, "additionalItems");
    size_t len = s->v.list.len, done;

    if (!items)
        return NULL;
    if (items->kind != VALUE_LIST)
        return check_items(s, 0, len, NULL, items);
    done = items->list.len < len ? items->list.len : len;
    TRY(check_items(s, 0, done, items, NULL));
    if (!more)
        return NULL;
    if (more->kind != VALUE_BOOL)
        return check_items(s, done, len, NULL, more);
    if (!more->boolean && done != len)
        spot_add(s, "last %zu additionalItem(s) not allowed", len - done);
    return NULL;
}

static Error *check_new_items(Spot *s)
{
    const Value *first = spot_keyword(s, "prefixItems", VALUE_LIST);
    const Value *items = spot_at(s, "items");
    size_t len = s->v.list.len, done = first && first->list.len < len ? first->list.len : len;

    if (!first)
        done = 0;
    TRY(check_items(s, 0, done, first, NULL));
    return items ? check_items(s, done, len, NULL, items) : NULL;
}

static void add_indices(Buf *b, const bool *matched, size_t len)
{
    bool first = true;

    for (size_t i = 0; i < len; i++)
        if (matched[i]) {
            buf_format(b, "%s%zu", first ? "" : " ", i);
            first = false;
        }
}

/* Are there as many as minContains and maxContains say? */
static void check_count(Spot *s, const bool *matched, size_t count, ProblemList causes)
{
    bool counts = s->scope.schema.resource->draft >= 2019;
    Buf b = {.arena = s->run->arena};
    double least, most;

    if (counts && spot_keyword_count(s, "minContains", &least)) {
        if ((double)count < least) {
            buf_format(&b, "min %.0f items required to match contains schema, but ", least);
            buf_add_c(&b, count ? "matched " : "none matched");
            if (count)
                buf_format(&b, "%zu items at ", count);
            add_indices(&b, matched, s->v.list.len);
            spot_add_text(s, buf_str(&b), causes);
        }
    } else if (!count) {
        spot_add_text(s, STR("no items match contains schema"), causes);
    }
    if (counts && spot_keyword_count(s, "maxContains", &most) && (double)count > most) {
        b = (Buf){.arena = s->run->arena};
        buf_format(&b,
                   "max %.0f items required to match contains schema, but matched %zu items at ",
                   most, count);
        add_indices(&b, matched, s->v.list.len);
        spot_add_text(s, buf_str(&b), (ProblemList){0});
    }
}

static Error *check_contains(Spot *s)
{
    const Value *schema = spot_at(s, "contains");
    ProblemList causes = {0};
    size_t count = 0;
    bool *matched;

    if (!schema)
        return NULL;
    matched = arena_array(s->run->arena, bool, s->v.list.len);
    for (size_t i = 0; i < s->v.list.len; i++) {
        const Problem *problem;

        TRY(spot_inner(s, schema, s->v.list.items[i], json_index(s->run->arena, i), &problem));
        matched[i] = !problem;
        count += matched[i];
        if (problem)
            *vec_add(s->run->arena, &causes) = problem;
        else if (s->left.items && s->scope.schema.resource->draft >= 2020)
            s->left.items[i] = false;
    }
    check_count(s, matched, count, causes);
    return NULL;
}

Error *spot_list(Spot *s)
{
    int draft = s->scope.schema.resource->draft;

    check_size(s);
    TRY(check_unique(s));
    TRY(draft < 2020 ? check_old_items(s) : check_new_items(s));
    return draft >= 6 ? check_contains(s) : NULL;
}
