/*
 * test_glob.c - file name patterns of both kinds. Rows follow the tables of Go's path/filepath
 * match_test.go and of gobwas/glob's glob_test.go.
 */
#include "base/glob.h"
#include "tests/unit/unit.h"

typedef enum Kind { NAME, PATH, PANIC, VALID, MAGIC } Kind;

typedef struct Row {
    const char *name;
    Kind kind;
    const char *pattern, *text;
    bool want;
} Row;

static Row rows[] = {
    {"a text is itself", NAME, "abc", "abc", true},
    {"a star is any text", NAME, "a*c", "abbbc", true},
    {"a star may be empty", NAME, "ab*", "ab", true},
    {"a star is no slash", NAME, "a*", "a/b", false},
    {"stars go back", NAME, "a*b*c*d*e*", "axbxcxdxexxx", true},
    {"many stars are no matter of time", NAME, "a*a*a*a*a*a*a*a*a*a*a*b",
     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false},
    {"a question mark is a character of several bytes", NAME, "a?b", "a☺b", true},
    {"a question mark is not two", NAME, "a??b", "a☺b", false},
    {"a question mark is no slash", NAME, "a?b", "a/b", false},
    {"a class has its characters", NAME, "ab[c]", "abc", true},
    {"a class has ranges", NAME, "ab[b-d]", "abc", true},
    {"a class is negated by a caret", NAME, "ab[^c]", "abc", false},
    {"a negated class is one character", NAME, "a[^a]b", "a☺b", true},
    {"a class may have an escaped bracket", NAME, "[\\]a]", "]", true},
    {"a class may have an escaped dash", NAME, "[x\\-]", "-", true},
    {"a class in ranges of wide characters", NAME, "[a-ζ]*", "α", true},
    {"a backslash takes the star as it is", NAME, "a\\*b", "a*b", true},
    {"a backslash takes the star as nothing else", NAME, "a\\*b", "ab", false},
    {"a pattern must match all of the text", NAME, "a", "ab", false},
    {"an empty pattern is an empty text", NAME, "", "", true},
    {"a pattern that is none matches nothing", NAME, "[", "[", false},
    {"an unclosed class is no pattern", VALID, "[a", "", false},
    {"an empty class is no pattern", VALID, "[]a]", "", false},
    {"a dash alone in a class is no pattern", VALID, "[-]", "", false},
    {"a range without end is no pattern", VALID, "[a-]", "", false},
    {"a backslash at the end is no pattern", VALID, "a\\", "", false},
    {"a class with an escape is a pattern", VALID, "[\\-x]", "", true},
    {"a text has no magic", MAGIC, "values/web.yaml", "", false},
    {"a star has magic", MAGIC, "values/*.yaml", "", true},
    {"a bracket has magic", MAGIC, "v[12].yaml", "", true},

    {"in paths two stars cross folders", PATH, "a/**", "a/b/c", true},
    {"in paths one star stays in its folder", PATH, "a/*", "a/b/c", false},
    {"in paths two stars in the middle may be any folders", PATH, "a/**/c", "a/x/y/c", true},
    {"in paths two stars in the middle are not nothing", PATH, "a/**/c", "a/c", false},
    {"in paths choices are in braces", PATH, "*.{yaml,json}", "x.json", true},
    {"in paths choices may be patterns", PATH, "{a*,b?}/c", "bx/c", true},
    {"in paths choices nest", PATH, "{a,{b,c}}d", "cd", true},
    {"in paths a choice may be empty", PATH, "a{b,}c", "ac", true},
    {"in paths a class is negated by an exclamation mark", PATH, "[!a]", "b", true},
    {"in paths a range is a pattern", PATH, "x[0-9]", "x7", true},
    {"in paths a question mark is no slash", PATH, "a?b", "a/b", false},
    {"in paths a backslash takes the brace as it is", PATH, "\\{a\\}", "{a}", true},
    {"in paths an empty choice at the end of a text is too much for the library", PANIC, "a{}", "a",
     true},
    {"in paths an empty choice at the end of another text is not looked at", PANIC, "a{}", "bc",
     false},
    {"in paths an empty choice inside of a text matches nothing", PATH, "a{}b", "ab", false},
    {"in paths of a last wide character only the first byte is compared", PATH, "ab[é]", "abé",
     false},
    {"in paths an empty pattern is an empty text", PATH, "", "a", false},
};

static void check(void **state)
{
    const Row *row = *state;
    DEFER(arena_free) Arena a = {0};
    Str pattern = str_from(row->pattern), text = str_from(row->text);
    bool got = false;

    switch (row->kind) {
    case NAME:
        got = glob_match(pattern, text);
        break;
    case PATH:
        got = glob_match_path(&a, pattern, text) == GLOB_MATCHES;
        break;
    case PANIC:
        got = glob_match_path(&a, pattern, text) == GLOB_PANICS;
        break;
    case VALID:
        got = glob_valid(pattern);
        break;
    case MAGIC:
        got = glob_has_magic(pattern);
        break;
    }
    assert_int_equal(got, row->want);
}

TEST_ROWS(rows, check)
