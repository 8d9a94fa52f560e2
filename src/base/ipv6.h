/*
 * ipv6.h - addresses in URLs. Source: Go, net/netip.
 */
#pragma once

#include "base/str.h"

/* Whether TEXT is an IPv6 address, with or without a %zone. */
bool ipv6_valid(Str text);
