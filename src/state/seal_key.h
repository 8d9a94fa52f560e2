/*
 * seal_key.h - the keys of a store: as entries, wrapped for those who are to open them.
 */
#pragma once

#include "state/seal.h"

/* What there is to open keys with; used by one thread at a time. */
typedef struct SealKeyring {
    const StateSealing *how;
    Secrets *secrets; /* made when it is needed */
} SealKeyring;

void seal_ring_close(SealKeyring *ring);

/*
 * The key called ID of STORE: 32 bytes. ERROR_DENIED, with what to set, where nothing at hand opens
 * it; ERROR_INPUT where it is missing or damaged.
 */
Error *seal_key_open(StateStore *store, Arena *a, SealKeyring *ring, Str id, Str *out) MUST_CHECK;

/*
 * The key that is wrapped for those that RING's sealing names, and for nobody else: made where
 * there is none yet.
 */
Error *seal_key_current(StateStore *store, Arena *a, SealKeyring *ring, Str *id, Str *out)
    MUST_CHECK;
