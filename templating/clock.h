/*
 * clock.h - what time it is for a template.
 */
#pragma once

#include "base/time.h"
#include "templating/template.h"

/*
 * Now, in the user's zone. As in Go it has a monotonic reading, which counts from the
 * render's first call. ERROR_INPUT where the render has no world.
 */
Error *clock_now(const TemplateCall *call, Time *out) MUST_CHECK;
