/*
 * branch_http.c - libgit2 over io/http.h: git's "smart HTTP" protocol.
 *
 * User and password are the URL's, RELFILE_GIT_USERNAME's and RELFILE_GIT_PASSWORD's, or what git's
 * own credential helpers know. Source: git, Documentation/gitprotocol-http.txt.
 */
#include "io/branch_wire.h"

#include "base/url.h"
#include "io/env.h"
#include "io/process.h"

#include <stdlib.h>
#include <string.h>

enum { HELPER_TIMEOUT_MS = 30000, MOST_REDIRECTS = 5 };

typedef struct HttpWire {
    git_smart_subtransport base;
    BranchRemote *remote;
} HttpWire;

/* One request and its answer. */
typedef struct HttpTalk {
    git_smart_subtransport_stream base;
    BranchRemote *remote;
    git_smart_service_t service;
    Arena memory;
    Buf request;
    HttpResponse response;
    size_t taken; /* bytes of the response */
    bool sent;
} HttpTalk;

int branch_wire_fail(BranchRemote *remote, Error *err)
{
    if (remote->failure)
        error_free(err);
    else
        remote->failure = err;
    libgit.git_error_set_str(GIT_ERROR_NET, "the transport failed");
    return -1;
}

/* ---- who we are */

/* What git's helper is told or asked: the protocol of `git credential`. */
static Error *ask_helper(BranchRemote *remote, Arena *a, const char *verb, ProcessResult *out)
{
    const char *argv[] = {"git", "credential", verb, NULL};
    const char *variables[] = {"GIT_TERMINAL_PROMPT=0", NULL};
    Buf input = {.arena = a};

    buf_format(&input, "url=%s\n", remote->url);
    if (remote->user.len)
        buf_format(&input, "username=%.*s\n", STR_ARG(remote->user));
    if (strcmp(verb, "fill") != 0)
        buf_format(&input, "password=%.*s\n", STR_ARG(remote->password));
    buf_add_char(&input, '\n');
    return process_run(a,
                       &(ProcessRequest){.argv = argv,
                                         .variables = variables,
                                         .input = buf_str(&input),
                                         .timeout_ms = HELPER_TIMEOUT_MS},
                       out);
}

static void tell_helper(BranchRemote *remote, const char *verb)
{
    DEFER(arena_free) Arena scratch = {0};
    ProcessResult result;

    if (remote->from_helper && !remote->told)
        error_free(ask_helper(remote, &scratch, verb, &result));
    remote->told = true;
}

static Error *fill_from_helper(BranchRemote *remote)
{
    DEFER(arena_free) Arena scratch = {0};
    ProcessResult result = {0};
    Str name, line;
    Error *err = ask_helper(remote, &scratch, "fill", &result);

    if (err && error_kind_of(err) == ERROR_CANCELLED)
        return err;
    error_free(err); // without git there is just no helper
    while (result.status == 0 && result.out.len) {
        str_cut(&result.out, '\n', &line);
        if (!str_cut(&line, '=', &name))
            break;
        if (str_is(name, "username"))
            remote->user = str_copy(remote->memory, line);
        if (str_is(name, "password"))
            remote->password = str_copy(remote->memory, line);
    }
    remote->from_helper = remote->password.len > 0;
    return NULL;
}

static Error *denied(const BranchRemote *remote, bool tried)
{
    return error_hint(error_new(ERROR_DENIED, "%s: %s", remote->url,
                                tried ? "user and password are wrong" : "wants a password"),
                      "set RELFILE_GIT_USERNAME and RELFILE_GIT_PASSWORD (a token), or a git "
                      "credential helper");
}

/* Find a user and a password, the first time. */
static Error *log_in(BranchRemote *remote)
{
    const char *user = env_get("RELFILE_GIT_USERNAME"), *password = env_get("RELFILE_GIT_PASSWORD");

    if (remote->password.len) {
        tell_helper(remote, "reject");
        return denied(remote, true);
    }
    if (password && *password && !remote->elsewhere) {
        remote->password = str_from(password);
        if (user && *user)
            remote->user = str_from(user);
        else if (!remote->user.len)
            remote->user = STR("git"); // who has a token need not have a name
        return NULL;
    }
    TRY(fill_from_helper(remote));
    return remote->password.len ? NULL : denied(remote, false);
}

/* ---- talking */

static const char *service_name(git_smart_service_t service)
{
    return service == GIT_SERVICE_UPLOADPACK_LS || service == GIT_SERVICE_UPLOADPACK
               ? "git-upload-pack"
               : "git-receive-pack";
}

static bool lists(git_smart_service_t service)
{
    return service == GIT_SERVICE_UPLOADPACK_LS || service == GIT_SERVICE_RECEIVEPACK_LS;
}

static HttpRequest request_of(HttpTalk *talk)
{
    const char *name = service_name(talk->service);
    Arena *a = &talk->memory;
    HttpRequest request = {.method = lists(talk->service) ? "GET" : "POST",
                           .body = buf_str(&talk->request),
                           .user = talk->remote->user,
                           .password = talk->remote->password,
                           // asking changes nothing, and a push says what the branch was before
                           .repeatable = true};

    if (lists(talk->service)) {
        request.url = str_format(a, "%s/info/refs?service=%s", talk->remote->url, name);
    } else {
        request.url = str_format(a, "%s/%s", talk->remote->url, name);
        http_add_header(a, &request.headers, "Content-Type",
                        str_format(a, "application/x-%s-request", name));
        http_add_header(a, &request.headers, "Accept",
                        str_format(a, "application/x-%s-result", name));
    }
    http_add_header(a, &request.headers, "User-Agent", STR("git/relfile"));
    return request;
}

static Error *check_answer(const HttpTalk *talk, const HttpRequest *request)
{
    DEFER(arena_free) Arena scratch = {0};
    const HttpResponse *response = &talk->response;
    Str want = str_format(&scratch, "application/x-%s-", service_name(talk->service));

    if (response->status == 404)
        return error_as(http_refused(request, response), ERROR_INPUT);
    if (response->status == 301 || response->status == 302 || response->status == 307 ||
        response->status == 308)
        return error_new(ERROR_INPUT, "%s: has moved to %.*s", talk->remote->url,
                         STR_ARG(http_url_shown(&scratch, http_header(response, "location"))));
    if (response->status != 200)
        return http_refused(request, response);
    if (!str_starts(http_header(response, "content-type"), want))
        return error_new(ERROR_INPUT, "%s: is no git repository (or an old kind of server)",
                         talk->remote->url);
    return NULL;
}

/*
 * The first answer may be that the repository is elsewhere: with ".git" behind it, or on another
 * host, which is not told who we are. Source: git, http.followRedirects.
 */
static bool follow(HttpTalk *talk)
{
    static const Str end = STR_INIT("/info/refs?service=git-upload-pack");
    BranchRemote *remote = talk->remote;
    Str location = http_header(&talk->response, "location");
    int status = talk->response.status;

    if (talk->service != GIT_SERVICE_UPLOADPACK_LS || remote->redirects >= MOST_REDIRECTS ||
        (status != 301 && status != 302 && status != 307 && status != 308))
        return false;
    Str url = url_resolve(remote->memory, str_from(remote->url), location);
    if (!str_ends(url, end) ||
        (str_starts(str_from(remote->url), STR("https:")) && !str_starts(url, STR("https:"))))
        return false;
    url = str_slice(url, 0, url.len - end.len);
    if (!url_same_host(url, str_from(remote->url)))
        remote->elsewhere = true;
    if (remote->elsewhere)
        remote->user = remote->password = (Str){"", 0};
    remote->url = str_c(remote->memory, url);
    remote->redirects++;
    return true;
}

static Error *exchange(HttpTalk *talk)
{
    BranchRemote *remote = talk->remote;
    HttpRequest request = request_of(talk);

    TRY(http_send(remote->http, &talk->memory, &request, &talk->response));
    if (talk->response.status == 401) {
        TRY(log_in(remote));
        request = request_of(talk);
        TRY(http_send(remote->http, &talk->memory, &request, &talk->response));
        if (talk->response.status == 401)
            return log_in(remote);
    }
    if (follow(talk))
        return exchange(talk);
    TRY(check_answer(talk, &request));
    tell_helper(remote, "approve");
    return NULL;
}

static int talk_read(git_smart_subtransport_stream *base, char *bytes, size_t size, size_t *len)
{
    HttpTalk *talk = (HttpTalk *)base;

    if (!talk->sent) {
        Error *err = exchange(talk);

        talk->sent = true;
        if (err)
            return branch_wire_fail(talk->remote, err);
    }
    Str left = str_skip(talk->response.body, talk->taken);
    *len = left.len < size ? left.len : size;
    memcpy(bytes, left.ptr, *len);
    talk->taken += *len;
    return 0;
}

static int talk_write(git_smart_subtransport_stream *base, const char *bytes, size_t len)
{
    HttpTalk *talk = (HttpTalk *)base;

    buf_add(&talk->request, (Str){bytes, len});
    return 0;
}

static void talk_free(git_smart_subtransport_stream *base)
{
    HttpTalk *talk = (HttpTalk *)base;

    arena_free(&talk->memory);
    free(talk);
}

static int wire_action(git_smart_subtransport_stream **out, git_smart_subtransport *base,
                       const char *url, git_smart_service_t service)
{
    HttpTalk *talk = calloc(1, sizeof(*talk));

    (void)url;
    if (!talk)
        BUG("out of memory");
    talk->base = (git_smart_subtransport_stream){base, talk_read, talk_write, talk_free};
    talk->remote = ((HttpWire *)base)->remote;
    talk->service = service;
    talk->request.arena = &talk->memory;
    *out = &talk->base;
    return 0;
}

static int wire_close(git_smart_subtransport *base)
{
    (void)base;
    return 0;
}

static void wire_free(git_smart_subtransport *base)
{
    free(base);
}

int branch_http_new(git_smart_subtransport **out, git_transport *owner, void *remote)
{
    HttpWire *wire = calloc(1, sizeof(*wire));

    (void)owner;
    if (!wire)
        BUG("out of memory");
    wire->base = (git_smart_subtransport){wire_action, wire_close, wire_free};
    wire->remote = remote;
    *out = &wire->base;
    return 0;
}
