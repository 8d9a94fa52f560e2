/*
 * standard.h - our own standard input and output, as they are: for programs elsewhere that are
 * given them.
 */
#pragma once

#include "base/error.h"
#include "base/str.h"

enum { STANDARD_IN = 0, STANDARD_OUT = 1, STANDARD_ERR = 2 };

bool standard_is_terminal(int descriptor);

/* What there is to read; *LEN is 0 at the end. */
Error *standard_read(char *bytes, size_t size, size_t *len) MUST_CHECK;
Error *standard_write(int descriptor, Str bytes) MUST_CHECK;

/*
 * What is typed comes at once and as it is, keys for signals, too; until standard_restore, which
 * does nothing otherwise. For one thread.
 */
Error *standard_make_raw(void) MUST_CHECK;
void standard_restore(void);
