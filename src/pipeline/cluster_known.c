#include "pipeline/cluster_known.h"

#include <pthread.h>

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

struct ClusterKnown {
    pthread_mutex_t turn;
    Arena memory; /* of what follows; used under TURN */
    VEC(KnownRelease) releases;
};

ClusterKnown *cluster_known_new(Arena *a)
{
    ClusterKnown *known = arena_new(a, ClusterKnown);

    pthread_mutex_init(&known->turn, NULL);
    return known;
}

void cluster_known_close(ClusterKnown *known)
{
    pthread_mutex_destroy(&known->turn);
    arena_free(&known->memory);
}

static KnownRelease *find_release(ClusterKnown *known, Str prefix)
{
    for (size_t i = 0; i < known->releases.len; i++)
        if (str_equal(known->releases.items[i].prefix, prefix))
            return &known->releases.items[i];
    return NULL;
}

static KnownRelease *need_release(ClusterKnown *known, Str prefix)
{
    KnownRelease *release = find_release(known, prefix);

    if (release)
        return release;
    release = vec_add(&known->memory, &known->releases);
    release->prefix = str_copy(&known->memory, prefix);
    return release;
}

static Known *find_entry(KnownRelease *release, Str key)
{
    for (size_t i = 0; release && i < release->entries.len; i++)
        if (str_equal(release->entries.items[i].key, key))
            return &release->entries.items[i];
    return NULL;
}

static Known *need_entry(ClusterKnown *known, KnownRelease *release, Str key)
{
    Known *entry = find_entry(release, key);

    if (entry)
        return entry;
    entry = vec_add(&known->memory, &release->entries);
    entry->key = str_copy(&known->memory, key);
    return entry;
}

bool cluster_known_has(ClusterKnown *known, Str prefix)
{
    pthread_mutex_lock(&known->turn);
    bool found = find_release(known, prefix) != NULL;
    pthread_mutex_unlock(&known->turn);
    return found;
}

void cluster_known_keys(ClusterKnown *known, Arena *a, Str prefix, StrList *out)
{
    pthread_mutex_lock(&known->turn);
    const KnownRelease *release = find_release(known, prefix);
    for (size_t i = 0; release && i < release->entries.len; i++)
        *vec_add(a, out) = str_copy(a, release->entries.items[i].key);
    pthread_mutex_unlock(&known->turn);
}

/* "releases/…/3.json" for a Secret of the release; empty for one that is not helm's. */
static Str record_key_of(Arena *a, const SecretPlace *place, const Value *secret)
{
    Str start = str_format(a, "sh.helm.release.v1.%.*s.v", STR_ARG(place->name));
    Str name = cluster_secret_field(secret, "name");

    return str_starts(name, start) ? str_format(a, "%.*s%.*s.json", STR_ARG(place->prefix),
                                                STR_ARG(str_skip(name, start.len)))
                                   : (Str){0};
}

/* Under TURN. */
static void note(ClusterKnown *known, const SecretPlace *place, const Value *secret)
{
    DEFER(arena_free) Arena scratch = {0};
    KnownRelease *release = need_release(known, place->prefix);
    Str key = record_key_of(&scratch, place, secret);

    if (!key.len)
        return;
    Known *entry = need_entry(known, release, key);
    entry->data = str_copy(&known->memory, cluster_secret_data(secret));
    entry->version = str_copy(&known->memory, cluster_secret_field(secret, "resourceVersion"));
}

void cluster_known_set(ClusterKnown *known, const SecretPlace *place, ValueList secrets)
{
    pthread_mutex_lock(&known->turn);
    KnownRelease *release = need_release(known, place->prefix);
    *release = (KnownRelease){.prefix = release->prefix};
    for (size_t i = 0; i < secrets.len; i++)
        note(known, place, &secrets.items[i]);
    pthread_mutex_unlock(&known->turn);
}

void cluster_known_note(ClusterKnown *known, const SecretPlace *place, const Value *secret)
{
    pthread_mutex_lock(&known->turn);
    note(known, place, secret);
    pthread_mutex_unlock(&known->turn);
}

void cluster_known_remember(ClusterKnown *known, const SecretPlace *place, Str key, Str data,
                            Str version)
{
    pthread_mutex_lock(&known->turn);
    KnownRelease *release = find_release(known, place->prefix);
    if (release && !version.len) {
        *release = known->releases.items[--known->releases.len];
    } else if (release) {
        Known *entry = need_entry(known, release, key);

        entry->data = str_copy(&known->memory, data);
        entry->version = str_copy(&known->memory, version);
    }
    pthread_mutex_unlock(&known->turn);
}

void cluster_known_forget(ClusterKnown *known, const SecretPlace *place, Str key)
{
    pthread_mutex_lock(&known->turn);
    KnownRelease *release = find_release(known, place->prefix);
    Known *entry = find_entry(release, key);
    if (entry)
        *entry = release->entries.items[--release->entries.len];
    pthread_mutex_unlock(&known->turn);
}

bool cluster_known_recall(ClusterKnown *known, Arena *a, const SecretPlace *place, Str key,
                          StateEntry *out, bool *many)
{
    pthread_mutex_lock(&known->turn);
    KnownRelease *release = find_release(known, place->prefix);
    const Known *entry = find_entry(release, key);
    bool found = entry && entry->data.len;
    if (found)
        *out = (StateEntry){str_copy(a, entry->data), str_copy(a, entry->version)};
    *many = release && release->reads++ > 0;
    pthread_mutex_unlock(&known->turn);
    return found;
}
