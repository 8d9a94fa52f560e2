/*
 * branch_sign.c - signatures of commits, made by the programs that git runs, as its settings say.
 *
 * Source: git, gpg-interface.c, sign_buffer_gpg and sign_buffer_ssh; builtin/commit.c,
 * git_commit_config. What git has besides, gpg.ssh.defaultKeyCommand, is not asked for a key.
 */
#include "io/branch_wire.h"
#include "io/env.h"
#include "io/file.h"
#include "io/process.h"
#include "io/tree.h"

enum { SIGN_TIMEOUT_MS = 120000, MOST_SIGNATURE = 64 * 1024 };

/* How git is set up to sign. */
typedef struct Signing {
    Str format;          /* "openpgp", "x509" or "ssh" */
    const char *program; /* "gpg" */
    Str key;             /* empty: the committer's */
} Signing;

/* ---- settings */

static void free_config(git_config **config)
{
    libgit.git_config_free(*config);
}

static Str setting(const git_config *config, const char *name)
{
    const char *text = NULL;

    return libgit.git_config_get_string(&text, config, name) == 0 && text ? str_from(text)
                                                                          : (Str){"", 0};
}

static void free_path(git_buf *path)
{
    libgit.git_buf_dispose(path);
}

/* A setting that is a path; "~" is git's home. */
static Str path_setting(Arena *a, const git_config *config, const char *name)
{
    DEFER(free_path) git_buf path = {0};

    return libgit.git_config_get_path(&path, config, name) == 0
               ? str_copy(a, (Str){path.ptr, path.size})
               : (Str){"", 0};
}

/* Whether commits are to be signed. */
static bool is_wanted(const Branch *branch, const git_config *config)
{
    int wanted = 0;

    if (branch->options.sign.len)
        return str_is(branch->options.sign, "true");
    return libgit.git_config_get_bool(&wanted, config, "commit.gpgsign") == 0 && wanted;
}

static Error *find_program(Arena *a, const git_config *config, Signing *out)
{
    static const struct {
        const char *format, *program;
    } usual[] = {{"openpgp", "gpg"}, {"x509", "gpgsm"}, {"ssh", "ssh-keygen"}};

    for (size_t i = 0; i < COUNT(usual); i++) {
        if (!str_is(out->format, usual[i].format))
            continue;
        const char *name = str_format(a, "gpg.%s.program", usual[i].format).ptr;
        Str said = path_setting(a, config, name);

        if (!said.len && i == 0)
            said = path_setting(a, config, "gpg.program");
        out->program = said.len ? str_c(a, said) : usual[i].program;
        return NULL;
    }
    return error_new(ERROR_INPUT, "git's gpg.format is \"%.*s\", not openpgp, x509 or ssh",
                     STR_ARG(out->format));
}

static bool is_key_itself(Str key)
{
    return str_starts(key, STR("key::")) || str_starts(key, STR("ssh-"));
}

/* *WANTED is false where nothing is to be signed. */
static Error *read_settings(Branch *branch, Arena *a, bool *wanted, Signing *out)
{
    DEFER(free_config) git_config *config = NULL;

    TRY(branch_failure(branch, libgit.git_repository_config_snapshot(&config, branch->repository),
                       ERROR_INPUT));
    *wanted = is_wanted(branch, config);
    if (!*wanted)
        return NULL;
    *out = (Signing){.format = str_copy(a, setting(config, "gpg.format")),
                     .key = str_copy(a, setting(config, "user.signingkey"))};
    if (!out->format.len)
        out->format = STR("openpgp");
    if (str_is(out->format, "ssh") && !is_key_itself(out->key))
        out->key = path_setting(a, config, "user.signingkey");
    return find_program(a, config, out);
}

/* ---- signing */

/* Run ARGV with CONTENT: it must end well. */
static Error *run_signer(Arena *a, const char *const *argv, Str content, ProcessResult *out)
{
    ProcessRequest request = {.argv = argv,
                              .input = content,
                              .most_bytes = MOST_SIGNATURE,
                              .timeout_ms = SIGN_TIMEOUT_MS};

    Error *err = process_run(a, &request, out);
    if (err && error_kind_of(err) == ERROR_NOT_FOUND)
        err = error_as(err, ERROR_INPUT);
    TRY(error_wrap(err, "commits are to be signed"));
    if (out->status == 0)
        return NULL;
    Str said = str_for_message(a, str_trim(out->err), BRANCH_SHOWN_BYTES);
    if (!said.len)
        said = str_format(a, "it ended with status %d", out->status);
    return error_hint(
        error_new(ERROR_DENIED, "commits are to be signed: %s: %.*s", argv[0], STR_ARG(said)),
        "git's user.signingKey and gpg.format say with which key; ?sign=false signs "
        "nothing");
}

/* With gpg, or gpgsm. */
static Error *sign_with_gpg(Arena *a, const Signing *how, const git_signature *committer,
                            Str content, Str *out)
{
    Str key = how->key.len ? how->key : str_format(a, "%s <%s>", committer->name, committer->email);
    const char *argv[] = {how->program, "--status-fd=2", "-bsau", str_c(a, key), NULL};
    ProcessResult result;

    TRY(run_signer(a, argv, content, &result));
    if (str_find(result.err, STR("[GNUPG:] SIG_CREATED ")) == STR_NONE)
        return error_new(ERROR_DENIED, "commits are to be signed: %s made no signature",
                         how->program);
    *out = result.out;
    return NULL;
}

static Error *sign_with_file(Arena *a, const Signing *how, const char *key, bool by_agent,
                             Str content, Str *out)
{
    const char *argv[] = {how->program,           "-Y", "sign", "-n", "git", "-f", key,
                          by_agent ? "-U" : NULL, NULL};
    ProcessResult result;

    TRY(run_signer(a, argv, content, &result));
    *out = result.out;
    return NULL;
}

/* The key itself is in the settings: its private part is an agent's. */
static Error *sign_with_agent(Arena *a, const Signing *how, Str content, Str *out)
{
    const char *temporary = env_get("TMPDIR"), *folder;
    Str key = str_starts(how->key, STR("key::")) ? str_skip(how->key, 5) : how->key;

    TRY(tree_make_temporary(a, temporary && *temporary ? temporary : "/tmp", &folder));
    const char *file = str_format(a, "%s/key.pub", folder).ptr;
    Error *err = file_replace(file, str_join(a, key, STR("\n")));
    if (!err)
        err = sign_with_file(a, how, file, true, content, out);
    error_free(tree_remove(folder));
    return err;
}

static Error *sign_with_ssh(Arena *a, const Signing *how, Str content, Str *out)
{
    if (!how->key.len)
        return error_hint(
            error_new(ERROR_INPUT, "commits are to be signed with an ssh key, and git knows none"),
            "git config --global user.signingKey ~/.ssh/id_ed25519.pub");
    if (is_key_itself(how->key))
        return sign_with_agent(a, how, content, out);
    return sign_with_file(a, how, str_c(a, how->key), false, content, out);
}

Error *branch_sign(Branch *branch, Arena *a, const git_signature *committer, Str content, Str *out)
{
    Signing how;
    bool wanted;

    *out = (Str){"", 0};
    TRY(read_settings(branch, a, &wanted, &how));
    if (!wanted)
        return NULL;
    TRY(str_is(how.format, "ssh") ? sign_with_ssh(a, &how, content, out)
                                  : sign_with_gpg(a, &how, committer, content, out));
    *out = str_trim(*out); // a line at its end would be a header's
    return NULL;
}
