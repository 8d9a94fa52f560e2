/*
 * test_ignore.c - .helmignore. Rows follow the table of helm's ignore/rules_test.go.
 */
#include "chart/ignore.h"
#include "tests/unit/unit.h"

typedef struct Row {
    const char *name, *rules, *path;
    bool is_folder, want;
    const char *problem;
} Row;

static Row rows[] = {
    {"a name is itself", "helm.txt", "helm.txt", false, true, NULL},
    {"a pattern is for the last part of a path", "*.txt", "cargo/a.txt", false, true, NULL},
    {"a pattern with a slash is for all of it", "cargo/*.txt", "cargo/a.txt", false, true, NULL},
    {"a pattern with a slash is for no other folder", "cargo/*.txt", "mast/a.txt", false, false,
     NULL},
    {"classes and question marks", "ru[c-e]?er.txt", "rudder.txt", false, true, NULL},
    {"a slash at the end is for folders", "cargo/", "cargo", true, true, NULL},
    {"a slash at the end is for no file", "helm.txt/", "helm.txt", false, false, NULL},
    {"a slash at the start is for the chart's own folder", "/a.txt", "a.txt", false, true, NULL},
    {"a slash at the start is for no other folder", "/a.txt", "cargo/a.txt", false, false, NULL},
    {"a slash at the start and one within", "/cargo/a.txt", "cargo/a.txt", false, true, NULL},
    {"what is negated stays", "!helm.txt", "helm.txt", false, false, NULL},
    {"what is not negated goes", "!helm.txt", "tiller.txt", false, true, NULL},
    {"a negated pattern takes folders, too", "!*.txt", "cargo", true, true, NULL},
    {"a negated folder ignores files", "!cargo/", "a.txt", false, true, NULL},
    {"hidden files", ".*", ".joonix", false, true, NULL},
    {"hidden templates go without a rule", "", "templates/.dotfile", false, true, NULL},
    {"templates stay", "", "templates/a.yaml", false, false, NULL},
    {"comments and empty lines are no rules", "# a.txt\n\n   \n", "a.txt", false, false, NULL},
    {"white space around a rule goes", "  a.txt \r\n", "a.txt", false, true, NULL},
    {"a byte order mark is none of the rule",
     "\xEF\xBB\xBF"
     "a.txt",
     "a.txt", false, true, NULL},
    {"two stars are no rule", "a\nfoo/**/bar", "", false, false, ".helmignore:2:"},
    {"a pattern that is none fails", "[", "", false, false, "syntax error in pattern"},
};

static void check(void **state)
{
    const Row *row = *state;
    DEFER(arena_free) Arena a = {0};
    IgnoreRules rules = {0};
    Error *err = ignore_read(&a, ".helmignore", str_from(row->rules), &rules);

    if (row->problem && str_starts(str_from(row->problem), STR(".helmignore"))) {
        assert_non_null(err);
        assert_int_equal(error_place(err).line, 2);
        error_free(err);
        return;
    }
    if (row->problem) {
        assert_failure(err, ERROR_INPUT, row->problem);
        return;
    }
    assert_success(err);
    ignore_add_defaults(&a, &rules);
    assert_int_equal(ignore_matches(&rules, str_from(row->path), row->is_folder), row->want);
}

TEST_ROWS(rows, check)
