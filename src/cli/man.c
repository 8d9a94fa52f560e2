/*
 * man.c - man pages, in the man macros of roff.
 */
#include "cli/help.h"

#include <ctype.h>

#define PAGES_DATE "2026-11-21" /* a page has one; not that of the build, which can be repeated */

/* TEXT with what is special in roff made plain. */
static void add_text(Buf *b, Str text)
{
    bool line_start = true;

    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];

        if (line_start && (c == '.' || c == '\''))
            buf_add_c(b, "\\&");
        if (c == '\\')
            buf_add_c(b, "\\e");
        else if (c == '-')
            buf_add_c(b, "\\-");
        else
            buf_add_char(b, c);
        line_start = c == '\n';
    }
}

static void add_line(Buf *b, const char *text)
{
    add_text(b, str_from(text));
    buf_add_char(b, '\n');
}

static void add_option(Buf *b, const Option *option)
{
    buf_add_c(b, ".TP\n.B ");
    if (option->letter)
        buf_format(b, "\\-%c, ", option->letter);
    add_text(b, str_format(b->arena, "--%s", option->name));
    if (option->value)
        buf_format(b, " \\fI%s\\fR", option->value);
    buf_add_char(b, '\n');
    add_line(b, option->help);
    if (option->variable)
        add_line(
            b,
            str_format(b->arena, "Or: the environment variable RELFILE_%s.", option->variable).ptr);
}

static void add_options(Buf *b, const OptionGroup *const *groups)
{
    for (; *groups; groups++) {
        if (!(*groups)->title)
            continue;
        buf_format(b, ".SS %s\n", (*groups)->title);
        for (size_t i = 0; i < (*groups)->len; i++)
            if (option_is_shown(*groups, &(*groups)->options[i]))
                add_option(b, &(*groups)->options[i]);
    }
}

/* "relfile-chart-template" */
static const char *page_name(Arena *a, const Command *command)
{
    Buf b = {.arena = a};

    buf_format(&b, "relfile-%s", command->name);
    for (size_t i = 0; i < b.len; i++)
        if (b.ptr[i] == ' ')
            b.ptr[i] = '-';
    return str_c(a, buf_str(&b));
}

/* The commands of FAMILY; NULL: those that belong to none. */
static void add_command_list(Buf *b, const Command *family)
{
    buf_add_c(b, ".SH COMMANDS\n");
    for (size_t i = 0; i < all_command_count; i++) {
        if (!command_belongs(all_commands[i], family))
            continue;
        buf_add_c(b, ".TP\n.BR ");
        add_text(b, str_from(page_name(b->arena, all_commands[i])));
        buf_add_c(b, " (1)\n");
        add_line(b, all_commands[i]->help);
    }
}

static void add_paragraphs(Buf *b, const char *text)
{
    Str rest = str_from(text), line;

    for (bool more = rest.len > 0; more;) {
        more = str_cut(&rest, '\n', &line);
        if (line.len)
            add_text(b, line);
        else
            buf_add_c(b, ".PP");
        buf_add_char(b, '\n');
    }
}

static void add_examples(Buf *b, const char *text)
{
    buf_add_c(b, ".SH EXAMPLES\n.nf\n");
    add_line(b, text);
    buf_add_c(b, ".fi\n");
}

static void add_exit_status(Buf *b)
{
    buf_add_c(b, ".SH EXIT STATUS\n0 all went well; 1 an error; 2 there are changes, with "
                 "\\-\\-detailed\\-exitcode; 3 nothing was selected, or the command line is wrong; "
                 "130 and 143 after SIGINT and SIGTERM.\n");
}

static void add_environment(Buf *b)
{
    buf_add_c(
        b, ".SH ENVIRONMENT\nOptions say which variable stands for them: where RELFILE_NAME is not "
           "set,\nHELMFILE_NAME counts.\n"
           ".TP\n.B NO_COLOR, CLICOLOR_FORCE\nNo colours; colours even without a terminal.\n"
           ".TP\n.B CI\nProgress is not repainted, even on a terminal.\n"
           ".TP\n.B RELFILE_DISABLE_HOOKS\nIf true, hooks of the spec are an error.\n"
           ".TP\n.B RELFILE_DISABLE_INSECURE_FEATURES\nIf true, templates of the spec may not "
           "run programs or read files.\n"
           ".TP\n.B XDG_STATE_HOME\nWhere the state is, unless \\-\\-state says otherwise.\n"
           ".SH FILES\n.TP\n.B helmfile.yaml, helmfile.yaml.gotmpl, helmfile.d\nThe spec, in "
           "the working directory.\n"
           ".TP\n.B ~/.local/state/relfile\nThe state, and the demo target's clusters.\n");
}

/* Titles are in capitals. */
static void add_title(Buf *b, const char *name)
{
    for (; *name; name++)
        buf_add_char(b, (char)toupper((unsigned char)*name));
}

void man_write(Buf *b, const Command *command)
{
    const char *name = command ? page_name(b->arena, command) : "relfile";

    buf_add_c(b, ".TH ");
    add_title(b, name);
    buf_format(b, " 1 \"%s\" \"relfile %s\" \"relfile\"\n.SH NAME\n", PAGES_DATE, RELFILE_VERSION);
    add_text(b,
             str_format(b->arena, "%s - %s\n", name,
                        command ? command->help
                                : "render, compare and install the releases of a helmfile.yaml"));
    buf_format(b, ".SH SYNOPSIS\n.B relfile %s%s\n[\\fIOPTIONS\\fR]%s%s\n.SH DESCRIPTION\n",
               command ? command->name : "",
               !command       ? "\\fICOMMAND\\fB"
               : command->run ? ""
                              : " \\fICOMMAND\\fB",
               command && command->arguments ? " " : "",
               command && command->arguments ? command->arguments : "");
    if (command && command->description)
        add_paragraphs(b, command->description);
    else
        add_line(b, command
                        ? command->help
                        : "relfile does the work of helmfile, helm and helm-diff in one program.");
    if (!command || !command->run)
        add_command_list(b, command);
    if (!command || command->run) {
        buf_add_c(b, ".SH OPTIONS\n");
        add_options(b, command_groups(b->arena, command));
    }
    if (command && command->examples)
        add_examples(b, command->examples);
    add_exit_status(b);
    if (!command)
        add_environment(b);
}
