/*
 * insecure.h - the switch that forbids templates to read files and run programs.
 */
#pragma once

#include "base/error.h"

/*
 * ERROR_DENIED for FUNCTION if HELMFILE_DISABLE_INSECURE_FEATURES or
 * HELMFILE_DISABLE_INSECURE_TEMPLATE_FUNCTIONS (or their RELFILE_ twins) is true.
 */
Error *insecure_check(const char *function) MUST_CHECK;
