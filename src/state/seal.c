#include "state/seal.h"

#include "base/cipher.h"
#include "base/digest.h"
#include "base/json.h"
#include "base/redact.h"
#include "io/log.h"
#include "io/world.h"
#include "state/entry.h"
#include "state/seal_key.h"

#include <pthread.h>

enum { NONCE_BYTES = 12 };

static const Str mark = STR_INIT("{\"relfile\":\"sealed\"");

/* A key of the store, opened. */
typedef struct OpenKey {
    Str id;
    Str texts, names; /* made of it */
} OpenKey;

struct StateSeal {
    StateSealing how;
    pthread_mutex_t turn;
    Arena memory;
    SealKeyring ring;
    VEC(OpenKey *) open;
    const OpenKey *current; /* that texts are sealed with; NULL: not known yet */
    bool warned;
};

void state_seal(Arena *a, StateStore *store, const StateSealing *how)
{
    StateSeal *seal = arena_new(a, StateSeal);

    seal->how = *how;
    seal->ring = (SealKeyring){.how = &seal->how};
    pthread_mutex_init(&seal->turn, NULL);
    store->seal = seal;
}

void seal_close(StateSeal *seal)
{
    if (!seal)
        return;
    seal_ring_close(&seal->ring);
    pthread_mutex_destroy(&seal->turn);
    arena_free(&seal->memory);
}

/* ---- keys; under the turn */

static const OpenKey *remember(StateSeal *seal, Str id, Str secret)
{
    OpenKey *key = arena_new(&seal->memory, OpenKey);
    Str none = {"", 0};

    key->id = str_copy(&seal->memory, id);
    key->texts = cipher_derive_key(&seal->memory, secret, none, STR("relfile state texts"),
                                   CIPHER_KEY_BYTES);
    key->names = cipher_derive_key(&seal->memory, secret, none, STR("relfile state names"),
                                   CIPHER_KEY_BYTES);
    *vec_add(&seal->memory, &seal->open) = key;
    return key;
}

static Error *find_key(StateStore *store, Str id, const OpenKey **out)
{
    DEFER(arena_free) Arena scratch = {0};
    StateSeal *seal = store->seal;
    Str secret;

    for (size_t i = 0; i < seal->open.len; i++)
        if (str_equal(seal->open.items[i]->id, id)) {
            *out = seal->open.items[i];
            return NULL;
        }
    TRY(seal_key_open(store, &scratch, &seal->ring, id, &secret));
    *out = remember(seal, id, secret);
    return NULL;
}

static Error *find_current(StateStore *store, const OpenKey **out)
{
    DEFER(arena_free) Arena scratch = {0};
    StateSeal *seal = store->seal;
    Str id, secret;

    if (!seal->current) {
        TRY(seal_key_current(store, &scratch, &seal->ring, &id, &secret));
        seal->current = remember(seal, id, secret);
    }
    *out = seal->current;
    return NULL;
}

static Error *no_seal(const StateStore *store)
{
    return error_new(ERROR_DENIED, "%s: has sealed texts, and there is no key", store->url);
}

/* The key called ID; or, if that is empty, the one that texts are sealed with. */
static Error *key_of(StateStore *store, Str id, const OpenKey **out)
{
    StateSeal *seal = store->seal;

    if (!seal)
        return no_seal(store);
    pthread_mutex_lock(&seal->turn);
    Error *err = id.len ? find_key(store, id, out) : find_current(store, out);
    pthread_mutex_unlock(&seal->turn);
    return err;
}

/* ---- whether */

static bool has_secret(const Str *texts, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        DEFER(arena_free) Arena scratch = {0};

        if (redact_result(&scratch, texts[i]).ptr != texts[i].ptr)
            return true;
    }
    return false;
}

static void warn_clear(StateStore *store)
{
    StateSeal *seal = store->seal;

    pthread_mutex_lock(&seal->turn);
    if (!seal->warned)
        log_warn("%s: secrets are kept in clear: state.encrypt is false", store->url);
    seal->warned = true;
    pthread_mutex_unlock(&seal->turn);
}

Error *seal_choose(StateStore *store, const Str *texts, size_t len, Str before, Str *key)
{
    const StateSeal *seal = store->seal;
    const OpenKey *current;

    *key = (Str){"", 0};
    if (!seal)
        return before.len ? no_seal(store) : NULL;
    bool wanted = seal->how.policy == SEAL_ALL || before.len || has_secret(texts, len);
    if (!wanted)
        return NULL;
    if (seal->how.policy == SEAL_NEVER) {
        warn_clear(store);
        return NULL;
    }
    TRY(key_of(store, *key, &current));
    *key = current->id;
    return NULL;
}

Error *seal_wants_other(StateStore *store, Str key, bool *out)
{
    const StateSeal *seal = store->seal;
    Str now;

    *out = false;
    if (!seal || (seal->how.policy == SEAL_SECRETS && !key.len))
        return NULL;
    TRY(seal_choose(store, NULL, 0, key, &now));
    *out = !str_equal(now, key);
    return NULL;
}

/* ---- texts */

Error *seal_name(StateStore *store, Arena *a, Str key, Str text, Str *out)
{
    const OpenKey *open;

    TRY(key_of(store, key, &open));
    *out = digest_shown(a, digest_hmac(a, DIGEST_SHA256, open->names, text));
    return NULL;
}

/* What a sealed text is bound to: where it is, and what stands before it. */
static Str bound_to(Arena *a, Str place, Str head)
{
    return str_format(a, "%.*s\n%.*s", STR_ARG(place), STR_ARG(head));
}

Error *seal_close_text(StateStore *store, Arena *a, Str key, Str place, int64_t time_s, Str packed,
                       Str *out)
{
    Str head = str_format(a, "%.*s,\"format\":1,\"key\":\"%.*s\",\"written\":%lld}", STR_ARG(mark),
                          STR_ARG(key), (long long)time_s);
    char nonce[NONCE_BYTES];
    const OpenKey *open;
    Str sealed;

    TRY(key_of(store, key, &open));
    world_real.random(nonce, sizeof(nonce));
    CipherUse use = {.kind = CIPHER_AES256_GCM,
                     .key = open->texts,
                     .nonce = {nonce, sizeof(nonce)},
                     .beside = bound_to(a, place, head)};
    TRY(cipher_seal(a, &use, packed, &sealed));
    Buf b = {.arena = a};
    buf_format(&b, "%.*s\n", STR_ARG(head));
    buf_add(&b, use.nonce);
    buf_add(&b, sealed);
    *out = buf_str(&b);
    return NULL;
}

static Error *read_head(Arena *a, Str head, Str *key)
{
    int64_t format = 0;
    Value value;

    TRY(json_parse(a, NULL, head, &value));
    if (value.kind != VALUE_MAP)
        return error_new(ERROR_INPUT, "is damaged: it does not say how it is sealed");
    TRY(entry_integer(value.map, "format", &format));
    if (format != 1)
        return error_hint(error_new(ERROR_INPUT, "was sealed by a newer relfile"),
                          "use that relfile, or one that is newer still");
    return entry_string(value.map, "key", key);
}

Error *seal_open_text(StateStore *store, Arena *a, Str place, Str sealed, Str *packed, Str *key)
{
    const OpenKey *open;
    Str rest = sealed, head;

    str_cut(&rest, '\n', &head);
    TRY(read_head(a, head, key));
    TRY(key_of(store, *key, &open));
    if (rest.len < NONCE_BYTES)
        return error_new(ERROR_INPUT, "is damaged: it ends too early");
    CipherUse use = {.kind = CIPHER_AES256_GCM,
                     .key = open->texts,
                     .nonce = str_slice(rest, 0, NONCE_BYTES),
                     .beside = bound_to(a, place, head)};
    return error_wrap(cipher_open(a, &use, str_skip(rest, NONCE_BYTES), packed), "is damaged");
}

bool seal_is_sealed(Str entry)
{
    return str_starts(entry, mark);
}

int64_t seal_written_s(Str entry)
{
    DEFER(arena_free) Arena scratch = {0};
    int64_t written = 0;
    Str head;
    Value value;

    str_cut(&entry, '\n', &head);
    Error *err = json_parse(&scratch, NULL, head, &value);
    if (!err && value.kind == VALUE_MAP)
        err = entry_integer(value.map, "written", &written);
    error_free(err);
    return written;
}
