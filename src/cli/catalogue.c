#include "cli/catalogue.h"

#include "base/nearest.h"
#include "chart/chart.h"
#include "environments/environment.h"

#include <stdlib.h>
#include <string.h>

/* Sets that are there in the same templates. */
typedef struct Dialect {
    const char *where;
    const TemplateFunctionSet *const *sets;
    const size_t *len;
} Dialect;

static const Dialect dialects[] = {
    {"in charts and in the spec", template_sprig_sets, &template_sprig_set_count},
    {"in charts only", template_helm_sets, &template_helm_set_count},
    {"in charts only", chart_function_sets, &chart_function_set_count},
    {"in the spec only", environment_function_sets, &environment_function_set_count},
};

static bool is_methods(const TemplateFunctionSet *set)
{
    return set->receiver || set->object;
}

static int compare_functions(const void *left, const void *right)
{
    return strcmp(((const TemplateFunction *)left)->name, ((const TemplateFunction *)right)->name);
}

static void add_set(Buf *b, const TemplateFunctionSet *set)
{
    TemplateFunction *all = arena_array(b->arena, TemplateFunction, set->len);

    memcpy(all, set->functions, set->len * sizeof(*all));
    qsort(all, set->len, sizeof(*all), compare_functions);
    buf_format(b, "\n%s (%s):\n\n", set->name, set->source);
    for (size_t i = 0; i < set->len; i++)
        buf_format(b, "    %-44s %s\n", all[i].usage, all[i].help);
}

void catalogue_write(Buf *b)
{
    buf_add_c(b, "# Functions of templates\n\nBy what they are about, and with whose they are. "
                 "`relfile help functions NAME` tells about one.\n");
    for (size_t i = 0; i < COUNT(dialects); i++) {
        if (!i || strcmp(dialects[i].where, dialects[i - 1].where) != 0)
            buf_format(b, "\n## I%s\n", dialects[i].where + 1);
        for (size_t j = 0; j < *dialects[i].len; j++)
            add_set(b, dialects[i].sets[j]);
    }
}

static void add_one(Buf *b, const Dialect *dialect, const TemplateFunctionSet *set,
                    const TemplateFunction *function)
{
    buf_format(b, "%s%s\n\n    %s\n\n", b->len ? "\n" : "", function->usage, function->help);
    if (is_methods(set))
        buf_format(b, "    %s, %s\n", set->name, dialect->where);
    else
        buf_format(b, "    about %s, %s\n", set->name, dialect->where);
    buf_format(b, "    source: %s\n", set->source);
}

Error *catalogue_write_one(Buf *b, const char *name)
{
    VEC(const char *) names = {0};
    size_t before = b->len;

    for (size_t i = 0; i < COUNT(dialects); i++)
        for (size_t j = 0; j < *dialects[i].len; j++)
            for (size_t k = 0; k < dialects[i].sets[j]->len; k++) {
                const TemplateFunction *function = &dialects[i].sets[j]->functions[k];

                *vec_add(b->arena, &names) = function->name;
                if (strcmp(function->name, name) == 0)
                    add_one(b, &dialects[i], dialects[i].sets[j], function);
            }
    if (b->len > before)
        return NULL;
    return nearest_hint(error_new(ERROR_USAGE, "there is no function \"%s\"", name), str_from(name),
                        names.items, names.len);
}
