/*
 * diff.c - `diff`, and how comparisons are told: as text for people, as JSON for machines.
 * Source of the text's form: helmfile, helmexec, DiffRelease; helm-diff, diff/report.go.
 */
#include "pipeline/run.h"

#include "base/escape.h"
#include "base/json.h"
#include "base/regex.h"

enum { REGEX_STEPS = 50000000 };

/* ---- as text */

static const char *const change_texts[] = {[CHANGE_NONE] = "is unchanged",
                                           [CHANGE_CREATE] = "has been added",
                                           [CHANGE_UPDATE] = "has changed",
                                           [CHANGE_DELETE] = "has been removed"};
static const char *const simple_texts[] = {[CHANGE_NONE] = "stays",
                                           [CHANGE_CREATE] = "to be added",
                                           [CHANGE_UPDATE] = "to be changed",
                                           [CHANGE_DELETE] = "to be removed"};
static const char *const change_colours[] = {[CHANGE_NONE] = "",
                                             [CHANGE_CREATE] = "\033[32m",
                                             [CHANGE_UPDATE] = "\033[33m",
                                             [CHANGE_DELETE] = "\033[31m"};

static Str group_of(Str api_version)
{
    size_t slash = str_find_char(api_version, '/');

    return slash == STR_NONE ? api_version : str_slice(api_version, 0, slash);
}

static bool is_suppressed(const PipelineOptions *options, const ObjectId *id)
{
    if (options->suppress_secrets && str_is(id->kind, "Secret"))
        return true;
    for (size_t i = 0; i < options->suppressed.len; i++)
        if (str_equal(options->suppressed.items[i], id->kind))
            return true;
    return false;
}

static void write_change(Buf *b, const PipelineOptions *options, const ReleaseChange *change)
{
    const ObjectId *id = &change->object.id;
    Str title = str_format(b->arena, "%.*s%s%.*s, %.*s (%.*s)", STR_ARG(id->namespace),
                           id->namespace.len ? ", " : "", STR_ARG(id->name), STR_ARG(id->kind),
                           STR_ARG(group_of(id->api_version)));

    buf_format(b, "%s%.*s %s%s%s\n", options->colour ? change_colours[change->diff.kind] : "",
               STR_ARG(text_escaped(b->arena, title)),
               (options->simple ? simple_texts : change_texts)[change->diff.kind],
               options->simple ? "" : ":", options->colour ? "\033[0m" : "");
    if (!options->simple)
        diff_print(b, &change->diff.lines, 2, options->colour);
}

/* ---- lines that are not to be shown */

static const SpecTextList *patterns_of(const Step *step)
{
    const SpecTextList *own = &step->release->spec.behaviour.suppress_output_line_regex;
    const SpecTextList *usual =
        &step->release->file->spec.defaults.behaviour.suppress_output_line_regex;
    const StrList *given = &step_options(step)->suppressed_lines;
    SpecTextList *list = arena_new(step->arena, SpecTextList);

    if (own->len || !given->len)
        return own->len ? own : usual;
    for (size_t i = 0; i < given->len; i++)
        *vec_add(step->arena, list) =
            (SpecText){given->items[i], {.file = "--suppress-output-line-regex"}};
    return list;
}

static Error *line_matches(Arena *a, const SpecText *pattern, Str line, size_t *steps, bool *out)
{
    Regex *regex;
    RegexSearch *search;
    const size_t *match;

    TRY(regex_compile(a, pattern->text, &regex));
    TRY(regex_search_open(a, regex, line, 0, steps, &search));
    TRY(regex_search_from(search, 0, &match));
    *out |= match != NULL;
    return NULL;
}

/* LINES without changed ones that match; *ANY: changes are left. Source: helm-diff, diff.go. */
static Error *without_lines(Arena *a, const SpecTextList *patterns, DiffLineList *lines, bool *any)
{
    DiffLineList kept = {0};
    size_t steps = REGEX_STEPS;

    *any = false;
    for (size_t i = 0; i < lines->len; i++) {
        const DiffLine *line = &lines->items[i];
        bool changes = line->sign == '+' || line->sign == '-', hidden = false;

        for (size_t j = 0; changes && j < patterns->len; j++)
            TRY(error_place_at(line_matches(a, &patterns->items[j], line->text, &steps, &hidden),
                               patterns->items[j].place));
        if (!hidden)
            *vec_add(a, &kept) = *line;
        *any |= changes && !hidden;
    }
    *lines = kept;
    return NULL;
}

/* Take what is not to be shown out of C. */
static Error *suppress_lines(const Step *step, Comparison *c)
{
    const SpecTextList *patterns = patterns_of(step);
    ReleaseChangeList kept = {0};

    if (!patterns->len)
        return NULL;
    for (size_t i = 0; i < c->changes.len; i++) {
        ReleaseChange change = c->changes.items[i];
        bool any;

        TRY(without_lines(step->arena, patterns, &change.diff.lines, &any));
        if (any)
            *vec_add(step->arena, &kept) = change;
    }
    c->changes = kept;
    return NULL;
}

static bool is_there(const Comparison *c)
{
    return c->record.revision && c->record.status != RECORD_UNINSTALLED;
}

static void write_text(Buf *b, const Step *step, const Comparison *c)
{
    const PipelineOptions *options = step_options(step);
    const Release *release = step->release;

    buf_format(b, "Comparing release=%.*s, chart=%.*s, namespace=%.*s\n", STR_ARG(release->name),
               STR_ARG(release->chart), STR_ARG(release_namespace(release)));
    for (size_t i = 0; i < c->changes.len; i++)
        if (!is_suppressed(options, &c->changes.items[i].object.id))
            write_change(b, options, &c->changes.items[i]);
    if (c->hooks_changed)
        buf_add_c(b, "hooks have changed\n");
    if (is_there(c) && c->record.status != RECORD_DEPLOYED)
        buf_format(b, "revision %d is %s: %.*s\n", c->record.revision,
                   record_status_name(c->record.status),
                   STR_ARG(text_escaped(b->arena, c->record.description)));
    buf_add_char(b, '\n');
}

/* ---- as JSON */

static const char *const change_names[] = {[CHANGE_NONE] = "none",
                                           [CHANGE_CREATE] = "create",
                                           [CHANGE_UPDATE] = "update",
                                           [CHANGE_DELETE] = "delete"};

static Value change_value(Arena *a, const ReleaseChange *change)
{
    ValueMap *map = value_map_new(a);
    Buf b = {.arena = a};

    diff_print(&b, &change->diff.lines, 0, false);
    value_map_set_c(a, map, "apiVersion", value_string(change->object.id.api_version));
    value_map_set_c(a, map, "kind", value_string(change->object.id.kind));
    value_map_set_c(a, map, "namespace", value_string(change->object.id.namespace));
    value_map_set_c(a, map, "name", value_string(change->object.id.name));
    value_map_set_c(a, map, "change", value_c(change_names[change->diff.kind]));
    value_map_set_c(a, map, "diff", value_string(buf_str(&b)));
    return value_of_map(map);
}

/* "install", "upgrade", "uninstall", or "none" */
static const char *action_of(const Step *step, const Comparison *c)
{
    if (!c->changed)
        return "none";
    if (!step->release->installed)
        return "uninstall";
    return is_there(c) ? "upgrade" : "install";
}

static Value comparison_value(const Step *step, const Comparison *c)
{
    Arena *a = step->arena;
    ValueMap *map = release_value(a, step->release);
    Value *items = arena_array(a, Value, c->changes.len);

    for (size_t i = 0; i < c->changes.len; i++)
        items[i] = change_value(a, &c->changes.items[i]);
    value_map_set_c(a, map, "action", value_c(action_of(step, c)));
    value_map_set_c(a, map, "hooksChanged", value_bool(c->hooks_changed));
    value_map_set_c(a, map, "objects", value_list(items, c->changes.len));
    return value_of_map(map);
}

/* ---- the command */

/* As JSON, the result of apply is what it did. */
static Error *tell(const Step *step, const Comparison *c, bool applies)
{
    Buf b = {.arena = step->arena};

    if (step_options(step)->json)
        return applies ? NULL : step_json(step, comparison_value(step, c));
    if (!c->changed || step_options(step)->suppress_diff ||
        step->release->spec.suppress_diff == FLAG_YES)
        return NULL;
    Comparison shown = *c;
    TRY(suppress_lines(step, &shown));
    write_text(&b, step, &shown);
    report_result(step->run->report, step->number, buf_str(&b));
    return NULL;
}

static Error *compare_and_tell(const DiffPass *pass, const Step *step, Comparison *c)
{
    report_busy(step->run->report, step->number, step->title, "comparing");
    if (pass->compare)
        TRY(pass->compare(pass, step, c));
    else
        TRY(step->release->installed ? release_compare(step, c) : release_compare_gone(step, c));
    return tell(step, c, pass->comparisons != NULL);
}

/* One release's part of the summary. */
static void count(const Step *step, const Comparison *c, DiffTally *tally)
{
    if (!c->changed)
        tally->same = 1;
    else if (!step->release->installed)
        tally->uninstalls = 1;
    else if (is_there(c))
        tally->upgrades = 1;
    else
        tally->installs = 1;
    for (size_t i = 0; i < c->changes.len; i++)
        tally->objects[c->changes.items[i].diff.kind]++;
}

Error *diff_step(void *context, const Step *step)
{
    const DiffPass *pass = context;
    Comparison own = {0}, *c = pass->comparisons ? &pass->comparisons[step->number] : &own;
    Error *err = compare_and_tell(pass, step, c);

    if (!err)
        count(step, c, &pass->tallies[step->number]);
    // apply cleans up when all is done, and what was has no hooks to run
    return pass->comparisons || pass->compare ? err : step_cleanup(step, err);
}

size_t diff_summary(const Run *run, const DiffTally *tallies)
{
    DEFER(arena_free) Arena scratch = {0};
    DiffTally t = {0};

    for (size_t i = 0; i < run->plan.len; i++) {
        t.installs += tallies[i].installs;
        t.upgrades += tallies[i].upgrades;
        t.uninstalls += tallies[i].uninstalls;
        t.same += tallies[i].same;
        for (size_t kind = 0; kind < COUNT(t.objects); kind++)
            t.objects[kind] += tallies[i].objects[kind];
    }
    size_t changed = t.installs + t.upgrades + t.uninstalls;
    Str elapsed = run_elapsed(&scratch, run);
    if (!changed)
        report_summary(run->report, "no changes in %zu release%s · %.*s", t.same,
                       t.same == 1 ? "" : "s", STR_ARG(elapsed));
    else
        report_summary(run->report,
                       "%zu to install, %zu to upgrade, %zu to uninstall, %zu unchanged · objects: "
                       "%zu to create, %zu to change, %zu to delete · %.*s",
                       t.installs, t.upgrades, t.uninstalls, t.same, t.objects[CHANGE_CREATE],
                       t.objects[CHANGE_UPDATE], t.objects[CHANGE_DELETE], STR_ARG(elapsed));
    return changed;
}

Error *diff_run(Run *run, DiffPass *pass, PipelineOutcome *out)
{
    pass->tallies = arena_array(run->arena, DiffTally, run->plan.len);
    if (run_pass(run, &(RunPass){.step = diff_step, .context = pass}))
        out->changed = diff_summary(run, pass->tallies) > 0;
    return NULL;
}

static Error *diff_all(Run *run, void *context, PipelineOutcome *out)
{
    DiffPass pass = {0};

    (void)context;
    return diff_run(run, &pass, out);
}

Error *pipeline_diff(const PipelineOptions *options, PipelineOutcome *out)
{
    RunNeeds needs = {.cluster = true, .file_hooks = true, .charts = true, .json_items = true};

    return run_command(options, &needs, diff_all, NULL, out);
}
