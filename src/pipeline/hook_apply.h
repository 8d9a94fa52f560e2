/*
 * hook_apply.h - `kubectlApply` of hooks: objects that go to the cluster as `kubectl apply` puts
 * them there, without that program.
 */
#pragma once

#include "pipeline/run.h"

typedef struct HookApply {
    const char *what; /* a file, a folder, a URL; or a kustomization's folder */
    bool kustomize;
} HookApply;

/*
 * Apply them to the cluster that the hook's release goes to, or its file; *OUT is what kubectl
 * prints: a line for each object.
 * Source: kubectl, pkg/cmd/apply/apply.go and pkg/util/apply.go.
 */
Error *hook_apply(const Run *run, Arena *a, const HookRun *h, const HookApply *apply, Str *out)
    MUST_CHECK;
