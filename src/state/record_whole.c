/*
 * record_whole.c - records as they are looked at, repaired, copied and renewed: one at its key,
 * whatever it is.
 */
#include "state/entry.h"
#include "state/record_entry.h"
#include "state/record_text.h"
#include "state/seal.h"
#include "state/texts.h"

/* What stands at KEY, whatever its checksum is. */
static Error *read_changed(StateStore *store, Arena *a, Str key, ValueMap **map, Record *out)
{
    const char *file = record_place(store, a, key);
    StateEntry entry;

    TRY(state_get(store, a, key, &entry));
    TRY(store->type->of_helm ? record_parse_helm(a, file, entry.text, map)
                             : record_parse_changed(a, file, entry.text, map));
    TRY(record_decode(a, file, *map, true, out));
    out->version = entry.version;
    out->key = key;
    return record_check_place(a, file, key, out);
}

Error *record_check(StateStore *store, Arena *a, Str key, Record *out, bool *changed)
{
    DEFER(arena_free) Arena scratch = {0};
    Record again;
    ValueMap *map;

    *changed = false;
    if (!record_revision_of(key))
        return error_new(ERROR_INPUT, "%s: is no key of a record", record_place(store, a, key));
    Error *err = record_summary(store, a, key, out);
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
    TRY(record_lay_out(a, map, !store->type->of_helm, &text));
    return state_put(store, a, key, text, record.version, &version);
}

/* ---- whole records, as one text */

/* MAP, whole, laid out as its text; whichever format it had, and whichever key it was sealed with.
 */
static Error *whole_text(Arena *a, ValueMap *map, Str *out)
{
    ValueMap *ours = entry_child(a, map, "relfile");

    entry_set_integer(a, ours, "format", record_format);
    if (value_map_get_c(ours, "sealed"))
        entry_set_string(a, ours, "sealed", STR("yes"));
    return record_lay_out(a, map, true, out);
}

Error *record_export(StateStore *store, Arena *a, Str key, Str *out)
{
    const char *file = record_place(store, a, key);
    StateEntry entry;
    ValueMap *map;

    TRY(state_get(store, a, key, &entry));
    TRY(record_parse(a, file, entry.text, &map));
    TRY(error_wrap(texts_join(store, a, map), "%s", file));
    return whole_text(a, map, out);
}

/* What is at KEY: *THERE where anything is; TEXT is empty where that is no whole record. */
static Error *export_at(StateStore *store, Arena *a, Str key, StateEntry *entry, bool *there,
                        Str *text)
{
    Error *err = state_get(store, a, key, entry);

    *there = !err;
    *text = (Str){"", 0};
    if (!err)
        err = record_export(store, a, key, text);
    if (!err || (error_kind_of(err) != ERROR_NOT_FOUND && error_kind_of(err) != ERROR_INPUT))
        return err;
    error_free(err);
    return NULL;
}

Error *record_import(StateStore *store, const char *file, Str text, bool forced, bool *same)
{
    DEFER(arena_free) Arena scratch = {0};
    StateEntry entry = {0};
    bool there;
    Record record;
    ValueMap *map;
    Str old;

    TRY(record_parse(&scratch, file, text, &map));
    TRY(record_decode(&scratch, file, map, true, &record));
    for (int earlier = 0; earlier < 2; earlier++) {
        record.key = record_key_of(&scratch, &record, earlier);
        TRY(export_at(store, &scratch, record.key, &entry, &there, &old));
        if (there)
            break;
    }
    TRY(whole_text(&scratch, map, &text));
    *same = str_equal(old, text);
    if (*same)
        return NULL;
    if (there && !forced)
        return error_hint(error_new(ERROR_CONFLICT, "%s: there is something else",
                                    record_place(store, &scratch, record.key)),
                          "--force replaces it");
    record.version = there ? entry.version : STR("");
    record.texts = (RecordTexts){.sealed = record.texts.sealed};
    return record_put(store, &scratch, &record, map);
}

Error *record_renew(StateStore *store, Str key, bool *changed)
{
    DEFER(arena_free) Arena scratch = {0};
    const char *file = record_place(store, &scratch, key);
    StateEntry entry;
    ValueMap *map;
    Record record;

    TRY(state_get(store, &scratch, key, &entry));
    TRY(record_parse(&scratch, file, entry.text, &map));
    TRY(record_decode(&scratch, file, map, true, &record));
    TRY(record_check_place(&scratch, file, key, &record));
    TRY(seal_wants_other(store, record.texts.sealed, changed));
    *changed |= record_key_is_earlier(key) || record_format_of(map) != record_format;
    if (!*changed)
        return NULL;
    record.key = key;
    record.version = entry.version;
    record.texts = (RecordTexts){.sealed = record.texts.sealed};
    if (record_key_is_earlier(key)) {
        Record later;
        Error *err = record_summary(store, &scratch, record_key(&scratch, &record), &later);

        if (!err)
            return state_remove(store, key, entry.version);
        if (error_kind_of(err) != ERROR_NOT_FOUND)
            return err;
        error_free(err);
    }
    TRY(error_wrap(texts_join(store, &scratch, map), "%s", file));
    entry_set_integer(&scratch, entry_child(&scratch, map, "relfile"), "format", record_format);
    return record_put(store, &scratch, &record, map);
}
