/*
 * help.c - `relfile help`: commands, and what else there are tables of.
 */
#include "cli/help.h"
#include "cli/catalogue.h"
#include "cli/commands.h"
#include "cli/limits.h"

#include "base/nearest.h"
#include "environments/environment.h"
#include "spec/spec.h"
#include "state/schema.h"
#include "state/state.h"
#include "target/target.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const Option own[] = {
    {"man", 0, OPTION_FLAG, IN_REQUEST(man), NULL, "Print it as a man page.", NULL, NULL},
    {"names", 0, OPTION_FLAG, IN_REQUEST(names), NULL, "Print only the names of all commands.",
     NULL, NULL},
};

static const OptionGroup own_group = OPTION_GROUP("Help", own);
static const OptionGroup *const groups[] = {&own_group, NULL};

/* ---- topics */

static void write_commands(Buf *b)
{
    buf_add_c(b,
              "# Commands\n\nThis is what `relfile --help` and `relfile COMMAND --help` print.\n");
    for (size_t i = 0; i <= all_command_count; i++) {
        buf_format(b, "\n## relfile%s%s\n\n```\n", i ? " " : "",
                   i ? all_commands[i - 1]->name : "");
        help_write(b, i ? all_commands[i - 1] : NULL);
        buf_add_c(b, "```\n");
    }
}

static void write_stores(Buf *b)
{
    buf_add_c(b, "relfile keeps a record of each release: what was installed, when, by whom. Where "
                 "to is said\n"
                 "by --state, RELFILE_STATE or \"state:\" in the spec. Default: the folder "
                 "relfile/state in\n"
                 "$XDG_STATE_HOME, or in ~/.local/state.\n\n");
    state_describe(b);
}

static void write_targets(Buf *b)
{
    buf_add_c(
        b, "What releases are installed into is said by --target, RELFILE_TARGET or \"target:\" in "
           "the spec.\n"
           "Without it diff, sync and other commands that need a cluster end with an error.\n\n");
    target_describe(b);
}

static const struct {
    const char *name;
    const char *help;
    void (*write)(Buf *b);
} topics[] = {
    {"commands", "all commands with their options", write_commands},
    {"functions", "the functions of templates; with a NAME, of one", catalogue_write},
    {"spec", "the fields of helmfile.yaml", spec_reference},
    {"schema", "the same as JSON Schema, for editors", spec_schema},
    {"state-schema", "records and runs as they are kept, as JSON Schema", state_schema},
    {"stores", "where records of releases can be", write_stores},
    {"targets", "what releases can go to", write_targets},
    {"limits", "what templates may take", limits_describe},
};

static void add_topics(Buf *b)
{
    buf_add_c(b, "\nTopics:\n");
    for (size_t i = 0; i < COUNT(topics); i++)
        buf_format(b, "  relfile help %-12s %s\n", topics[i].name, topics[i].help);
}

/* ---- the command */

static Error *unknown(const Request *request, const char *word)
{
    const char **names =
        arena_array(request->arena, const char *, all_command_count + COUNT(topics));
    size_t len = 0;

    for (size_t i = 0; i < all_command_count; i++)
        names[len++] = all_commands[i]->name;
    for (size_t i = 0; i < COUNT(topics); i++)
        names[len++] = topics[i].name;
    return nearest_hint(error_new(ERROR_USAGE, "there is no help on \"%s\"", word), str_from(word),
                        names, len);
}

/* "chart template" of two words. */
static const char *joined_words(const Request *request)
{
    Buf b = {.arena = request->arena};

    for (size_t i = 0; i < request->words.len; i++)
        buf_format(&b, "%s%s", i ? " " : "", request->words.items[i]);
    return str_c(request->arena, buf_str(&b));
}

static Error *write_about(const Request *request, const char *word, Buf *b)
{
    const Command *command = command_find(str_from(word));

    for (size_t i = 0; i < COUNT(topics); i++) {
        if (strcmp(topics[i].name, word) != 0)
            continue;
        topics[i].write(b);
        return NULL;
    }
    if (!command)
        return unknown(request, word);
    if (request->man)
        man_write(b, command);
    else
        help_write(b, command);
    return NULL;
}

static Error *run(const Request *request, PipelineOutcome *out)
{
    Buf b = {.arena = request->arena};

    (void)out;
    if (request->words.len == 2 && strcmp(request->words.items[0], "functions") == 0) {
        TRY(catalogue_write_one(&b, request->words.items[1]));
    } else if (request->words.len) {
        TRY(write_about(request, joined_words(request), &b));
    } else if (request->names) {
        for (size_t i = 0; i < all_command_count; i++)
            buf_format(&b, "%s\n", all_commands[i]->name);
    } else if (request->man) {
        man_write(&b, NULL);
    } else {
        help_write(&b, NULL);
        add_topics(&b);
    }
    fwrite(b.ptr, 1, b.len, stdout);
    return NULL;
}

const Command command_help = {
    .name = "help",
    .help = "Explain a command, or a topic.",
    .examples =
        "relfile help sync\nrelfile help chart template\nrelfile help functions trunc\nrelfile "
        "help --man diff | man -l -",
    .arguments = "[COMMAND|TOPIC]",
    .most_arguments = 3,
    .groups = groups,
    .run = run,
};
