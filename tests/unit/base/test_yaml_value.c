/*
 * test_yaml_value.c - what YAML means, under both rules. Values are shown as JSON.
 * Source of what is expected: go-yaml v2 by way of JSON, as sigs.k8s.io/yaml does it; and v3.
 */
#include "base/json.h"
#include "base/yaml.h"
#include "tests/unit/unit.h"

typedef struct Row {
    const char *name;
    const char *text;
    const char *helm, *helmfile; /* JSON, or, behind a '!', words of the error */
} Row;

static Row rows[] = {
    {"nothing is null", "", "null", "null"},
    {"nulls", "[~, null, Null, NULL, nULL, ]", "[null,null,null,null,\"nULL\"]",
     "[null,null,null,null,\"nULL\"]"},
    {"booleans", "[true, True, TRUE, tRUE]", "[true,true,true,\"tRUE\"]",
     "[true,true,true,\"tRUE\"]"},
    {"other words for them", "[yes, Yes, on, OFF, y, N]", "[true,true,true,false,true,false]",
     "[\"yes\",\"Yes\",\"on\",\"OFF\",\"y\",\"N\"]"},
    {"octal numbers", "[010, 0o10, 08, -010]", "[8,8,8,-8]", "[8,8,8,-8]"},
    {"hexadecimal and binary numbers", "[0x1F, -0x1f, 0b11, -0b11, 0X1f]", "[31,-31,3,-3,31]",
     "[31,-31,3,-3,31]"},
    {"underlines in numbers", "[1_000, 1_0.5, _1, 1_]", "[1000,10.5,\"_1\",1]",
     "[1000,10.5,\"_1\",1]"},
    {"decimals", "[1., .5, 1e3, 1E-2, +.5, 1.e1, e3, .]", "[1,0.5,1000,0.01,0.5,10,\"e3\",\".\"]",
     "[1,0.5,1000,0.01,0.5,10,\"e3\",\".\"]"},
    {"the largest integers", "[9223372036854775807, 9223372036854775808, 18446744073709551615]",
     "[9223372036854776000,9223372036854776000,18446744073709552000]",
     "[9223372036854775807,9223372036854775808,18446744073709551615]"},
    {"larger ones are floats", "[18446744073709551616, -9223372036854775809]",
     "[18446744073709552000,-9223372036854776000]", "[18446744073709552000,-9223372036854776000]"},
    {"numbers that are too large", "1e999", "\"1e999\"", "\"1e999\""},
    {"infinity is nothing for JSON", ".inf", "!unsupported value: +Inf", "!+Inf"},
    {"nor is what is no number", "[.NaN]", "!unsupported value: NaN", "!NaN"},
    {"minus zero", "[-0, -0.0]", "[0,-0]", "[0,-0]"},
    {"base 60 is text", "[1:30, 1:30.5]", "[\"1:30\",\"1:30.5\"]", "[\"1:30\",\"1:30.5\"]"},
    {"dates", "2020-01-02", "\"2020-01-02\"", "\"2020-01-02T00:00:00Z\""},
    {"times", "2001-12-14 21:59:43.10 -5", "\"2001-12-14 21:59:43.10 -5\"",
     "\"2001-12-14 21:59:43.10 -5\""},
    {"times with a T", "[2001-12-14t21:59:43.10-05:00, 2001-2-3T4:05:06Z]",
     "[\"2001-12-14t21:59:43.10-05:00\",\"2001-2-3T4:05:06Z\"]",
     "[\"2001-12-14T21:59:43.1-05:00\",\"2001-02-03T04:05:06Z\"]"},
    {"no such day", "2020-02-30", "\"2020-02-30\"", "\"2020-02-30\""},
    {"quotes make text", "['1', \"true\", '']", "[\"1\",\"true\",\"\"]", "[\"1\",\"true\",\"\"]"},
    {"so does a block", "|-\n  1", "\"1\"", "\"1\""},
    {"tags", "[!!str 1, !!int '2', !!float 3, !!bool 'true', !!null '', !x 4]",
     "[\"1\",2,3,true,null,\"4\"]", "[\"1\",2,3,true,null,\"4\"]"},
    {"a tag that does not fit", "!!int x", "!cannot decode !!str `x` as a !!int",
     "!cannot decode !!str `x` as a !!int"},
    {"bytes in base64", "!!binary aGk=", "\"hi\"", "\"hi\""},
    {"which they must be", "!!binary aGk", "!!!binary value contains invalid base64 data",
     "!!!binary value contains invalid base64 data"},
    {"keys become text", "{1: a, 1.5: b, true: c, 0x10: d}",
     "{\"1\":\"a\",\"1.5\":\"b\",\"16\":\"d\",\"true\":\"c\"}", "!expected string, got "},
    {"null is no key", "{~: a}", "!unsupported map key of type", "!expected string, got <nil>"},
    {"nor is a list", "{[a]: b}", "!invalid map key: []interface {}{\"a\"}",
     "!invalid map key: []interface {}{\"a\"}"},
    {"a key that comes twice", "{a: 1, a: 2}", "{\"a\":2}",
     "!mapping key \"a\" already defined at line 1"},
    {"v3 does not overwrite by merging", "{a: &a {x: 1, z: 2}, b: {x: 3, <<: *a}}",
     "{\"a\":{\"x\":1,\"z\":2},\"b\":{\"x\":1,\"z\":2}}",
     "{\"a\":{\"x\":1,\"z\":2},\"b\":{\"x\":3,\"z\":2}}"},
    {"a later key does, in both", "{a: &a {x: 1, z: 2}, b: {<<: *a, x: 3}}",
     "{\"a\":{\"x\":1,\"z\":2},\"b\":{\"x\":3,\"z\":2}}",
     "{\"a\":{\"x\":1,\"z\":2},\"b\":{\"x\":3,\"z\":2}}"},
    {"of several merged, the first counts", "{<<: [{x: 1}, {x: 2, z: 3}]}", "{\"x\":1,\"z\":3}",
     "{\"x\":1,\"z\":3}"},
    {"only maps are merged", "{<<: [1]}", "!map merge requires map or sequence of maps",
     "!map merge requires map or sequence of maps"},
    {"a quoted << is a key", "{\"<<\": 1}", "{\"<<\":1}", "{\"<<\":1}"},
    {"an alias is worth its anchor", "[&a {b: 1}, *a]", "[{\"b\":1},{\"b\":1}]",
     "[{\"b\":1},{\"b\":1}]"},
    {"unless it is within it", "&a {b: *a}", "!anchor 'a' value contains itself",
     "!anchor 'a' value contains itself"},
    {"later documents do not count", "a\n---\nb: [", "\"a\"", "\"a\""},
    {"lines of a plain text are joined", "a\n b\n\n c", "\"a b\\nc\"", "\"a b\\nc\""},
    {"folded ones, unless indented", ">\n a\n b\n\n  c\n d\n", "\"a b\\n\\n c\\nd\\n\"",
     "\"a b\\n\\n c\\nd\\n\""},
    {"escapes", "\"\\x41\\u00e9\\U0001F600\\'\\e\\_\\\n  b\"",
     "\"A\xc3\xa9\xf0\x9f\x98\x80'\\u001b\xc2\xa0"
     "b\"",
     "\"A\xc3\xa9\xf0\x9f\x98\x80'\\u001b\xc2\xa0"
     "b\""},
    {"a slash needs none", "\"\\/\"", "!found unknown escape character",
     "!found unknown escape character"},
    {"a surrogate as an escape", "\"\\ud83d\\ude00\"", "!found invalid Unicode character escape",
     "!found invalid Unicode character escape"},
};

static void check_rules(const Row *row, YamlRules rules, const char *want)
{
    DEFER(arena_free) Arena a = {0};
    Buf b = {.arena = &a};
    Value v;
    Error *err = yaml_parse(&a, "test", str_from(row->text), rules, &v);

    if (!err)
        err = json_write(&b, v, (JsonStyle){0});
    if (*want == '!') {
        assert_failure(err, ERROR_INPUT, want + 1);
        return;
    }
    assert_success(err);
    assert_str(buf_str(&b), want);
}

static void check(void **state)
{
    const Row *row = *state;

    check_rules(row, YAML_HELM, row->helm);
    check_rules(row, YAML_HELMFILE, row->helmfile);
}

TEST_ROWS(rows, check)
