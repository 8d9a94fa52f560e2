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

/* The status of the record that CHANGE wrote; false where it can not be told. */
static bool find_status(Arena *a, const GitChange *change, RecordStatus *out)
{
    ValueMap *map;
    Record record;

    if (!change->text.len)
        return false;
    Error *err = record_parse_head(a, "", change->text, &map);
    if (!err)
        err = record_decode(a, "", map, true, &record);
    bool found = !err;
    error_free(err);
    if (found)
        *out = record.status;
    return found;
}

static Str record_message(Arena *a, const GitChange *change)
{
    Str title = record_title(a, change->key);
    RecordStatus status;

    if (!change->text.len)
        return str_join(a, title, STR(" forgotten"));
    if (!find_status(a, change, &status))
        return title;
    return str_format(a, "%.*s, %s", STR_ARG(title), record_status_name(status));
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

static void write_one(Buf *b, const StateStore *store, const GitChange *change)
{
    buf_format(b, "%.*s\n", STR_ARG(message_of(b->arena, store, change)));
}

static size_t count_told(const GitChange *changes, size_t len)
{
    size_t told = 0;

    for (size_t i = 0; i < len; i++)
        told += !is_text(&changes[i]);
    return told;
}

Str git_message(Arena *a, const StateStore *store, const GitChange *changes, size_t len)
{
    Buf b = {.arena = a};
    size_t told = count_told(changes, len);

    if (!told)
        return str_format(a, "%zu texts %s\n", len, changes[0].text.len ? "written" : "removed");
    if (told > 1)
        buf_format(&b, "%zu changes\n\n", told);
    for (size_t i = 0; i < len; i++)
        if (!is_text(&changes[i]))
            write_one(&b, store, &changes[i]);
    return buf_str(&b);
}

/* ---- of a whole run */

/* The newest run of CHANGES; NULL: none. */
static const GitChange *find_run(Arena *a, const GitChange *changes, size_t len, RunEntry *out)
{
    const GitChange *found = NULL;

    for (size_t i = 0; i < len; i++) {
        RunEntry entry;

        if (!changes[i].text.len || !str_starts(changes[i].key, STR("runs/")))
            continue;
        Error *err = run_entry_parse(a, "", changes[i].text, &entry);
        if (!err && (!found || str_compare(entry.id, out->id) > 0)) {
            found = &changes[i];
            *out = entry;
        }
        error_free(err);
    }
    return found;
}

/* What became of a release, in a word. */
static Str outcome_of(const RunRelease *release)
{
    return release->error.len ? STR("failed") : release->action;
}

/* ": 3 installed, 1 failed", in the order in which they come first. */
static void write_counts(Buf *b, const RunEntry *run)
{
    const char *separator = ": ";

    for (size_t i = 0; i < run->releases.len; i++) {
        Str outcome = outcome_of(&run->releases.items[i]);
        size_t count = 0;
        bool told = false;

        for (size_t j = 0; j < run->releases.len; j++) {
            bool same = str_equal(outcome, outcome_of(&run->releases.items[j]));
            count += same;
            told |= same && j < i;
        }
        if (told)
            continue;
        buf_format(b, "%s%zu %.*s", separator, count,
                   STR_ARG(str_for_message(b->arena, outcome, LONGEST_TITLE)));
        separator = ", ";
    }
}

/* A revision that is of interest no more, as another follows. */
static bool is_past(Arena *a, const GitChange *change)
{
    RecordStatus status;

    return str_starts(change->key, STR("releases/")) && find_status(a, change, &status) &&
           status == RECORD_SUPERSEDED;
}

static void write_trailer(Buf *b, const char *name, Str value)
{
    if (value.len)
        buf_format(b, "%s: %.*s\n", name, STR_ARG(str_for_message(b->arena, value, LONGEST_TITLE)));
}

Str git_publish_message(Arena *a, const StateStore *store, const GitChange *changes, size_t len,
                        Str *trailers)
{
    Buf b = {.arena = a}, end = {.arena = a};
    RunEntry run;
    const GitChange *found = find_run(a, changes, len, &run);

    *trailers = (Str){"", 0};
    if (!found)
        return git_message(a, store, changes, len);
    buf_format(&b, "%.*s of %.*s", STR_ARG(str_for_message(a, run.command, LONGEST_TITLE)),
               STR_ARG(str_for_message(a, run.environment, LONGEST_TITLE)));
    if (run.status != RUN_SUCCEEDED)
        buf_format(&b, ", %s", run_status_name(run.status));
    write_counts(&b, &run);
    buf_add_char(&b, '\n');
    if (count_told(changes, len) > 1)
        buf_add_char(&b, '\n');
    for (size_t i = 0; i < len; i++)
        if (&changes[i] != found && !is_text(&changes[i]) && !is_past(a, &changes[i]))
            write_one(&b, store, &changes[i]);
    write_trailer(&end, "Run", run.id);
    write_trailer(&end, "Actor", run.user);
    write_trailer(&end, "Job", run.job);
    *trailers = buf_str(&end);
    return buf_str(&b);
}
