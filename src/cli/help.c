/*
 * help.c - --help. argp lays the options out.
 */
#include "cli/help.h"

#include "base/vec.h"

#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool option_is_shown(const OptionGroup *group, const Option *option)
{
    return group->title && option->type != OPTION_IGNORED;
}

/* argp's own kind of options: a heading before each group. */
static struct argp_option *argp_options(Arena *a, const OptionGroup *const *groups)
{
    VEC(struct argp_option) made = {0};
    int number = 1;

    for (; *groups; groups++, number++) {
        if (!(*groups)->title)
            continue;
        *vec_add(a, &made) = (struct argp_option){.doc = str_format(a, "%s:", (*groups)->title).ptr,
                                                  .group = number};
        for (size_t i = 0; i < (*groups)->len; i++) {
            const Option *option = &(*groups)->options[i];

            if (option_is_shown(*groups, option))
                *vec_add(a, &made) =
                    (struct argp_option){.name = option->name,
                                         .key = option->letter ? option->letter : 1000 + number,
                                         .arg = option->value,
                                         .doc = option->help,
                                         .group = number};
        }
    }
    *vec_add(a, &made) = (struct argp_option){0};
    return made.items;
}

/* Options that change nothing here are not shown. */
static bool any_is_shown(const OptionGroup *const *groups)
{
    for (; groups && *groups; groups++)
        for (size_t i = 0; i < (*groups)->len; i++)
            if (option_is_shown(*groups, &(*groups)->options[i]))
                return true;
    return false;
}

/* What argp makes of it, at the end of B. */
static void add_options(Buf *b, const OptionGroup *const *groups)
{
    struct argp argp = {.options = argp_options(b->arena, groups)};
    char *text = NULL;
    size_t len = 0;
    FILE *memory = open_memstream(&text, &len);

    if (!memory)
        BUG("out of memory");
    argp_help(&argp, memory, ARGP_HELP_LONG, (char *)(uintptr_t) "relfile");
    (void)fclose(memory);
    Str help = {text, len};
    size_t note =
        str_find(help, STR("\nMandatory or optional arguments")); // argp's, of no use here
    buf_add(b, note == STR_NONE ? help : str_slice(help, 0, note));
    free(text);
}

/* The commands of FAMILY; NULL: those that belong to none. */
static void add_command_list(Buf *b, const Command *family)
{
    buf_add_c(b, "Commands:\n");
    for (size_t i = 0; i < all_command_count; i++)
        if (command_belongs(all_commands[i], family))
            buf_format(b, "  %-*s %s\n", family ? 24 : 12, all_commands[i]->name,
                       all_commands[i]->help);
}

static void add_examples(Buf *b, const char *examples)
{
    Str rest = str_from(examples), line;

    buf_add_c(b, "Examples:\n");
    for (bool more = rest.len > 0; more;) {
        more = str_cut(&rest, '\n', &line);
        if (line.len)
            buf_format(b, "  %.*s\n", STR_ARG(line));
    }
    buf_add_char(b, '\n');
}

static void write_relfile(Buf *b)
{
    buf_add_c(b, "relfile renders, compares and installs the releases of a helmfile.yaml: helm "
                 "charts with the\n"
                 "values of an environment.\n\n"
                 "Usage: relfile COMMAND [OPTIONS]\n\n");
    add_examples(b, "relfile -e production diff\nrelfile -e production sync\n"
                    "relfile template -l tier=web\n");
    add_command_list(b, NULL);
    buf_add_c(b, "\nOptions of all commands:\n");
    add_options(b, command_groups(b->arena, NULL));
    buf_add_c(b, "\nMore about a command: relfile COMMAND --help\n");
}

static void write_family(Buf *b, const Command *family)
{
    buf_format(b, "%s\n\nUsage: relfile %s COMMAND [OPTIONS]\n\n", family->help, family->name);
    if (family->examples)
        add_examples(b, family->examples);
    if (family->description)
        buf_format(b, "%s\n\n", family->description);
    add_command_list(b, family);
    buf_format(b, "\nMore about a command: relfile %s COMMAND --help\n", family->name);
}

void help_write(Buf *b, const Command *command)
{
    if (!command) {
        write_relfile(b);
        return;
    }
    if (!command->run) {
        write_family(b, command);
        return;
    }
    buf_format(b, "%s\n\nUsage: relfile %s [OPTIONS]%s%s\n\n", command->help, command->name,
               command->arguments ? " " : "", command->arguments ? command->arguments : "");
    if (command->examples)
        add_examples(b, command->examples);
    if (command->description)
        buf_format(b, "%s\n\n", command->description);
    const OptionGroup *const *groups =
        command->globals ? command_groups(b->arena, command) : command->groups;
    if (any_is_shown(groups)) {
        buf_add_c(b, "Options:\n");
        add_options(b, groups);
    }
    if (command->globals)
        return;
    buf_add_c(
        b, "\nAll commands take -f FILE, -e ENVIRONMENT, -l SELECTOR, -n NAMESPACE and more: see\n"
           "relfile --help.\n");
}
