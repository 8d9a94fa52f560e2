/*
 * compat.h - in what the versions of helm differ.
 */
#pragma once

#include "chart/chart.h"

typedef struct CompatRules {
    const char *name, *helm_version; /* what `compat:` says, and .Capabilities.HelmVersion */
    const char *kube_version;        /* of .Capabilities without a cluster */
    bool cleans_nulls;     /* nulls of a chart's own defaults are no values; else they stay */
    bool trims_documents;  /* white space at the end of documents goes, "---" takes what follows */
    bool orders_webhooks;  /* webhook configurations come before unknown kinds */
    bool merges_documents; /* all documents of a values file count; else the first */
    const char *const *more_apis, *const *less_apis; /* than the newest has; end with NULL */
} CompatRules;

const CompatRules *compat_rules(ChartCompat compat);
