#include "base/words.h"

#include "tests/unit/unit.h"

typedef struct Row {
    const char *name, *text, *want; /* words, with | between them; NULL: an error */
} Row;

static Row rows[] = {
    {"words are parted by spaces", " a  b\tc\n", "a|b|c"},
    {"quotes keep spaces", "a 'b c' \"d e\"", "a|b c|d e"},
    {"quotes end within a word", "a'b c'd\"e f\"", "ab cde f"},
    {"a backslash takes what follows", "a\\ b \"c\\\"d\" 'e\\f'", "a b|c\"d|e\\f"},
    {"an empty word is one", "a '' b", "a||b"},
    {"what is behind # is none", "a b # c", "a|b"},
    {"nothing has no words", "  ", ""},
    {"a quote without end is an error", "a 'b", NULL},
};

static void check(void **state)
{
    DEFER(arena_free) Arena a = {0};
    const Row *row = *state;
    StrList words = {0};
    Buf b = {.arena = &a};
    Error *err = words_split(&a, str_from(row->text), &words);

    if (!row->want) {
        assert_failure(err, ERROR_INPUT, "a quote has no end");
        return;
    }
    assert_success(err);
    for (size_t i = 0; i < words.len; i++)
        buf_format(&b, "%s%.*s", i ? "|" : "", STR_ARG(words.items[i]));
    assert_str(buf_str(&b), row->want);
}

TEST_ROWS(rows, check)
