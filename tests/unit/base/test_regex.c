/*
 * test_regex.c - patterns, what they match, and what they must not do. Source of what is
 * expected: Go's regexp.
 */
#include "base/regex.h"
#include "base/utf8.h"
#include "tests/unit/unit.h"

typedef struct Row {
    const char *name;
    const char *pattern;
    const char *text;
    const char *match; /* "0-2 0-1 -": of the match and its groups; NULL: there is none */
    const char *error;
} Row;

static Row rows[] = {
    {"the leftmost match wins", "b|ab|abc", "xabc", "1-3", NULL},
    {"of alternatives the first wins, not the longest", "a|ab", "ab", "0-1", NULL},
    {"a lazy repetition takes as few as it can", "a+?(a*)", "aaa", "0-3 1-3", NULL},
    {"U exchanges greedy and lazy", "(?U)a+(a*?)", "aaa", "0-3 1-3", NULL},
    {"a group has what it matched last", "(a|b)+", "aab", "0-3 2-3", NULL},
    {"a group that took no part is nowhere", "(a)|(b)", "b", "0-1 - 0-1", NULL},
    {"a repeated group that can be empty keeps its text", "(a*)*", "aa", "0-2 0-2", NULL},
    {"the empty alternative comes first where it stands first", "(|a)*", "aa", "0-0 0-0", NULL},
    {"an empty repetition ends", "(?:(?:)*)*x", "x", "0-1", NULL},
    {"none of something keeps its number", "(a){0}(b)", "b", "0-1 - 0-1", NULL},
    {"counted repetitions nest", "(?:(a{2}){2})?b", "aaaab", "0-5 2-4", NULL},
    {"a brace that is no repetition is itself", "a{,2}{", "a{,2}{", "0-6", NULL},
    {"a dot is a character, not a byte", "^.$", "\xc3\xa9", "0-2", NULL},
    {"a malformed byte is a character", "^..$", "\xff\x80", "0-2", NULL},
    {"U+FFFD matches a malformed byte", "\\x{FFFD}", "a\xff", "1-2", NULL},
    {"it does in a longer text, too", "a\xef\xbf\xbd", "a\xff", "0-2", NULL},
    {"a dot leaves newlines out", ".", "\n", NULL, NULL},
    {"s lets it have them", "(?s).", "\n", "0-1", NULL},
    {"^ and $ are the ends of the text", "^b$", "a\nb\nc", NULL, NULL},
    {"m makes them the ends of lines", "(?m)^b$", "a\nb\nc", "2-3", NULL},
    {"$ is not before a last newline", "a$", "a\n", NULL, NULL},
    {"\\z is the end of the text", "(?m)a\\z", "a\na", "2-3", NULL},
    {"words are ASCII", "\\bb",
     "\xc3\xa9"
     "b",
     "2-3", NULL},
    {"digits are ASCII", "\\d", "\xd9\xa3", NULL, NULL},
    {"case folding goes round", "(?i)k+", "k\xe2\x84\xaaK", "0-5", NULL},
    {"case folding of a class, too", "(?i)[r-t]+", "S\xc5\xbf", "0-3", NULL},
    {"a negated class knows case", "(?i)[^k]", "\xe2\x84\xaa", NULL, NULL},
    {"sharp s has a capital for case folding", "(?i)\xc3\x9f", "\xe1\xba\x9e", "0-3", NULL},
    {"a class may begin with a bracket", "[]a]+", "a]", "0-2", NULL},
    {"a class of all but all matches nothing", "[^\\x00-\\x{10FFFF}]", "a", NULL, NULL},
    {"categories have long names", "\\p{uppercase letter}", "aB", "1-2", NULL},
    {"scripts have names", "\\p{Greek}+", "a\xce\xb1\xce\xb2", "1-5", NULL},
    {"a caret negates a category", "\\P{^L}", "1a", "1-2", NULL},
    {"scripts of two words are not known", "\\p{Old_Italic}", "", NULL,
     "invalid character class range: `\\p{Old_Italic}`"},
    {"quoted text is as it stands", "\\Qa.b*\\E+", "a.b**", "0-5", NULL},
    {"groups may have names, in two ways", "(?P<a>x)(?<b>y)", "xy", "0-2 0-1 1-2", NULL},
    {"flags end with their group", "(?i:a)b", "AB", NULL, NULL},
    {"flags can be put back", "(?i)a(?-i)b", "Ab", "0-2", NULL},
    {"octal and hexadecimal numbers are characters", "\\101\\x42\\x{43}\\0", "ABC", NULL, NULL},
    {"many paths do not take long", "(x+x+)+y",
     "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", NULL, NULL},
    {"no back-references", "(a)\\1", "", NULL, "invalid escape sequence: `\\1`"},
    {"no look-ahead", "(?=a)", "", NULL, "invalid or unsupported Perl syntax: `(?=`"},
    {"no look-behind", "(?<=a)b", "", NULL, "invalid named capture: `(?<=a)b`"},
    {"no possessive repetition", "a++", "", NULL, "invalid nested repetition operator: `++`"},
    {"no single bytes", "\\C", "", NULL, "invalid escape sequence: `\\C`"},
    {"no \\Z", "a\\Z", "", NULL, "invalid escape sequence: `\\Z`"},
    {"a repetition needs something to repeat", "(|*)", "", NULL,
     "missing argument to repetition operator: `*`"},
    {"1000 copies are the most", "a{1001}", "", NULL, "invalid repeat count: `{1001}`"},
    {"they are with others inside, too", "((a{100}){10}){2}", "", NULL,
     "invalid repeat count: `{2}`"},
    {"a class needs an end", "[a", "", NULL, "missing closing ]: `[a`"},
    {"a range goes up", "[b-a]", "", NULL, "invalid character class range: `b-a`"},
    {"a group needs an end", "(a", "", NULL, "missing closing ): `(a`"},
    {"an end needs a group", "a)", "", NULL, "unexpected ): `a)`"},
    {"a backslash needs something behind it", "a\\", "", NULL,
     "trailing backslash at end of expression: ``"},
    {"patterns are UTF-8", "a\xff", "", NULL, "invalid UTF-8"},
    {"a group's name is of letters", "(?P<a b>)", "", NULL, "invalid named capture: `(?P<a b>`"},
    {"a message is one line", "(\n", "", NULL, "missing closing ): `(\\x0a`"},
};

static Str positions(Arena *a, const size_t *match, size_t groups)
{
    Buf b = {.arena = a};

    for (size_t i = 0; i < groups; i++) {
        if (match[2 * i] == REGEX_NOWHERE)
            buf_format(&b, "%s-", i ? " " : "");
        else
            buf_format(&b, "%s%zu-%zu", i ? " " : "", match[2 * i], match[2 * i + 1]);
    }
    return buf_str(&b);
}

static Error *match_first(Arena *a, Str pattern, Str text, Str *out)
{
    size_t steps = 1000 * 1000;
    RegexSearch *search;
    const size_t *match;
    Regex *regex;

    TRY(regex_compile(a, pattern, &regex));
    TRY(regex_search_open(a, regex, text, SIZE_MAX / 2, &steps, &search));
    TRY(regex_search_from(search, 0, &match));
    *out = match ? positions(a, match, regex_group_count(regex) + 1) : (Str){0};
    return NULL;
}

static void check(void **state)
{
    const Row *row = *state;
    DEFER(arena_free) Arena a = {0};
    Str got = {0};
    Error *err = match_first(&a, str_from(row->pattern), str_from(row->text), &got);

    if (row->error) {
        assert_failure(err, ERROR_INPUT, row->error);
        return;
    }
    assert_success(err);
    assert_str(got, row->match ? row->match : "");
}

TEST_ROWS(rows, check)
