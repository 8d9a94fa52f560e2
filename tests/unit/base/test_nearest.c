/*
 * test_nearest.c - which word was meant.
 */
#include "base/nearest.h"
#include "tests/unit/unit.h"

typedef struct Row {
    const char *name;
    const char *word;
    const char *nearest; /* NULL: none */
} Row;

static Row rows[] = {
    {"a letter is missing", "relese", "release"},
    {"a letter is too many", "releasse", "release"},
    {"a letter is another", "relaase", "release"},
    {"neighbours are swapped", "reelase", "release"},
    {"case is no difference", "RELEASE", "release"},
    {"it is the word", "values", "values"},
    {"the nearest counts", "valuez", "values"},
    {"of several the first counts", "ab", "a"},
    {"short words must be near", "xyz", NULL},
    {"other words are none", "kubernetes", NULL},
    {"nothing is near a short word only", "", "a"},
    {"what is very long is not compared", "releasereleasereleasereleasereleasereleaserelease",
     NULL},
};

static void check(void **state)
{
    static const char *const words[] = {
        "a",      "b",     "release",
        "values", "value", "a-word-that-is-longer-than-words-that-are-compared-with-it"};
    const Row *row = *state;
    const char *nearest = nearest_word(str_from(row->word), words, COUNT(words));

    if (!row->nearest && nearest)
        fail_msg("got \"%s\"", nearest);
    if (row->nearest) {
        assert_non_null(nearest);
        assert_string_equal(nearest, row->nearest);
    }
}

static void without_words_there_is_none(void **state)
{
    (void)state;
    assert_null(nearest_word(STR("a"), NULL, 0));
}

static const struct CMUnitTest others[] = {cmocka_unit_test(without_words_there_is_none)};

TEST_ROWS_AND(rows, check, others)
