/*
 * moments.c - `diff ENV@{1 day ago} ENV`: what was recorded, beside what is, or would be.
 */
#include "pipeline/run.h"

#include "base/number.h"
#include "pipeline/when.h"

/* What there is to compare. */
typedef enum SideKind { SIDE_RECORDED, SIDE_SPEC } SideKind;

typedef struct Side {
    SideKind kind;
    Str name; /* the environment; empty: that of -e */
    Str when; /* what stands in the braces; empty: now */
    int64_t at_ms;
} Side;

typedef struct Moments {
    DiffPass pass; /* first: it is passed on */
    Side from, to;
} Moments;

/* ---- what was when */

bool record_was_deployed(const Record *r)
{
    return r->status == RECORD_DEPLOYED || r->status == RECORD_SUPERSEDED;
}

Error *history_at(const Release *release, const RecordList *history, int64_t at_ms,
                  const Record **out)
{
    DEFER(arena_free) Arena scratch = {0};
    const Record *last = history->len ? &history->items[history->len - 1] : NULL;

    *out = NULL;
    for (size_t i = 0; i < history->len; i++)
        if (history->items[i].last_deployed_ms <= at_ms && record_was_deployed(&history->items[i]))
            *out = &history->items[i];
    if (*out || !last || last->first_deployed_ms > at_ms)
        return NULL;
    return error_hint(error_new(ERROR_INPUT, "%.*s: the revision of %.*s is not kept any more",
                                STR_ARG(release_title(&scratch, release)),
                                STR_ARG(run_time_text(&scratch, at_ms))),
                      "historyMax in the spec says how many are kept; the oldest is %d",
                      history->items[0].revision);
}

/* ---- what was asked for */

static Error *usage(Str word)
{
    return error_hint(
        error_new(ERROR_USAGE, "\"%.*s\" is no moment of an environment", STR_ARG(word)),
        "relfile diff 'ENV@{1 day ago}' ENV compares what was with what is; "
        "'ENV@{1}' is before the last run");
}

static Error *parse_side(Str word, bool may_be_now, Side *out)
{
    size_t at = str_find(word, STR("@{"));

    *out = (Side){.name = word};
    if (at == STR_NONE)
        return may_be_now && word.len ? NULL : usage(word);
    if (!str_ends(word, STR("}")) || at + 3 >= word.len)
        return usage(word);
    out->name = str_slice(word, 0, at);
    out->when = str_slice(word, at + 2, word.len - 1);
    return NULL;
}

static Error *check_names(const PipelineOptions *options, const Side *from, const Side *to,
                          Str *out)
{
    Str first = from->name, second = to->kind == SIDE_RECORDED ? to->name : (Str){"", 0};

    if (first.len && second.len && !str_equal(first, second))
        return error_hint(error_new(ERROR_USAGE, "%.*s and %.*s are two environments",
                                    STR_ARG(first), STR_ARG(second)),
                          "compared is one environment at two moments");
    *out = first.len ? first : second.len ? second : options->spec.environment;
    if (options->spec.environment.len && !str_equal(*out, options->spec.environment))
        return error_new(ERROR_USAGE, "-e says %.*s, and not %.*s",
                         STR_ARG(options->spec.environment), STR_ARG(*out));
    return NULL;
}

/* The moment before the newest COUNT runs. */
static Error *before_runs(const Run *run, size_t count, int64_t *out)
{
    Str environment = run->options->spec.environment;
    RunEntryList runs;

    *out = run_now_ms();
    if (!count)
        return NULL;
    if (run->store->type->of_helm)
        return error_hint(error_new(ERROR_USAGE, "helm's records say nothing of runs"),
                          "name a time: '@{1 hour ago}'");
    TRY(run_entry_list(run->store, run->arena, environment.len ? environment : STR("default"),
                       count, &runs));
    if (runs.len < count)
        return error_hint(
            error_new(ERROR_INPUT, "there have been %zu runs, not %zu", runs.len, count),
            "relfile log shows them");
    *out = runs.items[0].started_ms - 1;
    return NULL;
}

static Error *find_moment(const Run *run, Side *side)
{
    int64_t count;

    side->at_ms = run_now_ms();
    if (!side->when.len)
        return NULL;
    if (number_parse_int(side->when, 10, &count) == NUMBER_OK && count >= 0)
        return before_runs(run, (size_t)count, &side->at_ms);
    return error_wrap(when_parse(side->when, run_now_ms(), &side->at_ms), "@{%.*s}",
                      STR_ARG(side->when));
}

/* ---- comparing */

/* The release as it was recorded then; *RECORD .revision 0 where it was not there. */
static Error *recorded(const Step *step, int64_t at_ms, Record *record, ReleaseObjectList *out)
{
    const Release *r = step->release;
    RecordList history;
    const Record *then;

    *record = (Record){0};
    TRY(record_history(step->run->store, step->arena, r->kube_context, release_namespace(r),
                       r->name, &history));
    TRY(history_at(r, &history, at_ms, &then));
    if (!then)
        return NULL;
    *record = *then;
    TRY(record_read(step->run->store, step->arena, record));
    return objects_of_record(step, record, out);
}

static Error *wanted(const Step *step, Comparison *c)
{
    Record last;

    if (!step->release->installed)
        return NULL;
    TRY(release_record(step, &last));
    TRY(release_render(step,
                       &(RenderRequest){.revision = last.revision + 1,
                                        .last = last.revision ? &last : NULL,
                                        .repeats = true},
                       &c->rendered));
    return objects_make(step, &c->rendered.output.manifests, &c->wanted);
}

static Value find_object(const ReleaseObjectList *objects, const ObjectId *id)
{
    for (size_t i = 0; i < objects->len; i++)
        if (object_is_same(&objects->items[i].id, id))
            return objects->items[i].object;
    return value_null();
}

static Error *add_change(const Step *step, const ReleaseObject *object, Value from, Value to,
                         ReleaseChangeList *out)
{
    const PipelineOptions *o = step->run->options;
    ObjectDiff diff;

    TRY(diff_objects(step->arena, from, to,
                     &(DiffOptions){.context = o->context,
                                    .show_secrets = o->show_secrets,
                                    .ignore_trailing_cr = o->strip_cr},
                     &diff));
    if (diff.kind != CHANGE_NONE)
        *vec_add(step->arena, out) = (ReleaseChange){.object = *object, .diff = diff};
    return NULL;
}

static Error *compare(const DiffPass *pass, const Step *step, Comparison *out)
{
    const Moments *m = (const Moments *)pass;
    ReleaseObjectList old = {0};
    Record to;

    *out = (Comparison){0};
    TRY(recorded(step, m->from.at_ms, &out->record, &old));
    if (m->to.kind == SIDE_SPEC)
        TRY(wanted(step, out));
    else
        TRY(recorded(step, m->to.at_ms, &to, &out->wanted));
    out->record.status = RECORD_DEPLOYED; // as it was then
    objects_dropped(step->arena, &old, &out->wanted, &out->dropped);
    for (size_t i = 0; i < out->wanted.len; i++) {
        const ReleaseObject *object = &out->wanted.items[i];

        TRY(add_change(step, object, find_object(&old, &object->id), object->object,
                       &out->changes));
    }
    for (size_t i = 0; i < out->dropped.len; i++)
        TRY(add_change(step, &out->dropped.items[i], out->dropped.items[i].object, value_null(),
                       &out->changes));
    out->changed = out->changes.len > 0;
    return NULL;
}

static Error *compare_all(Run *run, void *context, PipelineOutcome *out)
{
    Moments *m = context;

    TRY(find_moment(run, &m->from));
    TRY(find_moment(run, &m->to));
    return diff_run(run, &m->pass, out);
}

Error *pipeline_diff_moments(const PipelineOptions *options, Str from, Str to, PipelineOutcome *out)
{
    Moments m = {.pass = {.compare = compare}, .to = {.kind = SIDE_SPEC}};
    PipelineOptions own = *options;
    RunNeeds needs = {.cluster = true, .json_items = true};

    TRY(parse_side(from, to.len > 0, &m.from));
    if (to.len)
        TRY(parse_side(to, true, &m.to));
    TRY(check_names(options, &m.from, &m.to, &own.spec.environment));
    needs.charts = m.to.kind == SIDE_SPEC;
    return run_command(&own, &needs, compare_all, &m, out);
}
