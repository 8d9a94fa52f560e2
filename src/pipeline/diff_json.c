/*
 * diff_json.c - comparisons for machines: relfile's own form, and helm-diff's "structured".
 * Source of the latter: helm-diff, diff/structured.go.
 */
#include "pipeline/diff_output.h"

#include "base/field.h"
#include "base/json.h"

#include <string.h>

static const char *const change_names[] = {[CHANGE_NONE] = "none",
                                           [CHANGE_CREATE] = "create",
                                           [CHANGE_UPDATE] = "update",
                                           [CHANGE_DELETE] = "delete"};

static Value text_or_missing(Str text)
{
    return text.len ? value_string(text) : value_missing();
}

static Value field_value(Arena *a, const FieldChange *field)
{
    return map_of(a, {"path", value_string(field->path)}, {"from", field->from}, {"to", field->to},
                  {"cause", value_c(diff_cause_name(field->cause))},
                  {"manager", text_or_missing(field->manager)},
                  {"since", text_or_missing(field->since)});
}

static Value fields_value(Arena *a, const FieldChangeList *fields)
{
    Value *items = arena_array(a, Value, fields->len);

    for (size_t i = 0; i < fields->len; i++)
        items[i] = field_value(a, &fields->items[i]);
    return value_list(items, fields->len);
}

/* Of the whole object: its fields' where all have one; else the spec's. */
static DiffCause cause_of(const ReleaseChange *change)
{
    const FieldChangeList *fields = &change->diff.fields;

    if (change->drifted)
        return CAUSE_DRIFT;
    for (size_t i = 0; i < fields->len; i++)
        if (fields->items[i].cause != fields->items[0].cause)
            return CAUSE_SPEC;
    return fields->len ? fields->items[0].cause : CAUSE_SPEC;
}

static Value change_value(Arena *a, const ReleaseChange *change)
{
    const ObjectId *id = &change->object.id;
    Buf b = {.arena = a};

    diff_print(&b, &change->diff.lines, &(DiffPrint){0});
    return map_of(
        a, {"apiVersion", value_string(id->api_version)}, {"kind", value_string(id->kind)},
        {"namespace", value_string(id->namespace)}, {"name", value_string(id->name)},
        {"change", value_c(change->replaced.len ? "replace" : change_names[change->diff.kind])},
        {"reason", text_or_missing(change->replaced)},
        {"part", value_c(change->what ? change->what : "manifest")},
        {"cause", value_c(diff_cause_name(cause_of(change)))},
        {"fields", fields_value(a, &change->diff.fields)}, {"diff", value_string(buf_str(&b))});
}

static Value titles_value(Arena *a, const StrList *titles)
{
    Value *items = arena_array(a, Value, titles->len);

    for (size_t i = 0; i < titles->len; i++)
        items[i] = value_string(titles->items[i]);
    return value_list(items, titles->len);
}

static Error *tell_own(const Step *step, const Comparison *c)
{
    Arena *a = step->arena;
    ValueMap *map = release_value(a, step->release);
    Value *items = arena_array(a, Value, c->changes.len);

    for (size_t i = 0; i < c->changes.len; i++)
        items[i] = change_value(a, &c->changes.items[i]);
    value_map_set_c(a, map, "action", value_c(diff_action(step, c)));
    value_map_set_c(a, map, "hooksChanged", value_bool(c->hooks_changed));
    if (c->stopped.len)
        value_map_set_c(a, map, "stopped", titles_value(a, &c->stopped));
    if (c->left.len)
        value_map_set_c(a, map, "left", titles_value(a, &c->left));
    if (c->guessed)
        value_map_set_c(a, map, "guessed", value_bool(true));
    if (c->hidden)
        value_map_set_c(a, map, "hidden", value_int((int64_t)c->hidden));
    value_map_set_c(a, map, "objects", value_list(items, c->changes.len));
    return step_json(step, value_of_map(map));
}

/* ---- structured */

typedef VEC(Value) ValueVec;

/* What became of FIELD of what is at PARENT. */
static void add_field(Arena *a, ValueVec *out, Str parent, Str field, const char *change,
                      const Value *old, const Value *new)
{
    *vec_add(a, out) =
        map_of(a, {"path", text_or_missing(parent)}, {"field", value_string(field)},
               {"change", value_c(change)}, {"oldValue", old ? *old : value_missing()},
               {"newValue", new ? *new : value_missing()});
}

static void walk(Arena *a, ValueVec *out, Str parent, Str field, const Value *old,
                 const Value *new);

static bool is_index(Str field)
{
    for (size_t i = 0; i < field.len; i++)
        if (field.ptr[i] < '0' || field.ptr[i] > '9')
            return false;
    return field.len > 0;
}

static Str below(Arena *a, Str parent, Str field)
{
    if (is_index(field))
        return str_format(a, "%.*s[%.*s]", STR_ARG(parent), STR_ARG(field));
    return parent.len ? str_format(a, "%.*s.%.*s", STR_ARG(parent), STR_ARG(field)) : field;
}

static const ValueMap *map_in(const Value *v)
{
    static const ValueMap none;

    return v && v->kind == VALUE_MAP && v->map ? v->map : &none;
}

static void walk_maps(Arena *a, ValueVec *out, Str path, const ValueMap *old, const ValueMap *new)
{
    size_t i = 0, j = 0;

    while (i < old->len || j < new->len) { // both are sorted
        int order = i == old->len   ? 1
                    : j == new->len ? -1
                                    : str_compare(old->entries[i].key, new->entries[j].key);
        Str key = order > 0 ? new->entries[j].key : old->entries[i].key;

        walk(a, out, path, key, order > 0 ? NULL : &old->entries[i].value,
             order < 0 ? NULL : &new->entries[j].value);
        i += order <= 0;
        j += order >= 0;
    }
}

static void walk_lists(Arena *a, ValueVec *out, Str path, ValueList old, ValueList new)
{
    for (size_t i = 0; i < old.len || i < new.len; i++) {
        const Value *x = i < old.len ? &old.items[i] : NULL;
        const Value *y = i < new.len ? &new.items[i] : NULL;
        Str field = str_format(a, "%zu", i);

        if (x && y)
            walk(a, out, path, field, x, y);
        else
            add_field(a, out, path, field, x ? "remove" : "add", x, y);
    }
}

static void walk(Arena *a, ValueVec *out, Str parent, Str field, const Value *old, const Value *new)
{
    if (old && new &&value_alike(*old, *new))
        return;
    // the patch that helm-diff reads has a null for what goes
    old = old && value_is_null(*old) ? NULL : old;
    new = new &&value_is_null(*new) ? NULL : new;
    if (new &&new->kind == VALUE_MAP)
        walk_maps(a, out, below(a, parent, field), map_in(old), map_in(new));
    else if (new &&new->kind == VALUE_LIST)
        walk_lists(a, out, below(a, parent, field),
                   old && old->kind == VALUE_LIST ? old->list : (ValueList){0}, new->list);
    else
        add_field(a, out, parent, field, !new ? "remove" : !old ? "add" : "replace", old, new);
}

/* A record with its keys in the order in which helm-diff writes them; missing ones are left out. */
static Error *write_record(Buf *b, const char *indent, const MapPair *pairs, size_t len)
{
    Arena *a = b->arena;
    bool first = true;

    buf_add_c(b, "{");
    for (size_t i = 0; i < len; i++) {
        Buf text = {.arena = a};

        if (pairs[i].value.kind == VALUE_NULL && pairs[i].value.type == TYPE_MISSING)
            continue;
        TRY(json_write(&text, pairs[i].value, (JsonStyle){.escapes_html = true, .indent = "  "}));
        buf_format(b, "%s\n%s  \"%s\": ", first ? "" : ",", indent, pairs[i].key);
        for (size_t at = 0; at < text.len; at++) {
            buf_add_char(b, text.ptr[at]);
            if (text.ptr[at] == '\n')
                buf_format(b, "%s  ", indent);
        }
        first = false;
    }
    buf_format(b, "\n%s}", indent);
    return NULL;
}

static Value member(const Value *record, const char *key)
{
    const Value *v = value_map_get_c(record->map, key);

    return v ? *v : value_missing();
}

static Error *write_changes(Buf *b, ValueList changes)
{
    for (size_t i = 0; i < changes.len; i++) {
        const Value *v = &changes.items[i];
        const MapPair pairs[] = {{"path", member(v, "path")},
                                 {"field", member(v, "field")},
                                 {"change", member(v, "change")},
                                 {"oldValue", member(v, "oldValue")},
                                 {"newValue", member(v, "newValue")}};

        buf_add_c(b, i ? ",\n      " : "\n      ");
        TRY(write_record(b, "      ", pairs, COUNT(pairs)));
    }
    return NULL;
}

static Error *write_structured(Buf *b, const Step *step, const ReleaseChange *change)
{
    const ObjectId *id = &change->object.id;
    ChangeKind kind = change->diff.kind;
    bool hidden = diff_is_suppressed(step_options(step), id);
    ValueVec fields = {0};

    if (kind == CHANGE_UPDATE && !hidden)
        walk_maps(b->arena, &fields, (Str){"", 0}, map_in(&change->diff.from),
                  map_in(&change->diff.to));
    const MapPair head[] = {{"apiVersion", value_string(id->api_version)},
                            {"kind", value_string(id->kind)},
                            {"namespace", text_or_missing(id->namespace)},
                            {"name", value_string(id->name)},
                            {"changeType", value_c(diff_change_word(change))}};
    TRY(write_record(b, "  ", head, COUNT(head)));
    b->len -= strlen("\n  }"); // and on with what is in lists and records
    buf_format(
        b, ",\n    \"resourceStatus\": {\n      \"oldExists\": %s,\n      \"newExists\": %s\n    }",
        kind != CHANGE_CREATE ? "true" : "false", kind != CHANGE_DELETE ? "true" : "false");
    if (fields.len) {
        buf_add_c(b, ",\n    \"changes\": [");
        TRY(write_changes(b, (ValueList){.items = fields.items, .len = fields.len}));
        buf_add_c(b, "\n    ]");
    }
    buf_add_c(b, hidden ? ",\n    \"changesSuppressed\": true\n  }" : "\n  }");
    return NULL;
}

/* The records, commas between, two spaces in. */
static Error *write_all_structured(Buf *b, const Step *step, const Comparison *c)
{
    for (size_t i = 0; i < c->changes.len; i++) {
        buf_add_c(b, i ? ",\n  " : "  ");
        TRY(write_structured(b, step, &c->changes.items[i]));
    }
    return NULL;
}

Error *diff_write_structured(Buf *b, const Step *step, const Comparison *c)
{
    buf_add_c(b, c->changes.len ? "[\n" : "[");
    TRY(write_all_structured(b, step, c));
    buf_add_c(b, c->changes.len ? "\n]\n" : "]\n");
    return NULL;
}

static Error *tell_structured(const Step *step, const Comparison *c)
{
    Buf b = {.arena = step->arena};

    TRY(write_all_structured(&b, step, c));
    if (b.len)
        report_result(step->run->report, step->number, buf_str(&b));
    return NULL;
}

Error *diff_tell_json(const Step *step, const Comparison *c)
{
    return diff_form(step_options(step)) == DIFF_STRUCTURED ? tell_structured(step, c)
                                                            : tell_own(step, c);
}
