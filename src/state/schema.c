#include "state/schema.h"

#include "base/json.h"
#include "manifest/manifest.h"
#include "state/record.h"
#include "state/record_text.h"
#include "state/runs.h"

/* What a field is. */
typedef enum FieldType {
    FIELD_TEXT,
    FIELD_FLAG,
    FIELD_WHOLE, /* a number */
    FIELD_TIME,
    FIELD_DIGEST,
    FIELD_MAP,   /* of anything */
    FIELD_TEXTS, /* a map of them */
    FIELD_LIST,  /* of texts */
    FIELD_OBJECT,
    FIELD_OBJECTS,
    FIELD_STATUS,
    FIELD_RUN_STATUS,
    FIELD_EVENTS,
    FIELD_DELETES,
} FieldType;

typedef struct Field {
    const char *object, *name; /* the object's definition */
    FieldType type;
    const char *of; /* the definition of what it holds; or NULL */
    bool required;
    const char *help;
} Field;

/* In the order of docs/state.md. */
static const Field fields[] = {
    {"record", "name", FIELD_TEXT, NULL, true, "The release's name."},
    {"record", "namespace", FIELD_TEXT, NULL, false, "Its namespace; missing where it has none."},
    {"record", "version", FIELD_WHOLE, NULL, true, "The revision, from 1."},
    {"record", "apply_method", FIELD_TEXT, NULL, false, "ssa: applied by the server."},
    {"record", "info", FIELD_OBJECT, "info", true, "What happened to it."},
    {"record", "chart", FIELD_OBJECT, "chart", true, "What it was made of."},
    {"record", "config", FIELD_MAP, NULL, false, "The user's values, where they are not a text."},
    {"record", "manifest", FIELD_TEXT, NULL, false, "All objects but hooks; of a whole record."},
    {"record", "hooks", FIELD_OBJECTS, "hook", false, "The chart's hooks."},
    {"record", "relfile", FIELD_OBJECT, "own", true, "What helm's release has not."},
    {"info", "status", FIELD_STATUS, NULL, true, "How it is."},
    {"info", "description", FIELD_TEXT, NULL, false, "What was done, or what went wrong."},
    {"info", "first_deployed", FIELD_TIME, NULL, false, "When it was first installed."},
    {"info", "last_deployed", FIELD_TIME, NULL, false, "When this revision was."},
    {"info", "deleted", FIELD_TIME, NULL, false, "When it was uninstalled."},
    {"info", "notes", FIELD_TEXT, NULL, false, "The rendered NOTES.txt; of a whole record."},
    {"chart", "metadata", FIELD_OBJECT, "metadata", true, "Of Chart.yaml."},
    {"metadata", "name", FIELD_TEXT, NULL, false, "The chart's name."},
    {"metadata", "version", FIELD_TEXT, NULL, false, "Its version."},
    {"metadata", "appVersion", FIELD_TEXT, NULL, false, "The version of what it installs."},
    {"hook", "name", FIELD_TEXT, NULL, false, "The object's name."},
    {"hook", "kind", FIELD_TEXT, NULL, false, "Its kind."},
    {"hook", "path", FIELD_TEXT, NULL, false, "The template that it is from."},
    {"hook", "manifest", FIELD_TEXT, NULL, false, "The object; of a whole record."},
    {"hook", "events", FIELD_EVENTS, NULL, false, "When it runs."},
    {"hook", "weight", FIELD_WHOLE, NULL, false, "Its place among others."},
    {"hook", "delete_policies", FIELD_DELETES, NULL, false, "When it is deleted."},
    {"hook", "last_run", FIELD_OBJECT, "hookRun", false, "How it went last."},
    {"hookRun", "started_at", FIELD_TIME, NULL, false, "When it began."},
    {"hookRun", "completed_at", FIELD_TIME, NULL, false, "When it ended."},
    {"hookRun", "phase", FIELD_TEXT, NULL, false, "Succeeded, Failed, Running, or empty."},
    {"own", "format", FIELD_WHOLE, NULL, true, "The version of this format."},
    {"own", "context", FIELD_TEXT, NULL, false, "The cluster; missing where none is named."},
    {"own", "labels", FIELD_TEXTS, NULL, false, "The release's labels."},
    {"own", "user", FIELD_TEXT, NULL, false, "Who: ada@laptop."},
    {"own", "tool", FIELD_TEXT, NULL, false, "With what: relfile 0.1.0."},
    {"own", "run", FIELD_TEXT, NULL, false, "In which run."},
    {"own", "spec", FIELD_TEXT, NULL, false, "Which spec it is of: a digest."},
    {"own", "protect", FIELD_FLAG, NULL, false, "It may not be uninstalled."},
    {"own", "texts", FIELD_OBJECT, "texts", false, "The blobs that have its texts."},
    {"own", "sealed", FIELD_TEXT, NULL, false, "The key that they are sealed with; yes: some."},
    {"own", "random", FIELD_OBJECT, "random", false, "What is random in it; of a whole record."},
    {"own", "checksum", FIELD_DIGEST, NULL, false, "SHA-256 of the text, with zeros in its place."},
    {"random", "seed", FIELD_TEXT, NULL, true, "What random texts follow from."},
    {"random", "now", FIELD_TEXT, NULL, false, "Nanoseconds since 1970."},
    {"random", "of", FIELD_TEXT, NULL, false, "A checksum of chart and values."},
    {"texts", "config", FIELD_DIGEST, NULL, false, "The user's values, as JSON."},
    {"texts", "manifest", FIELD_DIGEST, NULL, false, "All objects but hooks."},
    {"texts", "rest", FIELD_DIGEST, NULL, false, "Hooks' manifests, notes, what is random."},
    {"run", "format", FIELD_WHOLE, NULL, true, "The version of this format."},
    {"run", "id", FIELD_TEXT, NULL, true, "When it began, and something random."},
    {"run", "status", FIELD_RUN_STATUS, NULL, true, "How it ended."},
    {"run", "command", FIELD_TEXT, NULL, false, "sync, apply, destroy or rollback."},
    {"run", "environment", FIELD_TEXT, NULL, false, "Of the spec."},
    {"run", "user", FIELD_TEXT, NULL, false, "Who: ada@laptop."},
    {"run", "job", FIELD_TEXT, NULL, false, "Of CI: a URL, or its number."},
    {"run", "commit", FIELD_TEXT, NULL, false, "Of the spec."},
    {"run", "tool", FIELD_TEXT, NULL, false, "With what."},
    {"run", "started", FIELD_TIME, NULL, false, "When it began."},
    {"run", "ended", FIELD_TIME, NULL, false, "When it ended; missing while it is under way."},
    {"run", "inputs", FIELD_LIST, NULL, false, "What templates have read of other releases."},
    {"run", "releases", FIELD_OBJECTS, "runRelease", true, "In the plan's order."},
    {"runRelease", "context", FIELD_TEXT, NULL, false, "The cluster."},
    {"runRelease", "namespace", FIELD_TEXT, NULL, false, "The namespace."},
    {"runRelease", "name", FIELD_TEXT, NULL, false, "The release."},
    {"runRelease", "action", FIELD_TEXT, NULL, false, "planned until it is known."},
    {"runRelease", "revision", FIELD_WHOLE, NULL, false, "The revision that was made."},
    {"runRelease", "took_ms", FIELD_WHOLE, NULL, false, "Milliseconds."},
    {"runRelease", "error", FIELD_TEXT, NULL, false, "What went wrong."},
};

static Value names_value(Arena *a, const char *const *names, size_t len)
{
    Value *items = arena_array(a, Value, len);

    for (size_t i = 0; i < len; i++)
        items[i] = value_c(names[i]);
    return value_list(items, len);
}

static ValueMap *typed(Arena *a, const char *type)
{
    ValueMap *map = value_map_new(a);

    value_map_set_c(a, map, "type", value_c(type));
    return map;
}

static Value reference(Arena *a, const char *name)
{
    ValueMap *map = value_map_new(a);

    value_map_set_c(a, map, "$ref", value_string(str_format(a, "#/$defs/%s", name)));
    return value_of_map(map);
}

static ValueMap *list_of(Arena *a, Value items)
{
    ValueMap *map = typed(a, "array");

    value_map_set_c(a, map, "items", items);
    return map;
}

static ValueMap *one_of(Arena *a, Value names)
{
    ValueMap *map = value_map_new(a);

    value_map_set_c(a, map, "enum", names);
    return map;
}

/* helm's statuses, as record_status_name has them. */
static ValueMap *statuses(Arena *a)
{
    const char *names[RECORD_PENDING_ROLLBACK + 1];

    for (size_t i = 0; i < COUNT(names); i++)
        names[i] = record_status_name((RecordStatus)i);
    return one_of(a, names_value(a, names, COUNT(names)));
}

static ValueMap *run_statuses(Arena *a)
{
    const char *names[RUN_ABORTED + 1];

    for (size_t i = 0; i < COUNT(names); i++)
        names[i] = run_status_name((RunStatus)i);
    return one_of(a, names_value(a, names, COUNT(names)));
}

static ValueMap *formatted(Arena *a, const char *keyword, const char *text)
{
    ValueMap *map = typed(a, "string");

    value_map_set_c(a, map, keyword, value_c(text));
    return map;
}

static ValueMap *map_of_texts(Arena *a)
{
    ValueMap *map = typed(a, "object");

    value_map_set_c(a, map, "additionalProperties", value_of_map(typed(a, "string")));
    return map;
}

static ValueMap *type_of(Arena *a, const Field *f)
{
    switch (f->type) {
    case FIELD_TEXT:
        return typed(a, "string");
    case FIELD_FLAG:
        return typed(a, "boolean");
    case FIELD_WHOLE:
        return typed(a, "integer");
    case FIELD_TIME:
        return formatted(a, "format", "date-time");
    case FIELD_DIGEST:
        return formatted(a, "pattern", "^[0-9a-f]{64}$");
    case FIELD_MAP:
        return typed(a, "object");
    case FIELD_TEXTS:
        return map_of_texts(a);
    case FIELD_LIST:
        return list_of(a, value_of_map(typed(a, "string")));
    case FIELD_OBJECT:
        return reference(a, f->of).map;
    case FIELD_OBJECTS:
        return list_of(a, reference(a, f->of));
    case FIELD_STATUS:
        return statuses(a);
    case FIELD_RUN_STATUS:
        return run_statuses(a);
    case FIELD_EVENTS:
        return list_of(a, value_of_map(one_of(
                              a, names_value(a, manifest_hook_names, COUNT(manifest_hook_names)))));
    case FIELD_DELETES:
        return list_of(a, value_of_map(one_of(a, names_value(a, manifest_hook_delete_names,
                                                             COUNT(manifest_hook_delete_names)))));
    }
    return value_map_new(a);
}

/* The map at NAME of MAP, made where there is none; what is there is its own. */
static ValueMap *child(Arena *a, ValueMap *map, const char *name)
{
    const Value *there = value_map_get_c(map, name);

    if (there)
        return there->map;
    ValueMap *made = value_map_new(a);
    value_map_set_c(a, map, name, value_of_map(made));
    return made;
}

static void add_required(Arena *a, ValueMap *object, const char *name)
{
    const Value *there = value_map_get_c(object, "required");
    size_t len = there ? there->list.len : 0;
    Value *items = arena_array(a, Value, len + 1);

    for (size_t i = 0; i < len; i++)
        items[i] = there->list.items[i];
    items[len] = value_c(name);
    value_map_set_c(a, object, "required", value_list(items, len + 1));
}

static void add_field(Arena *a, ValueMap *definitions, const Field *f)
{
    ValueMap *object = child(a, definitions, f->object), *type = type_of(a, f);

    value_map_set_c(a, type, "description", value_c(f->help));
    value_map_set_c(a, object, "type", value_c("object"));
    value_map_set_c(a, child(a, object, "properties"), f->name, value_of_map(type));
    if (f->required)
        add_required(a, object, f->name);
}

void state_schema(Buf *b)
{
    Arena *a = b->arena;
    ValueMap *schema = value_map_new(a), *definitions = child(a, schema, "$defs");
    Value kinds[] = {reference(a, "record"), reference(a, "run")};

    value_map_set_c(a, schema, "$schema", value_c("https://json-schema.org/draft/2020-12/schema"));
    value_map_set_c(a, schema, "title",
                    value_c("What relfile keeps: records of releases, and runs"));
    value_map_set_c(
        a, schema, "description",
        value_string(str_format(a,
                                "Format %lld of records, format %d of runs; fields that "
                                "are not here are kept as they are.",
                                (long long)record_format, RUN_FORMAT)));
    value_map_set_c(a, schema, "anyOf", value_list(kinds, COUNT(kinds)));
    for (size_t i = 0; i < COUNT(fields); i++)
        add_field(a, definitions, &fields[i]);
    Error *err = json_write(b, value_of_map(schema), (JsonStyle){.indent = "  "});
    if (err)
        BUG("a schema that is no JSON: %s", error_message(err));
    buf_add_char(b, '\n');
}
