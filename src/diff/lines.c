/*
 * lines.c - which field a line of an object's YAML shows, and so which change a changed line is.
 */
#include "base/yaml.h"
#include "diff/fields.h"

/* The lines of one text: the path of the field that each begins, or goes on with. */
typedef struct LinePaths {
    Arena *arena;
    const KeyedLists *lists;
    Str *paths;
    size_t len;
} LinePaths;

static void set_path(LinePaths *l, int line, Str path)
{
    if (line > 0 && (size_t)line <= l->len)
        l->paths[line - 1] = path;
}

static const ListKey *key_at(const LinePaths *l, Str path)
{
    for (size_t i = 0; i < l->lists->len; i++)
        if (str_equal(l->lists->items[i].path, path))
            return l->lists->items[i].key;
    return NULL;
}

static Str item_path(const LinePaths *l, const ListKey *key, Str list, const YamlNode *node)
{
    Buf path = {.arena = l->arena};
    Value item;
    Error *err = yaml_value(l->arena, NULL, node, YAML_HELM, &item);

    error_free(err);
    buf_add(&path, list);
    if (!err && item.kind == VALUE_MAP && value_map_get_c(item.map, key->field))
        list_add_item_name(&path, key, &item);
    return buf_str(&path);
}

static void walk(LinePaths *l, const YamlNode *node, Str path);

static void walk_map(LinePaths *l, const YamlNode *node, Str path)
{
    for (size_t i = 0; i + 1 < node->len; i += 2) {
        Str name = node->items[i]->text;
        Str below =
            path.len ? str_format(l->arena, "%.*s.%.*s", STR_ARG(path), STR_ARG(name)) : name;

        set_path(l, node->items[i]->line, below);
        walk(l, node->items[i + 1], below);
    }
}

static void walk(LinePaths *l, const YamlNode *node, Str path)
{
    if (node->kind == YAML_MAPPING) {
        walk_map(l, node, path);
        return;
    }
    if (node->kind != YAML_SEQUENCE)
        return;
    const ListKey *key = key_at(l, path);
    for (size_t i = 0; i < node->len; i++) {
        const YamlNode *item = node->items[i];

        set_path(l, item->line, path);
        if (key)
            walk(l, item, item_path(l, key, path, item));
    }
}

static size_t count_lines(Str text)
{
    size_t count = 1;

    for (size_t i = 0; i < text.len; i++)
        count += text.ptr[i] == '\n';
    return count;
}

static Error *paths_of(Arena *a, const KeyedLists *lists, Str text, LinePaths *out)
{
    YamlDocuments documents = {0};

    *out = (LinePaths){.arena = a, .lists = lists, .len = count_lines(text)};
    out->paths = arena_array(a, Str, out->len);
    if (text.len)
        TRY(yaml_read(a, NULL, text, &documents));
    if (documents.len)
        walk(out, documents.items[0], (Str){"", 0});
    for (size_t i = 1; i < out->len; i++) // the rest of a text of many lines
        if (!out->paths[i].ptr)
            out->paths[i] = out->paths[i - 1];
    return NULL;
}

/* Whether PART is PATH, or what is above it. */
static bool is_above(Str part, Str path)
{
    return str_starts(path, part) &&
           (part.len == path.len || path.ptr[part.len] == '.' || path.ptr[part.len] == '[');
}

/* The change at, above or below PATH; the search begins at *FROM, where the last one was. */
static const FieldChange *change_at(const FieldChangeList *changes, Str path, size_t *from)
{
    for (size_t i = 0; i < changes->len; i++) {
        size_t at = (*from + i) % changes->len;
        const FieldChange *change = &changes->items[at];

        if (is_above(change->path, path) || is_above(path, change->path)) {
            *from = at;
            return change;
        }
    }
    return NULL;
}

/* The number of the line at AT in TEXT, going on from where *OFFSET and *LINE are. */
static size_t line_number(Str text, const char *at, size_t *offset, size_t *line)
{
    size_t end = (size_t)(at - text.ptr);

    for (; *offset < end; ++*offset)
        *line += text.ptr[*offset] == '\n';
    return *line;
}

static bool is_changed(const DiffLine *line)
{
    return line->sign == '+' || line->sign == '-';
}

/*
 * What only stands in another line because of a change beside it ("- image" where "env" was
 * before) belongs to that one.
 */
static void fill_gaps(DiffLineList *lines)
{
    for (size_t i = 1; i < lines->len; i++)
        if (is_changed(&lines->items[i]) && !lines->items[i].change)
            lines->items[i].change = lines->items[i - 1].change;
    for (size_t i = lines->len; i-- > 1;)
        if (is_changed(&lines->items[i - 1]) && !lines->items[i - 1].change)
            lines->items[i - 1].change = lines->items[i].change;
}

Error *lines_explain(Arena *a, const FieldComparison *fields, Str old, Str new, DiffLineList *lines)
{
    size_t offsets[2] = {0}, numbers[2] = {0}, last = 0;
    LinePaths paths[2];

    TRY(paths_of(a, &fields->lists, old, &paths[0]));
    TRY(paths_of(a, &fields->lists, new, &paths[1]));
    for (size_t i = 0; i < lines->len; i++) {
        DiffLine *line = &lines->items[i];
        int side = line->sign == '+';

        if (!is_changed(line))
            continue;
        size_t number =
            line_number(side ? new : old, line->text.ptr, &offsets[side], &numbers[side]);
        if (number < paths[side].len)
            line->change = change_at(&fields->changes, paths[side].paths[number], &last);
    }
    fill_gaps(lines);
    return NULL;
}
