/*
 * test_limits.c - templates that would run, grow or recurse without end: all end in an error,
 * also on threads with small stacks.
 */
#include "templating/template.h"
#include "tests/unit/unit.h"

#include <pthread.h>

enum { USUAL_STACK = 8 << 20, SMALL_STACK = 256 << 10 }; /* bytes */

typedef struct Row {
    const char *name;
    const char *template;
    const char *repeated; /* put COUNT times behind that, */
    size_t count;
    const char *end; /* and this once */
    const char *error;
} Row;

#define SELF "{{ $x := dict }}{{ $_ := set $x \"a\" $x }}"
#define SELVES SELF "{{ $y := dict }}{{ $_ := set $y \"a\" $y }}"
#define TREE "{{ $x := list 1 }}{{ range until 60 }}{{ $x = list $x $x }}{{ end }}"

static Row rows[] = {
    {"a range without a body", "{{ range 9223372036854775807 }}{{ end }}", "", 0, "", "steps"},
    {"many lists", "{{ range until 100000 }}{{ $x := until 10000 }}{{ end }}", "", 0, "", "memory"},
    {"a text that doubles", "{{ $s := \"x\" }}{{ range until 99 }}{{ $s = print $s $s }}{{ end }}",
     "", 0, "", "memory"},
    {"much padding", "{{ range until 100000 }}{{ $x := printf \"%1000000d\" . }}{{ end }}", "", 0,
     "", "memory"},
    {"a format of much padding", "{{ printf \"", "%[1]*[1]d", 1000, "\" 999999 }}", "larger than"},
    {"much output", "{{ range until 10000000 }}{{ end }}{{ range 10000000 }}xxxxxxxxxx{{ end }}",
     "", 0, "", "more than"},
    {"a map in itself, shown", SELF "{{ $x }}", "", 0, "", "nests too deep"},
    {"a map in itself, as text", SELF "{{ toString $x }}", "", 0, "", "nests too deep"},
    {"a map in itself, as numbers", SELF "{{ printf \"%d\" $x }}", "", 0, "", "nests too deep"},
    {"a map in itself, copied", SELF "{{ $_ := deepCopy $x }}", "", 0, "", "contains itself"},
    {"maps in themselves, merged", SELVES "{{ $_ := merge $x $y }}", "", 0, "",
     "contain themselves"},
    {"a list of lists of lists, shown", TREE "{{ $x }}", "", 0, "", ""},
    {"a list of lists of lists, copied", TREE "{{ $_ := deepCopy $x }}", "", 0, "", "too large"},
    {"lists of lists of lists, compared", TREE "{{ $y := $x }}" TREE "{{ deepEqual $x $y }}", "", 0,
     "", "too large"},
    {"parentheses", "{{ ", "(", 100000, "1", ""},
    {"nested pipelines", "{{ ", "(len ", 9000, "1", ""},
    {"control structures", "", "{{ if 1 }}", 1000000, "", ""},
    {"ranges that are closed", "{{ range 1 }}{{ end }}", "{{ with 1 }}", 50000, "{{ end }}", ""},
    {"else if", "{{ if 0 }}", "{{ else if 0 }}", 1000000, "{{ end }}", ""},
    {"definitions", "", "{{ define \"x\" }}", 100000, "", ""},
    {"blocks", "", "{{ block \"x\" . }}", 1000000, "", ""},
    {"a template that uses itself",
     "{{ define \"t\" }}{{ template \"t\" }}{{ end }}{{ template \"t\" }}", "", 0, "", ""},
    {"a template that includes itself",
     "{{ define \"t\" }}{{ include \"t\" . }}{{ end }}{{ include \"t\" . }}", "", 0, "", ""},
    {"a text that renders itself",
     "{{ define \"t\" }}{{ tpl \"{{ include `t` . }}\" . }}{{ end }}"
     "{{ include \"t\" . }}",
     "", 0, "", ""},
    {"fields", "{{ .a", ".b", 100000, "", ""},
    {"pipes", "{{ 1", " | add1", 100000, "", ""},
};

static Str source(Arena *a, const Row *row)
{
    Buf b = {.arena = a};

    buf_add_c(&b, row->template);
    for (size_t i = 0; i < row->count; i++)
        buf_add_c(&b, row->repeated);
    buf_add_c(&b, row->end);
    return buf_str(&b);
}

/* The error of a row; the options' limits are low, so that it comes soon. */
static void *run(void *argument)
{
    DEFER(arena_free) Arena a = {0};
    TemplateEngine *engine =
        template_engine_new(&a, &(TemplateOptions){.sets = template_sprig_sets,
                                                   .set_count = template_sprig_set_count,
                                                   .tpl_name = "gotpl"});
    TemplateLimits limits = template_limits_usual;
    limits.output = 16 << 20;
    limits.steps = 2000 * 1000;
    limits.memory = 64 << 20;
    TemplateBudget budget = template_budget_new(&a, NULL, &limits);
    Error *err = template_parse(engine, "test", source(&a, argument));
    Str text;

    if (!err)
        err = template_render(engine, &(TemplateRender){.arena = &a, .budget = &budget}, "test",
                              &text);
    return err;
}

static void check_with(const Row *row, size_t stack_bytes)
{
    pthread_attr_t attributes;
    pthread_t thread;
    void *err;

    assert_int_equal(pthread_attr_init(&attributes), 0);
    assert_int_equal(pthread_attr_setstacksize(&attributes, stack_bytes), 0);
    assert_int_equal(pthread_create(&thread, &attributes, run, (void *)(uintptr_t)row), 0);
    assert_int_equal(pthread_join(thread, &err), 0);
    pthread_attr_destroy(&attributes);
    assert_failure(err, ERROR_INPUT, row->error);
}

static void check(void **state)
{
    check_with(*state, USUAL_STACK);
    check_with(*state, SMALL_STACK);
}

TEST_ROWS(rows, check)
