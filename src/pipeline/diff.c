/*
 * diff.c - `diff` and `drift`: which releases are compared, what is left out, and the summary.
 */
#include "pipeline/plan_file.h"

#include "base/regex.h"

#include <string.h>

enum { REGEX_STEPS = 50000000 };

DiffForm diff_form(const PipelineOptions *options)
{
    static const char *const names[] = {
        [DIFF_TEXT] = "text",         [DIFF_PLAIN] = "diff",
        [DIFF_SIMPLE] = "simple",     [DIFF_TABLE] = "table",
        [DIFF_MARKDOWN] = "md",       [DIFF_DYFF] = "dyff",
        [DIFF_TEMPLATE] = "template", [DIFF_STRUCTURED] = "structured",
        [DIFF_HELM_JSON] = "json"};

    if (options->json)
        return DIFF_JSON;
    for (size_t i = 0; options->diff_form && i < COUNT(names); i++)
        if (names[i] && strcmp(names[i], options->diff_form) == 0)
            return (DiffForm)i;
    return options->drop_in ? DIFF_PLAIN : DIFF_TEXT;
}

bool diff_form_is_json(const PipelineOptions *options)
{
    return options->json || (diff_form(options) == DIFF_STRUCTURED && !options->drop_in);
}

static bool is_form_of_helm_diff(DiffForm form)
{
    return form == DIFF_PLAIN || form == DIFF_SIMPLE || form == DIFF_DYFF ||
           form == DIFF_TEMPLATE || form == DIFF_STRUCTURED || form == DIFF_HELM_JSON;
}

int diff_context(const PipelineOptions *options)
{
    return diff_form(options) == DIFF_PLAIN ? -1 : options->context; // it leaves lines out itself
}

bool diff_is_suppressed(const PipelineOptions *options, const ObjectId *id)
{
    if (options->suppress_secrets && str_is(id->kind, "Secret"))
        return true;
    for (size_t i = 0; i < options->suppressed.len; i++)
        if (str_equal(options->suppressed.items[i], id->kind))
            return true;
    return false;
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

/*
 * LINES without changed ones that match, or without all that do; *ANY: changes are left.
 * Source: helm-diff, diff.go.
 */
static Error *without_lines(Arena *a, const SpecTextList *patterns, bool all, DiffLineList *lines,
                            bool *any)
{
    DiffLineList kept = {0};
    size_t steps = REGEX_STEPS;

    *any = false;
    for (size_t i = 0; i < lines->len; i++) {
        const DiffLine *line = &lines->items[i];
        bool changes = line->sign == '+' || line->sign == '-', hidden = false;

        for (size_t j = 0; (changes || all) && !hidden && j < patterns->len; j++)
            TRY(error_place_at(
                regex_pattern_matches(patterns->items[j].text, line->text, &steps, &hidden),
                patterns->items[j].place));
        if (!hidden)
            *vec_add(a, &kept) = *line;
        *any |= changes && !hidden;
    }
    *lines = kept;
    return NULL;
}

Error *diff_suppress_lines(const Step *step, Comparison *c)
{
    const SpecTextList *patterns = patterns_of(step);
    bool plain = is_form_of_helm_diff(diff_form(step_options(step)));
    ReleaseChangeList kept = {0};

    if (!patterns->len)
        return NULL;
    for (size_t i = 0; i < c->changes.len; i++) {
        ReleaseChange change = c->changes.items[i];
        bool any;

        TRY(without_lines(step->arena, patterns, plain, &change.diff.lines, &any));
        if (!any)
            change.diff.lines = (DiffLineList){0};
        if (any || plain)
            *vec_add(step->arena, &kept) = change;
    }
    c->changes = kept;
    return NULL;
}

bool diff_is_emptied(const ReleaseChange *change)
{
    return change->diff.kind == CHANGE_UPDATE && !change->diff.lines.len;
}

const char *diff_change_word(const ReleaseChange *change)
{
    static const char *const words[] = {[CHANGE_NONE] = "NONE",
                                        [CHANGE_CREATE] = "ADD",
                                        [CHANGE_UPDATE] = "MODIFY",
                                        [CHANGE_DELETE] = "REMOVE"};

    return diff_is_emptied(change) ? "MODIFY_SUPPRESSED" : words[change->diff.kind];
}

static bool is_there(const Comparison *c)
{
    return c->record.revision && c->record.status != RECORD_UNINSTALLED;
}

const char *diff_action(const Step *step, const Comparison *c)
{
    if (!c->changed)
        return "none";
    if (!step->release->installed)
        return "uninstall";
    return is_there(c) ? "upgrade" : "install";
}

/* ---- the command */

static bool compares_manifests(const PipelineOptions *options)
{
    return options->drop_in && is_form_of_helm_diff(diff_form(options)) && !options->three_way;
}

/* As JSON, the result of apply is what it did. */
static Error *tell(const Step *step, const Comparison *c, bool applies)
{
    Buf b = {.arena = step->arena};

    bool json = diff_form_is_json(step_options(step));
    Comparison shown = *c;

    if (json && applies)
        return NULL;
    if (!compares_manifests(step_options(step)))
        TRY(diff_find_renames(step, &shown));
    if (json)
        return diff_tell_json(step, &shown);
    if ((!c->changed && !c->stopped.len) || step_options(step)->suppress_diff ||
        step->release->spec.suppress_diff == FLAG_YES)
        return NULL;
    if (compares_manifests(step_options(step))) {
        shown.changes = (ReleaseChangeList){0};
        shown.hooks_changed = false;
        TRY(diff_manifests(step, c, &shown.changes));
    }
    TRY(diff_suppress_lines(step, &shown));
    TRY(diff_write(&b, step, &shown));
    report_result(step->run->report, step->number, buf_str(&b));
    return NULL;
}

/* What has to be replaced is refused before anything is changed, unless the spec allows that. */
static Error *check_replaced(const Step *step, const Comparison *c)
{
    const SpecRelease *spec = &step->release->spec;
    bool allowed = release_flag(spec->behaviour.force,
                                step->release->file->spec.defaults.behaviour.force, false) ||
                   str_is(spec->update_strategy.text, "reinstallIfForbidden");

    for (size_t i = 0; i < c->changes.len && !allowed; i++) {
        const ReleaseChange *change = &c->changes.items[i];

        if (change->replaced.len)
            return error_hint(
                error_new(ERROR_INPUT, "%.*s would have to be replaced: %.*s",
                          STR_ARG(object_title(step->arena, &change->object.id)),
                          STR_ARG(change->replaced)),
                "force: true replaces objects, updateStrategy: reinstallIfForbidden the release");
    }
    return NULL;
}

static Error *compare_and_tell(const DiffPass *pass, const Step *step, Comparison *c)
{
    bool applies = pass->comparisons != NULL;

    report_busy(step->run->report, step->number, step->title, "comparing");
    if (pass->compare)
        TRY(pass->compare(pass, step, c));
    else if (!step->release->installed)
        TRY(release_compare_gone(step, c));
    else
        TRY(release_compare(step, c));
    TRY(tell(step, c, applies));
    return applies ? check_replaced(step, c) : NULL;
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
    tally->had = c->had;
    for (size_t i = 0; i < c->changes.len; i++)
        if (!c->changes.items[i].what || strcmp(c->changes.items[i].what, "crd") == 0)
            tally->objects[c->changes.items[i].diff.kind]++;
}

Error *diff_step(void *context, const Step *step)
{
    const DiffPass *pass = context;
    Comparison own = {0}, *c = pass->comparisons ? &pass->comparisons[step->number] : &own;
    Error *err = compare_and_tell(pass, step, c);

    if (!err && pass->plan)
        err = plan_add_release(pass->plan, step, c);
    if (!err)
        count(step, c, &pass->tallies[step->number]);
    // apply cleans up when all is done, and what was, or goes, has no hooks to run
    bool cleans = !pass->comparisons && !pass->compare && step->release->installed;
    return cleans ? step_cleanup(step, err) : err;
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
    if (run->options->drop_in)
        return changed; // scripts compare all that it prints
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
    TRY(diff_run(run, &pass, out));
    dropped_tell(run);
    return NULL;
}

Error *pipeline_diff(const PipelineOptions *options, PipelineOutcome *out)
{
    RunNeeds needs = {
        .cluster = true, .prunes = true, .file_hooks = true, .charts = true, .json_items = true};

    return run_command(options, &needs, diff_all, NULL, out);
}

/* ---- plan */

static Error *plan_all(Run *run, void *context, PipelineOutcome *out)
{
    DEFER(kept_free) Kept kept = kept_new(run);
    PlanFile plan;
    DiffPass pass = {.comparisons = arena_array(run->arena, Comparison, run->plan.len),
                     .tallies = arena_array(run->arena, DiffTally, run->plan.len),
                     .plan = &plan};

    (void)context;
    TRY(plan_new(run, &plan));
    if (!run_pass(run, &(RunPass){.step = diff_step, .context = &pass, .arenas = kept.arenas}))
        return NULL;
    dropped_tell(run);
    out->changed = diff_summary(run, pass.tallies) > 0;
    TRY(plan_write(&plan, run->options->plan_file));
    report_note(run->report,
                str_format(run->arena, "relfile apply %s does exactly that, or nothing\n",
                           run->options->plan_file));
    return NULL;
}

Error *pipeline_plan(const PipelineOptions *options, PipelineOutcome *out)
{
    RunNeeds needs = {.cluster = true, .prunes = true, .file_hooks = true, .charts = true};
    PipelineOptions written = *options; // what is written down is for others, and not for terminals

    written.colour = written.show_secrets = written.show_decoded = false;
    return run_command(&written, &needs, plan_all, NULL, out);
}

/* ---- drift */

static Error *drift_step(void *context, const Step *step)
{
    const DiffPass *pass = context;
    Comparison c;

    report_busy(step->run->report, step->number, step->title, "comparing");
    TRY(release_compare_drift(step, &c));
    TRY(tell(step, &c, false));
    count(step, &c, &pass->tallies[step->number]);
    return NULL;
}

static Error *drift_all(Run *run, void *context, PipelineOutcome *out)
{
    DEFER(arena_free) Arena scratch = {0};
    DiffPass pass = {.tallies = arena_array(run->arena, DiffTally, run->plan.len)};
    size_t drifted = 0, changed = 0, deleted = 0;

    (void)context;
    if (!run_pass(run, &(RunPass){.step = drift_step, .context = &pass}))
        return NULL;
    for (size_t i = 0; i < run->plan.len; i++) {
        drifted += !pass.tallies[i].same;
        changed += pass.tallies[i].objects[CHANGE_UPDATE];
        deleted += pass.tallies[i].objects[CHANGE_DELETE];
    }
    out->changed = drifted > 0;
    report_summary(run->report,
                   "%zu of %zu release%s drifted · objects: %zu changed, %zu deleted · %.*s",
                   drifted, run->plan.len, run->plan.len == 1 ? " has" : "s have", changed, deleted,
                   STR_ARG(run_elapsed(&scratch, run)));
    return NULL;
}

Error *pipeline_drift(const PipelineOptions *options, PipelineOutcome *out)
{
    RunNeeds needs = {.cluster = true, .json_items = true};

    return run_command(options, &needs, drift_all, NULL, out);
}
