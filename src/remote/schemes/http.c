/*
 * http.c - files of web servers.
 */
#include "remote/schemes.h"

/* What may be added to a refusal, so that it can be helped. */
static Error *with_hint(const Fetch *fetch, int status, Error *err)
{
    Str user = fetch->request->access ? fetch->request->access->user : (Str){"", 0};

    if (status != 401 && status != 403)
        return err;
    if (user.len)
        return error_hint(err, "this is the answer to the user \"%.*s\"", STR_ARG(user));
    return error_hint(err, "no user and password are known for it");
}

static Error *fetch_file(Fetch *fetch)
{
    const RemoteRequest *wanted = fetch->request;
    HttpRequest request = {.method = "GET", .url = wanted->url, .packed = wanted->packed};
    HttpResponse response;
    Http *http;

    if (wanted->provenance)
        request.url = str_join(fetch->arena, wanted->url, STR(".prov"));
    if (wanted->access) {
        request.user = wanted->access->user;
        request.password = wanted->access->password;
    }
    if (fetch->tag.len)
        http_add_header(fetch->arena, &request.headers, "If-None-Match", fetch->tag);
    else if (fetch->modified.len)
        http_add_header(fetch->arena, &request.headers, "If-Modified-Since", fetch->modified);
    TRY(fetch_http(fetch, &http));
    TRY(fetch_body(fetch, http, &request, &response));
    fetch->same = response.status == 304 && (fetch->tag.len || fetch->modified.len);
    if (fetch->same)
        return NULL;
    if (response.status != 200)
        return with_hint(fetch, response.status, http_refused(&request, &response));
    fetch->tag = http_header(&response, "etag");
    fetch->modified = http_header(&response, "last-modified");
    return NULL;
}

static const char *const prefixes[] = {"https://", "http://", NULL};

const RemoteScheme remote_scheme_http = {.prefixes = prefixes, .file = fetch_file};
