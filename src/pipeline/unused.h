/*
 * unused.h - values files that nothing names.
 */
#pragma once

#include "spec/spec.h"

/*
 * Add to OUT those files, in folders that FILES take values from, which no text of the spec names,
 * for whatever environment: a template in a name may stand for anything.
 */
void unused_values_files(Arena *a, const SpecFileList *files, StrList *out);
