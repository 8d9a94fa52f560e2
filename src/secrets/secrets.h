/*
 * secrets.h - what is kept secret: files that sops has encrypted, and values that are fetched.
 *
 * A Secrets is what a run knows of them: each file is decrypted once, each value fetched once, each
 * service logged in to once, whichever thread asks first. Nothing of it is ever written to a disk.
 * Whatever is decrypted or fetched is told to base/redact.h, so that no output shows it.
 */
#pragma once

#include "base/error.h"
#include "base/shared.h"
#include "base/value.h"
#include "io/aws.h"
#include "io/http.h"

typedef struct Secrets Secrets;

Secrets *secrets_new(void);
void secrets_free(Secrets **secrets);

/* Where things are kept that are made once; and the one client for all services. */
Shared *secrets_shared(Secrets *secrets);
Http *secrets_http(Secrets *secrets);

/* Amazon's credentials of PROFILE, or of the environment where it is empty. */
Error *secrets_aws(Secrets *secrets, Str profile, Aws **out) MUST_CHECK;

typedef enum SopsFormat { SOPS_YAML, SOPS_JSON, SOPS_DOTENV, SOPS_INI, SOPS_BINARY } SopsFormat;

/*
 * The format of the file at PATH, by its name: .yaml, .json, .env, .ini; behind these .gotmpl and
 * the like may follow; else binary.
 */
SopsFormat sops_format_of(Str path);

/* "yaml", "json", "dotenv", "ini", "binary"; false for anything else. */
bool sops_format_named(Str name, SopsFormat *out);

/*
 * TEXT of FILE, decrypted, as a file of FORMAT. Its MAC is checked before anything comes out.
 * ERROR_INPUT where it is not encrypted or damaged, ERROR_DENIED where there is no key for it.
 */
Error *sops_decrypt(Secrets *secrets, Arena *a, const char *file, Str text, SopsFormat format,
                    Str *out) MUST_CHECK;

/* The file at PATH, decrypted, as text of its own format: from memory after the first time. */
Error *secrets_read_file(Secrets *secrets, Arena *a, Str path, Str *out) MUST_CHECK;

/* Have the files at PATHS read, all at once: whoever asks for one of them then has it at once. */
void secrets_prefetch_files(Secrets *secrets, const Str *paths, size_t len);

/* All texts and numbers in V are secrets. */
void secrets_redact(Value v);
