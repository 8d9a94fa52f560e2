/*
 * strategic.c - a strategic merge patch laid on an object.
 *
 * kustomize's walk changes nodes of both trees in place, and what it makes of lists whose items
 * have only some of their keys follows from that; so this one walks the same way, on nodes of its
 * own: an item of the object that is merged is the same item afterwards.
 * Source: kustomize, kyaml/yaml/walk and kyaml/yaml/merge2; kyaml/yaml/fns.go, ElementSetter.
 */
#include "patch/objects.h"

enum { MOST_KEYS = 2, DEEPEST = 1000 };

typedef struct Node Node;
typedef VEC(Node *) NodeList;

struct Node {
    ValueKind kind; /* VALUE_MAP, VALUE_LIST, or that of SCALAR */
    Value scalar;
    Str text;       /* of a scalar, to compare items by */
    StrList names;  /* of a map's items */
    NodeList items; /* of a map or list */
};

/* What a patch says is to be done with what it is laid on. */
typedef enum Directive { DIRECTIVE_MERGE, DIRECTIVE_REPLACE, DIRECTIVE_DELETE } Directive;

/* ---- from values, and back */

static Node *node_of(Arena *a, Value v)
{
    Node *node = arena_new(a, Node);

    node->kind = (ValueKind)v.kind;
    if (v.kind == VALUE_MAP) {
        for (size_t i = 0; v.map && i < v.map->len; i++) {
            *vec_add(a, &node->names) = v.map->entries[i].key;
            *vec_add(a, &node->items) = node_of(a, v.map->entries[i].value);
        }
    } else if (v.kind == VALUE_LIST) {
        for (size_t i = 0; i < v.list.len; i++)
            *vec_add(a, &node->items) = node_of(a, v.list.items[i]);
    } else {
        node->scalar = v;
        node->text = v.kind == VALUE_NULL ? (Str){"", 0} : patch_scalar_text(a, v);
    }
    return node;
}

static Value value_of(Arena *a, const Node *node)
{
    if (node->kind == VALUE_MAP) {
        ValueMap *map = value_map_new(a);

        for (size_t i = 0; i < node->items.len; i++)
            value_map_append(a, map, node->names.items[i], value_of(a, node->items.items[i]));
        value_map_sort(map);
        return value_of_map(map);
    }
    if (node->kind == VALUE_LIST) {
        Value *items = arena_array(a, Value, node->items.len);

        for (size_t i = 0; i < node->items.len; i++)
            items[i] = value_of(a, node->items.items[i]);
        return value_list(items, node->items.len);
    }
    return node->scalar;
}

/* ---- nodes */

static bool is_missing(const Node *node)
{
    return !node || node->kind == VALUE_NULL;
}

static size_t index_of(const Node *map, Str name)
{
    for (size_t i = 0; map && map->kind == VALUE_MAP && i < map->names.len; i++)
        if (str_equal(map->names.items[i], name))
            return i;
    return SIZE_MAX;
}

static Node *field(const Node *map, Str name)
{
    size_t at = index_of(map, name);

    return at == SIZE_MAX ? NULL : map->items.items[at];
}

static void remove_at(Node *node, size_t at)
{
    for (size_t i = at + 1; i < node->items.len; i++) {
        node->items.items[i - 1] = node->items.items[i];
        if (node->kind == VALUE_MAP)
            node->names.items[i - 1] = node->names.items[i];
    }
    node->items.len--;
    if (node->kind == VALUE_MAP)
        node->names.len--;
}

static void set_field(Arena *a, Node *map, Str name, Node *v)
{
    size_t at = index_of(map, name);

    if (at != SIZE_MAX) {
        map->items.items[at] = v;
        return;
    }
    *vec_add(a, &map->names) = name;
    *vec_add(a, &map->items) = v;
}

/* ---- directives */

static Error *read_directive(Str text, Directive *out)
{
    *out = DIRECTIVE_MERGE;
    if (str_is(text, "delete"))
        *out = DIRECTIVE_DELETE;
    else if (str_is(text, "replace"))
        *out = DIRECTIVE_REPLACE;
    else if (!str_is(text, "merge"))
        return error_hint(error_new(ERROR_INPUT, "unknown $patch \"%.*s\"", STR_ARG(text)),
                          "known are delete, merge and replace");
    return NULL;
}

/* What the "$patch" in PATCH says, which is taken out. */
static Error *map_directive(Node *patch, Directive *out)
{
    size_t at = index_of(patch, STR("$patch"));

    *out = DIRECTIVE_MERGE;
    if (at == SIZE_MAX)
        return NULL;
    TRY(read_directive(patch->items.items[at]->text, out));
    remove_at(patch, at);
    return NULL;
}

/* A list's is an item of its own. */
static Error *list_directive(Node *patch, Directive *out)
{
    *out = DIRECTIVE_MERGE;
    if (!patch || patch->kind != VALUE_LIST)
        return NULL;
    for (size_t i = 0; i < patch->items.len; i++) {
        Node *item = patch->items.items[i];
        const Node *said = field(item, STR("$patch"));

        if (item->kind != VALUE_MAP || (said && item->items.len > 1))
            return NULL;
        if (!said)
            continue;
        TRY(read_directive(said->text, out));
        remove_at(patch, i);
        return NULL;
    }
    return NULL;
}

/* ---- items of lists, known by the values of some keys */

/* Keys of a list's items, and values of them. An empty value is none. */
typedef struct ItemKey {
    Str names[MOST_KEYS], values[MOST_KEYS];
    size_t len; /* 1, with an empty name, where items are scalars */
} ItemKey;

typedef VEC(ItemKey) ItemKeyList;

static bool is_scalar(const Node *node)
{
    return node->kind != VALUE_MAP && node->kind != VALUE_LIST;
}

/* Whether ITEM has all the values of KEY; LAX: empty ones fit any. */
static bool has_key(const Node *item, const ItemKey *key, bool lax)
{
    for (size_t i = 0; i < key->len; i++) {
        const Node *v = key->names[i].len ? field(item, key->names[i]) : item;

        if (!v || (!key->names[i].len && !is_scalar(item)))
            return false;
        bool any = lax && key->names[i].len && !key->values[i].len;
        if (!any && !str_equal(v->text, key->values[i]))
            return false;
    }
    return true;
}

static Node *find_item(const Node *list, const ItemKey *key)
{
    for (size_t i = 0; list && list->kind == VALUE_LIST && i < list->items.len; i++)
        if (has_key(list->items.items[i], key, false))
            return list->items.items[i];
    return NULL;
}

static bool is_empty_item(const Node *item)
{
    return is_missing(item) || (item->kind == VALUE_MAP && item->items.len == 0);
}

/* Put ITEM where LIST has KEY, or at its end; NULL takes those away. Empty items go, too. */
static void set_item(Arena *a, Node *list, const ItemKey *key, Node *item)
{
    NodeList kept = {0};
    bool found = false;

    for (size_t i = 0; i < list->items.len; i++) {
        Node *old = list->items.items[i];

        if (is_empty_item(old))
            continue;
        bool fits = (old->kind == VALUE_MAP || !key->names[0].len) && has_key(old, key, true);
        if (!fits)
            *vec_add(a, &kept) = old;
        else if (item)
            *vec_add(a, &kept) = item;
        found |= fits;
    }
    if (item && !found)
        *vec_add(a, &kept) = item;
    list->items = kept;
}

/* KEY without those names of which none of ALL has a value; all of them if none has any. */
static ItemKey valid_key(const ItemKey *key, const ItemKeyList *all)
{
    ItemKey valid = {0};

    for (size_t i = 0; i < key->len; i++) {
        bool known = false;

        for (size_t j = 0; j < all->len && !known; j++)
            known = all->items[j].values[i].len > 0;
        if (known) {
            valid.names[valid.len] = key->names[i];
            valid.values[valid.len++] = key->values[i];
        }
    }
    return valid.len ? valid : *key;
}

static ItemKey own_key(ItemKey key)
{
    ItemKeyList one = {.items = &key, .len = 1};

    return valid_key(&key, &one);
}

static ItemKey key_of(const Node *item, const MergeField *by)
{
    ItemKey key = {.len = 1};

    if (!by->keys[0]) {
        key.names[0] = (Str){"", 0};
        key.values[0] = item->text;
        return key;
    }
    key.len = by->keys[1] ? 2 : 1;
    for (size_t i = 0; i < key.len; i++) {
        const Node *v = field(item, str_from(by->keys[i]));

        key.names[i] = str_from(by->keys[i]);
        key.values[i] = v ? v->text : (Str){"", 0};
    }
    return key;
}

static bool is_same_key(const ItemKey *a, const ItemKey *b)
{
    for (size_t i = 0; i < a->len; i++)
        if (!str_equal(a->values[i], b->values[i]))
            return false;
    return true;
}

static void add_keys(Arena *a, const Node *list, const MergeField *by, ItemKeyList *out)
{
    for (size_t i = 0; list && i < list->items.len; i++) {
        ItemKey key = key_of(list->items.items[i], by);
        bool seen = false;

        for (size_t j = 0; j < out->len && !seen; j++)
            seen = is_same_key(&out->items[j], &key);
        if (!seen)
            *vec_add(a, out) = key;
    }
}

/* Two keys of which each has what the other lacks, and one value is the same, are one. */
static void unite(ItemKeyList *keys)
{
    for (size_t i = 0; i < keys->len; i++)
        for (size_t j = 0; j < keys->len; j++) {
            ItemKey *one = &keys->items[i], *other = &keys->items[j], both = *one;
            bool shared = false, fits = true;

            for (size_t k = 0; k < one->len; k++) {
                bool same = str_equal(one->values[k], other->values[k]);

                shared |= same;
                fits &= same || !one->values[k].len || !other->values[k].len;
                if (!one->values[k].len)
                    both.values[k] = other->values[k];
            }
            if (shared && fits)
                *one = *other = both;
        }
}

/* ---- the walk */

typedef struct Walk {
    Arena *arena;
    int depth;
} Walk;

static Error *merge(Walk *w, const MergeField *by, Node *to, Node *patch, Node **out);

/* The items of OLD behind those of LIST, each in the place of what has its key. */
static void append_items(Arena *a, Node *list, const Node *old, const ItemKey *keys)
{
    for (size_t i = 0; i < old->items.len; i++) {
        Node *item = old->items.items[i];
        ItemKey key = *keys;
        size_t known = 0;

        if (!keys->names[0].len) {
            key.values[0] = item->text;
            set_item(a, list, &key, item);
            continue;
        }
        for (size_t k = 0; k < keys->len; k++) {
            const Node *v = field(item, keys->names[k]);

            if (is_missing(v))
                *vec_add(a, &list->items) = item;
            else
                key.values[known++] = v->text;
        }
        if (!known)
            continue;
        key.len = known;
        if (keys->len > 1)
            set_item(a, list, &key, NULL);
        set_item(a, list, &key, item);
    }
}

/* One item of both lists: into ADDED, or out of TO. */
static Error *merge_item(Walk *w, const MergeField *by, const ItemKey *key, Node *to, Node *patch,
                         Node *added)
{
    const MergeField item_by = {.type = by->type};
    ItemKey own = own_key(*key);
    Node *merged;

    TRY(merge(w, &item_by, find_item(to, &own), find_item(patch, &own), &merged));
    if (is_empty_item(merged)) {
        set_item(w->arena, to, key, NULL);
        return NULL;
    }
    for (size_t i = 0; i < key->len; i++)
        if (key->names[i].len && key->values[i].len && !field(merged, key->names[i]))
            set_field(w->arena, merged, key->names[i],
                      node_of(w->arena, value_string(key->values[i])));
    set_item(w->arena, added, key, merged);
    return NULL;
}

static Error *merge_items(Walk *w, const MergeField *by, Node *to, Node *patch, Node **out)
{
    Node *added = node_of(w->arena, value_list(NULL, 0));
    ItemKeyList keys = {0};
    ItemKey valid = {0};

    add_keys(w->arena, patch, by, &keys);
    add_keys(w->arena, to, by, &keys);
    *out = to;
    if (!keys.len)
        return NULL;
    if (by->keys[1])
        unite(&keys);
    for (size_t i = 0; i < keys.len; i++) {
        valid = valid_key(&keys.items[i], &keys);
        TRY(merge_item(w, by, &valid, to, patch, added));
    }
    append_items(w->arena, added, to, &valid);
    *out = added;
    return NULL;
}

static Error *merge_lists(Walk *w, const MergeField *by, Node *to, Node *patch, Node **out)
{
    Directive directive;

    if (!by || !by->merges) {
        *out = patch ? patch : to;
        return NULL;
    }
    if (is_missing(to))
        return merge_items(w, by, patch, patch, out);
    *out = NULL;
    if (patch && patch->kind == VALUE_NULL)
        return NULL;
    TRY(list_directive(patch, &directive));
    if (directive == DIRECTIVE_DELETE)
        return NULL;
    return merge_items(w, by, directive == DIRECTIVE_REPLACE ? patch : to, patch, out);
}

/* TO's fields, PATCH's laid on them. */
static Error *merge_fields(Walk *w, const MergeType *type, Node *to, Node *patch)
{
    StrList names = {0};

    for (size_t i = 0; i < to->names.len; i++)
        *vec_add(w->arena, &names) = to->names.items[i];
    for (size_t i = 0; patch && i < patch->names.len; i++)
        if (index_of(to, patch->names.items[i]) == SIZE_MAX)
            *vec_add(w->arena, &names) = patch->names.items[i];
    for (size_t i = 0; i < names.len; i++) {
        Str name = names.items[i];
        Node *own = field(to, name), *other = field(patch, name), *merged;

        TRY(merge(w, merge_field(type, name), own, other, &merged));
        bool kept = merged && (merged->kind != VALUE_NULL || (merged == own && !other));
        if (kept)
            set_field(w->arena, to, name, merged);
        else if (own)
            remove_at(to, index_of(to, name));
    }
    return NULL;
}

/* A map inside an object may be an object itself. */
static const MergeType *type_for(const MergeField *by, const Node *to, const Node *patch)
{
    const Node *const nodes[] = {to, patch};

    if (by && by->type)
        return by->type;
    for (size_t i = 0; i < COUNT(nodes); i++) {
        const Node *api = field(nodes[i], STR("apiVersion")), *kind = field(nodes[i], STR("kind"));

        if (api && kind && api->text.len && kind->text.len)
            return merge_type_of(api->text, kind->text);
    }
    return NULL;
}

static Error *merge_maps(Walk *w, const MergeField *by, Node *to, Node *patch, Node **out)
{
    Directive directive = DIRECTIVE_MERGE;
    const MergeType *type = type_for(by, to, patch);

    *out = NULL;
    if (!is_missing(to) && patch && patch->kind == VALUE_NULL)
        return NULL;
    if (patch && patch->kind == VALUE_MAP)
        TRY(map_directive(patch, &directive));
    if (directive == DIRECTIVE_DELETE)
        return NULL;
    *out = is_missing(to) || directive == DIRECTIVE_REPLACE ? patch : to;
    return merge_fields(w, type, *out, patch);
}

static ValueKind shape(const Node *node)
{
    return is_scalar(node) ? VALUE_STRING : node->kind;
}

/* *OUT is what PATCH makes of TO, each of which may be NULL; NULL: nothing is left. */
static Error *merge(Walk *w, const MergeField *by, Node *to, Node *patch, Node **out)
{
    const Node *first = is_missing(to) ? patch : to;
    Error *err;

    if (is_missing(first)) {
        *out = patch ? patch : to;
        return NULL;
    }
    if (!is_missing(to) && !is_missing(patch) && shape(to) != shape(patch))
        return error_new(ERROR_INPUT, "the patch has a %s where the object has a %s",
                         value_kind_name(patch->kind), value_kind_name(to->kind));
    if (w->depth >= DEEPEST)
        return error_new(ERROR_INPUT, "the object nests more than %d levels deep", DEEPEST);
    w->depth++;
    if (shape(first) == VALUE_MAP) {
        err = merge_maps(w, by, to, patch, out);
    } else if (shape(first) == VALUE_LIST) {
        err = merge_lists(w, by, to, patch, out);
    } else {
        *out = patch ? patch : to;
        err = NULL;
    }
    w->depth--;
    return by && by->name ? error_wrap(err, "%s", by->name) : err;
}

/* What a patch cannot change: what the object is known by. */
static void keep_identity(Arena *a, const PatchId *id, Value *object)
{
    const Value *metadata = value_map_get_c(object->map, "metadata");

    value_map_set_c(a, object->map, "kind", value_string(id->kind));
    if (!metadata || metadata->kind != VALUE_MAP)
        return;
    value_map_set_c(a, metadata->map, "name", value_string(id->name));
    if (id->namespace.len)
        value_map_set_c(a, metadata->map, "namespace", value_string(id->namespace));
    else
        value_map_remove(metadata->map, STR("namespace"));
}

Error *patch_merge(Arena *a, Value patch, Value *object)
{
    Walk w = {.arena = a};
    PatchId id = patch_id(*object);
    Node *merged;

    TRY(merge(&w, NULL, node_of(a, *object), node_of(a, patch), &merged));
    *object = is_empty_item(merged) ? value_null() : value_of(a, merged);
    if (object->kind == VALUE_MAP)
        keep_identity(a, &id, object);
    return NULL;
}
