/*
 * completion.c - scripts that make shells complete commands and options.
 */
#include "cli/help.h"

#include <string.h>

/* The last word of COMMAND's name: what is typed once its family is. */
static const char *last_word(const Command *command)
{
    const char *space = strrchr(command->name, ' ');

    return space ? space + 1 : command->name;
}

/* What may follow the name of FAMILY; NULL: the program's. */
static void add_commands(Buf *b, const Command *family)
{
    size_t start = b->len;

    for (size_t i = 0; i < all_command_count; i++)
        if (command_belongs(all_commands[i], family))
            buf_format(b, "%s%s", b->len > start ? " " : "", last_word(all_commands[i]));
}

static void add_options(Buf *b, const Command *command)
{
    for (const OptionGroup *const *g = command_groups(b->arena, command); *g; g++)
        for (size_t i = 0; i < (*g)->len; i++)
            if (option_is_shown(*g, &(*g)->options[i]))
                buf_format(b, " --%s%s", (*g)->options[i].name, (*g)->options[i].value ? "=" : "");
}

/* All that may follow COMMAND's name. */
static void add_choices(Buf *b, const Command *command)
{
    if (command && command->run) {
        add_options(b, command);
        return;
    }
    add_commands(b, command);
    if (!command)
        add_options(b, NULL);
}

/* What stands after the name of a command decides on the options. */
static void write_bash(Buf *b, const char *program)
{
    buf_add_c(b,
              "_relfile()\n{\n    local current=${COMP_WORDS[COMP_CWORD]} word command= options\n"
              "    for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
              "        word=${command:+$command }$word\n"
              "        case '|");
    for (size_t i = 0; i < all_command_count; i++)
        buf_format(b, "%s|", all_commands[i]->name);
    buf_add_c(b, "' in *\"|$word|\"*) command=$word ;; esac\n    done\n"
                 "    case $command in\n");
    for (size_t i = 0; i < all_command_count; i++) {
        buf_format(b, "        '%s') options=\"", all_commands[i]->name);
        add_choices(b, all_commands[i]);
        buf_add_c(b, "\" ;;\n");
    }
    buf_add_c(b, "        *) options=\"");
    add_choices(b, NULL);
    buf_add_c(b, "\" ;;\n    esac\n"
                 "    COMPREPLY=($(compgen -W \"$options\" -- \"$current\"))\n"
                 "    [[ ${COMPREPLY[0]-} == *= ]] && compopt -o nospace\n}\n");
    buf_format(b, "complete -o default -F _relfile %s\n", program);
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

static void write_zsh(Buf *b, const char *program)
{
    buf_format(b, "#compdef %s\n", program);
    buf_add_c(b, "_relfile()\n{\n    local -a commands\n    local name word\n"
                 "    commands=(\n");
    for (size_t i = 0; i < all_command_count; i++) {
        if (!command_belongs(all_commands[i], NULL))
            continue;
        buf_add_c(b, "        ");
        add_quoted(b,
                   str_format(b->arena, "%s:%s", all_commands[i]->name, all_commands[i]->help).ptr);
        buf_add_char(b, '\n');
    }
    buf_add_c(b, "    )\n    if (( CURRENT == 2 )); then\n        _describe command commands\n"
                 "    fi\n    name=$words[2]\n    for word in $words[3,CURRENT-1]; do\n"
                 "        case \"$name $word\" in\n");
    for (size_t i = 0; i < all_command_count; i++)
        if (!command_belongs(all_commands[i], NULL))
            buf_format(b, "        '%s') name=\"$name $word\" ;;\n", all_commands[i]->name);
    buf_add_c(b, "        *) break ;;\n        esac\n    done\n    case $name in\n");
    for (size_t i = 0; i < all_command_count; i++) {
        buf_format(b, "        '%s') compadd -- ", all_commands[i]->name);
        add_choices(b, all_commands[i]);
        buf_add_c(b, " ;;\n");
    }
    buf_add_c(b, "    esac\n    _files\n}\n_relfile \"$@\"\n");
}

/* That the words of COMMAND's name have been typed, and not as a part of a longer one. */
static void add_fish_condition(Buf *b, const Command *command)
{
    Str rest = str_from(command->name), word;
    const char *and = "";

    buf_add_c(b, " -n '");
    for (bool more = true; more; and = "; and ") {
        more = str_cut(&rest, ' ', &word);
        buf_format(b, "%s__fish_seen_subcommand_from %.*s", and, STR_ARG(word));
    }
    for (size_t i = 0; i < all_command_count; i++)
        if (!all_commands[i]->run && command_belongs(all_commands[i], NULL) &&
            command_belongs(command, NULL) && all_commands[i] != command)
            buf_format(b, "; and not __fish_seen_subcommand_from %s", all_commands[i]->name);
    buf_add_c(b, "'");
}

static void add_fish_options(Buf *b, const char *program, const Command *command)
{
    const OptionGroup *const *groups = option_groups_global;

    if (command)
        groups = command->globals ? command_groups(b->arena, command) : command->groups;
    for (; groups && *groups; groups++)
        for (size_t i = 0; i < (*groups)->len; i++) {
            const Option *option = &(*groups)->options[i];

            if (!option_is_shown(*groups, option))
                continue;
            buf_format(b, "complete -c %s", program);
            if (command)
                add_fish_condition(b, command);
            buf_format(b, " -l %s%s -d ", option->name, option->value ? " -r" : "");
            add_quoted(b, option->help);
            buf_add_char(b, '\n');
        }
}

/* That COMMAND's family has been typed. */
static void add_fish_command(Buf *b, const char *program, const Command *command)
{
    buf_format(b, "complete -c %s", program);
    for (size_t i = 0; i < all_command_count; i++)
        if (command_belongs(command, all_commands[i]))
            add_fish_condition(b, all_commands[i]);
    if (command_belongs(command, NULL))
        buf_add_c(b, " -n __fish_use_subcommand");
    buf_format(b, " -a %s -d ", last_word(command));
    add_quoted(b, command->help);
    buf_add_char(b, '\n');
}

static void write_fish(Buf *b, const char *program)
{
    for (size_t i = 0; i < all_command_count; i++)
        add_fish_command(b, program, all_commands[i]);
    add_fish_options(b, program, NULL);
    for (size_t i = 0; i < all_command_count; i++)
        add_fish_options(b, program, all_commands[i]);
}

/* Words are completed by the command that stands first among them. */
static void write_powershell(Buf *b, const char *program)
{
    buf_add_c(b, "$relfileOptions = @{\n");
    for (size_t i = 0; i < all_command_count; i++) {
        buf_format(b, "    '%s' = '", all_commands[i]->name);
        add_choices(b, all_commands[i]);
        buf_add_c(b, "'\n");
    }
    buf_format(b, "}\nRegister-ArgumentCompleter -Native -CommandName %s -ScriptBlock {\n",
               program);
    buf_add_c(b, "    param($word, $line, $position)\n"
                 "    $command = $line.CommandElements | Select-Object -Skip 1 | "
                 "ForEach-Object { \"$_\" } |\n"
                 "        Where-Object { $relfileOptions.ContainsKey($_) } | "
                 "Select-Object -First 1\n"
                 "    $words = if ($command) { $relfileOptions[$command] } else { '");
    add_choices(b, NULL);
    buf_add_c(b, "' }\n"
                 "    $words -split ' ' | Where-Object { $_ -like \"$word*\" } | ForEach-Object {\n"
                 "        [System.Management.Automation.CompletionResult]::new($_)\n    }\n}\n");
}

Error *completion_write(Buf *b, const char *program, Str shell)
{
    static const struct {
        const char *name;
        void (*write)(Buf *b, const char *program);
    } shells[] = {{"bash", write_bash},
                  {"zsh", write_zsh},
                  {"fish", write_fish},
                  {"powershell", write_powershell}};

    for (size_t i = 0; i < COUNT(shells); i++) {
        if (!str_is(shell, shells[i].name))
            continue;
        shells[i].write(b, program);
        return NULL;
    }
    return error_hint(error_new(ERROR_USAGE, "there is no completion for \"%.*s\"", STR_ARG(shell)),
                      "there is: bash, zsh, fish, powershell");
}
