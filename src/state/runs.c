#include "state/runs.h"

#include "io/world.h"
#include "state/entry.h"

#include <time.h>

static const char *const status_names[] = {
    [RUN_RUNNING] = "running",     [RUN_SUCCEEDED] = "succeeded",     [RUN_FAILED] = "failed",
    [RUN_CANCELLED] = "cancelled", [RUN_INTERRUPTED] = "interrupted", [RUN_ABORTED] = "aborted",
};

static const Str folder = STR_INIT("runs/"), ending = STR_INIT(".json");

const char *run_status_name(RunStatus status)
{
    return status_names[status];
}

Str run_entry_id(Arena *a, int64_t now_ms)
{
    time_t seconds = (time_t)(now_ms / 1000);
    unsigned char random[3];
    struct tm tm = {0};
    char day[32];

    gmtime_r(&seconds, &tm);
    strftime(day, sizeof(day), "%Y%m%dT%H%M%S", &tm);
    world_real.random(random, sizeof(random));
    return str_format(a, "%s.%03dZ-%02x%02x%02x", day, (int)(now_ms % 1000), random[0], random[1],
                      random[2]);
}

static Str key_of(Arena *a, Str id)
{
    Str part = state_key_part(a, id);

    return str_format(a, "%.*s%.*s%.*s", STR_ARG(folder), STR_ARG(part), STR_ARG(ending));
}

/* ---- texts */

static Error *decode_status(Str name, RunStatus *out)
{
    for (size_t i = 0; i < COUNT(status_names); i++)
        if (str_is(name, status_names[i])) {
            *out = (RunStatus)i;
            return NULL;
        }
    return error_new(ERROR_INPUT, "status is none that we know of");
}

static Error *decode_release(const ValueMap *map, RunRelease *out)
{
    int64_t revision = 0;

    TRY(entry_string(map, "context", &out->context));
    TRY(entry_string(map, "namespace", &out->namespace));
    TRY(entry_string(map, "name", &out->name));
    TRY(entry_string(map, "action", &out->action));
    TRY(entry_string(map, "error", &out->error));
    TRY(entry_integer(map, "revision", &revision));
    out->revision = (int)revision;
    return entry_integer(map, "took_ms", &out->took_ms);
}

static Error *decode_releases(Arena *a, const ValueMap *map, RunEntry *out)
{
    ValueList list = {0};

    TRY(entry_list(map, "releases", &list));
    for (size_t i = 0; i < list.len; i++) {
        if (list.items[i].kind != VALUE_MAP)
            return error_new(ERROR_INPUT, "releases has an item that is no map");
        TRY(decode_release(list.items[i].map, vec_add(a, &out->releases)));
    }
    return NULL;
}

static Error *decode(Arena *a, const ValueMap *map, RunEntry *out)
{
    Str status = {0};
    int64_t format = 0;

    TRY(entry_format(map, RUN_FORMAT, &format));
    TRY(entry_string(map, "id", &out->id));
    if (format < 1 || !out->id.len)
        return error_new(ERROR_INPUT, "is not the entry of a run");
    TRY(entry_string(map, "status", &status));
    TRY(decode_status(status, &out->status));
    TRY(entry_string(map, "command", &out->command));
    TRY(entry_string(map, "environment", &out->environment));
    TRY(entry_string(map, "user", &out->user));
    TRY(entry_string(map, "job", &out->job));
    TRY(entry_string(map, "commit", &out->commit));
    TRY(entry_string(map, "tool", &out->tool));
    TRY(entry_time(map, "started", &out->started_ms));
    TRY(entry_time(map, "ended", &out->ended_ms));
    TRY(entry_texts(a, map, "inputs", &out->inputs));
    return decode_releases(a, map, out);
}

static Value encode_release(Arena *a, const RunRelease *release)
{
    ValueMap *map = value_map_new(a);

    entry_set_string(a, map, "context", release->context);
    entry_set_string(a, map, "namespace", release->namespace);
    entry_set_string(a, map, "name", release->name);
    entry_set_string(a, map, "action", release->action);
    entry_set_string(a, map, "error", release->error);
    entry_set_integer(a, map, "revision", release->revision);
    entry_set_integer(a, map, "took_ms", release->took_ms);
    return value_of_map(map);
}

static Error *encode(Arena *a, const RunEntry *entry, Str *out)
{
    ValueMap *map = value_map_new(a);
    Value *releases = arena_array(a, Value, entry->releases.len);

    entry_set_integer(a, map, "format", RUN_FORMAT);
    entry_set_string(a, map, "id", entry->id);
    entry_set_string(a, map, "status", str_from(status_names[entry->status]));
    entry_set_string(a, map, "command", entry->command);
    entry_set_string(a, map, "environment", entry->environment);
    entry_set_string(a, map, "user", entry->user);
    entry_set_string(a, map, "job", entry->job);
    entry_set_string(a, map, "commit", entry->commit);
    entry_set_string(a, map, "tool", entry->tool);
    TRY(entry_set_time(a, map, "started", entry->started_ms));
    TRY(entry_set_time(a, map, "ended", entry->ended_ms));
    for (size_t i = 0; i < entry->releases.len; i++)
        releases[i] = encode_release(a, &entry->releases.items[i]);
    value_map_set_c(a, map, "releases", value_list(releases, entry->releases.len));
    entry_set_texts(a, map, "inputs", &entry->inputs);
    return entry_text(a, map, out);
}

/* ---- the store */

Error *run_entry_write(StateStore *store, Arena *a, RunEntry *entry)
{
    DEFER(arena_free) Arena scratch = {0};
    Str text;

    TRY(encode(&scratch, entry, &text));
    return state_put(store, a, key_of(&scratch, entry->id), text, entry->version, &entry->version);
}

Error *run_entry_parse(Arena *a, const char *file, Str text, RunEntry *out)
{
    ValueMap *map;

    *out = (RunEntry){0};
    TRY(entry_parse(a, file, text, "the entry of a run", &map));
    return error_wrap(decode(a, map, out), "%s", file);
}

static Error *read_key(StateStore *store, Arena *a, Str key, RunEntry *out)
{
    const char *file = str_format(a, "%s/%.*s", store->url, STR_ARG(key)).ptr;
    StateEntry entry;

    TRY(state_get(store, a, key, &entry));
    TRY(run_entry_parse(a, file, entry.text, out));
    out->version = entry.version;
    return NULL;
}

Error *run_entry_read(StateStore *store, Arena *a, Str id, RunEntry *out)
{
    Error *err = read_key(store, a, key_of(a, id), out);

    if (!err || error_kind_of(err) != ERROR_NOT_FOUND)
        return err;
    error_free(err);
    return error_hint(error_new(ERROR_NOT_FOUND, "there is no run \"%.*s\"", STR_ARG(id)),
                      "relfile log lists them");
}

/* The keys of runs, the oldest first. */
static Error *list_keys(StateStore *store, Arena *a, StrList *out)
{
    size_t kept = 0;

    TRY(state_list(store, a, folder, out));
    for (size_t i = 0; i < out->len; i++)
        if (str_ends(out->items[i], ending))
            out->items[kept++] = out->items[i];
    out->len = kept;
    return NULL;
}

/* Read the run at KEY into *OUT; not *FOUND where it has been forgotten meanwhile. */
static Error *read_if_there(StateStore *store, Arena *a, Str key, RunEntry *out, bool *found)
{
    Error *err = read_key(store, a, key, out);

    *found = !err;
    if (!err || error_kind_of(err) != ERROR_NOT_FOUND)
        return err;
    error_free(err);
    return NULL;
}

Error *run_entry_list(StateStore *store, Arena *a, Str environment, size_t most, RunEntryList *out)
{
    RunEntryList newest = {0};
    RunEntry entry;
    StrList keys;
    bool found;

    *out = (RunEntryList){0};
    TRY(list_keys(store, a, &keys));
    for (size_t i = keys.len; i-- > 0 && newest.len < most;) {
        TRY(read_if_there(store, a, keys.items[i], &entry, &found));
        if (found && (!environment.len || str_equal(entry.environment, environment)))
            *vec_add(a, &newest) = entry;
    }
    for (size_t i = newest.len; i-- > 0;)
        *vec_add(a, out) = newest.items[i];
    return NULL;
}

Error *run_entry_prune(StateStore *store, size_t keep, size_t *gone)
{
    DEFER(arena_free) Arena scratch = {0};
    RunEntry entry;
    StrList keys;
    bool found;

    *gone = 0;
    TRY(list_keys(store, &scratch, &keys));
    for (size_t i = 0; i + keep < keys.len; i++) {
        TRY(read_if_there(store, &scratch, keys.items[i], &entry, &found));
        if (!found || entry.status == RUN_RUNNING)
            continue;
        Error *err = state_remove(store, keys.items[i], entry.version);
        *gone += !err;
        if (err && error_kind_of(err) != ERROR_NOT_FOUND && error_kind_of(err) != ERROR_CONFLICT)
            return err;
        error_free(err);
    }
    return NULL;
}
