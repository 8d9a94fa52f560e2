/*
 * parse.h - the command line, and the variables that stand for parts of it, as a request.
 */
#pragma once

#include "cli/command.h"

/*
 * What ARGV asks for; options may stand in front of the command and behind it. *COMMAND is NULL
 * where no command is named. ERROR_USAGE for what is no option, or lacks a value.
 */
Error *request_parse(Arena *a, int argc, char **argv, const Command **command, Request *out)
    MUST_CHECK;
