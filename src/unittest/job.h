/*
 * job.h - one job of a suite, for the files of this folder: the chart rendered for it, and the
 * documents that its assertions are about.
 */
#pragma once

#include "unittest/snapshot.h"
#include "unittest/unittest.h"

/* A chart that suites belong to. */
typedef struct SuiteChart {
    const Chart *chart; /* the one that is rendered */
    const char *folder; /* that of the suites' chart, which may be in charts/ of it */
    Str route;          /* "web", "web/charts/redis" */
} SuiteChart;

/* A suite, as its file has it: a map. */
typedef struct Suite {
    const UnittestOptions *options;
    Shared *shared;
    const SuiteChart *chart;
    const char *file;
    const ValueMap *says;
    Snapshots *snapshots;
} Suite;

/* The documents of one template: maps; of one that is no YAML, or has failed, a map with "raw". */
typedef struct JobFile {
    Str name;
    ValueList documents;
} JobFile;

typedef struct Job {
    Arena *arena;
    const Suite *suite;
    const ValueMap *says;
    Str name;
    bool needs_success; /* some assertion wants it to be rendered */
    bool rendered;
    Str failure; /* what failed, if no template did; else empty */
    VEC(JobFile) files;
    StrList templates; /* that are asserted unless an assertion says which */
    size_t snapshots;  /* so far */
} Job;

/* What KEY of the job is, or else of its suite; NULL: nothing. */
const Value *job_setting(const Job *job, const char *key);

/* The texts of a list, or the text itself; of anything else none. */
StrList texts_of(Arena *a, const Value *v);

/* The template NAME of a suite as it is called in what is rendered. */
Str job_template(const Job *job, Str name);

/* Whether PATTERN, which may have * and ** in it, is for the template NAME. */
bool job_template_matches(const Job *job, Str pattern, Str name);

/*
 * The parts of TEXT between lines of "---", without white space at their ends; but the last one's
 * end stays, and, if KEEPS_LINE_ENDS, a newline of each. Source: test_suite.go, splitterPattern,
 * and test_job.go, parseYamlFile.
 */
void unittest_split(Arena *a, Str text, bool keeps_line_ends, StrList *out);

/* render.c: fill JOB's files. ERROR_INPUT for what is wrong with the suite. */
Error *job_render(Job *job) MUST_CHECK;

/* asserts.c: hold JOB against ASSERTION, number NUMBER; what fails is told in OUT. */
bool job_assert(Job *job, const Value *assertion, size_t number, Buf *out);

/* Whether ASSERTION is fine only if the templates can be rendered; true for what is none. */
bool assertion_needs_success(const Value *assertion);
