#include "secrets/vault.h"

#include "base/json.h"
#include "base/path.h"
#include "base/redact.h"
#include "io/env.h"
#include "io/file.h"

struct Vault {
    Str address, namespace, token;
    Http *http;
};

static const char kubernetes_token[] = "/var/run/secrets/kubernetes.io/serviceaccount/token";

static Str variable(const char *name)
{
    const char *value = env_get(name);

    return str_from(value ? value : "");
}

/* The variable VAULT_NAME, or that of LOGIN's kin. */
static Str own_variable(Arena *a, const VaultLogin *login, const char *name)
{
    Str own = login->kin ? variable(str_format(a, "%s_%s", login->kin, name).ptr) : (Str){"", 0};

    return own.len ? own : variable(str_format(a, "VAULT_%s", name).ptr);
}

/* GIVEN, or that variable. */
static Str or_variable(Arena *a, const VaultLogin *login, Str given, const char *name)
{
    return given.len ? given : own_variable(a, login, name);
}

/* ---- requests */

static Error *send(Vault *vault, Arena *a, const char *method, Str path, const Value *body,
                   Value *out)
{
    HttpRequest request = {
        .method = method,
        .url = str_format(a, "%.*s/v1/%.*s", STR_ARG(vault->address), STR_ARG(path))};
    Buf text = {.arena = a};

    if (body)
        TRY(json_write(&text, *body, (JsonStyle){0}));
    if (body)
        request.body = buf_str(&text);
    if (body)
        http_add_header(a, &request.headers, "content-type", STR("application/json"));
    http_add_header(a, &request.headers, "x-vault-request", STR("true"));
    if (vault->token.len)
        http_add_header(a, &request.headers, "x-vault-token", vault->token);
    if (vault->namespace.len)
        http_add_header(a, &request.headers, "x-vault-namespace", vault->namespace);
    return service_send(vault->http, a, "vault", &request, out);
}

Error *vault_read(Vault *vault, Arena *a, Str path, Value *out)
{
    return send(vault, a, "GET", path, NULL, out);
}

Error *vault_write(Vault *vault, Arena *a, Str path, Value body, Value *out)
{
    return send(vault, a, "POST", path, &body, out);
}

/* ---- logging in */

static Error *read_text(Arena *a, Str path, Str *out)
{
    Str text;

    TRY(file_read(a, str_c(a, path), &text));
    *out = str_trim(text);
    return NULL;
}

/* The token of LOGIN, VAULT_TOKEN, the file that VAULT_TOKEN_FILE names, or ~/.vault-token; BAO_…
 * and ~/.bao-token likewise. */
static Error *find_token(Arena *a, const VaultLogin *login, Str *out)
{
    Str file = own_variable(a, login, "TOKEN_FILE"), home = variable("HOME");

    *out = login->token_env.len ? variable(str_c(a, login->token_env))
                                : own_variable(a, login, "TOKEN");
    if (login->token_env.len && !out->len)
        return error_new(ERROR_DENIED, "the environment variable %.*s, for the token, is not set",
                         STR_ARG(login->token_env));
    if (login->token_file.len)
        return read_text(a, login->token_file, out);
    if (out->len)
        return NULL;
    if (!file.len && home.len)
        file = path_join(a, home, login->kin ? STR(".bao-token") : STR(".vault-token"));
    if (file.len && file_kind(str_c(a, file)) != FILE_MISSING)
        TRY(read_text(a, file, out));
    if (out->len)
        return NULL;
    return error_hint(error_new(ERROR_DENIED, "there is no token for vault"),
                      "set %s_TOKEN, or write it to ~/.%s-token with `%s login`",
                      login->kin ? login->kin : "VAULT", login->kin ? "bao" : "vault",
                      login->kin ? "bao" : "vault");
}

static Error *find_password(Arena *a, const VaultLogin *login, Str *out)
{
    Str name = or_variable(a, login, login->password_env, "PASSWORD_ENV");
    Str file = or_variable(a, login, login->password_file, "PASSWORD_FILE");

    if (name.len)
        *out = variable(str_c(a, name));
    else if (file.len)
        TRY(read_text(a, file, out));
    else
        *out = (Str){"", 0};
    return out->len ? NULL : error_new(ERROR_DENIED, "there is no password for vault");
}

/* Ask the method at MOUNT for a token for what BODY says. */
static Error *log_in(Vault *vault, Arena *a, Str mount, Str user, ValueMap *body)
{
    Str path = path_join(a, STR("auth"), str_starts(mount, STR("/")) ? str_skip(mount, 1) : mount);
    Value answer;

    path = user.len ? str_format(a, "%.*s/login/%.*s", STR_ARG(path), STR_ARG(user))
                    : str_format(a, "%.*s/login", STR_ARG(path));
    TRY(vault_write(vault, a, path, value_of_map(body), &answer));
    const Value *auth = answer.kind == VALUE_MAP ? value_map_get_c(answer.map, "auth") : NULL;
    vault->token = auth ? service_text(*auth, "client_token") : (Str){"", 0};
    return vault->token.len ? NULL : error_new(ERROR_DENIED, "vault: the login gives no token");
}

static void set_text(Arena *a, ValueMap *map, const char *name, Str text)
{
    value_map_set_c(a, map, name, value_string(text));
}

static Str mount_of(Arena *a, const VaultLogin *login, const char *name, const char *usual)
{
    Str said = own_variable(a, login, name);

    return said.len ? said : str_from(usual);
}

static Error *log_in_as(Vault *vault, Arena *a, const VaultLogin *login, Str method)
{
    Str role = or_variable(a, login, login->role_id, "ROLE_ID"), text;
    ValueMap *body = value_map_new(a);

    if (str_is(method, "token"))
        return find_token(a, login, &vault->token);
    if (str_is(method, "approle")) {
        set_text(a, body, "role_id", role);
        set_text(a, body, "secret_id", or_variable(a, login, login->secret_id, "SECRET_ID"));
        return log_in(vault, a, mount_of(a, login, "LOGIN_MOUNT_POINT", "approle"), (Str){"", 0},
                      body);
    }
    if (str_is(method, "kubernetes")) {
        Str path = own_variable(a, login, "KUBERNETES_JWT_TOKEN_PATH");

        TRY(read_text(a, path.len ? path : str_from(kubernetes_token), &text));
        set_text(a, body, "jwt", text);
        set_text(a, body, "role", role);
        return log_in(vault, a, mount_of(a, login, "KUBERNETES_MOUNT_POINT", "kubernetes"),
                      (Str){"", 0}, body);
    }
    if (!str_is(method, "userpass"))
        return error_new(ERROR_INPUT,
                         "\"auth_method\" is token, approle, kubernetes or userpass, not \"%.*s\"",
                         STR_ARG(method));
    TRY(find_password(a, login, &text));
    set_text(a, body, "password", text);
    return log_in(vault, a, mount_of(a, login, "LOGIN_MOUNT_POINT", "userpass"),
                  or_variable(a, login, login->username, "USERNAME"), body);
}

static const char *or_null(Arena *a, Str text)
{
    return text.len ? str_c(a, text) : NULL;
}

static Http *http_of(Arena *a, const VaultLogin *login, Str address)
{
    bool insecure = env_is_true("VAULT_SKIP_VERIFY") ||
                    (login->kin && env_is_true("BAO_SKIP_VERIFY")) ||
                    str_find(address, STR("127.0.0.1")) != STR_NONE; // as vals has it

    return http_open(
        &(HttpOptions){.ca_file = or_null(a, own_variable(a, login, "CACERT")),
                       .cert = or_null(a, own_variable(a, login, "CLIENT_CERT")),
                       .key = or_null(a, own_variable(a, login, "CLIENT_KEY")),
                       .server_name = or_null(a, own_variable(a, login, "TLS_SERVER_NAME")),
                       .insecure = insecure});
}

static Error *make(Arena *a, const void *request, void **out)
{
    const VaultLogin *login = request;
    Vault *vault = arena_new(a, Vault);
    Str method = or_variable(a, login, login->auth_method, "AUTH_METHOD");

    vault->address = str_copy(a, or_variable(a, login, login->address, "ADDR"));
    if (!vault->address.len)
        vault->address = STR("https://127.0.0.1:8200");
    if (str_ends(vault->address, STR("/")))
        vault->address.len--;
    vault->namespace = str_copy(a, or_variable(a, login, login->namespace, "NAMESPACE"));
    vault->http = http_of(a, login, vault->address);
    Error *err = log_in_as(vault, a, login, method.len ? method : STR("token"));
    if (err) {
        http_close(&vault->http);
        return err;
    }
    redact_add(vault->token);
    *out = vault;
    return NULL;
}

static void end(void *thing)
{
    Vault *vault = thing;

    http_close(&vault->http);
}

Error *vault_open(Secrets *secrets, Arena *a, const VaultLogin *login, Vault **out)
{
    static const SharedKind kind = {make, end};
    const Str parts[] = {str_from(login->kin ? login->kin : ""),
                         login->address,
                         login->namespace,
                         login->auth_method,
                         login->token_env,
                         login->token_file,
                         login->role_id,
                         login->secret_id,
                         login->username,
                         login->password_env,
                         login->password_file};
    Buf key = {.arena = a};
    void *vault;

    for (size_t i = 0; i < COUNT(parts); i++) {
        buf_add(&key, parts[i]);
        buf_add_char(&key, '\n');
    }
    TRY(shared_get(secrets_shared(secrets), &kind, buf_str(&key), login, &vault));
    *out = vault;
    return NULL;
}

/* ---- the key-value engine */

/* Where the engine of PATH is mounted, and whether it is of version 2. Old servers do not say. */
static Error *find_mount(Vault *vault, Arena *a, Str path, Str *mount, bool *second)
{
    Value answer;
    Error *err = vault_read(vault, a, str_join(a, STR("sys/internal/ui/mounts/"), path), &answer);

    *mount = (Str){"", 0};
    *second = false;
    if (err && error_kind_of(err) == ERROR_NOT_FOUND) {
        error_free(err);
        return NULL;
    }
    TRY(err);
    const Value *data = value_at(&answer, STR("data"));
    const Value *version = value_at(&answer, STR("data.options.version"));
    *mount = data ? service_text(*data, "path") : (Str){"", 0};
    *second = version && value_is_string(*version, "2");
    return NULL;
}

Error *vault_secret(Vault *vault, Arena *a, Str path, Str version, Value *out)
{
    Value answer;
    Str mount, request = path;
    bool second;

    TRY(find_mount(vault, a, path, &mount, &second));
    if (second) {
        Str rest = str_starts(path, mount) ? str_skip(path, mount.len) : (Str){"", 0};

        request = path_clean(a, str_format(a, "%.*s/data/%.*s", STR_ARG(mount), STR_ARG(rest)));
    }
    if (version.len)
        request = str_format(a, "%.*s?version=%.*s", STR_ARG(request), STR_ARG(version));
    Error *err = vault_read(vault, a, request, &answer);
    if (err && error_kind_of(err) == ERROR_NOT_FOUND) {
        error_free(err);
        return error_new(ERROR_NOT_FOUND, "vault: there is no secret at \"%.*s\"", STR_ARG(path));
    }
    TRY(err);
    const Value *data = value_at(&answer, second ? STR("data.data") : STR("data"));
    if (!data || data->kind != VALUE_MAP)
        return error_new(ERROR_NOT_FOUND, "vault: there is no secret at \"%.*s\"", STR_ARG(path));
    *out = *data;
    return NULL;
}
