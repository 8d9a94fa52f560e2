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
#include "pipeline/cluster_secret.h"

#include "io/env.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* What is known of one revision. */
typedef struct Known {
    Str key;
    Str data, version; /* as in the Secret, packed; empty: it has not been read */
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
    const char *kind; /* of the objects: "Secret", or as HELM_DRIVER says "ConfigMap" */
    pthread_mutex_t turn;
    Arena memory; /* of what follows; used under TURN */
    VEC(KnownRelease) known;
} ClusterState;

/* ---- keys */

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
    return error_wrap(cause, "%.*s/%.*s", STR_ARG(id->kind), STR_ARG(id->name));
}

static Str secret_field(const Value *secret, const char *name)
{
    const Value *metadata = value_at(secret, STR("metadata"));

    return metadata && metadata->kind == VALUE_MAP ? value_map_string(metadata->map, name)
                                                   : (Str){"", 0};
}

/* *DATA is what the Secret holds, packed; NULL: nobody wants it. */
static Error *read_secret(const ClusterState *s, Arena *a, const SecretPlace *place, Str key,
                          Str *data, StateEntry *out)
{
    DEFER(target_close) Target *target = NULL;
    ObjectId id = cluster_secret_id(s->kind, a, place);
    Value secret;

    TRY(open_cluster(s, a, place->context, &target));
    Error *err = target_get(target, a, &id, &secret);
    if (err && error_kind_of(err) == ERROR_NOT_FOUND) {
        error_free(err);
        return not_there(key);
    }
    TRY(err);
    out->version = secret_field(&secret, "resourceVersion");
    if (data)
        *data = cluster_secret_data(&secret);
    return damaged(cluster_secret_text(s->kind, a, cluster_secret_data(&secret),
                                       place->kind == PLACE_LOCK, &out->text),
                   &id);
}

/* What find_secrets is to find. */
typedef enum Find {
    FIND_NAMES,    /* all, without what they hold */
    FIND_WHOLE,    /* all */
    FIND_DEPLOYED, /* those records that are deployed, whole */
} Find;

static Error *find_secrets(const ClusterState *s, Arena *a, const SecretPlace *place, Find what,
                           ValueList *out)
{
    DEFER(target_close) Target *target = NULL;
    ObjectId id = {STR("v1"), str_from(s->kind), place->namespace, {"", 0}};
    bool lock = place->kind == PLACE_LOCK;
    ValueMap *labels = value_map_new(a);
    Value list;

    value_map_set_c(a, labels, "owner", value_c(lock ? "relfile" : "helm"));
    if (place->name.len)
        value_map_set_c(a, labels, "name", value_string(place->name));
    if (what == FIND_DEPLOYED)
        value_map_set_c(a, labels, "status", value_c("deployed"));
    TRY(open_cluster(s, a, place->context, &target));
    TRY(target_find(target, a, &id,
                    &(TargetQuery){.labels = labels, .metadata_only = what == FIND_NAMES}, &list));
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

/* Remember that KEY has DATA; or, without a version, that nothing is known of its release. */
static void remember(ClusterState *s, const SecretPlace *place, Str key, Str data, Str version)
{
    pthread_mutex_lock(&s->turn);
    KnownRelease *release = known_release(s, place->prefix);
    if (release && !version.len) {
        *release = s->known.items[--s->known.len];
    } else if (release) {
        Known *known = known_entry(release, key);

        if (!known) {
            known = vec_add(&s->memory, &release->entries);
            known->key = str_copy(&s->memory, key);
        }
        known->data = str_copy(&s->memory, data);
        known->version = str_copy(&s->memory, version);
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

/*
 * Whether what KEY holds, packed, is known; if not, *MANY: others of the release have been asked
 * for before.
 */
static bool recall(ClusterState *s, Arena *a, const SecretPlace *place, Str key, StateEntry *out,
                   bool *many)
{
    pthread_mutex_lock(&s->turn);
    KnownRelease *release = known_release(s, place->prefix);
    const Known *known = known_entry(release, key);
    bool found = known && known->data.len;
    if (found)
        *out = (StateEntry){str_copy(a, known->data), str_copy(a, known->version)};
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

static KnownRelease *need_release(ClusterState *s, Str prefix)
{
    KnownRelease *release = known_release(s, prefix);

    if (release)
        return release;
    release = vec_add(&s->memory, &s->known);
    release->prefix = str_copy(&s->memory, prefix);
    return release;
}

/* Note SECRET, of the release of PLACE; under TURN. */
static void note_secret(ClusterState *s, const SecretPlace *place, const Value *secret)
{
    KnownRelease *release = need_release(s, place->prefix);
    Str key = record_key_of(&s->memory, place, secret);

    if (!key.len)
        return;
    Known *known = known_entry(release, key);
    if (!known)
        known = vec_add(&s->memory, &release->entries);
    *known = (Known){key, str_copy(&s->memory, cluster_secret_data(secret)),
                     str_copy(&s->memory, secret_field(secret, "resourceVersion"))};
}

/* Ask for all revisions of the release, and remember them. */
static Error *learn_release(ClusterState *s, Arena *a, const SecretPlace *place, bool whole)
{
    ValueList secrets;

    TRY(find_secrets(s, a, place, whole ? FIND_WHOLE : FIND_NAMES, &secrets));
    pthread_mutex_lock(&s->turn);
    KnownRelease *there = need_release(s, place->prefix);
    *there = (KnownRelease){.prefix = there->prefix};
    for (size_t i = 0; i < secrets.len; i++)
        note_secret(s, place, &secrets.items[i]);
    pthread_mutex_unlock(&s->turn);
    return NULL;
}

/* A namespace whose releases are to be known. */
typedef struct NamespaceRequest {
    ClusterState *state;
    const SecretPlace *place;
} NamespaceRequest;

/* "releases/CONTEXT/NAMESPACE/NAME/", the key's part that a release of the run has. */
static SecretPlace place_of_release(Arena *a, const Release *release)
{
    Str prefix = record_prefix(a, release->kube_context, release_namespace(release));

    return (SecretPlace){.kind = PLACE_RELEASE,
                         .context = release->kube_context,
                         .namespace = release_namespace(release),
                         .name = release->name,
                         .prefix = str_format(a, "%.*s%.*s/", STR_ARG(prefix),
                                              STR_ARG(state_key_part(a, release->name)))};
}

static bool is_of(const Release *release, const SecretPlace *place)
{
    return str_equal(release->kube_context, place->context) &&
           str_equal(release_namespace(release), place->namespace);
}

/* Note SECRET as the release's that it is of, if the run has that. */
static void note_of_run(ClusterState *s, Arena *a, const SecretPlace *namespace,
                        const Value *secret)
{
    const Value *labels = value_at(secret, STR("metadata.labels"));
    Str name =
        labels && labels->kind == VALUE_MAP ? value_map_string(labels->map, "name") : STR("");

    for (size_t i = 0; i < s->run->plan.len; i++) {
        const Release *release = s->run->plan.items[i].release;

        if (!str_equal(release->name, name) || !is_of(release, namespace))
            continue;
        SecretPlace place = place_of_release(a, release);
        note_secret(s, &place, secret);
    }
}

/* The run's releases in a namespace: what there is of them. Others' are none of our business. */
static Error *learn_namespace(Arena *a, const void *request, void **out)
{
    DEFER(arena_free) Arena scratch = {0};
    const NamespaceRequest *r = request;
    ClusterState *s = r->state;
    SecretPlace all = *r->place;
    ValueList names, deployed;

    (void)a;
    *out = NULL;
    all.name = (Str){"", 0};
    TRY(find_secrets(s, &scratch, &all, FIND_NAMES, &names));
    TRY(find_secrets(s, &scratch, &all, FIND_DEPLOYED, &deployed));
    pthread_mutex_lock(&s->turn);
    for (size_t i = 0; i < s->run->plan.len; i++)
        if (is_of(s->run->plan.items[i].release, &all)) {
            SecretPlace place = place_of_release(&scratch, s->run->plan.items[i].release);
            (void)need_release(s, place.prefix);
        }
    for (size_t i = 0; i < names.len; i++)
        note_of_run(s, &scratch, &all, &names.items[i]);
    for (size_t i = 0; i < deployed.len; i++)
        note_of_run(s, &scratch, &all, &deployed.items[i]);
    pthread_mutex_unlock(&s->turn);
    return NULL;
}

static size_t count_releases(const Run *run, const SecretPlace *place)
{
    size_t count = 0;

    for (size_t i = 0; i < run->plan.len; i++)
        count += is_of(run->plan.items[i].release, place);
    return count;
}

/* Ask for the release; where there are many in its namespace, for all of them. */
static Error *learn(ClusterState *s, Arena *a, const SecretPlace *place)
{
    static const SharedKind kind = {learn_namespace, NULL};
    Str key = str_format(a, "%.*s/%.*s", STR_ARG(place->context), STR_ARG(place->namespace));
    void *nothing;

    if (count_releases(s->run, place) < MANY)
        return learn_release(s, a, place, false);
    TRY(shared_get(s->run->shared, &kind, key, &(NamespaceRequest){s, place}, &nothing));
    pthread_mutex_lock(&s->turn);
    bool known = known_release(s, place->prefix);
    pthread_mutex_unlock(&s->turn);
    return known ? NULL : learn_release(s, a, place, false); // it was forgotten, or is not planned
}

/* ---- the store */

static Error *cluster_get(StateStore *store, Arena *a, Str key, StateEntry *out)
{
    ClusterState *s = (ClusterState *)store;
    DEFER(arena_free) Arena scratch = {0};
    SecretPlace place = place_of(s->run, &scratch, key);
    StateEntry entry = {0};
    Str data;
    bool many = false;

    if (place.kind == PLACE_RECORD) {
        bool known = recall(s, a, &place, key, &entry, &many);
        if (!known && many) {
            TRY(learn_release(s, &scratch, &place, true));
            if (!recall(s, a, &place, key, &entry, &many))
                return not_there(key);
            known = true;
        }
        if (known) {
            ObjectId id = cluster_secret_id(s->kind, a, &place);
            *out = (StateEntry){.version = entry.version};
            return error_wrap(cluster_secret_text(s->kind, a, entry.text, false, &out->text),
                              "%s/%.*s", s->kind, STR_ARG(id.name));
        }
    }
    TRY(read_secret(s, &scratch, &place, key, &data, &entry));
    *out = (StateEntry){str_copy(a, entry.text), str_copy(a, entry.version)};
    if (place.kind == PLACE_RECORD)
        remember(s, &place, key, data, entry.version);
    return NULL;
}

/* A server takes its time to say that a namespace is not there, unless that is what it is asked. */
static Error *check_namespace(Target *target, Arena *a, Str namespace)
{
    ObjectId id = {STR("v1"), STR("Namespace"), {"", 0}, namespace};
    Value live;

    Error *err = target_look(target, a, &id, &live);
    if (!err || error_kind_of(err) != ERROR_DENIED)
        return err;
    error_free(err); // who may use a namespace need not have the right to look at it
    return NULL;
}

/*
 * After CONFLICT: whether what is there is what was to be put. A request that got through may have
 * lost its answer, and have been sent again.
 */
static Error *recognise(const ClusterState *s, Arena *a, const SecretPlace *place, Str key,
                        Str text, Error *conflict, Str *version)
{
    StateEntry entry;
    Error *err = read_secret(s, a, place, key, NULL, &entry);

    if (err || !str_equal(entry.text, text)) {
        error_free(err);
        return conflict;
    }
    error_free(conflict);
    *version = entry.version;
    return NULL;
}

/* WRITTEN becomes what the Secret has then: its data, packed, and its version. */
static Error *put_secret(const ClusterState *s, Arena *a, const SecretPlace *place, Str text,
                         Str expected, StateEntry *written)
{
    DEFER(target_close) Target *target = NULL;
    TargetApply how = {.manager = place->kind == PLACE_LOCK ? "relfile" : RELEASE_MANAGER,
                       .create_only = !expected.len,
                       .force = true};
    Value secret, live;

    TRY(open_cluster(s, a, place->context, &target));
    if (place->kind == PLACE_LOCK && !expected.len)
        TRY(check_namespace(target, a, place->namespace));
    TRY(cluster_secret_make(s->kind, a, place, text, expected, &secret));
    written->text = cluster_secret_data(&secret);
    TRY(target_apply(target, a, secret, &how, &live));
    written->version = secret_field(&live, "resourceVersion");
    return NULL;
}

static Error *cluster_put(StateStore *store, Arena *a, Str key, Str text, Str expected,
                          const StateGuard *guard, Str *version)
{
    ClusterState *s = (ClusterState *)store;
    DEFER(arena_free) Arena scratch = {0};
    SecretPlace place = place_of(s->run, &scratch, key);
    StateEntry new = {0};

    TRY(state_look_at_guard(store, guard));
    Error *err = put_secret(s, &scratch, &place, text, expected, &new);

    if (err && expected.len && error_kind_of(err) == ERROR_NOT_FOUND)
        err = error_as(err, ERROR_CONFLICT); // it has been deleted
    if (err && error_kind_of(err) == ERROR_CONFLICT)
        err = recognise(s, &scratch, &place, key, text, err, &new.version);
    if (place.kind == PLACE_RECORD)
        remember(s, &place, key, new.text, err ? (Str){0} : new.version);
    TRY(err);
    *version = str_copy(a, new.version);
    return NULL;
}

static Error *cluster_remove(StateStore *store, Str key, Str expected, const StateGuard *guard)
{
    ClusterState *s = (ClusterState *)store;
    DEFER(arena_free) Arena scratch = {0};
    DEFER(target_close) Target *target = NULL;
    SecretPlace place = place_of(s->run, &scratch, key);
    ObjectId id = cluster_secret_id(s->kind, &scratch, &place);

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
        TRY(learn(s, &scratch, place));
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

    TRY(find_secrets(s, &scratch, place, FIND_NAMES, &secrets));
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

/* HELM_DRIVER. Source: helm, pkg/action/action.go, Init. */
static Error *find_driver(const char **out)
{
    const char *name = env_get("HELM_DRIVER");
    Str driver = str_from(name ? name : "");

    if (str_is(driver, "configmap") || str_is(driver, "configmaps"))
        *out = "ConfigMap";
    else if (!driver.len || str_is(driver, "secret") || str_is(driver, "secrets"))
        *out = "Secret";
    else
        return error_hint(error_new(ERROR_INPUT, "HELM_DRIVER is \"%s\"", name),
                          "it may be secret or configmap; --state keeps records elsewhere");
    return NULL;
}

Error *cluster_state_open(const Run *run, StateStore **out)
{
    ClusterState *s = arena_new(run->arena, ClusterState);

    TRY(find_driver(&s->kind));
    state_init(run->arena, &s->store, &cluster_type, "cluster:/");
    s->run = run;
    pthread_mutex_init(&s->turn, NULL);
    *out = &s->store;
    return NULL;
}
