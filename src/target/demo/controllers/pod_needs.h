/*
 * pod_needs.h - what a pod cannot start without: config maps and secrets.
 */
#pragma once

#include "target/demo/controllers/workload.h"

/*
 * The first thing that the pass's pod needs and that is not there: `secret "db" not found`, and
 * how that shows: "FailedMount" or "CreateContainerConfigError". Empty: it has all.
 */
Error *pod_find_need(Pass *pass, Str *reason, Str *need) MUST_CHECK;
