/*
 * advise.h - what was probably meant, for errors about values that are not there.
 */
#pragma once

#include "templating/render.h"

/*
 * ERR, which happened because of the value of NODE, with what is known of that as its hint: which
 * part of `.Values.image.tag` is not there, and what is there instead. Nothing is added where NODE
 * is no path or leads to a value. NULL stays NULL.
 */
Error *advise_path(Render *r, Error *err, Value dot, const Node *node) MUST_CHECK;

/* The same for the arguments of a function: ARGS but for the first, which is the function. */
Error *advise_arguments(Render *r, Error *err, Value dot, const NodeList *args) MUST_CHECK;

/* ERR, about a template called NAME that there is not, with a name that is near. */
Error *advise_template(const Render *r, Error *err, Str name) MUST_CHECK;
