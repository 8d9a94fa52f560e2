/*
 * yaml_advice.h - what may help with a mistake in YAML: what the parser finds is often not where
 * the mistake is, and not in words that tell what to do.
 */
#pragma once

#include "base/error.h"

/*
 * ERR with advice on PROBLEM. NEXT is the text at it; what could not be read began in line
 * STARTED, counted from 1.
 */
Error *yaml_advise(Error *err, const char *problem, const char *next, int started) MUST_CHECK;
