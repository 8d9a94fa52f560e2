#include "target/kubernetes/session.h"

#include "base/field.h"
#include "io/clock.h"
#include "io/file.h"
#include "io/log.h"

#include <pthread.h>

enum {
    STALE_MS = 2000,   /* a kind that is not known is asked for again after so long, */
    FAILED_MS = 30000, /* and a server that did not answer at all after that */
};

struct KubeSession {
    KubeAccess access;
    KubeClient *client;
    Snapshot *snapshot;
    Rights *rights;
    pthread_mutex_t turn;
    Arena memory;             /* of what follows; used under TURN */
    const KubeServer *server; /* NULL: not asked yet; earlier ones stay where they are */
    int64_t fetched_ms;
    Error *failure; /* of the last try; NULL: it went well */
    int64_t failed_ms;
    VEC(KubeKind) defined; /* by definitions that were applied */
    VEC(Str) lacking;      /* namespaces */
};

static bool is_given(const TargetAccess *access)
{
    return access && (access->server.len || access->token.len || access->as_user.len ||
                      access->as_uid.len || access->server_name.len || access->as_groups.len ||
                      access->ca_file || access->insecure);
}

/*
 * Where an authority is named, or none is wanted, what the file says of them does not count.
 * Source: client-go, tools/clientcmd/client_config.go, getCluster and getAuthInfo.
 */
static Error * override(Arena *a, const TargetAccess *over, KubeAccess *access)
{
    if (over->server.len)
        access->server = over->server.ptr[over->server.len - 1] == '/'
                             ? str_slice(over->server, 0, over->server.len - 1)
                             : over->server;
    if (over->server_name.len)
        access->server_name = over->server_name;
    if (over->insecure || over->ca_file)
        access->ca_pem = (Str){0};
    access->insecure = over->insecure || (access->insecure && !over->ca_file);
    if (over->ca_file)
        TRY(file_read(a, over->ca_file, &access->ca_pem));
    if (over->token.len) {
        access->token = over->token;
        access->token_file = NULL;
    }
    if (over->as_user.len)
        access->as_user = over->as_user;
    if (over->as_uid.len)
        access->as_uid = over->as_uid;
    if (over->as_groups.len)
        access->as_groups.len = 0;
    for (size_t i = 0; i < over->as_groups.len; i++)
        *vec_add(a, &access->as_groups) = over->as_groups.items[i];
    if (!access->as_user.len && (access->as_uid.len || access->as_groups.len))
        return error_hint(
            error_new(ERROR_USAGE, "a user id or a group is impersonated, but no user"),
            "name one with --as");
    return NULL;
}

static Error *access_of(Arena *a, const TargetOptions *options, KubeAccess *out)
{
    Error *err = kubeconfig_load(a, options->config, options->context, out);

    if (!is_given(options->access))
        return err;
    if (err && error_kind_of(err) == ERROR_NOT_FOUND && options->access->server.len) {
        error_free(err); // there need be no file
        err = NULL;
        *out = (KubeAccess){0};
    }
    TRY(err);
    return override(a, options->access, out);
}

static Error *session_make(Arena *a, const void *request, void **out)
{
    const TargetOptions *options = request;
    KubeSession *session = arena_new(a, KubeSession);

    TRY(access_of(a, options, &session->access));
    session->client = kube_client_open(a, &session->access);
    session->snapshot = snapshot_new(a);
    session->rights = rights_new(a);
    pthread_mutex_init(&session->turn, NULL);
    *out = session;
    return NULL;
}

static void session_end(void *item)
{
    KubeSession *session = item;

    kube_client_close(&session->client);
    snapshot_close(session->snapshot);
    rights_close(session->rights);
    error_free(session->failure);
    pthread_mutex_destroy(&session->turn);
    arena_free(&session->memory);
}

Error *session_find(Shared *shared, const TargetOptions *options, KubeSession **out)
{
    static const SharedKind kind = {session_make, session_end};
    DEFER(arena_free) Arena scratch = {0};
    Str key = str_format(&scratch, "%.*s%c%s", STR_ARG(options->context), '\0',
                         options->config ? options->config : "");
    void *session;

    TRY(shared_get(shared, &kind, key, options, &session));
    *out = session;
    return NULL;
}

KubeClient *session_client(const KubeSession *session)
{
    return session->client;
}

Rights *session_rights(const KubeSession *session)
{
    return session->rights;
}

Snapshot *session_snapshot(const KubeSession *session)
{
    return session->snapshot;
}

const KubeAccess *session_access(const KubeSession *session)
{
    return &session->access;
}

static Error *fetch_anew(KubeSession *session)
{
    KubeServer *server = arena_new(&session->memory, KubeServer);

    TRY(discovery_fetch(session->client, &session->memory, session->access.server, server));
    session->server = server;
    session->fetched_ms = clock_ms();
    log_debug("%.*s: Kubernetes %.*s, %zu kinds", STR_ARG(session->access.server),
              STR_ARG(server->version), server->kinds.len);
    return NULL;
}

/* Many releases may go to a server that does not answer: that is not tried for each of them. */
static Error *fetch(KubeSession *session)
{
    if (session->failure && clock_ms() - session->failed_ms < FAILED_MS)
        return error_copy(session->failure);
    error_free(session->failure);
    session->failure = fetch_anew(session);
    session->failed_ms = clock_ms();
    return session->failure ? error_copy(session->failure) : NULL;
}

Error *session_server(KubeSession *session, const KubeServer **out)
{
    Error *err = NULL;

    pthread_mutex_lock(&session->turn);
    if (!session->server)
        err = fetch(session);
    *out = session->server;
    pthread_mutex_unlock(&session->turn);
    return err;
}

static bool find(const KubeSession *session, Str api_version, Str kind, KubeKind *out, bool *new)
{
    const KubeKind *found = discovery_find(session->server, api_version, kind);

    *new = !found;
    for (size_t i = 0; i < session->defined.len && !found; i++) {
        const KubeKind *one = &session->defined.items[i];

        if (str_equal(one->kind, kind) && str_equal(one->api_version, api_version))
            found = one;
    }
    if (found)
        *out = *found;
    return found != NULL;
}

static Error *find_or_fetch(KubeSession *session, Str api_version, Str kind, KubeKind *out,
                            bool *new)
{
    if (!session->server)
        TRY(fetch(session));
    if (find(session, api_version, kind, out, new))
        return NULL;
    if (clock_ms() - session->fetched_ms > STALE_MS) {
        TRY(fetch(session));
        if (find(session, api_version, kind, out, new))
            return NULL;
    }
    return error_new(ERROR_NOT_FOUND, "the server has no kind \"%.*s\" of \"%.*s\"", STR_ARG(kind),
                     STR_ARG(api_version));
}

Error *session_kind(KubeSession *session, Str api_version, Str kind, KubeKind *out, bool *new)
{
    pthread_mutex_lock(&session->turn);
    Error *err = find_or_fetch(session, api_version, kind, out, new);
    pthread_mutex_unlock(&session->turn);
    return err;
}

void session_define(KubeSession *session, const Value *definition)
{
    ValueList versions = field_list(definition, "spec.versions");
    Str group = field_string(definition, "spec.group");

    pthread_mutex_lock(&session->turn);
    for (size_t i = 0; i < versions.len; i++)
        if (field_bool(&versions.items[i], "served", false))
            *vec_add(&session->memory, &session->defined) = (KubeKind){
                str_format(&session->memory, "%.*s/%.*s", STR_ARG(group),
                           STR_ARG(field_string(&versions.items[i], "name"))),
                str_copy(&session->memory, field_string(definition, "spec.names.kind")),
                str_copy(&session->memory, field_string(definition, "spec.names.plural")),
                str_is(field_string(definition, "spec.scope"), "Namespaced")};
    pthread_mutex_unlock(&session->turn);
}

static bool lacks(const KubeSession *session, Str namespace)
{
    for (size_t i = 0; i < session->lacking.len; i++)
        if (str_equal(session->lacking.items[i], namespace))
            return true;
    return false;
}

void session_note_lack(KubeSession *session, Str namespace)
{
    pthread_mutex_lock(&session->turn);
    if (!namespace.len)
        session->lacking.len = 0;
    else if (!lacks(session, namespace))
        *vec_add(&session->memory, &session->lacking) = str_copy(&session->memory, namespace);
    pthread_mutex_unlock(&session->turn);
}

bool session_lacks(KubeSession *session, Str namespace)
{
    pthread_mutex_lock(&session->turn);
    bool found = lacks(session, namespace);
    pthread_mutex_unlock(&session->turn);
    return found;
}
