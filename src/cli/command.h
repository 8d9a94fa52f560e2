/*
 * command.h - one `relfile NAME` command. NAME may be several words: "chart template" belongs to
 * the family "chart", which is a command that does nothing but list what belongs to it.
 */
#pragma once

#include "cli/option.h"

typedef struct Command {
    const char *name;        /* words with a space between them */
    const char *help;        /* one sentence, for `relfile help` */
    const char *description; /* for --help and the man page; paragraphs */
    const char *examples;    /* a command a line */
    const char *arguments;   /* "[RELEASE]"; NULL: it takes none */
    size_t most_arguments;
    const OptionGroup *const *groups;  /* its options besides the global ones; ends with NULL */
    const OptionGroup *const *globals; /* instead of option_groups_global; NULL: those */

    /* Print the result to stdout; errors go up. NULL: of a family. */
    Error *(*run)(const Request *request, PipelineOutcome *out);
} Command;

/* The command called NAME, or NULL. Between its words may also be hyphens, as in man pages' names.
 */
const Command *command_find(Str name);

/* The command that the first of COUNT WORDS name, the longest such; *USED is how many they are. */
const Command *command_of_words(char *const *words, size_t count, size_t *used);

/* Whether COMMAND belongs to FAMILY; to none, if that is NULL. */
bool command_belongs(const Command *command, const Command *family);

/* All of them, in the order of `relfile help`. */
extern const Command *const all_commands[];
extern const size_t all_command_count;

/* All groups of options of COMMAND, NULL for none yet: the global ones and its own; ends with NULL.
 */
const OptionGroup *const *command_groups(Arena *a, const Command *command);
