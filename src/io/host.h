/*
 * host.h - names of hosts, as the system resolves them.
 */
#pragma once

#include "base/error.h"
#include "base/str.h"

/*
 * The first address of NAME: "192.0.2.1", "2001:db8::1". ERROR_NOT_FOUND where it has none, and
 * ERROR_UNAVAILABLE where that is not known within some seconds.
 */
Error *host_address(Arena *a, Str name, Str *out) MUST_CHECK;
