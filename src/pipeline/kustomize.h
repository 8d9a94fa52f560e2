/*
 * kustomize.h - the program kustomize, run for a release.
 */
#pragma once

#include "pipeline/run.h"

/* The kustomization in FOLDER, as FILE says how; WHAT it is, for messages. */
typedef struct KustomizeFolder {
    const Run *run;
    const SpecFile *file;
    const char *folder, *what;
} KustomizeFolder;

/* What it builds, as it is. */
Error *kustomize_folder(const KustomizeFolder *k, Arena *a, Str *out) MUST_CHECK;

/* What the kustomization in FOLDER builds, with the images, names and namespace of VALUES. */
Error *kustomize_build(const Step *step, const char *folder, const ValueMap *values, Str *out)
    MUST_CHECK;

/* OBJECTS, as TRANSFORMER, which relfile does not know itself, leaves them. */
Error *kustomize_transform(const Step *step, Str objects, Value transformer, Str *out) MUST_CHECK;
