/*
 * profile.h - spans of time and memory of one render, for the files of this folder.
 *
 * A span is a template, an include or a tpl, from its begin to its end. They are kept by the render
 * itself, so that threads do not meet, and are given to the profile when it is done. Without a
 * profile there is no ProfileSpans, and all of this does nothing.
 */
#pragma once

#include "templating/template.h"

typedef struct ProfileSpans ProfileSpans;

/* NULL where RENDER has no profile. */
ProfileSpans *profile_open(const TemplateRender *render);

/* WHAT ("include ") NAME begins; A is what it allocates from. */
void profile_enter(ProfileSpans *spans, const Arena *a, const char *what, Str name);
void profile_leave(ProfileSpans *spans, const Arena *a);

/* Give all to the profile; what was not left has failed, and ends now. */
void profile_close(ProfileSpans *spans, const Arena *a);
