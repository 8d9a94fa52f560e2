/*
 * help.h - what commands and options are, for people and shells: made of the same tables that the
 * command line is parsed with.
 */
#pragma once

#include "cli/command.h"

/* --help of COMMAND, or of relfile as a whole if it is NULL, at the end of B. */
void help_write(Buf *b, const Command *command);

/* The man page of COMMAND, or of relfile. */
void man_write(Buf *b, const Command *command);

/* A completion script of PROGRAM for SHELL. ERROR_USAGE for one that there is none for. */
Error *completion_write(Buf *b, const char *program, Str shell) MUST_CHECK;

/* "show-dag" is the file show_dag.c's command. Shown options only: those with a title. */
bool option_is_shown(const OptionGroup *group, const Option *option);
