/*
 * test_places.c - where errors are: the line and column that Go's messages have, but that
 * columns count from 1 here. Syntax errors have none in Go.
 */
#include "templating/template.h"
#include "tests/unit/unit.h"

typedef struct Row {
    const char *name;
    const char *template;
    int line, column; /* 0: any */
} Row;

static Row rows[] = {
    {"a function's error is at its command", "a\n{{ 1 | div 2 0 }}", 2, 8},
    {"a wrong argument is at itself", "{{ add1 (until \"x\") }}", 1, 16},
    {"a wrong number of arguments is at the name", "{{ 1 | add (until 1 2) }}", 1, 13},
    {"a field is at its first name", "{{ $x := 1 }}{{ $x.a.b }}", 1, 19},
    {"a field of a pipeline is at what was evaluated last", "{{ (list (len \"a\")).x }}", 1, 15},
    {"range is at what it cannot range over", "{{ range add 1 2 | toString }}{{ end }}", 1, 20},
    {"a variable is at its name", "{{ 1 | print }}{{ $x := 1 }}\n{{ range $i, $e := $x }}{{ end }}",
     2, 20},
    {"a template that is missing", "x{{ template \"nope\" }}", 1, 14},
    {"what a template makes on purpose is at the call",
     "{{ define \"d\" }}\n{{ fail \"x\" }}{{ end }}\n{{ include \"d\" . }}", 3, 4},
    {"at the outermost one",
     "{{ define \"d\" }}{{ required \"x\" nil }}{{ end }}{{ define \"e\" }}{{ include \"d\" . }}"
     "{{ end }}\n{{ tpl \"{{ include `e` . }}\" . }}",
     2, 4},
    {"a text given to tpl is in no file", "\n {{ tpl \"\\n{{ add1 }}\" . }}", 2, 5},
    {"also where it does not parse", "{{ tpl \"{{ nope }}\" . }}", 1, 4},
    {"what such a text includes is where it is",
     "{{ define \"d\" }}\n{{ add1 }}{{ end }}{{ tpl \"{{ include `d` . }}\" . }}", 2, 4},
    {"an unfinished action is where the text ends", "a\n{{ 1\n\n", 4, 0},
    {"a number that is too large", "\n{{ 9223372036854775808 | print }}", 2, 0},
    {"an else too many in a block is at the block", "{{ block \"b\" 1 }}\n{{ else }}{{ end }}", 1,
     0},
    {"an else too many in a definition is at itself", "{{ define \"b\" }}\n{{ else }}{{ end }}", 2,
     0},
};

static void check(void **state)
{
    const Row *row = *state;
    DEFER(arena_free) Arena a = {0};
    TemplateEngine *engine =
        template_engine_new(&a, &(TemplateOptions){.sets = template_sprig_sets,
                                                   .set_count = template_sprig_set_count,
                                                   .tpl_name = "gotpl"});
    Error *err = template_parse(engine, "test", str_from(row->template));
    Str text;

    if (!err)
        err = template_render(engine, &(TemplateRender){.arena = &a}, "test", &text);
    assert_non_null(err);
    assert_string_equal(error_place(err).file, "test");
    assert_int_equal(error_place(err).line, row->line);
    if (row->column)
        assert_int_equal(error_place(err).column, row->column);
    error_free(err);
}

TEST_ROWS(rows, check)
