/*
 * scheduler.h - which node a pod goes to.
 */
#pragma once

#include "target/demo/controllers/workload.h"

/*
 * The node for the pass's pod, as an object; or why there is none, as a scheduler says it: "0/3
 * nodes are available: 3 Insufficient cpu.". One of both is set.
 */
Error *scheduler_place(Pass *pass, Value *node, Str *why_not) MUST_CHECK;

/* Whether pods of SPEC may go to NODE by its nodeSelector and its tolerations. */
bool scheduler_fits(const Value *spec, const Value *node);
