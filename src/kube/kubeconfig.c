#include "kube/kubeconfig.h"

#include "base/base64.h"
#include "base/field.h"
#include "base/nearest.h"
#include "base/path.h"
#include "base/yaml.h"
#include "io/env.h"
#include "io/file.h"

#include <string.h>

#define ACCOUNT_FOLDER "/var/run/secrets/kubernetes.io/serviceaccount"

enum { MOST_BYTES = 16 << 20 }; /* of one file */

/* One kubeconfig file. */
typedef struct KubeFile {
    const char *path;
    Str folder;
    Value root;
} KubeFile;

/* All files, the first counts most. */
typedef struct KubeConfig {
    Arena *arena;
    VEC(KubeFile) files;
} KubeConfig;

/* What is at a name in a list of the files: a context, a cluster, a user. */
typedef struct KubeEntry {
    const KubeFile *file;
    Value body; /* a map */
} KubeEntry;

/* ---- reading */

static Error *read_kubeconfig(KubeConfig *config, const char *path)
{
    KubeFile file = {.path = path};
    Str text;

    TRY(file_read_limited(config->arena, path, MOST_BYTES, &text));
    TRY(yaml_parse(config->arena, path, text, YAML_HELM, &file.root));
    if (file.root.kind == VALUE_NULL)
        file.root = value_of_map(value_map_new(config->arena));
    if (file.root.kind != VALUE_MAP)
        return error_at((Place){.file = path}, "is no kubeconfig: it is a %s, not a map",
                        value_kind_name(file.root.kind));
    file.folder = path_directory(config->arena, file_absolute(config->arena, path));
    *vec_add(config->arena, &config->files) = file;
    return NULL;
}

/* A file of several that is not there is none. */
static Error *read_if_there(KubeConfig *config, const char *path)
{
    Error *err = read_kubeconfig(config, path);

    if (!err || error_kind_of(err) != ERROR_NOT_FOUND)
        return err;
    error_free(err);
    return NULL;
}

static Error *read_list(KubeConfig *config, const char *paths)
{
    Str rest = str_from(paths), path;

    for (bool more = true; more;) {
        more = str_cut(&rest, ':', &path);
        if (path.len)
            TRY(read_if_there(config, str_c(config->arena, path)));
    }
    return NULL;
}

static Error *read_all(KubeConfig *config, const char *path)
{
    const char *list = env_get("KUBECONFIG"), *home = env_get("HOME");

    if (path)
        return error_wrap(read_kubeconfig(config, path), "kubeconfig");
    if (list && *list)
        return error_wrap(read_list(config, list), "kubeconfig");
    if (!home || !*home)
        return NULL;
    return error_wrap(read_if_there(config, str_format(config->arena, "%s/.kube/config", home).ptr),
                      "kubeconfig");
}

/* ---- finding */

/* The entry NAME of the lists called LIST ("contexts"), whose body is at BODY ("context"). */
static bool find_entry(const KubeConfig *config, const char *list, const char *body, Str name,
                       KubeEntry *out)
{
    for (size_t i = 0; i < config->files.len; i++) {
        const KubeFile *file = &config->files.items[i];
        ValueList items = field_list(&file->root, list);

        for (size_t j = 0; j < items.len; j++) {
            const Value *found = field_at(&items.items[j], body);

            if (!str_equal(field_string(&items.items[j], "name"), name))
                continue;
            *out = (KubeEntry){file, found && found->kind == VALUE_MAP && found->map
                                         ? *found
                                         : value_of_map(value_map_new(config->arena))};
            return true;
        }
    }
    return false;
}

static Error *no_context(const KubeConfig *config, Str name)
{
    VEC(const char *) names = {0};
    Buf all = {.arena = config->arena};
    Error *err = error_new(ERROR_INPUT, "%s: there is no context \"%.*s\"",
                           config->files.items[0].path, STR_ARG(name));

    for (size_t i = 0; i < config->files.len; i++) {
        ValueList items = field_list(&config->files.items[i].root, "contexts");

        for (size_t j = 0; j < items.len; j++) {
            Str one = field_string(&items.items[j], "name");

            *vec_add(config->arena, &names) = str_c(config->arena, one);
            buf_format(&all, "%s%.*s", all.len ? ", " : "", STR_ARG(one));
        }
    }
    err = nearest_hint(err, name, names.items, names.len);
    return all.len ? error_hint(err, "there is %.*s",
                                STR_ARG(str_for_message(config->arena, buf_str(&all), 300)))
                   : err;
}

static Error *find_context(const KubeConfig *config, Str *name, KubeEntry *out)
{
    for (size_t i = 0; i < config->files.len && !name->len; i++)
        *name = field_string(&config->files.items[i].root, "current-context");
    if (!name->len)
        return error_hint(
            error_new(ERROR_INPUT, "%s: there is no current context", config->files.items[0].path),
            "choose one with --kube-context, or kubeContext in the spec");
    return find_entry(config, "contexts", "context", *name, out) ? NULL : no_context(config, *name);
}

/* ---- its parts */

/* V as a text, where somebody forgot the quotes, too. Source: sigs.k8s.io/yaml. */
static Str scalar_text(Arena *a, const Value *v)
{
    int64_t n;

    if (!v)
        return STR("");
    if (v->kind == VALUE_BOOL)
        return v->boolean ? STR("true") : STR("false");
    if (value_whole(*v, &n))
        return str_format(a, "%lld", (long long)n);
    return v->kind == VALUE_STRING ? v->string : STR("");
}

static Str text_in(Arena *a, const KubeEntry *entry, const char *name)
{
    return scalar_text(a, field_at(&entry->body, name));
}

static const char *path_in(Arena *a, const KubeEntry *entry, const char *name)
{
    Str path = text_in(a, entry, name);

    return path.len ? str_c(a, path_join(a, entry->file->folder, path)) : NULL;
}

/* What is at NAME-data, in base64, or in the file at NAME. */
static Error *read_pem(Arena *a, const KubeEntry *entry, const char *name, Str *out)
{
    const char *inline_name = str_format(a, "%s-data", name).ptr;
    Str inlined = text_in(a, entry, inline_name);
    const char *path = path_in(a, entry, name);

    if (inlined.len) {
        Error *err = base64_decode(a, inlined, out);

        return error_wrap(err, "%s: %s", entry->file->path, inline_name);
    }
    return path ? error_wrap(file_read_limited(a, path, MOST_BYTES, out), "%s: %s",
                             entry->file->path, name)
                : NULL;
}

static Error *decode_cluster(Arena *a, const KubeEntry *entry, Str name, KubeAccess *out)
{
    out->server = text_in(a, entry, "server");
    while (str_ends(out->server, STR("/")))
        out->server.len--;
    if (!out->server.len)
        return error_new(ERROR_INPUT, "%s: cluster \"%.*s\" has no server", entry->file->path,
                         STR_ARG(name));
    if (str_find(out->server, STR("://")) == STR_NONE)
        out->server = str_join(a, STR("https://"), out->server);
    out->proxy = text_in(a, entry, "proxy-url");
    out->server_name = text_in(a, entry, "tls-server-name");
    out->insecure = field_bool(&entry->body, "insecure-skip-tls-verify", false);
    TRY(read_pem(a, entry, "certificate-authority", &out->ca_pem));
    if (out->insecure && out->ca_pem.len)
        return error_new(ERROR_INPUT,
                         "%s: cluster \"%.*s\" has a certificate authority and "
                         "insecure-skip-tls-verify: true",
                         entry->file->path, STR_ARG(name));
    return NULL;
}

/* Source: client-go, tools/clientcmd/api, ExecInteractiveMode; without one it is the second. */
static Error *decode_talk(const KubeEntry *entry, Str name, const Value *exec, KubeTalk *out)
{
    static const char *const modes[] = {[KUBE_TALKS_IF_IT_CAN] = "IfAvailable",
                                        [KUBE_TALKS_NEVER] = "Never",
                                        [KUBE_TALKS_ALWAYS] = "Always"};
    Str mode = field_string(exec, "interactiveMode");

    for (size_t i = 0; i < COUNT(modes); i++)
        if (str_is(mode, modes[i]))
            *out = (KubeTalk)i;
    if (!mode.len || str_is(mode, modes[*out]))
        return NULL;
    return error_hint(error_new(ERROR_INPUT, "%s: user \"%.*s\": exec has interactiveMode \"%.*s\"",
                                entry->file->path, STR_ARG(name), STR_ARG(mode)),
                      "Never, IfAvailable and Always are known");
}

static Error *decode_exec(Arena *a, const KubeEntry *entry, Str name, KubeExec *out)
{
    const Value *exec = field_at(&entry->body, "exec");
    ValueList args = field_list(exec, "args"), env = field_list(exec, "env");
    Str command = field_string(exec, "command");
    const char **argv = arena_array(a, const char *, args.len + 2);
    const char **variables = arena_array(a, const char *, env.len + 1);

    if (!command.len)
        return error_new(ERROR_INPUT, "%s: user \"%.*s\": exec has no command", entry->file->path,
                         STR_ARG(name));
    argv[0] = str_find_char(command, '/') == STR_NONE
                  ? str_c(a, command)
                  : str_c(a, path_join(a, entry->file->folder, command));
    for (size_t i = 0; i < args.len; i++)
        argv[i + 1] = str_c(a, scalar_text(a, &args.items[i]));
    for (size_t i = 0; i < env.len; i++)
        variables[i] = str_format(a, "%.*s=%.*s", STR_ARG(field_string(&env.items[i], "name")),
                                  STR_ARG(scalar_text(a, field_at(&env.items[i], "value"))))
                           .ptr;
    *out = (KubeExec){.argv = argv,
                      .variables = variables,
                      .api_version = field_string(exec, "apiVersion"),
                      .install_hint = field_string(exec, "installHint"),
                      .provides_cluster_info = field_bool(exec, "provideClusterInfo", false)};
    TRY(decode_talk(entry, name, exec, &out->talk));
    if (str_is(out->api_version, "client.authentication.k8s.io/v1") ||
        str_is(out->api_version, "client.authentication.k8s.io/v1beta1"))
        return NULL;
    return error_hint(error_new(ERROR_INPUT, "%s: user \"%.*s\": exec has apiVersion \"%.*s\"",
                                entry->file->path, STR_ARG(name), STR_ARG(out->api_version)),
                      "client.authentication.k8s.io/v1 and v1beta1 are known");
}

static void decode_impersonation(Arena *a, const KubeEntry *entry, KubeAccess *out)
{
    ValueList groups = field_list(&entry->body, "as-groups");

    out->as_user = text_in(a, entry, "as");
    out->as_uid = text_in(a, entry, "as-uid");
    out->as_extra = field_map(&entry->body, "as-user-extra");
    for (size_t i = 0; i < groups.len; i++)
        if (groups.items[i].kind == VALUE_STRING)
            *vec_add(a, &out->as_groups) = groups.items[i].string;
}

static Error *decode_user(Arena *a, const KubeEntry *entry, Str name, KubeAccess *out)
{
    const Value *provider = field_at(&entry->body, "auth-provider");

    if (provider && provider->kind == VALUE_MAP)
        return error_hint(error_new(ERROR_INPUT,
                                    "%s: user \"%.*s\" has an auth-provider, which Kubernetes has "
                                    "not had since 1.26",
                                    entry->file->path, STR_ARG(name)),
                          "use an exec plugin instead");
    TRY(read_pem(a, entry, "client-certificate", &out->cert_pem));
    TRY(read_pem(a, entry, "client-key", &out->key_pem));
    if (!out->cert_pem.len != !out->key_pem.len)
        return error_new(ERROR_INPUT, "%s: user \"%.*s\" has a client %s without a %s",
                         entry->file->path, STR_ARG(name), out->key_pem.len ? "key" : "certificate",
                         out->key_pem.len ? "certificate" : "key");
    out->token = text_in(a, entry, "token");
    out->token_file = path_in(a, entry, "tokenFile");
    out->user = text_in(a, entry, "username");
    out->password = text_in(a, entry, "password");
    decode_impersonation(a, entry, out);
    return field_at(&entry->body, "exec") && !value_is_null(*field_at(&entry->body, "exec"))
               ? decode_exec(a, entry, name, &out->exec)
               : NULL;
}

static Error *missing_part(const KubeEntry *context, Str name, const char *what, Str part)
{
    if (!part.len)
        return error_new(ERROR_INPUT, "%s: context \"%.*s\" names no %s", context->file->path,
                         STR_ARG(name), what);
    return error_new(ERROR_INPUT, "%s: context \"%.*s\" is of %s \"%.*s\", which there is none of",
                     context->file->path, STR_ARG(name), what, STR_ARG(part));
}

static Error *decode(const KubeConfig *config, Str name, KubeAccess *out)
{
    KubeEntry context, entry;

    TRY(find_context(config, &name, &context));
    Str cluster = text_in(config->arena, &context, "cluster"),
        user = text_in(config->arena, &context, "user");
    out->context = name;
    out->namespace = text_in(config->arena, &context, "namespace");
    if (!find_entry(config, "clusters", "cluster", cluster, &entry))
        return missing_part(&context, name, "cluster", cluster);
    TRY(decode_cluster(config->arena, &entry, cluster, out));
    const Value *plugin_config = field_at(list_find(field_list(&entry.body, "extensions"), "name",
                                                    "client.authentication.k8s.io/exec"),
                                          "extension");
    if (!user.len)
        return NULL;
    if (!find_entry(config, "users", "user", user, &entry))
        return missing_part(&context, name, "user", user);
    TRY(decode_user(config->arena, &entry, user, out));
    out->exec.config = plugin_config;
    return NULL;
}

/* ---- from inside */

Error *kubeconfig_in_cluster(Arena *a, const char *folder, const char *host, const char *port,
                             KubeAccess *out)
{
    KubeAccess access = {.token_file = str_format(a, "%s/token", folder).ptr};
    bool is_ipv6 = strchr(host, ':') != NULL;
    Error *err;

    access.server = str_format(a, "https://%s%s%s:%s", is_ipv6 ? "[" : "", host, is_ipv6 ? "]" : "",
                               port && *port ? port : "443");
    TRY(file_read_limited(a, str_format(a, "%s/ca.crt", folder).ptr, MOST_BYTES, &access.ca_pem));
    err = file_read_limited(a, str_format(a, "%s/namespace", folder).ptr, MOST_BYTES,
                            &access.namespace);
    error_free(err); // it is only the usual one
    access.namespace = str_trim(access.namespace);
    *out = access;
    return NULL;
}

static Error *nothing_configured(void)
{
    const char *list = env_get("KUBECONFIG");

    return error_hint(error_new(ERROR_NOT_FOUND,
                                "no cluster is configured: there is no %s, and this is no pod",
                                list && *list ? list : "~/.kube/config"),
                      "name a file with --kubeconfig or KUBECONFIG");
}

Error *kubeconfig_load(Arena *a, const char *path, Str context, KubeAccess *out)
{
    KubeConfig config = {.arena = a};
    const char *host = env_get("KUBERNETES_SERVICE_HOST");
    KubeAccess access = {0};

    TRY(read_all(&config, path));
    if (config.files.len) {
        TRY(error_wrap(decode(&config, context, &access), "kubeconfig"));
        *out = access;
        return NULL;
    }
    if (!host || !*host || file_kind(ACCOUNT_FOLDER "/token") == FILE_MISSING)
        return nothing_configured();
    if (context.len)
        return error_new(ERROR_INPUT, "there is no context \"%.*s\": a pod's account has none",
                         STR_ARG(context));
    return error_wrap(
        kubeconfig_in_cluster(a, ACCOUNT_FOLDER, host, env_get("KUBERNETES_SERVICE_PORT"), out),
        "the pod's account");
}
