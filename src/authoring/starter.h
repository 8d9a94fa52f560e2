/*
 * starter.h - what a new chart consists of.
 */
#pragma once

#include <stddef.h>

typedef struct StarterFile {
    const char *path, *text;
} StarterFile;

extern const StarterFile starter_files[];
extern const size_t starter_file_count;
