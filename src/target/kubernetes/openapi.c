#include "target/kubernetes/openapi.h"

#include "base/field.h"
#include "base/nearest.h"
#include "target/kubernetes/discovery_cache.h"

enum {
    MOST_REFERENCES = 16,
    MOST_ADVICE = 5, /* fields that are told of */
    MOST_HELP = 200, /* bytes of a field's description */
};

/* ---- documents */

/* Whether one of the kinds that SCHEMA is of is KIND of API_VERSION. */
static bool is_of(const Value *schema, Str api_version, Str kind)
{
    const Value *names = schema->kind == VALUE_MAP && schema->map
                             ? value_map_get_c(schema->map, "x-kubernetes-group-version-kind")
                             : NULL;
    size_t slash = str_find_char(api_version, '/');
    Str group = slash == STR_NONE ? STR("") : str_slice(api_version, 0, slash);
    Str version = slash == STR_NONE ? api_version : str_skip(api_version, slash + 1);

    for (size_t i = 0; names && names->kind == VALUE_LIST && i < names->list.len; i++) {
        const Value *name = &names->list.items[i];

        if (str_equal(field_string(name, "group"), group) &&
            str_equal(field_string(name, "version"), version) &&
            str_equal(field_string(name, "kind"), kind))
            return true;
    }
    return false;
}

Error *openapi_find(KubeClient *client, Arena *a, Str url, Str api_version, Str kind, OpenApi *out)
{
    KubeRequest request = {.method = "GET", .path = STR("/openapi/v3")};
    Str root = str_find_char(api_version, '/') == STR_NONE ? STR("api/") : STR("apis/");
    Value index;

    *out = (OpenApi){0};
    TRY(discovery_ask(client, a, url, &request, &index));
    const ValueMap *paths = field_map(&index, "paths");
    const Value *entry = paths ? value_map_get(paths, str_join(a, root, api_version)) : NULL;
    Str path = field_string(entry, "serverRelativeURL");
    if (!path.len || path.ptr[0] != '/')
        return error_new(ERROR_NOT_FOUND, "no OpenAPI document of %.*s", STR_ARG(api_version));
    TRY(discovery_read(client, a, url, path, &out->document));
    const ValueMap *schemas = field_map(&out->document, "components.schemas");
    for (size_t i = 0; schemas && i < schemas->len && !out->schema; i++)
        if (is_of(&schemas->entries[i].value, api_version, kind))
            out->schema = &schemas->entries[i].value;
    return NULL;
}

/* ---- fields */

/* What NODE stands for, where it is a reference. */
static const Value *resolved(const OpenApi *api, const Value *node)
{
    static const char prefix[] = "#/components/schemas/";
    const ValueMap *schemas = field_map(&api->document, "components.schemas");

    for (int i = 0; node && schemas && i < MOST_REFERENCES; i++) {
        ValueList all = field_list(node, "allOf");
        Str name = field_string(node, "$ref");

        if (str_starts(name, str_from(prefix)))
            node = value_map_get(schemas, str_skip(name, sizeof(prefix) - 1));
        else if (all.len == 1)
            node = &all.items[0];
        else
            return node;
    }
    return node;
}

/* What the schema NODE has for its field NAME; NULL: there is no such field. */
static const Value *entry_for(const Value *node, Str name)
{
    const ValueMap *properties = field_map(node, "properties");
    const Value *found = properties ? value_map_get(properties, name) : NULL;

    return found ? found : field_at(node, "additionalProperties");
}

/* The schema of NODE's field NAME; NULL: it has none, or none that says anything. */
static const Value *member(const OpenApi *api, const Value *node, Str name)
{
    const Value *entry = entry_for(node, name);

    return entry && entry->kind == VALUE_MAP ? resolved(api, entry) : NULL;
}

/* How long the part of TEXT in brackets is that it begins with. */
static size_t bracket_len(Str text)
{
    bool quoted = false;

    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '"' && text.ptr[i - 1] != '\\')
            quoted = !quoted;
        if (text.ptr[i] == ']' && !quoted)
            return i + 1;
    }
    return text.len;
}

/* The next step of PATH: a name, or empty for an item of a list. */
static Str next_step(Str *path)
{
    if (path->ptr[0] == '[') {
        *path = str_skip(*path, bracket_len(*path));
        return (Str){"", 0};
    }
    if (path->ptr[0] == '.')
        *path = str_skip(*path, 1);
    size_t end = 0;
    while (end < path->len && path->ptr[end] != '.' && path->ptr[end] != '[')
        end++;
    Str name = str_slice(*path, 0, end);
    *path = str_skip(*path, end);
    return name;
}

/* The schema of what is at PATH: ".spec.containers[name=\"web\"].image". NULL: there is none. */
static const Value *field_of(const OpenApi *api, Str path)
{
    const Value *node = resolved(api, api->schema);

    while (node && path.len) {
        Str name = next_step(&path);

        node = name.len ? member(api, node, name) : resolved(api, field_at(node, "items"));
    }
    return node;
}

/* ---- advice */

/* The field of PARENT that NAME may be meant to be; NULL: none is near. */
static const char *meant(Arena *a, const Value *parent, Str name)
{
    const ValueMap *properties = field_map(parent, "properties");
    size_t len = properties ? properties->len : 0;
    const char **names = arena_array(a, const char *, len + 1);

    for (size_t i = 0; i < len; i++)
        names[i] = str_c(a, properties->entries[i].key);
    return nearest_word(name, names, len);
}

/* "an integer: Number of desired pods." */
static Str help_of(Arena *a, const Value *field)
{
    Str type = field_string(field, "type"), help = field_string(field, "description");
    size_t end = str_find(help, STR(". "));

    if (end != STR_NONE)
        help.len = end + 1;
    if (!type.len)
        type = STR("object");
    bool vowel = type.ptr[0] == 'a' || type.ptr[0] == 'i' || type.ptr[0] == 'o';
    return str_format(a, "%s %.*s%s%.*s", vowel ? "an" : "a", STR_ARG(type), help.len ? ": " : "",
                      STR_ARG(str_for_message(a, help, MOST_HELP)));
}

/* Fields of an object that its kind does not have, found so far. */
typedef struct Unknown {
    Arena *arena;
    const OpenApi *api;
    StrList paths, meant;
} Unknown;

static void add_unknown(Unknown *u, const Value *node, Str path, Str name)
{
    const char *word = meant(u->arena, node, name);

    if (u->paths.len >= MOST_ADVICE)
        return;
    *vec_add(u->arena, &u->paths) = str_format(u->arena, "%.*s.%.*s", STR_ARG(path), STR_ARG(name));
    if (word)
        *vec_add(u->arena, &u->meant) = str_format(u->arena, "%.*s.%s", STR_ARG(path), word);
}

/* Compare V, which is at PATH, with its schema NODE. */
static void find_unknown(Unknown *u, const Value *node, const Value *v, Str path)
{
    const Value *items = field_at(node, "items");

    for (size_t i = 0; items && v->kind == VALUE_LIST && i < v->list.len; i++)
        find_unknown(u, resolved(u->api, items), &v->list.items[i],
                     str_format(u->arena, "%.*s[%zu]", STR_ARG(path), i));
    if (v->kind != VALUE_MAP || !field_map(node, "properties") ||
        field_bool(node, "x-kubernetes-preserve-unknown-fields", false))
        return;
    for (size_t i = 0; v->map && i < v->map->len; i++) {
        const ValueEntry *entry = &v->map->entries[i];
        const Value *below = member(u->api, node, entry->key);

        if (below)
            find_unknown(u, below, &entry->value,
                         str_format(u->arena, "%.*s.%.*s", STR_ARG(path), STR_ARG(entry->key)));
        else if (!entry_for(node, entry->key))
            add_unknown(u, node, path, entry->key);
    }
}

static Str joined(Arena *a, const StrList *list)
{
    Buf b = {.arena = a};

    for (size_t i = 0; i < list->len; i++)
        buf_format(&b, "%s%.*s", i ? ", " : "", STR_ARG(list->items[i]));
    return buf_str(&b);
}

/* What the field is for that a server has REFUSED: "...): .spec.replicas: expected numeric". */
static Str field_help(Arena *a, const OpenApi *api, Str refusal)
{
    size_t start = str_find(refusal, STR("): .")), end;

    if (start == STR_NONE)
        return (Str){0};
    Str path = str_skip(refusal, start + 3);
    end = str_find(path, STR(": "));
    path = str_slice(path, 0, end == STR_NONE ? 0 : end);
    const Value *field = path.len ? field_of(api, path) : NULL;
    return field ? str_format(a, "%.*s is %.*s", STR_ARG(path), STR_ARG(help_of(a, field)))
                 : (Str){0};
}

Error *openapi_explain(Arena *a, const OpenApi *api, const Value *object, Str refusal, Error *err)
{
    Unknown unknown = {.arena = a, .api = api};

    if (!api->schema)
        return err;
    find_unknown(&unknown, resolved(api, api->schema), object, (Str){"", 0});
    // servers name one of them where they apply, and all where they decode
    bool named = unknown.paths.len == 1 || str_find(refusal, STR("unknown field")) != STR_NONE;
    for (size_t i = 0; i < unknown.paths.len && !named; i++)
        err = error_called(err, (Place){0}, "%.*s: there is no such field",
                           STR_ARG(unknown.paths.items[i]));
    if (unknown.meant.len)
        return error_hint(err, "did you mean %.*s?", STR_ARG(joined(a, &unknown.meant)));
    Str help = unknown.paths.len ? (Str){0} : field_help(a, api, refusal);
    return help.len ? error_hint(err, "%.*s", STR_ARG(help)) : err;
}
