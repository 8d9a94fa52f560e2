/*
 * test_path.c - paths as texts. Rows follow the table of Go's path_test.go.
 */
#include "base/path.h"
#include "tests/unit/unit.h"

typedef struct Row {
    const char *name, *directory, *path; /* no DIRECTORY: the path is cleaned */
    const char *want;
} Row;

static Row rows[] = {
    {"an empty path is here", NULL, "", "."},
    {"a plain path stays", NULL, "abc/def", "abc/def"},
    {"two dots stay where they lead out", NULL, "../../abc", "../../abc"},
    {"the root stays", NULL, "/", "/"},
    {"slashes at the end go", NULL, "abc/def//", "abc/def"},
    {"slashes in a row become one", NULL, "//abc//def", "/abc/def"},
    {"dots alone go", NULL, "abc/./././def", "abc/def"},
    {"two dots take a part back", NULL, "abc/def/../ghi", "abc/ghi"},
    {"two dots behind the root go", NULL, "/../abc", "/abc"},
    {"two dots take back all there is and more", NULL, "abc/../../././../def", "../../def"},
    {"what is taken back whole is here", NULL, "abc/..", "."},
    {"three dots are a name", NULL, "a/.../b", "a/.../b"},
    {"a path is seen from its folder", "/etc", "x/y", "/etc/x/y"},
    {"an absolute path is itself", "/etc", "/x", "/x"},
    {"a path may lead out of its folder", "a/b", "../../c", "c"},
    {"seen from nowhere it is itself", "", "x", "x"},
    {"two dots of a folder of two dots add up", "..", "../x", "../../x"},
};

static void check(void **state)
{
    const Row *row = *state;
    DEFER(arena_free) Arena a = {0};
    Str path = str_from(row->path);

    assert_str(row->directory ? path_join(&a, str_from(row->directory), path)
                              : path_clean(&a, path),
               row->want);
}

static void test_parts(void **state)
{
    DEFER(arena_free) Arena a = {0};

    (void)state;
    assert_str(path_directory(&a, STR("a/b/c.yaml")), "a/b");
    assert_str(path_directory(&a, STR("c.yaml")), ".");
    assert_str(path_directory(&a, STR("/c.yaml")), "/");
    assert_str(path_name(STR("a/b/c.yaml")), "c.yaml");
    assert_str(path_name(STR("a/b/")), "");
    assert_str(path_extension(STR("a.b/c.yaml.gotmpl")), ".gotmpl");
    assert_str(path_extension(STR("a.b/c")), "");
    assert_true(path_is_absolute(STR("/a")));
    assert_false(path_is_absolute(STR("")));
}

static void test_relative(void **state)
{
    static const char *const pairs[][3] = {
        {".", "a/b", "a/b"},      {"a", "a/b", "b"},       {"a/b", "a/c", "../c"},
        {"a/b", "a/bc", "../bc"}, {"a", "a", "."},         {"/x/y", "/x/y/z", "z"},
        {"a/b", "c", "../../c"},  {"..", "../x/y", "x/y"}, {"/", "/x", "x"},
    };
    DEFER(arena_free) Arena a = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(pairs); i++)
        assert_str(path_relative(&a, str_from(pairs[i][0]), str_from(pairs[i][1])), pairs[i][2]);
}

static const struct CMUnitTest others[] = {
    {"a path is named from a folder", test_relative, NULL, NULL, NULL},
    {"a path has a folder, a name and an extension", test_parts, NULL, NULL, NULL},
};

TEST_ROWS_AND(rows, check, others)
