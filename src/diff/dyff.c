/*
 * dyff.c - comparisons as dyff makes them: by the nodes of YAML, in the order in which they were
 * written; items of lists by a field that tells them apart. Source: dyff, pkg/dyff/core.go.
 */
#include "diff/dyff.h"

#include "base/field.h"

#include <stdlib.h>
#include <string.h>

enum {
    LEAST_GUESSED = 3,
    MOST_FIELDS = 64,
    MOST_ITEMS = 1000, /* of lists and maps that are looked into */
    DEEPEST = 500,
};

/* One side of a document. */
typedef struct Side {
    const YamlNode *node; /* NULL: it is not there */
    Str name, head;
} Side;

/* The document that is being compared. */
typedef struct Dyff {
    Buf *out;
    Str root; /* its name; empty where there is only one */
} Dyff;

static Error *compare(const Dyff *d, Str path, const YamlNode *from, const YamlNode *to);

/* ---- nodes */

const YamlNode *dyff_node(Arena *a, YamlKind kind, const YamlNode *const *items, size_t len)
{
    YamlNode *node = arena_new(a, YamlNode);
    const YamlNode **own = arena_array(a, const YamlNode *, len);

    if (len)
        memcpy(own, items, len * sizeof(*items));
    *node = (YamlNode){.kind = kind, .items = own, .len = len};
    return node;
}

const char *dyff_type(const YamlNode *node)
{
    DEFER(arena_free) Arena scratch = {0};

    if (node->kind != YAML_SCALAR)
        return node->kind == YAML_MAPPING ? "map" : "list";
    if (!node->plain)
        return "string";
    switch (yaml_scalar(&scratch, node->text, YAML_HELMFILE).kind) {
    case VALUE_NULL:
        return "<nil>";
    case VALUE_BOOL:
        return "bool";
    case VALUE_INT:
    case VALUE_UINT:
        return "int";
    case VALUE_FLOAT:
        return "float";
    case VALUE_STRING:
        return "string";
    default:
        return "timestamp";
    }
}

static const YamlNode *value_of(const YamlNode *map, Str key)
{
    for (size_t i = 0; map->kind == YAML_MAPPING && i + 1 < map->len; i += 2)
        if (str_equal(map->items[i]->text, key))
            return map->items[i + 1];
    return NULL;
}

/* What X has at I, in Y. */
static const YamlNode *counterpart(const YamlNode *x, const YamlNode *y, size_t i)
{
    if (x->kind == YAML_SEQUENCE || i % 2 == 0)
        return y->items[i];
    if (str_equal(x->items[i - 1]->text, y->items[i - 1]->text))
        return y->items[i]; // the usual order
    return x->len <= MOST_ITEMS ? value_of(y, x->items[i - 1]->text) : NULL;
}

static bool same_nodes(const YamlNode *x, const YamlNode *y)
{
    if (x->kind != y->kind || x->len != y->len)
        return false;
    if (x->kind == YAML_SCALAR)
        return str_equal(x->text, y->text);
    for (size_t i = x->kind == YAML_MAPPING; i < x->len; i += 1 + (x->kind == YAML_MAPPING)) {
        const YamlNode *other = counterpart(x, y, i);

        if (!other || !same_nodes(x->items[i], other))
            return false;
    }
    return true;
}

static Str below(Arena *a, Str path, Str key)
{
    return path.len ? str_format(a, "%.*s.%.*s", STR_ARG(path), STR_ARG(key)) : key;
}

/* ---- maps */

/* The entries of MAP that OTHER has not. */
static const YamlNode *entries_only_in(Arena *a, const YamlNode *map, const YamlNode *other)
{
    const YamlNode **items = arena_array(a, const YamlNode *, map->len);
    size_t len = 0;

    for (size_t i = 0; i + 1 < map->len; i += 2)
        if (!value_of(other, map->items[i]->text)) {
            items[len++] = map->items[i];
            items[len++] = map->items[i + 1];
        }
    return dyff_node(a, YAML_MAPPING, items, len);
}

static Error *write_details(const Dyff *d, Str path, const DyffDetailList *details)
{
    return details->len
               ? dyff_write(d->out, path.len ? path : STR("(root level)"), d->root, details)
               : NULL;
}

static void add_detail(Arena *a, DyffDetailList *details, char sign, const YamlNode *entries)
{
    if (entries->len)
        *vec_add(a, details) = (DyffDetail){
            .sign = sign, .from = sign == '-' ? entries : NULL, .to = sign == '+' ? entries : NULL};
}

static Error *compare_maps(const Dyff *d, Str path, const YamlNode *from, const YamlNode *to)
{
    Arena *a = d->out->arena;
    DyffDetailList details = {0};

    add_detail(a, &details, '-', entries_only_in(a, from, to));
    add_detail(a, &details, '+', entries_only_in(a, to, from));
    TRY(write_details(d, path, &details));
    for (size_t i = 0; i + 1 < from->len; i += 2) {
        Str key = from->items[i]->text;
        const YamlNode *other = value_of(to, key);

        if (other)
            TRY(compare(d, below(a, path, key), from->items[i + 1], other));
    }
    return NULL;
}

/* ---- lists */

/* Whether all items of LIST are maps whose KEY is another in each. TEXTS: and a string. */
static bool tells_apart(const YamlNode *list, Str key, bool texts)
{
    for (size_t i = 0; i < list->len; i++) {
        const YamlNode *own = value_of(list->items[i], key);

        if (!own || own->kind != YAML_SCALAR || (texts && strcmp(dyff_type(own), "string") != 0))
            return false;
        for (size_t j = 0; j < i; j++)
            if (str_equal(value_of(list->items[j], key)->text, own->text))
                return false;
    }
    return list->len > 0;
}

static int compare_texts(const void *x, const void *y)
{
    return str_compare(*(const Str *)x, *(const Str *)y);
}

/* The field that tells items of both lists apart; empty: none does. */
static Str identifier_of(const YamlNode *from, const YamlNode *to)
{
    static const char *const usual[] = {"name", "key", "id", "manager"};
    const YamlNode *first = from->len ? from->items[0] : NULL;
    Str keys[MOST_FIELDS];
    size_t len = 0;

    for (size_t i = 0; i < COUNT(usual); i++)
        if (tells_apart(from, str_from(usual[i]), false) &&
            tells_apart(to, str_from(usual[i]), false))
            return str_from(usual[i]);
    if (!first || first->kind != YAML_MAPPING || from->len <= LEAST_GUESSED)
        return (Str){"", 0};
    for (size_t i = 0; i + 1 < first->len && len < MOST_FIELDS; i += 2)
        keys[len++] = first->items[i]->text;
    if (len)
        qsort(keys, len, sizeof(*keys), compare_texts);
    for (size_t i = 0; i < len; i++)
        if (tells_apart(from, keys[i], true) && tells_apart(to, keys[i], true))
            return keys[i];
    return (Str){"", 0};
}

/* The item of LIST that is ITEM: by KEY, or (empty) the same; its length: none. */
static size_t find_item(const YamlNode *list, const YamlNode *item, Str key)
{
    for (size_t i = 0; i < list->len; i++)
        if (key.len ? str_equal(value_of(list->items[i], key)->text, value_of(item, key)->text)
                    : same_nodes(list->items[i], item))
            return i;
    return list->len;
}

/* How many items of LIST are ITEM. */
static size_t count_of(const YamlNode *list, const YamlNode *item)
{
    size_t count = 0;

    for (size_t i = 0; i < list->len; i++)
        count += same_nodes(list->items[i], item);
    return count;
}

/* The items of LIST that OTHER has not, or has not as often. */
static const YamlNode *items_only_in(Arena *a, const YamlNode *list, const YamlNode *other, Str key)
{
    const YamlNode **items = arena_array(a, const YamlNode *, list->len);
    size_t len = 0;

    for (size_t i = 0; i < list->len; i++) {
        const YamlNode *item = list->items[i];
        bool first = find_item(list, item, key) == i;
        size_t more = key.len || !first ? 0 : count_of(list, item),
               less = key.len ? 0 : count_of(other, item);

        if (find_item(other, item, key) == other->len)
            items[len++] = item;
        else
            for (; more > less; more--)
                items[len++] = item;
    }
    return dyff_node(a, YAML_SEQUENCE, items, len);
}

/* The items of LIST that OTHER has, too; with a KEY, what it says in each. */
static const YamlNode *items_in_both(Arena *a, const YamlNode *list, const YamlNode *other, Str key)
{
    const YamlNode **items = arena_array(a, const YamlNode *, list->len);
    size_t len = 0;

    for (size_t i = 0; i < list->len; i++)
        if (find_item(other, list->items[i], key) < other->len)
            items[len++] = key.len ? value_of(list->items[i], key) : list->items[i];
    return dyff_node(a, YAML_SEQUENCE, items, len);
}

static Error *compare_lists(const Dyff *d, Str path, const YamlNode *from, const YamlNode *to)
{
    Arena *a = d->out->arena;
    Str key = identifier_of(from, to);
    DyffDetailList details = {0};

    if (!key.len && from->len == 1 && to->len == 1)
        return compare(d, below(a, path, STR("0")), from->items[0], to->items[0]);
    const YamlNode *old = items_in_both(a, from, to, key), *new = items_in_both(a, to, from, key);
    if (old->len == new->len && !same_nodes(old, new))
        *vec_add(a, &details) = (DyffDetail){.sign = '>', .from = old, .to = new};
    add_detail(a, &details, '-', items_only_in(a, from, to, key));
    add_detail(a, &details, '+', items_only_in(a, to, from, key));
    TRY(write_details(d, path, &details));
    for (size_t i = 0; key.len && i < from->len; i++) {
        size_t at = find_item(to, from->items[i], key);

        if (at < to->len)
            TRY(compare(d, below(a, path, value_of(from->items[i], key)->text), from->items[i],
                        to->items[at]));
    }
    return NULL;
}

/* ---- anything */

/* Without spaces and newlines at both ends: what differs only there is the same. */
static Str without_space(Str s)
{
    while (s.len && strchr(" \n", s.ptr[0]))
        s = str_skip(s, 1);
    while (s.len && strchr(" \n", s.ptr[s.len - 1]))
        s.len--;
    return s;
}

static bool same_scalars(const YamlNode *from, const YamlNode *to, const char *type)
{
    if (strcmp(type, "<nil>") == 0 || str_equal(from->text, to->text))
        return true;
    return strcmp(type, "string") == 0 &&
           str_equal(without_space(from->text), without_space(to->text));
}

static Error *compare(const Dyff *d, Str path, const YamlNode *from, const YamlNode *to)
{
    const char *type = dyff_type(from);
    DyffDetailList details = {0};

    bool large = from->len > MOST_ITEMS || to->len > MOST_ITEMS;

    if (large && same_nodes(from, to))
        return NULL;
    if (strcmp(type, dyff_type(to)) == 0 && !large) {
        if (from->kind == YAML_MAPPING)
            return compare_maps(d, path, from, to);
        if (from->kind == YAML_SEQUENCE)
            return compare_lists(d, path, from, to);
        if (same_scalars(from, to, type))
            return NULL;
    }
    *vec_add(d->out->arena, &details) = (DyffDetail){.sign = '~', .from = from, .to = to};
    return write_details(d, path, &details);
}

/* ---- documents */

static Str text_of(const YamlNode *node, const char *key)
{
    const YamlNode *value = node ? value_of(node, str_from(key)) : NULL;

    return value ? value->text : STR("");
}

/* "apps/v1/Deployment/shop/web", the namespace only where it is written. */
static Str name_of(Arena *a, const YamlNode *node)
{
    const YamlNode *metadata = value_of(node, STR("metadata"));
    Str namespace = text_of(metadata, "namespace");

    return str_format(a, "%.*s/%.*s/%.*s%s%.*s", STR_ARG(text_of(node, "apiVersion")),
                      STR_ARG(text_of(node, "kind")), STR_ARG(namespace), namespace.len ? "/" : "",
                      STR_ARG(text_of(metadata, "name")));
}

/* The comments that TEXT begins with. */
static Str head_of(Str text)
{
    size_t end = 0;

    while (end < text.len && text.ptr[end] == '#') {
        size_t line = str_find_char(str_skip(text, end), '\n');

        end = line == STR_NONE ? text.len : end + line + 1;
    }
    return str_slice(text, 0, end);
}

static bool is_deeper(const YamlNode *node, int most)
{
    for (size_t i = 0; most > 0 && i < node->len; i++)
        if (is_deeper(node->items[i], most - 1))
            return true;
    return most <= 0 && node->len;
}

static Error *read_side(Arena *a, Str text, Side *out)
{
    YamlDocuments documents = {0};

    *out = (Side){0};
    if (!text.len)
        return NULL;
    TRY(yaml_read(a, NULL, text, &documents));
    if (!documents.len || documents.items[0]->kind != YAML_MAPPING)
        return NULL;
    TRY(yaml_check_aliases(a, NULL, documents.items[0]));
    if (is_deeper(documents.items[0], DEEPEST))
        return error_new(ERROR_INPUT, "an object is more than %d levels deep", DEEPEST);
    *out = (Side){documents.items[0], name_of(a, documents.items[0]), head_of(text)};
    return NULL;
}

static Error *write_document(const Dyff *d, char sign, const Side *side)
{
    Arena *a = d->out->arena;
    DyffDetailList details = {0};

    *vec_add(a, &details) = (DyffDetail){.sign = sign,
                                         .from = sign == '-' ? side->node : NULL,
                                         .to = sign == '+' ? side->node : NULL,
                                         .document = true,
                                         .head = side->head};
    return write_details(d, (Str){"", 0}, &details);
}

/* The names of SIDES that are there, as a list. */
static const YamlNode *names_of(Arena *a, const Side *sides, size_t len)
{
    const YamlNode **items = arena_array(a, const YamlNode *, len);
    size_t count = 0;

    for (size_t i = 0; i < len; i++) {
        YamlNode *name = arena_new(a, YamlNode);

        *name = (YamlNode){.kind = YAML_SCALAR, .text = sides[i].name};
        if (sides[i].node)
            items[count++] = name;
    }
    return dyff_node(a, YAML_SEQUENCE, items, count);
}

/* Documents that come and go where others were: the order is another. */
static Error *write_order(Buf *b, const YamlNode *from, const YamlNode *to)
{
    DyffDetailList details = {0};

    if (from->len != to->len || same_nodes(from, to))
        return NULL;
    *vec_add(b->arena, &details) = (DyffDetail){.sign = '>', .from = from, .to = to};
    return dyff_write(b, STR("(file level)"), (Str){"", 0}, &details);
}

static Error *write_pairs(Buf *b, const Side *from, const Side *to, size_t len, bool named)
{
    static const char signs[] = "~-+"; // what changes, what goes, what comes

    for (const char *sign = signs; *sign; sign++)
        for (size_t i = 0; i < len; i++) {
            const Side *some = to[i].node ? &to[i] : &from[i];
            Dyff d = {b, named ? some->name : STR("")};
            char own = !from[i].node ? '+' : !to[i].node ? '-' : '~';

            if (!some->node || own != *sign)
                continue;
            if (own == '~')
                TRY(compare(&d, (Str){"", 0}, from[i].node, to[i].node));
            else
                TRY(write_document(&d, own, some));
        }
    return NULL;
}

Error *diff_as_dyff(Buf *b, const DyffDocument *documents, size_t len, bool named)
{
    Arena *a = b->arena;
    Side *from = arena_array(a, Side, len), *to = arena_array(a, Side, len);

    for (size_t i = 0; i < len; i++) {
        TRY(read_side(a, documents[i].from, &from[i]));
        TRY(read_side(a, documents[i].to, &to[i]));
    }
    const YamlNode *old = names_of(a, from, len), *new = names_of(a, to, len);
    TRY(write_pairs(b, from, to, len, named || old->len > 1));
    TRY(write_order(b, old, new));
    buf_add_char(b, '\n');
    return NULL;
}
