/*
 * login.c - `registry login` and `logout`: what they change in helm's file of logins, which the
 * helm program reads, too. Source: helm, pkg/registry/client.go, Login and Logout.
 */
#include "registry/client.h"

#include "base/base64.h"
#include "base/json.h"
#include "base/path.h"
#include "io/folder.h"

enum { LOCK_TIMEOUT_MS = 30000 };

/* The folder of the file at PATH, which is for its owner's eyes, locked: who logs in at the same
 * time waits, and then reads what was written. */
static Error *open_folder(Arena *a, const char *path, Folder **out)
{
    TRY(folder_open(a, str_c(a, path_directory(a, str_from(path))), FOLDER_MAKE, out));
    return folder_lock(*out, LOCK_TIMEOUT_MS);
}

static Error *write_config(Folder *folder, Arena *a, const char *path, const ValueMap *config)
{
    DEFER(folder_drop) FolderDraft *draft = NULL;
    Buf text = {.arena = a};

    TRY(json_write(&text, value_of_map(value_map_shallow(a, config)), (JsonStyle){.indent = "\t"}));
    TRY(folder_draft(folder, a, buf_str(&text), &draft));
    TRY(folder_publish(folder, draft, path_name(str_from(path))));
    return folder_settle(draft);
}

/* CONFIG's "auths", which is made if it is not there. */
static ValueMap *auths_of(Arena *a, ValueMap *config)
{
    const Value *auths = value_map_get_c(config, "auths");
    ValueMap *map = auths && auths->kind == VALUE_MAP ? auths->map : value_map_new(a);

    value_map_set_c(a, config, "auths", value_of_map(map));
    return map;
}

static Error *store_in_helper(const Registry *registry, Arena *a, const char *helper, Str host)
{
    ValueMap *map = value_map_new(a);
    Buf input = {.arena = a};
    Str said;

    value_map_set_c(a, map, "ServerURL", value_string(registry_server_address(host)));
    value_map_set_c(a, map, "Username", value_string(registry->options.user));
    value_map_set_c(a, map, "Secret", value_string(registry->options.password));
    TRY(json_write(&input, value_of_map(map), (JsonStyle){0}));
    return registry_run_helper(a, helper, "store", buf_str(&input), &said);
}

static Error *keep(Registry *registry, Arena *a, Str host)
{
    DEFER(folder_close) Folder *folder = NULL;
    const char *path = registry_config_file(registry, a);
    const RegistryOptions *options = &registry->options;
    ValueMap *config, *entry = value_map_new(a);

    TRY(open_folder(a, path, &folder));
    TRY(registry_read_config(a, path, &config));
    const char *helper = registry_helper(a, config, host);
    if (helper)
        TRY(store_in_helper(registry, a, helper, host));
    else
        value_map_set_c(
            a, entry, "auth",
            value_string(base64_encode(a, str_format(a, "%.*s:%.*s", STR_ARG(options->user),
                                                     STR_ARG(options->password)))));
    value_map_set(a, auths_of(a, config), registry_server_address(host), value_of_map(entry));
    return write_config(folder, a, path, config);
}

Error *registry_login(Registry *registry, Arena *a, Str host)
{
    HttpRequest request = {.method = "GET", .follow = 1};
    HttpResponse response;

    TRY(registry_check_host(host));
    request.url = str_format(a, "%.*s/v2/", STR_ARG(registry_origin(registry, a, host)));
    TRY(registry_send(registry, a, host, (Str){"", 0}, &request, &response));
    if (response.status == 401)
        return error_new(ERROR_DENIED, "%.*s: user and password are wrong", STR_ARG(host));
    if (response.status != 200)
        return registry_refused(a, host, &request, &response);
    return keep(registry, a, host);
}

Error *registry_logout(Registry *registry, Arena *a, Str host)
{
    DEFER(folder_close) Folder *folder = NULL;
    const char *path = registry_config_file(registry, a);
    ValueMap *config;
    Str said;

    TRY(registry_check_host(host));
    TRY(open_folder(a, path, &folder));
    TRY(registry_read_config(a, path, &config));
    Str key = registry_auths_key(a, config, host);
    const char *helper = registry_helper(a, config, host);
    if (helper && key.len)
        TRY(registry_run_helper(a, helper, "erase", registry_server_address(host), &said));
    if (!key.len)
        return error_new(ERROR_NOT_FOUND, "not logged in to %.*s", STR_ARG(host));
    value_map_remove(auths_of(a, config), key);
    return write_config(folder, a, path, config);
}
