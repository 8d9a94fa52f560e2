/*
 * rollback.c - `rollback`: one release back to a revision, or all of them to what was at a time.
 */
#include "pipeline/run.h"

#include "base/table.h"
#include "pipeline/when.h"

typedef struct Rollback {
    Str name;      /* of the release; empty: all that are selected */
    int revision;  /* 0: the last one before this that was deployed */
    int64_t to_ms; /* instead: what was then; 0: not asked for */
} Rollback;

static Error *no_such_revision(const Release *release, const RecordList *history, int revision)
{
    DEFER(arena_free) Arena scratch = {0};
    Buf known = {.arena = &scratch};

    for (size_t i = 0; i < history->len; i++)
        buf_format(&known, "%s%d", i ? ", " : "", history->items[i].revision);
    Error *err = revision ? error_new(ERROR_INPUT, "%.*s has no revision %d",
                                      STR_ARG(release_title(&scratch, release)), revision)
                          : error_new(ERROR_INPUT, "%.*s has no earlier revision that was deployed",
                                      STR_ARG(release_title(&scratch, release)));
    return known.len ? error_hint(err, "there is %.*s", (int)known.len, known.ptr)
                     : error_hint(err, "it was never installed");
}

/* The revision asked for, or the one that was deployed before the last. */
static Error *find_revision(const Release *release, const RecordList *history, int wanted, int *out)
{
    for (size_t i = history->len; i-- > 0;) {
        const Record *r = &history->items[i];
        bool before = i + 1 < history->len && record_was_deployed(r);

        *out = r->revision;
        if (wanted ? r->revision == wanted : before)
            return NULL;
    }
    return no_such_revision(release, history, wanted);
}

/*
 * The revision that was deployed at TO_MS; -1: the release was not installed then; 0: it is what it
 * was.
 */
static Error *find_moment(const Release *release, const RecordList *history, int64_t to_ms,
                          int *out)
{
    const Record *then, *last = history->len ? &history->items[history->len - 1] : NULL;

    TRY(history_at(release, history, to_ms, &then));
    *out = 0;
    if (then)
        *out = then == last && last->status == RECORD_DEPLOYED ? 0 : then->revision;
    else if (last && last->status != RECORD_UNINSTALLED)
        *out = -1;
    return NULL;
}

static Error *find_one(const Run *run, const Rollback *wanted, const Release *release, int *out)
{
    RecordList history;

    TRY(record_history(run->store, run->arena, release->kube_context, release_namespace(release),
                       release->name, &history));
    if (wanted->to_ms)
        return find_moment(release, &history, wanted->to_ms, out);
    return find_revision(release, &history, wanted->revision, out);
}

/* That NAME is one release's. */
static Error *check_name(const Run *run, Str name)
{
    size_t found = 0;

    for (size_t i = 0; i < run->plan.len; i++)
        found += str_equal(run->plan.items[i].release->name, name);
    if (!found)
        return run_no_such_release(run, name);
    if (found == 1)
        return NULL;
    return error_hint(
        error_new(ERROR_USAGE, "%zu releases are called \"%.*s\"", found, STR_ARG(name)),
        "select one: -l name=%.*s,namespace=…", STR_ARG(name));
}

/* Revisions by number; how many of them are not 0. */
static Error *find_all(const Run *run, const Rollback *wanted, int *revisions, size_t *count)
{
    *count = 0;
    for (size_t i = 0; i < run->plan.len; i++) {
        const Release *release = run->plan.items[i].release;

        if (wanted->name.len && !str_equal(release->name, wanted->name))
            continue;
        TRY(find_one(run, wanted, release, &revisions[i]));
        *count += revisions[i] != 0;
    }
    return NULL;
}

static Str plan_text(const Run *run, const int *revisions)
{
    Buf b = {.arena = run->arena};
    Table table = {.arena = run->arena, .columns = 2};

    for (size_t i = run->plan.len; i-- > 0;) {
        Str title = release_title(run->arena, run->plan.items[i].release);

        if (revisions[i] > 0)
            table_add(&table, (const Str[]){title, str_format(run->arena, "back to revision %d",
                                                              revisions[i])});
        else if (revisions[i] < 0)
            table_add(&table, (const Str[]){title, STR("uninstalled: it was not there then")});
    }
    buf_add_c(&b, "These releases will change:\n\n");
    table_write(&b, &table, "  ");
    buf_add_char(&b, '\n');
    return buf_str(&b);
}

/* That nothing which goes is protected. */
static Error *check_protected(const Run *run, const int *revisions)
{
    bool *gone = arena_array(run->arena, bool, run->releases.len);

    for (size_t i = 0; i < run->plan.len; i++)
        gone[run->plan.items[i].release->index] = revisions[i] < 0;
    return safety_check_protected(run, gone, true);
}

static Error *roll_back(Run *run, void *context, PipelineOutcome *out)
{
    const Rollback *wanted = context;
    int *revisions = arena_array(run->arena, int, run->plan.len);
    const PipelineOptions *o = run->options;
    bool go_on = true, counted;
    size_t count;

    if (wanted->name.len)
        TRY(check_name(run, wanted->name));
    TRY(find_all(run, wanted, revisions, &count));
    TRY(check_protected(run, revisions));
    if (!count) {
        report_summary(run->report, "nothing to do: all releases are what they were then");
        return NULL;
    }
    TRY(run_check_back(run, revisions, &counted));
    if (!counted)
        return NULL; // nothing has been changed
    if (!o->assume_yes && (o->interactive || (o->terminal && wanted->to_ms)))
        TRY(confirm(run, plan_text(run, revisions), &go_on));
    else if (wanted->to_ms)
        report_note(run->report, plan_text(run, revisions));
    out->changed = go_on;
    return go_on ? run_roll_back(run, revisions) : NULL;
}

Error *pipeline_rollback(const PipelineOptions *options, Str name, int revision,
                         PipelineOutcome *out)
{
    RunNeeds needs = {.cluster = true, .changes = true, .json_items = true};
    Rollback wanted = {.name = name, .revision = revision};

    if (options->to)
        TRY(error_wrap(when_parse(str_from(options->to), run_now_ms(), &wanted.to_ms), "--to"));
    return run_command(options, &needs, roll_back, &wanted, out);
}
