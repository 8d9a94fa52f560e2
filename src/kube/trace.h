/*
 * trace.h - what is sent and answered, for -vvv: without what Secrets hold, tokens and keys.
 */
#pragma once

#include "base/str.h"

/*
 * BODY, JSON, for people; what is none is only counted. OF_SECRETS: it is one, a patch of one, or
 * what a server says of one, which may quote it.
 */
Str trace_body(Arena *a, Str body, bool of_secrets);
