#include "remote/remote.h"

#include "base/path.h"
#include "base/shared.h"
#include "io/archive.h"
#include "io/file.h"
#include "io/lock.h"
#include "io/log.h"
#include "io/tree.h"
#include "remote/cache.h"
#include "remote/schemes.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#define MOST_FILE_BYTES ((size_t)256 << 20)
#define MOST_FOLDER_BYTES ((size_t)1 << 30)

enum {
    MOST_FOLDER_FILES = 200000,
    TIMEOUT_MS = 30 * 60 * 1000, /* as long as something comes */
    STALL_MS = 60 * 1000,
    REDIRECTS = 10,
};

struct Remote {
    RemoteOptions options;
    Arena arena;
    Shared *made; /* what has been asked for, and clients */
};

/* Why somebody else's thread or process may be doing the same: see make_kept. */
typedef struct Wanted {
    Remote *remote;
    const RemoteRequest *request;
    const RemoteScheme *scheme;
    bool is_folder;
} Wanted;

Remote *remote_open(const RemoteOptions *options)
{
    Arena arena = {0};
    Remote *remote = arena_new(&arena, Remote);

    remote->options = *options;
    if (!remote->options.cache)
        remote->options.cache = cache_usual(&arena);
    remote->made = shared_new();
    remote->arena = arena;
    return remote;
}

void remote_close(Remote **remote)
{
    if (!*remote)
        return;
    shared_free(&(*remote)->made);
    Arena arena = (*remote)->arena;
    arena_free(&arena);
    *remote = NULL;
}

bool remote_is_offline(const Remote *remote)
{
    return remote->options.offline;
}

const char *remote_cache(const Remote *remote)
{
    return remote->options.cache;
}

static const RemoteScheme *const schemes[] = {
#define LIST_SCHEME(name) &remote_scheme_##name,
    REMOTE_SCHEMES(LIST_SCHEME)
#undef LIST_SCHEME
};

static const RemoteScheme *scheme_of(Str url)
{
    for (size_t i = 0; i < COUNT(schemes); i++)
        for (const char *const *p = schemes[i]->prefixes; *p; p++)
            if (str_starts(url, str_from(*p)))
                return schemes[i];
    return NULL;
}

bool remote_knows(Str url)
{
    return scheme_of(url) != NULL;
}

Str remote_shown(Arena *a, Str url)
{
    return http_url_shown(a, url);
}

/* ---- what schemes use */

static Error *open_client(Arena *a, const void *request, void **out)
{
    const RemoteAccess *access = request;
    HttpOptions options = {.insecure = access->insecure,
                           .timeout_ms = TIMEOUT_MS,
                           .stall_ms = STALL_MS,
                           .most_bytes = SIZE_MAX / 2}; // the draft has its own limit

    if (access->ca_file)
        options.ca_file = str_c(a, str_from(access->ca_file));
    if (access->cert_file)
        options.cert = str_c(a, str_from(access->cert_file));
    if (access->key_file)
        options.key = str_c(a, str_from(access->key_file));
    *out = http_open(&options);
    return NULL;
}

static void close_client(void *http)
{
    Http *open = http;

    http_close(&open);
}

static Str text_or_empty(const char *text)
{
    return text ? str_from(text) : (Str){"", 0};
}

Error *fetch_shared(Fetch *fetch, const SharedKind *kind, const RemoteAccess *access, void **out)
{
    Str parts[] = {access->user,
                   access->password,
                   text_or_empty(access->ca_file),
                   text_or_empty(access->cert_file),
                   text_or_empty(access->key_file),
                   text_or_empty(access->registry_config),
                   access->insecure ? STR("insecure") : STR(""),
                   access->plain_http ? STR("plain") : STR("")};

    return shared_get(fetch->remote->made, kind, cache_key(fetch->arena, parts, COUNT(parts)),
                      access, out);
}

Error *fetch_http(Fetch *fetch, Http **out)
{
    static const SharedKind kind = {open_client, close_client};
    static const RemoteAccess usual;
    const RemoteAccess *access = fetch->request->access ? fetch->request->access : &usual;
    Str parts[] = {text_or_empty(access->ca_file), text_or_empty(access->cert_file),
                   text_or_empty(access->key_file), STR("insecure")};
    void *http;

    TRY(shared_get(fetch->remote->made, &kind,
                   cache_key(fetch->arena, parts, access->insecure ? 4 : 3), access, &http));
    *out = http;
    return NULL;
}

static Error *restart_draft(void *draft)
{
    return draft_restart(draft);
}

static Error *add_to_draft(void *draft, Str part)
{
    return draft_add(draft, part);
}

Error *fetch_body(Fetch *fetch, Http *http, HttpRequest *request, HttpResponse *response)
{
    const HttpSink sink = {restart_draft, add_to_draft, fetch->draft};

    request->sink = &sink;
    request->follow = REDIRECTS;
    http_add_header(fetch->arena, &request->headers, "User-Agent", STR("relfile/" RELFILE_VERSION));
    Error *err = http_send(http, fetch->arena, request, response);
    request->sink = NULL;
    return err;
}

bool fetch_has(const Fetch *fetch, Str digest)
{
    return cache_has(fetch->remote->options.cache, digest, false);
}

/* ---- one thing, once */

static Str key_of(Arena *a, const Wanted *w)
{
    const RemoteRequest *r = w->request;
    Str user = r->access ? r->access->user : (Str){"", 0};
    const char *signer = r->access ? r->access->cosign_key : NULL;
    Str parts[] = {w->is_folder    ? STR("folder")
                   : r->provenance ? STR("provenance")
                                   : STR("file"),
                   r->url,
                   r->version,
                   r->subfolder,
                   r->digest,
                   user,
                   text_or_empty(signer)};

    // what was signed by nobody is not what is asked for with a signer
    return cache_key(a, parts, signer ? COUNT(parts) : COUNT(parts) - 1);
}

static Str name_of(Arena *a, const RemoteRequest *r)
{
    Str url = remote_shown(a, r->url);

    return str_format(a, "%.*s%s%.*s%s%.*s%s", STR_ARG(url), r->subfolder.len ? "//" : "",
                      STR_ARG(r->subfolder), r->version.len ? " " : "", STR_ARG(r->version),
                      r->provenance ? " (provenance)" : "");
}

/* Whether what the cache has of REF is what is wanted. */
static bool fits(const Wanted *w, const CacheRef *ref)
{
    return ref->digest.len &&
           (!w->request->digest.len || str_equal(ref->digest, w->request->digest)) &&
           cache_has(w->remote->options.cache, ref->digest, w->is_folder);
}

/* Whether it need not be asked for any more, now that it is there. */
static bool is_settled(const Wanted *w)
{
    const RemoteOptions *o = &w->remote->options;

    return o->offline || w->request->age == REMOTE_FIXED ||
           (o->no_check && w->request->age == REMOTE_CURRENT);
}

static RemoteFile kept_file(Arena *a, const Wanted *w, const CacheRef *ref)
{
    const char *cache = w->remote->options.cache;
    Str digest = str_copy(a, ref->digest);

    return (RemoteFile){.path = w->is_folder ? cache_folder_path(a, cache, digest)
                                             : cache_blob_path(a, cache, digest),
                        .digest = digest,
                        .origin = str_copy(a, ref->tag)};
}

static size_t most_bytes(const Wanted *w)
{
    size_t most = w->request->most_bytes;

    return most ? most : w->is_folder ? MOST_FOLDER_BYTES : MOST_FILE_BYTES;
}

static Error *wrong_digest(const Wanted *w, Arena *a, Str is)
{
    Str name = name_of(a, w->request);

    return error_hint(error_new(ERROR_INPUT, "%.*s: its digest is %.*s, not %.*s", STR_ARG(name),
                                STR_ARG(is), STR_ARG(w->request->digest)),
                      "it was changed after its digest was written down, or on its way here; "
                      "nothing of it is used");
}

static Error *fetch_file(const Wanted *w, Fetch *fetch, CacheRef *ref)
{
    const char *cache = w->remote->options.cache;
    DEFER(draft_drop) Draft *draft = NULL;

    TRY(draft_open(fetch->arena, cache_drafts(fetch->arena, cache), most_bytes(w), &draft));
    fetch->draft = draft;
    TRY(w->scheme->file(fetch));
    if (fetch->same)
        return NULL;
    Str digest = fetch->digest.len ? fetch->digest : draft_digest(fetch->arena, draft);
    if (w->request->digest.len && !str_equal(digest, w->request->digest))
        return wrong_digest(w, fetch->arena, digest);
    if (!fetch->digest.len)
        TRY(draft_publish(draft, cache_blob_path(fetch->arena, cache, digest)));
    ref->digest = digest;
    return NULL;
}

/* ---- folders */

static bool stays_inside(Str path)
{
    Str part;
    bool more = true;

    if (!path.len || path.ptr[0] == '/' || str_find_char(path, '\\') != STR_NONE ||
        str_find_char(path, '\0') != STR_NONE)
        return false;
    while (more) {
        more = str_cut(&path, '/', &part);
        if (str_is(part, ".."))
            return false;
    }
    return true;
}

static Error *write_entry(Arena *a, const char *name, const char *folder, const ArchiveEntry *entry)
{
    if (!stays_inside(entry->path))
        return error_new(ERROR_INPUT, "%s: the archive has a file outside of itself: \"%.*s\"",
                         name, STR_ARG(str_for_message(a, entry->path, 200)));
    Str path = path_clean(a, entry->path);
    return file_replace_unsynced(str_format(a, "%s/%.*s", folder, STR_ARG(path)).ptr, entry->data);
}

/* The archive that REQUEST names, into FOLDER. */
static Error *unpack(const Wanted *w, Arena *a, const char *folder)
{
    RemoteRequest request = *w->request;
    const char *name = name_of(a, w->request).ptr;
    ArchiveEntryList entries = {0};
    RemoteFile file;
    Str data;

    request.subfolder = (Str){0};
    TRY(remote_file(w->remote, a, &request, &file));
    TRY(file_read(a, file.path, &data));
    TRY(archive_read_tar(a, name, data, (ArchiveLimits){most_bytes(w), MOST_FOLDER_FILES},
                         &entries));
    for (size_t i = 0; i < entries.len; i++)
        TRY(write_entry(a, name, folder, &entries.items[i]));
    return NULL;
}

/* Of what was fetched into FOLDER, the part that is wanted. */
static Error *part_of(const Wanted *w, Arena *a, const char *folder, const char **out)
{
    Str part = w->request->subfolder;

    *out = folder;
    if (!part.len)
        return NULL;
    if (!stays_inside(part))
        return error_new(ERROR_INPUT, "%.*s: leads out of what is fetched",
                         STR_ARG(name_of(a, w->request)));
    *out = str_format(a, "%s/%.*s", folder, STR_ARG(path_clean(a, part))).ptr;
    if (file_kind(*out) != FILE_DIRECTORY)
        return error_new(ERROR_NOT_FOUND, "%.*s: there is no folder \"%.*s\" in it",
                         STR_ARG(remote_shown(a, w->request->url)), STR_ARG(part));
    return NULL;
}

static Error *fill_folder(const Wanted *w, Fetch *fetch, const char *folder, CacheRef *ref)
{
    const char *part;

    TRY(w->scheme->folder ? w->scheme->folder(fetch, folder) : unpack(w, fetch->arena, folder));
    if (fetch->same)
        return NULL;
    TRY(part_of(w, fetch->arena, folder, &part));
    TRY(tree_digest(fetch->arena, part, &ref->digest));
    return tree_move(part, cache_folder_path(fetch->arena, w->remote->options.cache, ref->digest));
}

static Error *fetch_folder(const Wanted *w, Fetch *fetch, CacheRef *ref)
{
    const char *folder;

    TRY(tree_make_temporary(fetch->arena, cache_drafts(fetch->arena, w->remote->options.cache),
                            &folder));
    Error *err = fill_folder(w, fetch, folder, ref);
    error_free(tree_remove(folder));
    return err;
}

/* ---- the way of every request */

static Error *fetch_kept(const Wanted *w, Arena *a, Str key, CacheRef *ref)
{
    DEFER(arena_free) Arena scratch = {0};
    Fetch fetch = {.remote = w->remote,
                   .arena = &scratch,
                   .request = w->request,
                   .tag = ref->tag,
                   .modified = ref->modified};

    if (w->request->age == REMOTE_ANEW || !ref->digest.len)
        fetch.tag = fetch.modified = (Str){"", 0};
    TRY(w->is_folder ? fetch_folder(w, &fetch, ref) : fetch_file(w, &fetch, ref));
    if (fetch.same)
        return NULL;
    *ref = (CacheRef){name_of(a, w->request), str_copy(a, ref->digest), str_copy(a, fetch.tag),
                      str_copy(a, fetch.modified)};
    log_debug("%.*s: fetched", STR_ARG(ref->name));
    return cache_ref_write(w->remote->options.cache, key, ref);
}

static Error *fetch_locked(const Wanted *w, Arena *a, Str key, RemoteFile *out)
{
    const char *path = cache_lock_path(a, w->remote->options.cache, key);
    DEFER(lock_release) Lock lock = {0};

    TRY(directory_make(path_directory(a, str_from(path)).ptr));
    TRY(lock_take(path, &lock));
    CacheRef ref = cache_ref_read(a, w->remote->options.cache, key);
    if (!fits(w, &ref))
        ref = (CacheRef){0};
    else if (is_settled(w)) { // another process was faster
        *out = kept_file(a, w, &ref);
        return NULL;
    }
    TRY(fetch_kept(w, a, key, &ref));
    *out = kept_file(a, w, &ref);
    out->fetched = true;
    return NULL;
}

static Error *not_offline(const Wanted *w, Arena *a)
{
    return error_hint(
        error_new(ERROR_UNAVAILABLE, "%.*s: is not in the cache, and nothing may be fetched",
                  STR_ARG(name_of(a, w->request))),
        "run it once without --offline; the cache is in %s", w->remote->options.cache);
}

static Error *find_kept(const Wanted *w, Arena *a, RemoteFile *out)
{
    Str key = key_of(a, w);
    CacheRef ref = cache_ref_read(a, w->remote->options.cache, key);

    // a content that is known is the same, wherever it came from
    if (!w->is_folder && w->request->digest.len && !ref.digest.len)
        ref.digest = w->request->digest;
    if (is_settled(w) && fits(w, &ref)) {
        *out = kept_file(a, w, &ref);
        return NULL;
    }
    return w->remote->options.offline ? not_offline(w, a) : fetch_locked(w, a, key, out);
}

static Error *make_kept(Arena *a, const void *context, void **out)
{
    RemoteFile *file = arena_new(a, RemoteFile);

    TRY(find_kept(context, a, file));
    *out = file;
    return NULL;
}

/* What is on this machine is used where it is; only its digest may be in question. */
static Error *local(const Wanted *w, Arena *a, RemoteFile *out)
{
    Fetch fetch = {.remote = w->remote, .arena = a, .request = w->request};

    *out = (RemoteFile){0};
    if (w->is_folder) {
        TRY(w->scheme->folder(&fetch, ""));
    } else {
        TRY(w->scheme->file(&fetch));
        TRY(cache_file_digest(a, fetch.tag.ptr, &out->digest));
        if (w->request->digest.len && !str_equal(out->digest, w->request->digest))
            return wrong_digest(w, a, out->digest);
    }
    out->path = fetch.tag.ptr;
    return NULL;
}

static Error *find(const Wanted *w, Arena *a, RemoteFile *out)
{
    static const SharedKind kind = {make_kept, NULL};
    void *file;

    if (w->scheme->is_local)
        return local(w, a, out);
    TRY(shared_get(w->remote->made, &kind, key_of(a, w), w, &file));
    const RemoteFile *kept = file; // whose texts live as long as REMOTE
    *out = (RemoteFile){.path = str_copy(a, str_from(kept->path)).ptr,
                        .digest = str_copy(a, kept->digest),
                        .origin = str_copy(a, kept->origin),
                        .fetched = kept->fetched};
    return NULL;
}

static Error *unknown(Arena *a, Str url, const char *what)
{
    return error_new(ERROR_INPUT, "%.*s: %s", STR_ARG(remote_shown(a, url)), what);
}

Error *remote_file(Remote *remote, Arena *a, const RemoteRequest *request, RemoteFile *out)
{
    Wanted w = {remote, request, scheme_of(request->url), false};

    if (!w.scheme)
        return unknown(a, request->url, "there is no way to fetch such a URL");
    if (!w.scheme->file)
        return unknown(a, request->url, "is a folder, not a file");
    return find(&w, a, out);
}

Error *remote_folder(Remote *remote, Arena *a, const RemoteRequest *request, RemoteFile *out)
{
    Wanted w = {remote, request, scheme_of(request->url), true};

    if (!w.scheme)
        return unknown(a, request->url, "there is no way to fetch such a URL");
    return find(&w, a, out);
}

Error *remote_named(Remote *remote, Arena *a, const RemoteFile *file, Str name, const char **out)
{
    if (!name.len || str_is(name, ".") || str_is(name, "..") || str_is(name, "/"))
        name = STR("file");
    *out = cache_named_path(a, remote->options.cache, file->digest, name);
    if (file_kind(*out) == FILE_REGULAR)
        return NULL;
    TRY(directory_make(path_directory(a, str_from(*out)).ptr));
    Str target = file_absolute(a, file->path);
    if (symlink(str_c(a, target), *out) < 0 && errno != EEXIST)
        return error_os(errno, "%s", *out);
    return NULL;
}

Error *remote_versions(Remote *remote, Arena *a, const RemoteRequest *request, StrList *out)
{
    const RemoteScheme *scheme = scheme_of(request->url);
    Fetch fetch = {.remote = remote, .arena = a, .request = request};

    if (!scheme || !scheme->versions)
        return unknown(a, request->url, "has no list of versions");
    if (remote->options.offline)
        return unknown(a, request->url, "its versions cannot be asked for offline");
    return scheme->versions(&fetch, out);
}

Error *remote_list_cache(Remote *remote, Arena *a, RemoteKeptList *out)
{
    return cache_refs(a, remote->options.cache, out);
}

Error *remote_clear_cache(Remote *remote)
{
    static const char *const parts[] = {"refs", "named", "blobs", "folders", "drafts", "locks"};
    DEFER(arena_free) Arena scratch = {0};

    for (size_t i = 0; i < COUNT(parts); i++)
        TRY(tree_remove(str_format(&scratch, "%s/%s", remote->options.cache, parts[i]).ptr));
    return NULL;
}
