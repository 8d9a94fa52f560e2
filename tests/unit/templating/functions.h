/*
 * functions.h - tests of template functions: templates, and what they render as, in a world
 * in which it is always 2021-03-03 23:36:07.123456789 UTC, an hour later on the local clock.
 */
#pragma once

#include "templating/template.h"
#include "tests/unit/base/zone_file.h"
#include "tests/unit/unit.h"

/* What TEMPLATE renders as (WANT), or words of its error. */
typedef struct FunctionRow {
    const char *name;
    const char *template;
    const char *want;
    const char *error;
} FunctionRow;

/* Bytes that count up from 0. */
static void counting_random(void *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        ((unsigned char *)bytes)[i] = (unsigned char)i;
}

static int64_t fixed_now(void)
{
    return INT64_C(1614814567123456789);
}

static Str test_local_zone(void)
{
    return STR("Test/Local");
}

/* Every zone whose name begins with Test/ is an hour east of UTC, two from 2021-07-01 on. */
static Error *read_test_zone(Arena *a, Str name, Str *out)
{
    static const ZoneFile file = {.version = '2',
                                  .names = STR_INIT("TST\0TDT"),
                                  .offsets = {{3600, false, 0}, {7200, true, 4}},
                                  .offset_count = 2,
                                  .changes = {{1625097600, 1}},
                                  .change_count = 1};

    if (!str_starts(name, STR("Test/")))
        return error_new(ERROR_NOT_FOUND, "unknown time zone %.*s", STR_ARG(name));
    *out = zone_file_bytes(a, &file);
    return NULL;
}

static const World test_world = {.now_ns = fixed_now,
                                 .random = counting_random,
                                 .local_zone = test_local_zone,
                                 .zone = read_test_zone};

/* TEMPLATE with DOT, in WORLD. */
static inline Error *render_in(Arena *a, const World *world, const char *template, Value dot,
                               Str *out)
{
    size_t sprig = template_sprig_set_count, count = sprig + template_helm_set_count;
    const TemplateFunctionSet **sets = arena_array(a, const TemplateFunctionSet *, count);
    TemplateEngine *engine;

    memcpy(sets, template_sprig_sets, sprig * sizeof(*sets));
    memcpy(sets + sprig, template_helm_sets, template_helm_set_count * sizeof(*sets));
    engine = template_engine_new(
        a, &(TemplateOptions){.sets = sets, .set_count = count, .tpl_name = "gotpl"});
    TRY(template_parse(engine, "test", str_from(template)));
    return template_render(engine, &(TemplateRender){.arena = a, .dot = dot, .world = world},
                           "test", out);
}

static inline Error *render_template(Arena *a, const char *template, Str *out)
{
    return render_in(a, &test_world, template, value_null(), out);
}

/* A check for FunctionRows. */
static inline void check_function(void **state)
{
    const FunctionRow *row = *state;
    DEFER(arena_free) Arena a = {0};
    Str text;
    Error *err = render_template(&a, row->template, &text);

    if (row->error) {
        assert_failure(err, ERROR_INPUT, row->error);
        return;
    }
    assert_success(err);
    assert_str(text, row->want);
}
