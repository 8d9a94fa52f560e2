/*
 * git.c - git repositories: "git::https://example.com/ops.git", also with ssh:// and file://. The
 * version is a branch, a tag or a commit; "?sshkey=" has a private key in base64.
 * Source: go-getter, get_git.go.
 */
#include "remote/schemes.h"

#include "base/base64.h"
#include "base/url.h"
#include "io/clone.h"
#include "io/file.h"
#include "io/tree.h"

#include <sys/stat.h>

#define PREFIX STR("git::")

static Error *no_transport(Arena *a, Str url)
{
    return error_hint(error_new(ERROR_INPUT, "%.*s: git is reached by https, ssh or file",
                                STR_ARG(remote_shown(a, url))),
                      "git::https://HOST/PATH.git or git::ssh://git@HOST/PATH.git");
}

static Error *find_wire(Arena *a, Str url, BranchOptions *out)
{
    if (str_starts(url, STR("https://")) || str_starts(url, STR("http://")))
        out->wire = BRANCH_HTTP;
    else if (str_starts(url, STR("ssh://")))
        out->wire = BRANCH_SSH;
    else if (str_starts(url, STR("file:///")))
        out->wire = BRANCH_FILE;
    else
        return no_transport(a, url);
    out->url = out->wire == BRANCH_FILE ? str_skip(url, 7) : url;
    return NULL;
}

/* The URL with the user and password of ACCESS, unless it has its own. */
static Str with_login(Arena *a, Str url, const RemoteAccess *access)
{
    size_t start = str_find(url, STR("://"));
    Str rest = str_skip(url, start + 3), host;

    str_cut(&(Str){rest.ptr, rest.len}, '/', &host);
    if (!access || !access->password.len || str_find_char(host, '@') != STR_NONE)
        return url;
    return str_format(a, "%.*s%.*s:%.*s@%.*s", (int)(start + 3), url.ptr, STR_ARG(access->user),
                      STR_ARG(access->password), STR_ARG(rest));
}

/* The key that the URL brings, as a file that ssh takes: its owner's alone. */
static Error *write_key(Fetch *fetch, Str encoded, const char *folder, Str *out)
{
    Arena *a = fetch->arena;
    const char *path = str_format(a, "%s/key", folder).ptr;
    Str key;

    Error *err = base64_decode(a, encoded, &key);
    if (err) {
        error_free(err); // it could show a part of it
        return error_new(ERROR_INPUT, "%.*s: its sshkey is not in base64",
                         STR_ARG(remote_shown(a, fetch->request->url)));
    }
    TRY(file_replace_unsynced(path, key));
    chmod(path, 0600);
    *out = str_from(path);
    return NULL;
}

static Error *clone(Fetch *fetch, CloneOptions *options, Str key, const char *folder)
{
    const char *secrets;
    Str commit;

    if (key.len) {
        Str beside = str_join(fetch->arena, str_from(folder), STR(".key"));

        TRY(tree_make_temporary(fetch->arena, beside.ptr, &secrets));
        TRY(write_key(fetch, key, secrets, &options->remote.ssh_key));
    }
    TRY(clone_files(fetch->arena, options, folder, &commit));
    fetch->same = fetch->tag.len && str_equal(commit, fetch->tag);
    fetch->tag = commit;
    return NULL;
}

static Error *fetch_folder(Fetch *fetch, const char *folder)
{
    Arena *a = fetch->arena;
    const RemoteRequest *request = fetch->request;
    const RemoteAccess *access = request->access;
    CloneOptions options = {
        .ref = request->version, .known = fetch->tag, .most_bytes = request->most_bytes};
    Str url = str_skip(request->url, PREFIX.len), query = {"", 0};
    size_t mark = str_find_char(url, '?');

    if (mark != STR_NONE) {
        query = str_skip(url, mark + 1);
        url.len = mark;
    }
    Str key = url_take_parameter(a, &query, "sshkey"), ref = url_take_parameter(a, &query, "ref");
    if (!options.ref.len)
        options.ref = ref;
    url_take_parameter(a, &query, "depth"); // it is never more than one
    TRY(find_wire(a, url, &options.remote));
    if (query.len && options.remote.wire != BRANCH_FILE)
        url = str_format(a, "%.*s?%.*s", STR_ARG(url), STR_ARG(query));
    if (options.remote.wire == BRANCH_HTTP)
        options.remote.url = with_login(a, url, access);
    if (access && access->ca_file)
        options.remote.ca_file = str_from(access->ca_file);
    options.remote.insecure = access && access->insecure;
    Error *err = clone(fetch, &options, key, folder);
    if (key.len)
        error_free(tree_remove(str_join(a, str_from(folder), STR(".key")).ptr));
    return err;
}

static const char *const prefixes[] = {"git::", NULL};

const RemoteScheme remote_scheme_git = {.prefixes = prefixes, .folder = fetch_folder};
