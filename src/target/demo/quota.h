/*
 * quota.h - how much of what quotas limit is used.
 */
#pragma once

#include "target/demo/cluster.h"
#include "target/demo/quantity.h"

/*
 * How much of RESOURCE ("pods", "count/jobs.batch", "requests.cpu") is used in NAMESPACE, which
 * has objects of KINDS.
 */
Error *quota_usage(Cluster *cluster, Arena *a, Str namespace, Str resource, const KindList *kinds,
                   Nanos *out) MUST_CHECK;
