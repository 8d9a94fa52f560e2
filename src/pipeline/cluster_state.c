/*
 * cluster_state.c - state in the clusters that it is about: records are helm's own Secrets.
 *
 * Revision 3 of release web is the Secret sh.helm.release.v1.web.v3 in the release's namespace, so
 * that helm sees what relfile has installed, and relfile what helm has. A lock is the Secret
 * relfile.lock in the namespace that is locked. Versions are the Secrets' resourceVersions.
 *
 * What has been read or written of a release is remembered for the run, for others may not change
 * it meanwhile; where they do, their Secret's version is not the one that a write expects.
 * Source: helm, pkg/storage/driver/secrets.go.
 */
#include "pipeline/run.h"

#include "base/base64.h"
#include "base/json.h"
#include "io/gzip.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum {
    MOST_SECRET = 1 << 20, /* bytes that a Secret may hold. Source: core/v1, MaxSecretSize */
    MOST_TEXT = 64 << 20,
};

/* What is known of one revision. */
typedef struct Known {
    Str key;
    Str text, version; /* empty: it has not been read */
} Known;

/* All revisions of one release. */
typedef struct KnownRelease {
    Str prefix;
    VEC(Known) entries;
    size_t reads; /* of single ones */
} KnownRelease;

typedef struct ClusterState {
    StateStore store;
    const Run *run;
    pthread_mutex_t turn;
    Arena memory; /* of what follows; used under TURN */
    VEC(KnownRelease) known;
} ClusterState;

/* ---- keys */

typedef enum PlaceKind { PLACE_RECORD, PLACE_RELEASE, PLACE_CONTEXT, PLACE_LOCK } PlaceKind;

/* What a key, or the beginning of one, is about. */
typedef struct SecretPlace {
    PlaceKind kind;
    Str context, namespace, name; /* name: the release's */
    Str revision;                 /* "3" */
    Str prefix;                   /* the part of the key that is the release's */
} SecretPlace;

static bool next_name(Arena *a, Str *rest, Str *out)
{
    Str part;

    str_cut(rest, '/', &part);
    *out = state_key_name(a, part);
    return part.len > 0;
}

/* The context that a lock's name means: the usual one has none. */
static Str lock_context(const Run *run, Str context)
{
    for (size_t i = 0; i < run->plan.len; i++)
        if (str_equal(run->plan.items[i].release->kube_context, context))
            return context;
    return str_is(context, "default") ? STR("") : context;
}

static SecretPlace lock_place(const Run *run, Arena *a, Str part)
{
    SecretPlace place = {.kind = PLACE_LOCK};

    if (str_ends(part, STR(".json")))
        part.len -= strlen(".json");
    Str name = state_key_name(a, part);
    size_t slash = str_find_last(name, STR("/"));
    if (slash == STR_NONE)
        return place;
    place.context = lock_context(run, str_slice(name, 0, slash));
    place.namespace = str_skip(name, slash + 1);
    return place;
}

static SecretPlace place_of(const Run *run, Arena *a, Str key)
{
    SecretPlace place = {.kind = PLACE_CONTEXT};
    Str rest = key, top;

    str_cut(&rest, '/', &top);
    if (str_is(top, "locks"))
        return lock_place(run, a, rest);
    if (!next_name(a, &rest, &place.context) || !next_name(a, &rest, &place.namespace) ||
        !next_name(a, &rest, &place.name))
        return place;
    place.kind = PLACE_RELEASE;
    place.prefix = str_slice(key, 0, key.len - rest.len);
    if (!str_ends(rest, STR(".json")))
        return place;
    place.kind = PLACE_RECORD;
    place.revision = str_slice(rest, 0, rest.len - strlen(".json"));
    return place;
}

static ObjectId secret_id(Arena *a, const SecretPlace *place)
{
    Str name = place->kind == PLACE_LOCK
                   ? STR("relfile.lock")
                   : str_format(a, "sh.helm.release.v1.%.*s.v%.*s", STR_ARG(place->name),
                                STR_ARG(place->revision));

    return (ObjectId){STR("v1"), STR("Secret"), place->namespace, name};
}

/* ---- Secrets */

static Error *open_cluster(const ClusterState *s, Arena *a, Str context, Target **out)
{
    TargetOptions options = run_target_options(s->run, context);

    return target_open(a, &options, out);
}

static Error *not_there(Str key)
{
    return error_new(ERROR_NOT_FOUND, "%.*s: there is no such entry", STR_ARG(key));
}

static Error *damaged(Error *cause, const ObjectId *id)
{
    return error_wrap(cause, "Secret/%.*s", STR_ARG(id->name));
}

/* The text that SECRET holds. */
static Error *secret_text(Arena *a, const Value *secret, Str *out)
{
    const Value *data = value_at(secret, STR("data"));
    const ValueMap *map = data && data->kind == VALUE_MAP ? data->map : NULL;
    Str lock = value_map_string(map, "lock"), text;

    if (lock.len)
        return base64_decode(a, lock, out);
    TRY(base64_decode(a, value_map_string(map, "release"), &text));
    TRY(base64_decode(a, text, &text));
    if (str_starts(text, STR("\x1f\x8b\x08"))) // releases of long ago are not packed
        return gzip_unpack(a, text, MOST_TEXT, out);
    *out = text;
    return NULL;
}

static Str secret_field(const Value *secret, const char *name)
{
    const Value *metadata = value_at(secret, STR("metadata"));

    return metadata && metadata->kind == VALUE_MAP ? value_map_string(metadata->map, name)
                                                   : (Str){"", 0};
}

static Error *read_secret(const ClusterState *s, Arena *a, const SecretPlace *place, Str key,
                          StateEntry *out)
{
    DEFER(target_close) Target *target = NULL;
    ObjectId id = secret_id(a, place);
    Value secret;

    TRY(open_cluster(s, a, place->context, &target));
    Error *err = target_get(target, a, &id, &secret);
    if (err && error_kind_of(err) == ERROR_NOT_FOUND) {
        error_free(err);
        return not_there(key);
    }
    TRY(err);
    out->version = secret_field(&secret, "resourceVersion");
    return damaged(secret_text(a, &secret, &out->text), &id);
}

static Error *find_secrets(const ClusterState *s, Arena *a, const SecretPlace *place, bool whole,
                           ValueList *out)
{
    DEFER(target_close) Target *target = NULL;
    ObjectId id = {STR("v1"), STR("Secret"), place->namespace, {"", 0}};
    bool lock = place->kind == PLACE_LOCK;
    ValueMap *labels = value_map_new(a);
    Value list;

    value_map_set_c(a, labels, "owner", value_c(lock ? "relfile" : "helm"));
    if (place->name.len)
        value_map_set_c(a, labels, "name", value_string(place->name));
    TRY(open_cluster(s, a, place->context, &target));
    TRY(target_find(target, a, &id, &(TargetQuery){.labels = labels, .metadata_only = !whole},
                    &list));
    *out = list.list;
    return NULL;
}

/* ---- what is remembered */

static KnownRelease *known_release(ClusterState *s, Str prefix)
{
    for (size_t i = 0; i < s->known.len; i++)
        if (str_equal(s->known.items[i].prefix, prefix))
            return &s->known.items[i];
    return NULL;
}

static Known *known_entry(KnownRelease *release, Str key)
{
    for (size_t i = 0; release && i < release->entries.len; i++)
        if (str_equal(release->entries.items[i].key, key))
            return &release->entries.items[i];
    return NULL;
}

/* Remember that KEY has that text; or, without a version, that nothing is known of its release. */
static void remember(ClusterState *s, const SecretPlace *place, Str key, StateEntry entry)
{
    pthread_mutex_lock(&s->turn);
    KnownRelease *release = known_release(s, place->prefix);
    if (release && !entry.version.len) {
        *release = s->known.items[--s->known.len];
    } else if (release) {
        Known *known = known_entry(release, key);

        if (!known) {
            known = vec_add(&s->memory, &release->entries);
            known->key = str_copy(&s->memory, key);
        }
        known->text = str_copy(&s->memory, entry.text);
        known->version = str_copy(&s->memory, entry.version);
    }
    pthread_mutex_unlock(&s->turn);
}

static void forget(ClusterState *s, const SecretPlace *place, Str key)
{
    pthread_mutex_lock(&s->turn);
    KnownRelease *release = known_release(s, place->prefix);
    Known *known = known_entry(release, key);
    if (known)
        *known = release->entries.items[--release->entries.len];
    pthread_mutex_unlock(&s->turn);
}

/* Whether KEY's text is known; if not, *MANY: others of the release have been asked for before. */
static bool recall(ClusterState *s, Arena *a, const SecretPlace *place, Str key, StateEntry *out,
                   bool *many)
{
    pthread_mutex_lock(&s->turn);
    KnownRelease *release = known_release(s, place->prefix);
    const Known *known = known_entry(release, key);
    bool found = known && known->text.len;
    if (found)
        *out = (StateEntry){str_copy(a, known->text), str_copy(a, known->version)};
    *many = release && release->reads++ > 0;
    pthread_mutex_unlock(&s->turn);
    return found;
}

/* "releases/…/3.json" for a Secret of the release; empty for one that is not helm's. */
static Str record_key_of(Arena *a, const SecretPlace *place, const Value *secret)
{
    Str start = str_format(a, "sh.helm.release.v1.%.*s.v", STR_ARG(place->name));
    Str name = secret_field(secret, "name");

    return str_starts(name, start) ? str_format(a, "%.*s%.*s.json", STR_ARG(place->prefix),
                                                STR_ARG(str_skip(name, start.len)))
                                   : (Str){0};
}

/* Ask for all revisions of the release, and remember them. */
static Error *learn_release(ClusterState *s, Arena *a, const SecretPlace *place, bool whole)
{
    KnownRelease release = {0};
    ValueList secrets;

    TRY(find_secrets(s, a, place, whole, &secrets));
    pthread_mutex_lock(&s->turn);
    KnownRelease *there = known_release(s, place->prefix);
    if (!there)
        there = vec_add(&s->memory, &s->known);
    release.prefix = str_copy(&s->memory, place->prefix);
    *there = release;
    Error *err = NULL;
    for (size_t i = 0; i < secrets.len && !err; i++) {
        Str key = record_key_of(&s->memory, place, &secrets.items[i]), text = {0};

        if (whole && key.len)
            err = secret_text(&s->memory, &secrets.items[i], &text);
        if (key.len && !err)
            *vec_add(&s->memory, &there->entries) =
                (Known){key, text,
                        str_copy(&s->memory, secret_field(&secrets.items[i], "resourceVersion"))};
    }
    pthread_mutex_unlock(&s->turn);
    return err;
}

/* ---- the store */

static Error *cluster_get(StateStore *store, Arena *a, Str key, StateEntry *out)
{
    ClusterState *s = (ClusterState *)store;
    DEFER(arena_free) Arena scratch = {0};
    SecretPlace place = place_of(s->run, &scratch, key);
    StateEntry entry;
    bool many = false;

    if (place.kind == PLACE_RECORD) {
        if (recall(s, a, &place, key, out, &many))
            return NULL;
        if (many) {
            TRY(learn_release(s, &scratch, &place, true));
            return recall(s, a, &place, key, out, &many) ? NULL : not_there(key);
        }
    }
    TRY(read_secret(s, &scratch, &place, key, &entry));
    *out = (StateEntry){str_copy(a, entry.text), str_copy(a, entry.version)};
    if (place.kind == PLACE_RECORD)
        remember(s, &place, key, entry);
    return NULL;
}

/* A record that is too large can do without the chart's files: helm needs them for nothing. */
static void drop_chart_files(Arena *a, ValueMap *record)
{
    static const char *const names[] = {"templates", "files"};
    const Value *chart = value_map_get_c(record, "chart");
    ValueMap *map = value_map_shallow(a, chart && chart->kind == VALUE_MAP ? chart->map : NULL);

    for (size_t i = 0; i < COUNT(names); i++)
        value_map_set_c(a, map, names[i], value_list(NULL, 0));
    value_map_set_c(a, record, "chart", value_of_map(map));
}

static Error *pack_record(Arena *a, Str text, ValueMap *record, Str *out)
{
    Buf smaller = {.arena = a};

    *out = base64_encode(a, gzip_pack(a, text));
    if (out->len <= MOST_SECRET)
        return NULL;
    drop_chart_files(a, record);
    TRY(json_write(&smaller, value_of_map(record), (JsonStyle){0}));
    *out = base64_encode(a, gzip_pack(a, buf_str(&smaller)));
    if (out->len <= MOST_SECRET)
        return NULL;
    return error_hint(error_new(ERROR_INPUT,
                                "its record has %zu bytes, packed; a Secret may have no more than "
                                "%d",
                                out->len, (int)MOST_SECRET),
                      "keep records elsewhere: --state");
}

static void set_record_labels(Arena *a, ValueMap *labels, const SecretPlace *place,
                              const ValueMap *record, bool new)
{
    Value whole = value_of_map((ValueMap *)(uintptr_t)record);
    const Value *own = value_at(&whole, STR("relfile.labels"));
    const Value *info = value_map_get_c(record, "info");

    if (own && own->kind == VALUE_MAP)
        value_merge(a, labels, own->map);
    value_map_set_c(a, labels, new ? "createdAt" : "modifiedAt",
                    value_string(str_format(a, "%lld", (long long)(run_now_ms() / 1000))));
    value_map_set_c(a, labels, "name", value_string(place->name));
    value_map_set_c(a, labels, "status",
                    value_string(value_map_string(
                        info && info->kind == VALUE_MAP ? info->map : NULL, "status")));
    value_map_set_c(a, labels, "version", value_string(place->revision));
}

static Error *fill_secret(Arena *a, const SecretPlace *place, Str text, bool new, ValueMap *labels,
                          ValueMap *data)
{
    Value record;
    Str packed;

    if (place->kind == PLACE_LOCK) {
        value_map_set_c(a, labels, "owner", value_c("relfile"));
        value_map_set_c(a, data, "lock", value_string(base64_encode(a, text)));
        return NULL;
    }
    TRY(json_parse(a, NULL, text, &record));
    value_map_set_c(a, labels, "owner", value_c("helm"));
    set_record_labels(a, labels, place, record.map, new);
    TRY(pack_record(a, text, record.map, &packed));
    value_map_set_c(a, data, "release", value_string(base64_encode(a, packed)));
    return NULL;
}

static Error *make_secret(Arena *a, const SecretPlace *place, Str text, Str expected, Value *out)
{
    ObjectId id = secret_id(a, place);
    ValueMap *secret = value_map_new(a), *metadata = value_map_new(a);
    ValueMap *labels = value_map_new(a), *data = value_map_new(a);

    TRY(fill_secret(a, place, text, !expected.len, labels, data));
    value_map_set_c(a, metadata, "name", value_string(id.name));
    value_map_set_c(a, metadata, "namespace", value_string(id.namespace));
    value_map_set_c(a, metadata, "labels", value_of_map(labels));
    if (expected.len)
        value_map_set_c(a, metadata, "resourceVersion", value_string(expected));
    value_map_set_c(a, secret, "apiVersion", value_string(id.api_version));
    value_map_set_c(a, secret, "kind", value_string(id.kind));
    value_map_set_c(a, secret, "type",
                    value_c(place->kind == PLACE_LOCK ? "relfile/lock" : "helm.sh/release.v1"));
    value_map_set_c(a, secret, "metadata", value_of_map(metadata));
    value_map_set_c(a, secret, "data", value_of_map(data));
    *out = value_of_map(secret);
    return NULL;
}

/* A server takes its time to say that a namespace is not there, unless that is what it is asked. */
static Error *check_namespace(Target *target, Arena *a, Str namespace)
{
    ObjectId id = {STR("v1"), STR("Namespace"), {"", 0}, namespace};
    Value live;

    return target_get(target, a, &id, &live);
}

/*
 * After CONFLICT: whether what is there is what was to be put. A request that got through may have
 * lost its answer, and have been sent again.
 */
static Error *recognise(const ClusterState *s, Arena *a, const SecretPlace *place, Str key,
                        Str text, Error *conflict, Str *version)
{
    StateEntry entry;
    Error *err = read_secret(s, a, place, key, &entry);

    if (err || !str_equal(entry.text, text)) {
        error_free(err);
        return conflict;
    }
    error_free(conflict);
    *version = entry.version;
    return NULL;
}

static Error *put_secret(const ClusterState *s, Arena *a, const SecretPlace *place, Str text,
                         Str expected, Str *version)
{
    DEFER(target_close) Target *target = NULL;
    TargetApply how = {.manager = place->kind == PLACE_LOCK ? "relfile" : RELEASE_MANAGER,
                       .create_only = !expected.len,
                       .force = true};
    Value secret, live;

    TRY(open_cluster(s, a, place->context, &target));
    if (place->kind == PLACE_LOCK && !expected.len)
        TRY(check_namespace(target, a, place->namespace));
    TRY(make_secret(a, place, text, expected, &secret));
    TRY(target_apply(target, a, secret, &how, &live));
    *version = secret_field(&live, "resourceVersion");
    return NULL;
}

static Error *cluster_put(StateStore *store, Arena *a, Str key, Str text, Str expected,
                          const StateGuard *guard, Str *version)
{
    ClusterState *s = (ClusterState *)store;
    DEFER(arena_free) Arena scratch = {0};
    SecretPlace place = place_of(s->run, &scratch, key);
    Str new;

    TRY(state_look_at_guard(store, guard));
    Error *err = put_secret(s, &scratch, &place, text, expected, &new);

    if (err && expected.len && error_kind_of(err) == ERROR_NOT_FOUND)
        err = error_as(err, ERROR_CONFLICT); // it has been deleted
    if (err && error_kind_of(err) == ERROR_CONFLICT)
        err = recognise(s, &scratch, &place, key, text, err, &new);
    if (place.kind == PLACE_RECORD)
        remember(s, &place, key, err ? (StateEntry){0} : (StateEntry){text, new});
    TRY(err);
    *version = str_copy(a, new);
    return NULL;
}

static Error *cluster_remove(StateStore *store, Str key, Str expected, const StateGuard *guard)
{
    ClusterState *s = (ClusterState *)store;
    DEFER(arena_free) Arena scratch = {0};
    DEFER(target_close) Target *target = NULL;
    SecretPlace place = place_of(s->run, &scratch, key);
    ObjectId id = secret_id(&scratch, &place);

    TRY(state_look_at_guard(store, guard));
    TRY(open_cluster(s, &scratch, place.context, &target));
    forget(s, &place, key);
    return target_remove(target, &id, &(TargetDelete){.version = expected});
}

static int compare_keys(const void *left, const void *right)
{
    return str_compare(*(const Str *)left, *(const Str *)right);
}

static Error *list_release(ClusterState *s, Arena *a, const SecretPlace *place, StrList *out)
{
    DEFER(arena_free) Arena scratch = {0};

    pthread_mutex_lock(&s->turn);
    bool known = known_release(s, place->prefix);
    pthread_mutex_unlock(&s->turn);
    if (!known)
        TRY(learn_release(s, &scratch, place, false));
    pthread_mutex_lock(&s->turn);
    const KnownRelease *release = known_release(s, place->prefix);
    for (size_t i = 0; release && i < release->entries.len; i++)
        *vec_add(a, out) = str_copy(a, release->entries.items[i].key);
    pthread_mutex_unlock(&s->turn);
    return NULL;
}

/* All releases of a context, or all locks. */
static Error *list_context(ClusterState *s, Arena *a, const SecretPlace *place, StrList *out)
{
    DEFER(arena_free) Arena scratch = {0};
    Str context = state_key_part(a, place->context);
    ValueList secrets;

    TRY(find_secrets(s, &scratch, place, false, &secrets));
    for (size_t i = 0; i < secrets.len; i++) {
        Str namespace = secret_field(&secrets.items[i], "namespace");
        const Value *labels = value_at(&secrets.items[i], STR("metadata.labels"));
        const ValueMap *map = labels && labels->kind == VALUE_MAP ? labels->map : NULL;

        if (place->kind == PLACE_LOCK)
            *vec_add(a, out) =
                str_format(a, "locks/%.*s.json",
                           STR_ARG(state_key_part(&scratch, str_format(&scratch, "default/%.*s",
                                                                       STR_ARG(namespace)))));
        else
            *vec_add(a, out) = str_format(
                a, "releases/%.*s/%.*s/%.*s/%.*s.json", STR_ARG(context), STR_ARG(namespace),
                STR_ARG(value_map_string(map, "name")), STR_ARG(value_map_string(map, "version")));
    }
    return NULL;
}

static Error *cluster_list(StateStore *store, Arena *a, Str prefix, StrList *out)
{
    ClusterState *s = (ClusterState *)store;
    DEFER(arena_free) Arena scratch = {0};
    SecretPlace place = place_of(s->run, &scratch, prefix);
    StrList keys = {0};

    TRY(place.kind == PLACE_RELEASE ? list_release(s, a, &place, &keys)
                                    : list_context(s, a, &place, &keys));
    if (keys.len)
        qsort(keys.items, keys.len, sizeof(*keys.items), compare_keys);
    *out = keys;
    return NULL;
}

static void cluster_close(StateStore *store)
{
    ClusterState *s = (ClusterState *)store;

    pthread_mutex_destroy(&s->turn);
    arena_free(&s->memory);
}

static const StateStoreType cluster_type = {
    .scheme = "cluster",
    .help = "the Secrets of helm, in the clusters themselves",
    .of_helm = true,
    .get = cluster_get,
    .put = cluster_put,
    .remove = cluster_remove,
    .list = cluster_list,
    .close = cluster_close,
};

StateStore *cluster_state_open(const Run *run)
{
    ClusterState *s = arena_new(run->arena, ClusterState);

    state_init(run->arena, &s->store, &cluster_type, "cluster:/");
    s->run = run;
    pthread_mutex_init(&s->turn, NULL);
    return &s->store;
}
