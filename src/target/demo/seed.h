/*
 * seed.h - what a new cluster begins with: nodes, namespaces, a storage class.
 */
#pragma once

#include "base/error.h"
#include "target/demo/cluster.h"

/* Put all that into CLUSTER, whose clock is set. */
Error *cluster_seed(Cluster *cluster) MUST_CHECK;
