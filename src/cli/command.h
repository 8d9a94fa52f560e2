/*
 * command.h - one `relfile NAME` command.
 */
#pragma once

#include "cli/option.h"

typedef struct Command {
    const char *name;
    const char *help;        /* one sentence, for `relfile help` */
    const char *description; /* for --help and the man page; paragraphs */
    const char *examples;    /* a command a line */
    const char *arguments;   /* "[RELEASE]"; NULL: it takes none */
    size_t most_arguments;
    const OptionGroup *const *groups; /* its options besides the global ones; ends with NULL */

    /* Print the result to stdout; errors go up. */
    Error *(*run)(const Request *request, PipelineOutcome *out);
} Command;

/* The command called NAME, or NULL. */
const Command *command_find(Str name);

/* All of them, in the order of `relfile help`. */
extern const Command *const all_commands[];
extern const size_t all_command_count;

/* All groups of options of COMMAND, NULL for none yet: the global ones and its own; ends with NULL.
 */
const OptionGroup *const *command_groups(Arena *a, const Command *command);
