/*
 * fuzz_record.c - any text as an entry of the state.
 *
 * Besides not crashing: a record that is read, and written over what it was read from or on its
 * own, is read as the same record; and the summary has what the whole has.
 */
#include "state/record_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool same_hooks(const RecordHookList *a, const RecordHookList *b)
{
    if (a->len != b->len)
        return false;
    for (size_t i = 0; i < a->len; i++) {
        const RecordHook *x = &a->items[i], *y = &b->items[i];

        if (!str_equal(x->name, y->name) || !str_equal(x->kind, y->kind) ||
            !str_equal(x->path, y->path) || !str_equal(x->manifest, y->manifest) ||
            x->events != y->events || x->deletes != y->deletes || x->weight != y->weight ||
            x->started_ms != y->started_ms || x->completed_ms != y->completed_ms ||
            !str_equal(x->phase, y->phase))
            return false;
    }
    return true;
}

/* What a summary has. */
static bool same_summary(const Record *a, const Record *b)
{
    return str_equal(a->context, b->context) && str_equal(a->namespace, b->namespace) &&
           str_equal(a->name, b->name) && a->revision == b->revision && a->status == b->status &&
           str_equal(a->description, b->description) && str_equal(a->chart_name, b->chart_name) &&
           str_equal(a->chart_version, b->chart_version) &&
           str_equal(a->app_version, b->app_version) && value_equal(a->labels, b->labels) &&
           a->first_deployed_ms == b->first_deployed_ms &&
           a->last_deployed_ms == b->last_deployed_ms && a->deleted_ms == b->deleted_ms &&
           str_equal(a->user, b->user) && str_equal(a->tool, b->tool);
}

static Error *read_text(Arena *a, Str text, Record *out)
{
    ValueMap *map;

    TRY(record_parse(a, "again", text, &map));
    return record_decode(a, "again", map, false, out);
}

/* RECORD as it is written over OLD, or on its own where that is NULL. */
static void check_written(Arena *a, const Record *record, const ValueMap *old)
{
    ValueMap *head, *map;
    Record again, summary;
    Str text;
    Error *err = record_encode(a, record, old, &map);

    if (!err)
        err = record_lay_out(a, map, true, &text);

    if (err) { // times that cannot be written, say
        error_free(err);
        return;
    }
    err = read_text(a, text, &again);
    if (err)
        BUG("what was written is not read: %s\n%.*s", error_message(err), STR_ARG(text));
    if (!same_summary(record, &again) || !value_equal(record->values, again.values) ||
        !str_equal(record->manifest, again.manifest) || !str_equal(record->notes, again.notes) ||
        !same_hooks(&record->hooks, &again.hooks))
        BUG("not the same record again:\n%.*s", STR_ARG(text));
    err = record_parse_head(a, "head", text, &head);
    if (!err)
        err = record_decode(a, "head", head, true, &summary);
    if (err || !same_summary(record, &summary))
        BUG("the summary is of something else");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    DEFER(arena_free) Arena memory = {0};
    Str text = {(const char *)data, size};
    ValueMap *map;
    Record record, summary;
    Error *err = record_parse(&memory, "fuzz", text, &map);

    if (!err)
        err = record_decode(&memory, "fuzz", map, false, &record);
    if (!err) {
        check_written(&memory, &record, map);
        check_written(&memory, &record, NULL);
    }
    error_free(err);
    err = record_parse_head(&memory, "fuzz", text, &map);
    if (!err)
        err = record_decode(&memory, "fuzz", map, true, &summary);
    error_free(err);
    return 0;
}
