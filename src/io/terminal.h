/*
 * terminal.h - questions to the user, even where standard input is something else.
 */
#pragma once

#include "base/error.h"
#include "base/str.h"

/* How large the terminal on stderr is; 80 by 24 where it does not say. */
void terminal_size(size_t *columns, size_t *rows);

/*
 * Print QUESTION, and read the line that answers it, without its newline; empty if there is none.
 * ERROR_USAGE where there is no terminal, ERROR_CANCELLED after a signal.
 */
Error *terminal_ask(Arena *a, Str question, Str *out) MUST_CHECK;
