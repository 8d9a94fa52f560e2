/*
 * cluster.h - `chart template --dry-run=server`: a cluster that is asked, and never changed.
 */
#pragma once

#include "authoring/authoring.h"
#include "target/target.h"

/* The cluster that OPTIONS mean. *OUT is NULL where none is to be asked. */
Error *authoring_cluster(Arena *a, const AuthoringOptions *options, Target **out) MUST_CHECK;

/* What RELEASE sees of the cluster: its capabilities, and its objects by `lookup`. */
Error *authoring_cluster_tell(Target *cluster, Arena *a, ChartRelease *release) MUST_CHECK;

/* Whether the cluster would take the objects of OUTPUT, in NAMESPACE. */
Error *authoring_cluster_check(Target *cluster, Arena *a, Str namespace, const ChartOutput *output)
    MUST_CHECK;
