/*
 * rendered.h - templates rendered for tests, in a world in which it is always 2021-03-03
 * 23:36:07.123456789 UTC, an hour later on the local clock, and random bytes are 1, 2, 3, ….
 */
#pragma once

#include "templating/template.h"
#include "tests/unit/base/zone_file.h"
#include "tests/unit/unit.h"

/* What TEMPLATE renders as (WANT), or words of its error. */
typedef struct RenderRow {
    const char *name;
    const char *template;
    const char *want;
    const char *error;
} RenderRow;

static int64_t rendered_now(void)
{
    return INT64_C(1614814567123456789);
}

static void rendered_random(void *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        ((unsigned char *)bytes)[i] = (unsigned char)(i + 1);
}

static Str rendered_local_zone(void)
{
    return STR("Test/Local");
}

/* Every zone whose name begins with Test/ is an hour east of UTC, two from 2021-07-01 on. */
static Error *rendered_zone(Arena *a, Str name, Str *out)
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

static const World rendered_world = {.now_ns = rendered_now,
                                     .random = rendered_random,
                                     .local_zone = rendered_local_zone,
                                     .zone = rendered_zone};

/* TEMPLATE with DOT, in WORLD. */
static inline Error *rendered(Arena *a, const World *world, const char *template, Value dot,
                              Str *out)
{
    TemplateEngine *engine =
        template_engine_new(a, &(TemplateOptions){.sets = template_sprig_sets,
                                                  .set_count = template_sprig_set_count,
                                                  .tpl_name = "gotpl"});

    TRY(template_parse(engine, "test", str_from(template)));
    return template_render(engine, &(TemplateRender){.arena = a, .dot = dot, .world = world},
                           "test", out);
}

/* A check for RenderRows. */
static inline void rendered_check(void **state)
{
    const RenderRow *row = *state;
    DEFER(arena_free) Arena a = {0};
    Str text;
    Error *err = rendered(&a, &rendered_world, row->template, value_null(), &text);

    if (row->error) {
        assert_failure(err, ERROR_INPUT, row->error);
        return;
    }
    assert_success(err);
    assert_str(text, row->want);
}
