/*
 * record.c - where records are in a store, and which of them are asked for.
 */
#include "state/record.h"

#include "base/number.h"
#include "io/failpoint.h"
#include "state/record_text.h"

#include <limits.h>
#include <stdlib.h>

bool record_is_pending(RecordStatus status)
{
    return status == RECORD_PENDING_INSTALL || status == RECORD_PENDING_UPGRADE ||
           status == RECORD_PENDING_ROLLBACK;
}

Str record_prefix(Arena *a, Str context, Str namespace)
{
    Str first = state_key_part(a, context), second = state_key_part(a, namespace);

    return str_format(a, "releases/%.*s/%.*s/", STR_ARG(first), STR_ARG(second));
}

/* "releases/CONTEXT/NAMESPACE/NAME/" */
static Str release_prefix(Arena *a, Str context, Str namespace, Str name)
{
    Str start = record_prefix(a, context, namespace), part = state_key_part(a, name);

    return str_format(a, "%.*s%.*s/", STR_ARG(start), STR_ARG(part));
}

Str record_key(Arena *a, const Record *record)
{
    Str prefix = release_prefix(a, record->context, record->namespace, record->name);

    return str_format(a, "%.*sv%d.json", STR_ARG(prefix), record->revision);
}

/* The revision that KEY is of, and the release's prefix; 0 where it is no record's key. */
static int revision_of(Str key, Str *prefix)
{
    size_t slash = str_find_last(key, STR("/"));
    int64_t revision;

    if (slash == STR_NONE)
        return 0;
    Str name = str_skip(key, slash + 1);
    if (!str_starts(name, STR("v")) || !str_ends(name, STR(".json")) || name.len < 7)
        return 0;
    Str digits = str_slice(name, 1, name.len - 5);
    if (digits.ptr[0] < '1' || digits.ptr[0] > '9' ||
        number_parse_int(digits, 10, &revision) != NUMBER_OK || revision > INT_MAX)
        return 0;
    *prefix = str_slice(key, 0, slash + 1);
    return (int)revision;
}

static const char *place_of(const StateStore *store, Arena *a, Str key)
{
    return str_format(a, "%s/%.*s", store->url, STR_ARG(key)).ptr;
}

/* A record that was copied to another place is not that place's. */
static Error *check_place(Arena *a, const char *file, Str key, const Record *record)
{
    if (str_equal(record_key(a, record), key))
        return NULL;
    return error_hint(error_new(ERROR_INPUT,
                                "%s: is a record of something else: %.*s/%.*s/%.*s, revision %d",
                                file, STR_ARG(record->context), STR_ARG(record->namespace),
                                STR_ARG(record->name), record->revision),
                      "docs/state.md says how to repair a record");
}

/* "releases/CONTEXT/NAMESPACE/NAME/v3.json": its context. */
static Str context_of(Arena *a, Str key)
{
    Str part;

    str_cut(&key, '/', &part);
    str_cut(&key, '/', &part);
    return state_key_name(a, part);
}

static Error *parse(const StateStore *store, Arena *a, const char *file, Str text, bool summary,
                    ValueMap **out)
{
    if (store->type->of_helm)
        return record_parse_helm(a, file, text, out);
    return summary ? record_parse_head(a, file, text, out) : record_parse(a, file, text, out);
}

static Error *read_record(StateStore *store, Arena *a, Str key, bool summary, Record *out)
{
    DEFER(arena_free) Arena scratch = {0};
    const char *file = place_of(store, &scratch, key);
    StateEntry entry;
    ValueMap *map;

    // a summary of helm's is made of all of it
    TRY(state_get(store, summary && !store->type->of_helm ? &scratch : a, key, &entry));
    TRY(parse(store, a, file, entry.text, summary, &map));
    TRY(record_decode(a, file, map, summary, out));
    if (store->type->of_helm) // contexts have other names elsewhere
        out->context = context_of(a, key);
    out->version = str_copy(a, entry.version);
    return check_place(&scratch, file, key, out);
}

static Error *not_known(Str context, Str namespace, Str name)
{
    return error_new(ERROR_NOT_FOUND, "no release \"%.*s\" in namespace \"%.*s\" of \"%.*s\"",
                     STR_ARG(name), STR_ARG(namespace), STR_ARG(context));
}

Error *record_last(StateStore *store, Arena *a, Str context, Str namespace, Str name, Record *out)
{
    DEFER(arena_free) Arena scratch = {0};
    Record record = {.context = context, .namespace = namespace, .name = name};
    StrList keys;
    Str prefix;

    TRY(state_list(store, &scratch, release_prefix(&scratch, context, namespace, name), &keys));
    for (size_t i = 0; i < keys.len; i++) {
        int revision = revision_of(keys.items[i], &prefix);

        record.revision = revision > record.revision ? revision : record.revision;
    }
    if (!record.revision)
        return not_known(context, namespace, name);
    TRY(record_read(store, a, &record));
    *out = record;
    return NULL;
}

Error *record_read(StateStore *store, Arena *a, Record *record)
{
    DEFER(arena_free) Arena scratch = {0};
    Record whole;

    TRY(read_record(store, a, record_key(&scratch, record), false, &whole));
    *record = whole;
    return NULL;
}

/* Add a summary of the record at KEY, unless it has been forgotten since it was listed. */
static Error *add_summary(StateStore *store, Arena *a, Str key, RecordList *out)
{
    Record record;
    Error *err = read_record(store, a, key, true, &record);

    if (!err)
        *vec_add(a, out) = record;
    if (!err || error_kind_of(err) != ERROR_NOT_FOUND)
        return err;
    error_free(err);
    return NULL;
}

static int compare_revisions(const void *left, const void *right)
{
    const Record *a = left, *b = right;

    return (a->revision > b->revision) - (a->revision < b->revision);
}

Error *record_history(StateStore *store, Arena *a, Str context, Str namespace, Str name,
                      RecordList *out)
{
    DEFER(arena_free) Arena scratch = {0};
    RecordList records = {0};
    StrList keys;
    Str prefix;

    TRY(state_list(store, &scratch, release_prefix(&scratch, context, namespace, name), &keys));
    for (size_t i = 0; i < keys.len; i++)
        if (revision_of(keys.items[i], &prefix))
            TRY(add_summary(store, a, keys.items[i], &records));
    if (records.len)
        qsort(records.items, records.len, sizeof(*records.items), compare_revisions);
    *out = records;
    return NULL;
}

static int compare_releases(const void *left, const void *right)
{
    const Record *a = left, *b = right;
    int order = str_compare(a->context, b->context);

    if (!order)
        order = str_compare(a->namespace, b->namespace);
    return order ? order : str_compare(a->name, b->name);
}

/* Of the keys of each release, which follow each other, the one of the last revision. */
static void keep_last(StrList *keys)
{
    Str release = {0}, prefix;
    int last = 0;
    size_t kept = 0;

    for (size_t i = 0; i < keys->len; i++) {
        int revision = revision_of(keys->items[i], &prefix);

        if (!revision || (str_equal(prefix, release) && revision < last))
            continue;
        if (!str_equal(prefix, release))
            kept++;
        keys->items[kept - 1] = keys->items[i];
        release = prefix;
        last = revision;
    }
    keys->len = kept;
}

Error *record_list(StateStore *store, Arena *a, Str context, RecordList *out)
{
    DEFER(arena_free) Arena scratch = {0};
    Str part =
        context.len ? str_join(&scratch, state_key_part(&scratch, context), STR("/")) : (Str){0};
    RecordList records = {0};
    StrList keys;

    TRY(state_list(store, &scratch, str_join(&scratch, STR("releases/"), part), &keys));
    keep_last(&keys);
    for (size_t i = 0; i < keys.len; i++)
        TRY(add_summary(store, a, keys.items[i], &records));
    if (records.len)
        qsort(records.items, records.len, sizeof(*records.items), compare_releases);
    *out = records;
    return NULL;
}

/* What stands at KEY, whatever its checksum is. */
static Error *read_changed(StateStore *store, Arena *a, Str key, ValueMap **map, Record *out)
{
    const char *file = place_of(store, a, key);
    StateEntry entry;

    TRY(state_get(store, a, key, &entry));
    TRY(store->type->of_helm ? record_parse_helm(a, file, entry.text, map)
                             : record_parse_changed(a, file, entry.text, map));
    TRY(record_decode(a, file, *map, false, out));
    out->version = entry.version;
    return check_place(a, file, key, out);
}

Error *record_check(StateStore *store, Arena *a, Str key, Record *out, bool *changed)
{
    DEFER(arena_free) Arena scratch = {0};
    Record again;
    ValueMap *map;
    Str prefix;

    *changed = false;
    if (!revision_of(key, &prefix))
        return error_new(ERROR_INPUT, "%s: is no key of a record", place_of(store, a, key));
    Error *err = read_record(store, a, key, true, out);
    if (!err || error_kind_of(err) != ERROR_INPUT)
        return err;
    Error *still = read_changed(store, &scratch, key, &map, &again);
    *changed = !still;
    error_free(still);
    return err;
}

Error *record_accept(StateStore *store, Arena *a, Str key)
{
    ValueMap *map;
    Record record;
    Str text, version;

    TRY(read_changed(store, a, key, &map, &record));
    TRY(record_encode(a, &record, map, !store->type->of_helm, &text));
    return state_put(store, a, key, text, record.version, &version);
}

static Error *conflict(const Record *record)
{
    return error_hint(
        error_new(ERROR_CONFLICT, "revision %d of %.*s/%.*s: another run wrote it first",
                  record->revision, STR_ARG(record->namespace), STR_ARG(record->name)),
        "look with relfile history what it did, and try again");
}

/* What the entry of RECORD holds now, if that is what RECORD was read from. */
static Error *read_old(StateStore *store, Arena *a, Str key, const Record *record, ValueMap **out)
{
    StateEntry entry;
    Error *err = state_get(store, a, key, &entry);

    if (err && error_kind_of(err) == ERROR_NOT_FOUND) {
        error_free(err);
        return conflict(record);
    }
    TRY(err);
    if (!str_equal(entry.version, record->version))
        return conflict(record);
    return parse(store, a, place_of(store, a, key), entry.text, false, out);
}

Error *record_write(StateStore *store, Arena *a, Record *record)
{
    DEFER(arena_free) Arena scratch = {0};
    Str key = record_key(&scratch, record), text;
    ValueMap *old = NULL;

    if (record->revision < 1 || (record->summary && !record->version.len))
        BUG("a record without %s", record->summary ? "all of it" : "a revision");
    if (record->version.len)
        TRY(read_old(store, &scratch, key, record, &old));
    Record written = *record;
    if (store->type->of_helm)
        written.context = (Str){0};
    TRY(error_wrap(record_encode(&scratch, &written, old, !store->type->of_helm, &text),
                   "record of %.*s/%.*s", STR_ARG(record->namespace), STR_ARG(record->name)));

    Error *err = state_put(store, a, key, text, record->version, &record->version);
    if (!err || error_kind_of(err) != ERROR_CONFLICT)
        return err;
    error_free(err);
    return conflict(record);
}

static Error *forget(StateStore *store, const RecordList *history, size_t keep)
{
    DEFER(arena_free) Arena scratch = {0};

    for (size_t i = 0; i + keep < history->len; i++) {
        const Record *record = &history->items[i];

        if (keep && record->status == RECORD_DEPLOYED)
            continue;
        TRY(FAILPOINT(PRUNE));
        Error *err = state_remove(store, record_key(&scratch, record), record->version);
        if (err && error_kind_of(err) != ERROR_NOT_FOUND)
            return err;
        error_free(err);
        TRY(FAILPOINT(PRUNED));
    }
    return NULL;
}

Error *record_prune(StateStore *store, const Record *record, int keep)
{
    DEFER(arena_free) Arena scratch = {0};
    RecordList history;

    if (keep < 1)
        return NULL;
    TRY(record_history(store, &scratch, record->context, record->namespace, record->name,
                       &history));
    return forget(store, &history, (size_t)keep);
}

Error *record_forget(StateStore *store, const Record *record)
{
    DEFER(arena_free) Arena scratch = {0};
    RecordList history;

    TRY(record_history(store, &scratch, record->context, record->namespace, record->name,
                       &history));
    return forget(store, &history, 0);
}
