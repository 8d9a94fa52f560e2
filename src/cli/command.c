#include "cli/command.h"

#include "cli/commands.h"

#define LIST_COMMAND(name) &command_##name,
const Command *const all_commands[] = {COMMANDS(LIST_COMMAND)};
const size_t all_command_count = COUNT(all_commands);

const Command *command_find(Str name)
{
    for (size_t i = 0; i < all_command_count; i++)
        if (str_is(name, all_commands[i]->name))
            return all_commands[i];
    return NULL;
}

const OptionGroup *const *command_groups(Arena *a, const Command *command)
{
    VEC(const OptionGroup *) groups = {0};

    for (size_t i = 0; option_groups_global[i]; i++)
        *vec_add(a, &groups) = option_groups_global[i];
    for (size_t i = 0; command && command->groups && command->groups[i]; i++)
        *vec_add(a, &groups) = command->groups[i];
    *vec_add(a, &groups) = NULL;
    return groups.items;
}
