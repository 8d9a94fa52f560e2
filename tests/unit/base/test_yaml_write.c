/*
 * test_yaml_write.c - values as YAML, in helm's style and in v3's. Values are given as YAML.
 */
#include "base/yaml.h"
#include "tests/unit/unit.h"

#define TEN "xxxxxxxxxx"
#define FIFTY TEN TEN TEN TEN TEN
#define HUNDRED FIFTY FIFTY

typedef struct Row {
    const char *name;
    const char *text;
    const char *helm, *helmfile; /* or, behind a '!', words of the error */
} Row;

static Row rows[] = {
    {"null", "~", "null\n", "null\n"},
    {"nothing in a map and a list", "{a: {}, b: []}", "a: {}\nb: []\n", "a: {}\nb: []\n"},
    {"lists in maps", "{a: [1, {b: c, d: e}]}", "a:\n- 1\n- b: c\n  d: e\n",
     "a:\n  - 1\n  - b: c\n    d: e\n"},
    {"lists in lists", "[[1, [2]], []]", "- - 1\n  - - 2\n- []\n", "- - 1\n  - - 2\n- []\n"},
    {"keys in the order of their numbers", "{a10: 1, a9: 2, B: 3, a-1: 4}",
     "B: 3\na-1: 4\na9: 2\na10: 1\n", "B: 3\na-1: 4\na9: 2\na10: 1\n"},
    {"text that looks like something else", "['1', 'true', '', '~', '1.5', '0x1', '.inf', '<<']",
     "- \"1\"\n- \"true\"\n- \"\"\n- \"~\"\n- \"1.5\"\n- \"0x1\"\n- \".inf\"\n- <<\n",
     "- \"1\"\n- \"true\"\n- \"\"\n- \"~\"\n- \"1.5\"\n- \"0x1\"\n- \".inf\"\n- <<\n"},
    {"as it was in YAML 1.1", "['yes', 'n', '1:30', '0o7', '2020-01-01']",
     "- \"yes\"\n- \"n\"\n- \"1:30\"\n- \"0o7\"\n- \"2020-01-01\"\n",
     "- \"yes\"\n- \"n\"\n- \"1:30\"\n- \"0o7\"\n- \"2020-01-01\"\n"},
    {"text with marks", "['a: b', '- a', 'a #b', '#a', '{a', 'a:', '@a', '%a', ' a', \"it's\"]",
     "- 'a: b'\n- '- a'\n- 'a #b'\n- '#a'\n- '{a'\n- 'a:'\n- '@a'\n- '%a'\n- ' a'\n- it's\n",
     "- 'a: b'\n- '- a'\n- 'a #b'\n- '#a'\n- '{a'\n- 'a:'\n- '@a'\n- '%a'\n- ' a'\n- it's\n"},
    {"a line end makes a literal", "\"a\\nb\\n\"", "|\n  a\n  b\n", "|\n  a\n  b\n"},
    {"which keeps all of its ends", "[\"a\\nb\", \"a\\n\\n\"]", "- |-\n  a\n  b\n- |+\n  a\n\n",
     "- |-\n  a\n  b\n- |+\n  a\n\n"},
    {"and its spaces", "\" a\\n b\"", "|2-\n   a\n   b\n", "|2-\n   a\n   b\n"},
    {"unless they are at a line's end", "\"a \\nb\"", "\"a \\nb\"\n", "\"a \\nb\"\n"},
    {"other characters are escaped", "\"\\a\\e\\uFEFF\\U0001F600\\u2028\"",
     "\"\\a\\e\\uFEFF\\U0001F600\\L\"\n", "\"\\a\\e\\uFEFF\\U0001F600\\L\"\n"},
    {"a few are too much for helm", "\"\\x7f\"", "!control characters are not allowed",
     "\"\\x7F\"\n"},
    {"long lines are folded by helm", "{a: '" HUNDRED " " TEN "'}", "a: " HUNDRED "\n  " TEN "\n",
     "a: " HUNDRED " " TEN "\n"},
    {"a key of 128 characters", "{" HUNDRED TEN TEN "12345678: 1}", HUNDRED TEN TEN "12345678: 1\n",
     HUNDRED TEN TEN "12345678: 1\n"},
    {"a longer one", "{" HUNDRED TEN TEN "123456789: 1}", "? " HUNDRED TEN TEN "123456789\n: 1\n",
     "? " HUNDRED TEN TEN "123456789\n: 1\n"},
    {"a key of two lines", "{\"a\\nb\": 1}", "? |-\n  a\n  b\n: 1\n", "? |-\n  a\n  b\n: 1\n"},
    {"floats", "[1.0, 1e20, 1e21, 1e-7, 0.1, -0.0]", "- 1\n- 1e+20\n- 1e+21\n- 1e-07\n- 0.1\n- 0\n",
     "- 1\n- 1e+20\n- 1e+21\n- 1e-07\n- 0.1\n- -0\n"},
    {"large integers", "[9007199254740993, 18446744073709551615]",
     "- 9007199254740993\n- 18446744073709551615\n",
     "- 9007199254740993\n- 18446744073709551615\n"},
    {"what is no number", "[.nan, .inf, -.Inf]", "!unsupported value: NaN",
     "- .nan\n- .inf\n- -.inf\n"},
    {"times", "[2020-01-02, 2020-01-02T03:04:05.6+07:00]",
     "- \"2020-01-02T00:00:00Z\"\n- \"2020-01-02T03:04:05.6+07:00\"\n",
     "- 2020-01-02T00:00:00Z\n- 2020-01-02T03:04:05.6+07:00\n"},
    {"bytes that are no text", "!!binary /w==", "\xef\xbf\xbd\n", "!!binary /w==\n"},
    {"malformed keys", "{!!binary /w==: 1}", "\xef\xbf\xbd: 1\n", "!!binary /w==: 1\n"},
};

static void check_style(const Row *row, YamlStyle style, const char *want)
{
    DEFER(arena_free) Arena a = {0};
    Buf b = {.arena = &a};
    Value v;

    assert_success(yaml_parse(&a, "test", str_from(row->text), YAML_HELMFILE, &v));

    Error *err = yaml_write(&b, v, style);
    if (*want == '!' && want[1] != '!') {
        assert_failure(err, ERROR_INPUT, want + 1);
        return;
    }
    assert_success(err);
    assert_str(buf_str(&b), want);
}

static void check(void **state)
{
    const Row *row = *state;

    check_style(row, YAML_WRITE_HELM, row->helm);
    check_style(row, YAML_WRITE_PRETTY, row->helmfile);
    check_style(row, YAML_WRITE_HELMFILE, row->helmfile);
}

TEST_ROWS(rows, check)
