/*
 * steps.h - the steps from a spec to releases, for the files of this folder.
 */
#pragma once

#include "release/release.h"

/* inherit.c: RELEASE of FILE with the templates it inherits from under it. */
Error *step_inherit(Arena *a, const SpecFile *file, const SpecRelease *release, SpecRelease *out)
    MUST_CHECK;

/* render.c: the fields of RELEASE that are templates, rendered. DOT is the file's, for all of them.
 */
Error *step_render(Arena *a, const ReleaseOptions *options, const SpecFile *file,
                   const ValueMap *dot, SpecRelease *release) MUST_CHECK;

/* select.c: whether LABELS are among what SELECTORS select, which were checked. */
Error *step_check_selectors(const StrList *selectors) MUST_CHECK;
bool step_select(const StrList *selectors, const ValueMap *labels);

/* condition.c: whether the release's `condition` lets it be there. */
Error *step_condition(Arena *a, const SpecRelease *release, const ValueMap *values, bool *out)
    MUST_CHECK;

/* A need as it is written: [context/][namespace/]name. */
typedef struct NeedId {
    Str context, namespace, name;
    bool has_context, has_namespace;
} NeedId;

NeedId step_need_id(Str text);

/* needs.c: the needs of all RELEASES, and what follows for which are selected. */
Error *step_needs(Arena *a, const ReleaseOptions *options, ReleaseList *releases) MUST_CHECK;
