/*
 * unittest.h - unit tests of charts: suites as the plugin helm-unittest has them.
 *
 * A suite (tests/NAME_test.yaml) has jobs, each of which renders the chart with values of its own
 * and holds what comes out against its assertions.
 * Source: github.com/helm-unittest/helm-unittest, pkg/unittest.
 */
#pragma once

#include "chart/chart.h"

typedef struct UnittestOptions {
    StrList files; /* patterns of suites, from the chart's folder; none: tests/?*_test.yaml */
    const ValueMap *base; /* values under all; NULL: none */
    StrList values;       /* values files, for all suites, under what these say */
    bool fail_fast;       /* the first assertion that fails ends its job, and the run */
    bool updates_snapshots;
    bool leaves_subcharts; /* suites of the charts in charts/ do not count */
    bool strict;           /* unknown keys in suites are errors */
    bool skips_schema;
    TemplateSettings settings;
} UnittestOptions;

typedef struct UnittestCount {
    size_t passed, failed, skipped;
} UnittestCount;

typedef struct UnittestTally {
    UnittestCount charts, suites, tests, snapshots;
    size_t snapshots_written;
} UnittestTally;

/*
 * Run the suites of the chart in the folder PATH; what came out is added to OUT, and counted in
 * TALLY. An error is only what is wrong with the chart itself.
 */
Error *unittest_run(Shared *shared, const UnittestOptions *options, const char *path, Buf *out,
                    UnittestTally *tally) MUST_CHECK;

/* What TALLY comes to, at the end of OUT. */
void unittest_summary(const UnittestTally *tally, Buf *out);
