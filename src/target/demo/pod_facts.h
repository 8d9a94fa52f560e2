/*
 * pod_facts.h - what is asked of pods so often that it is not read from them each time.
 */
#pragma once

#include "base/value.h"

typedef struct PodFacts {
    char phase; /* 'P'ending, 'R'unning, 'S'ucceeded, 'F'ailed */
    bool ready;
    bool placed;      /* on a node */
    int64_t ready_ms; /* since when it is ready, or not */
    int64_t created_ms;
} PodFacts;

PodFacts pod_facts(const Value *pod);
