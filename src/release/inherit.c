/*
 * inherit.c - `inherit` and `defaultInherit`. Source: helmfile, pkg/state/state_exec_tmpl.go.
 */
#include "release/steps.h"

#include "base/nearest.h"
#include "spec/merge.h"

enum { DEEPEST_TEMPLATE = 50 };

static const SpecRelease *find_template(const SpecFile *file, Str name)
{
    for (size_t i = 0; i < file->spec.templates.len; i++)
        if (str_equal(file->spec.templates.items[i].key.text, name))
            return &file->spec.templates.items[i];
    return NULL;
}

static Error *unknown_template(Arena *a, const SpecFile *file, const SpecText *name)
{
    const SpecReleaseList *templates = &file->spec.templates;
    const char **names = arena_array(a, const char *, templates->len);
    Error *err = error_at(name->place, "inexistent release template \"%.*s\"", STR_ARG(name->text));

    for (size_t i = 0; i < templates->len; i++)
        names[i] = str_c(a, templates->items[i].key.text);
    return nearest_hint(err, name->text, names, templates->len);
}

/* Take WHAT out of a template, as `except` asks. */
static Error *leave_out(const SpecText *what, SpecRelease *release)
{
    if (str_is(what->text, "labels"))
        release->labels = NULL;
    else if (str_is(what->text, "values"))
        release->values = (ValuesEntryList){0};
    else if (str_is(what->text, "valuesTemplate"))
        release->values_template = (ValuesEntryList){0};
    else if (str_is(what->text, "set"))
        release->set = (SpecSetList){0};
    else if (str_is(what->text, "setString"))
        release->set_string = (SpecSetList){0};
    else if (str_is(what->text, "setTemplate"))
        release->set_template = (SpecSetList){0};
    else if (str_is(what->text, "secrets"))
        release->secrets = (ValuesEntryList){0};
    else
        return error_at(what->place, "\"%.*s\" cannot be excepted", STR_ARG(what->text));
    return NULL;
}

static Error *resolve(Arena *a, const SpecFile *file, const SpecRelease *release, int depth,
                      SpecRelease *out) MUST_CHECK;

static Error *add_template(Arena *a, const SpecFile *file, const SpecInherit *item, int depth,
                           SpecRelease *merged)
{
    const SpecRelease *template = find_template(file, item->template.text);
    SpecRelease resolved;

    if (!template)
        return unknown_template(a, file, &item->template);
    if (depth > DEEPEST_TEMPLATE)
        return error_at(item->template.place, "release template \"%.*s\" inherits itself",
                        STR_ARG(item->template.text));
    TRY(resolve(a, file, template, depth + 1, &resolved));
    for (size_t i = 0; i < item->except.len; i++)
        TRY(leave_out(&item->except.items[i], &resolved));
    spec_merge_release(a, merged, &resolved);
    return NULL;
}

static Error *resolve(Arena *a, const SpecFile *file, const SpecRelease *release, int depth,
                      SpecRelease *out)
{
    SpecRelease merged = {0};

    for (size_t i = 0; i < release->inherit.len; i++)
        TRY(add_template(a, file, &release->inherit.items[i], depth, &merged));
    spec_merge_release(a, &merged, release);
    merged.key = release->key;
    merged.place = release->place;
    merged.inherit = (SpecInheritList){0};
    *out = merged;
    return NULL;
}

/* The defaults that the release does not inherit anyway, in front. */
static SpecInheritList with_defaults(Arena *a, const SpecFile *file, const SpecRelease *release)
{
    const SpecTextList *defaults = &file->spec.default_inherit;
    SpecInheritList all = {0};

    for (size_t i = 0; i < defaults->len; i++) {
        bool own = defaults->items[i].text.len == 0;

        for (size_t j = 0; j < release->inherit.len; j++)
            own |= str_equal(release->inherit.items[j].template.text, defaults->items[i].text);
        if (!own)
            *vec_add(a, &all) =
                (SpecInherit){.place = defaults->items[i].place, .template = defaults->items[i]};
    }
    for (size_t i = 0; i < release->inherit.len; i++)
        *vec_add(a, &all) = release->inherit.items[i];
    return all;
}

Error *step_inherit(Arena *a, const SpecFile *file, const SpecRelease *release, SpecRelease *out)
{
    SpecRelease complete = *release;

    complete.inherit = with_defaults(a, file, release);
    if (!complete.inherit.len) {
        *out = *release;
        return NULL;
    }
    return resolve(a, file, &complete, 0, out);
}
