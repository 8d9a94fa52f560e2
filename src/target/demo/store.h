/*
 * store.h - the objects of a cluster: a JSON file each, and what is known of them in memory.
 *
 * The files are the truth, NAMESPACE/KIND.GROUP/NAME.json below the cluster's folder, with
 * _cluster for what is in no namespace. In memory there is an Entry for each object of the folders
 * that were looked into; an object itself is parsed when it is asked for.
 *
 * Changes are gathered and written by store_flush; until then the files are as they were. Whoever
 * calls any of this holds the cluster's lock (cluster.h).
 */
#pragma once

#include "base/error.h"
#include "base/value.h"
#include "base/vec.h"
#include "target/demo/kinds.h"
#include "target/demo/pod_facts.h"

typedef struct Store Store;

/* The place of an object: one for each key, whether the object is there or not. */
typedef struct Entry {
    const Kind *kind;
    Str namespace, name;
    bool exists;
    bool dirty;           /* changed since the last flush */
    int64_t due_ms;       /* when controllers look at it next: see queue.h */
    int64_t saved_due_ms; /* the same, as the change log has it */
    bool touched;         /* due_ms was changed since then */
    bool taken;           /* controllers looked at it since then */

    bool known; /* what follows is as in the object: see store_know */
    Str uid;
    const Str *owners; /* uids */
    size_t owner_count;
    Value labels;   /* of a pod */
    Value selector; /* of what selects pods: spec.selector */
    PodFacts pod;   /* of a pod */
    bool leaving;   /* it is being deleted */

    Str text; /* the object as in its file; empty: not in memory */
} Entry;

typedef VEC(Entry *) EntryList;

/* The store in the folder DIR, which need not be there yet. KINDS must live as long. */
Store *store_new(Arena *a, const char *dir, const Kinds *kinds);

/* Give back all memory: all entries, and what was changed but not flushed. */
void store_forget(Store *store);

/* The object's entry; NULL where there is none. NAMESPACE is empty for what is in none. */
Error *store_find(Store *store, const Kind *kind, Str namespace, Str name, Entry **out) MUST_CHECK;

/* The object of ENTRY, which exists: all of it in A, free to be changed. */
Error *store_read(Store *store, Arena *a, Entry *entry, Value *out) MUST_CHECK;

/* Have OBJECT, which replaces what is there of its kind, namespace and name. */
Error *store_write(Store *store, const Kind *kind, Value object, Entry **out) MUST_CHECK;

/* Take the object of ENTRY away; the entry stays. */
Error *store_remove(Store *store, Entry *entry) MUST_CHECK;

/* All objects of KIND in NAMESPACE, by name; where that is empty, in all namespaces. */
Error *store_list(Store *store, Arena *a, const Kind *kind, Str namespace, EntryList *out)
    MUST_CHECK;

/* The objects of KIND in NAMESPACE that have UID among their owners. */
Error *store_owned(Store *store, Arena *a, const Kind *kind, Str namespace, Str uid, EntryList *out)
    MUST_CHECK;

/* The kinds that there are objects of in NAMESPACE, or in none if that is empty. */
typedef VEC(const Kind *) KindList;

Error *store_kinds(Store *store, Arena *a, Str namespace, KindList *out) MUST_CHECK;

/* Fill in what ENTRY knows of its object. */
Error *store_know(Store *store, Entry *entry) MUST_CHECK;

/* What has changed since the last flush, one line each: "! default/Pod/web-1". */
void store_changes(const Store *store, Buf *out);
bool store_is_changed(const Store *store);

/* Write the changes. If it fails, some are written: forget the store. */
Error *store_flush(Store *store) MUST_CHECK;

/* The entry of what is at PATH ("default/Pod/web-1"), there or not; NULL where PATH is none. */
Error *store_at(Store *store, Str path, Entry **out) MUST_CHECK;

/* ENTRY's path. */
Str store_path(Arena *a, const Entry *entry);

/*
 * Another process changed what is at PATH: what is known of it is void.
 * *OUT is its entry, or NULL if it was never looked at.
 */
Error *store_invalidate(Store *store, Str path, Entry **out) MUST_CHECK;

/* Bytes of memory, roughly. StrList are dropped when there are too many. */
size_t store_size(const Store *store);
