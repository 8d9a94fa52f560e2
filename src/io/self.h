/*
 * self.h - which process this is, as a text by which others can tell later whether it is gone.
 *
 * The text names the running kernel, the process's pid namespace, its pid, and when it began: only
 * where the first two are the reader's own does it know anything of the other.
 */
#pragma once

#include "base/str.h"

#include <stdbool.h>

/* "7f0c… pid:[4026531836] 4242 987654"; empty where the system does not tell. */
Str self_mark(Arena *a);

/* Whether the process that MARK is of is gone for certain. */
bool mark_is_gone(Str mark);
