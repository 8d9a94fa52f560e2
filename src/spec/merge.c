/*
 * merge.c - records over records: bases under files, parts over parts, templates under releases.
 *
 * What is not said never overrides. (In helmfile a `false` cannot override a `true` either, since
 * it cannot tell the two; here it can.)
 */
#include "spec/merge.h"

#include "spec/fields.h"

#include <stdalign.h>
#include <stddef.h>
#include <string.h>

/* A VEC of anything. */
typedef VEC(char) AnyList;

/* Items are never changed in place: where one list is empty, the other is shared. */
static void append(Arena *a, AnyList *list, const AnyList *more, size_t size)
{
    size_t len = list->len + more->len;

    if (!list->len && (more->len || !list->items)) {
        *list = (AnyList){more->items, more->len, more->len};
    } else if (more->len) {
        char *items = arena_alloc(a, len, size, alignof(max_align_t));

        memcpy(items, list->items, list->len * size);
        memcpy(items + list->len * size, more->items, more->len * size);
        *list = (AnyList){items, len, len};
    }
}

static void merge_list(Arena *a, void *base, const void *over, size_t size, SpecMerge how)
{
    const AnyList *new = over;

    if (how.appends_lists)
        append(a, base, new, size);
    else if (new->len || (new->items && !((AnyList *)base)->len))
        *(AnyList *)base = *new;
}

static void merge_text_map(Arena *a, ValueMap **base, ValueMap *over)
{
    if (!over)
        return;
    *base = value_map_shallow(a, *base);
    for (size_t i = 0; i < over->len; i++)
        value_map_set(a, *base, over->entries[i].key, over->entries[i].value);
}

static const SpecText *key_of(const char *record)
{
    return (const SpecText *)(const void *)record;
}

static char *find_record(AnyList *list, size_t size, Str key)
{
    for (size_t i = 0; i < list->len; i++)
        if (str_equal(key_of(list->items + i * size)->text, key))
            return list->items + i * size;
    return NULL;
}

/* The values of an environment in a base and in the file: the later layer has the last word. */
static void join_environment(Arena *a, SpecEnvironment *base, const SpecEnvironment *over)
{
    SpecEnvironment joined = *base;

    spec_merge(a, &spec_record_environment, &joined, over, (SpecMerge){.appends_lists = true});
    if (joined.merge_strategy.text.ptr && str_is(joined.merge_strategy.text, "fallback")) {
        joined.values = over->values;
        append(a, (AnyList *)(void *)&joined.values, (const AnyList *)(const void *)&base->values,
               sizeof(ValuesEntry));
    }
    *base = joined;
}

static void merge_record_map(Arena *a, const SpecField *field, void *base, const void *over,
                             SpecMerge how)
{
    const SpecRecordType *type = field->record;
    AnyList *list = base;
    const AnyList *new = over;

    for (size_t i = 0; i < new->len; i++) {
        const char *record = new->items + i * type->size;
        char *old = find_record(list, type->size, key_of(record)->text);

        if (old && how.joins_environments && type == &spec_record_environment) {
            join_environment(a, (SpecEnvironment *)(void *)old,
                             (const SpecEnvironment *)(const void *)record);
        } else {
            if (!old) {
                list->items = vec_grow(a, list->items, list->len, &list->cap, type->size);
                old = list->items + list->len++ * type->size;
            }
            memcpy(old, record, type->size);
        }
    }
}

static void merge_scalar(const SpecField *field, void *base, const void *over)
{
    switch (field->type) {
    case SPEC_TEXT:
        if (((const SpecText *)over)->text.len)
            *(SpecText *)base = *(const SpecText *)over;
        break;
    case SPEC_FLAG:
        if (*(const SpecFlag *)over != FLAG_UNSET)
            *(SpecFlag *)base = *(const SpecFlag *)over;
        break;
    case SPEC_NUMBER:
        if (((const SpecNumber *)over)->set)
            *(SpecNumber *)base = *(const SpecNumber *)over;
        break;
    case SPEC_ITEMS:
        if (((const ValueList *)over)->len)
            *(ValueList *)base = *(const ValueList *)over;
        break;
    default:
        if (((const Value *)over)->kind != VALUE_NULL)
            *(Value *)base = *(const Value *)over;
        break;
    }
}

/* Where a record within a record was said. */
static void merge_place(const SpecRecordType *type, void *base, const void *over)
{
    if (type->place == SPEC_NO_PLACE)
        return;
    const Place *place = (const Place *)(const void *)((const char *)over + type->place);

    if (place->line)
        memcpy((char *)base + type->place, place, sizeof(*place));
}

static void merge_field(Arena *a, const SpecField *field, void *base, const void *over,
                        SpecMerge how)
{
    switch (field->type) {
    case SPEC_TEXTS:
    case SPEC_TEXT_LIST:
        merge_list(a, base, over, sizeof(SpecText), how);
        break;
    case SPEC_VALUES:
    case SPEC_CHART_VALUES:
        merge_list(a, base, over, sizeof(ValuesEntry), how);
        break;
    case SPEC_RECORDS:
        merge_list(a, base, over, field->record->size, how);
        break;
    case SPEC_TEXT_MAP:
        merge_text_map(a, base, *(ValueMap *const *)over);
        break;
    case SPEC_RECORD:
        spec_merge(a, field->record, base, over, how);
        merge_place(field->record, base, over);
        break;
    case SPEC_RECORD_MAP:
        merge_record_map(a, field, base, over, how);
        break;
    case SPEC_TEXT:
    case SPEC_FLAG:
    case SPEC_NUMBER:
    case SPEC_ITEMS:
    case SPEC_ANY:
        merge_scalar(field, base, over);
        break;
    }
}

void spec_merge(Arena *a, const SpecRecordType *type, void *base, const void *over, SpecMerge how)
{
    for (size_t i = 0; i < type->len; i++) {
        size_t offset = type->fields[i].offset;

        merge_field(a, &type->fields[i], (char *)base + offset, (const char *)over + offset, how);
    }
}

void spec_merge_release(Arena *a, SpecRelease *base, const SpecRelease *over)
{
    spec_merge(a, &spec_record_release, base, over, (SpecMerge){.appends_lists = true});
}
