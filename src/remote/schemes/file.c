/*
 * file.c - what is on this machine: "file:///srv/charts/web-1.2.0.tgz". It is used where it is.
 */
#include "remote/schemes.h"

#include "base/url.h"
#include "io/file.h"

static Error *find(Fetch *fetch, Str subfolder, FileKind wanted)
{
    Arena *a = fetch->arena;
    Url url;

    TRY(url_parse(a, fetch->request->url, &url));
    if (url.host.len)
        return error_hint(
            error_new(ERROR_INPUT, "%.*s: is on another machine", STR_ARG(fetch->request->url)),
            "the path of a file begins with a slash: file:///srv/charts");
    fetch->tag = str_format(a, "%.*s%s%.*s%s", STR_ARG(url.path), subfolder.len ? "/" : "",
                            STR_ARG(subfolder), fetch->request->provenance ? ".prov" : "");
    if (file_kind(fetch->tag.ptr) != wanted)
        return error_new(ERROR_NOT_FOUND, "%.*s: there is no such %s", STR_ARG(fetch->tag),
                         wanted == FILE_REGULAR ? "file" : "folder");
    return NULL;
}

static Error *find_file(Fetch *fetch)
{
    return find(fetch, (Str){"", 0}, FILE_REGULAR);
}

static Error *find_folder(Fetch *fetch, const char *folder)
{
    (void)folder; // it is where it is
    return find(fetch, fetch->request->subfolder, FILE_DIRECTORY);
}

static const char *const prefixes[] = {"file://", NULL};

const RemoteScheme remote_scheme_file = {
    .prefixes = prefixes, .file = find_file, .folder = find_folder, .is_local = true};
