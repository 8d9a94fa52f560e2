/*
 * aws.h - what lookups in Amazon's services share.
 */
#pragma once

#include "environments/lookups/lookups.h"
#include "secrets/clouds.h"

/* The answer of SERVICE to BODY, as REF's settings region, profile and role_arn have it. */
Error *lookup_aws(Arena *a, const Reference *ref, const LookupScope *scope, const char *service,
                  const char *target, Value body, Value *out) MUST_CHECK;
