#include "state/blob.h"

#include "base/digest.h"
#include "io/gzip.h"
#include "io/world.h"
#include "state/seal.h"

enum {
    DIGEST_LEN = 64,
    MOST_TEXT = 1 << 30, /* bytes of one text */
    NS_PER_S = 1000000000,
};

const Str blob_folder = STR_INIT("blobs/");

static int64_t now_s(void)
{
    return world_real.now_ns() / NS_PER_S;
}

static bool is_digest(Str name)
{
    for (size_t i = 0; i < name.len; i++)
        if (!str_count_char(STR("0123456789abcdef"), name.ptr[i]))
            return false;
    return name.len == DIGEST_LEN;
}

Error *blob_key(Arena *a, Str name, Str *out)
{
    if (!is_digest(name))
        return error_new(ERROR_INPUT, "\"%.*s\" is not the name of a text",
                         STR_ARG(str_for_message(a, name, DIGEST_LEN)));
    *out = str_join(a, blob_folder, name);
    return NULL;
}

Error *blob_name(StateStore *store, Arena *a, Str key, Str text, Str *out)
{
    if (text.len > MOST_TEXT)
        return error_new(ERROR_INPUT, "has %zu bytes; no more than %d can be kept", text.len,
                         (int)MOST_TEXT);
    if (key.len)
        return seal_name(store, a, key, text, out);
    *out = digest_hex(a, DIGEST_SHA256, text);
    return NULL;
}

Error *blob_make(StateStore *store, Arena *a, Str key, Str name, Str text, Blob *out)
{
    TRY(blob_key(a, name, &out->key));
    out->text = gzip_pack_at(a, text, now_s());
    if (!key.len)
        return NULL;
    return seal_close_text(store, a, key, out->key, now_s(), out->text, &out->text);
}

/* The text in ENTRY, of the blob called NAME. */
static Error *unpack(StateStore *store, Arena *a, Str name, Str entry, Str *out)
{
    Str key = {"", 0}, place, again;

    if (seal_is_sealed(entry)) {
        TRY(blob_key(a, name, &place));
        TRY(seal_open_text(store, a, place, entry, &entry, &key));
    }
    TRY(gzip_unpack(a, entry, MOST_TEXT, out));
    TRY(blob_name(store, a, key, *out, &again));
    if (!str_equal(again, name))
        return error_new(ERROR_INPUT, "is damaged: its checksum is another");
    return NULL;
}

Error *blob_read(StateStore *store, Arena *a, Str name, Str *out)
{
    StateEntry entry;
    Str key;

    TRY(blob_key(a, name, &key));
    Error *err = state_get(store, a, key, &entry);
    if (err && error_kind_of(err) == ERROR_NOT_FOUND) {
        error_free(err);
        err = error_new(ERROR_INPUT, "%s/%.*s: is missing", store->url, STR_ARG(key));
    } else if (!err) {
        err = unpack(store, a, name, entry.text, out);
        if (!err || error_kind_of(err) != ERROR_INPUT) // there is no key: nothing is wrong with it
            return err;
        err = error_wrap(err, "%s/%.*s", store->url, STR_ARG(key));
    }
    if (err && error_kind_of(err) == ERROR_INPUT)
        err = error_hint(err, "relfile state fsck says which releases that concerns");
    return err;
}

int64_t blob_written_s(Str entry)
{
    return seal_is_sealed(entry) ? seal_written_s(entry) : gzip_time(entry);
}

/* The entry of BLOB is there: whether that can be trusted, or must be made so. */
static Error *renew(StateStore *store, Arena *a, const Blob *blob, const StateEntry *there)
{
    Str version;

    if (now_s() - blob_written_s(there->text) < BLOB_TRUSTED_S)
        return NULL;
    Error *err = state_put(store, a, blob->key, blob->text, there->version, &version);
    if (!err || error_kind_of(err) != ERROR_CONFLICT)
        return err;
    error_free(err); // another has just done the same, or has taken it away
    err = state_put(store, a, blob->key, blob->text, STR(""), &version);
    if (!err || error_kind_of(err) != ERROR_CONFLICT)
        return err;
    error_free(err);
    return NULL;
}

/* See whether BLOB is there, where asking costs nothing. */
static Error *look(StateStore *store, Arena *a, const Blob *blob, bool *missing)
{
    StateEntry there;
    Error *err = state_get(store, a, blob->key, &there);

    *missing = err && error_kind_of(err) == ERROR_NOT_FOUND;
    if (*missing) {
        error_free(err);
        return NULL;
    }
    TRY(err);
    return renew(store, a, blob, &there);
}

static Error *write_one(StateStore *store, Arena *a, const Blob *blob)
{
    StateEntry there;
    Str version;
    Error *err = state_put(store, a, blob->key, blob->text, STR(""), &version);

    if (!err || error_kind_of(err) != ERROR_CONFLICT)
        return err;
    error_free(err);
    TRY(state_get(store, a, blob->key, &there));
    return renew(store, a, blob, &there);
}

Error *blob_write(StateStore *store, BlobList *blobs)
{
    size_t kept = 0;

    for (size_t i = 0; i < blobs->len; i++) {
        DEFER(arena_free) Arena scratch = {0};
        bool missing = false;

        if (!store->type->put_with) {
            TRY(write_one(store, &scratch, &blobs->items[i]));
            continue;
        }
        TRY(look(store, &scratch, &blobs->items[i], &missing));
        if (missing)
            blobs->items[kept++] = blobs->items[i];
    }
    blobs->len = kept;
    return NULL;
}
