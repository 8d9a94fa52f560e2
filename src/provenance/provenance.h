/*
 * provenance.h - provenance files: who made an archive of a chart, signed with a key of GnuPG's.
 *
 *     -----BEGIN PGP SIGNED MESSAGE-----      the chart's Chart.yaml
 *     …                                       ...
 *     files:                                  and the archive's digest
 *       web-1.2.0.tgz: sha256:…
 *
 * GnuPG's own programs do it: gpg has the user's keys, agents and smartcards, and gpgv is made for
 * this kind of check. What is checked is only what gpgv gives back as signed. Whatever is not
 * proved is an error: a missing file, another name, an unknown key, one that is expired or revoked.
 * Source: helm, pkg/provenance/sign.go.
 */
#pragma once

#include "base/error.h"
#include "base/str.h"
#include "base/vec.h"

typedef struct Provenance {
    StrList signers; /* the names of the key */
    Str fingerprint; /* of the primary key, upper case */
    Str digest;      /* "sha256:…" of the archive */
} Provenance;

/* What signs. */
typedef struct ProvenanceKey {
    const char *name;    /* of the key */
    const char *keyring; /* a file of secret keys; NULL: the user's */
    const char
        *passphrase_file; /* its first line is the passphrase, "-" is standard input; or NULL */
} ProvenanceKey;

/* The provenance file of the ARCHIVE called NAME, with its METADATA as YAML, signed with KEY. */
Error *provenance_sign(Arena *a, const ProvenanceKey *key, Str name, Str archive, Str metadata,
                       Str *out) MUST_CHECK;

/* Hold ARCHIVE, called NAME (empty: whatever it is called), against TEXT and KEYRING; NULL: the
 * user's public keys. ERROR_DENIED for what does not prove it. */
Error *provenance_check(Arena *a, const char *keyring, Str name, Str archive, Str text,
                        Provenance *out) MUST_CHECK;

/* Hold the archive at PATH against the file beside it, PATH.prov. A folder proves nothing, and
 * neither does an archive without such a file: ERROR_DENIED. */
Error *provenance_check_file(Arena *a, const char *keyring, const char *path, Provenance *out)
    MUST_CHECK;

/* The lines that helm prints of what was PROVED. */
void provenance_tell(const Provenance *proved, Buf *out);
