/*
 * seed.h - randomness that follows from a seed, for the files of this folder.
 *
 * Each call of a function draws from a stream of its own: which one follows from the template, the
 * function, its arguments, and how often that call has been made before. So what one call gives
 * does not depend on which others there are, and a template that is changed elsewhere keeps its
 * passwords.
 */
#pragma once

#include "base/value.h"

enum { SEED_BLOCK = 32 };

/* The stream of the call that is being made. */
typedef struct SeedStream {
    size_t call; /* its number, from 1; 0: none yet */
    Str key;
    uint64_t block;
    unsigned char bytes[SEED_BLOCK];
    size_t left; /* of them */
} SeedStream;
