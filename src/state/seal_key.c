#include "state/seal_key.h"

#include "base/base64.h"
#include "base/cipher.h"
#include "base/json.h"
#include "base/path.h"
#include "io/file.h"
#include "io/lock.h"
#include "io/log.h"
#include "io/world.h"
#include "secrets/wrap.h"
#include "state/entry.h"
#include "state/runs.h"

#include <string.h>

enum { FORMAT = 1, LEAST_KEY = 16, MOST_KEY_FILE = 4096, NS_PER_MS = 1000000 };

static const Str folder = STR_INIT("keys/"), ending = STR_INIT(".json");

/* For whom a key is wrapped; and what an entry calls that. */
typedef enum Way { WAY_KEY, WAY_AGE, WAY_KMS } Way;
static const char *const way_names[] = {"key", "age", "kms"};

/* A key, wrapped for one. */
typedef struct Wrapped {
    Way way;
    Str name; /* the recipient, the ARN; for a key where it was from, for people */
    Str text;
} Wrapped;

typedef VEC(Wrapped) WrappedList;

void seal_ring_close(SealKeyring *ring)
{
    secrets_free(&ring->secrets);
}

static Secrets *secrets_of(SealKeyring *ring)
{
    if (!ring->secrets)
        ring->secrets = secrets_new();
    return ring->secrets;
}

/* ---- keys that are texts */

/* A key that wraps the key ID, made of TEXT. Words that people choose cost time to try. */
static Error *wrapping_key(Arena *a, Str text, Str from, Str id, Str *out)
{
    Str bytes = {0};

    text = str_trim(text);
    if (text.len < LEAST_KEY)
        return error_hint(error_new(ERROR_INPUT, "%.*s: a key of %zu bytes is too short",
                                    STR_ARG(from), text.len),
                          "openssl rand -base64 32 makes a good one");
    Error *err = base64_decode(a, text, &bytes);
    if (!err && bytes.len == CIPHER_KEY_BYTES) {
        *out = cipher_derive_key(a, bytes, id, STR("relfile state key"), CIPHER_KEY_BYTES);
        return NULL;
    }
    error_free(err);
    return cipher_stretch(a, text, str_join(a, STR("relfile state key "), id), out);
}

static CipherUse key_use(Str key, Str nonce, Str id)
{
    return (CipherUse){.kind = CIPHER_AES256_GCM, .key = key, .nonce = nonce, .beside = id};
}

static Error *wrap_with_key(Arena *a, Str text, Str from, Str id, Str secret, Str *out)
{
    char nonce[12];
    Str key, sealed;

    world_real.random(nonce, sizeof(nonce));
    TRY(wrapping_key(a, text, from, id, &key));
    CipherUse use = key_use(key, (Str){nonce, sizeof(nonce)}, id);
    TRY(cipher_seal(a, &use, secret, &sealed));
    *out = base64_encode(a, str_join(a, use.nonce, sealed));
    return NULL;
}

static Error *unwrap_with_key(Arena *a, Str text, Str from, Str id, Str wrapped, Str *out)
{
    Str bytes, key;

    TRY(base64_decode(a, wrapped, &bytes));
    if (bytes.len < 12)
        return error_new(ERROR_INPUT, "is damaged");
    TRY(wrapping_key(a, text, from, id, &key));
    CipherUse use = key_use(key, str_slice(bytes, 0, 12), id);
    Error *err = cipher_open(a, &use, str_skip(bytes, 12), out);
    if (!err)
        return NULL;
    error_free(err);
    return error_new(ERROR_DENIED, "%.*s is another key", STR_ARG(from));
}

/* This machine's key; empty where it has none. */
static Error *machine_key(Arena *a, const SealKeyring *ring, Str *out)
{
    const char *path = ring->how->machine_file;

    *out = (Str){"", 0};
    if (!path || file_kind(path) == FILE_MISSING)
        return NULL;
    return file_read_limited(a, path, MOST_KEY_FILE, out);
}

/* ---- entries */

static Error *decode(Arena *a, const ValueMap *map, WrappedList *out)
{
    ValueList list = {0};
    int64_t format = 0;

    TRY(entry_format(map, FORMAT, &format));
    TRY(entry_list(map, "wrapped", &list));
    for (size_t i = 0; i < list.len; i++) {
        const ValueMap *item = list.items[i].kind == VALUE_MAP ? list.items[i].map : NULL;
        Str way = value_map_string(item, "by");

        for (size_t j = 0; j < COUNT(way_names); j++)
            if (str_is(way, way_names[j]))
                *vec_add(a, out) = (Wrapped){(Way)j, value_map_string(item, "name"),
                                             value_map_string(item, "text")};
    }
    return format < 1 || !out->len ? error_new(ERROR_INPUT, "is not a key") : NULL;
}

static Error *read_entry(StateStore *store, Arena *a, Str key, WrappedList *out)
{
    StateEntry entry;
    const char *file = str_format(a, "%s/%.*s", store->url, STR_ARG(key)).ptr;
    ValueMap *map;

    *out = (WrappedList){0};
    TRY(state_get(store, a, key, &entry));
    TRY(entry_parse(a, file, entry.text, "a key", &map));
    return error_wrap(decode(a, map, out), "%s", file);
}

static Error *write_entry(StateStore *store, Arena *a, Str id, const WrappedList *wrapped)
{
    Value *items = arena_array(a, Value, wrapped->len);
    ValueMap *map = value_map_new(a);
    Str text, version;

    for (size_t i = 0; i < wrapped->len; i++) {
        ValueMap *item = value_map_new(a);

        entry_set_string(a, item, "by", str_from(way_names[wrapped->items[i].way]));
        entry_set_string(a, item, "name", wrapped->items[i].name);
        entry_set_string(a, item, "text", wrapped->items[i].text);
        items[i] = value_of_map(item);
    }
    entry_set_integer(a, map, "format", FORMAT);
    entry_set_string(a, map, "id", id);
    value_map_set_c(a, map, "wrapped", value_list(items, wrapped->len));
    TRY(entry_text(a, map, &text));
    return state_put(store, a, str_format(a, "keys/%.*s.json", STR_ARG(id)), text, STR(""),
                     &version);
}

/* ---- opening */

/* With keys that are texts: the one that is given, the one before it, this machine's. */
static Error *open_with_texts(Arena *a, SealKeyring *ring, Str id, const Wrapped *w, Str *out)
{
    const StateSealing *how = ring->how;
    struct {
        Str key, from;
    } keys[] = {{how->key, how->key_from},
                {how->old_key, STR("RELFILE_STATE_OLD_KEY")},
                {{"", 0}, how->machine_file ? str_from(how->machine_file) : STR("")}};
    Error *err = NULL;

    TRY(machine_key(a, ring, &keys[2].key));
    for (size_t i = 0; i < COUNT(keys); i++) {
        if (!keys[i].key.len)
            continue;
        error_free(err);
        err = unwrap_with_key(a, keys[i].key, keys[i].from, id, w->text, out);
        if (!err)
            return NULL;
    }
    return err ? err : error_new(ERROR_DENIED, "RELFILE_STATE_KEY is not set");
}

static Error *open_one(Arena *a, SealKeyring *ring, Str id, const Wrapped *w, Str *out)
{
    if (w->way == WAY_KEY)
        return open_with_texts(a, ring, id, w, out);
    return secrets_unwrap(secrets_of(ring), a, w->way == WAY_AGE ? WRAP_AGE : WRAP_KMS, w->name,
                          w->text, out);
}

static Error *not_opened(const StateStore *store, Str id, const WrappedList *wrapped, Buf *reasons)
{
    const Wrapped *first = &wrapped->items[0];
    Error *err = error_new(ERROR_DENIED,
                           "%s: texts are sealed with key %.*s, which nothing here "
                           "opens: %.*s",
                           store->url, STR_ARG(id), STR_ARG(buf_str(reasons)));

    if (first->way == WAY_KEY)
        return error_hint(
            err,
            "set RELFILE_STATE_KEY, or state.encrypt, to the key that they were sealed "
            "with; it came from %.*s",
            STR_ARG(first->name));
    return error_hint(err, "it was made for %s %.*s", way_names[first->way], STR_ARG(first->name));
}

static Error *open_any(StateStore *store, Arena *a, SealKeyring *ring, Str id,
                       const WrappedList *wrapped, Str *out)
{
    Buf reasons = {.arena = a};

    for (size_t i = 0; i < wrapped->len; i++) {
        Error *err = open_one(a, ring, id, &wrapped->items[i], out);

        if (!err && out->len == CIPHER_KEY_BYTES)
            return NULL;
        buf_format(&reasons, "%s%s", i ? "; " : "",
                   err ? error_message(err) : "it has another length");
        error_free(err);
    }
    return not_opened(store, id, wrapped, &reasons);
}

Error *seal_key_open(StateStore *store, Arena *a, SealKeyring *ring, Str id, Str *out)
{
    Str key = str_format(a, "keys/%.*s.json", STR_ARG(state_key_part(a, id)));
    WrappedList wrapped;
    Error *err = read_entry(store, a, key, &wrapped);

    if (err && error_kind_of(err) == ERROR_NOT_FOUND)
        return error_as(err, ERROR_INPUT);
    TRY(err);
    return open_any(store, a, ring, id, &wrapped, out);
}

/* ---- the current one */

/* How many there are to wrap for. */
static size_t count_wanted(const StateSealing *how)
{
    return (how->key.len > 0) + how->age.len + how->kms.len;
}

/* Whether the key ID is wrapped for those that are wanted, and for nobody else. */
static bool is_for(Arena *a, const StateSealing *how, Str id, const WrappedList *wrapped)
{
    for (size_t i = 0; i < wrapped->len; i++) {
        const Wrapped *w = &wrapped->items[i];
        Str secret;

        if (w->way == WAY_KEY) {
            Error *err = how->key.len
                             ? unwrap_with_key(a, how->key, how->key_from, id, w->text, &secret)
                             : error_new(ERROR_DENIED, "no key");
            bool other = err != NULL;

            error_free(err);
            if (other)
                return false;
        } else if (!str_list_has(w->way == WAY_AGE ? &how->age : &how->kms, w->name)) {
            return false;
        }
    }
    return wrapped->len == count_wanted(how);
}

static Error *wrap_for_all(Arena *a, SealKeyring *ring, const StateSealing *how, Str id, Str secret,
                           WrappedList *out)
{
    if (how->key.len) {
        Wrapped *w = vec_add(a, out);

        *w = (Wrapped){.way = WAY_KEY, .name = how->key_from};
        TRY(wrap_with_key(a, how->key, how->key_from, id, secret, &w->text));
    }
    for (size_t i = 0; i < how->age.len + how->kms.len; i++) {
        bool is_age = i < how->age.len;
        Str name = is_age ? how->age.items[i] : how->kms.items[i - how->age.len];
        Wrapped *w = vec_add(a, out);

        *w = (Wrapped){.way = is_age ? WAY_AGE : WAY_KMS, .name = name};
        TRY(error_wrap(
            secrets_wrap(secrets_of(ring), a, is_age ? WRAP_AGE : WRAP_KMS, name, secret, &w->text),
            "state.encrypt"));
    }
    return NULL;
}

static Error *make_key(StateStore *store, Arena *a, SealKeyring *ring, const StateSealing *how,
                       Str *id, Str *out)
{
    char *secret = arena_text(a, CIPHER_KEY_BYTES);
    WrappedList wrapped = {0};

    world_real.random(secret, CIPHER_KEY_BYTES);
    *id = run_entry_id(a, world_real.now_ns() / NS_PER_MS);
    *out = (Str){secret, CIPHER_KEY_BYTES};
    TRY(wrap_for_all(a, ring, how, *id, *out, &wrapped));
    return write_entry(store, a, *id, &wrapped);
}

static Error *find_or_make(StateStore *store, Arena *a, SealKeyring *ring, const StateSealing *how,
                           Str *id, Str *out)
{
    StrList keys;

    TRY(state_list(store, a, folder, &keys));
    for (size_t i = keys.len; i-- > 0;) { // the newest first
        WrappedList wrapped;

        if (!str_ends(keys.items[i], ending))
            continue;
        *id = str_slice(keys.items[i], folder.len, keys.items[i].len - ending.len);
        TRY(read_entry(store, a, keys.items[i], &wrapped));
        if (is_for(a, how, *id, &wrapped))
            return open_any(store, a, ring, *id, &wrapped, out);
    }
    return make_key(store, a, ring, how, id, out);
}

/* ---- this machine's key */

static Error *make_machine_key(StateStore *store, Arena *a, const char *path, Str *out)
{
    char bytes[CIPHER_KEY_BYTES];

    world_real.random(bytes, sizeof(bytes));
    *out = base64_encode(a, (Str){bytes, sizeof(bytes)});
    TRY(file_replace(path, str_join(a, *out, STR("\n"))));
    log_warn("%s: secrets are sealed with the key of this machine, %s; who else is to read them "
             "needs it, too: set state.encrypt, or RELFILE_STATE_KEY",
             store->url, path);
    return NULL;
}

/* Another process may be about to make it, too. */
static Error *make_machine_key_once(StateStore *store, Arena *a, const SealKeyring *ring, Str *out)
{
    const char *path = ring->how->machine_file;
    Lock lock = {0};

    TRY(directory_make(str_c(a, path_directory(a, str_from(path)))));
    TRY(lock_take(str_format(a, "%s.lock", path).ptr, &lock));
    Error *err = machine_key(a, ring, out);
    if (!err && !out->len)
        err = make_machine_key(store, a, path, out);
    lock_release(&lock);
    return err;
}

static Error *no_key(const StateStore *store)
{
    return error_hint(
        error_new(ERROR_USAGE,
                  "%s: values of secrets are kept sealed, and there is no key to seal them with",
                  store->url),
        "set RELFILE_STATE_KEY, or state.encrypt in the spec; openssl rand -base64 32 makes a key");
}

Error *seal_key_current(StateStore *store, Arena *a, SealKeyring *ring, Str *id, Str *out)
{
    StateSealing how = *ring->how;

    if (count_wanted(&how))
        return find_or_make(store, a, ring, &how, id, out);
    if (!how.machine_file)
        return no_key(store);
    how.key_from = str_from(how.machine_file);
    TRY(machine_key(a, ring, &how.key));
    if (!how.key.len && how.keeps_nothing)
        return no_key(store);
    if (!how.key.len)
        TRY(make_machine_key_once(store, a, ring, &how.key));
    return find_or_make(store, a, ring, &how, id, out);
}
