/*
 * list.c - lists: their parts, their order, what they contain. Source: sprig, list.go.
 *
 * Any Go slice is a list here: a []string or a []byte as well as a []interface {}. What is
 * made of it is mostly a []interface {}, with the room that Go's append() leaves.
 */
#include "base/slice.h"
#include "templating/cast.h"
#include "templating/deep.h"
#include "templating/functions/sets.h"
#include "templating/render.h"
#include "templating/types.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define FAIL(...) error_new(ERROR_INPUT, __VA_ARGS__)

enum { MOST_COMPARISONS = 100 * 1000 * 1000, ITEM_BYTES = 16 };

static Error *check_list(Value v)
{
    if (type_is_list(v))
        return NULL;
    if (v.kind == VALUE_NULL)
        return FAIL("the list is nil");
    return FAIL("a %s is no list", type_kind_name(v));
}

/* Items FROM up to, not including, TO of LIST, as a list of their own. */
static Value part(Arena *a, Value list, size_t from, size_t to)
{
    Value *items = arena_array(a, Value, to - from);

    if (list.kind == VALUE_LIST && to > from)
        memcpy(items, list.list.items + from, (to - from) * sizeof(*items));
    for (size_t i = from; list.kind == VALUE_BYTES && i < to; i++)
        items[i - from] = type_list_item(list, i);
    return value_list(items, to - from);
}

static Error *run_list(const TemplateCall *call, Value *out)
{
    Value *items = arena_array(call->arena, Value, call->len);

    if (call->len)
        memcpy(items, call->args, call->len * sizeof(*items));
    *out = value_list(items, call->len);
    return NULL;
}

static Error *run_first(const TemplateCall *call, Value *out)
{
    TRY(check_list(call->args[0]));
    *out = type_list_len(call->args[0]) ? type_list_item(call->args[0], 0) : value_null();
    return NULL;
}

static Error *run_last(const TemplateCall *call, Value *out)
{
    TRY(check_list(call->args[0]));
    size_t len = type_list_len(call->args[0]);
    *out = len ? type_list_item(call->args[0], len - 1) : value_null();
    return NULL;
}

static Error *run_rest(const TemplateCall *call, Value *out)
{
    TRY(check_list(call->args[0]));
    size_t len = type_list_len(call->args[0]);
    *out = len ? part(call->arena, call->args[0], 1, len) : (Value){.kind = VALUE_LIST};
    return NULL;
}

static Error *run_initial(const TemplateCall *call, Value *out)
{
    TRY(check_list(call->args[0]));
    size_t len = type_list_len(call->args[0]);
    *out = len ? part(call->arena, call->args[0], 0, len - 1) : (Value){.kind = VALUE_LIST};
    return NULL;
}

static Error *run_reverse(const TemplateCall *call, Value *out)
{
    TRY(check_list(call->args[0]));
    size_t len = type_list_len(call->args[0]);
    Value *items = arena_array(call->arena, Value, len);
    for (size_t i = 0; i < len; i++)
        items[len - 1 - i] = type_list_item(call->args[0], i);
    *out = value_list(items, len);
    return NULL;
}

/*
 * LIST with V behind it. Templates build lists in loops, item by item: where LIST is what the
 * last append made, V goes into the memory behind it. Nobody sees it there but through the
 * new list, since lists never change.
 */
static Value appended(Render *r, Value list, Value v)
{
    size_t len = type_list_len(list), room = r->growing_cap - r->growing.len;
    bool grows = list.kind == VALUE_LIST && len && list.list.items == r->growing.items &&
                 len == r->growing.len && room > 0;

    if (!grows) {
        r->growing_cap = len < 8 ? 8 : len * 2;
        r->growing.items = arena_array(r->arena, Value, r->growing_cap);
        for (size_t i = 0; i < len; i++)
            r->growing.items[i] = type_list_item(list, i);
    }
    r->growing.items[len] = v;
    r->growing.len = len + 1;

    Value made = value_list(r->growing.items, len + 1);
    made.room = (uint32_t)(slice_grown(len, len + 1, ITEM_BYTES) - (len + 1));
    return made;
}

static Error *run_append(const TemplateCall *call, Value *out)
{
    TRY(check_list(call->args[0]));
    *out = appended(call->render, call->args[0], call->args[1]);
    return NULL;
}

static Error *run_prepend(const TemplateCall *call, Value *out)
{
    TRY(check_list(call->args[0]));
    size_t len = type_list_len(call->args[0]);
    Value *items = arena_array(call->arena, Value, len + 1);
    items[0] = call->args[1];
    for (size_t i = 0; i < len; i++)
        items[i + 1] = type_list_item(call->args[0], i);
    *out = value_list(items, len + 1);
    out->room = (uint32_t)(slice_grown(1, len + 1, ITEM_BYTES) - (len + 1));
    return NULL;
}

static Error *run_concat(const TemplateCall *call, Value *out)
{
    size_t len = 0;

    for (size_t i = 0; i < call->len; i++) {
        TRY(check_list(call->args[i]));
        len += type_list_len(call->args[i]);
    }
    Value *items = arena_array(call->arena, Value, len);
    size_t at = 0;
    for (size_t i = 0; i < call->len; i++)
        for (size_t j = 0; j < type_list_len(call->args[i]); j++)
            items[at++] = type_list_item(call->args[i], j);
    *out = len ? slice_appended(value_list(items, len)) : (Value){.kind = VALUE_LIST};
    return NULL;
}

/* Whether V is among the LEN items; *LEFT counts comparisons. */
static Error *contains(const Value *items, size_t len, Value v, size_t *left, bool *out)
{
    *out = false;
    for (size_t i = 0; i < len && !*out; i++) {
        if ((*left)-- == 0)
            return FAIL("more than %d comparisons", MOST_COMPARISONS);
        TRY(deep_equal(v, items[i], out));
    }
    return NULL;
}

/* Which items of a list stay: those that are not among the ones kept already, or not in OMIT. */
static Error *filter(const TemplateCall *call, const Value *omit, size_t omit_len, Value *out)
{
    Value list = call->args[0];
    size_t left = MOST_COMPARISONS, len = 0;

    TRY(check_list(list));
    Value *items = arena_array(call->arena, Value, type_list_len(list));
    for (size_t i = 0; i < type_list_len(list); i++) {
        Value item = type_list_item(list, i);
        bool found;

        TRY(contains(omit ? omit : items, omit ? omit_len : len, item, &left, &found));
        if (!found)
            items[len++] = item;
    }
    *out = slice_appended(value_list(items, len));
    return NULL;
}

static Error *run_uniq(const TemplateCall *call, Value *out)
{
    return filter(call, NULL, 0, out);
}

static Error *run_without(const TemplateCall *call, Value *out)
{
    return filter(call, call->args + 1, call->len - 1, out);
}

static Error *run_compact(const TemplateCall *call, Value *out)
{
    Value list = call->args[0];
    size_t len = 0;

    TRY(check_list(list));
    Value *items = arena_array(call->arena, Value, type_list_len(list));
    for (size_t i = 0; i < type_list_len(list); i++)
        if (template_truth(type_list_item(list, i)))
            items[len++] = type_list_item(list, i);
    *out = slice_appended(value_list(items, len));
    return NULL;
}

static Error *run_has(const TemplateCall *call, Value *out)
{
    Value list = call->args[1];
    size_t left = MOST_COMPARISONS;
    bool found = false;

    if (list.kind != VALUE_NULL)
        TRY(check_list(list));
    for (size_t i = 0; list.kind != VALUE_NULL && i < type_list_len(list) && !found; i++) {
        Value item = type_list_item(list, i);

        TRY(contains(&item, 1, call->args[0], &left, &found));
    }
    *out = value_bool(found);
    return NULL;
}

/* What stands in the memory behind a list's items. */
static Value zero_item(Value list)
{
    switch (value_type_of(list)) {
    case TYPE_STRINGS:
        return value_c("");
    case TYPE_INTS:
        return value_int(0);
    case TYPE_LISTS:
        return (Value){.kind = VALUE_LIST};
    case TYPE_MAPS:
        return (Value){.kind = VALUE_MAP};
    default:
        return value_null();
    }
}

/* LIST with so much of its room that it has LEN items. */
static Value extended(Arena *a, Value list, size_t len)
{
    Value *items = arena_array(a, Value, len);

    memcpy(items, list.list.items, list.list.len * sizeof(*items));
    for (size_t i = list.list.len; i < len; i++)
        items[i] = zero_item(list);
    list.list.items = items;
    return list;
}

static Error *run_slice(const TemplateCall *call, Value *out)
{
    Value list = call->args[0];

    TRY(check_list(list));
    size_t len = type_list_len(list), cap = len + list.room;
    int64_t from = call->len > 1 ? cast_int(call->args[1]) : 0;
    int64_t to = call->len > 2 ? cast_int(call->args[2]) : (int64_t)len;
    *out = value_null();
    if (!len)
        return NULL;
    if (from < 0 || to < from || to > (int64_t)cap)
        return FAIL("slice index out of bounds: %lld to %lld of %zu items", (long long)from,
                    (long long)to, len);
    if (list.kind == VALUE_BYTES) {
        *out = value_bytes(str_slice(list.string, (size_t)from, (size_t)to));
        return NULL;
    }
    *out = to > (int64_t)len ? extended(call->arena, list, (size_t)to) : list;
    out->list = (ValueList){out->list.items + from, (size_t)(to - from)};
    out->room = (uint32_t)(cap - (size_t)to);
    return NULL;
}

/* How long chunk I of COUNT is, with Go's arithmetic, which sizes below 1 reach as well. */
static int64_t chunk_len(size_t i, size_t count, size_t len, int64_t size)
{
    int64_t rest = (int64_t)floor(fmod((double)len, (double)size));

    return i + 1 == count && rest != 0 ? rest : size;
}

static Error *run_chunk(const TemplateCall *call, Value *out)
{
    int64_t size = call->args[0].integer;
    Value list = call->args[1];

    TRY(check_list(list));
    size_t len = type_list_len(list);
    double count = floor(((double)len - 1) / (double)size) + 1;
    if (!(count >= 0 && count <= (double)len + 1))
        return FAIL("size %lld is out of range", (long long)size);
    Value *chunks = arena_array(call->arena, Value, (size_t)count);
    for (size_t i = 0; i < (size_t)count; i++) {
        int64_t chunk = chunk_len(i, (size_t)count, len, size);
        size_t from = i ? i * (size_t)size : 0;

        if (chunk < 0 || from + (size_t)chunk > len)
            return FAIL("size %lld is out of range", (long long)size);
        chunks[i] = part(call->arena, list, from, from + (size_t)chunk);
    }
    *out = value_typed(value_list(chunks, (size_t)count), TYPE_LISTS);
    return NULL;
}

static int compare_strings(const void *left, const void *right)
{
    const Value *a = left, *b = right;

    return str_compare(a->string, b->string);
}

/* A []string is sorted in place, as Go does it: who else has it sees that. */
static Error *run_sort_alpha(const TemplateCall *call, Value *out)
{
    Value v = call->args[0];

    if (type_is_list(v)) {
        TRY(cast_strings(call->arena, v, out));
        if (out->list.len)
            qsort(out->list.items, out->list.len, sizeof(Value), compare_strings);
        return NULL;
    }
    Value *item = arena_new(call->arena, Value);
    *item = value_string((Str){0});
    TRY(cast_string(call->arena, v, &item->string));
    *out = value_typed(value_list(item, 1), TYPE_STRINGS);
    return NULL;
}

#define BOTH(name, must, takes, arguments, help, run)                                              \
    {name, takes, name " " arguments, help, run},                                                  \
    {                                                                                              \
        must, takes, must " " arguments, help, run                                                 \
    }

static const TemplateFunction functions[] = {
    BOTH("append", "mustAppend", "aa", "LIST ITEM", "LIST with ITEM at its end.", run_append),
    BOTH("chunk", "mustChunk", "ia", "SIZE LIST", "LIST as a list of lists of SIZE.", run_chunk),
    BOTH("compact", "mustCompact", "a", "LIST", "LIST without what is empty.", run_compact),
    {"concat", "a*", "concat LIST...", "All the lists as one.", run_concat},
    BOTH("first", "mustFirst", "a", "LIST", "The first item.", run_first),
    BOTH("has", "mustHas", "aa", "ITEM LIST", "Whether ITEM is in LIST.", run_has),
    BOTH("initial", "mustInitial", "a", "LIST", "All items but the last.", run_initial),
    BOTH("last", "mustLast", "a", "LIST", "The last item.", run_last),
    {"list", "a*", "list ITEM...", "A list of the items.", run_list},
    BOTH("prepend", "mustPrepend", "aa", "LIST ITEM", "LIST with ITEM in front.", run_prepend),
    BOTH("push", "mustPush", "aa", "LIST ITEM", "LIST with ITEM at its end.", run_append),
    BOTH("rest", "mustRest", "a", "LIST", "All items but the first.", run_rest),
    BOTH("reverse", "mustReverse", "a", "LIST", "LIST from its end.", run_reverse),
    BOTH("slice", "mustSlice", "aa*", "LIST [FROM [TO]]", "A part of LIST.", run_slice),
    {"sortAlpha", "a", "sortAlpha LIST", "The items as texts, in alphabetical order.",
     run_sort_alpha},
    {"tuple", "a*", "tuple ITEM...", "A list of the items.", run_list},
    BOTH("uniq", "mustUniq", "a", "LIST", "LIST, with each item only once.", run_uniq),
    BOTH("without", "mustWithout", "aa*", "LIST ITEM...", "LIST without the items.", run_without),
};

const TemplateFunctionSet template_functions_list = {
    .name = "lists",
    .source = "sprig, list.go",
    .functions = functions,
    .len = COUNT(functions),
};
