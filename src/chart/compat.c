/*
 * compat.c - helm 3.21 and 4.1 to 4.3 side by side. Whatever is not here is the same in all, or is
 * one of the differences that docs/charts.md names.
 * Source: helm, the tags v3.21.4, v4.1.4, v4.2.4 and v4.3.0: pkg/chart/common/util/coalesce.go,
 * pkg/release/v1/util/manifest.go and kind_sorter.go, pkg/chart/v2/loader/load.go; client-go.
 */
#include "chart/compat.h"

static const char *const newest_apis[] = {"lifecycle.k8s.io/v1alpha1", "scheduling.k8s.io/v1alpha3",
                                          "storagemigration.k8s.io/v1", NULL};
static const char *const apis_of_36[] = {"scheduling.k8s.io/v1alpha2", NULL};
static const char *const apis_of_35[] = {"autoscaling/v2beta1", "autoscaling/v2beta2",
                                         "scheduling.k8s.io/v1alpha1", NULL};
static const char *const none[] = {NULL};

static const CompatRules rules[] = {
    [COMPAT_HELM_4_3] = {"4.3", "v4.3", "v1.37.0", true, false, true, true, none, none},
    [COMPAT_HELM_4_2] = {"4.2", "v4.2", "v1.36.0", true, false, true, true, apis_of_36,
                         newest_apis},
    [COMPAT_HELM_4_1] = {"4.1", "v4.1", "v1.35.0", false, true, true, true, apis_of_35,
                         newest_apis},
    [COMPAT_HELM_3_21] = {"3.21", "v3.21", "v1.36.0", false, true, false, false, apis_of_36,
                          newest_apis},
};

const CompatRules *compat_rules(ChartCompat compat)
{
    return &rules[compat];
}

Str chart_compat_name(ChartCompat compat)
{
    return str_from(rules[compat].name);
}

Error *chart_compat_parse(Str text, ChartCompat *out)
{
    *out = COMPAT_HELM_4_3;
    if (!text.len)
        return NULL;
    for (size_t i = 0; i < COUNT(rules); i++) {
        if (!str_is(text, rules[i].name))
            continue;
        *out = (ChartCompat)i;
        return NULL;
    }
    return error_hint(
        error_new(ERROR_INPUT, "there is no compatibility with helm \"%.*s\"", STR_ARG(text)),
        "it can be: 4.3, 4.2, 4.1, 3.21");
}
