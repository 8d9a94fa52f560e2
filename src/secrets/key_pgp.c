/*
 * key_pgp.c - data keys wrapped with OpenPGP: gpg unwraps them, whose agent has the secret keys.
 * Source: sops, pgp/keysource.go.
 */
#include "secrets/keys.h"

#include "io/env.h"
#include "io/process.h"

enum { TIMEOUT_MS = 120000 }; /* somebody may have to type a passphrase */

/* What gpg says of it in its last line, without its name in front. */
static Str complaint_of(Str text)
{
    Str line, last = STR("no reason is given");

    while (str_line(&text, &line))
        if (str_trim(line).len)
            last = str_trim(line);
    return str_starts(last, STR("gpg: ")) ? str_skip(last, 5) : last;
}

static Error *unwrap(Secrets *secrets, Arena *a, const ValueMap *key, Str *out)
{
    const char *program = env_get("SOPS_GPG_EXEC");
    const char *argv[] = {program && *program ? program : "gpg", "--quiet", "--decrypt", NULL};
    Str fingerprint = value_map_string(key, "fp");
    ProcessResult result;

    (void)secrets;
    TRY(error_hint(process_run(a,
                               &(ProcessRequest){.argv = argv,
                                                 .input = value_map_string(key, "enc"),
                                                 .timeout_ms = TIMEOUT_MS},
                               &result),
                   "PGP keys need gpg: install gnupg"));
    if (result.status || !result.out.len)
        return error_hint(
            error_new(ERROR_DENIED, "gpg: %.*s",
                      STR_ARG(str_for_message(a, complaint_of(result.err), 300))),
            "the secret key %.*s must be in gpg's key ring, and its agent must be running",
            STR_ARG(fingerprint));
    *out = result.out;
    return NULL;
}

const SopsKey sops_key_pgp = {.name = "pgp", .field = "fp", .unwrap = unwrap};
