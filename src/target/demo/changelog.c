#include "target/demo/changelog.h"

#include "base/number.h"
#include "io/file.h"
#include "target/demo/cluster.h"

enum { SHORT = 256 << 10 }; /* bytes that a change log may always have */

/* A change log on its way into memory. */
typedef struct Replay {
    Cluster *cluster;
    bool from_start;
    bool finished; /* the last transaction is */
    bool any;      /* at least one was */
    bool kinds;    /* custom kinds changed */
    StrList paths; /* of the transaction at hand */
    EntryList due; /* whose time it changes */
    Arena arena;
} Replay;

static const char *log_path(Arena *a, const Cluster *cluster)
{
    return str_format(a, "%s/changes", cluster->dir).ptr;
}

static void read_state(Cluster *cluster, Str line)
{
    Str revision;
    uint64_t n;
    int64_t ms;

    if (!str_cut(&line, ' ', &revision) || number_parse_uint(revision, 10, &n) != NUMBER_OK ||
        number_parse_int(line, 10, &ms) != NUMBER_OK)
        return;
    cluster->revision = n > cluster->revision ? n : cluster->revision;
    cluster->now_ms = ms > cluster->now_ms ? ms : cluster->now_ms;
}

static Error *set_due(Replay *replay, Str path, int64_t ms)
{
    Entry *entry;

    TRY(store_at(replay->cluster->store, path, &entry));
    if (!entry)
        return NULL;
    queue_set(&replay->cluster->queue, entry, ms);
    entry->saved_due_ms = ms;
    *vec_add(&replay->arena, &replay->due) = entry;
    return NULL;
}

static Error *read_due(Replay *replay, Str line)
{
    Str due;
    int64_t ms;

    if (!str_cut(&line, ' ', &due) || number_parse_int(due, 10, &ms) != NUMBER_OK)
        return NULL;
    return set_due(replay, line, ms);
}

/*
 * The files of a transaction were written. In an unfinished one that is not known: what changes
 * is looked at again, and so is what was looked at, as it may have been what made the changes.
 */
static Error *end_transaction(Replay *replay, bool unfinished)
{
    for (size_t i = 0; unfinished && i < replay->due.len; i++)
        queue_add(&replay->cluster->queue, replay->due.items[i], replay->cluster->now_ms);
    replay->due.len = 0;
    for (size_t i = 0; i < replay->paths.len; i++) {
        Str path = replay->paths.items[i];
        Entry *entry = NULL;

        replay->kinds |= str_starts(path, STR("_cluster/CustomResourceDefinition."));
        if (unfinished)
            TRY(store_at(replay->cluster->store, path, &entry));
        if (entry)
            queue_add(&replay->cluster->queue, entry, replay->cluster->now_ms);
        if (!replay->from_start || unfinished)
            TRY(store_invalidate(replay->cluster->store, path, &entry));
    }
    replay->paths.len = 0;
    return NULL;
}

static Error *read_line(Replay *replay, Str line)
{
    char sign = line.len ? line.ptr[0] : '\0';
    Str rest = line.len > 2 ? str_skip(line, 2) : STR("");

    switch (sign) {
    case '@':
        // the one before was never finished: its process was killed
        TRY(end_transaction(replay, true));
        read_state(replay->cluster, rest);
        replay->finished = false;
        return NULL;
    case '!':
        *vec_add(&replay->arena, &replay->paths) = rest;
        return NULL;
    case '+':
        return read_due(replay, rest);
    case '-':
        return set_due(replay, rest, INT64_MAX);
    case '.':
        replay->finished = replay->any = true;
        return end_transaction(replay, false);
    default:
        return NULL; // torn by a crash
    }
}

static Error *read_lines(Replay *replay, Changelog *log, Str text)
{
    while (text.len) {
        size_t end = str_find_char(text, '\n');

        log->torn = end == STR_NONE;
        if (log->torn)
            break;
        TRY(read_line(replay, str_slice(text, 0, end)));
        text = str_skip(text, end + 1);
        log->read += end + 1;
    }
    return end_transaction(replay, true);
}

/* Custom kinds, as their definitions stand. */
static Error *load_kinds(Cluster *cluster)
{
    DEFER(arena_free) Arena scratch = {0};
    const Kind *kind = kinds_built_in("apiextensions.k8s.io", "CustomResourceDefinition");
    EntryList definitions;
    Value object;

    TRY(store_list(cluster->store, &scratch, kind, STR(""), &definitions));
    for (size_t i = 0; i < definitions.len; i++) {
        TRY(store_read(cluster->store, &scratch, definitions.items[i], &object));
        if (definition_is_established(&object))
            kinds_add_custom(cluster->kinds, &object);
    }
    return NULL;
}

static Error *open_again(Cluster *cluster)
{
    DEFER(arena_free) Arena scratch = {0};

    cluster_forget(cluster);
    journal_close(&cluster->log.journal);
    cluster->log.read = 0;
    TRY(journal_open(log_path(&scratch, cluster), &cluster->log.journal));
    TRY(config_load(&cluster->arena, cluster->dir, &cluster->config));
    return load_kinds(cluster);
}

static Error *replay(Cluster *cluster, bool from_start, bool *fresh)
{
    Replay replay = {.cluster = cluster, .from_start = from_start, .any = !from_start};
    Str text;
    Error *err = journal_read(&replay.arena, &cluster->log.journal, cluster->log.read, &text);

    if (!err)
        err = read_lines(&replay, &cluster->log, text);
    if (!err && replay.kinds && !from_start)
        err = load_kinds(cluster);
    *fresh = !replay.any;
    arena_free(&replay.arena);
    return err;
}

Error *changelog_sync(Cluster *cluster, bool *fresh)
{
    DEFER(arena_free) Arena scratch = {0};
    Changelog *log = &cluster->log;
    const char *path = log_path(&scratch, cluster);
    bool from_start =
        !log->journal.fd || journal_replaced(&log->journal, path) || cluster->is_forgotten;

    if (from_start)
        TRY(open_again(cluster));
    return replay(cluster, from_start, fresh);
}

static Error *add(Cluster *cluster, Str text)
{
    TRY(journal_add(&cluster->log.journal, text));
    cluster->log.read += text.len;
    return NULL;
}

/* Which entries' times have changed; where objects have, too, also those that were looked at. */
static void add_queue(const Queue *queue, bool changes, Buf *b)
{
    for (size_t i = 0; i < queue->touched.len; i++) {
        const Entry *entry = queue->touched.items[i];
        Str path = store_path(b->arena, entry);

        if (entry->due_ms == entry->saved_due_ms && !(changes && entry->taken))
            continue;
        if (entry->due_ms == INT64_MAX)
            buf_format(b, "- %.*s\n", STR_ARG(path));
        else
            buf_format(b, "+ %lld %.*s\n", (long long)entry->due_ms, STR_ARG(path));
    }
}

static void save_queue(Queue *queue)
{
    for (size_t i = 0; i < queue->touched.len; i++) {
        queue->touched.items[i]->touched = queue->touched.items[i]->taken = false;
        queue->touched.items[i]->saved_due_ms = queue->touched.items[i]->due_ms;
    }
    queue->touched.len = 0;
}

static void add_state(const Cluster *cluster, Buf *b)
{
    buf_format(b, "%s@ %llu %lld\n", cluster->log.torn ? "\n" : "",
               (unsigned long long)cluster->revision, (long long)cluster->now_ms);
}

Error *changelog_begin(Cluster *cluster, bool *begun)
{
    DEFER(arena_free) Arena scratch = {0};
    Buf queue = {.arena = &scratch}, b = {.arena = &scratch};
    Changelog *log = &cluster->log;

    add_queue(&cluster->queue, store_is_changed(cluster->store), &queue);
    *begun = queue.len || store_is_changed(cluster->store) ||
             cluster->revision != log->saved_revision || cluster->now_ms - log->saved_ms >= 1000;
    if (!*begun)
        return NULL;
    add_state(cluster, &b);
    store_changes(cluster->store, &b);
    buf_add(&b, buf_str(&queue));
    TRY(add(cluster, buf_str(&b)));
    log->torn = false;
    log->saved_ms = cluster->now_ms;
    log->saved_revision = cluster->revision;
    save_queue(&cluster->queue);
    return NULL;
}

/* A change log of the present state only. */
static Error *shorten(Cluster *cluster)
{
    DEFER(arena_free) Arena scratch = {0};
    Buf b = {.arena = &scratch};
    Changelog *log = &cluster->log;

    add_state(cluster, &b);
    for (size_t i = 0; i < cluster->queue.heap.len; i++) {
        const QueueItem *item = &cluster->queue.heap.items[i];

        if (item->due_ms == item->entry->due_ms)
            buf_format(&b, "+ %lld %.*s\n", (long long)item->due_ms,
                       STR_ARG(store_path(&scratch, item->entry)));
    }
    buf_add_c(&b, ".\n");
    TRY(file_replace_unsynced(log_path(&scratch, cluster), buf_str(&b)));
    journal_close(&log->journal);
    TRY(journal_open(log_path(&scratch, cluster), &log->journal));
    log->read = b.len;
    log->limit = 4 * b.len;
    return NULL;
}

Error *changelog_end(Cluster *cluster)
{
    TRY(add(cluster, STR(".\n")));
    if (cluster->log.read > SHORT && cluster->log.read > cluster->log.limit)
        return shorten(cluster);
    return NULL;
}
