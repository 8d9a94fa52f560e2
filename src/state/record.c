/*
 * record.c - where records are in a store, and which of them are asked for.
 */
#include "state/record.h"

#include "base/number.h"
#include "io/failpoint.h"
#include "state/entry.h"
#include "state/record_entry.h"
#include "state/record_text.h"
#include "state/texts.h"

#include <limits.h>
#include <stdlib.h>

static const Str ending = STR_INIT(".json");

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

Str record_release_prefix(Arena *a, Str context, Str namespace, Str name)
{
    Str start = record_prefix(a, context, namespace), part = state_key_part(a, name);

    return str_format(a, "%.*s%.*s/", STR_ARG(start), STR_ARG(part));
}

Str record_key_of(Arena *a, const Record *record, bool earlier)
{
    Str prefix = record_release_prefix(a, record->context, record->namespace, record->name);

    return str_format(a, "%.*s%s%d.json", STR_ARG(prefix), earlier ? "v" : "", record->revision);
}

Str record_key(Arena *a, const Record *record)
{
    return record_key_of(a, record, false);
}

/*
 * The revision that KEY is of, and the release's prefix; 0 where it is no record's key. Of the two
 * that a revision may have for a moment, the earlier one comes later in the order of keys.
 */
static int revision_of(Str key, Str *prefix)
{
    size_t slash = str_find_last(key, STR("/"));
    int64_t revision;

    if (slash == STR_NONE)
        return 0;
    Str name = str_skip(key, slash + 1);
    if (str_starts(name, STR("v")))
        name = str_skip(name, 1);
    if (!str_ends(name, ending) || name.len == ending.len)
        return 0;
    Str digits = str_slice(name, 0, name.len - ending.len);
    if (digits.ptr[0] < '1' || digits.ptr[0] > '9' ||
        number_parse_int(digits, 10, &revision) != NUMBER_OK || revision > INT_MAX)
        return 0;
    *prefix = str_slice(key, 0, slash + 1);
    return (int)revision;
}

int record_revision_of(Str key)
{
    Str prefix;

    return revision_of(key, &prefix);
}

const char *record_place(const StateStore *store, Arena *a, Str key)
{
    return str_format(a, "%s/%.*s", store->url, STR_ARG(key)).ptr;
}

/* A record that was copied to another place is not that place's. */
Error *record_check_place(Arena *a, const char *file, Str key, const Record *record)
{
    if (str_equal(record_key_of(a, record, false), key) ||
        str_equal(record_key_of(a, record, true), key))
        return NULL;
    return error_hint(
        error_new(ERROR_INPUT, "%s: is a record of something else: %.*s/%.*s/%.*s, revision %d",
                  file, STR_ARG(record->context), STR_ARG(record->namespace), STR_ARG(record->name),
                  record->revision),
        "relfile state fsck looks at all of them; docs/state.md says how to repair one");
}

/* "releases/CONTEXT/NAMESPACE/NAME/3.json": its context. */
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

/* The names of MAP's texts are lost when they are brought in. */
static Error *join(StateStore *store, Arena *a, const char *file, ValueMap *map, RecordTexts *names)
{
    const ValueMap *ours = NULL;

    TRY(error_wrap(entry_map(map, "relfile", &ours), "%s", file));
    TRY(error_wrap(texts_decode(ours, names), "%s: relfile: texts", file));
    return error_wrap(texts_join(store, a, map), "%s", file);
}

static Error *read_record(StateStore *store, Arena *a, Str key, bool summary, Record *out)
{
    DEFER(arena_free) Arena scratch = {0};
    const char *file = record_place(store, &scratch, key);
    RecordTexts names = {0};
    StateEntry entry;
    ValueMap *map;

    // a summary of helm's is made of all of it
    TRY(state_get(store, summary && !store->type->of_helm ? &scratch : a, key, &entry));
    TRY(parse(store, a, file, entry.text, summary, &map));
    if (!summary)
        TRY(join(store, a, file, map, &names));
    TRY(record_decode(a, file, map, summary, out));
    if (!summary)
        out->texts = names;
    if (store->type->of_helm) // contexts have other names elsewhere
        out->context = context_of(a, key);
    out->version = str_copy(a, entry.version);
    out->key = str_copy(a, key);
    return record_check_place(&scratch, file, key, out);
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

    TRY(state_list(store, &scratch, record_release_prefix(&scratch, context, namespace, name),
                   &keys));
    for (size_t i = 0; i < keys.len; i++) {
        int revision = revision_of(keys.items[i], &prefix);

        if (revision <= record.revision)
            continue;
        record.revision = revision;
        record.key = keys.items[i];
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
    Str key = record->key.len ? record->key : record_key_of(&scratch, record, false);
    Record whole;
    Error *err = read_record(store, a, key, false, &whole);

    if (err && error_kind_of(err) == ERROR_NOT_FOUND && !record->key.len && !store->type->of_helm) {
        error_free(err);
        err = read_record(store, a, record_key_of(&scratch, record, true), false, &whole);
    }
    if (!err)
        *record = whole;
    return err;
}

bool record_key_is_earlier(Str key)
{
    return key.ptr[str_find_last(key, STR("/")) + 1] == 'v';
}

/* Whether the release whose RECORDS are listed already has this revision, at its later key. */
static bool has_revision(const RecordList *records, int revision)
{
    for (size_t i = 0; i < records->len; i++)
        if (records->items[i].revision == revision)
            return true;
    return false;
}

Error *record_summary(StateStore *store, Arena *a, Str key, Record *out)
{
    return read_record(store, a, key, true, out);
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

/* ALL: revisions that are at both of their keys, too. */
static Error *read_history(StateStore *store, Arena *a, const Record *of, bool all, RecordList *out)
{
    DEFER(arena_free) Arena scratch = {0};
    StrList keys;
    Str prefix;

    *out = (RecordList){0};
    TRY(state_list(store, &scratch,
                   record_release_prefix(&scratch, of->context, of->namespace, of->name), &keys));
    for (size_t i = 0; i < keys.len; i++) {
        int revision = revision_of(keys.items[i], &prefix);
        bool twice =
            revision && record_key_is_earlier(keys.items[i]) && has_revision(out, revision);

        if (revision && (all || !twice))
            TRY(add_summary(store, a, keys.items[i], out));
    }
    if (out->len)
        qsort(out->items, out->len, sizeof(*out->items), compare_revisions);
    return NULL;
}

Error *record_history(StateStore *store, Arena *a, Str context, Str namespace, Str name,
                      RecordList *out)
{
    return read_history(
        store, a, &(Record){.context = context, .namespace = namespace, .name = name}, false, out);
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

        if (!revision || (str_equal(prefix, release) && revision <= last))
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
    return record_list_of_spec(store, a, context, (Str){0}, NULL, out);
}

Error *record_list_of_spec(StateStore *store, Arena *a, Str context, Str spec,
                           const ValueMap *known, RecordList *out)
{
    DEFER(arena_free) Arena scratch = {0};
    Str part =
        context.len ? str_join(&scratch, state_key_part(&scratch, context), STR("/")) : (Str){0};
    RecordList records = {0};
    StrList keys;
    Str prefix;

    TRY(state_list_of_spec(store, &scratch, str_join(&scratch, STR("releases/"), part), spec,
                           &keys));
    keep_last(&keys);
    for (size_t i = 0; i < keys.len; i++)
        if (!known || !revision_of(keys.items[i], &prefix) || !value_map_get(known, prefix))
            TRY(add_summary(store, a, keys.items[i], &records));
    if (records.len)
        qsort(records.items, records.len, sizeof(*records.items), compare_releases);
    *out = records;
    return NULL;
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
    return parse(store, a, record_place(store, a, key), entry.text, false, out);
}

/* MAP as the text of an entry, with its texts in BLOBS where the store has such. */
static Error *encode_entry(StateStore *store, Arena *a, ValueMap *map, Record *record,
                           BlobList *blobs, Str *out)
{
    RecordTexts names;

    if (store->type->of_helm)
        return record_lay_out(a, map, false, out);
    TRY(texts_take(store, a, map, &record->texts, &names, blobs));
    record->texts = names;
    return record_lay_out(a, map, true, out);
}

/* Put TEXT at KEY, after BLOBS or with them. */
static Error *put(StateStore *store, Arena *a, StatePut *put, BlobList *blobs, Str *version)
{
    StateBeside *beside;

    TRY(blob_write(store, blobs));
    beside = arena_array(a, StateBeside, blobs->len);
    for (size_t i = 0; i < blobs->len; i++)
        beside[i] = (StateBeside){blobs->items[i].key, blobs->items[i].text};
    put->beside = beside;
    put->beside_len = blobs->len;
    return state_put_with(store, a, *put, version);
}

/* The record has moved to its later key: what is at the one it was read from goes. */
static Error *leave(StateStore *store, const Record *record)
{
    Error *err = state_remove(store, record->key, record->version);

    if (!err || error_kind_of(err) != ERROR_NOT_FOUND)
        return err;
    error_free(err);
    return NULL;
}

/* ERR, a conflict of CHANGE: another run wrote RECORD, or, if it is as it was, the lock is lost. */
static Error *explain(StateStore *store, const StatePut *change, const Record *record, Error *err)
{
    DEFER(arena_free) Arena scratch = {0};
    StateEntry now = {0};

    error_free(state_get(store, &scratch, change->key, &now));
    if (str_equal(now.version, change->expected))
        return err;
    error_free(err);
    return conflict(record);
}

static RecordTexts texts_copy(Arena *a, const RecordTexts *texts)
{
    return (RecordTexts){str_copy(a, texts->config), str_copy(a, texts->manifest),
                         str_copy(a, texts->rest), str_copy(a, texts->sealed)};
}

Error *record_put(StateStore *store, Arena *a, Record *record, ValueMap *map)
{
    DEFER(arena_free) Arena scratch = {0};
    Str key = record_key(a, record), version;
    bool moves = record->version.len && !str_equal(record->key, key);
    StatePut change = {.key = key, .expected = moves ? STR("") : record->version};
    BlobList blobs = {0};
    RecordTexts texts = record->texts;

    TRY(error_wrap(encode_entry(store, &scratch, map, record, &blobs, &change.text),
                   "record of %.*s/%.*s", STR_ARG(record->namespace), STR_ARG(record->name)));
    Error *err = put(store, &scratch, &change, &blobs, &version);
    if (err)
        record->texts = texts;
    if (err && error_kind_of(err) == ERROR_CONFLICT)
        return explain(store, &change, record, err);
    TRY(err);
    if (moves)
        TRY(leave(store, record));
    record->texts = texts_copy(a, &record->texts);
    record->key = key;
    record->version = str_copy(a, version);
    return NULL;
}

Error *record_write(StateStore *store, Arena *a, Record *record)
{
    DEFER(arena_free) Arena scratch = {0};
    ValueMap *old = NULL, *map;

    if (record->revision < 1 || (record->summary && !record->version.len))
        BUG("a record without %s", record->summary ? "all of it" : "a revision");
    if (record->version.len)
        TRY(read_old(store, &scratch, record->key, record, &old));
    Record written = *record;
    if (store->type->of_helm)
        written.context = (Str){0};
    TRY(error_wrap(record_encode(&scratch, &written, old, &map), "record of %.*s/%.*s",
                   STR_ARG(record->namespace), STR_ARG(record->name)));
    return record_put(store, a, record, map);
}

static Error *forget(StateStore *store, const RecordList *history, size_t keep)
{
    for (size_t i = 0; i + keep < history->len; i++) {
        const Record *record = &history->items[i];

        if (keep && record->status == RECORD_DEPLOYED)
            continue;
        TRY(FAILPOINT(PRUNE));
        Error *err = state_remove(store, record->key, record->version);
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
    TRY(read_history(store, &scratch, record, true, &history));
    return forget(store, &history, (size_t)keep);
}

Error *record_forget(StateStore *store, const Record *record)
{
    DEFER(arena_free) Arena scratch = {0};
    RecordList history;

    TRY(read_history(store, &scratch, record, true, &history));
    return forget(store, &history, 0);
}
