/*
 * source.c - files and folders named as helmfile names them:
 * "git::https://host/ops.git@dir/x.yaml". Source: helmfile, pkg/remote/remote.go, Parse and Fetch;
 * go-getter, source.go, SourceDirSubdir.
 */
#include "remote/remote.h"

#include "base/path.h"
#include "base/redact.h"
#include "base/url.h"
#include "io/env.h"
#include "remote/schemes.h"

#include <string.h>

/* A source, taken apart. */
typedef struct Source {
    Str getter; /* "git"; empty: a file, fetched as such */
    Str url;    /* up to the path's end: "https://host/ops.git" */
    Str folder; /* behind "//" */
    Str path;   /* behind "@", or else the last part of the URL's path */
    Str query;
} Source;

static bool is_getter(Str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!((text.ptr[i] >= 'a' && text.ptr[i] <= 'z') ||
              (text.ptr[i] >= '0' && text.ptr[i] <= '9')))
            return false;
    return text.len > 0;
}

static bool is_plain(Str text)
{
    return str_starts(text, STR("https://")) || str_starts(text, STR("http://")) ||
           str_starts(text, STR("s3://"));
}

bool remote_is_source(Str text)
{
    size_t colons = str_find(text, STR("::"));

    if (colons != STR_NONE && is_getter(str_slice(text, 0, colons)))
        return str_find(str_skip(text, colons), STR("://")) != STR_NONE;
    return is_plain(text);
}

/* Where the path of URL begins. */
static size_t path_start(Str url)
{
    size_t start = str_find(url, STR("://")) + 3;
    size_t slash = str_find_char(str_skip(url, start), '/');

    return slash == STR_NONE ? url.len : start + slash;
}

/* Of a repository, what is behind "//" is a folder in it. */
static void split_folder(Source *source)
{
    size_t start = path_start(source->url);
    size_t at = str_find(str_skip(source->url, start), STR("//"));

    if (at == STR_NONE)
        return;
    source->folder = str_skip(source->url, start + at + 2);
    source->url.len = start + at;
}

/* Without "@": all behind "//", or behind ".git/", or the last part of the path. */
static void split_last(Source *source)
{
    static const Str end = STR_INIT(".git/");
    size_t start = path_start(source->url), git = str_find(str_skip(source->url, start), end);

    split_folder(source);
    if (source->folder.len || str_ends(source->url, STR(".git")))
        return;
    size_t cut = git != STR_NONE ? start + git + end.len - 1 : str_find_last(source->url, STR("/"));
    if (cut == STR_NONE || cut < start)
        return;
    source->path = str_skip(source->url, cut + 1);
    source->url.len = cut;
}

static Source split(Str text)
{
    Source source = {.url = text};
    size_t colons = str_find(text, STR("::"));

    if (colons != STR_NONE) {
        source.getter = str_slice(text, 0, colons);
        source.url = str_skip(text, colons + 2);
    }
    size_t mark = str_find_char(source.url, '?');
    if (mark != STR_NONE) {
        source.query = str_skip(source.url, mark + 1);
        source.url.len = mark;
    }
    if (!source.getter.len)
        return source;
    size_t start = path_start(source.url),
           at = str_find_last(str_skip(source.url, start), STR("@"));
    if (at == STR_NONE && str_is(source.getter, "git")) {
        split_last(&source);
        return source;
    }
    if (at == STR_NONE) { // a file, fetched as such
        if (str_is(source.getter, "s3"))
            source.url = str_slice(text, 0, colons + 2 + source.url.len);
        source.getter = (Str){"", 0};
        return source;
    }
    source.path = str_skip(source.url, start + at + 1);
    source.url.len = start + at;
    split_folder(&source);
    return source;
}

Str remote_source_shown(Arena *a, Str text)
{
    return remote_is_source(text) ? remote_shown(a, text) : text;
}

/* ---- fetching */

static Error *check_allowed(Arena *a, Str text)
{
    if (!env_is_true("HELMFILE_DISABLE_INSECURE_FEATURES"))
        return NULL;
    return error_new(ERROR_DENIED,
                     "%.*s: remote sources are disabled by HELMFILE_DISABLE_INSECURE_FEATURES",
                     STR_ARG(remote_shown(a, text)));
}

static Str with_query(Arena *a, Str url, Str query)
{
    return query.len ? str_format(a, "%.*s?%.*s", STR_ARG(url), STR_ARG(query)) : url;
}

static Error *fetch_one(Remote *remote, Arena *a, RemoteRequest *request, const Source *source,
                        const char **out)
{
    RemoteFile file;

    request->url = with_query(a, source->url, source->query);
    TRY(remote_file(remote, a, request, &file));
    *out = file.path;
    if (str_starts(request->url, STR("file://")))
        return NULL;
    // what is a template, and of what kind, its name says
    return remote_named(remote, a, &file, path_name(source->url), out);
}

/* PATH below FOLDER, out of which it does not lead. */
static Error *below(Arena *a, Str text, const char *folder, Str part, Str path, const char **out)
{
    Str whole = path_join(a, part, path);

    if (str_is(whole, "..") || str_starts(whole, STR("../")) || path_is_absolute(whole) ||
        path_is_absolute(path))
        return error_new(ERROR_INPUT, "%.*s: leads out of what is fetched",
                         STR_ARG(remote_shown(a, text)));
    *out = str_is(whole, ".") || !whole.len ? folder
                                            : str_format(a, "%s/%.*s", folder, STR_ARG(whole)).ptr;
    return NULL;
}

static Error *fetch_folder(Remote *remote, Arena *a, RemoteRequest *request, const Source *source,
                           Str text, const char **out)
{
    RemoteFile folder;
    Str query = source->query;

    if (str_is(source->getter, "git")) {
        request->version = url_take_parameter(a, &query, "ref");
        request->url = str_join(a, STR("git::"), with_query(a, source->url, query));
    } else if (str_is(source->getter, "http") || str_is(source->getter, "https") ||
               str_is(source->getter, "file")) {
        request->url = with_query(a, source->url, query);
    } else if (str_is(source->getter, "s3")) {
        request->url = str_join(a, STR("s3::"), with_query(a, source->url, query));
    } else {
        return error_hint(error_new(ERROR_INPUT, "%.*s: there is no way to fetch with \"%.*s\"",
                                    STR_ARG(remote_shown(a, text)), STR_ARG(source->getter)),
                          "git::, s3::, https:: and file:: are known");
    }
    TRY(remote_folder(remote, a, request, &folder));
    return below(a, text, folder.path, source->folder, source->path, out);
}

/* No output shows what lets us in, not even the line of the spec that it is in. */
static void hide_secrets(Arena *a, const Source *source)
{
    static const char *const names[] = {"sshkey", "token", "password",
                                        "secret", "key",   "signature"};
    Str query = source->query, rest = str_skip(source->url, path_start(source->url)), login;
    size_t start = str_find(source->url, STR("://")) + 3;

    rest = str_slice(source->url, start, source->url.len - rest.len);
    size_t at = str_find_last(rest, STR("@"));
    login = str_slice(rest, 0, at == STR_NONE ? 0 : at);
    Str user, password = login;
    if (str_cut(&password, ':', &user))
        redact_add(password);
    for (size_t i = 0; i < COUNT(names); i++)
        redact_add(url_take_parameter(a, &query, names[i]));
}

Error *remote_locate(Remote *remote, Arena *a, Str text, const char **out)
{
    Source source = split(text);
    RemoteRequest request = {.age = REMOTE_FIXED};

    hide_secrets(a, &source);

    TRY(check_allowed(a, text));
    Str cache = url_take_parameter(a, &source.query, "cache");
    if (str_is(cache, "false"))
        request.age = REMOTE_ANEW;
    return source.getter.len ? fetch_folder(remote, a, &request, &source, text, out)
                             : fetch_one(remote, a, &request, &source, out);
}
