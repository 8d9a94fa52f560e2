/*
 * fuzz_template.c - any text as a template, on a small dot, on a thread with little stack.
 *
 * Besides not crashing: limits hold, what parses once parses again, and rendering it twice
 * gives the same.
 */
#include "templating/template.h"

#include <pthread.h>
#include <string.h>

enum {
    STACK = 512 << 10, /* bytes; sanitizers take more of it than others */
    MOST_OUTPUT = 1 << 20,
    MOST_MEMORY = 64 << 20,
    MOST_STEPS = 20 * 1000,
    MOST_SETS = 100,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int64_t now_ns(void)
{
    return 1700000000123456789;
}

static void no_random(void *bytes, size_t len)
{
    memset(bytes, 7, len);
}

static Error *no_zone(Arena *a, Str name, Str *out)
{
    (void)a;
    (void)out;
    return error_new(ERROR_NOT_FOUND, "no zone %.*s", STR_ARG(name));
}

static Value sample_list(Arena *a)
{
    Value *items = arena_array(a, Value, 4);

    items[0] = value_float(1.5);
    items[1] = value_c("x");
    items[3] = value_list(NULL, 0);
    return value_list(items, 4);
}

/* .s .n .b .l .m .nil .bytes, and .v with all of them again. */
static Value sample_dot(Arena *a, int depth)
{
    ValueMap *map = value_map_new(a);

    value_map_set_c(a, map, "s", value_c("text: {{ .n }}\n"));
    value_map_set_c(a, map, "n", value_float(3));
    value_map_set_c(a, map, "b", value_bool(true));
    value_map_set_c(a, map, "l", sample_list(a));
    value_map_set_c(a, map, "m", value_typed(value_of_map(value_map_new(a)), TYPE_STRING_MAP));
    value_map_set_c(a, map, "nil", value_null());
    value_map_set_c(a, map, "bytes", value_bytes(STR("\xff\x00")));
    if (depth)
        value_map_set_c(a, map, "v", sample_dot(a, depth - 1));
    return value_of_map(map);
}

/* Functions that are slow on purpose are left out. */
static bool is_slow(const TemplateFunctionSet *set)
{
    return strcmp(set->name, "passwords") == 0 || strcmp(set->name, "keys and certificates") == 0;
}

static size_t collect_sets(const TemplateFunctionSet **sets)
{
    size_t len = 0;

    for (size_t i = 0; i < template_sprig_set_count; i++)
        if (!is_slow(template_sprig_sets[i]))
            sets[len++] = template_sprig_sets[i];
    for (size_t i = 0; i < template_helm_set_count; i++)
        sets[len++] = template_helm_sets[i];
    return len;
}

/* Whether there is a text. */
static bool render(Arena *a, Str source, Str *out)
{
    static const World world = {.now_ns = now_ns, .random = no_random, .zone = no_zone};
    const TemplateFunctionSet *sets[MOST_SETS];
    TemplateOptions options = {
        .sets = sets, .set_count = collect_sets(sets), .tpl_name = "tpl", .drops_no_value = true};
    TemplateLimits limits = template_limits_usual;
    TemplateEngine *engine = template_engine_new(a, &options);
    Error *err = template_parse(engine, "fuzz", source);

    limits.output = MOST_OUTPUT;
    limits.steps = MOST_STEPS;
    limits.memory = MOST_MEMORY;
    TemplateBudget budget = template_budget_new(a, &world, &limits);
    if (!err)
        err = template_render(
            engine,
            &(TemplateRender){
                .arena = a, .dot = sample_dot(a, 2), .world = &world, .budget = &budget},
            "fuzz", out);
    bool success = !err;
    if (err && error_kind_of(err) == ERROR_INTERNAL)
        BUG("%s", error_message(err));
    error_free(err);
    return success;
}

static void *run(void *input)
{
    const Str *source = input;
    DEFER(arena_free) Arena first = {0}, second = {0};
    Str text, again;

    if (!render(&first, *source, &text))
        return NULL;
    if (!render(&second, *source, &again) || !str_equal(text, again))
        BUG("the second time is different");
    return NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Str source = {(const char *)data, size};
    pthread_attr_t attributes;
    pthread_t thread;

    if (pthread_attr_init(&attributes) != 0 || pthread_attr_setstacksize(&attributes, STACK) != 0 ||
        pthread_create(&thread, &attributes, run, &source) != 0)
        BUG("no thread");
    pthread_join(thread, NULL);
    pthread_attr_destroy(&attributes);
    return 0;
}
