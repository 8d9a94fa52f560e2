/*
 * seal.h - texts of records encrypted, so that whoever reads the store does not read secrets.
 *
 * A store's texts are sealed with a key of its own, which is random and lies in the store wrapped,
 *
 *     keys/20261121T140305.123Z-9f31ac.json
 *
 * for each who is to open it: with a key that is given as a text, for recipients of age, with a key
 * in KMS. A sealed text is a line of JSON that names the key, and then AES-256-GCM of the packed
 * text, bound to its place. It is called by a keyed hash, which tells nobody what is in it.
 */
#pragma once

#include "secrets/secrets.h"
#include "state/state.h"

typedef enum SealPolicy {
    SEAL_SECRETS, /* texts with secrets that the run knows, and what follows on such */
    SEAL_ALL,
    SEAL_NEVER,
} SealPolicy;

/* Who seals, and who can open. */
typedef struct StateSealing {
    SealPolicy policy;
    Str key, key_from; /* a text, empty: none; "RELFILE_STATE_KEY", a file: for messages */
    Str old_key;       /* that texts may still be sealed with: RELFILE_STATE_OLD_KEY; empty: none */
    StrList age;       /* recipients */
    StrList kms;       /* ARNs */

    /*
     * The file with this machine's own key. It is made where there are secrets, and nothing else to
     * seal with; but not if KEEPS_NOTHING: the machine is gone after the run, and its key with it.
     */
    const char *machine_file;
    bool keeps_nothing;
} StateSealing;

/* STORE's texts are sealed as HOW says, from now on. All that it refers to lives as long. */
void state_seal(Arena *a, StateStore *store, const StateSealing *how);

/* ---- for blobs; SEAL is of a store, or NULL */

void seal_close(StateSeal *seal);

/*
 * Whether TEXTS, of one record, are to be sealed, and with which key: *KEY is empty if not. BEFORE:
 * what such a record was sealed with before; empty: it was not.
 */
Error *seal_choose(StateStore *store, const Str *texts, size_t len, Str before, Str *key)
    MUST_CHECK;

/* Whether texts that are sealed with KEY, or are not, would not be so if they were written now. */
Error *seal_wants_other(StateStore *store, Str key, bool *out) MUST_CHECK;

/* What TEXT is called, sealed with KEY. */
Error *seal_name(StateStore *store, Arena *a, Str key, Str text, Str *out) MUST_CHECK;

/* PACKED as the text of the entry at PLACE, written at TIME_S; and back. */
Error *seal_close_text(StateStore *store, Arena *a, Str key, Str place, int64_t time_s, Str packed,
                       Str *out) MUST_CHECK;
Error *seal_open_text(StateStore *store, Arena *a, Str place, Str sealed, Str *packed, Str *key)
    MUST_CHECK;

/* Whether ENTRY is sealed; and when it was written. */
bool seal_is_sealed(Str entry);
int64_t seal_written_s(Str entry);
