/*
 * metadata.h - Chart.yaml. Source: helm, pkg/chart/v2/metadata.go and dependency.go.
 */
#pragma once

#include "base/error.h"
#include "base/value.h"
#include "base/vec.h"

/* A dependency as Chart.yaml (or requirements.yaml) declares it. */
typedef struct ChartDependency {
    Str name, version, repository, condition, alias;
    ValueList tags;
    ValueList import_values; /* strings, or maps with child and parent */
    bool enabled;
} ChartDependency;

typedef VEC(ChartDependency) ChartDependencyList;

typedef struct ChartMetadata {
    Str name, version, api_version, app_version, type, kube_version;
    ValueMap *fields; /* what templates see as .Chart, but for Dependencies and IsRoot; frozen */
    bool declares_dependencies; /* there is such a list, though it may be empty */
    ChartDependencyList dependencies;
} ChartMetadata;

/* Read Chart.yaml's TEXT, or requirements.yaml's, into OUT: what it does not mention stays. */
Error *metadata_read(Arena *a, const char *file, Str text, ChartMetadata *out) MUST_CHECK;

/* Refuse a Chart.lock that helm cannot read; nothing else is done with it. */
Error *metadata_check_lock(Arena *a, const char *file, Str text) MUST_CHECK;

/* Fill in defaults, and refuse what helm refuses. */
Error *metadata_check(Arena *a, const char *file, ChartMetadata *metadata) MUST_CHECK;

/* DEPENDENCIES as templates see them in .Chart.Dependencies. */
Value metadata_dependencies_value(Arena *a, const ChartDependencyList *dependencies);

/* METADATA under the names that it has in Chart.yaml, without what is empty. */
ValueMap *metadata_stored(Arena *a, const ChartMetadata *metadata);
