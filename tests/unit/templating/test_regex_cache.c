/*
 * test_regex_cache.c - patterns are kept, and all that is done with them is limited.
 */
#include "templating/regex_cache.h"
#include "templating/template.h"
#include "tests/unit/unit.h"

static void keeps_patterns(void **state)
{
    DEFER(regex_cache_close)
    RegexCache cache = {.steps = (size_t)template_limits_usual.regex_steps};
    char text[] = "a+";
    const Regex *first, *again;

    (void)state;
    assert_success(regex_cache_get(&cache, str_from(text), &first));
    text[1] = '*'; // the cache has a copy
    assert_success(regex_cache_get(&cache, STR("a+"), &again));
    assert_ptr_equal(first, again);
}

static void forgets_the_oldest(void **state)
{
    DEFER(regex_cache_close)
    RegexCache cache = {.steps = (size_t)template_limits_usual.regex_steps};
    DEFER(arena_free) Arena a = {0};
    const Regex *regex;

    (void)state;
    for (int i = 0; i < 3 * REGEX_CACHE_SIZE; i++)
        assert_success(regex_cache_get(&cache, str_format(&a, "x{%d}", i % 100), &regex));
    size_t steps = cache.steps;
    assert_success(regex_cache_get(&cache, str_format(&a, "x{%d}", 91), &regex));
    assert_int_equal(cache.steps, steps);
}

static void keeps_no_mistakes(void **state)
{
    DEFER(regex_cache_close)
    RegexCache cache = {.steps = (size_t)template_limits_usual.regex_steps};
    const Regex *regex;

    (void)state;
    for (int i = 0; i < 2; i++)
        assert_failure(regex_cache_get(&cache, STR("("), &regex), ERROR_INPUT, "missing closing )");
}

static void runs_out_of_steps(void **state)
{
    DEFER(regex_cache_close) RegexCache cache = {.steps = 1000};
    const Regex *regex;

    (void)state;
    assert_success(regex_cache_get(&cache, STR("a"), &regex));
    assert_failure(regex_cache_get(&cache, STR("a{1000}"), &regex), ERROR_INPUT, "take too long");
    assert_int_equal(cache.steps, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        {"a pattern is compiled once", keeps_patterns, NULL, NULL, NULL},
        {"the oldest pattern is forgotten", forgets_the_oldest, NULL, NULL, NULL},
        {"a wrong pattern stays wrong", keeps_no_mistakes, NULL, NULL, NULL},
        {"compiling takes steps", runs_out_of_steps, NULL, NULL, NULL},
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
