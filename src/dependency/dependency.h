/*
 * dependency.h - what a chart depends on: which versions, fetched from where, written down in
 * Chart.lock and put into charts/.
 *
 *     relfile chart dependency update ./charts/web        dependency_update
 *
 * For the releases of a spec the same is done in memory: dependency_complete. Source: helm,
 * pkg/downloader/manager.go, internal/resolver/resolver.go and pkg/action/dependency.go.
 */
#pragma once

#include "base/error.h"
#include "base/str.h"
#include "chart/chart.h"
#include "remote/remote.h"
#include "repository/repository.h"

typedef struct DependencyOptions {
    Remote *remote;
    const RepositoryList *known; /* for "@name" and "alias:name", and for credentials */
    const RemoteAccess *access;  /* where nothing is known; or NULL */
    bool skip_refresh;           /* tells nothing of indexes that are asked for */
    bool verify;                 /* what is fetched must be proved by its provenance file */
    const char *keyring;         /* by these keys; NULL: the user's */
    const char *cosign_key;      /* it must come from a registry, and be signed with it; or NULL */
} DependencyOptions;

/* What `helm dependency list` prints for the chart at PATH, at the end of OUT. */
Error *dependency_list(Arena *a, const char *path, size_t column_width, Buf *out) MUST_CHECK;

/* Fill charts/ of the folder at PATH with what Chart.yaml wants, and write Chart.lock. What helm
 * prints is added to OUT. */
Error *dependency_update(Arena *a, const DependencyOptions *options, const char *path, Buf *out)
    MUST_CHECK;

/* The same with the versions of Chart.lock, which must belong to Chart.yaml; without one, update.
 */
Error *dependency_build(Arena *a, const DependencyOptions *options, const char *path, Buf *out)
    MUST_CHECK;

/*
 * Add to FILES, those of the chart in the folder at PATH, what it declares and charts/ has not in a
 * version that will do: as dependency_build would, without writing anything.
 */
Error *dependency_complete(Arena *a, const DependencyOptions *options, const char *path,
                           ChartFileList *files) MUST_CHECK;
