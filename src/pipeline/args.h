/*
 * args.h - options of helm's in specs and on the command line.
 */
#pragma once

#include "pipeline/run.h"

/*
 * Read `--args`, `args` and the like for all selected releases of RUN: into settings of their own,
 * and into what they say themselves. ERROR_INPUT for what is not known.
 */
Error *args_read(Run *run) MUST_CHECK;
