/*
 * managed_fields.h - objects whose fields were set by updates, made ready for server-side apply.
 *
 * What helm 3 installed has its fields under the manager "helm" and the operation Update. Applied
 * as it is, a field that a chart does not have any more would stay: the applier never owned it.
 * Source: client-go, util/csaupgrade; helm 4 does the same.
 */
#pragma once

#include "base/error.h"
#include "base/value.h"

/*
 * The JSON patch that gives what MANAGER owns in LIVE by updates to its applies; a null where it
 * owns nothing like that.
 */
Value managed_fields_patch(Arena *a, const Value *live, const char *manager);
