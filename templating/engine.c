#include "templating/engine.h"

#include "base/nearest.h"
#include "base/sorted.h"
#include "templating/functions/sets.h"
#include "templating/parse.h"

#include <stdlib.h>
#include <string.h>

#define LIST_SET(name) &template_functions_##name,
const TemplateFunctionSet *const template_sprig_sets[] = {TEMPLATE_FUNCTION_SETS(LIST_SET)};
const size_t template_sprig_set_count = COUNT(template_sprig_sets);
const TemplateFunctionSet *const template_helm_sets[] = {TEMPLATE_HELM_FUNCTION_SETS(LIST_SET)};
const size_t template_helm_set_count = COUNT(template_helm_sets);

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

static Callee callee_of(const TemplateFunctionSet *set, const TemplateFunction *function)
{
    size_t len = strlen(function->takes);
    bool variadic = len && function->takes[len - 1] == '*';

    return (Callee){function, set->context, variadic ? len - 2 : len, variadic, set->waits};
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

/* Where the names begin that start with the same byte: that is half of the search. */
static void index_bytes(TemplateEngine *engine)
{
    size_t at = 0;

    for (size_t byte = 0; byte < COUNT(engine->first); byte++) {
        while (at < engine->callee_count &&
               (unsigned char)engine->callees[at].function->name[0] < byte)
            at++;
        engine->first[byte] = (uint16_t)at;
    }
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
    engine->callees = arena_array(engine->arena, Callee, len);
    for (size_t i = 0; i < len; i++) {
        bool again = i > 0 && strcmp(ranked[i - 1].function->name, ranked[i].function->name) == 0;

        engine->callee_count -= again;
        engine->callees[engine->callee_count++] =
            callee_of(engine->options.sets[ranked[i].rank], ranked[i].function);
    }
    index_bytes(engine);
}

static void index_methods(TemplateEngine *engine)
{
    const TemplateOptions *options = &engine->options;

    engine->methods = arena_array(engine->arena, const TemplateFunctionSet *, options->set_count);
    for (size_t i = 0; i < options->set_count; i++)
        if (is_method_set(options->sets[i])) {
            engine->methods[engine->method_set_count++] = options->sets[i];
            engine->has_methods[options->sets[i]->receiver] |= options->sets[i]->receiver != 0;
        }
}

TemplateEngine *template_engine_new(Arena *a, const TemplateOptions *options)
{
    TemplateEngine *engine = arena_new(a, TemplateEngine);

    engine->arena = a;
    engine->options = *options;
    index_functions(engine);
    index_methods(engine);
    return engine;
}

TemplateEngine *template_engine_derive(Arena *a, const TemplateEngine *base)
{
    TemplateEngine *engine = arena_new(a, TemplateEngine);

    *engine = *base;
    engine->arena = a;
    engine->trees = (TreeList){0};
    memset(&engine->deferred, 0,
           sizeof(engine->deferred)); // of charts, whose engines have no heirs
    for (size_t i = 0; i < base->trees.len; i++)
        *vec_add(a, &engine->trees) = base->trees.items[i];
    return engine;
}

static int compare_callee(const void *callee, const void *name)
{
    return str_compare(str_from(((const Callee *)callee)->function->name), *(const Str *)name);
}

const Callee *engine_callee(const TemplateEngine *engine, Str name)
{
    size_t byte = name.len ? (unsigned char)name.ptr[0] : 0, from = engine->first[byte];
    const Callee *callees = engine->callees + from;
    bool found;
    size_t at = sorted_position(callees, engine->first[byte + 1] - from, sizeof(*callees), &name,
                                compare_callee, &found);

    return found ? &callees[at] : NULL;
}

const TemplateFunction *template_function_find(const TemplateEngine *engine, Str name)
{
    const Callee *callee = engine_callee(engine, name);

    return callee ? callee->function : NULL;
}

/* Go's methods start with a capital, and most of what is looked up here does not. */
static bool may_have_method(const TemplateEngine *engine, Value v, Str name)
{
    return (engine->has_methods[v.type] || v.kind == VALUE_OBJECT) && name.len &&
           name.ptr[0] >= 'A' && name.ptr[0] <= 'Z';
}

Callee engine_method(const TemplateEngine *engine, Value v, Str name)
{
    if (!may_have_method(engine, v, name))
        return (Callee){0};
    for (size_t i = 0; i < engine->method_set_count; i++) {
        const TemplateFunctionSet *set = engine->methods[i];
        bool fits = v.kind == VALUE_OBJECT ? set->object == v.object->type && set->object &&
                                                 (!set->needs_address || v.type == TYPE_ADDRESSABLE)
                                           : set->receiver == v.type && set->receiver;

        for (size_t j = 0; fits && j < set->len; j++)
            if (str_is(name, set->functions[j].name))
                return callee_of(set, &set->functions[j]);
    }
    return (Callee){0};
}

const char *engine_nearest_function(const TemplateEngine *engine, Str name)
{
    const char **names = arena_array(engine->arena, const char *, engine->callee_count);

    for (size_t i = 0; i < engine->callee_count; i++)
        names[i] = engine->callees[i].function->name;
    return nearest_word(name, names, engine->callee_count);
}

static int compare_tree(const void *tree, const void *name)
{
    return str_compare((*(const Tree *const *)tree)->name, *(const Str *)name);
}

/* Where the tree called NAME is in TREES, or belongs. */
static size_t tree_position(const TreeList *trees, Str name, bool *found)
{
    return sorted_position(trees->items, trees->len, sizeof(*trees->items), &name, compare_tree,
                           found);
}

static const Tree *parsed_tree(const TemplateEngine *engine, Str name)
{
    bool found;
    size_t at = tree_position(&engine->trees, name, &found);

    return found ? engine->trees.items[at] : NULL;
}

static int compare_deferred(const void *deferred, const void *name)
{
    return str_compare(str_from(((const Deferred *)deferred)->name), *(const Str *)name);
}

static size_t deferred_position(const TemplateEngine *engine, Str name, bool *found)
{
    return sorted_position(engine->deferred.items, engine->deferred.len,
                           sizeof(*engine->deferred.items), &name, compare_deferred, found);
}

static Deferred *find_deferred(const TemplateEngine *engine, Str name)
{
    bool found;
    size_t at = deferred_position(engine, name, &found);

    return found ? &engine->deferred.items[at] : NULL;
}

/* D, which defines no other template, in A. */
static Error *parse_deferred(const TemplateEngine *engine, Arena *a, Deferred *d, const Tree **out)
{
    TreeList trees;

    TRY(parse_template(a, engine, d->name, d->text, &trees));
    d->parsed = true;
    *out = trees.items[0];
    return NULL;
}

/* A deferred one is kept from now on: what is included once may be included often. */
const Tree *engine_tree(const TemplateEngine *engine, Str name)
{
    const Tree *tree = parsed_tree(engine, name);
    Deferred *d = tree ? NULL : find_deferred(engine, name);

    if (d && !d->tree) // if it does not parse, template_check_deferred tells so
        error_free(parse_deferred(engine, engine->arena, d, &d->tree));
    return d ? d->tree : tree;
}

Error *engine_main_tree(const TemplateEngine *engine, Arena *a, Str name, const Tree **out)
{
    const Tree *tree = parsed_tree(engine, name);
    Deferred *d = tree ? NULL : find_deferred(engine, name);

    *out = d ? d->tree : tree;
    return d && !d->tree ? parse_deferred(engine, a, d, out) : NULL;
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

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Whether the action that REST begins with, behind its "{{", is one that defines a template. */
static bool is_definition(Str rest)
{
    size_t at = rest.len && rest.ptr[0] == '-';

    while (at < rest.len && is_space(rest.ptr[at]))
        at++;
    rest = str_skip(rest, at);
    return rest.len && (rest.ptr[0] == 'd' ? str_starts(rest, STR("define"))
                                           : rest.ptr[0] == 'b' && str_starts(rest, STR("block")));
}

bool template_may_define(Str text)
{
    const char *end = text.ptr + text.len, *at = text.ptr;

    while (at < end && (at = memchr(at, '{', (size_t)(end - at))) && ++at < end)
        if (*at == '{' && is_definition((Str){at + 1, (size_t)(end - at) - 1}))
            return true;
    return false;
}

bool template_defer(TemplateEngine *engine, const char *name, Str text)
{
    bool found;
    size_t at = deferred_position(engine, str_from(name), &found);

    if (found || parsed_tree(engine, str_from(name)))
        return false;
    vec_add(engine->arena, &engine->deferred);
    memmove(&engine->deferred.items[at + 1], &engine->deferred.items[at],
            (engine->deferred.len - at - 1) * sizeof(*engine->deferred.items));
    engine->deferred.items[at] = (Deferred){.name = name, .text = text};
    return true;
}

Error *template_check_deferred(const TemplateEngine *engine)
{
    for (size_t i = 0; i < engine->deferred.len; i++) {
        DEFER(arena_free) Arena scratch = {0};
        Deferred *d = &engine->deferred.items[i];
        const Tree *tree;

        if (!d->parsed)
            TRY(parse_deferred(engine, &scratch, d, &tree));
    }
    return NULL;
}
