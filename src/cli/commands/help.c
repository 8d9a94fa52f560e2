/*
 * help.c - `relfile help`: commands, and what else there are tables of.
 */
#include "cli/help.h"
#include "cli/commands.h"

#include "base/nearest.h"
#include "environments/environment.h"
#include "spec/spec.h"
#include "state/state.h"
#include "target/target.h"

#include <stdio.h>
#include <string.h>

static const Option own[] = {
    {"man", 0, OPTION_FLAG, IN_REQUEST(man), NULL, "As a man page.", NULL, NULL},
};

static const OptionGroup own_group = OPTION_GROUP("Help", own);
static const OptionGroup *const groups[] = {&own_group, NULL};

/* ---- topics */

static void add_set(Buf *b, const TemplateFunctionSet *set)
{
    for (size_t i = 0; i < set->len; i++)
        buf_format(b, "  %-44s %s\n", set->functions[i].usage, set->functions[i].help);
}

static void write_functions(Buf *b)
{
    buf_add_c(b, "Functions of templates in charts and in the spec:\n");
    for (size_t i = 0; i < template_sprig_set_count; i++)
        add_set(b, template_sprig_sets[i]);
    buf_add_c(b, "\nFunctions of templates in charts only:\n");
    add_set(b, &template_helm_set);
    buf_add_c(b, "\nFunctions of templates in the spec only:\n");
    for (size_t i = 0; i < environment_function_set_count; i++)
        add_set(b, environment_function_sets[i]);
}

static void write_state(Buf *b)
{
    buf_add_c(b, "Records of releases are kept in a store, which --state, RELFILE_STATE or\n"
                 "\"state:\" in the spec name. Usual: a folder under the user's state home.\n\n");
    state_describe(b);
}

static void write_targets(Buf *b)
{
    buf_add_c(b, "What releases go to is said by --target, RELFILE_TARGET or \"target:\" in the\n"
                 "spec; nothing is ever changed without it.\n\n");
    target_describe(b);
}

static const struct {
    const char *name;
    const char *help;
    void (*write)(Buf *b);
} topics[] = {
    {"functions", "the functions of templates", write_functions},
    {"spec", "the fields of helmfile.yaml", spec_reference},
    {"schema", "the same as JSON Schema, for editors", spec_schema},
    {"state", "where records of releases can be", write_state},
    {"targets", "what releases can go to", write_targets},
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
    const char *near = nearest_word(str_from(word), names, len);
    Error *err = error_new(ERROR_USAGE, "there is no help on \"%s\"", word);
    return near ? error_hint(err, "did you mean \"%s\"?", near) : err;
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
    if (request->words.len) {
        TRY(write_about(request, request->words.items[0], &b));
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
    .help = "Say what a command does, or what else there is.",
    .examples = "relfile help sync\nrelfile help functions\nrelfile help --man diff | man -l -",
    .arguments = "[COMMAND|TOPIC]",
    .most_arguments = 1,
    .groups = groups,
    .run = run,
};
