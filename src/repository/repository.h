/*
 * repository.h - where charts come from: chart repositories with an index.yaml, registries, plain
 * URLs; which version of a chart is meant, and the file that has it.
 *
 *     RepositoryList known = {0};
 *     TRY(repositories_read(a, NULL, &known));
 *     ChartQuery query = {.chart = STR("bitnami/nginx"), .version = STR("^15"), .known = &known};
 *     ChartSource source;
 *     TRY(repository_locate(remote, a, &query, &source));
 *     TRY(chart_load(shared, source.path, &chart));
 *
 * An index is asked for anew (with its ETag) once in a run, and read as a stream: of 26 MB, only
 * what is about the chart is ever in memory.
 * Source: helm, pkg/repo/v1 and pkg/downloader/chart_downloader.go.
 */
#pragma once

#include "base/error.h"
#include "base/str.h"
#include "base/vec.h"
#include "provenance/provenance.h"
#include "remote/remote.h"

typedef struct Repository {
    Str name, url; /* of a registry: "oci://registry.example.com/charts" */
    RemoteAccess access;
    bool pass_credentials; /* to other hosts, too, when the index names them */
    bool verify;           /* its charts must be proved by their provenance files */
    const char *keyring;   /* by these keys; NULL: the user's */
    bool no_check;         /* an index that is in the cache will do, however old */
    Place place;           /* where it was written, if in a spec */
} Repository;

typedef VEC(Repository) RepositoryList;

/*
 * The repositories that `helm repo add` has written down: in the file PATH; NULL: in
 * $HELM_REPOSITORY_CONFIG, or else in helm's configuration. None where there is no such file.
 */
Error *repositories_read(Arena *a, const char *path, RepositoryList *out) MUST_CHECK;

/* The one called NAME, or at URL (a slash at the end does not matter); NULL: there is none. */
const Repository *repositories_named(const RepositoryList *list, Str name);
const Repository *repositories_at(const RepositoryList *list, Str url);

/* Whether URL is that of a registry, "oci://...". */
bool repository_is_oci(Str url);

/* One version of a chart, as an index has it. */
typedef struct ChartVersion {
    Str name, version, app_version, description;
    StrList urls; /* relative to the repository's, or whole */
    Str digest;   /* SHA-256, in hexadecimal; or empty */
} ChartVersion;

typedef VEC(ChartVersion) ChartVersionList;

/* All versions of CHART, newest first. ERROR_NOT_FOUND where the index has no such chart. */
Error *repository_versions(Remote *remote, Arena *a, const Repository *repository, Str chart,
                           ChartVersionList *out) MUST_CHECK;

/*
 * The one of VERSIONS that CONSTRAINT means: exactly that one, or else the newest that satisfies
 * it; empty: the newest release, and with DEVEL the newest at all. ERROR_NOT_FOUND, with the
 * nearest as a hint. WHAT is for messages.
 */
Error *repository_choose(const ChartVersionList *versions, Str what, Str constraint, bool devel,
                         const ChartVersion **out) MUST_CHECK;

/* Download the index of REPOSITORY, and see that it is one. */
Error *repository_check(Remote *remote, const Repository *repository) MUST_CHECK;

/* Which chart is wanted. */
typedef struct ChartQuery {
    Str chart;                   /* "repo/name", "oci://...", "https://...tgz"; with .url "name" */
    Str version;                 /* a version or constraint; for a registry also a digest */
    Str url;                     /* of the repository, as with helm's --repo; or empty */
    const RepositoryList *known; /* for "repo/name" */
    const RemoteAccess *access;  /* for .url and plain URLs; NULL: as known */
    bool pass_credentials;       /* with .url */
    bool devel;                  /* pre-releases will do, too */
    bool insecure, plain_http;   /* also where the repository does not say so: see RemoteAccess */
    Str digest;                  /* it must have; or empty */
    bool verify;                 /* only with a provenance file that proves it */
    bool trusted;                /* without one, whatever its repository says */
    const char *keyring;         /* by these keys; NULL: the user's */
    const char *cosign_key; /* of a registry, and signed with this key; NULL: as .access says */
} ChartQuery;

/* Where it is. */
typedef struct ChartSource {
    Str url;               /* that the file comes from */
    Str version;           /* exactly; empty where only the file knows */
    Str digest;            /* of the file; empty: nothing is known of it */
    RemoteRequest request; /* for the file; set .provenance for what signs it */
    const RemoteAccess *access;
    bool verify; /* as was asked for */
    const char *keyring;

    // when it was fetched
    Str origin;        /* of a registry's chart: its manifest's digest */
    Provenance proved; /* with .verify */
    const char *path;  /* of the file; NULL: it was not fetched */
} ChartSource;

/* Which file is meant; it is not fetched. */
Error *repository_find(Remote *remote, Arena *a, const ChartQuery *query, ChartSource *out)
    MUST_CHECK;

/* Fetch the file of SOURCE, which was found. With .verify it is held against its provenance file
 * each time: ERROR_DENIED where that proves nothing, or there is none. */
Error *repository_fetch(Remote *remote, Arena *a, ChartSource *source) MUST_CHECK;

/* The provenance file of SOURCE. ERROR_NOT_FOUND where there is none. */
Error *repository_provenance(Remote *remote, Arena *a, const ChartSource *source, Str *out)
    MUST_CHECK;

/* What helm calls the file: "web-1.2.0.tgz". Of a registry's chart without a version: empty. */
Str repository_file_name(Arena *a, const ChartSource *source);

/* Found and fetched. */
Error *repository_locate(Remote *remote, Arena *a, const ChartQuery *query, ChartSource *out)
    MUST_CHECK;
