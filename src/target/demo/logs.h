/*
 * logs.h - what simulated containers say.
 */
#pragma once

#include "target/demo/cluster.h"
#include "target/target.h"

/* As TargetType's log. */
Error *log_read(Cluster *cluster, Arena *a, const ObjectId *id, size_t lines, Str *out) MUST_CHECK;
