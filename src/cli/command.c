#include "cli/command.h"

#include "cli/commands.h"

#include <string.h>

#define LIST_COMMAND(name) &command_##name,
const Command *const all_commands[] = {COMMANDS(LIST_COMMAND)};
const size_t all_command_count = COUNT(all_commands);

static bool is_called(const Command *command, Str name)
{
    size_t i = 0;

    for (; i < name.len && command->name[i]; i++)
        if (command->name[i] != name.ptr[i] && !(command->name[i] == ' ' && name.ptr[i] == '-'))
            return false;
    return i == name.len && !command->name[i];
}

const Command *command_find(Str name)
{
    for (size_t i = 0; i < all_command_count; i++)
        if (is_called(all_commands[i], name))
            return all_commands[i];
    return NULL;
}

/* Other words that helm takes in the names of its commands. */
static const struct {
    const char *command, *word, *other;
} other_words[] = {
    {"chart show", "show", "inspect"},
    {"chart dependency", "dependency", "dep"},
    {"chart dependency", "dependency", "dependencies"},
    {"chart dependency list", "list", "ls"},
    {"chart dependency update", "update", "up"},
    {"chart pull", "pull", "fetch"},
};

/* Whether TEXT stands for WORD in COMMAND's name. */
static bool is_word(const Command *command, Str word, const char *text)
{
    for (size_t i = 0; i < COUNT(other_words); i++)
        if (strcmp(other_words[i].other, text) == 0 && str_is(word, other_words[i].word) &&
            str_starts(str_from(command->name), str_from(other_words[i].command)))
            return true;
    return str_is(word, text);
}

/* How many words COMMAND's name has, if these are the first of WORDS; 0 if not. */
static size_t words_named(const Command *command, char *const *words, size_t count)
{
    Str rest = str_from(command->name), word;
    size_t used = 0;

    for (bool more = true; more; used++) {
        more = str_cut(&rest, ' ', &word);
        if (used == count || !is_word(command, word, words[used]))
            return 0;
    }
    return used;
}

const Command *command_of_words(char *const *words, size_t count, size_t *used)
{
    const Command *found = NULL;

    *used = 0;
    for (size_t i = 0; i < all_command_count; i++) {
        size_t named = words_named(all_commands[i], words, count);

        if (named > *used) {
            found = all_commands[i];
            *used = named;
        }
    }
    return found;
}

bool command_belongs(const Command *command, const Command *family)
{
    Str name = str_from(command->name);
    size_t end = str_find_last(name, STR(" "));

    if (!family)
        return end == STR_NONE;
    return end != STR_NONE && str_is(str_slice(name, 0, end), family->name);
}

const OptionGroup *const *command_groups(Arena *a, const Command *command)
{
    VEC(const OptionGroup *) groups = {0};

    const OptionGroup *const *globals =
        command && command->globals ? command->globals : option_groups_global;

    for (size_t i = 0; globals[i]; i++)
        *vec_add(a, &groups) = globals[i];
    for (size_t i = 0; command && command->groups && command->groups[i]; i++)
        *vec_add(a, &groups) = command->groups[i];
    *vec_add(a, &groups) = NULL;
    return groups.items;
}
