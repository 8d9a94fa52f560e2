/*
 * revisions.h - the templates that stateful and daemon sets have had, as ControllerRevisions.
 */
#pragma once

#include "target/demo/controllers/workload.h"

/* Make sure that there is a revision of the pass's template; *HASH tells it from others. */
Error *revision_ensure(Pass *pass, Str *hash) MUST_CHECK;

/* The template of the revision with HASH; the present one if it is not there any more. */
Error *revision_template(Pass *pass, Str hash, Value *out) MUST_CHECK;

/* Keep as many revisions as the pass's object wants, besides those of its pods and HASH. */
Error *revision_forget(Pass *pass, const EntryList *pods, Str hash) MUST_CHECK;
