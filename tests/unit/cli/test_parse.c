/*
 * test_parse.c - the command line as a request: options on both sides of the command, what they
 * are near to, and the variables that stand for them.
 */
#include "cli/parse.h"
#include "tests/unit/unit.h"

#include <stdlib.h>

enum { MOST_WORDS = 10 };

typedef struct Row {
    const char *name;
    const char *line; /* words with spaces between them */
    const char *command, *environment, *words, *selectors;
    const char *problem, *hint;
} Row;

static Row rows[] = {
    {.name = "a command alone", .line = "list", .command = "list"},
    {.name = "no command", .line = "--version"},
    {.name = "options before the command",
     .line = "-e prod list",
     .command = "list",
     .environment = "prod"},
    {.name = "options behind the command",
     .line = "list -e prod",
     .command = "list",
     .environment = "prod"},
    {.name = "a value in the same word",
     .line = "-eprod list",
     .command = "list",
     .environment = "prod"},
    {.name = "a value behind an equals sign",
     .line = "--environment=prod list",
     .command = "list",
     .environment = "prod"},
    {.name = "a value that is called like a command",
     .line = "-e diff list",
     .command = "list",
     .environment = "diff"},
    {.name = "of an option that comes twice the last counts",
     .line = "-e a list -e b",
     .command = "list",
     .environment = "b"},
    {.name = "a list takes all",
     .line = "-l a=b list -l c=d",
     .command = "list",
     .selectors = "a=b;c=d;"},
    {.name = "an option of the command before it",
     .line = "--concurrency 3 template",
     .command = "template"},
    {.name = "words are arguments", .line = "history web", .command = "history", .words = "web;"},
    {.name = "behind two dashes all are arguments",
     .line = "history -- -e",
     .command = "history",
     .words = "-e;"},
    {.name = "a command of two words",
     .line = "chart template web",
     .command = "chart template",
     .words = "web;"},
    {.name = "what an option of such a command means is that command's",
     .line = "chart template -f x -n y web",
     .command = "chart template",
     .words = "web;"},
    {.name = "a family alone", .line = "chart", .command = "chart"},
    {.name = "a command of a family that is mistyped",
     .line = "chart templete",
     .problem = "no command \"chart templete\"",
     .hint = "did you mean \"chart template\"?"},
    {.name = "a quoted part that does not end",
     .line = "chart template -f \"x",
     .problem = "does not end"},
    {.name = "flags may be false", .line = "template --include-crds=false", .command = "template"},
    {.name = "a command that is mistyped",
     .line = "tempalte",
     .problem = "no command \"tempalte\"",
     .hint = "did you mean \"template\"?"},
    {.name = "a command that is near nothing",
     .line = "frobnicate",
     .problem = "no command",
     .hint = "relfile help lists all commands"},
    {.name = "an option that is mistyped",
     .line = "list --enviroment x",
     .problem = "no option --enviroment",
     .hint = "did you mean --environment?"},
    {.name = "an option of another command",
     .line = "list --include-crds",
     .problem = "no option --include-crds"},
    {.name = "a letter that is none", .line = "list -Z", .problem = "no option -Z"},
    {.name = "a value that is missing",
     .line = "list -e",
     .problem = "--environment needs a value"},
    {.name = "a long option's value that is missing",
     .line = "list --environment",
     .problem = "--environment needs a value"},
    {.name = "a number that is none", .line = "template --concurrency x", .problem = "concurrency"},
    {.name = "a number below zero", .line = "template --concurrency=-1", .problem = "concurrency"},
    {.name = "a flag that is neither",
     .line = "template --include-crds=maybe",
     .problem = "include-crds"},
};

static Error *parse(Arena *a, const char *line, const Command **command, Request *out)
{
    char program[] = "relfile", *argv[MOST_WORDS + 1] = {program};
    Str rest = str_from(line), word;
    int argc = 1;
    bool more = rest.len > 0;

    while (more) {
        more = str_cut(&rest, ' ', &word);
        argv[argc++] = (char *)(uintptr_t)str_c(a, str_copy(a, word));
    }
    return request_parse(a, argc, argv, command, out);
}

static void check(void **state)
{
    const Row *row = *state;
    DEFER(arena_free) Arena a = {0};
    const Command *command = NULL;
    Buf words = {.arena = &a}, selectors = {.arena = &a};
    Request r;
    Error *err = parse(&a, row->line, &command, &r);

    if (row->problem) {
        assert_non_null(err);
        if (row->hint)
            assert_string_equal(error_hint_of(err), row->hint);
        assert_failure(err, ERROR_USAGE, row->problem);
        return;
    }
    assert_success(err);
    assert_int_equal(!command, !row->command);
    if (command)
        assert_string_equal(command->name, row->command);
    for (size_t i = 0; i < r.words.len; i++)
        buf_format(&words, "%s;", r.words.items[i]);
    for (size_t i = 0; i < r.pipeline.spec.selectors.len; i++)
        buf_format(&selectors, "%.*s;", STR_ARG(r.pipeline.spec.selectors.items[i]));
    assert_str(words.len ? buf_str(&words) : STR(""), row->words ? row->words : "");
    assert_str(selectors.len ? buf_str(&selectors) : STR(""), row->selectors ? row->selectors : "");
    assert_str(r.pipeline.spec.environment, row->environment ? row->environment : "");
}

static void test_variables(void **state)
{
    DEFER(arena_free) Arena a = {0};
    const Command *command;
    Request r;

    (void)state;
    setenv("HELMFILE_ENVIRONMENT", "old", 1);
    assert_success(parse(&a, "list", &command, &r));
    assert_str(r.pipeline.spec.environment, "old");
    setenv("RELFILE_ENVIRONMENT", "new", 1);
    assert_success(parse(&a, "list", &command, &r));
    assert_str(r.pipeline.spec.environment, "new");
    assert_success(parse(&a, "list -e own", &command, &r));
    assert_str(r.pipeline.spec.environment, "own");
    unsetenv("HELMFILE_ENVIRONMENT");
    unsetenv("RELFILE_ENVIRONMENT");
}

/* So that completions, man pages and --help can be made of any. */
static void test_tables(void **state)
{
    DEFER(arena_free) Arena a = {0};

    (void)state;
    for (size_t i = 0; i < all_command_count; i++) {
        const OptionGroup *const *groups = command_groups(&a, all_commands[i]);

        assert_ptr_equal(command_find(str_from(all_commands[i]->name)), all_commands[i]);
        for (const OptionGroup *const *g = groups; *g; g++)
            for (size_t j = 0; j < (*g)->len; j++) {
                const Option *option = &(*g)->options[j];

                if (option_find(groups, str_from(option->name)) != option)
                    fail_msg("--%s is there twice in %s", option->name, all_commands[i]->name);
                if (option->letter && option_find_letter(groups, option->letter) != option)
                    fail_msg("-%c is there twice in %s", option->letter, all_commands[i]->name);
            }
    }
}

static const struct CMUnitTest others[] = {
    {"variables stand for options, ours before helmfile's", test_variables, NULL, NULL, NULL},
    {"no command has two options of one name or letter", test_tables, NULL, NULL, NULL},
};

TEST_ROWS_AND(rows, check, others)
