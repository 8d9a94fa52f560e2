/*
 * post_renderer.h - the program that a release's manifests go through.
 */
#pragma once

#include "pipeline/run.h"

/* OUTPUT as the release's postRenderer leaves it; as it is where there is none. */
Error *post_renderer_run(const Step *step, ChartOutput *output) MUST_CHECK;
