/*
 * diff_dyff.c - comparisons as dyff tells them.
 * Source: dyff, pkg/dyff/output_human.go; helm-diff, diff/constant.go and report.go.
 */
#include "pipeline/diff_output.h"

#include "base/escape.h"
#include "base/field.h"
#include "base/json.h"
#include "base/yaml.h"

/* One object being told. */
typedef struct Dyff {
    Buf *out;
    Str title; /* "apps/v1/Deployment/shop/web" */
} Dyff;

static void walk(const Dyff *d, Str path, const Value *from, const Value *to);

static void write_path(const Dyff *d, Str path)
{
    buf_format(d->out, "\n%.*s  (%.*s)\n", STR_ARG(path.len ? path : STR("(root level)")),
               STR_ARG(d->title));
}

/* V's YAML, each line behind INDENT. */
static void write_value(const Dyff *d, const char *indent, Value v)
{
    Arena *a = d->out->arena;
    Buf text = {.arena = a};
    Error *err = yaml_write(&text, v, YAML_WRITE_HELM);

    error_free(err);
    for (Str rest = str_trim(buf_str(&text)); rest.len;) {
        size_t end = str_find_char(rest, '\n');
        Str line = end == STR_NONE ? rest : str_slice(rest, 0, end);

        buf_format(d->out, "%s%.*s\n", indent, STR_ARG(text_escaped(a, line)));
        rest = str_skip(rest, end == STR_NONE ? rest.len : end + 1);
    }
}

static Str count_text(Arena *a, size_t count, const char *what)
{
    static const char *const words[] = {"no",    "one",   "two",  "three", "four",   "five",  "six",
                                        "seven", "eight", "nine", "ten",   "eleven", "twelve"};
    bool one = count == 1;

    if (count < COUNT(words))
        return str_format(a, "%s %s %s", words[count], what, one ? "entry" : "entries");
    return str_format(a, "%zu %s entries", count, what);
}

/* V, a map or list of what came or went. */
static void write_entries(const Dyff *d, char sign, const char *what, size_t count, Value v)
{
    if (!count)
        return;
    buf_format(d->out, "  %c %.*s %s:\n", sign, STR_ARG(count_text(d->out->arena, count, what)),
               sign == '+' ? "added" : "removed");
    write_value(d, "    ", v);
}

/* ---- maps */

/* The entries of MAP that OTHER has not. */
static Value only_in(Arena *a, const ValueMap *map, const ValueMap *other)
{
    ValueMap *only = value_map_new(a);

    for (size_t i = 0; i < map->len; i++)
        if (!value_map_get(other, map->entries[i].key))
            value_map_append(a, only, map->entries[i].key, map->entries[i].value);
    return value_of_map(only);
}

static void walk_maps(const Dyff *d, Str path, const ValueMap *from, const ValueMap *to)
{
    Arena *a = d->out->arena;
    Value gone = only_in(a, from, to), come = only_in(a, to, from);

    if (gone.map->len || come.map->len)
        write_path(d, path);
    write_entries(d, '-', "map", gone.map->len, gone);
    write_entries(d, '+', "map", come.map->len, come);
    for (size_t i = 0; i < from->len; i++) {
        Str key = from->entries[i].key;
        const Value *new = value_map_get(to, key);

        if (new)
            walk(d, path.len ? str_format(a, "%.*s.%.*s", STR_ARG(path), STR_ARG(key)) : key,
                 &from->entries[i].value, new);
    }
}

/* ---- lists */

/* The name of an item that has one. */
static Str name_of(const Value *item)
{
    return item->kind == VALUE_MAP && item->map ? value_map_string(item->map, "name") : STR("");
}

static bool all_named(ValueList list)
{
    for (size_t i = 0; i < list.len; i++)
        if (!name_of(&list.items[i]).len)
            return false;
    return true;
}

/* The item of LIST that is ITEM: by name if NAMED, or else the same; NULL: none. */
static const Value *same_item(ValueList list, const Value *item, bool named)
{
    for (size_t i = 0; i < list.len; i++)
        if (named ? str_equal(name_of(&list.items[i]), name_of(item))
                  : value_alike(list.items[i], *item))
            return &list.items[i];
    return NULL;
}

static Value items_only_in(Arena *a, ValueList list, ValueList other, bool named)
{
    Value *only = arena_array(a, Value, list.len);
    size_t len = 0;

    for (size_t i = 0; i < list.len; i++)
        if (!same_item(other, &list.items[i], named))
            only[len++] = list.items[i];
    return value_list(only, len);
}

static void walk_lists(const Dyff *d, Str path, ValueList from, ValueList to)
{
    Arena *a = d->out->arena;
    bool named = all_named(from) && all_named(to);
    Value gone = items_only_in(a, from, to, named), come = items_only_in(a, to, from, named);

    if (gone.list.len || come.list.len)
        write_path(d, path);
    write_entries(d, '-', "list", gone.list.len, gone);
    write_entries(d, '+', "list", come.list.len, come);
    for (size_t i = 0; named && i < from.len; i++) {
        const Value *new = same_item(to, &from.items[i], true);

        if (new)
            walk(d, str_format(a, "%.*s.%.*s", STR_ARG(path), STR_ARG(name_of(&from.items[i]))),
                 &from.items[i], new);
    }
}

static void walk(const Dyff *d, Str path, const Value *from, const Value *to)
{
    if (value_alike(*from, *to))
        return;
    if (from->kind == VALUE_MAP && to->kind == VALUE_MAP && from->map && to->map) {
        walk_maps(d, path, from->map, to->map);
        return;
    }
    if (from->kind == VALUE_LIST && to->kind == VALUE_LIST) {
        walk_lists(d, path, from->list, to->list);
        return;
    }
    write_path(d, path);
    buf_add_c(d->out, from->kind == to->kind ? "  ± value change\n" : "  ± type change\n");
    write_value(d, "    - ", *from);
    write_value(d, "    + ", *to);
}

static void write_whole(const Dyff *d, char sign, Value object)
{
    buf_format(d->out, "\n(file level)\n  %c one document %s:\n    ---\n", sign,
               sign == '+' ? "added" : "removed");
    write_value(d, "    ", object);
}

void diff_write_dyff(Buf *b, const Step *step, const Comparison *c)
{
    for (size_t i = 0; i < c->changes.len; i++) {
        const ReleaseChange *change = &c->changes.items[i];
        const ObjectId *id = &change->object.id;
        Dyff d = {b, str_format(b->arena, "%.*s/%.*s/%.*s%s%.*s", STR_ARG(id->api_version),
                                STR_ARG(id->kind), STR_ARG(id->namespace),
                                id->namespace.len ? "/" : "", STR_ARG(id->name))};

        if (diff_is_suppressed(step_options(step), id))
            continue;
        if (change->diff.kind == CHANGE_UPDATE)
            walk(&d, (Str){"", 0}, &change->diff.from, &change->diff.to);
        else if (change->diff.kind == CHANGE_CREATE)
            write_whole(&d, '+', change->diff.to);
        else
            write_whole(&d, '-', change->diff.from);
    }
}
