/*
 * post_renderer.c - postRenderer: which one a release's manifests go through.
 */
#include "pipeline/post_renderer.h"

#include "postrender/postrender.h"

/* The release's, or that of the command line, or that of helmDefaults. */
static SpecText chosen(const Step *step)
{
    const SpecText *own = &step->release->spec.behaviour.post_renderer;
    const SpecText *usual = &step->release->file->spec.defaults.behaviour.post_renderer;
    Str given = step_options(step)->post_renderer;

    if (own->text.len)
        return *own;
    if (given.len)
        return (SpecText){given, {.file = "--post-renderer"}};
    return *usual;
}

static void add_texts(Arena *a, StrList *out, const SpecTextList *texts)
{
    for (size_t i = 0; i < texts->len; i++)
        if (texts->items[i].text.len)
            *vec_add(a, out) = texts->items[i].text;
}

/* Arguments go the same way; those of helmDefaults are templates. */
static Error *add_arguments(const Step *step, StrList *out)
{
    const SpecTextList *own = &step->release->spec.behaviour.post_renderer_args;
    const SpecTextList *usual = &step->release->file->spec.defaults.behaviour.post_renderer_args;
    const StrList *given = &step_options(step)->post_renderer_args;
    Arena *a = step->arena;

    if (own->len) {
        add_texts(a, out, own);
        return NULL;
    }
    for (size_t i = 0; i < given->len; i++)
        *vec_add(a, out) = given->items[i];
    for (size_t i = 0; !given->len && i < usual->len; i++) {
        Str text;

        TRY(error_move(
            environment_render(step->run->templates, a,
                               &(EnvironmentTemplate){.name = "postRendererArgs",
                                                      .text = usual->items[i].text,
                                                      .directory = step->release->file->directory,
                                                      .dot = release_dot(a, step->release)},
                               &text),
            usual->items[i].place));
        if (text.len)
            *vec_add(a, out) = text;
    }
    return NULL;
}

Error *post_renderer_run(const Step *step, ChartOutput *output)
{
    SpecText wanted = chosen(step);
    PostRenderer renderer = {.name = wanted.text, .folder = step->release->file->directory};

    if (!wanted.text.len)
        return NULL;
    TRY(add_arguments(step, &renderer.arguments));
    return error_named(post_render(step->arena, &renderer, output), wanted.place,
                       "release \"%.*s\"", STR_ARG(step->release->name));
}
