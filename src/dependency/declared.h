/*
 * declared.h - Chart.yaml and Chart.lock, for the files of this folder.
 */
#pragma once

#include "chart/metadata.h"
#include "dependency/dependency.h"

/* A chart's folder, as far as its dependencies go. */
typedef struct Declared {
    const char *path;
    ChartMetadata metadata;
    bool is_v1;               /* and so has requirements.yaml and requirements.lock */
    bool has_lock;            /* there is such a file */
    ChartDependencyList lock; /* what it says */
    Str lock_digest;
} Declared;

/* Those of the chart that FILES are. */
Error *declared_read(Arena *a, const char *path, const ChartFileList *files, Declared *out)
    MUST_CHECK;

/* The file of NAME in FILES; NULL: there is none. */
const ChartFile *declared_file(const ChartFileList *files, const char *name);

/* "sha256:…" of what is wanted and what was found. Source: helm, HashReq. */
Error *declared_digest(Arena *a, const ChartDependencyList *wanted, const ChartDependencyList *lock,
                       Str *out) MUST_CHECK;

/* The same as Helm 2 has it. Source: helm, HashV2Req. */
Error *declared_digest_v2(Arena *a, const ChartDependencyList *wanted, Str *out) MUST_CHECK;

/* update.c: ERROR_INPUT where the lock of D is not of what D declares. */
Error *declared_check_lock(Arena *a, const DependencyOptions *options, const Declared *d)
    MUST_CHECK;

/* Write the lock file of the chart at D->path. ERROR_DENIED where it is a link. */
Error *declared_write_lock(Arena *a, const Declared *d, const ChartDependencyList *lock, Str digest)
    MUST_CHECK;
