/*
 * lint_metadata.c - Chart.yaml, by itself. Source: helm, pkg/chart/v2/lint/rules/chartfile.go.
 */
#include "authoring/lint.h"

#include "base/name_index.h"
#include "base/path.h"
#include "base/semver.h"
#include "base/url.h"
#include "base/yaml.h"
#include "io/file.h"
#include "templating/template.h"

#include <string.h>

static const char file[] = "Chart.yaml";

enum { DEEPEST = 200, LONGEST_LIST = 64 * 1024 };

#define ERROR_UNLESS(okay, ...) lint_rule(l, LINT_ERROR, file, okay, __VA_ARGS__)

/* ---- keys that there are not */

static const char *const chart_keys[] = {
    "annotations", "apiVersion", "appVersion", "condition", "dependencies", "deprecated",
    "description", "home",       "icon",       "keywords",  "kubeVersion",  "maintainers",
    "name",        "sources",    "tags",       "type",      "version",      NULL};
static const char *const dependency_keys[] = {"name",          "version", "repository",
                                              "condition",     "tags",    "enabled",
                                              "import-values", "alias",   NULL};
static const char *const maintainer_keys[] = {"name", "email", "url", NULL};

static Str unknown_key(const ValueMap *map, const char *const *keys);

static Str unknown_in(const Value *list, const char *const *keys)
{
    Str none = {0};

    for (size_t i = 0; list->kind == VALUE_LIST && i < list->list.len; i++) {
        const Value *item = &list->list.items[i];
        Str found = item->kind == VALUE_MAP && item->map ? unknown_key(item->map, keys) : none;

        if (found.ptr)
            return found;
    }
    return none;
}

/* The first key that is none; .ptr NULL without one. In JSON case does not matter. */
static Str unknown_key(const ValueMap *map, const char *const *keys)
{
    for (size_t i = 0; i < map->len; i++) {
        Str key = map->entries[i].key, inner = {0};
        size_t k = 0;

        while (keys[k] && (strlen(keys[k]) != key.len || strncasecmp(keys[k], key.ptr, key.len)))
            k++;
        if (!keys[k])
            return key;
        if (keys == chart_keys && str_is(key, "dependencies"))
            inner = unknown_in(&map->entries[i].value, dependency_keys);
        if (keys == chart_keys && str_is(key, "maintainers"))
            inner = unknown_in(&map->entries[i].value, maintainer_keys);
        if (inner.ptr)
            return inner;
    }
    return (Str){0};
}

/* ---- keys that there are twice */

static void note_duplicates(Arena *a, const YamlNode *node, int depth, Buf *out);

/* How Go writes a key. */
static Str key_text(Arena *a, const YamlNode *key)
{
    Value v = value_string(key->text);
    Error *err = key->kind == YAML_SCALAR ? yaml_value(a, NULL, key, YAML_HELM, &v) : NULL;

    error_free(err);
    return v.kind == VALUE_STRING ? str_format(a, "\"%.*s\"", STR_ARG(key->text))
                                  : template_text(a, v);
}

static void note_duplicate_keys(Arena *a, const YamlNode *map, int depth, Buf *out)
{
    NameIndex known = {0};

    for (size_t i = 0; i + 1 < map->len; i += 2) {
        Str key = key_text(a, map->items[i]);

        note_duplicates(a, map->items[i + 1], depth + 1, out);
        if (name_index_get(&known, NULL, key))
            buf_format(out, "\n  line %d: key %.*s already set in map", map->items[i + 1]->line,
                       STR_ARG(key));
        else
            name_index_set(a, &known, NULL, key, &map->items[i]);
    }
}

/* Add a line for each key in NODE that its map has already. Source: go-yaml v2, decode.go,
 * setMapIndex. */
static void note_duplicates(Arena *a, const YamlNode *node, int depth, Buf *out)
{
    if (node->endless || node->alias.len || depth > DEEPEST || out->len > LONGEST_LIST)
        return;
    if (node->kind == YAML_MAPPING)
        note_duplicate_keys(a, node, depth, out);
    for (size_t i = 0; node->kind == YAML_SEQUENCE && i < node->len; i++)
        note_duplicates(a, node->items[i], depth + 1, out);
}

static Str duplicates_in(Arena *a, Str text)
{
    Buf b = {.arena = a};
    YamlDocuments documents = {0};
    Error *err = yaml_read(a, NULL, text, &documents);

    if (!err && documents.len)
        note_duplicates(a, documents.items[0], 0, &b);
    error_free(err); // said where the values are read
    return buf_str(&b);
}

/* ---- values of keys */

/* The text that helm reads there: of a number, that one's. */
static Str text_at(Arena *a, const ValueMap *map, const char *key)
{
    const Value *v = value_map_get_c(map, key);

    return v && v->kind != VALUE_NULL ? template_text(a, *v) : STR("");
}

/* Go's name for what is no text. */
static const char *type_of(const Value *v)
{
    switch (v->kind) {
    case VALUE_STRING:
        return NULL;
    case VALUE_BOOL:
        return "bool";
    case VALUE_NULL:
        return "<nil>";
    case VALUE_MAP:
        return "map[string]interface {}";
    case VALUE_LIST:
        return "[]interface {}";
    default:
        return "float64";
    }
}

static void check_is_text(Lint *l, const ValueMap *map, const char *key)
{
    const Value *v = value_map_get_c(map, key);
    const char *type = v ? type_of(v) : NULL;

    ERROR_UNLESS(!type, "%s should be of type string but it's of type %s", key, type);
}

static bool is_request_url(Str text)
{
    DEFER(arena_free) Arena scratch = {0};
    Url url;
    Error *err = url_parse(&scratch, text, &url);
    bool fine = !err && url.scheme.len;

    error_free(err);
    return fine;
}

/* ---- rules */

static void check_name(Lint *l, const ValueMap *map)
{
    Str name = text_at(l->arena, map, "name");

    if (ERROR_UNLESS(name.len, "name is required"))
        ERROR_UNLESS(str_equal(path_name(name), name), "chart name \"%.*s\" is invalid",
                     STR_ARG(name));
}

static void check_api_version(Lint *l, Str version)
{
    if (ERROR_UNLESS(version.len,
                     "apiVersion is required. The value must be either \"v1\" or \"v2\""))
        ERROR_UNLESS(str_is(version, "v1") || str_is(version, "v2"),
                     "apiVersion '%.*s' is not valid. The value must be either \"v1\" or \"v2\"",
                     STR_ARG(version));
}

static void check_version(Lint *l, Str version)
{
    Semver parsed, least;

    if (!ERROR_UNLESS(version.len, "version is required") ||
        !ERROR_UNLESS(semver_valid(version), "version '%.*s' is not a valid SemVer",
                      STR_ARG(version)))
        return;
    error_free(semver_parse(version, &parsed));
    error_free(semver_parse(STR("0.0.0-0"), &least));
    Str text = semver_text(l->arena, &parsed);
    ERROR_UNLESS(semver_compare(&parsed, &least) > 0,
                 "version %.*s is less than or equal to 0.0.0-0", STR_ARG(text));
}

/* What SemVer 2 itself calls a version: all three numbers, and no v. */
static bool is_strict_version(Arena *a, Str version)
{
    Semver parsed;
    Error *err = semver_parse(version, &parsed);
    bool strict = !err && str_equal(semver_text(a, &parsed), version);

    error_free(err);
    return strict;
}

static bool is_email(Str text)
{
    size_t at = str_find_last(text, STR("@"));

    if (at == STR_NONE || at == 0 || str_find_char(text, ' ') != STR_NONE)
        return false;
    Str domain = str_skip(text, at + 1);
    size_t dot = str_find_char(domain, '.');
    return dot != STR_NONE && dot > 0 && !str_ends(domain, STR("."));
}

static bool is_url(Str text)
{
    return text.len > 2 && text.len < 2083 && text.ptr[0] != '.' &&
           str_find_char(text, ' ') == STR_NONE &&
           (str_find_char(text, '.') != STR_NONE || str_find(text, STR("localhost")) != STR_NONE);
}

/* Whether nothing is wrong with the maintainer. */
static bool check_maintainer(Lint *l, const Value *v)
{
    if (!ERROR_UNLESS(v->kind == VALUE_MAP && v->map, "a maintainer entry is empty"))
        return false;
    Str name = text_at(l->arena, v->map, "name"), email = text_at(l->arena, v->map, "email");
    Str url = text_at(l->arena, v->map, "url");
    return ERROR_UNLESS(name.len, "each maintainer requires a name") &&
           ERROR_UNLESS(!email.len || is_email(email), "invalid email '%.*s' for maintainer '%.*s'",
                        STR_ARG(email), STR_ARG(name)) &&
           ERROR_UNLESS(!url.len || is_url(url), "invalid url '%.*s' for maintainer '%.*s'",
                        STR_ARG(url), STR_ARG(name));
}

/* Of a list of which each item is checked, the first that is wrong counts. */
static void check_lists(Lint *l, const ValueMap *map)
{
    const Value *maintainers = value_map_get_c(map, "maintainers");
    const Value *sources = value_map_get_c(map, "sources");

    for (size_t i = 0; maintainers && maintainers->kind == VALUE_LIST && i < maintainers->list.len;
         i++)
        if (!check_maintainer(l, &maintainers->list.items[i]))
            break;
    for (size_t i = 0; sources && sources->kind == VALUE_LIST && i < sources->list.len; i++) {
        Str url = template_text(l->arena, sources->list.items[i]);

        if (!ERROR_UNLESS(is_request_url(url), "invalid source URL '%.*s'", STR_ARG(url)))
            break;
    }
}

static void check_by_api(Lint *l, const ValueMap *map, Str api)
{
    const Value *dependencies = value_map_get_c(map, "dependencies");
    bool depends = dependencies && dependencies->kind == VALUE_LIST && dependencies->list.len;

    ERROR_UNLESS(!text_at(l->arena, map, "type").len || str_is(api, "v2"),
                 "chart type is not valid in apiVersion '%.*s'. It is valid in apiVersion 'v2'",
                 STR_ARG(api));
    ERROR_UNLESS(!depends || str_is(api, "v2"),
                 "dependencies are not valid in the Chart file with apiVersion '%.*s'. They are "
                 "valid in apiVersion 'v2'",
                 STR_ARG(api));
}

/* What is read, and yet should not be there. */
static void check_strictly(Lint *l, const ValueMap *map, Str text)
{
    Str unknown = unknown_key(map, chart_keys), twice = duplicates_in(l->arena, text);

    if (!lint_rule(l, LINT_WARNING, file, !twice.len,
                   "failed to strictly parse chart metadata file\n\terror converting YAML to JSON: "
                   "yaml: unmarshal errors:%.*s",
                   STR_ARG(twice)))
        return;
    lint_rule(l, LINT_WARNING, file, !unknown.ptr,
              "failed to strictly parse chart metadata file\n\terror unmarshaling JSON: while "
              "decoding JSON: json: unknown field \"%.*s\"",
              STR_ARG(unknown));
}

static void check_fields(Lint *l, const ValueMap *map, Str text)
{
    Str icon = text_at(l->arena, map, "icon"), version = text_at(l->arena, map, "version");
    Str api = text_at(l->arena, map, "apiVersion");

    check_strictly(l, map, text);
    check_name(l, map);
    check_api_version(l, api);
    check_is_text(l, map, "version");
    check_version(l, version);
    check_is_text(l, map, "appVersion");
    check_lists(l, map);
    lint_rule(l, LINT_INFO, file, icon.len, "icon is recommended");
    ERROR_UNLESS(!icon.len || is_request_url(icon), "invalid icon URL '%.*s'", STR_ARG(icon));
    check_by_api(l, map, api);
    lint_rule(l, LINT_WARNING, file, is_strict_version(l->arena, version),
              "version '%.*s' is not a valid SemVerV2", STR_ARG(version));
}

void lint_metadata(Lint *l)
{
    const char *path = str_format(l->arena, "%s/%s", l->folder, file).ptr;
    Str text;
    Value v;

    ERROR_UNLESS(file_kind(path) != FILE_DIRECTORY, "should be a file, not a directory");
    Error *err = file_read(l->arena, path, &text);
    if (!err)
        err = yaml_parse_map(l->arena, file, text, YAML_HELM, &v);
    if (lint_error(l, LINT_ERROR, file, "unable to parse YAML\n\t", err))
        check_fields(l, v.map, text);
}
