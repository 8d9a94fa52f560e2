#include "diff/fields.h"

#include "base/field.h"

#include <string.h>

/* One comparison. */
typedef struct Comparing {
    Arena *arena;
    const DiffSides *sides;
    bool show_all;
    FieldComparison *out;
} Comparing;

/* One place of all objects; NULL: there is nothing of the kind there. */
typedef struct FieldPlace {
    const Value *from, *to, *applied, *wanted;
    Str path;
    Owners owners;
} FieldPlace;

/* What is shown of a place; missing: nothing. */
typedef struct Shown {
    Value from, to;
} Shown;

static Shown compare_place(const Comparing *c, const FieldPlace *place);

static const Value *entry_of(const Value *v, Str name)
{
    return v && v->kind == VALUE_MAP ? value_map_get(v->map, name) : NULL;
}

static const Value *item_of(const Value *list, const ListKey *key, const Value *item)
{
    if (!list || list->kind != VALUE_LIST)
        return NULL;
    size_t i = list_item_like(list->list, key, item);
    return i < list->list.len ? &list->list.items[i] : NULL;
}

/* ---- whose doing it is */

/*
 * What the release says has changed: that is the spec's. It says the same as ever, and yet it is
 * not so: that is somebody else's. It says nothing: that is the server's.
 */
static DiffCause cause_of(const Comparing *c, const FieldPlace *p)
{
    if (p->wanted && p->applied)
        return value_alike(*p->wanted, *p->applied) ? CAUSE_DRIFT : CAUSE_SPEC;
    if (p->wanted || p->applied)
        return CAUSE_SPEC;
    return p->from && !p->to && owners_has(&p->owners, c->sides->manager) ? CAUSE_SPEC
                                                                          : CAUSE_DEFAULT;
}

/* Note the change; what is shown of it. */
static Shown note(const Comparing *c, const FieldPlace *p)
{
    FieldChange change = {.path = p->path,
                          .from = p->from ? *p->from : value_missing(),
                          .to = p->to ? *p->to : value_missing(),
                          .cause = c->sides->reversed ? CAUSE_DRIFT : cause_of(c, p)};

    if (change.cause == CAUSE_DEFAULT && !c->show_all) {
        Value kept = p->from && p->to ? *p->from : value_missing();

        c->out->hidden++;
        return (Shown){kept, kept};
    }
    const Value *other =
        change.cause == CAUSE_DRIFT ? owners_other(&p->owners, c->sides->manager) : NULL;
    if (other) {
        change.manager = field_string(other, "manager");
        change.since = field_string(other, "time");
    }
    *vec_add(c->arena, &c->out->changes) = change;
    return (Shown){change.from, change.to};
}

/* ---- maps */

static bool is_missing(Value v)
{
    return v.kind == VALUE_NULL && v.type == TYPE_MISSING;
}

static FieldPlace at_field(const Comparing *c, const FieldPlace *p, Str name)
{
    return (FieldPlace){
        .from = entry_of(p->from, name),
        .to = entry_of(p->to, name),
        .applied = entry_of(p->applied, name),
        .wanted = entry_of(p->wanted, name),
        .path =
            p->path.len ? str_format(c->arena, "%.*s.%.*s", STR_ARG(p->path), STR_ARG(name)) : name,
        .owners = owners_at_field(c->arena, &p->owners, name)};
}

/* A map that is left of one with LEN entries; one that was emptied goes if only one side had it. */
static Value map_left(ValueMap *map, const Value *was, const Value *other)
{
    if (!was || (!map->len && was->map && was->map->len && !other))
        return value_missing();
    return value_of_map(map);
}

static void compare_field(const Comparing *c, const FieldPlace *p, Str name, ValueMap *from,
                          ValueMap *to)
{
    FieldPlace below = at_field(c, p, name);
    Shown shown = compare_place(c, &below);

    if (!is_missing(shown.from))
        value_map_append(c->arena, from, name, shown.from);
    if (!is_missing(shown.to))
        value_map_append(c->arena, to, name, shown.to);
}

static Shown compare_maps(const Comparing *c, const FieldPlace *p)
{
    static const ValueMap none;
    const ValueMap *x = p->from && p->from->map ? p->from->map : &none;
    const ValueMap *y = p->to && p->to->map ? p->to->map : &none;
    ValueMap *from = value_map_new(c->arena), *to = value_map_new(c->arena);
    size_t i = 0, j = 0;

    while (i < x->len || j < y->len) { // both are sorted
        int order = i == x->len   ? 1
                    : j == y->len ? -1
                                  : str_compare(x->entries[i].key, y->entries[j].key);

        compare_field(c, p, order > 0 ? y->entries[j].key : x->entries[i].key, from, to);
        i += order <= 0;
        j += order >= 0;
    }
    return (Shown){map_left(from, p->from, p->to), map_left(to, p->to, p->from)};
}

/* ---- lists */

static FieldPlace at_item(const Comparing *c, const FieldPlace *p, const ListKey *key,
                          const Value *item)
{
    Buf path = {.arena = c->arena};

    buf_add(&path, p->path);
    list_add_item_name(&path, key, item);
    return (FieldPlace){.from = item_of(p->from, key, item),
                        .to = item_of(p->to, key, item),
                        .applied = item_of(p->applied, key, item),
                        .wanted = item_of(p->wanted, key, item),
                        .path = buf_str(&path),
                        .owners = owners_at_item(c->arena, &p->owners, item)};
}

static ValueList items_of(const Value *v)
{
    return v && v->kind == VALUE_LIST ? v->list : (ValueList){0};
}

/* Whether what is in both lists stands in another order. */
static bool is_reordered(ValueList from, ValueList to, const ListKey *key)
{
    size_t last = 0;

    for (size_t i = 0; i < to.len; i++) {
        size_t at = list_item_like(from, key, &to.items[i]);

        if (at == from.len)
            continue;
        if (at < last)
            return true;
        last = at;
    }
    return false;
}

static void add_shown(ValueList *list, Value v)
{
    if (!is_missing(v))
        list->items[list->len++] = v;
}

static Value list_left(ValueList left, const Value *was)
{
    return was && (left.len || !items_of(was).len) ? value_list(left.items, left.len)
                                                   : value_missing();
}

static Shown compare_lists(const Comparing *c, const FieldPlace *p, const ListKey *key)
{
    ValueList x = items_of(p->from), y = items_of(p->to);
    ValueList from = {.items = arena_array(c->arena, Value, x.len + 1)};
    ValueList to = {.items = arena_array(c->arena, Value, y.len + 1)};
    Value *shown_of = arena_array(c->arena, Value, y.len + 1); // by to's items

    *vec_add(c->arena, &c->out->lists) = (KeyedList){p->path, key};
    for (size_t i = 0; i < x.len; i++) {
        FieldPlace below = at_item(c, p, key, &x.items[i]);
        size_t at = list_item_like(y, key, &x.items[i]);
        Shown shown = compare_place(c, &below);

        add_shown(&from, shown.from);
        if (at < y.len)
            shown_of[at] = shown.to;
    }
    for (size_t i = 0; i < y.len; i++) {
        if (list_item_like(x, key, &y.items[i]) == x.len) {
            FieldPlace below = at_item(c, p, key, &y.items[i]);

            shown_of[i] = compare_place(c, &below).to;
        }
        add_shown(&to, shown_of[i]);
    }
    if (is_reordered(x, y, key))
        *vec_add(c->arena, &c->out->changes) =
            (FieldChange){.path = p->path, .from = *p->from, .to = *p->to, .cause = CAUSE_SPEC};
    return (Shown){list_left(from, p->from), list_left(to, p->to)};
}

/* ---- any */

static bool are(const FieldPlace *p, ValueKind kind)
{
    return (!p->from || p->from->kind == kind) && (!p->to || p->to->kind == kind);
}

/* Whether there is something in it. */
static bool has_entries(const Value *v)
{
    return v && ((v->kind == VALUE_MAP && v->map && v->map->len) ||
                 (v->kind == VALUE_LIST && v->list.len));
}

static Shown compare_place(const Comparing *c, const FieldPlace *p)
{
    const ListKey *key;

    if (p->from && p->to && value_alike(*p->from, *p->to))
        return (Shown){*p->from, *p->to};
    if (!has_entries(p->from) && !has_entries(p->to))
        return note(c, p);
    if (are(p, VALUE_MAP))
        return compare_maps(c, p);
    key = are(p, VALUE_LIST) ? list_key_of(items_of(p->from), items_of(p->to)) : NULL;
    return key ? compare_lists(c, p, key) : note(c, p);
}

static const Value *given(const Value *v)
{
    return value_is_null(*v) ? NULL : v;
}

void fields_compare(Arena *a, const DiffSides *sides, Value from, Value to, bool show_all,
                    FieldComparison *out)
{
    Comparing c = {a, sides, show_all, out};
    FieldPlace root = {.from = &from,
                       .to = &to,
                       .applied = given(&sides->applied),
                       .wanted = given(&sides->wanted),
                       .owners = owners_of(a, sides->reversed ? &sides->to : &sides->from)};

    *out = (FieldComparison){0};
    Shown shown = compare_place(&c, &root);
    out->from = shown.from;
    out->to = shown.to;
}
