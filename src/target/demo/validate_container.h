/*
 * validate_container.h - containers of a pod.
 */
#pragma once

#include "target/demo/validate.h"

/* All containers of SPEC, a pod's, which has these VOLUMES. */
void validate_containers(Problems *problems, const Where *at, const Value *spec, ValueList volumes);
