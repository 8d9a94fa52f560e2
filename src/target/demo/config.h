/*
 * config.h - what a simulated cluster is like: its cluster.yaml.
 */
#pragma once

#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct ClusterConfig {
    Str kubernetes_version; /* "v1.36.1" */
    int64_t nodes;          /* how many */
    double pace;      /* real seconds that a simulated one takes while someone waits; 0: none */
    uint64_t seed;    /* of what is random in a real cluster */
    int64_t start_ms; /* the clock began here and only goes on while someone waits; 0: it
                         is never behind the real one */
} ClusterConfig;

/*
 * The configuration in the folder DIR, which is written there first if there is none. The
 * variables RELFILE_DEMO_PACE (always) and RELFILE_DEMO_START (for a new cluster) count, too.
 * ERROR_INPUT where it is wrong.
 */
Error *config_load(Arena *a, const char *dir, ClusterConfig *out) MUST_CHECK;
