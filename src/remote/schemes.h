/*
 * schemes.h - the ways to fetch things. A URL begins with one of a scheme's prefixes.
 *
 * A scheme only fetches: what is in the cache, who waits for whom, digests and limits are the
 * business of remote.c.
 */
#pragma once

#include "base/shared.h"
#include "io/draft.h"
#include "io/http.h"
#include "remote/remote.h"

/* One fetch, as a scheme sees it. */
typedef struct Fetch {
    Remote *remote;
    Arena *arena; /* of this fetch alone */
    const RemoteRequest *request;

    /*
     * Of the copy in the cache, if it is to be checked, or empty; the scheme writes those of what
     * it fetched: an HTTP server's ETag and Last-Modified; a commit, a manifest's digest.
     */
    Str tag, modified;
    bool same;    /* set by the scheme: that copy is still right, and nothing was written */
    Str digest;   /* set by the scheme: the content is this one, which is in the cache */
    Draft *draft; /* write the file into it */
} Fetch;

typedef struct RemoteScheme {
    const char *const *prefixes; /* "https://"; ends with NULL */

    /* Write the file into fetch->draft. NULL: the scheme has only folders. */
    Error *(*file)(Fetch *fetch);

    /* Fill FOLDER, which is empty. NULL: it has only files, which may be archives. */
    Error *(*folder)(Fetch *fetch, const char *folder);

    /* The versions there are. NULL: it has none. */
    Error *(*versions)(Fetch *fetch, StrList *out);

    bool is_local; /* nothing of it is kept, and it needs no network: see schemes/file.c */
} RemoteScheme;

#define REMOTE_SCHEMES(SCHEME)                                                                     \
    SCHEME(http)                                                                                   \
    SCHEME(file)                                                                                   \
    SCHEME(git)                                                                                    \
    SCHEME(oci)                                                                                    \
    SCHEME(s3)

#define DECLARE_SCHEME(name) extern const RemoteScheme remote_scheme_##name;
REMOTE_SCHEMES(DECLARE_SCHEME)
#undef DECLARE_SCHEME

/*
 * A client for the servers that FETCH's access is for, with its TLS settings; it lives as long as
 * the Remote, and is shared.
 */
Error *fetch_http(Fetch *fetch, Http **out) MUST_CHECK;

/*
 * Something of KIND that is made of ACCESS, and shared like that; the request's access, with all
 * its parts, is what tells one from another.
 */
Error *fetch_shared(Fetch *fetch, const SharedKind *kind, const RemoteAccess *access, void **out)
    MUST_CHECK;

/*
 * Send REQUEST and let the answer's body be the file: *RESPONSE has no body then. Other answers
 * than 200 are for the caller. What came too early to an end is fetched again.
 */
Error *fetch_body(Fetch *fetch, Http *http, HttpRequest *request, HttpResponse *response)
    MUST_CHECK;

/*
 * For source.c: FILE under NAME, for those who look at names: a link to it in a folder of its own.
 */
Error *remote_named(Remote *remote, Arena *a, const RemoteFile *file, Str name, const char **out)
    MUST_CHECK;

/* Whether the cache has the content of this SHA-256: then set fetch->digest and write nothing. */
bool fetch_has(const Fetch *fetch, Str digest);
