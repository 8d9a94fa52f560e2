/*
 * why_misfits.c - values that do not fit the schema of their chart, at the lines that set them.
 */
#include "pipeline/why.h"

static Str name_of(Arena *a, const StrList *path)
{
    Str name = {0};

    for (size_t i = 0; i < path->len; i++)
        name = why_name_below(a, name, path->items[i]);
    return name;
}

/* The place that had the last word on NAME. False: it was none in a file. */
static bool last_place(Arena *a, WhySourceList *sources, Str name, Place *out)
{
    WhyAnswer answer = why_answer(a, sources, NULL, name);

    if (!name.len || !answer.layers.len) // all of them, or what is missing
        return false;
    *out = answer.layers.items[answer.layers.len - 1].place;
    return out->file && out->line;
}

Error *why_misfits(const Step *step, const Chart *chart, const ChartMisfitList *misfits, Error *err)
{
    Arena *a = step->arena;
    WhySourceList sources = {0};
    Error *unread = misfits->len ? why_release_sources(step, chart, &sources) : NULL;

    for (size_t i = 0; !unread && i < misfits->len; i++) {
        const ChartMisfit *misfit = &misfits->items[i];
        Str name = name_of(a, &misfit->path);
        Place place;

        if (misfit->nearest)
            err = error_hint(err, "did you mean \"%s\"?", misfit->nearest);
        if (last_place(a, &sources, name, &place))
            err = error_named(err, place, "%.*s", STR_ARG(name));
    }
    error_free(unread); // that there are places is a kindness, and no reason to fail otherwise
    return err;
}
