/*
 * test_regex_limits.c - patterns and texts that are too much.
 */
#include "base/regex.h"
#include "tests/unit/unit.h"

typedef struct Row {
    const char *name;
    const char *before, *unit, *after; /* the pattern: UNIT is repeated */
    size_t count;
    const char *error; /* NULL: it compiles */
    size_t text;       /* so many x's to search */
    const char *search_error;
} Row;

static Row rows[] = {
    {.name = "a megabyte is the longest", .unit = "a", .count = 1024 * 1024},
    {.name = "more than that is too much",
     .unit = "a",
     .count = 1024 * 1024 + 1,
     .error = "expression too large"},
    {.name = "999 groups may nest", .unit = "(", .count = 999, .error = "missing closing )"},
    {.name = "groups that do not capture may nest deeper",
     .unit = "(?:",
     .count = 3000,
     .error = "missing closing )"},
    {.name = "three million instructions are too many",
     .unit = "x{1000}",
     .count = 4000,
     .error = "expression too large"},
    {.name = "hundreds of thousands are not", .unit = "x{1000}", .count = 300, .text = 1000},
    {.name = "large classes add up",
     .unit = "\\pL",
     .count = 100 * 1000,
     .error = "expression too large"},
    {.name = "folding large classes adds up",
     .before = "(?i)",
     .unit = "[\\x{0}-\\x{1e900}]",
     .count = 1000,
     .error = "expression too large"},
    {.name = "steps run out",
     .before = "(?:",
     .unit = "x?y?",
     .after = "){500}z",
     .count = 5,
     .text = 100 * 1000,
     .search_error = "take too long"},
    {.name = "so does memory",
     .unit = "(x)",
     .count = 20 * 1000,
     .text = 10,
     .search_error = "too complex"},
};

static Str pattern_of(Arena *a, const Row *row)
{
    Buf b = {.arena = a};

    buf_add_c(&b, row->before ? row->before : "");
    for (size_t i = 0; i < row->count; i++)
        buf_add_c(&b, row->unit);
    buf_add_c(&b, row->after ? row->after : "");
    return buf_str(&b);
}

static Error *search_all(Arena *a, const Regex *regex, size_t len)
{
    size_t steps = 100 * 1000 * 1000;
    Buf text = {.arena = a};
    RegexSearch *search;
    const size_t *match;

    buf_fill(&text, 'x', len);
    TRY(regex_search_open(a, regex, buf_str(&text), SIZE_MAX / 2, &steps, &search));
    for (size_t at = 0; at <= len; at++)
        TRY(regex_search_from(search, at, &match));
    return NULL;
}

static void check(void **state)
{
    const Row *row = *state;
    DEFER(arena_free) Arena a = {0};
    Regex *regex;
    Error *err = regex_compile(&a, pattern_of(&a, row), &regex);

    if (row->error) {
        assert_failure(err, ERROR_INPUT, row->error);
        return;
    }
    assert_success(err);
    err = search_all(&a, regex, row->text);
    if (row->search_error)
        assert_failure(err, ERROR_INPUT, row->search_error);
    else
        assert_success(err);
}

static void check_depth(void **state)
{
    DEFER(arena_free) Arena a = {0};
    Regex *regex;

    (void)state;
    for (size_t depth = 999; depth <= 1000; depth++) {
        Buf b = {.arena = &a};

        buf_fill(&b, '(', depth);
        buf_add_char(&b, 'x');
        buf_fill(&b, ')', depth);
        Error *err = regex_compile(&a, buf_str(&b), &regex);
        if (depth == 999)
            assert_success(err);
        else
            assert_failure(err, ERROR_INPUT, "nests too deeply");
    }
}

int main(void)
{
    struct CMUnitTest tests[COUNT(rows) + 1];

    for (size_t i = 0; i < COUNT(rows); i++)
        tests[i] = (struct CMUnitTest){rows[i].name, check, NULL, NULL, &rows[i]};
    tests[COUNT(rows)] =
        (struct CMUnitTest){"1000 levels are the deepest", check_depth, NULL, NULL, NULL};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
