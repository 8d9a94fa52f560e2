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
#include "pipeline/cluster_known.h"

#include "io/clock.h"
#include "io/env.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum {
    MOST_NAMES = 100, /* of releases, in one request */
    LOCK_MS = 1000,   /* so long a lock is believed to be ours */
};

/* A lock, and whose it was a moment ago. */
typedef struct SeenLock {
    Str key, token;
    int64_t at_ms; /* when it was asked for */
} SeenLock;

typedef struct ClusterState {
    StateStore store;
    const Run *run;
    const char *kind; /* of the objects: "Secret", or as HELM_DRIVER says "ConfigMap" */
    ClusterKnown *known;
    pthread_mutex_t turn;
    Arena memory; /* of what follows; used under TURN */
    VEC(SeenLock) locks;
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
    out->version = cluster_secret_field(&secret, "resourceVersion");
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

/* Of PLACE, or everywhere, where it names no namespace; NAMES: of these releases only, or NULL. */
static Error *find_secrets(const ClusterState *s, Arena *a, const SecretPlace *place, Find what,
                           const StrList *names, ValueList *out)
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
                    &(TargetQuery){.labels = labels,
                                   .label = "name",
                                   .one_of = names,
                                   .metadata_only = what == FIND_NAMES},
                    &list));
    *out = list.list;
    return NULL;
}

/* ---- what is there of releases */

/* Ask for all revisions of the release, and remember them. */
static Error *learn_release(ClusterState *s, Arena *a, const SecretPlace *place, bool whole)
{
    ValueList secrets;

    TRY(find_secrets(s, a, place, whole ? FIND_WHOLE : FIND_NAMES, NULL, &secrets));
    cluster_known_set(s->known, place, secrets);
    return NULL;
}

/* Releases of the run that are to be known: those of a namespace, or (none) of all. */
typedef struct LearnRequest {
    ClusterState *state;
    const SecretPlace *place;
} LearnRequest;

/* "releases/CONTEXT/NAMESPACE/NAME/", the key's part that a release of the run has. */
static SecretPlace place_of_release(Arena *a, const Release *release)
{
    return (SecretPlace){.kind = PLACE_RELEASE,
                         .context = release->kube_context,
                         .namespace = release_namespace(release),
                         .name = release->name,
                         .prefix = record_release_prefix(
                             a, release->kube_context, release_namespace(release), release->name)};
}

static bool is_of(const Release *release, const SecretPlace *place)
{
    return str_equal(release->kube_context, place->context) &&
           (!place->namespace.len || str_equal(release_namespace(release), place->namespace));
}

/* Note SECRET as the release's that it is of, if it is one of RELEASES. */
static void note_of_run(ClusterState *s, Arena *a, const Release *const *releases, size_t len,
                        const Value *secret)
{
    const Value *labels = value_at(secret, STR("metadata.labels"));
    Str namespace = cluster_secret_field(secret, "namespace");
    Str name =
        labels && labels->kind == VALUE_MAP ? value_map_string(labels->map, "name") : STR("");

    for (size_t i = 0; i < len; i++) {
        if (!str_equal(releases[i]->name, name) ||
            !str_equal(release_namespace(releases[i]), namespace))
            continue;
        SecretPlace place = place_of_release(a, releases[i]);
        cluster_known_note(s->known, &place, secret);
    }
}

/* What there is of RELEASES, in the namespace of ALL or everywhere. */
static Error *learn_some(ClusterState *s, const SecretPlace *all, const Release *const *releases,
                         size_t len)
{
    DEFER(arena_free) Arena scratch = {0};
    static const Find finds[] = {FIND_NAMES, FIND_DEPLOYED};
    ValueList found[COUNT(finds)];
    StrList names = {0};

    for (size_t i = 0; i < len; i++)
        *vec_add(&scratch, &names) = releases[i]->name;
    for (size_t i = 0; i < COUNT(finds); i++)
        TRY(find_secrets(s, &scratch, all, finds[i], all->namespace.len ? NULL : &names,
                         &found[i]));
    for (size_t i = 0; i < len; i++) {
        SecretPlace place = place_of_release(&scratch, releases[i]);
        cluster_known_set(s->known, &place, (ValueList){0});
    }
    for (size_t i = 0; i < COUNT(finds); i++)
        for (size_t j = 0; j < found[i].len; j++)
            note_of_run(s, &scratch, releases, len, &found[i].items[j]);
    return NULL;
}

/* The run's releases in a namespace, or in all. Others' are none of our business. */
static Error *learn_many(Arena *a, const void *request, void **out)
{
    const LearnRequest *r = request;
    const Plan *plan = &r->state->run->plan;
    const Release **releases = arena_array(a, const Release *, plan->len);
    SecretPlace all = {
        .kind = PLACE_RELEASE, .context = r->place->context, .namespace = r->place->namespace};
    size_t len = 0;

    *out = NULL;
    for (size_t i = 0; i < plan->len; i++)
        if (is_of(plan->items[i].release, &all))
            releases[len++] = plan->items[i].release;
    for (size_t i = 0; i < len; i += MOST_NAMES)
        TRY(learn_some(r->state, &all, releases + i, len - i < MOST_NAMES ? len - i : MOST_NAMES));
    return NULL;
}

static Error *learn_together(ClusterState *s, const SecretPlace *place)
{
    static const SharedKind kind = {learn_many, NULL};
    DEFER(arena_free) Arena scratch = {0};
    Str key = str_format(&scratch, "%.*s/%.*s", STR_ARG(place->context), STR_ARG(place->namespace));
    void *nothing;

    return shared_get(s->run->shared, &kind, key, &(LearnRequest){s, place}, &nothing);
}

/* How many releases of the run are where PLACE is, and in how many namespaces of its cluster. */
static void count_releases(const Run *run, const SecretPlace *place, size_t *releases,
                           size_t *namespaces)
{
    StrList seen = {0};
    DEFER(arena_free) Arena scratch = {0};

    *releases = 0;
    for (size_t i = 0; i < run->plan.len; i++) {
        const Release *release = run->plan.items[i].release;
        bool known = !str_equal(release->kube_context, place->context);

        *releases += is_of(release, place);
        for (size_t j = 0; j < seen.len && !known; j++)
            known = str_equal(seen.items[j], release_namespace(release));
        if (!known && seen.len < MANY)
            *vec_add(&scratch, &seen) = release_namespace(release);
    }
    *namespaces = seen.len;
}

/* Ask for the release; where there are many in its namespace or cluster, for all of them. */
static Error *learn(ClusterState *s, Arena *a, const SecretPlace *place)
{
    SecretPlace everywhere = *place;
    size_t releases, namespaces;

    everywhere.namespace = (Str){"", 0};
    count_releases(s->run, place, &releases, &namespaces);
    if (namespaces >= MANY) {
        Error *err = learn_together(s, &everywhere);

        if (err && error_kind_of(err) != ERROR_DENIED)
            return err;
        error_free(err); // then it is each namespace by itself
        if (cluster_known_has(s->known, place->prefix))
            return NULL;
    }
    if (releases >= MANY)
        TRY(learn_together(s, place));
    // it may have been forgotten, or is not planned
    return cluster_known_has(s->known, place->prefix) ? NULL : learn_release(s, a, place, false);
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
        bool known = cluster_known_recall(s->known, a, &place, key, &entry, &many);
        if (!known && many) {
            TRY(learn_release(s, &scratch, &place, true));
            if (!cluster_known_recall(s->known, a, &place, key, &entry, &many))
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
        cluster_known_remember(s->known, &place, key, data, entry.version);
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
    written->version = cluster_secret_field(&live, "resourceVersion");
    return NULL;
}

/* A lock that was ours a moment ago, and that every change asks for, is not read for each. */
static bool recall_lock(ClusterState *s, const StateGuard *guard)
{
    bool fresh = false;

    pthread_mutex_lock(&s->turn);
    for (size_t i = 0; i < s->locks.len && !fresh; i++)
        fresh = str_equal(s->locks.items[i].key, guard->key) &&
                str_equal(s->locks.items[i].token, guard->token) &&
                clock_ms() - s->locks.items[i].at_ms < LOCK_MS;
    pthread_mutex_unlock(&s->turn);
    return fresh;
}

static void remember_lock(ClusterState *s, const StateGuard *guard, int64_t at_ms)
{
    SeenLock *seen = NULL;

    pthread_mutex_lock(&s->turn);
    for (size_t i = 0; i < s->locks.len && !seen; i++)
        if (str_equal(s->locks.items[i].key, guard->key))
            seen = &s->locks.items[i];
    if (!seen)
        seen = vec_add(&s->memory, &s->locks);
    if (!str_equal(seen->token, guard->token))
        *seen = (SeenLock){str_copy(&s->memory, guard->key), str_copy(&s->memory, guard->token), 0};
    seen->at_ms = at_ms;
    pthread_mutex_unlock(&s->turn);
}

static Error *look_at_guard(ClusterState *s, const StateGuard *guard)
{
    int64_t at_ms = clock_ms();

    if (!guard || recall_lock(s, guard))
        return NULL;
    TRY(state_look_at_guard(&s->store, guard));
    remember_lock(s, guard, at_ms);
    return NULL;
}

static Error *cluster_put(StateStore *store, Arena *a, Str key, Str text, Str expected,
                          const StateGuard *guard, Str *version)
{
    ClusterState *s = (ClusterState *)store;
    DEFER(arena_free) Arena scratch = {0};
    SecretPlace place = place_of(s->run, &scratch, key);
    StateEntry new = {0};

    TRY(look_at_guard(s, guard));
    Error *err = put_secret(s, &scratch, &place, text, expected, &new);

    if (err && expected.len && error_kind_of(err) == ERROR_NOT_FOUND)
        err = error_as(err, ERROR_CONFLICT); // it has been deleted
    if (err && error_kind_of(err) == ERROR_CONFLICT)
        err = recognise(s, &scratch, &place, key, text, err, &new.version);
    if (place.kind == PLACE_RECORD)
        cluster_known_remember(s->known, &place, key, new.text, err ? (Str){0} : new.version);
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

    TRY(look_at_guard(s, guard));
    TRY(open_cluster(s, &scratch, place.context, &target));
    cluster_known_forget(s->known, &place, key);
    return target_remove(target, &id, &(TargetDelete){.version = expected});
}

static int compare_keys(const void *left, const void *right)
{
    return str_compare(*(const Str *)left, *(const Str *)right);
}

static Error *list_release(ClusterState *s, Arena *a, const SecretPlace *place, StrList *out)
{
    DEFER(arena_free) Arena scratch = {0};

    if (!cluster_known_has(s->known, place->prefix))
        TRY(learn(s, &scratch, place));
    cluster_known_keys(s->known, a, place->prefix, out);
    return NULL;
}

/* The key of SECRET, a record, or (PLACE) a lock. */
static Str key_of(Arena *a, const SecretPlace *place, const Value *secret)
{
    DEFER(arena_free) Arena scratch = {0};
    Str namespace = cluster_secret_field(secret, "namespace");
    const Value *labels = value_at(secret, STR("metadata.labels"));
    const ValueMap *map = labels && labels->kind == VALUE_MAP ? labels->map : NULL;
    Str context = state_key_part(&scratch, place->context);

    if (place->kind == PLACE_LOCK)
        return str_format(a, "locks/%.*s.json",
                          STR_ARG(state_key_part(
                              &scratch, str_format(&scratch, "default/%.*s", STR_ARG(namespace)))));
    return str_format(a, "releases/%.*s/%.*s/%.*s/%.*s.json", STR_ARG(context), STR_ARG(namespace),
                      STR_ARG(value_map_string(map, "name")),
                      STR_ARG(value_map_string(map, "version")));
}

/* All releases of a context, or all locks; SPEC: what that one has installed; empty: anybody. */
static Error *list_context(ClusterState *s, Arena *a, const SecretPlace *place, Str spec,
                           StrList *out)
{
    DEFER(arena_free) Arena scratch = {0};
    ValueList secrets;

    TRY(find_secrets(s, &scratch, place, FIND_NAMES, NULL, &secrets));
    for (size_t i = 0; i < secrets.len; i++)
        if (!spec.len || str_equal(cluster_secret_spec(&secrets.items[i]), spec))
            *vec_add(a, out) = key_of(a, place, &secrets.items[i]);
    return NULL;
}

static Error *list_keys(StateStore *store, Arena *a, Str prefix, Str spec, StrList *out)
{
    ClusterState *s = (ClusterState *)store;
    DEFER(arena_free) Arena scratch = {0};
    SecretPlace place = place_of(s->run, &scratch, prefix);
    StrList keys = {0};

    TRY(place.kind == PLACE_RELEASE ? list_release(s, a, &place, &keys)
                                    : list_context(s, a, &place, spec, &keys));
    if (keys.len)
        qsort(keys.items, keys.len, sizeof(*keys.items), compare_keys);
    *out = keys;
    return NULL;
}

static Error *cluster_list(StateStore *store, Arena *a, Str prefix, StrList *out)
{
    return list_keys(store, a, prefix, (Str){0}, out);
}

static void cluster_close(StateStore *store)
{
    ClusterState *s = (ClusterState *)store;

    cluster_known_close(s->known);
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
    .list_of_spec = list_keys,
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
    s->known = cluster_known_new(run->arena);
    pthread_mutex_init(&s->turn, NULL);
    *out = &s->store;
    return NULL;
}
