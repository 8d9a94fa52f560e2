/*
 * holder.h - the entry of a lock: who holds it.
 */
#pragma once

#include "state/state.h"

typedef struct Holder {
    Str text;       /* for people */
    Str token;      /* of this holder and no other */
    Str mark;       /* of its process: io/self.h; empty: not known */
    Str run;        /* as in StateLockRequest */
    StrList before; /* runs that it was taken over from, one after the other: the last first */
    int64_t since_ms, renewed_ms, ttl_ms;
    bool signs;    /* that it lives is said apart from the entry: put_sign */
    int64_t beats; /* how often it was renewed: so that no two texts are equal */
} Holder;

/* Who ENTRY, at KEY, says holds the lock. ERROR_INPUT where it is no lock that we know of. */
Error *holder_parse(Arena *a, const StateStore *store, Str key, const StateEntry *entry,
                    Holder *out) MUST_CHECK;

/*
 * Put into HOLDER, who has the lock at KEY, when it said last that it lives, where STORE keeps that
 * apart; *VERSION is that sign's, empty for none.
 */
Error *holder_sign(StateStore *store, Arena *a, Str key, Holder *holder, Str *version) MUST_CHECK;

/* The text of HOLDER's entry. */
Error *holder_text(Arena *a, const Holder *holder, Str *out) MUST_CHECK;
