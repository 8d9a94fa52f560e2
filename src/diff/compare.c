/*
 * compare.c - two objects: what is compared of them, whether they are equal, and how they differ.
 */
#include "base/yaml.h"
#include "diff/diff.h"
#include "diff/fields.h"
#include "diff/mask.h"

/* What is in metadata because the server put it there. */
static const char *const server_metadata[] = {
    "managedFields", "resourceVersion", "uid", "generation", "creationTimestamp", "selfLink",
};

static const char last_applied[] = "kubectl.kubernetes.io/last-applied-configuration";

/* MAP's entry NAME, if it is a map that has any. */
static const ValueMap *child_map(const ValueMap *map, const char *name)
{
    const Value *child = value_map_get_c(map, name);

    return child && child->kind == VALUE_MAP && child->map && child->map->len ? child->map : NULL;
}

/* Without the annotation that kubectl keeps, and without annotations if that was all. */
static void clean_annotations(Arena *a, ValueMap *metadata)
{
    const ValueMap *annotations = child_map(metadata, "annotations");

    if (!annotations || !value_map_get_c(annotations, last_applied))
        return;
    ValueMap *cleaned = value_map_shallow(a, annotations);
    value_map_remove(cleaned, str_from(last_applied));
    if (cleaned->len)
        value_map_set_c(a, metadata, "annotations", value_of_map(cleaned));
    else
        value_map_remove(metadata, STR("annotations"));
}

static Value clean_items(Arena *a, Value items)
{
    Value *cleaned = arena_array(a, Value, items.list.len);

    for (size_t i = 0; i < items.list.len; i++)
        cleaned[i] = diff_cleaned(a, items.list.items[i]);
    return value_list(cleaned, items.list.len);
}

Value diff_cleaned(Arena *a, Value object)
{
    if (object.kind != VALUE_MAP || !object.map)
        return object;

    ValueMap *cleaned = value_map_shallow(a, object.map);
    const ValueMap *metadata = child_map(cleaned, "metadata");
    const Value *items = value_map_get_c(cleaned, "items");

    value_map_remove(cleaned, STR("status"));
    if (metadata) {
        ValueMap *own = value_map_shallow(a, metadata);

        for (size_t i = 0; i < COUNT(server_metadata); i++)
            value_map_remove(own, str_from(server_metadata[i]));
        clean_annotations(a, own);
        value_map_set_c(a, cleaned, "metadata", value_of_map(own));
    }
    if (items && items->kind == VALUE_LIST && items->list.len &&
        str_ends(value_map_string(cleaned, "kind"), STR("List")))
        value_map_set_c(a, cleaned, "items", clean_items(a, *items));
    return value_of_map(cleaned);
}

/* TEXT without the carriage returns at the ends of its lines. */
static Str without_cr(Arena *a, Str text)
{
    Buf b = {.arena = a};

    if (str_find_char(text, '\r') == STR_NONE)
        return text;
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] != '\r' || (i + 1 < text.len && text.ptr[i + 1] != '\n'))
            buf_add_char(&b, text.ptr[i]);
    return buf_str(&b);
}

static Value tree_without_cr(Arena *a, Value v)
{
    if (v.kind == VALUE_STRING)
        return value_string(without_cr(a, v.string));
    if (v.kind == VALUE_LIST && v.list.len) {
        Value *items = arena_array(a, Value, v.list.len);

        for (size_t i = 0; i < v.list.len; i++)
            items[i] = tree_without_cr(a, v.list.items[i]);
        return value_list(items, v.list.len);
    }
    if (v.kind == VALUE_MAP && v.map) {
        ValueMap *map = value_map_shallow(a, v.map);

        for (size_t i = 0; i < map->len; i++)
            map->entries[i].value = tree_without_cr(a, map->entries[i].value);
        return value_of_map(map);
    }
    return v;
}

static Error *yaml_text(Arena *a, Value object, YamlStyle style, Str *out)
{
    Buf text = {.arena = a};

    if (!value_is_null(object))
        TRY(yaml_write(&text, object, style));
    *out = buf_str(&text);
    return NULL;
}

static Error *yaml_texts(Arena *a, Value from, Value to, YamlStyle style, Str *old, Str *new)
{
    TRY(yaml_text(a, from, style, old));
    return yaml_text(a, to, style, new);
}

/* As helm writes them; but helm cannot write every character that an object may have. */
static Error *write_both(Arena *a, Value from, Value to, Str *old, Str *new)
{
    Error *err = yaml_texts(a, from, to, YAML_WRITE_HELM, old, new);

    if (!err)
        return NULL;
    error_free(err);
    return yaml_texts(a, from, to, YAML_WRITE_HELMFILE, old, new);
}

static ChangeKind kind_of(Value from, Value to)
{
    if (value_is_null(from))
        return value_is_null(to) ? CHANGE_NONE : CHANGE_CREATE;
    return value_is_null(to) ? CHANGE_DELETE : CHANGE_UPDATE;
}

/* Both sides as they are compared: cleaned, and masked. */
static void prepare(Arena *a, const DiffOptions *options, Value *from, Value *to)
{
    if (options->ignore_trailing_cr) {
        *from = tree_without_cr(a, *from);
        *to = tree_without_cr(a, *to);
    }
    if (options->show_decoded) {
        *from = mask_decoded(a, *from);
        *to = mask_decoded(a, *to);
    } else if (!options->show_secrets) {
        mask_pair(a, from, to);
    }
}

static Error *diff_trees(Arena *a, Value from, Value to, int context, const FieldComparison *fields,
                         ObjectDiff *out)
{
    Str old, new;

    out->from = from;
    out->to = to;
    TRY(write_both(a, from, to, &old, &new));
    diff_texts(a, old, new, context, &out->lines);
    return fields ? lines_explain(a, fields, old, new, &out->lines) : NULL;
}

Error *diff_objects(Arena *a, Value from, Value to, const DiffOptions *options, ObjectDiff *out)
{
    ObjectDiff diff = {.kind = kind_of(from, to)};

    *out = (ObjectDiff){.kind = CHANGE_NONE};
    from = diff_cleaned(a, from);
    to = diff_cleaned(a, to);
    if (value_alike(from, to))
        return NULL;
    prepare(a, options, &from, &to);
    TRY(diff_trees(a, from, to, options->context, NULL, &diff));
    if (diff.lines.len || diff.kind != CHANGE_UPDATE)
        *out = diff;
    return NULL;
}

Error *diff_explained(Arena *a, const DiffSides *sides, const DiffOptions *options, ObjectDiff *out)
{
    ObjectDiff diff = {.kind = kind_of(sides->from, sides->to)};
    FieldComparison fields;

    if (diff.kind != CHANGE_UPDATE)
        return diff_objects(a, sides->from, sides->to, options, out);
    *out = (ObjectDiff){.kind = CHANGE_NONE};
    Value from = diff_cleaned(a, sides->from), to = diff_cleaned(a, sides->to);
    if (value_alike(from, to))
        return NULL;
    prepare(a, options, &from, &to);
    fields_compare(a, sides, from, to, options->show_all, &fields);
    out->hidden = diff.hidden = fields.hidden;
    if (!fields.changes.len)
        return NULL;
    TRY(diff_trees(a, fields.from, fields.to, options->context, &fields, &diff));
    diff.fields = fields.changes;
    if (diff.lines.len)
        *out = diff;
    return NULL;
}
