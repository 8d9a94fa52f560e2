#include "chart/metadata.h"

#include "base/semver.h"
#include "base/time_layout.h"
#include "base/utf8.h"
#include "base/yaml_struct.h"

typedef enum FieldKind {
    FIELD_STRING,
    FIELD_BOOL,
    FIELD_STRINGS,
    FIELD_STRING_MAP,
    FIELD_MAINTAINERS,
    FIELD_DEPENDENCIES,
} FieldKind;

typedef struct Field {
    const char *yaml, *go; /* names in Chart.yaml and in templates */
    FieldKind kind;
    bool is_text; /* white space in it becomes spaces, control characters go */
} Field;

static const Field fields[] = {
    {"name", "Name", FIELD_STRING, true},
    {"home", "Home", FIELD_STRING, true},
    {"sources", "Sources", FIELD_STRINGS, true},
    {"version", "Version", FIELD_STRING, false},
    {"description", "Description", FIELD_STRING, true},
    {"keywords", "Keywords", FIELD_STRINGS, true},
    {"maintainers", "Maintainers", FIELD_MAINTAINERS, true},
    {"icon", "Icon", FIELD_STRING, true},
    {"apiVersion", "APIVersion", FIELD_STRING, false},
    {"condition", "Condition", FIELD_STRING, true},
    {"tags", "Tags", FIELD_STRING, true},
    {"appVersion", "AppVersion", FIELD_STRING, true},
    {"deprecated", "Deprecated", FIELD_BOOL, false},
    {"annotations", "Annotations", FIELD_STRING_MAP, false},
    {"kubeVersion", "KubeVersion", FIELD_STRING, true},
    {"dependencies", "Dependencies", FIELD_DEPENDENCIES, false},
    {"type", "Type", FIELD_STRING, false},
};

/* Reading of one file. */
typedef struct Reader {
    Arena *arena;
    Arena *work; /* of the nodes */
    const char *file;
} Reader;

static Place place_of(const Reader *r, const YamlNode *node)
{
    return (Place){r->file, node->line, node->column};
}

static Error *wrong_kind(const Reader *r, const YamlNode *node, const char *name, const char *want)
{
    static const char *const kinds[] = {"a scalar", "a list", "a map"};

    return error_at(place_of(r, node), "%s must be %s, not %s", name, want, kinds[node->kind]);
}

/* White space as spaces, and nothing that cannot be printed. Source: helm, sanitizeString. */
static Str sanitized(Arena *a, Str text)
{
    Buf b = {.arena = a};
    size_t width;

    for (; text.len; text = str_skip(text, width)) {
        uint32_t rune = utf8_first(text, &width);

        if (rune_is_space(rune))
            buf_add_char(&b, ' ');
        else if (rune_is_print(rune))
            utf8_add(&b, rune);
    }
    return buf_str(&b);
}

static Error *read_string(const Reader *r, const YamlNode *node, const char *name, Str *out)
{
    return yaml_struct_text(r->arena, r->file, node, name, out);
}

static Error *read_bool(const Reader *r, const YamlNode *node, const char *name, bool *out)
{
    Value v;

    TRY(yaml_value(r->arena, r->file, node, YAML_HELM, &v));
    if (v.kind != VALUE_BOOL && v.kind != VALUE_NULL)
        return error_at(place_of(r, node), "%s must be true or false", name);
    *out = v.kind == VALUE_BOOL && v.boolean;
    return NULL;
}

static Error *read_strings(const Reader *r, const YamlNode *node, const char *name, bool is_text,
                           ValueList *out)
{
    *out = (ValueList){0};
    if (yaml_struct_is_null(node))
        return NULL;
    if (node->kind != YAML_SEQUENCE)
        return wrong_kind(r, node, name, "a list of strings");
    out->items = arena_array(r->arena, Value, node->len + 1);
    out->len = node->len;
    for (size_t i = 0; i < node->len; i++) {
        Str text;

        TRY(read_string(r, node->items[i], name, &text));
        out->items[i] = value_string(is_text ? sanitized(r->arena, text) : text);
    }
    return NULL;
}

static Error *read_string_map(const Reader *r, const YamlNode *node, const char *name, Value *out)
{
    *out = (Value){.kind = VALUE_MAP, .type = TYPE_STRING_MAP};
    if (yaml_struct_is_null(node))
        return NULL;
    if (node->kind != YAML_MAPPING)
        return wrong_kind(r, node, name, "a map of strings");
    TRY(yaml_value(r->arena, r->file, node, YAML_HELM, out));
    *out = value_typed(*out, TYPE_STRING_MAP);
    for (size_t i = 0; i < out->map->len; i++) {
        ValueEntry *entry = &out->map->entries[i];
        Str text;

        if (entry->value.kind == VALUE_STRING)
            continue;
        TRY(read_string(r, yaml_struct_entry(node, entry->key), name, &text));
        entry->value = value_string(text);
    }
    return NULL;
}

static Error *read_text_at(const Reader *r, const YamlNode *mapping, const char *key, Str *out)
{
    TRY(read_string(r, yaml_struct_field(mapping, key), key, out));
    *out = sanitized(r->arena, *out);
    return NULL;
}

static Error *read_maintainers(const Reader *r, const YamlNode *node, Value *out)
{
    static const char *const keys[] = {"name", "email", "url"}, *const names[] = {"Name", "Email",
                                                                                  "URL"};
    Value *items;

    *out = value_list(NULL, 0);
    if (yaml_struct_is_null(node))
        return NULL;
    if (node->kind != YAML_SEQUENCE)
        return wrong_kind(r, node, "maintainers", "a list");
    items = arena_array(r->arena, Value, node->len);
    for (size_t i = 0; i < node->len; i++) {
        ValueMap *map = value_map_new(r->arena);

        if (node->items[i]->kind != YAML_MAPPING)
            return error_at(place_of(r, node->items[i]),
                            "maintainers must not contain empty or null nodes");
        for (size_t j = 0; j < COUNT(keys); j++) {
            Str text;

            TRY(read_text_at(r, node->items[i], keys[j], &text));
            value_map_set_c(r->arena, map, names[j], value_string(text));
        }
        items[i] = value_of_map(map);
    }
    *out = value_list(items, node->len);
    return NULL;
}

static Error *read_imports(const Reader *r, const YamlNode *node, ValueList *out)
{
    Value v;

    *out = (ValueList){0};
    if (yaml_struct_is_null(node))
        return NULL;
    if (node->kind != YAML_SEQUENCE)
        return wrong_kind(r, node, "import-values", "a list");
    TRY(yaml_value(r->arena, r->file, node, YAML_HELM, &v));
    *out = v.list;
    return NULL;
}

static Error *check_alias(const Reader *r, const YamlNode *node, const ChartDependency *d)
{
    for (size_t i = 0; i < d->alias.len; i++) {
        char c = d->alias.ptr[i];

        if (!((c | 0x20) >= 'a' && (c | 0x20) <= 'z') && !(c >= '0' && c <= '9') && c != '_' &&
            c != '-')
            return error_at(place_of(r, node),
                            "dependency \"%.*s\" has disallowed characters in the alias",
                            STR_ARG(d->name));
    }
    return NULL;
}

static Error *read_dependency(const Reader *r, const YamlNode *node, ChartDependency *out)
{
    const YamlNode *part;

    if (node->kind != YAML_MAPPING)
        return error_at(place_of(r, node), "dependencies must not contain empty or null nodes");
    TRY(read_text_at(r, node, "name", &out->name));
    TRY(read_text_at(r, node, "version", &out->version));
    TRY(read_text_at(r, node, "repository", &out->repository));
    TRY(read_text_at(r, node, "condition", &out->condition));
    if ((part = yaml_struct_field(node, "alias")))
        TRY(read_string(r, part, "alias", &out->alias));
    if ((part = yaml_struct_field(node, "tags")))
        TRY(read_strings(r, part, "tags", true, &out->tags));
    if ((part = yaml_struct_field(node, "enabled")))
        TRY(read_bool(r, part, "enabled", &out->enabled));
    if ((part = yaml_struct_field(node, "import-values")))
        TRY(read_imports(r, part, &out->import_values));
    return check_alias(r, node, out);
}

static Error *read_dependencies(const Reader *r, const YamlNode *node, ChartMetadata *out)
{
    out->dependencies = (ChartDependencyList){0};
    out->declares_dependencies = !yaml_struct_is_null(node);
    if (yaml_struct_is_null(node))
        return NULL;
    if (node->kind != YAML_SEQUENCE)
        return wrong_kind(r, node, "dependencies", "a list");
    for (size_t i = 0; i < node->len; i++)
        TRY(read_dependency(r, node->items[i], vec_add(r->arena, &out->dependencies)));
    return NULL;
}

static Error *read_field(const Reader *r, const Field *field, const YamlNode *node,
                         ChartMetadata *out)
{
    Value v = value_null();
    ValueList list;
    Str text;
    bool yes;

    switch (field->kind) {
    case FIELD_STRING:
        TRY(read_string(r, node, field->yaml, &text));
        v = value_string(field->is_text ? sanitized(r->arena, text) : text);
        break;
    case FIELD_BOOL:
        TRY(read_bool(r, node, field->yaml, &yes));
        v = value_bool(yes);
        break;
    case FIELD_STRINGS:
        TRY(read_strings(r, node, field->yaml, field->is_text, &list));
        v = value_list(list.items, list.len);
        break;
    case FIELD_STRING_MAP:
        TRY(read_string_map(r, node, field->yaml, &v));
        break;
    case FIELD_MAINTAINERS:
        TRY(read_maintainers(r, node, &v));
        break;
    case FIELD_DEPENDENCIES:
        return read_dependencies(r, node, out);
    }
    value_map_set_c(r->arena, out->fields, field->go, v);
    return NULL;
}

static ValueMap *empty_fields(Arena *a)
{
    ValueMap *map = value_map_new(a);

    for (size_t i = 0; i < COUNT(fields); i++) {
        Value v = value_c("");

        if (fields[i].kind == FIELD_BOOL)
            v = value_bool(false);
        else if (fields[i].kind == FIELD_STRING_MAP)
            v = (Value){.kind = VALUE_MAP, .type = TYPE_STRING_MAP};
        else if (fields[i].kind != FIELD_STRING)
            v = value_list(NULL, 0);
        value_map_set_c(a, map, fields[i].go, v);
    }
    return map;
}

/* The map in the file, or NULL where there is nothing. */
static Error *read_document(const Reader *r, Str text, const YamlNode **out)
{
    Value all;

    TRY(yaml_struct_read(r->arena, r->work, r->file, text, out, &all));
    if (yaml_struct_is_null(*out))
        *out = NULL;
    else if ((*out)->kind != YAML_MAPPING)
        return wrong_kind(r, *out, "the file", "a map");
    return NULL;
}

Error *metadata_read(Arena *a, const char *file, Str text, ChartMetadata *out)
{
    DEFER(arena_free) Arena scratch = {0};
    Reader r = {a, &scratch, file};
    const YamlNode *document;

    if (!out->fields)
        out->fields = empty_fields(a);
    TRY(read_document(&r, text, &document));
    for (size_t i = 0; i < COUNT(fields); i++) {
        const YamlNode *node = yaml_struct_field(document, fields[i].yaml);

        if (node)
            TRY(read_field(&r, &fields[i], node, out));
    }
    return NULL;
}

/* The time must be one, though nobody asks which. */
static Error *check_time(const Reader *r, const YamlNode *node)
{
    Str text;
    Time time;

    if (yaml_struct_is_null(node))
        return NULL;
    TRY(read_string(r, node, "generated", &text));
    return error_move(
        time_parse(r->arena, STR("2006-01-02T15:04:05Z07:00"), text, NULL, NULL, &time),
        place_of(r, node));
}

Error *metadata_check_lock(Arena *a, const char *file, Str text)
{
    DEFER(arena_free) Arena scratch = {0};
    Reader r = {a, &scratch, file};
    ChartMetadata locked = {0};
    const YamlNode *document, *dependencies;
    Str digest;

    TRY(read_document(&r, text, &document));
    TRY(read_string(&r, yaml_struct_field(document, "digest"), "digest", &digest));
    TRY(check_time(&r, yaml_struct_field(document, "generated")));
    dependencies = yaml_struct_field(document, "dependencies");
    return dependencies ? read_dependencies(&r, dependencies, &locked) : NULL;
}

static Error *check_dependencies(const char *file, const ChartDependencyList *list)
{
    for (size_t i = 0; i < list->len; i++)
        for (size_t j = 0; j < i; j++) {
            const ChartDependency *a = &list->items[i], *b = &list->items[j];
            Str key = a->alias.len ? a->alias : a->name;

            if (str_equal(key, b->alias.len ? b->alias : b->name))
                return error_at((Place){.file = file},
                                "more than one dependency with name or alias \"%.*s\"",
                                STR_ARG(key));
        }
    return NULL;
}

#define FAIL(...) error_at((Place){.file = file}, __VA_ARGS__)

static Error *check_name(const char *file, Str name)
{
    if (!name.len)
        return FAIL("a chart needs a name");
    if (str_is(name, ".") || str_is(name, ".."))
        return FAIL("the chart name \"%.*s\" is not allowed", STR_ARG(name));
    if (str_find_char(name, '/') != STR_NONE)
        return FAIL("the chart name \"%.*s\" is invalid", STR_ARG(name));
    return NULL;
}

Error *metadata_check(Arena *a, const char *file, ChartMetadata *m)
{
    if (!value_map_string(m->fields, "APIVersion").len)
        value_map_set_c(a, m->fields, "APIVersion", value_c("v1"));
    m->name = value_map_string(m->fields, "Name");
    m->version = value_map_string(m->fields, "Version");
    m->api_version = value_map_string(m->fields, "APIVersion");
    m->app_version = value_map_string(m->fields, "AppVersion");
    m->type = value_map_string(m->fields, "Type");
    m->kube_version = value_map_string(m->fields, "KubeVersion");

    TRY(check_name(file, m->name));
    if (!m->version.len)
        return FAIL("a chart needs a version");
    if (!semver_valid(m->version))
        return FAIL("the chart version \"%.*s\" is invalid", STR_ARG(m->version));
    if (m->type.len && !str_is(m->type, "application") && !str_is(m->type, "library"))
        return FAIL("the chart type must be application or library, not \"%.*s\"",
                    STR_ARG(m->type));
    TRY(check_dependencies(file, &m->dependencies));
    value_freeze(value_of_map(m->fields));
    return NULL;
}

Value metadata_dependencies_value(Arena *a, const ChartDependencyList *list)
{
    Value *items = arena_array(a, Value, list->len);

    for (size_t i = 0; i < list->len; i++) {
        const ChartDependency *d = &list->items[i];
        ValueMap *map = value_map_new(a);

        value_map_set_c(a, map, "Name", value_string(d->name));
        value_map_set_c(a, map, "Version", value_string(d->version));
        value_map_set_c(a, map, "Repository", value_string(d->repository));
        value_map_set_c(a, map, "Condition", value_string(d->condition));
        value_map_set_c(a, map, "Tags", value_list(d->tags.items, d->tags.len));
        value_map_set_c(a, map, "Enabled", value_bool(d->enabled));
        value_map_set_c(a, map, "ImportValues",
                        value_list(d->import_values.items, d->import_values.len));
        value_map_set_c(a, map, "Alias", value_string(d->alias));
        items[i] = value_of_map(map);
    }
    return value_list(items, list->len);
}
