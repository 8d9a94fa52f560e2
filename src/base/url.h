/*
 * url.h - URLs taken apart and put together as Go does it. Source: Go, net/url.
 */
#pragma once

#include "base/error.h"
#include "base/str.h"

typedef struct Url {
    Str scheme;
    Str opaque; /* of mailto:me@example.com, what follows the scheme */
    bool has_user, has_password;
    Str user, password;
    Str host; /* with its port */
    Str path;
    Str query;
    Str fragment;
} Url;

/* All but the query without %XX, in A or as parts of TEXT. ERROR_INPUT where TEXT is no URL. */
Error *url_parse(Arena *a, Str text, Url *out) MUST_CHECK;

/* The whole URL, and its user and password as they stand in it. */
Str url_text(Arena *a, const Url *url);
Str url_userinfo(Arena *a, const Url *url);

/* The host without its port, and without the brackets of an IPv6 address. */
Str url_hostname(const Url *url);

/* TEXT with %XX replaced; what is no such escape stays. */
Str url_unescape(Arena *a, Str text);

/* The value of the parameter NAME in QUERY, unescaped, and QUERY without it; empty: none. */
Str url_take_parameter(Arena *a, Str *query, const char *name);

/*
 * What REFERENCE means on a page at BASE: "../a.tgz", "/a.tgz", "//host/a.tgz", or a URL of its
 * own. BASE is one. Both may have a query; that of REFERENCE stays.
 */
Str url_resolve(Arena *a, Str base, Str reference);

/* Whether both are of one scheme and host, port included. */
bool url_same_host(Str one, Str other);
