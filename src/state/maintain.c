#include "state/maintain.h"

#include "state/blob.h"
#include "state/collect.h"
#include "state/overrides.h"
#include "state/record_entry.h"
#include "state/runs.h"

static const Str releases = STR_INIT("releases/"), runs = STR_INIT("runs/"),
                 ending = STR_INIT(".json");

static void add_fault(Arena *a, StateFindings *out, Str key, bool changed, Error *err)
{
    *vec_add(a, &out->faults) =
        (StateFault){key, str_copy(a, str_from(error_message(err))), changed};
    error_free(err);
}

/* ---- checking */

/* What is known of the release whose records are looked at. */
typedef struct Series {
    Record last;  /* .revision 0: none yet */
    Str key;      /* of it */
    int deployed; /* the revision that is; 0: none */
} Series;

static bool same_release(const Record *a, const Record *b)
{
    return a->revision && str_equal(a->context, b->context) &&
           str_equal(a->namespace, b->namespace) && str_equal(a->name, b->name);
}

static bool is_locked(const StateLockHolders *locks, const Record *record)
{
    DEFER(arena_free) Arena scratch = {0};
    Str context = record->context.len ? record->context : STR("default");
    Str name = str_format(&scratch, "%.*s/%.*s", STR_ARG(context), STR_ARG(record->namespace));

    for (size_t i = 0; i < locks->len; i++)
        if (str_equal(locks->items[i].name, name))
            return true;
    return false;
}

/* All records of a release have been seen. */
static void end_series(Arena *a, const StateLockHolders *locks, const Series *series,
                       StateFindings *out)
{
    if (series->last.revision && record_is_pending(series->last.status) &&
        !is_locked(locks, &series->last))
        add_fault(a, out, series->key, false,
                  error_new(ERROR_INPUT,
                            "is %s, and nobody is at work: the run was interrupted; the next goes "
                            "on from there",
                            record_status_name(series->last.status)));
}

static void add_to_series(Arena *a, Series *series, Str key, const Record *record,
                          StateFindings *out)
{
    if (series->last.revision == record->revision)
        add_fault(a, out, key, false,
                  error_new(ERROR_INPUT,
                            "revision %d is at two keys; relfile state migrate takes "
                            "this one away",
                            record->revision));
    else if (record->status == RECORD_DEPLOYED && series->deployed)
        add_fault(a, out, key, false,
                  error_new(ERROR_INPUT, "revisions %d and %d are both deployed", series->deployed,
                            record->revision));
    if (record->status == RECORD_DEPLOYED)
        series->deployed = record->revision;
    if (record->revision > series->last.revision) {
        series->last = *record;
        series->key = key;
    }
}

static Error *check_records(StateStore *store, Arena *a, const StateLockHolders *locks,
                            BlobUses *uses, StateFindings *out)
{
    Series series = {0};
    StrList keys;

    TRY(state_list(store, a, releases, &keys));
    for (size_t i = 0; i < keys.len; i++) {
        Record record = {0};
        bool changed = false;
        Error *err = record_check(store, a, keys.items[i], &record, &changed);

        out->records++;
        if (err) {
            add_fault(a, out, keys.items[i], changed, err);
            continue;
        }
        blob_uses_add(a, uses, &record, keys.items[i]);
        if (!same_release(&series.last, &record)) {
            end_series(a, locks, &series, out);
            series = (Series){0};
        }
        add_to_series(a, &series, keys.items[i], &record, out);
    }
    end_series(a, locks, &series, out);
    return NULL;
}

static bool has_lock(const StateLockHolders *locks, Str id)
{
    for (size_t i = 0; i < locks->len; i++)
        if (str_equal(locks->items[i].run, id) || str_list_has(&locks->items[i].before, id))
            return true;
    return false;
}

static Error *check_runs(StateStore *store, Arena *a, const StateLockHolders *locks,
                         StateFindings *out)
{
    StrList keys;

    TRY(state_list(store, a, runs, &keys));
    for (size_t i = 0; i < keys.len; i++) {
        Str id = str_skip(keys.items[i], runs.len);
        RunEntry run;

        if (str_ends(id, ending))
            id.len -= ending.len;
        Error *err = run_entry_read(store, a, state_key_name(a, id), &run);
        out->runs++;
        if (!err && run.status == RUN_RUNNING && !has_lock(locks, run.id))
            err = error_new(ERROR_INPUT, "says that it is running, and has no lock: it was killed");
        if (err)
            add_fault(a, out, keys.items[i], false, err);
    }
    return NULL;
}

static Error *check_overrides(StateStore *store, Arena *a, StateFindings *out)
{
    StrList keys;

    TRY(state_list(store, a, override_folder, &keys));
    out->overrides = keys.len;
    for (size_t i = 0; i < keys.len; i++) {
        Override override;
        Error *err = override_read(store, a, keys.items[i], &override);

        if (err)
            add_fault(a, out, keys.items[i], false, err);
    }
    return NULL;
}

static Error *check_locks(StateStore *store, Arena *a, StateLockHolders *locks, StateFindings *out)
{
    Error *err = state_lock_list(store, a, locks);

    if (err && error_kind_of(err) == ERROR_INPUT) {
        add_fault(a, out, STR("locks"), false, err);
        return NULL;
    }
    TRY(err);
    out->locks = locks->len;
    for (size_t i = 0; i < locks->len; i++)
        if (locks->items[i].gone)
            add_fault(a, out, str_format(a, "locks/%.*s", STR_ARG(locks->items[i].name)), false,
                      error_new(ERROR_INPUT, "is held by %.*s, who is gone; the next run takes it",
                                STR_ARG(locks->items[i].holder)));
    return NULL;
}

/* ---- texts */

/* "releases/CONTEXT/NAMESPACE/NAME/3.json" as "NAMESPACE/NAME, revision 3", for people. */
static Str user_shown(Arena *a, Str key)
{
    Str rest = str_skip(key, releases.len), context, namespace, name;

    str_cut(&rest, '/', &context);
    str_cut(&rest, '/', &namespace);
    str_cut(&rest, '/', &name);
    namespace = state_key_name(a, namespace);
    name = state_key_name(a, name);
    return str_format(a, "release %.*s/%.*s, revision %d", STR_ARG(namespace), STR_ARG(name),
                      record_revision_of(key));
}

/* The texts that records name, each once; what is missing of them, too. */
static Error *check_used(StateStore *store, Arena *a, const BlobUses *uses, StateFindings *out)
{
    for (size_t i = 0; i < uses->cap; i++) {
        DEFER(arena_free) Arena scratch = {0};
        const NameSlot *slot = &uses->slots[i];
        Str text;

        if (!slot->content)
            continue;
        Error *err = blob_read(store, &scratch, slot->name, &text);
        if (err && error_kind_of(err) != ERROR_INPUT)
            return err;
        if (err)
            add_fault(
                a, out, str_join(a, blob_folder, slot->name), false,
                error_wrap(err, "%.*s", STR_ARG(user_shown(&scratch, *(Str *)slot->content))));
    }
    return NULL;
}

static Error *check_texts(StateStore *store, Arena *a, const BlobUses *uses, StateFindings *out)
{
    StrList names;

    TRY(blob_list(store, a, &names));
    out->texts = names.len;
    for (size_t i = 0; i < names.len; i++)
        out->orphans += !name_index_get(uses, NULL, names.items[i]);
    return check_used(store, a, uses, out);
}

Error *state_check(StateStore *store, Arena *a, StateFindings *out)
{
    StateLockHolders locks = {0};
    BlobUses uses = {0};

    store->doubts = true;
    *out = (StateFindings){0};
    TRY(check_locks(store, a, &locks, out));
    TRY(check_records(store, a, &locks, &uses, out));
    TRY(check_texts(store, a, &uses, out));
    TRY(check_overrides(store, a, out));
    return check_runs(store, a, &locks, out);
}

/* ---- copying */

Error *state_keys(StateStore *store, Arena *a, StrList *out)
{
    const Str folders[] = {override_folder, releases, runs};

    *out = (StrList){0};
    for (size_t i = 0; i < COUNT(folders); i++) {
        StrList keys;

        TRY(state_list(store, a, folders[i], &keys));
        for (size_t j = 0; j < keys.len; j++)
            *vec_add(a, out) = keys.items[j];
    }
    return NULL;
}

Error *state_export(StateStore *store, Arena *a, Str key, Str *out)
{
    StateEntry entry;

    if (str_starts(key, releases))
        return record_export(store, a, key, out);
    TRY(state_get(store, a, key, &entry));
    *out = entry.text;
    return NULL;
}

static Error *put_entry(StateStore *store, Str key, Str text, bool forced, bool *same)
{
    DEFER(arena_free) Arena scratch = {0};
    StateEntry there = {0};
    Str version;
    Error *err = state_put(store, &scratch, key, text, STR(""), &version);

    if (!err || error_kind_of(err) != ERROR_CONFLICT)
        return err;
    error_free(err);
    TRY(state_get(store, &scratch, key, &there));
    *same = str_equal(there.text, text);
    if (*same)
        return NULL;
    if (!forced)
        return error_hint(
            error_new(ERROR_CONFLICT, "%s/%.*s: there is something else", store->url, STR_ARG(key)),
            "--force replaces it");
    return state_put(store, &scratch, key, text, there.version, &version);
}

Error *state_restore(StateStore *store, Str key, Str text, bool forced, StateCopy *count)
{
    DEFER(arena_free) Arena scratch = {0};
    bool same = false;

    if (str_starts(key, releases))
        TRY(record_import(store, str_c(&scratch, key), text, forced, &same));
    else
        TRY(put_entry(store, key, text, forced, &same));
    count->same += same;
    count->copied += !same;
    return NULL;
}

Error *state_check_idle(StateStore *store)
{
    DEFER(arena_free) Arena scratch = {0};
    StateLockHolders locks;

    TRY(state_lock_list(store, &scratch, &locks));
    if (!locks.len)
        return NULL;
    return error_new(ERROR_CONFLICT, "%s: %.*s is at work on %.*s", store->url,
                     STR_ARG(locks.items[0].holder), STR_ARG(locks.items[0].name));
}

Error *state_copy(StateStore *from, StateStore *to, StateCopy *count)
{
    DEFER(arena_free) Arena memory = {0};
    StrList keys;

    *count = (StateCopy){0};
    TRY(state_check_idle(from));
    TRY(state_keys(from, &memory, &keys));
    for (size_t i = 0; i < keys.len; i++) {
        DEFER(arena_free) Arena scratch = {0};
        Str text;

        TRY(state_export(from, &scratch, keys.items[i], &text));
        TRY(state_restore(to, keys.items[i], text, false, count));
    }
    return NULL;
}

Error *state_renew(StateStore *store, StateCopy *count)
{
    DEFER(arena_free) Arena memory = {0};
    StrList keys;

    *count = (StateCopy){0};
    TRY(state_list(store, &memory, releases, &keys));
    for (size_t i = 0; i < keys.len; i++) {
        bool changed;

        if (!record_revision_of(keys.items[i]))
            continue;
        TRY(record_renew(store, keys.items[i], &changed));
        count->copied += changed;
        count->same += !changed;
    }
    return NULL;
}
