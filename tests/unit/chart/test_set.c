/*
 * test_set.c - --set and its relatives. Rows follow the tables of helm's strvals/parser_test.go and
 * literal_parser_test.go.
 */
#include "base/json.h"
#include "base/yaml.h"
#include "chart/chart.h"
#include "tests/unit/unit.h"

typedef struct Row {
    const char *name;
    ChartSet how;
    const char *base; /* YAML; NULL: nothing */
    const char *expression;
    const char *want; /* JSON; NULL: it fails */
    const char *problem;
} Row;

static Row rows[] = {
    {"words mean null and booleans", CHART_SET, NULL, "a=null,f=false,t=TRUE",
     "{\"a\":null,\"f\":false,\"t\":true}", NULL},
    {"a comma at the end is nothing", CHART_SET, NULL, "a=1,b=x,", "{\"a\":1,\"b\":\"x\"}", NULL},
    {"commas in a row are no keys", CHART_SET, NULL, "a=v,,,,b=w,", NULL, "has no value"},
    {"a value may be empty", CHART_SET, NULL, "a=,b=v", "{\"a\":\"\",\"b\":\"v\"}", NULL},
    {"leading zeros are text", CHART_SET, NULL, "a=00009", "{\"a\":\"00009\"}", NULL},
    {"zero is a number", CHART_SET, NULL, "a=0", "{\"a\":0}", NULL},
    {"a number beyond 64 bits is text", CHART_SET, NULL, "a=9223372036854775808",
     "{\"a\":\"9223372036854775808\"}", NULL},
    {"a fraction is text", CHART_SET, NULL, "a=1.5", "{\"a\":\"1.5\"}", NULL},
    {"as strings numbers and words are text", CHART_SET_STRING, NULL, "a=1234567890,b=true,c=null",
     "{\"a\":\"1234567890\",\"b\":\"true\",\"c\":\"null\"}", NULL},
    {"a key without value fails", CHART_SET, NULL, "a,b=", NULL, "has no value"},
    {"a key without value fails at the end", CHART_SET, NULL, "a=1,b", NULL, "has no value"},
    {"a backslash takes the comma", CHART_SET, NULL, "a=one\\,two,b=x",
     "{\"a\":\"one,two\",\"b\":\"x\"}", NULL},
    {"an equals sign in a value needs no backslash", CHART_SET, NULL, "a=b=c", "{\"a\":\"b=c\"}",
     NULL},
    {"a backslash takes the dot of a key", CHART_SET, NULL, "a\\.b=c", "{\"a.b\":\"c\"}", NULL},
    {"spaces stay", CHART_SET, NULL, "a=one two ,b= x", "{\"a\":\"one two \",\"b\":\" x\"}", NULL},
    {"keys nest", CHART_SET, NULL, "a.b=1,a.c.d=2", "{\"a\":{\"b\":1,\"c\":{\"d\":2}}}", NULL},
    {"a nested key needs a value", CHART_SET, NULL, "a.b", NULL, "has no value"},
    {"a nested key must not be empty", CHART_SET, NULL, "a.=b", NULL, "has no value"},
    {"braces are a list", CHART_SET, NULL, "a={x,2,true}", "{\"a\":[\"x\",2,true]}", NULL},
    {"lists may be side by side", CHART_SET, NULL, "a={1,2},b={3}", "{\"a\":[1,2],\"b\":[3]}",
     NULL},
    {"a list must end", CHART_SET, NULL, "a={1021,902", NULL, "list must terminate with '}'"},
    {"an index makes a list", CHART_SET, NULL, "l[0]=x,l[1]=y", "{\"l\":[\"x\",\"y\"]}", NULL},
    {"items in between are null", CHART_SET, NULL, "l[0]=x,l[3]=y",
     "{\"l\":[\"x\",null,null,\"y\"]}", NULL},
    {"an index must not be negative", CHART_SET, NULL, "l[0].a=b,l[-30].c=d", NULL,
     "negative -30 index not allowed"},
    {"an index is a number", CHART_SET, NULL, "l[x]=1", NULL, "is no number"},
    {"the largest index is 65536", CHART_SET, NULL, "l[65537]=1", NULL, "greater than maximum"},
    {"behind an index there is a dot, an index or a value", CHART_SET, NULL, "l[0]name.foo=bar",
     NULL, "unexpected data at end of array index"},
    {"an index without value is an empty list", CHART_SET, NULL, "l[0]", "{\"l\":[]}", NULL},
    {"an index may have an empty value", CHART_SET, NULL, "l[0]=", "{\"l\":[\"\"]}", NULL},
    {"lists nest", CHART_SET, NULL, "l[1][1]=1", "{\"l\":[null,[null,1]]}", NULL},
    {"an item is a map with several keys", CHART_SET, NULL, "l[0].a=b,l[0].c=d",
     "{\"l\":[{\"a\":\"b\",\"c\":\"d\"}]}", NULL},
    {"an item may be set before those in front of it", CHART_SET, NULL, "a.b[1].c=x,a.b[0].c=y",
     "{\"a\":{\"b\":[{\"c\":\"y\"},{\"c\":\"x\"}]}}", NULL},
    {"brackets alone are nothing to set", CHART_SET, NULL, "]={}].", NULL, "unable to parse key"},
    {"what is there is kept", CHART_SET, "outer: {inner1: old, inner2: value2}",
     "outer.inner1=new,outer.inner3=3",
     "{\"outer\":{\"inner1\":\"new\",\"inner2\":\"value2\",\"inner3\":3}}", NULL},
    {"an item of a list that is there is replaced", CHART_SET, "l: [{a: 1}, {b: 2}]", "l[1].b=3",
     "{\"l\":[{\"a\":1},{\"b\":3}]}", NULL},
    {"a text cannot become a map", CHART_SET, "a: text", "a.b=1", NULL, "unable to parse key"},
    {"a map cannot become a list", CHART_SET, "a: {b: 1}", "a[0]=1", NULL, "unable to parse key"},
    {"thirty names may be nested", CHART_SET, NULL,
     "a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a=1", NULL,
     "maximum supported nested level of 30"},
    {"JSON may be of any kind", CHART_SET_JSON, NULL, "a=\"1\",b=3,c=true,d=[1,{\"x\":null}]",
     "{\"a\":\"1\",\"b\":3,\"c\":true,\"d\":[1,{\"x\":null}]}", NULL},
    {"JSON goes to an item", CHART_SET_JSON, "o: {i: [0, 1]}", "o.i[1]={\"a\":\"b\"}",
     "{\"o\":{\"i\":[0,{\"a\":\"b\"}]}}", NULL},
    {"an object without key is merged", CHART_SET_JSON, "o: {i: 1, j: 2}", " {\"o\":{\"i\":3}}",
     "{\"o\":{\"i\":3,\"j\":2}}", NULL},
    {"JSON without value is null", CHART_SET_JSON, NULL, "a=", "{\"a\":null}", NULL},
    {"what is no JSON fails", CHART_SET_JSON, NULL, "a={b}", NULL, "invalid character"},
    {"a literal is all there is", CHART_SET_LITERAL, NULL, "a=b,c={d}\\e",
     "{\"a\":\"b,c={d}\\\\e\"}", NULL},
    {"the key of a literal nests", CHART_SET_LITERAL, NULL, "a.b[1].c=x,y",
     "{\"a\":{\"b\":[null,{\"c\":\"x,y\"}]}}", NULL},
    {"a literal needs an equals sign", CHART_SET_LITERAL, NULL, "a", NULL, "has no value"},
};

static void check(void **state)
{
    const Row *row = *state;
    DEFER(arena_free) Arena a = {0};
    ValueMap *values = value_map_new(&a);
    Buf b = {.arena = &a};

    if (row->base)
        assert_success(chart_values_add(&a, "values.yaml", str_from(row->base), values));
    Error *err = chart_values_set(&a, row->how, str_from(row->expression), values);
    if (!row->want) {
        assert_failure(err, ERROR_INPUT, row->problem);
        return;
    }
    assert_success(err);
    assert_success(json_write(&b, value_of_map(values), (JsonStyle){0}));
    assert_str(buf_str(&b), row->want);
}

/* Each such key would make a list of 65,537 items. */
static void test_many_lists(void **state)
{
    DEFER(arena_free) Arena a = {0};
    Buf b = {.arena = &a};

    (void)state;
    for (int i = 0; i < 100; i++)
        buf_format(&b, "l%d[65536]=1,", i);
    assert_failure(chart_values_set(&a, CHART_SET, buf_str(&b), value_map_new(&a)), ERROR_INPUT,
                   "have more than");
}

static void test_deep_lists(void **state)
{
    DEFER(arena_free) Arena a = {0};
    Buf b = {.arena = &a};

    (void)state;
    buf_add_c(&b, "l");
    for (int i = 0; i < 100 * 1000; i++)
        buf_add_c(&b, "[0]");
    buf_add_c(&b, "=1");
    assert_failure(chart_values_set(&a, CHART_SET, buf_str(&b), value_map_new(&a)), ERROR_INPUT,
                   "lists in each other");
}

static const struct CMUnitTest others[] = {
    {"the items of all lists are limited", test_many_lists, NULL, NULL, NULL},
    {"lists cannot nest without end", test_deep_lists, NULL, NULL, NULL},
};

TEST_ROWS_AND(rows, check, others)
