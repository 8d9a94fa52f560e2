/*
 * git_tries.h - how often what a repository did not take, as another was faster or the connection
 * broke, is tried again, and after how long.
 */
#pragma once

#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

enum { GIT_MOST_TRIES = 60 }; /* of a commit, while others are faster */

typedef struct GitTries {
    int losses;
    int64_t pause_ms;
} GitTries;

GitTries git_tries_new(void);

/* Whether ERR is of a kind that another try may better; then it is freed, after a pause. */
bool git_tries_again(GitTries *tries, Error *err);
