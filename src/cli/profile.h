/*
 * profile.h - --profile FILE: where the time and memory of templates went.
 */
#pragma once

#include "base/error.h"
#include "templating/template.h"

TemplateProfile *profile_start(void);

/*
 * Write PROFILE to FILE: as a trace where its name ends in .json; else as collapsed stacks of
 * microseconds, with those of bytes in a second file, whose name has ".bytes" before its extension.
 */
Error *profile_write(TemplateProfile *profile, const char *file) MUST_CHECK;
