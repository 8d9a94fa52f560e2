/*
 * repositories.c - the repositories that helm knows. Source: helm, pkg/repo/v1/repo.go,
 * pkg/cli/environment.go and pkg/helmpath.
 */
#include "repository/repository.h"

#include "base/path.h"
#include "base/url.h"
#include "base/value.h"
#include "base/yaml.h"
#include "io/env.h"
#include "io/file.h"

static const char *config_path(Arena *a)
{
    static const char *const own[] = {"HELM_REPOSITORY_CONFIG"}, *const helm[] = {
                                                                     "HELM_CONFIG_HOME"};
    static const char *const xdg[] = {"XDG_CONFIG_HOME"}, *const home[] = {"HOME"};

    if (env_first(own, 1))
        return env_first(own, 1);
    if (env_first(helm, 1))
        return str_format(a, "%s/repositories.yaml", env_first(helm, 1)).ptr;
    if (env_first(xdg, 1))
        return str_format(a, "%s/helm/repositories.yaml", env_first(xdg, 1)).ptr;
    return str_format(a, "%s/.config/helm/repositories.yaml",
                      env_first(home, 1) ? env_first(home, 1) : ".")
        .ptr;
}

static bool is_true(const ValueMap *map, const char *key)
{
    const Value *v = value_map_get_c(map, key);

    return v && v->kind == VALUE_BOOL && v->boolean;
}

static const char *path_at(Arena *a, const ValueMap *map, const char *key)
{
    Str path = value_map_string(map, key);

    return path.len ? str_c(a, path) : NULL;
}

static Repository repository_of(Arena *a, const ValueMap *map)
{
    return (Repository){.name = value_map_string(map, "name"),
                        .url = value_map_string(map, "url"),
                        .pass_credentials = is_true(map, "pass_credentials_all"),
                        .access = {.user = value_map_string(map, "username"),
                                   .password = value_map_string(map, "password"),
                                   .ca_file = path_at(a, map, "caFile"),
                                   .cert_file = path_at(a, map, "certFile"),
                                   .key_file = path_at(a, map, "keyFile"),
                                   .insecure = is_true(map, "insecure_skip_tls_verify")}};
}

Error *repositories_read(Arena *a, const char *path, RepositoryList *out)
{
    ValueMap *map;
    Value v;
    Str text;

    *out = (RepositoryList){0};
    if (!path)
        path = config_path(a);
    if (!file_exists(path))
        return NULL;
    TRY(file_read(a, path, &text));
    TRY(yaml_parse_map(a, path, text, YAML_HELM, &v));
    map = v.map;
    const Value *list = value_map_get_c(map, "repositories");
    for (size_t i = 0; list && list->kind == VALUE_LIST && i < list->list.len; i++)
        if (list->list.items[i].kind == VALUE_MAP)
            *vec_add(a, out) = repository_of(a, list->list.items[i].map);
    return NULL;
}

const Repository *repositories_named(const RepositoryList *list, Str name)
{
    for (size_t i = 0; i < list->len; i++)
        if (str_equal(list->items[i].name, name))
            return &list->items[i];
    return NULL;
}

/* URL for comparing. Source: helm, internal/urlutil, Equal. */
static Str comparable(Arena *a, Str text)
{
    Url url;
    Error *err = url_parse(a, text, &url);

    if (err) {
        error_free(err);
        return path_clean(a, text);
    }
    url.path = path_clean(a, url.path.len ? url.path : STR("/"));
    return url_text(a, &url);
}

const Repository *repositories_at(const RepositoryList *list, Str url)
{
    DEFER(arena_free) Arena scratch = {0};
    Str wanted = comparable(&scratch, url);

    for (size_t i = 0; i < list->len; i++)
        if (str_equal(comparable(&scratch, list->items[i].url), wanted))
            return &list->items[i];
    return NULL;
}

bool repository_is_oci(Str url)
{
    return str_starts(url, STR("oci://"));
}
