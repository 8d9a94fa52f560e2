/*
 * state_settings.c - what the spec, its environment and the command line say of the state.
 */
#include "pipeline/run.h"

#include "base/duration.h"
#include "base/path.h"
#include "io/env.h"
#include "io/file.h"
#include "state/seal.h"

#include <string.h>

enum { NS_PER_MS = 1000000, MOST_KEY_FILE = 4096 };

/* ---- what is said */

/* What FILE says of its environment's state, and what it says for all. */
static const SpecState *of_environment(const SpecFile *file, Str name)
{
    for (size_t i = 0; i < file->spec.environments.len; i++)
        if (str_equal(file->spec.environments.items[i].key.text, name))
            return &file->spec.environments.items[i].state;
    return NULL;
}

static void take_text(SpecText *out, const SpecText *said)
{
    if (!out->text.len)
        *out = *said;
}

/* Whether anything is said of who seals with what; a part of it is not completed by another. */
static bool says_encrypt(const SpecEncrypt *e)
{
    return e->texts.text.len || e->env.text.len || e->file.text.len || e->age.items || e->kms.items;
}

/* What SAID adds to what is known already, and wins. */
static void take(RunState *out, const SpecState *said, const SpecFile *file)
{
    if (!said)
        return;
    take_text(&out->url, &said->url);
    take_text(&out->lock_timeout, &said->lock_timeout);
    if (!out->history.set)
        out->history = said->history;
    if (!says_encrypt(&out->encrypt) && says_encrypt(&said->encrypt)) {
        out->encrypt = said->encrypt;
        out->directory = file->directory;
    }
}

void run_read_state_settings(Run *run)
{
    Str environment = run->options->spec.environment;

    if (!environment.len)
        environment = STR("default");
    for (size_t i = 0; i < run->files.len; i++)
        take(&run->state, of_environment(run->files.items[i], environment), run->files.items[i]);
    for (size_t i = 0; i < run->files.len; i++)
        take(&run->state, &run->files.items[i]->spec.state, run->files.items[i]);
}

Error *run_lock_timeout(const Run *run, int64_t *ms)
{
    const SpecText *said = &run->state.lock_timeout;
    int64_t ns;

    *ms = run->options->lock_timeout_s * 1000;
    if (*ms >= 0)
        return NULL;
    *ms = 0;
    if (!said->text.len)
        return NULL;
    Error *err = duration_parse(said->text, &ns);
    if (err || ns < 0) {
        error_free(err);
        return error_place_at(error_new(ERROR_INPUT, "lockTimeout is \"%.*s\", not like 90s or 10m",
                                        STR_ARG(said->text)),
                              said->place);
    }
    *ms = ns / NS_PER_MS;
    return NULL;
}

/* ---- sealing */

static Error *policy_of(const SpecText *said, SealPolicy *out)
{
    static const struct {
        const char *name;
        SealPolicy policy;
    } names[] = {{"all", SEAL_ALL},
                 {"true", SEAL_ALL},
                 {"secrets", SEAL_SECRETS},
                 {"none", SEAL_NEVER},
                 {"false", SEAL_NEVER}};

    for (size_t i = 0; i < COUNT(names); i++)
        if (str_is(said->text, names[i].name)) {
            *out = names[i].policy;
            return NULL;
        }
    return error_hint(
        error_place_at(error_new(ERROR_INPUT, "encrypt cannot be \"%.*s\"", STR_ARG(said->text)),
                       said->place),
        "it is all, secrets or none; or a map with keyEnv, keyFile, age or kms");
}

static Error *read_key_file(Run *run, StateSealing *out)
{
    const SpecText *file = &run->state.encrypt.file;
    const char *path = str_c(run->arena, path_join(run->arena, run->state.directory, file->text));

    TRY(error_place_at(file_read_limited(run->arena, path, MOST_KEY_FILE, &out->key), file->place));
    out->key_from = str_from(path);
    return NULL;
}

static Error *read_key(Run *run, StateSealing *out)
{
    const SpecEncrypt *e = &run->state.encrypt;
    const char *name = e->env.text.len ? str_c(run->arena, e->env.text) : "RELFILE_STATE_KEY";
    const char *value = env_get(name);

    if (value && *value) {
        out->key = str_from(value);
        out->key_from = str_from(name);
        return NULL;
    }
    if (e->env.text.len)
        return error_hint(error_place_at(error_new(ERROR_INPUT,
                                                   "%s is not set, which state.encrypt "
                                                   "names",
                                                   name),
                                         e->env.place),
                          "openssl rand -base64 32 makes a key");
    return e->file.text.len ? read_key_file(run, out) : NULL;
}

static void add_texts(Arena *a, StrList *out, const SpecTextList *said)
{
    for (size_t i = 0; i < said->len; i++)
        *vec_add(a, out) = said->items[i].text;
}

/* Beside relfile's other configuration; NULL: there is no place. */
static const char *machine_key_file(Arena *a)
{
    const char *config = env_get("XDG_CONFIG_HOME"), *home = env_get("HOME");

    if (config && *config)
        return str_format(a, "%s/relfile/state.key", config).ptr;
    return home && *home ? str_format(a, "%s/.config/relfile/state.key", home).ptr : NULL;
}

Error *run_seal_state(Run *run, StateStore *store)
{
    const SpecEncrypt *e = &run->state.encrypt;
    const char *ci = env_get("CI"), *old = env_get("RELFILE_STATE_OLD_KEY");
    StateSealing how = {.policy = SEAL_SECRETS, .machine_file = machine_key_file(run->arena)};

    TRY(read_key(run, &how));
    how.old_key = old && *old ? str_from(old) : STR("");
    add_texts(run->arena, &how.age, &e->age);
    add_texts(run->arena, &how.kms, &e->kms);
    if (how.key.len || how.age.len || how.kms.len)
        how.policy = SEAL_ALL;
    if (e->texts.text.len)
        TRY(policy_of(&e->texts, &how.policy));
    // a folder is here as long as the key is
    how.keeps_nothing =
        ci && *ci && !str_is(str_from(ci), "false") && strcmp(store->type->scheme, "file") != 0;
    state_seal(run->arena, store, &how);
    return NULL;
}
