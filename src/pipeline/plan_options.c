/*
 * plan_options.c - what the command line of `plan` said of what is to be done: `apply FILE` is told
 * the same by the plan.
 *
 * Only what chooses releases is for everybody to read. What was given to be rendered (--set,
 * --values) is in what was rendered, and needed no more.
 */
#include "pipeline/plan_file.h"

#include "base/field.h"

#include <stddef.h>

#define OPTION(name, member)                                                                       \
    {                                                                                              \
        name, offsetof(PipelineOptions, member)                                                    \
    }

typedef struct PlannedOption {
    const char *name;
    size_t offset;
} PlannedOption;

/* Those whose members are of one type. */
typedef struct PlannedOptions {
    const PlannedOption *items;
    size_t len;
} PlannedOptions;

#define PLANNED(rows)                                                                              \
    (PlannedOptions)                                                                               \
    {                                                                                              \
        (rows), COUNT(rows)                                                                        \
    }

static const PlannedOption shown_texts[] = {OPTION("environment", spec.environment),
                                            OPTION("namespace", spec.namespace),
                                            OPTION("kubeContext", spec.kube_context)};
static const PlannedOption shown_lists[] = {OPTION("selectors", spec.selectors),
                                            OPTION("allowDelete", allow_delete),
                                            OPTION("limits", delete_limits)};
static const PlannedOption shown_flags[] = {OPTION("prune", prune),
                                            OPTION("includeNeeds", include_needs),
                                            OPTION("skipNeeds", skip_needs),
                                            OPTION("skipCRDs", skip_crds),
                                            OPTION("noHooks", no_hooks),
                                            OPTION("takeOwnership", take_ownership),
                                            OPTION("wait", wait),
                                            OPTION("waitForJobs", wait_for_jobs),
                                            OPTION("deleteWait", delete_wait)};
static const PlannedOption shown_numbers[] = {OPTION("timeout", timeout_s),
                                              OPTION("deleteTimeout", delete_timeout_s)};
static const PlannedOption shown_names[] = {OPTION("onError", on_error),
                                            OPTION("cascade", cascade)};

/* These may have passwords in them. */
static const PlannedOption sealed_lists[] = {OPTION("args", args), OPTION("diffArgs", diff_args),
                                             OPTION("syncArgs", sync_args)};
static const PlannedOption sealed_texts[] = {OPTION("description", description)};
static const PlannedOption sealed_names[] = {OPTION("state", state_url),
                                             OPTION("targetLocation", target_location)};

/* ---- writing */

static Value list_value(Arena *a, const StrList *list)
{
    Value *items = arena_array(a, Value, list->len);

    for (size_t i = 0; i < list->len; i++)
        items[i] = value_string(list->items[i]);
    return value_list(items, list->len);
}

static const void *option_at(const PipelineOptions *o, const PlannedOption *option)
{
    return (const char *)o + option->offset;
}

static void add_texts(Arena *a, ValueMap *map, PlannedOptions rows, const PipelineOptions *o)
{
    for (size_t i = 0; i < rows.len; i++)
        value_map_set_c(a, map, rows.items[i].name,
                        value_string(*(const Str *)option_at(o, &rows.items[i])));
}

static void add_lists(Arena *a, ValueMap *map, PlannedOptions rows, const PipelineOptions *o)
{
    for (size_t i = 0; i < rows.len; i++)
        value_map_set_c(a, map, rows.items[i].name, list_value(a, option_at(o, &rows.items[i])));
}

static void add_names(Arena *a, ValueMap *map, PlannedOptions rows, const PipelineOptions *o)
{
    for (size_t i = 0; i < rows.len; i++) {
        const char *const *name = option_at(o, &rows.items[i]);

        value_map_set_c(a, map, rows.items[i].name, *name ? value_c(*name) : value_null());
    }
}

Value plan_options_shown(Arena *a, const PipelineOptions *o)
{
    ValueMap *map = value_map_new(a);

    add_texts(a, map, PLANNED(shown_texts), o);
    add_lists(a, map, PLANNED(shown_lists), o);
    add_names(a, map, PLANNED(shown_names), o);
    for (size_t i = 0; i < COUNT(shown_flags); i++)
        value_map_set_c(a, map, shown_flags[i].name,
                        value_bool(*(const bool *)option_at(o, &shown_flags[i])));
    for (size_t i = 0; i < COUNT(shown_numbers); i++)
        value_map_set_c(a, map, shown_numbers[i].name,
                        value_int(*(const int64_t *)option_at(o, &shown_numbers[i])));
    return value_of_map(map);
}

Value plan_options_sealed(Arena *a, const PipelineOptions *o)
{
    ValueMap *map = value_map_new(a);

    add_texts(a, map, PLANNED(sealed_texts), o);
    add_lists(a, map, PLANNED(sealed_lists), o);
    add_names(a, map, PLANNED(sealed_names), o);
    return value_of_map(map);
}

/* ---- reading: what `apply FILE` says itself counts */

static void *option_of(PipelineOptions *o, const PlannedOption *option)
{
    return (char *)o + option->offset;
}

static StrList list_of_texts(Arena *a, const Value *options, const char *name)
{
    ValueList list = field_list(options, name);
    StrList texts = {0};

    for (size_t i = 0; i < list.len; i++)
        if (list.items[i].kind == VALUE_STRING)
            *vec_add(a, &texts) = list.items[i].string;
    return texts;
}

static void take_texts(const Value *from, PlannedOptions rows, PipelineOptions *out)
{
    for (size_t i = 0; i < rows.len; i++) {
        Str *text = option_of(out, &rows.items[i]);

        if (!text->len)
            *text = field_string(from, rows.items[i].name);
    }
}

static void take_lists(Arena *a, const Value *from, PlannedOptions rows, PipelineOptions *out)
{
    for (size_t i = 0; i < rows.len; i++) {
        StrList *list = option_of(out, &rows.items[i]);

        if (!list->len)
            *list = list_of_texts(a, from, rows.items[i].name);
    }
}

static void take_names(Arena *a, const Value *from, PlannedOptions rows, PipelineOptions *out)
{
    for (size_t i = 0; i < rows.len; i++) {
        const char **name = option_of(out, &rows.items[i]);
        Str said = field_string(from, rows.items[i].name);

        if (!*name && said.len)
            *name = str_c(a, said);
    }
}

static void take_shown(Arena *a, const Value *from, PipelineOptions *out)
{
    take_texts(from, PLANNED(shown_texts), out);
    take_lists(a, from, PLANNED(shown_lists), out);
    take_names(a, from, PLANNED(shown_names), out);
    for (size_t i = 0; i < COUNT(shown_flags); i++) {
        bool *flag = option_of(out, &shown_flags[i]);

        *flag = *flag || field_bool(from, shown_flags[i].name, false);
    }
    for (size_t i = 0; i < COUNT(shown_numbers); i++) {
        int64_t *number = option_of(out, &shown_numbers[i]);

        *number = *number ? *number : field_int(from, shown_numbers[i].name, 0);
    }
}

/* Whether one of the texts, which variables may say for all commands, is another than the plan's.
 */
static bool says_another(const PipelineOptions *o, const Value *shown)
{
    for (size_t i = 0; i < COUNT(shown_texts); i++) {
        Str own = *(const Str *)option_at(o, &shown_texts[i]);
        Str planned = field_string(shown, shown_texts[i].name);

        if (!planned.len && option_at(o, &shown_texts[i]) == &o->spec.environment)
            planned = STR("default");
        if (own.len && !str_equal(own, planned))
            return true;
    }
    return false;
}

/* Whether OPTIONS say what is to be rendered, or of what. */
static bool says_what(const PipelineOptions *o)
{
    const StrList *lists[] = {&o->spec.selectors,
                              &o->spec.state_values_set,
                              &o->spec.state_values_files,
                              &o->spec.state_values_set_string,
                              &o->values_files,
                              &o->sets,
                              &o->set_strings,
                              &o->set_jsons,
                              &o->set_literals,
                              &o->set_files};

    for (size_t i = 0; i < COUNT(lists); i++)
        if (lists[i]->len)
            return true;
    return o->spec.chart.len || o->since.len;
}

Error *plan_options(Arena *a, const GivenPlan *plan, const PipelineOptions *given,
                    PipelineOptions *out)
{
    const Value *shown = field_at(&plan->head, "options");
    const Value *sealed = field_at(&plan->sealed, "options");

    if (says_what(given) || (shown && says_another(given, shown)))
        return error_new(ERROR_USAGE, "a plan says itself which releases, values and environment "
                                      "it is about");
    *out = *given;
    out->given_plan = plan;
    if (!out->target)
        out->target = str_c(a, field_string(&plan->head, "target"));
    if (shown)
        take_shown(a, shown, out);
    if (!sealed)
        return NULL;
    take_texts(sealed, PLANNED(sealed_texts), out);
    take_lists(a, sealed, PLANNED(sealed_lists), out);
    take_names(a, sealed, PLANNED(sealed_names), out);
    return NULL;
}
