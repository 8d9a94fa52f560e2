/*
 * limits.h - what templates may take, as the command line says it: --limit time=30s,memory=64M.
 */
#pragma once

#include "base/error.h"
#include "templating/template.h"

/* The usual limits, but for what LISTS say, each of NAME=NUMBER joined by commas. ERROR_USAGE. */
Error *limits_read(const StrList *lists, TemplateLimits *out) MUST_CHECK;

/* All limits with their usual values, at the end of B. */
void limits_describe(Buf *b);
