/*
 * credentials.c - who we are to a registry, as helm and docker keep it: in helm's file of logins,
 * then in docker's config.json, in each of them in a program that keeps secrets, or in the file.
 * Source: docker, cli/config; docker-credential-helpers; oras-go, registry/remote/credentials.
 */
#include "base/base64.h"
#include "base/json.h"
#include "io/env.h"
#include "io/file.h"
#include "io/process.h"
#include "registry/client.h"

#include <string.h>

enum { HELPER_TIMEOUT_MS = 30000, MOST_CONFIG = 4 << 20, MOST_HELPER_NAME = 100 };

#define HUB_ADDRESS "https://index.docker.io/v1/"

Str registry_server_address(Str host)
{
    if (str_is(host, "docker.io") || str_is(host, "registry-1.docker.io") ||
        str_is(host, "index.docker.io"))
        return STR(HUB_ADDRESS);
    return host;
}

const char *registry_config_file(const Registry *registry, Arena *a)
{
    const char *own =
        registry->options.config ? registry->options.config : env_get("HELM_REGISTRY_CONFIG");
    const char *helm = env_get("HELM_CONFIG_HOME"), *xdg = env_get("XDG_CONFIG_HOME");
    const char *home = env_get("HOME");

    if (own && *own)
        return own;
    if (helm && *helm)
        return str_format(a, "%s/registry/config.json", helm).ptr;
    if (xdg && *xdg)
        return str_format(a, "%s/helm/registry/config.json", xdg).ptr;
    return str_format(a, "%s/.config/helm/registry/config.json", home ? home : ".").ptr;
}

static const char *docker_config_file(Arena *a)
{
    const char *folder = env_get("DOCKER_CONFIG"), *home = env_get("HOME");

    if (folder && *folder)
        return str_format(a, "%s/config.json", folder).ptr;
    return home ? str_format(a, "%s/.docker/config.json", home).ptr : NULL;
}

Error *registry_read_config(Arena *a, const char *path, ValueMap **out)
{
    Value value = value_null();
    Str text = {"", 0};

    if (file_kind(path) != FILE_MISSING)
        TRY(file_read_limited(a, path, MOST_CONFIG, &text));
    if (str_trim(text).len)
        TRY(error_wrap(json_parse(a, NULL, text, &value), "%s", path));
    if (!value_is_null(value) && value.kind != VALUE_MAP)
        return error_new(ERROR_INPUT, "%s: is no configuration: it holds no map", path);
    *out = value.kind == VALUE_MAP ? value.map : value_map_new(a);
    return NULL;
}

static const ValueMap *map_at(const ValueMap *map, const char *key)
{
    const Value *v = value_map_get_c(map, key);

    return v && v->kind == VALUE_MAP ? v->map : NULL;
}

/* The host in "https://host/v1/", as docker writes some of them. */
static Str host_of(Str key)
{
    Str host;

    if (str_starts(key, STR("https://")))
        key = str_skip(key, 8);
    else if (str_starts(key, STR("http://")))
        key = str_skip(key, 7);
    str_cut(&key, '/', &host);
    return host;
}

Str registry_auths_key(Arena *a, const ValueMap *config, Str host)
{
    const ValueMap *auths = map_at(config, "auths");
    Str address = registry_server_address(host);

    (void)a;
    if (!auths)
        return (Str){"", 0};
    if (value_map_get(auths, address))
        return address;
    for (size_t i = 0; i < auths->len; i++)
        if (str_equal(host_of(auths->entries[i].key), host))
            return auths->entries[i].key;
    return (Str){"", 0};
}

static Error *login_from_entry(Arena *a, const ValueMap *entry, RegistryLogin *out)
{
    Str auth = value_map_string(entry, "auth");
    RegistryLogin login = {.user = value_map_string(entry, "username"),
                           .password = value_map_string(entry, "password"),
                           .refresh = value_map_string(entry, "identitytoken"),
                           .access = value_map_string(entry, "registrytoken")};

    if (auth.len) {
        Str both, user;

        TRY(base64_decode(a, auth, &both));
        if (!str_cut(&both, ':', &user))
            return error_new(ERROR_INPUT, "its auth is not USER:PASSWORD in base64");
        login.user = user;
        while (both.len && both.ptr[both.len - 1] == '\0')
            both.len--;
        login.password = both;
    }
    *out = login;
    return NULL;
}

/* ---- programs */

/* It becomes part of a program's name. */
static bool is_helper_name(Str name)
{
    if (!name.len || name.len > MOST_HELPER_NAME)
        return false;
    for (size_t i = 0; i < name.len; i++)
        if (name.ptr[i] == '/' || (unsigned char)name.ptr[i] <= ' ')
            return false;
    return true;
}

const char *registry_helper(Arena *a, const ValueMap *config, Str host)
{
    const ValueMap *helpers = map_at(config, "credHelpers");
    const Value *own = helpers ? value_map_get(helpers, registry_server_address(host)) : NULL;
    Str name =
        own && own->kind == VALUE_STRING ? own->string : value_map_string(config, "credsStore");

    return is_helper_name(name) ? str_format(a, "docker-credential-%.*s", STR_ARG(name)).ptr : NULL;
}

Error *registry_run_helper(Arena *a, const char *program, const char *verb, Str input, Str *out)
{
    const char *argv[] = {program, verb, NULL};
    ProcessResult result;

    TRY(process_run(
        a, &(ProcessRequest){.argv = argv, .input = input, .timeout_ms = HELPER_TIMEOUT_MS},
        &result));
    if (result.status) {
        // helpers complain on standard output; of "get" a failure may not show what it holds
        Str said = str_trim(result.out.len ? result.out : result.err), line;
        bool missing = str_find(said, STR("credentials not found")) != STR_NONE ||
                       str_find(said, STR("no credentials")) != STR_NONE;

        str_cut(&said, '\n', &line);
        return error_new(missing ? ERROR_NOT_FOUND : ERROR_DENIED, "%s %s: %.*s", program, verb,
                         STR_ARG(str_for_message(a, line, REGISTRY_SHOWN_BYTES)));
    }
    *out = result.out;
    return NULL;
}

/* What the PROGRAM knows; nothing is no error. */
static Error *login_from_helper(Arena *a, const char *program, Str host, RegistryLogin *out)
{
    Str text;
    Value value;
    Error *err = registry_run_helper(a, program, "get", registry_server_address(host), &text);

    if (err && error_kind_of(err) == ERROR_NOT_FOUND) {
        error_free(err);
        return NULL;
    }
    TRY(err);
    err = json_parse(a, NULL, text, &value);
    bool is_map = !err && value.kind == VALUE_MAP;
    error_free(err); // it could show a part of what is secret
    if (!is_map)
        return error_new(ERROR_DENIED, "%s get: gives no JSON", program);
    Str user = value_map_string(value.map, "Username");
    Str secret = value_map_string(value.map, "Secret");
    if (str_is(user, "<token>"))
        *out = (RegistryLogin){.refresh = secret};
    else
        *out = (RegistryLogin){.user = user, .password = secret};
    return NULL;
}

/* ---- */

static bool is_nobody(const RegistryLogin *login)
{
    return !login->password.len && !login->refresh.len && !login->access.len;
}

static Error *login_from_file(Arena *a, const char *path, Str host, RegistryLogin *out)
{
    ValueMap *config;

    TRY(registry_read_config(a, path, &config));
    const char *helper = registry_helper(a, config, host);
    if (helper)
        TRY(login_from_helper(a, helper, host, out));
    Str key = registry_auths_key(a, config, host);
    if (!is_nobody(out) || !key.len)
        return NULL;
    const Value *entry = value_map_get(map_at(config, "auths"), key);
    if (entry->kind != VALUE_MAP)
        return NULL;
    return error_wrap(login_from_entry(a, entry->map, out), "%s: %.*s", path, STR_ARG(key));
}

Error *registry_find_login(const Registry *registry, Arena *a, Str host, RegistryLogin *out)
{
    const RegistryOptions *options = &registry->options;
    const char *docker = docker_config_file(a);

    *out = (RegistryLogin){.user = options->user, .password = options->password};
    if (options->user.len || options->password.len)
        return NULL;
    TRY(login_from_file(a, registry_config_file(registry, a), host, out));
    if (is_nobody(out) && docker)
        TRY(login_from_file(a, docker, host, out));
    return NULL;
}
