/*
 * plan_stale.c - what has moved since a plan was made.
 */
#include "pipeline/plan_file.h"

#include "base/field.h"

/* A line for each thing that has moved. */
typedef struct Moved {
    Buf text;
    size_t count;
} Moved;

static void add_moved(Moved *m, Str title, Str what)
{
    buf_format(&m->text, "\n  %.*s: %.*s", STR_ARG(title), STR_ARG(what));
    m->count++;
}

static bool same_field(const Value *x, const Value *y, const char *name)
{
    const Value *a = field_at(x, name), *b = field_at(y, name);

    return (!a || value_is_null(*a)) == (!b || value_is_null(*b)) &&
           (!a || value_is_null(*a) || !b || value_alike(*a, *b));
}

/* ---- the spec, where it is here */

static Str words_on(Arena *a, const Value *input, bool there)
{
    Str what = field_string(input, "what"), path = field_string(input, "path");
    const char *how = there ? "changed" : "gone";

    if (str_is(what, "chart"))
        return str_format(a, "its chart has %s: %.*s", how, STR_ARG(path));
    if (str_is(what, "values"))
        return str_format(a, "its values or manifests have %s: %.*s", how, STR_ARG(path));
    return str_format(a, "its files have %s: %.*s", how, STR_ARG(path));
}

static void compare_inputs(Moved *m, const GivenPlan *plan)
{
    Arena *a = m->text.arena;
    ValueList inputs = field_list(&plan->head, "inputs");

    // the first is the spec: where it is not here, neither need be what it is made of
    if (!inputs.len || value_is_null(plan_input_digest(a, plan->key, &inputs.items[0])))
        return;
    for (size_t i = 0; i < inputs.len; i++) {
        const Value *input = &inputs.items[i];
        Value now = plan_input_digest(a, plan->key, input);
        Str release = field_string(input, "release");

        if (str_equal(field_string(input, "digest"),
                      now.kind == VALUE_STRING ? now.string : STR("")))
            continue;
        add_moved(m, release.len ? release : STR("the spec"),
                  words_on(a, input, !value_is_null(now)));
    }
}

/* ---- releases */

static void compare_live(Moved *m, Str release, const Value *then, const Value *now)
{
    Arena *a = m->text.arena;
    Str title =
        str_format(a, "%.*s: %.*s/%.*s", STR_ARG(release), STR_ARG(field_string(then, "kind")),
                   STR_ARG(field_string(then, "name")));

    if (same_field(then, now, "state"))
        return;
    add_moved(m, title,
              !field_string(then, "state").len  ? STR("is there now")
              : !field_string(now, "state").len ? STR("is not there any more")
                                                : STR("was changed"));
}

static Str revision_text(Arena *a, const Value *release)
{
    return str_format(a, "%lld (%.*s)", (long long)field_int(release, "revision", 0),
                      STR_ARG(field_string(release, "status")));
}

static void compare_records(Moved *m, Str title, const Value *then, const Value *now)
{
    Arena *a = m->text.arena;

    if (!same_field(then, now, "revision") || !same_field(then, now, "status"))
        add_moved(m, title,
                  str_format(a, "was revision %.*s, is %.*s", STR_ARG(revision_text(a, then)),
                             STR_ARG(revision_text(a, now))));
    else if (!same_field(then, now, "serial"))
        add_moved(m, title,
                  str_format(a, "its record of revision %.*s was written again",
                             STR_ARG(revision_text(a, then))));
}

static void compare_releases(Moved *m, Str title, const Value *then, const Value *now)
{
    ValueList old = field_list(then, "objects"), new = field_list(now, "objects");

    if (!same_field(then, now, "cluster"))
        add_moved(m, title, STR("its context leads to another cluster"));
    compare_records(m, title, then, now);
    if (old.len != new.len)
        add_moved(m, title, STR("the objects that it has, or would lose, are others"));
    for (size_t i = 0; i < old.len && old.len == new.len; i++)
        compare_live(m, title, &old.items[i], &new.items[i]);
}

static Error *stale(const Moved *m, const Value *head)
{
    Str made = field_string(head, "created");

    return error_hint(error_new(ERROR_CONFLICT,
                                "the plan of %.*s is stale, and nothing was changed; since then "
                                "has moved:%.*s",
                                STR_ARG(made), (int)m->text.len, m->text.ptr),
                      "relfile plan makes a new one");
}

Error *plan_check(const PlanFile *plan, const GivenPlan *given)
{
    const Run *run = plan->run;
    Arena *a = run->arena;
    ValueList then = field_list(&given->head, "releases");
    Moved m = {.text = {.arena = a}};

    if (then.len != run->plan.len)
        return error_new(ERROR_INPUT, "%s: this plan lacks something", given->file);
    compare_inputs(&m, given);
    if (!str_is(field_string(&given->head, "target"), run->target))
        add_moved(&m, STR("the target"), str_from(run->target));
    for (size_t i = 0; i < run->plan.len; i++) {
        const Release *release = run->plan.items[i].release;

        compare_releases(&m, release_title(a, release), &then.items[release->index],
                         &plan->releases[i]);
    }
    return m.count ? stale(&m, &given->head) : NULL;
}
