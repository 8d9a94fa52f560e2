/*
 * hope.h - objects that are waited for in vain: told before the timeout, once it has been so for a
 * while. Objects may say themselves whether, and for how long, by an annotation.
 *
 *     Hope hope = {0};
 *     hope_look(&hope, target, a, &(HopeQuestion){objects, len}, reasons);  // again and again
 *     hope_close(&hope);
 */
#pragma once

#include "target/target.h"

/* "false": never; a duration ("2m"): after so long. */
#define FAIL_EARLY "relfile.io/fail-early"

/* A pod that may be hopeless. */
typedef struct HopeSuspect {
    Str uid;
    Str reason;
    int64_t since_ms, grace_ms;
    bool found; /* by this look */
} HopeSuspect;

typedef struct Hope {
    Arena memory;
    VEC(HopeSuspect) suspects;
    int64_t looked_ms;
    bool begun;
    bool lacking; /* by the last look: some pods want what others may be about to make */
} Hope;

/* Objects that are not ready; null: it is not there. */
typedef struct HopeQuestion {
    const Value *objects;
    size_t len;
    bool others; /* other releases are being worked on: what is lacking may come of them */
} HopeQuestion;

/*
 * Why objects will never be ready: for each an item of REASONS, empty where there is hope. Looks
 * into them every few seconds only, and has no answers in between; where it may not, there is hope.
 */
void hope_look(Hope *hope, Target *target, Arena *a, const HopeQuestion *question, Str *reasons);
void hope_close(Hope *hope);
