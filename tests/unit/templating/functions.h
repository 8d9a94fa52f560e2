/*
 * functions.h - tests of template functions: templates, and what they render as.
 */
#pragma once

#include "templating/template.h"
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

/* What helm has: sprig's functions, and its own, some of which take their place. */
static inline TemplateEngine *helm_engine(Arena *a)
{
    size_t sprig = template_sprig_set_count;
    const TemplateFunctionSet **sets = arena_array(a, const TemplateFunctionSet *, sprig + 1);

    memcpy(sets, template_sprig_sets, sprig * sizeof(const TemplateFunctionSet *));
    sets[sprig] = &template_helm_set;
    return template_engine_new(
        a, &(TemplateOptions){.sets = sets, .set_count = sprig + 1, .tpl_name = "gotpl"});
}

static inline Error *render_template(Arena *a, const char *template, Str *out)
{
    static const World world = {.random = counting_random};
    TemplateEngine *engine = helm_engine(a);

    TRY(template_parse(engine, "test", str_from(template)));
    return template_render(engine, &(TemplateRender){.arena = a, .world = &world}, "test", out);
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
