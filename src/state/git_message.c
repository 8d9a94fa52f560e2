#include "state/git_message.h"

#include "state/blob.h"
#include "state/holder.h"
#include "state/record_text.h"
#include "state/runs.h"

#include <string.h>

enum { LONGEST_TITLE = 500 };

/* PATH, made of state_key_part, for people. */
static Str shown(Arena *a, Str path)
{
    return str_for_message(a, state_key_name(a, path), LONGEST_TITLE);
}

/* "releases/production/shop/web/3.json" as "production/shop/web: revision 3". */
static Str record_title(Arena *a, Str key)
{
    Str rest = str_skip(key, strlen("releases/"));
    size_t slash = str_find_last(rest, STR("/"));
    Str release = str_slice(rest, 0, slash == STR_NONE ? rest.len : slash);
    Str revision = str_skip(rest, slash == STR_NONE ? rest.len : slash + 1);

    if (str_starts(release, STR("%/"))) // no cluster was named
        release = str_skip(release, 2);
    if (str_ends(revision, STR(".json")))
        revision = str_slice(revision, 0, revision.len - strlen(".json"));
    return str_format(a, "%.*s: revision %.*s", STR_ARG(shown(a, release)), STR_ARG(revision));
}

static Str record_message(Arena *a, const GitChange *change)
{
    Str title = record_title(a, change->key);
    ValueMap *map;
    Record record;

    if (!change->text.len)
        return str_join(a, title, STR(" forgotten"));
    Error *err = record_parse_head(a, "", change->text, &map);
    if (!err)
        err = record_decode(a, "", map, true, &record);
    if (err) {
        error_free(err);
        return title;
    }
    return str_format(a, "%.*s, %s", STR_ARG(title), record_status_name(record.status));
}

static Str lock_message(Arena *a, const StateStore *store, const GitChange *change)
{
    Str name = str_skip(change->key, strlen("locks/"));
    StateEntry entry = {.text = change->text};
    Holder holder;

    if (str_ends(name, STR(".json")))
        name.len -= strlen(".json");
    name = shown(a, name);
    if (!change->text.len)
        return str_format(a, "%.*s: unlocked", STR_ARG(name));
    Error *err = holder_parse(a, store, change->key, &entry, &holder);
    if (err) {
        error_free(err);
        return str_format(a, "%.*s: locked", STR_ARG(name));
    }
    return str_format(a, "%.*s: %s by %.*s", STR_ARG(name),
                      holder.beats > 1       ? "still locked"
                      : change->expected.len ? "lock taken over"
                                             : "locked",
                      STR_ARG(holder.text));
}

static Str run_message(Arena *a, const GitChange *change)
{
    RunEntry run;
    Error *err = run_entry_parse(a, "", change->text, &run);

    if (err) {
        error_free(err);
        return str_format(a, "%.*s: %s", STR_ARG(change->key),
                          change->text.len ? "written" : "removed");
    }
    return str_format(a, "run %.*s: %.*s of %.*s, %s", STR_ARG(run.id),
                      STR_ARG(str_for_message(a, run.command, LONGEST_TITLE)),
                      STR_ARG(str_for_message(a, run.environment, LONGEST_TITLE)),
                      run_status_name(run.status));
}

static Str message_of(Arena *a, const StateStore *store, const GitChange *change)
{
    if (str_starts(change->key, STR("releases/")))
        return record_message(a, change);
    if (str_starts(change->key, STR("locks/")))
        return lock_message(a, store, change);
    if (str_starts(change->key, STR("runs/")))
        return run_message(a, change);
    return str_format(a, "%.*s: %s", STR_ARG(change->key),
                      change->text.len ? "written" : "removed");
}

/* Texts say nothing to anyone; the record that they came with does. */
static bool is_text(const GitChange *change)
{
    return str_starts(change->key, blob_folder);
}

Str git_message(Arena *a, const StateStore *store, const GitChange *changes, size_t len)
{
    Buf b = {.arena = a};
    size_t told = 0;

    for (size_t i = 0; i < len; i++)
        told += !is_text(&changes[i]);
    if (!told)
        return str_format(a, "%zu texts %s\n", len, changes[0].text.len ? "written" : "removed");
    if (told > 1)
        buf_format(&b, "%zu changes\n\n", told);
    for (size_t i = 0; i < len; i++)
        if (!is_text(&changes[i]))
            buf_format(&b, "%.*s\n", STR_ARG(message_of(a, store, &changes[i])));
    return buf_str(&b);
}
