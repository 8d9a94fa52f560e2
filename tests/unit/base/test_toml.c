/*
 * test_toml.c - TOML read and written as BurntSushi/toml does it. Values are shown as JSON.
 */
#include "base/json.h"
#include "base/toml.h"
#include "base/yaml.h"
#include "tests/unit/unit.h"

typedef struct Row {
    const char *name;
    const char *toml;
    const char *json;    /* what it is; or the YAML that is written as TOML */
    const char *problem; /* not NULL: it is not read, or not written */
    bool writes;
} Row;

static Row rows[] = {
    {"tables and keys with dots", "a.b = 1\n[c]\nd = 'x'\n[c.e]\n",
     "{\"a\":{\"b\":1},\"c\":{\"d\":\"x\",\"e\":{}}}", NULL, false},
    {"lists of tables", "[[a]]\nb = 1\n[[a]]\n[a.c]\nd = 2\n",
     "{\"a\":[{\"b\":1},{\"c\":{\"d\":2}}]}", NULL, false},
    {"inline tables", "a = {b = 1, c.d = [2, {e = 3}]}",
     "{\"a\":{\"b\":1,\"c\":{\"d\":[2,{\"e\":3}]}}}", NULL, false},
    {"which may have several lines, and a comma", "a = {\n  b = 1, # c\n}", "{\"a\":{\"b\":1}}",
     NULL, false},
    {"numbers", "a = [0x1F, 0o17, 0b11, 1_000, +1, -0, 1e3, 6.5]",
     "{\"a\":[31,15,3,1000,1,0,1000,6.5]}", NULL, false},
    {"2^63 - 1", "a = 9223372036854775807", "{\"a\":9223372036854775807}", NULL, false},
    {"2^63", "a = 9223372036854775808", NULL, "9223372036854775808 is out of range for int64",
     false},
    {"a zero in front", "a = 01", NULL, "Invalid integer \"01\"", false},
    {"underlines that separate nothing", "a = 1__0", NULL, "underscores must be surrounded by",
     false},
    {"escapes", "a = \"\\u00e9\\x41\\e\\t\\\\\"",
     "{\"a\":\"\xc3\xa9"
     "A\\u001b\\t\\\\\"}",
     NULL, false},
    {"other escapes", "a = \"\\q\"", NULL, "invalid escape in string '\\q'", false},
    {"several lines", "a = \"\"\"\nx \\\n   y\n\"\"\"", "{\"a\":\"x y\\n\"}", NULL, false},
    {"no escapes between ticks", "a = '''\n\\n'''", "{\"a\":\"\\\\n\"}", NULL, false},
    {"a time", "a = 1979-05-27 07:32:00.5-07:00", "{\"a\":\"1979-05-27T07:32:00.5-07:00\"}", NULL,
     false},
    {"no such day", "a = 2021-02-29", NULL, "2021-02-29", false},
    {"a key that comes twice", "a = 1\na = 2", NULL, "Key 'a' has already been defined", false},
    {"a table that comes twice", "[a]\n[a]", NULL, "Key 'a' has already been defined", false},
    {"a table that is a value", "a = 1\n[a.b]", NULL, "Key 'a' was already created", false},
    {"a list that is no list of tables", "a = []\n[[a]]", NULL, "Key 'a'", false},
    {"no value", "a = ", NULL, "expected value", false},
    {"no end of the line", "a = 1 b = 2", NULL,
     "expected a top-level item to end with a newline, comment, or EOF, but got 'b' instead",
     false},
    {"control characters", "a = '\x01'", NULL,
     "TOML files cannot contain control characters: '0x01'", false},
    {"malformed UTF-8", "a = '\xff'", NULL, "invalid UTF-8", false},
    {"the line is in the message", "\n\na = ]", NULL, "toml: line 3", false},

    {"tables come behind the rest", "b = 1\n\n[a]\n  c = 2\n", "{a: {c: 2}, b: 1}", NULL, true},
    {"lists of maps are tables", "[[a]]\n  b = 1\n\n[[a]]\n", "{a: [{b: 1}, {}]}", NULL, true},
    {"unless in a list", "a = [[{b = 1}]]\n", "{a: [[{b: 1}]]}", NULL, true},
    {"keys in quotes", "\"\" = 3\n\"a b\" = 1\n\"\xc3\xa9\" = 2\n",
     "{'a b': 1, \xc3\xa9: 2, '': 3}", NULL, true},
    {"floats have a point", "a = 1.0\nb = 1e+20\nc = nan\nd = -inf\n",
     "{a: 1.0, b: 1e20, c: .nan, d: -.inf}", NULL, true},
    {"text", "a = \"x\\ny\\t\\\"\\\\\\u0000\"\n", "{a: \"x\\ny\\t\\\"\\\\\\0\"}", NULL, true},
    {"a time as it is", "a = 2020-01-02T03:04:05Z\n", "{a: 2020-01-02T03:04:05Z}", NULL, true},
    {"null is left out of a map", "b = 1\n", "{a: ~, b: 1}", NULL, true},
    {"but not of a list", NULL, "{a: [~]}", "nil", true},
    {"a list alone", "[1]", "[1]", NULL, true},
    {"but no list of maps", NULL, "[{}]", "toml: top-level values must be Go maps or structs",
     true},
    {"null alone", NULL, "~", "call of reflect.Value.Type on zero Value", true},
};

static Error *convert(Arena *a, const Row *row, Buf *b)
{
    Value v;

    if (row->writes) {
        TRY(yaml_parse(a, "test", str_from(row->json), YAML_HELMFILE, &v));
        return toml_write(b, v);
    }
    TRY(toml_parse(a, str_from(row->toml), &v));
    return json_write(b, v, (JsonStyle){0});
}

static void check(void **state)
{
    const Row *row = *state;
    DEFER(arena_free) Arena a = {0};
    Buf b = {.arena = &a};
    Error *err = convert(&a, row, &b);

    if (row->problem) {
        assert_failure(err, ERROR_INPUT, row->problem);
        return;
    }
    assert_success(err);
    assert_str(buf_str(&b), row->writes ? row->toml : row->json);
}

TEST_ROWS(rows, check)
