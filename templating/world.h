/*
 * world.h - the clock and the randomness that functions of templates use. ERROR_INPUT where a
 * render was given no world.
 */
#pragma once

#include "base/time.h"
#include "templating/template.h"

/*
 * Now, in the user's zone. As in Go it has a monotonic reading, which counts from the
 * render's first call.
 */
Error *call_now(const TemplateCall *call, Time *out) MUST_CHECK;

/* LEN unpredictable BYTES. */
Error *call_random(const TemplateCall *call, void *bytes, size_t len) MUST_CHECK;
