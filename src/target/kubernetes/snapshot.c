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
};

typedef struct Entry {
    Str name;
    Str text; /* JSON: packed like that thousands take little; empty: has been changed since */
} Entry;

typedef struct Part {
    struct Part *next;
    Str path; /* of the list; what it is told apart by */
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

static Part *new_part(Snapshot *snapshot, Str path)
{
    Part *part = arena_new(&snapshot->memory, Part);

    pthread_mutex_init(&part->turn, NULL);
    part->path = str_copy(&snapshot->memory, path);
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
        part = new_part(snapshot, path);
    pthread_mutex_unlock(&snapshot->turn);
    return part;
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

static Error *read_list(Part *part, KubeClient *client, const SnapshotPart *which)
{
    DEFER(arena_free) Arena scratch = {0};
    ListedObjects objects;
    Listing listing = {.kind = which->kind,
                       .namespace = which->namespace,
                       .most_pages = MOST_PAGES,
                       .most_page_bytes = MOST_PAGE_BYTES};

    if (manifest_is_secret(which->kind->api_version, which->kind->kind))
        listing.fields = "type!%3Dhelm.sh%2Frelease.v1"; // records, which are large
    TRY(listing_read(client, &scratch, &listing, &objects));
    for (size_t i = 0; i < objects.len; i++) {
        Str name = str_copy(&part->memory, field_string(&objects.items[i], "metadata.name"));
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

SnapshotAnswer snapshot_look(Snapshot *snapshot, KubeClient *client, Arena *a,
                             const SnapshotPart *which, Str name, Value *out)
{
    Part *part = part_of(snapshot, which, true);
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

void snapshot_touch(Snapshot *snapshot, const SnapshotPart *which, Str name, const Value *now)
{
    Part *part = part_of(snapshot, which, false);

    if (!part)
        return;
    pthread_mutex_lock(&part->turn);
    if (part->read)
        need_entry(part, name)->text = now ? packed(&part->memory, *now) : (Str){0};
    pthread_mutex_unlock(&part->turn);
}
