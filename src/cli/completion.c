/*
 * completion.c - scripts that make shells complete commands and options.
 */
#include "cli/help.h"

static void add_commands(Buf *b)
{
    for (size_t i = 0; i < all_command_count; i++)
        buf_format(b, "%s%s", i ? " " : "", all_commands[i]->name);
}

static void add_options(Buf *b, const Command *command)
{
    for (const OptionGroup *const *g = command_groups(b->arena, command); *g; g++)
        for (size_t i = 0; i < (*g)->len; i++)
            if (option_is_shown(*g, &(*g)->options[i]))
                buf_format(b, " --%s%s", (*g)->options[i].name, (*g)->options[i].value ? "=" : "");
}

/* What stands after the name of a command decides on the options. */
static void write_bash(Buf *b)
{
    buf_add_c(b,
              "_relfile()\n{\n    local current=${COMP_WORDS[COMP_CWORD]} word command= options\n"
              "    for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
              "        case \" ");
    add_commands(b);
    buf_add_c(b, " \" in *\" $word \"*) command=$word; break ;; esac\n    done\n"
                 "    case $command in\n");
    for (size_t i = 0; i < all_command_count; i++) {
        buf_format(b, "        %s) options=\"", all_commands[i]->name);
        add_options(b, all_commands[i]);
        buf_add_c(b, "\" ;;\n");
    }
    buf_add_c(b, "        *) options=\"");
    add_commands(b);
    add_options(b, NULL);
    buf_add_c(b, "\" ;;\n    esac\n"
                 "    COMPREPLY=($(compgen -W \"$options\" -- \"$current\"))\n"
                 "    [[ ${COMPREPLY[0]-} == *= ]] && compopt -o nospace\n}\n"
                 "complete -o default -F _relfile relfile\n");
}

/* TEXT between single quotes. */
static void add_quoted(Buf *b, const char *text)
{
    buf_add_char(b, '\'');
    for (; *text; text++) {
        if (*text == '\'')
            buf_add_c(b, "'\\'");
        buf_add_char(b, *text);
    }
    buf_add_char(b, '\'');
}

static void write_zsh(Buf *b)
{
    buf_add_c(b, "#compdef relfile\n_relfile()\n{\n    local -a commands\n    commands=(\n");
    for (size_t i = 0; i < all_command_count; i++) {
        buf_add_c(b, "        ");
        add_quoted(b,
                   str_format(b->arena, "%s:%s", all_commands[i]->name, all_commands[i]->help).ptr);
        buf_add_char(b, '\n');
    }
    buf_add_c(b, "    )\n    if (( CURRENT == 2 )); then\n        _describe command commands\n"
                 "    fi\n    case $words[2] in\n");
    for (size_t i = 0; i < all_command_count; i++) {
        buf_format(b, "        %s) compadd --", all_commands[i]->name);
        add_options(b, all_commands[i]);
        buf_add_c(b, " ;;\n");
    }
    buf_add_c(b, "    esac\n    _files\n}\n_relfile \"$@\"\n");
}

static void add_fish_options(Buf *b, const Command *command)
{
    const OptionGroup *const *groups = command ? command->groups : option_groups_global;

    for (; groups && *groups; groups++)
        for (size_t i = 0; i < (*groups)->len; i++) {
            const Option *option = &(*groups)->options[i];

            if (!option_is_shown(*groups, option))
                continue;
            buf_add_c(b, "complete -c relfile");
            if (command)
                buf_format(b, " -n '__fish_seen_subcommand_from %s'", command->name);
            buf_format(b, " -l %s%s -d ", option->name, option->value ? " -r" : "");
            add_quoted(b, option->help);
            buf_add_char(b, '\n');
        }
}

static void write_fish(Buf *b)
{
    for (size_t i = 0; i < all_command_count; i++) {
        buf_format(b, "complete -c relfile -n __fish_use_subcommand -a %s -d ",
                   all_commands[i]->name);
        add_quoted(b, all_commands[i]->help);
        buf_add_char(b, '\n');
    }
    add_fish_options(b, NULL);
    for (size_t i = 0; i < all_command_count; i++)
        add_fish_options(b, all_commands[i]);
}

Error *completion_write(Buf *b, Str shell)
{
    static const struct {
        const char *name;
        void (*write)(Buf *b);
    } shells[] = {{"bash", write_bash}, {"zsh", write_zsh}, {"fish", write_fish}};

    for (size_t i = 0; i < COUNT(shells); i++) {
        if (!str_is(shell, shells[i].name))
            continue;
        shells[i].write(b);
        return NULL;
    }
    return error_hint(error_new(ERROR_USAGE, "there is no completion for \"%.*s\"", STR_ARG(shell)),
                      "there is: bash, zsh, fish");
}
