/*
 * listing.h - all objects of a kind, page by page.
 */
#pragma once

#include "target/kubernetes/discovery.h"
#include "target/target.h"

typedef struct Listing {
    const KubeKind *kind;
    Str namespace; /* empty: everywhere */
    const TargetQuery *query;
    const char *fields;                 /* a field selector, escaped; NULL: none */
    size_t most_pages, most_page_bytes; /* 0: no limit that anybody meets */
} Listing;

typedef VEC(Value) ListedObjects;

/*
 * What LISTING says, into OUT, with the apiVersion and kind that items of lists lack. A list that
 * became too old while it was read is read anew. ERROR_INPUT where it is longer than it may be.
 */
Error *listing_read(KubeClient *client, Arena *a, const Listing *listing, ListedObjects *out)
    MUST_CHECK;
