/*
 * prediction.h - what applying an object would come to, guessed without the server: for whoever
 * may read a cluster and not change it, and so may not ask it for a dry run either.
 */
#pragma once

#include "base/value.h"

/* LIVE with what WANTED says laid over it; items of lists are matched by their names. */
Value prediction_of(Arena *a, Value live, Value wanted);
