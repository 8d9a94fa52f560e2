/*
 * limits.h - what templates may take, as the command line says it: --limit time=30s,memory=64M.
 */
#pragma once

#include "base/error.h"
#include "templating/template.h"

/*
 * The usual limits, but for what LISTS say, each of NAME=NUMBER joined by commas; those on what a
 * run deletes are added to DELETES as they are. ERROR_USAGE.
 */
Error *limits_read(Arena *a, const StrList *lists, TemplateLimits *out, StrList *deletes)
    MUST_CHECK;

/* All limits with their usual values, at the end of B. */
void limits_describe(Buf *b);
