/*
 * kubernetes.c - state in a namespace of a cluster: kubernetes://NAMESPACE?context=…
 *
 * A key is a Secret, its version the Secret's resourceVersion: the API server sees to it that of
 * two writers one wins. A text that no Secret holds is in several, which the key's own Secret names
 * and which are written before it. A lock is a Lease, whose holder people see with kubectl; the
 * entry itself is an annotation of it.
 *
 * That a change whose answer was lost was made after all is told by a mark in it.
 */
#include "base/base64.h"
#include "base/digest.h"
#include "base/json.h"
#include "io/world.h"
#include "kube/client.h"
#include "state/holder.h"
#include "state/location.h"
#include "state/stores.h"

#include <stdlib.h>

enum {
    PART_BYTES = 700 << 10, /* a Secret may have 1 MiB, and etcd takes no more than that in all */
    NAME_BYTES = 20,        /* of a digest, in a Secret's name */
    MARK_BYTES = 8,
    MOST_PAGES = 10000,
    MOST_READS = 5, /* of a text that others change meanwhile */
};

#define MANAGED "relfile.state=entry"
#define KEY_NOTE "relfile/key"
#define MARK_NOTE "relfile/put"
#define TEXT_NOTE "relfile/text"
#define PARTS_NOTE "relfile/parts"

typedef struct KubeStore {
    StateStore store;
    KubeAccess access;
    KubeClient *client;
    Str namespace;
} KubeStore;

/* Where an entry, or a part of one, is. */
typedef struct Spot {
    bool is_lock;
    Str key, name;
} Spot;

static Error *kube_open(Arena *a, Str location, StateStore **out)
{
    KubeStore *s = arena_new(a, KubeStore);
    Str context = {"", 0}, config = {"", 0};
    const LocationOption options[] = {{"context", &context}, {"kubeconfig", &config}};

    TRY(location_split(a, location, options, COUNT(options), &s->namespace));
    if (!s->namespace.len || str_find_char(s->namespace, '/') != STR_NONE)
        return error_new(ERROR_INPUT, "the name of a namespace is missing");
    TRY(kubeconfig_load(a, config.len ? str_c(a, config) : NULL, context, &s->access));
    s->client = kube_client_open(a, &s->access);
    *out = &s->store;
    return NULL;
}

static void kube_close(StateStore *base)
{
    kube_client_close(&((KubeStore *)base)->client);
}

/* ---- objects */

static Spot spot_of(Arena *a, Str key)
{
    Str digest = digest_bytes(a, DIGEST_SHA256, key);

    return (Spot){.is_lock = str_starts(key, STR("locks/")),
                  .key = key,
                  .name = str_format(a, "relfile-%.*s",
                                     STR_ARG(digest_shown(a, str_slice(digest, 0, NAME_BYTES))))};
}

/* The path of what is at SPOT; of all of its kind, without a name. */
static Str path_of(const KubeStore *s, Arena *a, const Spot *spot)
{
    Buf b = {.arena = a};

    buf_add_c(&b,
              spot->is_lock ? "/apis/coordination.k8s.io/v1/namespaces/" : "/api/v1/namespaces/");
    kube_add_escaped(&b, s->namespace);
    buf_add_c(&b, spot->is_lock ? "/leases" : "/secrets");
    if (spot->name.len)
        buf_format(&b, "/%.*s", STR_ARG(spot->name));
    return buf_str(&b);
}

static Error *not_there(const KubeStore *s, Str key)
{
    return error_new(ERROR_NOT_FOUND, "%s/%.*s: there is no such entry", s->store.url,
                     STR_ARG(key));
}

static Error *changed(const KubeStore *s, Str key)
{
    return error_new(ERROR_CONFLICT, "%s/%.*s: was changed, or made, since it was read",
                     s->store.url, STR_ARG(key));
}

/* METHOD on what is at SPOT, or, for POST, beside it. */
static Error *send_object(const KubeStore *s, Arena *a, const char *method, const Spot *spot,
                          const Value *body, Value *out)
{
    Spot all = {.is_lock = spot->is_lock};
    Buf text = {.arena = a};

    if (body)
        TRY(json_write(&text, *body, (JsonStyle){0}));
    return kube_send(
        s->client, a,
        &(KubeRequest){.method = method,
                       .path = path_of(s, a, str_is(str_from(method), "POST") ? &all : spot),
                       .type = "application/json",
                       .body = buf_str(&text),
                       .repeatable = true,
                       .secret = true},
        out);
}

static Str metadata_text(Value object, const char *path)
{
    const Value *v = value_at(&object, STR("metadata"));

    return v && v->kind == VALUE_MAP ? value_map_string(v->map, path) : (Str){"", 0};
}

static Str note_of(Value object, const char *name)
{
    const Value *notes = value_at(&object, STR("metadata.annotations"));

    return notes && notes->kind == VALUE_MAP ? value_map_string(notes->map, name) : (Str){"", 0};
}

/* What a Lease tells people: who, since when, and for how long. */
static void add_lease(const KubeStore *s, Arena *a, const Spot *spot, Str text, ValueMap *object)
{
    StateEntry entry = {.text = text};
    ValueMap *spec = value_map_new(a);
    Holder holder;
    Error *err = holder_parse(a, &s->store, spot->key, &entry, &holder);

    if (!err) {
        value_map_set_c(a, spec, "holderIdentity", value_string(holder.text));
        value_map_set_c(a, spec, "leaseDurationSeconds", value_int((holder.ttl_ms + 999) / 1000));
        value_map_set_c(a, object, "spec", value_of_map(spec));
    }
    error_free(err);
}

/* TEXT at SPOT, with MARK; PARTS, if not empty, is the start of the names of those that have it. */
static Value object_of(const KubeStore *s, Arena *a, const Spot *spot, Str text, Str parts,
                       Str mark, Str expected)
{
    ValueMap *object = value_map_new(a), *metadata = value_map_new(a), *notes = value_map_new(a);
    ValueMap *labels = value_map_new(a), *data = value_map_new(a);

    value_map_set_c(a, labels, "relfile.state", value_c(spot->key.len ? "entry" : "part"));
    value_map_set_c(a, notes, KEY_NOTE, value_string(spot->key));
    value_map_set_c(a, notes, MARK_NOTE, value_string(mark));
    if (parts.len)
        value_map_set_c(a, notes, PARTS_NOTE, value_string(parts));
    if (spot->is_lock) {
        value_map_set_c(a, notes, TEXT_NOTE, value_string(text));
        add_lease(s, a, spot, text, object);
    } else {
        value_map_set_c(a, data, "text", value_string(base64_encode(a, text)));
        value_map_set_c(a, object, "data", value_of_map(data));
        value_map_set_c(a, object, "type", value_c("relfile/state"));
    }
    value_map_set_c(a, metadata, "name", value_string(spot->name));
    value_map_set_c(a, metadata, "namespace", value_string(s->namespace));
    value_map_set_c(a, metadata, "labels", value_of_map(labels));
    value_map_set_c(a, metadata, "annotations", value_of_map(notes));
    if (expected.len)
        value_map_set_c(a, metadata, "resourceVersion", value_string(expected));
    value_map_set_c(a, object, "apiVersion",
                    value_c(spot->is_lock ? "coordination.k8s.io/v1" : "v1"));
    value_map_set_c(a, object, "kind", value_c(spot->is_lock ? "Lease" : "Secret"));
    value_map_set_c(a, object, "metadata", value_of_map(metadata));
    return value_of_map(object);
}

/* ---- parts: "NAME-MARK-3:4" is that there are 4, called NAME-MARK-0 and so on */

static Spot part_spot(Arena *a, Str parts, size_t number, size_t *count)
{
    Str rest = parts, name;

    str_cut(&rest, ':', &name);
    *count = (size_t)strtoul(str_c(a, rest), NULL, 10);
    return (Spot){.key = {"", 0}, .name = str_format(a, "%.*s-%zu", STR_ARG(name), number)};
}

static Error *write_parts(const KubeStore *s, Arena *a, const Spot *spot, Str text, Str mark,
                          Str *parts)
{
    size_t count = (text.len + PART_BYTES - 1) / PART_BYTES, all;

    *parts = str_format(a, "%.*s-%.*s:%zu", STR_ARG(spot->name), STR_ARG(mark), count);
    for (size_t i = 0; i < count; i++) {
        DEFER(arena_free) Arena scratch = {0};
        size_t from = i * PART_BYTES,
               to = from + PART_BYTES < text.len ? from + PART_BYTES : text.len;
        Spot part = part_spot(&scratch, *parts, i, &all);
        Value answer, body = object_of(s, &scratch, &part, str_slice(text, from, to), (Str){"", 0},
                                       mark, (Str){"", 0});
        Error *err = send_object(s, &scratch, "POST", &part, &body, &answer);

        if (err && error_kind_of(err) != ERROR_CONFLICT) // it is there: the answer was lost
            return err;
        error_free(err);
    }
    return NULL;
}

/* Nobody names them any more; what cannot be removed is in nobody's way. */
static void remove_parts(const KubeStore *s, Str parts)
{
    DEFER(arena_free) Arena scratch = {0};
    size_t count = parts.len > 0;

    for (size_t i = 0; i < count; i++) {
        Spot part = part_spot(&scratch, parts, i, &count);
        Value answer;

        error_free(send_object(s, &scratch, "DELETE", &part, NULL, &answer));
    }
}

static Error *data_of(Arena *a, Value secret, Str *out)
{
    const Value *data = value_at(&secret, STR("data"));

    return base64_decode(
        a, value_map_string(data && data->kind == VALUE_MAP ? data->map : NULL, "text"), out);
}

static Error *read_parts(const KubeStore *s, Arena *a, Str parts, Str *out)
{
    Buf text = {.arena = a};
    size_t count = 1;

    for (size_t i = 0; i < count; i++) {
        DEFER(arena_free) Arena scratch = {0};
        Spot part = part_spot(&scratch, parts, i, &count);
        Value secret;
        Str bytes;

        TRY(send_object(s, &scratch, "GET", &part, NULL, &secret));
        TRY(data_of(&scratch, secret, &bytes));
        buf_add(&text, bytes);
    }
    *out = buf_str(&text);
    return NULL;
}

/* ---- reading */

static Error *read_once(const KubeStore *s, Arena *a, const Spot *spot, Value *object, Str *text)
{
    TRY(send_object(s, a, "GET", spot, NULL, object));
    Str parts = note_of(*object, PARTS_NOTE);
    if (parts.len)
        return error_as(read_parts(s, a, parts, text), ERROR_UNAVAILABLE);
    if (!spot->is_lock)
        return data_of(a, *object, text);
    *text = note_of(*object, TEXT_NOTE);
    return NULL;
}

static Error *kube_get_entry(StateStore *base, Arena *a, Str key, StateEntry *out)
{
    KubeStore *s = (KubeStore *)base;
    DEFER(arena_free) Arena scratch = {0};
    Spot spot = spot_of(&scratch, key);
    Error *err = NULL;
    Value object;
    Str text = {"", 0};

    // its parts may just be exchanged for others
    for (int i = 0; i < MOST_READS; i++) {
        error_free(err);
        err = read_once(s, &scratch, &spot, &object, &text);
        if (!err || error_kind_of(err) != ERROR_UNAVAILABLE)
            break;
    }
    if (err && error_kind_of(err) == ERROR_NOT_FOUND) {
        error_free(err);
        return not_there(s, key);
    }
    TRY(err);
    if (!text.len)
        return error_new(ERROR_INPUT, "%s/%.*s: is empty", base->url, STR_ARG(key));
    *out = (StateEntry){str_copy(a, text), str_copy(a, metadata_text(object, "resourceVersion"))};
    return NULL;
}

static int compare_keys(const void *left, const void *right)
{
    return str_compare(*(const Str *)left, *(const Str *)right);
}

/* The keys of one kind of objects. */
static Error *list_kind(const KubeStore *s, Arena *a, bool locks, Str prefix, StrList *out)
{
    DEFER(arena_free) Arena scratch = {0};
    Str next = {"", 0};
    Spot all = {.is_lock = locks};

    for (int page = 0; page < MOST_PAGES; page++) {
        Buf path = {.arena = &scratch};
        Value list;

        buf_format(&path, "%.*s?limit=500&labelSelector=relfile.state%%3Dentry",
                   STR_ARG(path_of(s, &scratch, &all)));
        if (next.len) {
            buf_add_c(&path, "&continue=");
            kube_add_escaped(&path, next);
        }
        TRY(kube_send(s->client, &scratch,
                      &(KubeRequest){.method = "GET",
                                     .path = buf_str(&path),
                                     .accept = "application/json;as=PartialObjectMetadataList;"
                                               "g=meta.k8s.io;v=v1,application/json",
                                     .repeatable = true,
                                     .secret = true},
                      &list));
        const Value *items = value_at(&list, STR("items"));
        for (size_t i = 0; items && items->kind == VALUE_LIST && i < items->list.len; i++) {
            Str key = note_of(items->list.items[i], KEY_NOTE);

            if (key.len && str_starts(key, prefix))
                *vec_add(a, out) = str_copy(a, key);
        }
        next = metadata_text(list, "continue");
        if (!next.len)
            return NULL;
    }
    return error_new(ERROR_UNAVAILABLE, "%s: its list does not end", s->store.url);
}

static Error *kube_list(StateStore *base, Arena *a, Str prefix, StrList *out)
{
    const KubeStore *s = (const KubeStore *)base;
    Str locks = STR("locks/");
    bool only_locks = str_starts(prefix, locks);
    StrList keys = {0};

    if (!only_locks)
        TRY(list_kind(s, a, false, prefix, &keys));
    if (only_locks || str_starts(locks, prefix))
        TRY(list_kind(s, a, true, prefix, &keys));
    if (keys.len)
        qsort(keys.items, keys.len, sizeof(*keys.items), compare_keys);
    *out = keys;
    return NULL;
}

/* ---- writing */

/* After ERR: whether what is there has MARK, so that it was only the answer that was lost. */
static bool is_done(const KubeStore *s, Arena *a, const Spot *spot, Str mark, Value *object)
{
    Error *err = send_object(s, a, "GET", spot, NULL, object);
    bool done = !err && str_equal(note_of(*object, MARK_NOTE), mark);

    error_free(err);
    return done;
}

static Error *no_namespace(const KubeStore *s, Error *err)
{
    return error_hint(error_as(err, ERROR_UNAVAILABLE), "kubectl create namespace %.*s",
                      STR_ARG(s->namespace));
}

static Error *put_object(const KubeStore *s, Arena *a, const Spot *spot, const Value *body,
                         Str mark, Str expected, Value *live)
{
    Error *err = send_object(s, a, expected.len ? "PUT" : "POST", spot, body, live);

    if (!err || (error_kind_of(err) != ERROR_CONFLICT && error_kind_of(err) != ERROR_NOT_FOUND))
        return err;
    if (is_done(s, a, spot, mark, live)) {
        error_free(err);
        return NULL;
    }
    if (error_kind_of(err) == ERROR_NOT_FOUND && !expected.len)
        return no_namespace(s, err);
    error_free(err);
    return changed(s, spot->key);
}

/* The parts of what is at SPOT now, if that is EXPECTED. */
static Str old_parts(const KubeStore *s, Arena *a, const Spot *spot, Str expected)
{
    Value object;

    if (!expected.len || spot->is_lock)
        return (Str){"", 0};
    Error *err = send_object(s, a, "GET", spot, NULL, &object);
    bool same = !err && str_equal(metadata_text(object, "resourceVersion"), expected);
    error_free(err);
    return same ? note_of(object, PARTS_NOTE) : (Str){"", 0};
}

static Error *kube_put(StateStore *base, Arena *a, Str key, Str text, Str expected,
                       const StateGuard *guard, Str *version)
{
    KubeStore *s = (KubeStore *)base;
    DEFER(arena_free) Arena scratch = {0};
    Spot spot = spot_of(&scratch, key);
    char random[MARK_BYTES];
    Str parts = {"", 0};
    Value live;

    world_real.random(random, sizeof(random));
    Str mark = digest_shown(&scratch, (Str){random, sizeof(random)});
    TRY(state_look_at_guard(base, guard));
    Str old = old_parts(s, &scratch, &spot, expected);
    if (text.len > PART_BYTES)
        TRY(write_parts(s, &scratch, &spot, text, mark, &parts));
    Value body =
        object_of(s, &scratch, &spot, parts.len ? (Str){"", 0} : text, parts, mark, expected);
    Error *err = put_object(s, &scratch, &spot, &body, mark, expected, &live);
    remove_parts(s, err ? parts : old);
    TRY(err);
    *version = str_copy(a, metadata_text(live, "resourceVersion"));
    return NULL;
}

static Error *kube_remove(StateStore *base, Str key, Str expected, const StateGuard *guard)
{
    KubeStore *s = (KubeStore *)base;
    DEFER(arena_free) Arena scratch = {0};
    Spot spot = spot_of(&scratch, key);
    ValueMap *body = value_map_new(&scratch), *conditions = value_map_new(&scratch);
    Value answer, options;

    TRY(state_look_at_guard(base, guard));
    Str parts = old_parts(s, &scratch, &spot, expected);
    value_map_set_c(&scratch, conditions, "resourceVersion", value_string(expected));
    value_map_set_c(&scratch, body, "preconditions", value_of_map(conditions));
    options = value_of_map(body);
    Error *err = send_object(s, &scratch, "DELETE", &spot, &options, &answer);
    if (err && error_kind_of(err) == ERROR_NOT_FOUND) {
        error_free(err);
        return not_there(s, key);
    }
    if (err && error_kind_of(err) == ERROR_CONFLICT) {
        error_free(err);
        return changed(s, key);
    }
    TRY(err);
    remove_parts(s, parts);
    return NULL;
}

const StateStoreType state_store_kubernetes = {
    .scheme = "kubernetes",
    .help =
        "Secrets and Leases in a namespace: kubernetes://NAMESPACE?context=NAME&kubeconfig=FILE.",
    .open = kube_open,
    .get = kube_get_entry,
    .put = kube_put,
    .remove = kube_remove,
    .list = kube_list,
    .close = kube_close,
};
