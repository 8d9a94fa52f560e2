#include "target/demo/store.h"

#include "base/field.h"
#include "base/json.h"
#include "base/sorted.h"
#include "io/file.h"
#include "target/demo/file_name.h"
#include "target/demo/object_path.h"
#include "target/demo/stamp.h"

#include <string.h>

enum { MOST_TEXTS = 24 << 20 }; /* bytes of texts that are kept in memory */

/* Who owns an object: for finding the objects of an owner. */
typedef struct Owned {
    Str owner;
    Entry *entry;
} Owned;

/* The objects of a kind in a namespace. */
typedef struct Collection {
    const Kind *kind;
    Str namespace;
    EntryList entries; /* sorted by name */
    VEC(Owned) owned;  /* sorted by owner; all there is if all are known */
    bool all_known;
} Collection;

struct Store {
    const char *dir;
    const Kinds *kinds;
    Arena arena; /* entries */
    Arena texts;
    size_t arena_bytes, text_bytes;
    VEC(Collection *) collections; /* sorted by kind, then by namespace */
    EntryList changed;
};

static const JsonStyle file_style = {.indent = "  "};

Store *store_new(Arena *a, const char *dir, const Kinds *kinds)
{
    Store *store = arena_new(a, Store);

    *store = (Store){.dir = dir, .kinds = kinds};
    return store;
}

void store_forget(Store *store)
{
    arena_free(&store->arena);
    arena_free(&store->texts);
    *store = (Store){.dir = store->dir, .kinds = store->kinds};
}

size_t store_size(const Store *store)
{
    return store->arena_bytes + store->text_bytes;
}

Str store_path(Arena *a, const Entry *entry)
{
    return object_path(a, &(ObjectPath){entry->kind, entry->namespace, entry->name});
}

static const char *file_path(const Store *store, Arena *a, const Entry *entry)
{
    Str path = store_path(a, entry);

    return str_format(a, "%s/%.*s.json", store->dir, STR_ARG(path)).ptr;
}

typedef struct CollectionKey {
    const Kind *kind;
    Str namespace;
} CollectionKey;

static int compare_collection(const void *collection, const void *key)
{
    const Collection *c = *(Collection *const *)collection;
    const CollectionKey *wanted = key;
    int order = strcmp(c->kind->kind, wanted->kind->kind);

    order = order ? order : strcmp(c->kind->group, wanted->kind->group);
    return order ? order : str_compare(c->namespace, wanted->namespace);
}

static size_t collection_position(const Store *store, const Kind *kind, Str namespace, bool *found)
{
    CollectionKey key = {kind, namespace};

    return sorted_position(store->collections.items, store->collections.len,
                           sizeof(*store->collections.items), &key, compare_collection, found);
}

static int compare_entry(const void *entry, const void *name)
{
    return str_compare((*(Entry *const *)entry)->name, *(const Str *)name);
}

static size_t entry_position(const Collection *c, Str name, bool *found)
{
    return sorted_position(c->entries.items, c->entries.len, sizeof(*c->entries.items), &name,
                           compare_entry, found);
}

/* The entry of NAME, made if need be. */
static Entry *collection_entry(Store *store, Collection *c, Str name)
{
    bool found;
    size_t at = entry_position(c, name, &found);
    Entry *entry;

    if (found)
        return c->entries.items[at];
    entry = arena_new(&store->arena, Entry);
    store->arena_bytes += sizeof(*entry) + name.len + 100;
    *entry = (Entry){
        .kind = c->kind,
        .namespace = c->namespace,
        .name = str_copy(&store->arena, name),
        .due_ms = INT64_MAX,
        .saved_due_ms = INT64_MAX,
        .labels = value_missing(),
        .selector = value_missing(),
    };
    (void)vec_add(&store->arena, &c->entries);
    memmove(&c->entries.items[at + 1], &c->entries.items[at],
            (c->entries.len - 1 - at) * sizeof(Entry *));
    c->entries.items[at] = entry;
    return entry;
}

/* What is in the folder of C. Files that a killed process has left half written go. */
static Error *list_folder(Store *store, Collection *c)
{
    DEFER(arena_free) Arena scratch = {0};
    const char *path = str_format(&scratch, "%s/%.*s", store->dir,
                                  STR_ARG(kind_folder(&scratch, c->kind, c->namespace)))
                           .ptr;
    FileEntryList files = {0};
    Error *err = directory_read(&scratch, path, &files);
    Str name;

    if (err && error_kind_of(err) == ERROR_NOT_FOUND) {
        error_free(err);
        return NULL;
    }
    TRY(err);
    for (size_t i = 0; i < files.len; i++) {
        if (file_name_read(&scratch, files.items[i].name, &name))
            collection_entry(store, c, name)->exists = true;
        else if (file_name_is_left_over(files.items[i].name))
            TRY(file_remove(
                str_format(&scratch, "%s/%.*s", path, STR_ARG(files.items[i].name)).ptr));
    }
    return NULL;
}

static Error *find_collection(Store *store, const Kind *kind, Str namespace, Collection **out)
{
    bool found;
    size_t at = collection_position(store, kind, namespace, &found);
    Collection *c;

    if (found) {
        *out = store->collections.items[at];
        (*out)->kind = kind; // of a custom kind, a newer definition
        return NULL;
    }
    c = arena_new(&store->arena, Collection);
    store->arena_bytes += sizeof(*c) + namespace.len;
    *c = (Collection){.kind = kind, .namespace = str_copy(&store->arena, namespace)};
    TRY(list_folder(store, c));
    c->all_known = c->entries.len == 0;
    (void)vec_add(&store->arena, &store->collections);
    memmove(&store->collections.items[at + 1], &store->collections.items[at],
            (store->collections.len - 1 - at) * sizeof(Collection *));
    store->collections.items[at] = c;
    *out = c;
    return NULL;
}

Error *store_find(Store *store, const Kind *kind, Str namespace, Str name, Entry **out)
{
    Collection *c;
    bool found;
    size_t at;

    TRY(find_collection(store, kind, namespace, &c));
    at = entry_position(c, name, &found);
    *out = found && c->entries.items[at]->exists ? c->entries.items[at] : NULL;
    return NULL;
}

static void drop_texts(Store *store)
{
    for (size_t i = 0; i < store->collections.len; i++) {
        Collection *c = store->collections.items[i];

        for (size_t j = 0; j < c->entries.len; j++)
            c->entries.items[j]->text = (Str){0};
    }
    arena_free(&store->texts);
    store->text_bytes = 0;
}

static Str keep_text(Store *store, Str text)
{
    store->text_bytes += text.len;
    return str_copy(&store->texts, text);
}

/* A machine that crashed may leave a file that was made but never written: as if it were not. */
static bool is_blank(Str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] != '\0' && text.ptr[i] != '\n')
            return false;
    return true;
}

/* The text of ENTRY's file. */
static Error *load_text(Store *store, Entry *entry)
{
    DEFER(arena_free) Arena scratch = {0};
    const char *path;
    Str text;

    if (entry->text.len)
        return NULL;
    path = file_path(store, &scratch, entry);
    TRY(file_read(&scratch, path, &text));
    if (is_blank(text)) {
        entry->exists = false;
        TRY(file_remove(path));
        return error_new(ERROR_NOT_FOUND, "%s was lost", path);
    }
    entry->text = keep_text(store, text);
    return NULL;
}

Error *store_read(Store *store, Arena *a, Entry *entry, Value *out)
{
    Error *err = load_text(store, entry);

    if (!err)
        err = json_parse(a, "an object of the demo cluster", entry->text, out);
    if (!err && out->kind != VALUE_MAP)
        err = error_new(ERROR_INPUT, "it is no object");
    return error_wrap(err, "demo cluster: %s/%s %.*s", store->dir, entry->kind->kind,
                      STR_ARG(entry->name));
}

static int compare_owner(const void *owned, const void *owner)
{
    return str_compare(((const Owned *)owned)->owner, *(const Str *)owner);
}

static size_t owned_position(const Collection *c, Str owner)
{
    return sorted_position(c->owned.items, c->owned.len, sizeof(*c->owned.items), &owner,
                           compare_owner, NULL);
}

static void add_owned(Store *store, Collection *c, Str owner, Entry *entry)
{
    size_t at = owned_position(c, owner);

    (void)vec_add(&store->arena, &c->owned);
    memmove(&c->owned.items[at + 1], &c->owned.items[at],
            (c->owned.len - 1 - at) * sizeof(*c->owned.items));
    c->owned.items[at] = (Owned){owner, entry};
}

static void remove_owned(Collection *c, Str owner, const Entry *entry)
{
    size_t at = owned_position(c, owner);

    while (at < c->owned.len && str_equal(c->owned.items[at].owner, owner)) {
        if (c->owned.items[at].entry != entry) {
            at++;
            continue;
        }
        c->owned.len--;
        memmove(&c->owned.items[at], &c->owned.items[at + 1],
                (c->owned.len - at) * sizeof(*c->owned.items));
    }
}

static bool owners_equal(const Entry *entry, ValueList owners)
{
    if (entry->owner_count != owners.len)
        return false;
    for (size_t i = 0; i < owners.len; i++)
        if (!str_equal(entry->owners[i], field_string(&owners.items[i], "uid")))
            return false;
    return true;
}

static void know_owners(Store *store, Collection *c, Entry *entry, ValueList owners)
{
    Str *uids;

    if (owners_equal(entry, owners))
        return;
    for (size_t i = 0; i < entry->owner_count; i++)
        remove_owned(c, entry->owners[i], entry);
    uids = arena_array(&store->arena, Str, owners.len);
    for (size_t i = 0; i < owners.len; i++) {
        uids[i] = str_copy(&store->arena, field_string(&owners.items[i], "uid"));
        store->arena_bytes += uids[i].len + sizeof(Owned) + sizeof(Str);
        add_owned(store, c, uids[i], entry);
    }
    entry->owners = uids;
    entry->owner_count = owners.len;
}

static void know_value(Store *store, Value *known, const Value *v)
{
    if (!v && value_type_of(*known) == TYPE_MISSING)
        return;
    if (v && value_equal(*known, *v))
        return;
    *known = v ? value_copy(&store->arena, *v) : value_missing();
    store->arena_bytes += v ? 200 : 0;
}

static bool selects_pods(const Kind *kind)
{
    return kind_is(kind, "", "Service") || kind_is(kind, "policy", "PodDisruptionBudget");
}

static void know(Store *store, Collection *c, Entry *entry, const Value *object)
{
    Str uid = field_string(object, "metadata.uid");

    if (!str_equal(entry->uid, uid))
        entry->uid = str_copy(&store->arena, uid);
    know_owners(store, c, entry, field_list(object, "metadata.ownerReferences"));
    if (kind_is(entry->kind, "", "Pod")) {
        know_value(store, &entry->labels, field_at(object, "metadata.labels"));
        entry->pod = pod_facts(object);
    }
    if (selects_pods(entry->kind))
        know_value(store, &entry->selector, field_at(object, "spec.selector"));
    entry->leaving = field_string(object, "metadata.deletionTimestamp").len > 0;
    entry->known = true;
}

Error *store_know(Store *store, Entry *entry)
{
    DEFER(arena_free) Arena scratch = {0};
    Collection *c;
    Value object;

    if (entry->known || !entry->exists)
        return NULL;
    TRY(find_collection(store, entry->kind, entry->namespace, &c));
    TRY(store_read(store, &scratch, entry, &object));
    know(store, c, entry, &object);
    return NULL;
}

static void mark_changed(Store *store, Entry *entry)
{
    if (!entry->dirty)
        *vec_add(&store->arena, &store->changed) = entry;
    entry->dirty = true;
}

Error *store_write(Store *store, const Kind *kind, Value object, Entry **out)
{
    DEFER(arena_free) Arena scratch = {0};
    Buf text = {.arena = &scratch};
    Collection *c;
    Entry *entry;

    TRY(find_collection(
        store, kind,
        kind->flags & KIND_NAMESPACED ? field_string(&object, "metadata.namespace") : STR(""), &c));
    TRY(json_write(&text, object, file_style));
    buf_add_char(&text, '\n');
    entry = collection_entry(store, c, field_string(&object, "metadata.name"));
    entry->text = keep_text(store, buf_str(&text));
    entry->exists = true;
    know(store, c, entry, &object);
    mark_changed(store, entry);
    if (out)
        *out = entry;
    return NULL;
}

Error *store_remove(Store *store, Entry *entry)
{
    Collection *c;

    TRY(find_collection(store, entry->kind, entry->namespace, &c));
    know_owners(store, c, entry, (ValueList){0});
    entry->exists = entry->known = false;
    entry->text = (Str){0};
    mark_changed(store, entry);
    return NULL;
}

static void list_collection(Arena *a, const Collection *c, EntryList *out)
{
    for (size_t i = 0; i < c->entries.len; i++)
        if (c->entries.items[i]->exists)
            *vec_add(a, out) = c->entries.items[i];
}

Error *store_list(Store *store, Arena *a, const Kind *kind, Str namespace, EntryList *out)
{
    Collection *c;
    EntryList namespaces = {0};

    *out = (EntryList){0};
    if (!(kind->flags & KIND_NAMESPACED) || namespace.len) {
        TRY(find_collection(store, kind, namespace, &c));
        list_collection(a, c, out);
        return NULL;
    }
    TRY(store_list(store, a, kinds_built_in("", "Namespace"), STR(""), &namespaces));
    for (size_t i = 0; i < namespaces.len; i++) {
        TRY(find_collection(store, kind, namespaces.items[i]->name, &c));
        list_collection(a, c, out);
    }
    return NULL;
}

Error *store_owned(Store *store, Arena *a, const Kind *kind, Str namespace, Str uid, EntryList *out)
{
    Collection *c;

    *out = (EntryList){0};
    TRY(find_collection(store, kind, namespace, &c));
    for (size_t i = 0; !c->all_known && i < c->entries.len; i++)
        TRY(store_know(store, c->entries.items[i]));
    c->all_known = true;
    for (size_t i = owned_position(c, uid);
         i < c->owned.len && str_equal(c->owned.items[i].owner, uid); i++)
        if (c->owned.items[i].entry->exists)
            *vec_add(a, out) = c->owned.items[i].entry;
    return NULL;
}

static Error *add_kind(Store *store, Arena *a, const Kind *kind, Str namespace, KindList *out)
{
    Collection *c;

    for (size_t i = 0; i < out->len; i++)
        if (out->items[i] == kind)
            return NULL;
    TRY(find_collection(store, kind, namespace, &c));
    for (size_t i = 0; i < c->entries.len; i++)
        if (c->entries.items[i]->exists) {
            *vec_add(a, out) = kind;
            break;
        }
    return NULL;
}

Error *store_kinds(Store *store, Arena *a, Str namespace, KindList *out)
{
    const char *path =
        str_format(a, "%s/%.*s", store->dir, STR_ARG(namespace_folder(namespace))).ptr;
    FileEntryList folders = {0};
    Error *err = directory_read(a, path, &folders);

    *out = (KindList){0};
    if (err && error_kind_of(err) != ERROR_NOT_FOUND)
        return err;
    error_free(err);
    for (size_t i = 0; i < folders.len; i++) {
        const Kind *kind = kinds_of_folder(store->kinds, folders.items[i].name);

        if (kind)
            TRY(add_kind(store, a, kind, namespace, out));
    }
    // and what is not in files yet
    for (size_t i = 0; i < store->collections.len; i++)
        if (str_equal(store->collections.items[i]->namespace, namespace))
            TRY(add_kind(store, a, store->collections.items[i]->kind, namespace, out));
    return NULL;
}

bool store_is_changed(const Store *store)
{
    return store->changed.len > 0;
}

void store_changes(const Store *store, Buf *out)
{
    for (size_t i = 0; i < store->changed.len; i++)
        buf_format(out, "! %.*s\n", STR_ARG(store_path(out->arena, store->changed.items[i])));
}

/* The folders of a namespace that is gone. */
static Error *remove_folders(const Store *store, Arena *scratch, Str namespace)
{
    const char *path = str_format(scratch, "%s/%.*s", store->dir, STR_ARG(namespace)).ptr;
    FileEntryList folders = {0};
    Error *err = directory_read(scratch, path, &folders);

    if (err && error_kind_of(err) == ERROR_NOT_FOUND) {
        error_free(err);
        return NULL;
    }
    TRY(err);
    for (size_t i = 0; i < folders.len; i++)
        if (folders.items[i].is_directory)
            TRY(directory_remove(
                str_format(scratch, "%s/%.*s", path, STR_ARG(folders.items[i].name)).ptr));
    return directory_remove(path);
}

static Error *flush_entry(Store *store, Arena *scratch, Entry *entry)
{
    const char *path = file_path(store, scratch, entry);

    if (entry->exists)
        TRY(file_replace_unsynced(path, entry->text));
    else
        TRY(file_remove(path));
    entry->dirty = false;
    return NULL;
}

Error *store_flush(Store *store)
{
    DEFER(arena_free) Arena scratch = {0};

    for (size_t i = 0; i < store->changed.len; i++)
        TRY(flush_entry(store, &scratch, store->changed.items[i]));
    for (size_t i = 0; i < store->changed.len; i++)
        if (!store->changed.items[i]->exists &&
            kind_is(store->changed.items[i]->kind, "", "Namespace"))
            TRY(remove_folders(store, &scratch, store->changed.items[i]->name));
    store->changed.len = 0;
    if (store->text_bytes > MOST_TEXTS)
        drop_texts(store);
    return NULL;
}

Error *store_at(Store *store, Str path, Entry **out)
{
    DEFER(arena_free) Arena scratch = {0};
    ObjectPath parts;
    Collection *c;

    *out = NULL;
    if (!object_path_read(&scratch, store->kinds, path, &parts))
        return NULL;
    TRY(find_collection(store, parts.kind, parts.namespace, &c));
    *out = collection_entry(store, c, parts.name);
    return NULL;
}

Error *store_invalidate(Store *store, Str path, Entry **out)
{
    DEFER(arena_free) Arena scratch = {0};
    ObjectPath parts;
    Collection *c;
    bool found;
    size_t at;

    *out = NULL;
    if (!object_path_read(&scratch, store->kinds, path, &parts))
        return NULL;
    at = collection_position(store, parts.kind, parts.namespace, &found);
    if (!found)
        return NULL;
    c = store->collections.items[at];
    *out = collection_entry(store, c, parts.name);
    know_owners(store, c, *out, (ValueList){0});
    (*out)->known = c->all_known = false;
    (*out)->text = (Str){0};
    (*out)->exists = file_kind(file_path(store, &scratch, *out)) == FILE_REGULAR;
    return NULL;
}
