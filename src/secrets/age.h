/*
 * age.h - files encrypted with age, opened with the secret keys that one has.
 * Source: C2SP, age.md; and age, agessh.
 */
#pragma once

#include "base/error.h"
#include "base/str.h"
#include "base/vec.h"

/* Who may be meant by a recipient in a file's header. */
typedef enum AgeIdentityKind {
    AGE_X25519,      /* AGE-SECRET-KEY-1… */
    AGE_SSH_ED25519, /* a key of ssh */
    AGE_SSH_RSA,     /* likewise */
} AgeIdentityKind;

typedef struct AgeIdentity {
    AgeIdentityKind kind;
    Str secret; /* 32 bytes for X25519, made of the key for ssh-ed25519; RSA: PKCS #1 or 8, DER */
    Str public; /* 32 bytes: the point that belongs to it; not for RSA */
    Str ssh_public; /* the public key as ssh writes it, of an ssh key */
} AgeIdentity;

typedef VEC(AgeIdentity) AgeIdentities;

/*
 * The text of FILE, which may be armored, opened with the first of IDENTITIES that it was made
 * for. ERROR_DENIED where it was made for none of them; ERROR_INPUT where it is damaged.
 */
Error *age_open(Arena *a, const AgeIdentities *identities, Str file, Str *out) MUST_CHECK;

/*
 * TEXT, at most 64 KiB, for RECIPIENT (age1…, or a line of ssh's: "ssh-ed25519 …", "ssh-rsa …"): an
 * armored file. ERROR_INPUT where that is none.
 */
Error *age_seal(Arena *a, Str recipient, Str text, Str *out) MUST_CHECK;

typedef struct AgeRecipient {
    AgeIdentityKind kind;
    Str point;      /* not of RSA */
    Str ssh_public; /* as of an AgeIdentity */
} AgeRecipient;

Error *age_recipient_parse(Arena *a, Str text, AgeRecipient *out) MUST_CHECK;

/* The stanza that has FILE_KEY for WHO, at the end of B. */
Error *age_wrap(Buf *b, const AgeRecipient *who, Str file_key) MUST_CHECK;

/* A public key of ssh, without its comment. */
Error *age_recipient_from_ssh(Arena *a, Str text, AgeRecipient *out) MUST_CHECK;

/* FILE_KEY for an RSA key, as of age_unwrap_rsa. */
Error *age_wrap_rsa(Arena *a, const AgeRecipient *who, Str file_key, Str *out) MUST_CHECK;

/* A text of ssh's own format, with its length in front, off *REST; false where there is none. */
bool age_ssh_take(Str *rest, Str *out);

/* Base64 as age writes it: without padding. And what stands for an ssh key in a header. */
Str age_encode(Arena *a, Str bytes);
Str age_ssh_tag(Arena *a, Str ssh_public);

/* Whether TEXT begins as an age file does, armored or not. */
bool age_is_file(Str text);

/* AGE-SECRET-KEY-1…; ERROR_INPUT, without the key, for anything else. */
Error *age_identity_parse(Arena *a, Str text, AgeIdentity *out) MUST_CHECK;

/*
 * The secret key of ssh in TEXT, as PEM. ERROR_DENIED where it is protected by a passphrase,
 * ERROR_INPUT where it is no Ed25519 or RSA key.
 */
Error *age_identity_from_ssh(Arena *a, Str text, AgeIdentity *out) MUST_CHECK;

/* The file key in BODY, of a stanza for an RSA key. */
Error *age_unwrap_rsa(Arena *a, const AgeIdentity *identity, Str body, Str *out) MUST_CHECK;
