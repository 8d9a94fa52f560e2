/*
 * plan_file.h - plans: what is going to be done, written down, so that exactly that is done later.
 *
 * A plan file is JSON, and whole in itself: where it is applied neither the spec nor its charts
 * need be. Everybody may read its head: releases, objects and what becomes of them, the difference
 * with secrets masked, digests of the files it was made of. Sealed is what is done: rendered
 * objects, hooks, values, settings of the releases and of the state, what the records will hold.
 * Digests are made with the key, so that nobody can try passwords on them.
 *
 *     plan -o FILE    plan_make.c (from a run), plan_inputs.c (what it was made of)
 *     apply FILE      plan_given.c (a run from it), plan_stale.c (what has moved since)
 */
#pragma once

#include "pipeline/diff_output.h"

typedef struct PlanFile PlanFile;

struct PlanFile {
    Run *run;
    Str key;
    Value *releases, *sealed; /* by number; what everybody may read, and what not */
};

/* One that was read. */
struct GivenPlan {
    const char *file;
    Str key;
    Value head, sealed;
};

/* ---- plan_file.c: the file */
/* The key that OPTIONS name; or the user's own, made the first time. */
Error *plan_key_read(Arena *a, const PipelineOptions *options, Str *out) MUST_CHECK;

/* A checksum of TEXT that says nothing about it to those who do not have KEY. */
Str plan_digest(Arena *a, Str key, Str text);

Error *plan_file_write(Arena *a, const char *file, Str key, Value head, Value sealed) MUST_CHECK;

/* The plan that OPTIONS name. ERROR_INPUT where it is none, ERROR_DENIED with another key. */
Error *plan_file_read(Arena *a, const PipelineOptions *options, GivenPlan *out) MUST_CHECK;

/* ---- plan_make.c */
/* An empty plan for RUN, with the key. */
Error *plan_new(Run *run, PlanFile *out) MUST_CHECK;

/* Note the release of STEP, which would become C; from any thread. It lives in the step's arena. */
Error *plan_add_release(PlanFile *plan, const Step *step, const Comparison *c) MUST_CHECK;

Error *plan_write(const PlanFile *plan, const char *file) MUST_CHECK;

/* ---- plan_options.c: what the command line said, which `apply FILE` is told by the plan. */
/* What everybody may read of it, and all of it. */
Value plan_options_shown(Arena *a, const PipelineOptions *options);
Value plan_options_sealed(Arena *a, const PipelineOptions *options);

/* The options of `apply FILE`: GIVEN's, and those that PLAN was made with. */
Error *plan_options(Arena *a, const GivenPlan *plan, const PipelineOptions *given,
                    PipelineOptions *out) MUST_CHECK;

/* ---- plan_inputs.c */
/* The files that the plan of RUN is made of, with their digests: a list for the head. */
Error *plan_inputs(const Run *run, Str key, Value *out) MUST_CHECK;

/* What a digest would be now; null where there is no such file. */
Value plan_input_digest(Arena *a, Str key, const Value *input);

/* ---- plan_given.c */
/* The releases of the run's plan, as if a spec had them. */
Error *plan_open(Run *run) MUST_CHECK;

/* ERROR_INPUT where a hook of the spec cannot be run here. */
Error *plan_check_hooks(const Run *run) MUST_CHECK;

/* ---- plan_stale.c */
/* ERROR_CONFLICT, with what has moved, where PLAN, as things are, is not what GIVEN says. */
Error *plan_check(const PlanFile *plan, const GivenPlan *given) MUST_CHECK;
