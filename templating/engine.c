#include "templating/engine.h"

#include "base/nearest.h"
#include "templating/functions/sets.h"
#include "templating/parse.h"

#include <stdlib.h>
#include <string.h>

#define LIST_SET(name) &template_functions_##name,
const TemplateFunctionSet *const template_sprig_sets[] = {TEMPLATE_FUNCTION_SETS(LIST_SET)};
const size_t template_sprig_set_count = COUNT(template_sprig_sets);

Place source_place(const Source *source, uint32_t at)
{
    Str before = str_slice(source->text, 0, at < source->text.len ? at : source->text.len);
    int line = 1;
    size_t line_start = 0;

    for (size_t i = 0; i < before.len; i++)
        if (before.ptr[i] == '\n') {
            line++;
            line_start = i + 1;
        }
    return (Place){source->name, line, (int)(before.len - line_start) + 1};
}

static bool is_method_set(const TemplateFunctionSet *set)
{
    return set->receiver || set->object;
}

/* A function, and how late its set comes. */
typedef struct Ranked {
    const TemplateFunction *function;
    size_t rank;
} Ranked;

static int compare_ranked(const void *left, const void *right)
{
    const Ranked *a = left, *b = right;
    int order = strcmp(a->function->name, b->function->name);

    return order ? order : (a->rank > b->rank) - (a->rank < b->rank);
}

static size_t collect_functions(const TemplateOptions *options, Ranked *out)
{
    size_t len = 0;

    for (size_t i = 0; i < options->set_count; i++)
        for (size_t j = 0; j < options->sets[i]->len && !is_method_set(options->sets[i]); j++)
            out[len++] = (Ranked){&options->sets[i]->functions[j], i};
    return len;
}

/* All functions by name; of those with the same, the last. */
static void index_functions(TemplateEngine *engine)
{
    DEFER(arena_free) Arena scratch = {0};
    size_t most = 0, len;

    for (size_t i = 0; i < engine->options.set_count; i++)
        most += engine->options.sets[i]->len;
    Ranked *ranked = arena_array(&scratch, Ranked, most);
    len = collect_functions(&engine->options, ranked);
    qsort(ranked, len, sizeof(*ranked), compare_ranked);
    engine->functions = arena_array(engine->arena, const TemplateFunction *, len);
    for (size_t i = 0; i < len; i++) {
        bool again = i > 0 && strcmp(ranked[i - 1].function->name, ranked[i].function->name) == 0;

        engine->function_count -= again;
        engine->functions[engine->function_count++] = ranked[i].function;
    }
}

TemplateEngine *template_engine_new(Arena *a, const TemplateOptions *options)
{
    TemplateEngine *engine = arena_new(a, TemplateEngine);

    engine->arena = a;
    engine->options = *options;
    if (!engine->options.most_bytes)
        engine->options.most_bytes = TEMPLATE_MOST_BYTES;
    if (!engine->options.most_steps)
        engine->options.most_steps = TEMPLATE_MOST_STEPS;
    index_functions(engine);
    return engine;
}

TemplateEngine *template_engine_derive(Arena *a, const TemplateEngine *base)
{
    TemplateEngine *engine = arena_new(a, TemplateEngine);

    *engine = *base;
    engine->arena = a;
    engine->trees = (TreeList){0};
    for (size_t i = 0; i < base->trees.len; i++)
        *vec_add(a, &engine->trees) = base->trees.items[i];
    return engine;
}

const TemplateFunction *template_function_find(const TemplateEngine *engine, Str name)
{
    size_t low = 0, high = engine->function_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = str_compare(str_from(engine->functions[middle]->name), name);

        if (order == 0)
            return engine->functions[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

const TemplateFunctionSet *engine_set_of(const TemplateEngine *engine,
                                         const TemplateFunction *function)
{
    for (size_t i = 0; i < engine->options.set_count; i++) {
        const TemplateFunctionSet *set = engine->options.sets[i];

        if (function >= set->functions && function < set->functions + set->len)
            return set;
    }
    BUG("function %s is in no set", function->name);
}

const TemplateFunction *engine_method(const TemplateEngine *engine, Value v, Str name)
{
    if (!v.type && v.kind != VALUE_OBJECT)
        return NULL;
    for (size_t i = 0; i < engine->options.set_count; i++) {
        const TemplateFunctionSet *set = engine->options.sets[i];
        bool fits = v.kind == VALUE_OBJECT ? set->object == v.object->type && set->object
                                           : set->receiver == v.type && set->receiver;

        for (size_t j = 0; fits && j < set->len; j++)
            if (str_is(name, set->functions[j].name))
                return &set->functions[j];
    }
    return NULL;
}

const char *engine_nearest_function(const TemplateEngine *engine, Str name)
{
    const char **names = arena_array(engine->arena, const char *, engine->function_count);

    for (size_t i = 0; i < engine->function_count; i++)
        names[i] = engine->functions[i]->name;
    return nearest_word(name, names, engine->function_count);
}

/* Where the tree called NAME is in TREES, or belongs. */
static size_t tree_position(const TreeList *trees, Str name, bool *found)
{
    size_t low = 0, high = trees->len;

    *found = false;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = str_compare(trees->items[middle]->name, name);

        if (order == 0) {
            *found = true;
            return middle;
        }
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const Tree *engine_tree(const TemplateEngine *engine, Str name)
{
    bool found;
    size_t at = tree_position(&engine->trees, name, &found);

    return found ? engine->trees.items[at] : NULL;
}

bool template_exists(const TemplateEngine *engine, Str name)
{
    return engine_tree(engine, name) != NULL;
}

/* A blank template does not replace one that is there: so files may be blank but for {{ define }}.
 */
static void add_tree(TemplateEngine *engine, Tree *tree)
{
    bool found;
    size_t at = tree_position(&engine->trees, tree->name, &found);

    if (found) {
        if (!tree->empty)
            engine->trees.items[at] = tree;
        return;
    }
    vec_add(engine->arena, &engine->trees);
    memmove(&engine->trees.items[at + 1], &engine->trees.items[at],
            (engine->trees.len - at - 1) * sizeof(*engine->trees.items));
    engine->trees.items[at] = tree;
}

Error *template_parse(TemplateEngine *engine, const char *name, Str text)
{
    TreeList trees;

    TRY(parse_template(engine->arena, engine, name, text, &trees));
    for (size_t i = 0; i < trees.len; i++)
        add_tree(engine, trees.items[i]);
    return NULL;
}
