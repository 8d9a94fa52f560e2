/*
 * key_age.c - data keys wrapped with age, and where its secret keys are looked for.
 * Source: sops, age/keysource.go.
 */
#include "secrets/keys.h"

#include "base/path.h"
#include "base/words.h"
#include "io/env.h"
#include "io/file.h"
#include "io/process.h"
#include "secrets/age.h"

enum { MOST_KEY_FILE_BYTES = 1 << 24, COMMAND_TIMEOUT_MS = 60000 };

/* What has been found. */
typedef struct Found {
    Arena *arena;
    AgeIdentities identities;
    Buf looked;   /* where there was none */
    Buf problems; /* what of it cannot be used */
    bool foreign; /* some is for another program: a plugin's */
} Found;

static void note_place(Found *f, const char *place)
{
    buf_format(&f->looked, "%s%s", f->looked.len ? ", " : "", place);
}

/* ERR, which happened at PLACE. */
static void note_problem(Found *f, const char *place, Error *err)
{
    buf_format(&f->problems, "%s%s: %s", f->problems.len ? "; " : "", place, error_message(err));
    error_free(err);
}

/* ---- lists of keys */

static void add_key(Found *f, const char *place, Str text)
{
    AgeIdentity identity;

    if (str_starts(text, STR("AGE-PLUGIN-")) || str_starts(text, STR("AGE-SECRET-KEY-PQ-"))) {
        f->foreign = true;
        note_problem(f, place,
                     error_new(ERROR_INPUT, "a key of a plugin, or a hybrid one, is only "
                                            "for age and sops themselves"));
        return;
    }
    Error *err = age_identity_parse(f->arena, text, &identity);
    if (err)
        note_problem(f, place, err);
    else
        *vec_add(f->arena, &f->identities) = identity;
}

/* The keys in TEXT: one in a line, or, in an environment variable, a word. */
static void add_keys(Found *f, const char *place, Str text, bool words)
{
    size_t before = f->identities.len;
    Str line;

    if (age_is_file(text)) {
        f->foreign = true;
        note_problem(f, place, error_new(ERROR_INPUT, "the keys are protected by a passphrase"));
        return;
    }
    while (str_line(&text, &line)) {
        line = str_trim(line);
        if (str_starts(line, STR("#")))
            continue;
        while (line.len) {
            size_t end = 0;

            while (end < line.len && !(words && (line.ptr[end] == ' ' || line.ptr[end] == '\t')))
                end++;
            add_key(f, place, str_slice(line, 0, end));
            line = str_trim(str_skip(line, end));
        }
    }
    if (f->identities.len == before)
        note_place(f, place);
}

static Error *run_command(Arena *a, const char *command, Str recipient, Str *out)
{
    const char *variables[] = {str_format(a, "SOPS_AGE_RECIPIENT=%.*s", STR_ARG(recipient)).ptr,
                               NULL};
    ProcessResult result;
    StrList words = {0};

    TRY(words_split(a, str_from(command), &words));
    if (!words.len)
        return error_new(ERROR_INPUT, "it is empty");
    const char **argv = arena_array(a, const char *, words.len + 1);
    for (size_t i = 0; i < words.len; i++)
        argv[i] = str_c(a, words.items[i]);
    TRY(process_run(a,
                    &(ProcessRequest){.argv = argv,
                                      .variables = variables,
                                      .most_bytes = MOST_KEY_FILE_BYTES,
                                      .timeout_ms = COMMAND_TIMEOUT_MS},
                    &result));
    if (result.status)
        return error_new(ERROR_INPUT, "the program %s ended with status %d", argv[0],
                         result.status);
    *out = result.out;
    return NULL;
}

/* ---- where they are */

static void add_ssh(Found *f, const char *place, Str text)
{
    AgeIdentity identity;
    Error *err = age_identity_from_ssh(f->arena, text, &identity);

    if (err)
        note_problem(f, place, err);
    else
        *vec_add(f->arena, &f->identities) = identity;
}

typedef void AddText(Found *f, const char *place, Str text);

static void add_lines(Found *f, const char *place, Str text)
{
    add_keys(f, place, text, false);
}

static void add_file(Found *f, const char *place, const char *path, AddText *add)
{
    Str text;
    Error *err = file_read_limited(f->arena, path, MOST_KEY_FILE_BYTES, &text);

    if (err)
        note_problem(f, place, err);
    else
        add(f, place, text);
}

static void add_command(Found *f, const char *place, Str recipient, AddText *add)
{
    const char *command = env_get(place);
    Str text;

    if (!command) {
        note_place(f, place);
        return;
    }
    Error *err = run_command(f->arena, command, recipient, &text);
    if (err)
        note_problem(f, place, err);
    else
        add(f, place, text);
}

static void add_named_file(Found *f, const char *variable, AddText *add)
{
    const char *path = env_get(variable);

    if (path)
        add_file(f, variable, path, add);
    else
        note_place(f, variable);
}

/* A file that is looked for without being named. */
static void add_usual_file(Found *f, Str path, AddText *add)
{
    const char *name = str_c(f->arena, path);

    if (file_kind(name) == FILE_MISSING)
        note_place(f, name);
    else
        add_file(f, name, name, add);
}

static void add_usual_files(Found *f)
{
    const char *home = env_get("HOME"), *config = env_get("XDG_CONFIG_HOME");
    Str folder = config && *config ? str_from(config)
                 : home && *home   ? path_join(f->arena, str_from(home), STR(".config"))
                                   : (Str){"", 0};

    if (home && *home) {
        add_usual_file(f, path_join(f->arena, str_from(home), STR(".ssh/id_ed25519")), add_ssh);
        add_usual_file(f, path_join(f->arena, str_from(home), STR(".ssh/id_rsa")), add_ssh);
    }
    if (folder.len)
        add_usual_file(f, path_join(f->arena, folder, STR("sops/age/keys.txt")), add_lines);
}

static Error *find_identities(Arena *a, const void *request, void **out)
{
    const Str *recipient = request;
    const char *keys = env_get("SOPS_AGE_KEY");
    Found *f = arena_new(a, Found);

    *f = (Found){.arena = a, .looked = {.arena = a}, .problems = {.arena = a}};
    if (keys)
        add_keys(f, "SOPS_AGE_KEY", str_from(keys), true);
    else
        note_place(f, "SOPS_AGE_KEY");
    add_named_file(f, "SOPS_AGE_KEY_FILE", add_lines);
    add_command(f, "SOPS_AGE_KEY_CMD", *recipient, add_lines);
    add_named_file(f, "SOPS_AGE_SSH_PRIVATE_KEY_FILE", add_ssh);
    add_command(f, "SOPS_AGE_SSH_PRIVATE_KEY_CMD", *recipient, add_ssh);
    add_usual_files(f);
    *out = f;
    return NULL;
}

/* Programs that give keys are told which one is wanted: then each recipient is asked for. */
static Error *identities_for(Secrets *secrets, Str recipient, const Found **out)
{
    static const SharedKind kind = {find_identities, NULL};
    bool asks = env_get("SOPS_AGE_KEY_CMD") || env_get("SOPS_AGE_SSH_PRIVATE_KEY_CMD");
    void *found;

    TRY(shared_get(secrets_shared(secrets), &kind, asks ? recipient : STR("all"), &recipient,
                   &found));
    *out = found;
    return NULL;
}

static Error *unwrap(Secrets *secrets, Arena *a, const ValueMap *key, Str *out)
{
    Str recipient = value_map_string(key, "recipient");
    const Found *f;

    TRY(identities_for(secrets, recipient, &f));
    Error *err = f->identities.len ? age_open(a, &f->identities, value_map_string(key, "enc"), out)
                                   : error_new(ERROR_DENIED, "there are no age keys");
    if (!err)
        return NULL;
    Str looked = buf_str(&f->looked), problems = buf_str(&f->problems);
    if (problems.len) {
        Error *told =
            error_new(error_kind_of(err), "%s (%.*s)", error_message(err), STR_ARG(problems));

        error_free(err);
        err = told;
    }
    return error_hint(err,
                      "set SOPS_AGE_KEY_FILE to a file with the secret key of %.*s; there was none "
                      "in %.*s",
                      STR_ARG(recipient), STR_ARG(looked));
}

const SopsKey sops_key_age = {.name = "age", .field = "recipient", .unwrap = unwrap};
