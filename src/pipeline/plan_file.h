/*
 * plan_file.h - plans: what is going to be done, written down, so that exactly that is done later.
 */
#pragma once

#include "pipeline/diff_output.h"

typedef struct PlanFile PlanFile;

struct PlanFile {
    Run *run;
    Str key;
    Value *releases, *sealed; /* by number; what everybody may read, and what not */
};

/* An empty plan for RUN, with the key. */
Error *plan_new(Run *run, PlanFile *out) MUST_CHECK;

/* Note the release of STEP, which would become C; from any thread. It lives in the step's arena. */
Error *plan_add_release(PlanFile *plan, const Step *step, const Comparison *c) MUST_CHECK;

Error *plan_write(const PlanFile *plan, const char *file) MUST_CHECK;

/* The file as it is. ERROR_INPUT where it is no plan. */
Error *plan_read_head(Arena *a, const char *file, Value *whole) MUST_CHECK;

/* The options of `apply FILE`: GIVEN's, and those that the plan was made with. */
Error *plan_options(Arena *a, const PipelineOptions *given, PipelineOptions *out) MUST_CHECK;

/* Open the plan file: *HEAD is what everybody may read; what was random becomes RUN's. */
Error *plan_take_seeds(Run *run, const PlanFile *plan, Value *head) MUST_CHECK;

/* ERROR_CONFLICT, with what has moved, where PLAN, as things are, is not what HEAD says. */
Error *plan_check(const PlanFile *plan, const Value *head) MUST_CHECK;
