#include "target/kubernetes/snapshot.h"

#include "base/field.h"
#include "base/json.h"
#include "io/clock.h"
#include "manifest/manifest.h"
#include "target/kubernetes/listing.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum {
    FRESH_MS = 10000, /* after which what was read is read anew */
    MOST_PAGES = 10,
    MOST_PAGE_BYTES = 32 << 20,
    MOST_NARROW = 2, /* namespaces whose objects of a kind are listed by themselves */
};

typedef struct Entry {
    Str name;
    Str text; /* JSON: packed like that thousands take little; empty: has been changed since */
} Entry;

typedef struct Part {
    struct Part *next;
    Str path;  /* of the list; what it is told apart by */
    Str kind;  /* the same without its namespace */
    bool wide; /* of all namespaces: what charts have made there */
    pthread_mutex_t turn;
    bool read, failed;
    int64_t read_ms;
    Arena memory;       /* of what follows */
    VEC(Entry) entries; /* by name */
} Part;

struct Snapshot {
    pthread_mutex_t turn;
    Arena memory; /* of the parts */
    Part *parts;
};

Snapshot *snapshot_new(Arena *a)
{
    Snapshot *snapshot = arena_new(a, Snapshot);

    pthread_mutex_init(&snapshot->turn, NULL);
    return snapshot;
}

void snapshot_close(Snapshot *snapshot)
{
    for (Part *part = snapshot->parts; part; part = part->next) {
        pthread_mutex_destroy(&part->turn);
        arena_free(&part->memory);
    }
    pthread_mutex_destroy(&snapshot->turn);
    arena_free(&snapshot->memory);
}

static Part *new_part(Snapshot *snapshot, const SnapshotPart *which, Str path)
{
    Part *part = arena_new(&snapshot->memory, Part);

    pthread_mutex_init(&part->turn, NULL);
    part->path = str_copy(&snapshot->memory, path);
    part->kind = kind_path(&snapshot->memory, which->kind, STR(""), STR(""));
    part->wide = which->kind->namespaced && !which->namespace.len;
    part->next = snapshot->parts;
    snapshot->parts = part;
    return part;
}

static Part *part_of(Snapshot *snapshot, const SnapshotPart *which, bool make)
{
    DEFER(arena_free) Arena scratch = {0};
    Str path = kind_path(&scratch, which->kind, which->namespace, STR(""));

    pthread_mutex_lock(&snapshot->turn);
    Part *part = snapshot->parts;
    while (part && !str_equal(part->path, path))
        part = part->next;
    if (!part && make)
        part = new_part(snapshot, which, path);
    pthread_mutex_unlock(&snapshot->turn);
    return part;
}

/* Whether so many namespaces' objects of the kind are looked at that one list of all is less work.
 */
static bool is_wide(Snapshot *snapshot, const SnapshotPart *which)
{
    DEFER(arena_free) Arena scratch = {0};
    Str kind = kind_path(&scratch, which->kind, STR(""), STR(""));
    Str path = kind_path(&scratch, which->kind, which->namespace, STR(""));
    size_t others = 0;

    pthread_mutex_lock(&snapshot->turn);
    for (const Part *part = snapshot->parts; part; part = part->next)
        others += !part->wide && str_equal(part->kind, kind) && !str_equal(part->path, path);
    pthread_mutex_unlock(&snapshot->turn);
    return which->namespace.len && others >= MOST_NARROW;
}

static int compare_entries(const void *left, const void *right)
{
    return str_compare(((const Entry *)left)->name, ((const Entry *)right)->name);
}

/* Where NAME is, or would be. */
static size_t place_of(const Part *part, Str name)
{
    size_t low = 0, high = part->entries.len;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (str_compare(part->entries.items[middle].name, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static Entry *find(const Part *part, Str name)
{
    size_t at = place_of(part, name);

    return at < part->entries.len && str_equal(part->entries.items[at].name, name)
               ? &part->entries.items[at]
               : NULL;
}

static Str packed(Arena *a, Value object)
{
    Buf text = {.arena = a};
    Error *err = json_write(&text, object, (JsonStyle){0});

    if (!err)
        return buf_str(&text);
    error_free(err);
    return (Str){0}; // then it is asked for
}

/* What NAME is called in PART, which may be of all namespaces. */
static Str entry_name(Arena *a, const Part *part, Str namespace, Str name)
{
    return part->wide ? str_format(a, "%.*s/%.*s", STR_ARG(namespace), STR_ARG(name))
                      : str_copy(a, name);
}

static Error *read_list(Part *part, KubeClient *client, const SnapshotPart *which)
{
    DEFER(arena_free) Arena scratch = {0};
    ListedObjects objects;
    Listing listing = {.kind = which->kind,
                       .namespace = which->namespace,
                       .most_pages = MOST_PAGES,
                       .most_page_bytes = MOST_PAGE_BYTES};

    TargetQuery charts = {
        .labels = map_of(&scratch, {"app.kubernetes.io/managed-by", value_c("Helm")}).map};

    if (part->wide)
        listing.query = &charts;
    if (manifest_is_secret(which->kind->api_version, which->kind->kind))
        listing.fields = "type!%3Dhelm.sh%2Frelease.v1"; // records, which are large
    TRY(listing_read(client, &scratch, &listing, &objects));
    for (size_t i = 0; i < objects.len; i++) {
        Str name =
            entry_name(&part->memory, part, field_string(&objects.items[i], "metadata.namespace"),
                       field_string(&objects.items[i], "metadata.name"));
        Str text = packed(&scratch, objects.items[i]);

        *vec_add(&part->memory, &part->entries) = (Entry){name, str_copy(&part->memory, text)};
    }
    if (part->entries.len)
        qsort(part->entries.items, part->entries.len, sizeof(*part->entries.items),
              compare_entries);
    return NULL;
}

static void need_list(Part *part, KubeClient *client, const SnapshotPart *which)
{
    if (part->failed || (part->read && clock_ms() - part->read_ms < FRESH_MS))
        return;
    arena_free(&part->memory);
    memset(&part->entries, 0, sizeof(part->entries));
    part->read_ms = clock_ms();
    Error *err = read_list(part, client, which);
    part->read = !err;
    part->failed = err != NULL; // who asks for the single object is told why
    error_free(err);
}

static SnapshotAnswer look_in(Part *part, KubeClient *client, Arena *a, const SnapshotPart *which,
                              Str name, Value *out)
{
    Str text = {0};

    pthread_mutex_lock(&part->turn);
    need_list(part, client, which);
    const Entry *entry = find(part, name);
    bool known = part->read && (!entry || entry->text.len);
    if (known && entry)
        text = str_copy(a, entry->text);
    pthread_mutex_unlock(&part->turn);
    if (!known)
        return SNAPSHOT_UNKNOWN;
    if (!text.len)
        return SNAPSHOT_ABSENT;
    Error *err = json_parse(a, NULL, text, out);
    if (!err)
        return SNAPSHOT_THERE;
    error_free(err);
    return SNAPSHOT_UNKNOWN;
}

SnapshotAnswer snapshot_look(Snapshot *snapshot, KubeClient *client, Arena *a,
                             const SnapshotPart *which, Str name, Value *out)
{
    SnapshotPart all = {which->kind, {"", 0}};

    if (is_wide(snapshot, which)) {
        Part *part = part_of(snapshot, &all, true);
        Str known = entry_name(a, part, which->namespace, name);
        SnapshotAnswer answer = look_in(part, client, a, &all, known, out);

        if (answer == SNAPSHOT_THERE)
            return answer;
    }
    return look_in(part_of(snapshot, which, true), client, a, which, name, out);
}

/* The entry of NAME, made if there is none. */
static Entry *need_entry(Part *part, Str name)
{
    size_t at = place_of(part, name);
    Entry *entry = find(part, name);

    if (entry)
        return entry;
    (void)vec_add(&part->memory, &part->entries);
    entry = &part->entries.items[at];
    memmove(entry + 1, entry, (part->entries.len - 1 - at) * sizeof(*entry));
    *entry = (Entry){.name = str_copy(&part->memory, name)};
    return entry;
}

static void touch_in(Part *part, Str name, const Value *now)
{
    if (!part)
        return;
    pthread_mutex_lock(&part->turn);
    if (part->read)
        need_entry(part, name)->text = now ? packed(&part->memory, *now) : (Str){0};
    pthread_mutex_unlock(&part->turn);
}

void snapshot_touch(Snapshot *snapshot, const SnapshotPart *which, Str name, const Value *now)
{
    DEFER(arena_free) Arena scratch = {0};
    Part *all = part_of(snapshot, &(SnapshotPart){which->kind, {"", 0}}, false);

    touch_in(part_of(snapshot, which, false), name, now);
    if (all && all->wide)
        touch_in(all, entry_name(&scratch, all, which->namespace, name), now);
}
