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

static int compare_functions(const void *left, const void *right)
{
    const TemplateFunction *const *a = left, *const *b = right;

    return strcmp((*a)->name, (*b)->name);
}

/* Where the function called NAME is among the first LEN, or LEN. */
static size_t function_index(const TemplateEngine *engine, size_t len, const char *name)
{
    for (size_t i = 0; i < len; i++)
        if (strcmp(engine->functions[i]->name, name) == 0)
            return i;
    return len;
}

static void add_set(TemplateEngine *engine, const TemplateFunctionSet *set)
{
    for (size_t i = 0; i < set->len; i++) {
        size_t at = function_index(engine, engine->function_count, set->functions[i].name);

        engine->functions[at] = &set->functions[i];
        engine->function_count += at == engine->function_count;
    }
}

TemplateEngine *template_engine_new(Arena *a, const TemplateOptions *options)
{
    TemplateEngine *engine = arena_new(a, TemplateEngine);
    size_t most = 0;

    engine->arena = a;
    engine->options = *options;
    if (!engine->options.most_bytes)
        engine->options.most_bytes = TEMPLATE_MOST_BYTES;
    if (!engine->options.most_steps)
        engine->options.most_steps = TEMPLATE_MOST_STEPS;
    if (!engine->options.most_memory)
        engine->options.most_memory = TEMPLATE_MOST_MEMORY;
    for (size_t i = 0; i < options->set_count; i++)
        most += options->sets[i]->len;
    engine->functions = arena_array(a, const TemplateFunction *, most);
    for (size_t i = 0; i < options->set_count; i++)
        if (!is_method_set(options->sets[i]))
            add_set(engine, options->sets[i]);
    qsort(engine->functions, engine->function_count, sizeof(*engine->functions), compare_functions);
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
