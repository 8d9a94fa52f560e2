/*
 * path.h - paths as texts; no file is looked at. Source: Go, path.
 */
#pragma once

#include "base/str.h"

/* PATH without empty parts, "." and "..", as far as these cancel out; "." for an empty one. */
Str path_clean(Arena *a, Str path);

/* PATH as seen from DIRECTORY: itself if it is absolute; cleaned. */
Str path_join(Arena *a, Str directory, Str path);

/* PATH as it is named from DIRECTORY; both clean, both absolute or both not. Go: filepath.Rel. */
Str path_relative(Arena *a, Str directory, Str path);

/* What is before the last "/", cleaned: "." where there is none. */
Str path_directory(Arena *a, Str path);

/* What is behind the last "/". */
Str path_name(Str path);

/* ".yaml"; empty where the name has no dot. */
Str path_extension(Str path);

bool path_is_absolute(Str path);
