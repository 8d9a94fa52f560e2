/* The flow of a whole file is in tests/e2e/test_secrets.py; this is what hostile ones may do. */
#include "secrets/sops_tree.h"

#include "tests/unit/unit.h"

typedef struct Row {
    const char *name;
    SopsFormat format;
    const char *text, *want; /* a part of the error */
} Row;

static Row rows[] = {
    {"an empty file is not encrypted", SOPS_YAML, "", "is not encrypted"},
    {"neither is another", SOPS_YAML, "a: b\n", "is not encrypted"},
    {"metadata is a map", SOPS_YAML, "a: b\nsops: yes\n", "is not encrypted"},
    {"a list is no file of sops", SOPS_YAML, "- a\n", "must be a map"},
    {"JSON is one value", SOPS_JSON, "{\"sops\":{}} x", "invalid character"},
    {"a key is a text", SOPS_YAML, "? [a]\n: b\nsops: {mac: x}\n", "a key must be a text"},
    {"a number has 64 bits", SOPS_YAML, "a: 18446744073709551615\nsops: {mac: x}\n", "too large"},
    {"aliases do not grow without end", SOPS_YAML, "a: &a [x]\nb: &b [*b]\nsops: {mac: x}\n", ""},
    {"metadata of lines is by name", SOPS_DOTENV, "A=b\n", "is not encrypted"},
    {"each line has a name", SOPS_DOTENV, "A=b\nC\n", "no \"=\""},
    {"a section has an end", SOPS_INI, "[a\n", "no end"},
    {"a quoted value has an end", SOPS_INI, "a = `b\nc\n", "no end"},
    {"a key in a section has a value", SOPS_INI, "[a]\nb\n", "no \"=\""},
};

static void check(void **state)
{
    DEFER(arena_free) Arena a = {0};
    const Row *row = *state;
    SopsTree tree;

    assert_failure(sops_read(&a, "file", str_from(row->text), row->format, &tree), ERROR_INPUT,
                   row->want);
}

static void metadata_in_names_becomes_lists(void **state)
{
    DEFER(arena_free) Arena a = {0};
    SopsTree tree;

    (void)state;
    assert_success(sops_read(&a, "file",
                             STR("A=x\nsops_mac=m\nsops_age__list_1__map_enc=two\n"
                                 "sops_age__list_0__map_enc=one\\nline\n"),
                             SOPS_DOTENV, &tree));
    const Value *age = value_map_get_c(tree.metadata, "age");
    assert_non_null(age);
    assert_int_equal(age->kind, VALUE_LIST);
    assert_int_equal(age->list.len, 2);
    assert_str(value_map_string(age->list.items[0].map, "enc"), "one\nline");
    assert_int_equal(tree.documents.items[0].len, 1);
}

static void the_format_follows_from_the_name(void **state)
{
    static const struct {
        const char *name;
        SopsFormat format;
    } names[] = {{"a.yaml", SOPS_YAML},        {"x/a.yml", SOPS_YAML},    {"a.json", SOPS_JSON},
                 {"a.env", SOPS_DOTENV},       {".env", SOPS_DOTENV},     {"a.ini", SOPS_INI},
                 {"a.yaml.gotmpl", SOPS_YAML}, {"a.b.json.x", SOPS_JSON}, {"a.txt", SOPS_BINARY},
                 {"yaml", SOPS_BINARY},        {"a.yaml/b", SOPS_BINARY}};
    SopsFormat format;

    (void)state;
    for (size_t i = 0; i < COUNT(names); i++)
        assert_int_equal(sops_format_of(str_from(names[i].name)), names[i].format);
    assert_true(sops_format_named(STR("dotenv"), &format));
    assert_false(sops_format_named(STR("xml"), &format));
}

static const struct CMUnitTest others[] = {
    cmocka_unit_test(metadata_in_names_becomes_lists),
    cmocka_unit_test(the_format_follows_from_the_name),
};

TEST_ROWS_AND(rows, check, others)
