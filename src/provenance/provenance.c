#include "provenance/provenance.h"

#include "base/digest.h"
#include "base/path.h"
#include "base/yaml.h"
#include "io/env.h"
#include "io/file.h"
#include "io/process.h"
#include "io/tree.h"

enum { MOST_ARGUMENTS = 24, GPG_TIMEOUT_MS = 120000 };

#define SUMS_MARK "\n...\n"

/* A folder of keys that is there for one command. */
typedef struct KeyHome {
    const char *folder; /* NULL: none is needed */
} KeyHome;

/* The agent that gpg started for it would stay. */
static void key_home_close(KeyHome *home)
{
    DEFER(arena_free) Arena scratch = {0};
    ProcessResult result;

    if (!home->folder)
        return;
    const char *argv[] = {"gpgconf", "--homedir", home->folder, "--kill", "all", NULL};
    error_free(process_run(&scratch, &(ProcessRequest){.argv = argv, .timeout_ms = GPG_TIMEOUT_MS},
                           &result));
    error_free(tree_remove(home->folder));
}

static Error *key_home_make(Arena *a, KeyHome *out)
{
    const char *temporary = env_get("TMPDIR");

    return tree_make_temporary(a, temporary && *temporary ? temporary : "/tmp", &out->folder);
}

/* The last line that a program complained with. */
static Str complaint(Str text)
{
    Str last = {"", 0}, line;

    text = str_trim(text);
    for (bool more = text.len > 0; more;) {
        more = str_cut(&text, '\n', &line);
        if (str_trim(line).len)
            last = str_trim(line);
    }
    return last;
}

/* Run a program of GnuPG's, which must succeed. */
static Error *run_gpg(Arena *a, const char *const *argv, Str input, ProcessResult *out)
{
    static const char *const variables[] = {"LC_ALL=C.UTF-8", NULL};

    TRY(error_hint(process_run(a,
                               &(ProcessRequest){.argv = argv,
                                                 .input = input,
                                                 .variables = variables,
                                                 .timeout_ms = GPG_TIMEOUT_MS},
                               out),
                   "signatures need GnuPG: the programs gpg and gpgv"));
    if (out->status != 0)
        return error_new(ERROR_DENIED, "%s: %.*s", argv[0], STR_ARG(complaint(out->err)));
    return NULL;
}

/* ---- signing */

/* The secret keys of the file KEYRING into HOME. */
static Error *import_keys(Arena *a, const char *keyring, const KeyHome *home)
{
    const char *argv[] = {"gpg",     "--homedir", home->folder, "--batch", "--no-tty",
                          "--quiet", "--import",  "--",         keyring,   NULL};
    ProcessResult result;

    return error_wrap(run_gpg(a, argv, (Str){"", 0}, &result), "keyring %s", keyring);
}

/* The message to be signed. Source: helm, messageBlock. */
static Error *message_of(Arena *a, Str name, Str archive, Str metadata, Str *out)
{
    ValueMap *files = value_map_new(a), *sums = value_map_new(a);
    Buf b = {.arena = a};

    value_map_set(a, files, name,
                  value_string(str_join(a, STR("sha256:"), digest_hex(a, DIGEST_SHA256, archive))));
    value_map_set_c(a, sums, "files", value_of_map(files));
    buf_add(&b, metadata);
    buf_add_c(&b, SUMS_MARK);
    TRY(yaml_write(&b, value_of_map(sums), YAML_WRITE_HELM));
    *out = buf_str(&b);
    return NULL;
}

/* The first line of the options' passphrase file. */
static Error *read_passphrase(Arena *a, const char *path, Str *out)
{
    Str text;

    TRY(str_is(str_from(path), "-") ? file_read_stdin(a, &text) : file_read(a, path, &text));
    str_cut(&text, '\n', out);
    if (str_ends(*out, STR("\r")))
        out->len--;
    return NULL;
}

/* A passphrase goes to gpg in a file that only we can read; its own home is one. */
static Error *add_passphrase(Arena *a, const char *path, KeyHome *home, const char **argv,
                             size_t *len)
{
    Str passphrase;

    TRY(read_passphrase(a, path, &passphrase));
    if (!home->folder)
        TRY(key_home_make(a, home));
    const char *file = str_format(a, "%s/passphrase", home->folder).ptr;
    TRY(file_replace(file, passphrase));
    argv[(*len)++] = "--pinentry-mode";
    argv[(*len)++] = "loopback";
    argv[(*len)++] = "--passphrase-file";
    argv[(*len)++] = file;
    return NULL;
}

Error *provenance_sign(Arena *a, const ProvenanceKey *key, Str name, Str archive, Str metadata,
                       Str *out)
{
    DEFER(key_home_close) KeyHome home = {0};
    const char *argv[MOST_ARGUMENTS] = {"gpg", "--batch", "--no-tty", "--quiet"};
    size_t len = 4;
    ProcessResult result;
    Str message;

    if (key->keyring) {
        TRY(key_home_make(a, &home));
        TRY(import_keys(a, key->keyring, &home));
        argv[len++] = "--homedir";
        argv[len++] = home.folder;
    }
    if (key->passphrase_file)
        TRY(add_passphrase(a, key->passphrase_file, &home, argv, &len));
    argv[len++] = "--digest-algo";
    argv[len++] = "SHA512";
    argv[len++] = "--local-user";
    argv[len++] = key->name;
    argv[len++] = "--clear-sign";
    TRY(message_of(a, name, archive, metadata, &message));
    TRY(error_wrap(run_gpg(a, argv, message, &result), "signing with key \"%s\"", key->name));
    if (!str_starts(result.out, STR("-----BEGIN PGP SIGNED MESSAGE-----")))
        return error_new(ERROR_DENIED, "signing with key \"%s\": gpg made no signature", key->name);
    *out = result.out;
    return NULL;
}

/* ---- checking */

static const char *usual_keyring(Arena *a)
{
    static const char *const names[] = {"pubring.gpg", "pubring.kbx"};
    const char *own = env_get("GNUPGHOME"), *home = env_get("HOME");
    Str folder =
        own && *own ? str_from(own) : str_format(a, "%s/.gnupg", home && *home ? home : "");
    const char *path = NULL;

    for (size_t i = 0; i < COUNT(names); i++) {
        path = str_format(a, "%.*s/%s", STR_ARG(folder), names[i]).ptr;
        if (file_kind(path) == FILE_REGULAR)
            break;
    }
    return path;
}

/* KEYRING as a file that gpgv reads: text made bytes. */
static Error *binary_keyring(Arena *a, const char *keyring, const KeyHome *home, const char **out)
{
    const char *argv[] = {"gpg",      "--homedir", home->folder, "--batch",
                          "--no-tty", "--dearmor", NULL};
    ProcessResult result;
    Str text;

    TRY(error_wrap(file_read(a, keyring, &text), "keyring"));
    *out = file_absolute(a, keyring).ptr;
    if (str_find(text, STR("-----BEGIN PGP ")) == STR_NONE)
        return NULL;
    TRY(error_wrap(run_gpg(a, argv, text, &result), "keyring %s", keyring));
    *out = str_format(a, "%s/keyring.gpg", home->folder).ptr;
    return file_replace(*out, result.out);
}

/* What gpgv says of the signature, in lines of "[GNUPG:] WORD …". */
static void read_status(Arena *a, Str text, Provenance *out)
{
    static const Str good = STR_INIT("[GNUPG:] GOODSIG "), valid = STR_INIT("[GNUPG:] VALIDSIG ");
    Str line, word;

    for (bool more = text.len > 0; more;) {
        more = str_cut(&text, '\n', &line);
        if (str_starts(line, good)) {
            line = str_skip(line, good.len);
            if (str_cut(&line, ' ', &word)) // the key's number, and then its name
                *vec_add(a, &out->signers) = line;
        } else if (str_starts(line, valid)) {
            size_t last = str_find_last(line, STR(" ")); // the primary key's comes last
            out->fingerprint = str_skip(line, last + 1);
        }
    }
}

/* The digest of NAME; where there is no name, of what has DIGEST. */
static const Value *entry_of(const ValueMap *files, Str name, Str digest)
{
    if (name.len)
        return value_map_get(files, name);
    for (size_t i = 0; i < files->len; i++)
        if (files->entries[i].value.kind == VALUE_STRING &&
            str_equal(files->entries[i].value.string, digest))
            return &files->entries[i].value;
    return NULL;
}

/* The part of the signed MESSAGE that is about NAME. */
static Error *check_digest(Arena *a, Str message, Str name, Str archive, Str *out)
{
    size_t mark = str_find(message, STR(SUMS_MARK));
    Str digest = str_join(a, STR("sha256:"), digest_hex(a, DIGEST_SHA256, archive));
    Value sums;

    if (mark == STR_NONE)
        return error_new(ERROR_DENIED, "message block must have at least two parts");
    Str rest = str_skip(message, mark + sizeof(SUMS_MARK) - 1);
    size_t end = str_find(rest, STR(SUMS_MARK));
    TRY(error_as(yaml_parse(a, "provenance", end == STR_NONE ? rest : str_slice(rest, 0, end),
                            YAML_HELM, &sums),
                 ERROR_DENIED));
    const Value *files = sums.kind == VALUE_MAP ? value_map_get_c(sums.map, "files") : NULL;
    const Value *found =
        files && files->kind == VALUE_MAP ? entry_of(files->map, name, digest) : NULL;
    if (!found || found->kind != VALUE_STRING)
        return error_new(ERROR_DENIED,
                         "provenance does not contain a SHA for a file named \"%.*s\"",
                         STR_ARG(name));
    if (!str_equal(found->string, digest))
        return error_new(ERROR_DENIED, "sha256 sum does not match for %.*s: \"%.*s\" != \"%.*s\"",
                         STR_ARG(name), STR_ARG(found->string), STR_ARG(digest));
    *out = digest;
    return NULL;
}

Error *provenance_check(Arena *a, const char *keyring, Str name, Str archive, Str text,
                        Provenance *out)
{
    DEFER(key_home_close) KeyHome home = {0};
    const char *keys, *file, *message;
    ProcessResult result;
    Str plain;

    *out = (Provenance){0};
    TRY(key_home_make(a, &home));
    TRY(binary_keyring(a, keyring ? keyring : usual_keyring(a), &home, &keys));
    file = str_format(a, "%s/provenance", home.folder).ptr;
    message = str_format(a, "%s/message", home.folder).ptr;
    TRY(file_replace(file, text));
    const char *argv[] = {"gpgv", "--homedir", home.folder, "--status-fd", "1",  "--keyring",
                          keys,   "--output",  message,     "--",          file, NULL};
    TRY(error_wrap(run_gpg(a, argv, (Str){"", 0}, &result), "signature of %.*s", STR_ARG(name)));
    read_status(a, result.out, out);
    if (!out->signers.len || !out->fingerprint.len)
        return error_new(ERROR_DENIED, "signature of %.*s: it proves nothing", STR_ARG(name));
    TRY(file_read(a, message, &plain));
    return check_digest(a, plain, name, archive, &out->digest);
}

Error *provenance_check_file(Arena *a, const char *keyring, const char *path, Provenance *out)
{
    const char *beside = str_format(a, "%s.prov", path).ptr;
    Str archive, text;

    if (file_kind(path) == FILE_DIRECTORY)
        return error_new(ERROR_DENIED, "%s: unpacked charts cannot be verified", path);
    TRY(file_read(a, path, &archive));
    if (file_kind(beside) == FILE_MISSING)
        return error_hint(
            error_new(ERROR_DENIED, "could not load provenance file %s: there is none", beside),
            "what is signed has a provenance file beside it, called like it with .prov");
    TRY(file_read(a, beside, &text));
    return provenance_check(a, keyring, path_name(str_from(path)), archive, text, out);
}

void provenance_tell(const Provenance *proved, Buf *out)
{
    for (size_t i = 0; i < proved->signers.len; i++)
        buf_format(out, "Signed by: %.*s\n", STR_ARG(proved->signers.items[i]));
    buf_format(out, "Using Key With Fingerprint: %.*s\nChart Hash Verified: %.*s\n",
               STR_ARG(proved->fingerprint), STR_ARG(proved->digest));
}
