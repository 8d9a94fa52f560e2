/*
 * trace.h - what is sent and answered, for -vvv: without what Secrets hold, tokens and keys.
 */
#pragma once

#include "base/str.h"

/*
 * BODY, JSON, for people; what is none is only counted. OF_SECRETS: what a server says of it may
 * quote one.
 */
Str trace_body(Arena *a, Str body, bool of_secrets);
