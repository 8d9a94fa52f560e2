/*
 * remote.h - files and folders from elsewhere, fetched once and kept in a cache.
 *
 *     DEFER(remote_close) Remote *remote = remote_open(&(RemoteOptions){.offline = false});
 *     RemoteRequest request = {.url = STR("https://example.com/charts/web-1.2.0.tgz")};
 *     RemoteFile file;
 *     TRY(remote_file(remote, a, &request, &file));
 *     TRY(chart_load(shared, file.path, &chart));
 *
 * Everything that comes over the network for specs and charts comes through here. Any thread may
 * ask at any time: the same thing is fetched once in a run, and other processes wait for it.
 *
 * The cache holds contents by their SHA-256 (blobs/, folders/) and, by what was asked for, which
 * content that was (refs/). A content is written aside and moved into place when it is whole, and
 * is held against its digest when it is used: so what is there is either right or fetched again.
 * See cache.h for the layout.
 *
 * To add a scheme: write remote/schemes/NAME.c, which defines remote_scheme_NAME, and add NAME to
 * remote/schemes.h.
 */
#pragma once

#include "base/error.h"
#include "base/str.h"
#include "base/vec.h"
#include "registry/registry.h"

#include <stdbool.h>

typedef struct Remote Remote;

typedef struct RemoteOptions {
    bool offline;      /* never ask the network: what is in the cache must do */
    bool no_check;     /* what is in the cache does, whether there is something newer or not */
    const char *cache; /* its folder; NULL: as the environment says */
} RemoteOptions;

/* Nothing is opened or made before it is needed. */
Remote *remote_open(const RemoteOptions *options);
void remote_close(Remote **remote);

bool remote_is_offline(const Remote *remote);

/* The folder of the cache, which need not be there. */
const char *remote_cache(const Remote *remote);

/* How to be let in. Zeros are the usual. */
typedef struct RemoteAccess {
    Str user, password;
    const char *ca_file, *cert_file, *key_file; /* PEM */
    const char *registry_config; /* of OCI registries; NULL: as the environment says */
    const char *cosign_key;      /* of OCI registries: PEM; what is not signed with it is refused */
    bool insecure;               /* any certificate will do */
    bool plain_http;             /* OCI registries: without TLS */
} RemoteAccess;

/* The same for a client of registries. */
RegistryOptions remote_registry_options(const RemoteAccess *access);

typedef enum RemoteAge {
    REMOTE_FIXED,   /* what is at the URL never changes: what is in the cache will do */
    REMOTE_CURRENT, /* ask whether there is something newer, once in a run */
    REMOTE_ANEW,    /* fetch it again, once in a run */
} RemoteAge;

/* What is wanted. */
typedef struct RemoteRequest {
    Str url;       /* "https://…/web.tgz", "oci://…/web", "git::https://…/repo.git" */
    Str version;   /* git: a ref; OCI: a tag or digest; empty: the usual one */
    Str subfolder; /* of a folder: only this, which becomes the folder */
    Str digest;    /* which SHA-256 a file must have, in hexadecimal; empty: any */
    const RemoteAccess *access; /* NULL: nothing */
    RemoteAge age;
    bool provenance;   /* the .prov file that belongs to the file instead of the file */
    bool packed;       /* it is text, which may be sent compressed */
    size_t most_bytes; /* 0: 256 MiB; of a folder, unpacked: 1 GiB */
} RemoteRequest;

typedef struct RemoteFile {
    const char *path; /* in the cache: read it, and leave it alone */
    Str digest;       /* SHA-256, in hexadecimal; of a folder: see tree.h */
    Str origin;   /* what it was, as the scheme names it: git's commit, OCI's digest; or empty */
    bool fetched; /* by this run; otherwise it was there */
} RemoteFile;

/*
 * The file that REQUEST asks for. ERROR_UNAVAILABLE where it would have to be fetched and may not
 * be (offline), or cannot just now; ERROR_DENIED, ERROR_NOT_FOUND as the server says; ERROR_INPUT
 * where it is too large, has another digest, or the URL is none.
 */
Error *remote_file(Remote *remote, Arena *a, const RemoteRequest *request, RemoteFile *out)
    MUST_CHECK;

/*
 * The same for a folder: a git repository at a ref, a part of a bucket, or a file that is an
 * archive (.tgz, .tar.gz, .tar), unpacked.
 */
Error *remote_folder(Remote *remote, Arena *a, const RemoteRequest *request, RemoteFile *out)
    MUST_CHECK;

/*
 * source.c: whether TEXT names something from elsewhere, as helmfile does where it takes a path:
 * "git::https://host/ops.git@dir/x.yaml?ref=v1", "https://host/x.yaml", "s3://bucket/key".
 */
bool remote_is_source(Str text);

/*
 * Fetch what TEXT, which is such a name, has, unless it is in the cache, and say where the file or
 * folder is then. That it is there is not certain: in a repository TEXT may name a file that it has
 * not, or a pattern. "?cache=false" fetches it again. ERROR_NOT_FOUND where a ref is missing.
 */
Error *remote_locate(Remote *remote, Arena *a, Str text, const char **out) MUST_CHECK;

/* TEXT for people: of a source, without user, password and query. */
Str remote_source_shown(Arena *a, Str text);

/* The versions that there are of the thing at REQUEST's URL: an OCI registry's tags. */
Error *remote_versions(Remote *remote, Arena *a, const RemoteRequest *request, StrList *out)
    MUST_CHECK;

/* Whether URL is of a scheme that can be fetched. */
bool remote_knows(Str url);

/* URL for people: without user, password and query. */
Str remote_shown(Arena *a, Str url);

typedef struct RemoteKept {
    Str name;       /* what was asked for */
    uint64_t bytes; /* of its content, which others may share */
} RemoteKept;

typedef VEC(RemoteKept) RemoteKeptList;

/* What is in the cache, by name. */
Error *remote_list_cache(Remote *remote, Arena *a, RemoteKeptList *out) MUST_CHECK;

/* Remove all that is in the cache. */
Error *remote_clear_cache(Remote *remote) MUST_CHECK;
