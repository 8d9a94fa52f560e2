/*
 * capabilities.h - .Capabilities: what a chart is told of the cluster and of helm.
 * Source: helm, pkg/chart/common/capabilities.go.
 */
#pragma once

#include "chart/chart.h"
#include "templating/template.h"

/*
 * .Capabilities as templates see it. What is not said is as in the helm of COMPAT. ERROR_INPUT
 * where the Kubernetes version is none.
 */
Error *capabilities_value(Arena *a, const ChartCapabilities *capabilities, ChartCompat compat,
                          Value *out) MUST_CHECK;

/* The version in .Capabilities without what providers add to it: "v1.31.2". */
Str capabilities_version(Value capabilities);

/* The methods of .Capabilities.APIVersions and .Capabilities.KubeVersion. */
extern const TemplateFunctionSet capabilities_api_versions;
extern const TemplateFunctionSet capabilities_kube_version;
