/*
 * lint_object.c - what Kubernetes says of names and of APIs that it will not have for long.
 */
#include "authoring/lint.h"

#include <stdlib.h>

/* ---- names. Source: k8s.io/apimachinery, pkg/api/validate/content and pkg/util/validation. */

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_lower_or_digit(char c)
{
    return is_lower(c) || (c >= '0' && c <= '9');
}

/* Letters, digits and hyphens, with neither at its ends. */
static bool is_label(Str text)
{
    if (!text.len || !is_lower_or_digit(text.ptr[0]) || !is_lower_or_digit(text.ptr[text.len - 1]))
        return false;
    for (size_t i = 0; i < text.len; i++)
        if (!is_lower_or_digit(text.ptr[i]) && text.ptr[i] != '-')
            return false;
    return true;
}

static bool is_subdomain(Str text)
{
    Str label;

    for (bool more = true; more;) {
        more = str_cut(&text, '.', &label);
        if (!is_label(label))
            return false;
    }
    return true;
}

static Str too_long(Arena *a, Str name, size_t most)
{
    return name.len > most ? str_format(a, "must be no more than %zu bytes", most) : STR("");
}

static Str path_problem(Arena *a, Str name)
{
    if (str_is(name, ".") || str_is(name, ".."))
        return str_format(a, "may not be '%.*s'", STR_ARG(name));
    if (str_find_char(name, '/') != STR_NONE)
        return STR("may not contain '/'");
    return str_find_char(name, '%') != STR_NONE ? STR("may not contain '%'") : STR("");
}

static Str label_problem(Arena *a, Str name)
{
    if (!is_label(name))
        return STR("a lowercase RFC 1123 label must consist of lower case alphanumeric characters "
                   "or '-', and must start and end with an alphanumeric character (e.g. 'my-name', "
                   " or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')");
    return too_long(a, name, 63);
}

static Str service_problem(Arena *a, Str name)
{
    if (!is_label(name) || !is_lower(name.ptr[0]))
        return STR("a DNS-1035 label must consist of lower case alphanumeric characters or '-', "
                   "start with an alphabetic character, and end with an alphanumeric character "
                   "(e.g. 'my-name',  or 'abc-123', regex used for validation is "
                   "'[a-z]([-a-z0-9]*[a-z0-9])?')");
    return too_long(a, name, 63);
}

static Str subdomain_problem(Arena *a, Str name)
{
    if (!is_subdomain(name))
        return STR("a lowercase RFC 1123 subdomain must consist of lower case alphanumeric "
                   "characters, '-' or '.', and must start and end with an alphanumeric character "
                   "(e.g. 'example.com', regex used for validation is "
                   "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')");
    return too_long(a, name, 253);
}

Str lint_name_problem(Arena *a, Str kind, Str name)
{
    static const char *const paths[] = {"role", "clusterrole", "rolebinding", "clusterrolebinding"};
    Str lower = str_lower(a, kind);

    if (str_is(lower, "certificatesigningrequest"))
        return STR("");
    for (size_t i = 0; i < COUNT(paths); i++)
        if (str_is(lower, paths[i]))
            return path_problem(a, name);
    if (str_is(lower, "service"))
        return service_problem(a, name);
    return str_is(lower, "namespace") ? label_problem(a, name) : subdomain_problem(a, name);
}

/* ---- APIs. Source: k8s.io/api, zz_generated.prerelease-lifecycle.go. */

static const struct {
    const char *api_version, *kind;
    int deprecated, removed; /* in 1.N; 0: never */
    const char *replacement; /* or NULL */
} old_apis[] = {
    {"admissionregistration.k8s.io/v1alpha1", "MutatingAdmissionPolicy", 35, 38, NULL},
    {"admissionregistration.k8s.io/v1alpha1", "MutatingAdmissionPolicyBinding", 35, 38, NULL},
    {"admissionregistration.k8s.io/v1alpha1", "ValidatingAdmissionPolicy", 29, 32, NULL},
    {"admissionregistration.k8s.io/v1alpha1", "ValidatingAdmissionPolicyBinding", 29, 32, NULL},
    {"admissionregistration.k8s.io/v1beta1", "MutatingAdmissionPolicy", 37, 40,
     "admissionregistration.k8s.io/v1 MutatingAdmissionPolicy"},
    {"admissionregistration.k8s.io/v1beta1", "MutatingAdmissionPolicyBinding", 37, 40,
     "admissionregistration.k8s.io/v1 MutatingAdmissionPolicyBinding"},
    {"admissionregistration.k8s.io/v1beta1", "MutatingWebhookConfiguration", 16, 22,
     "admissionregistration.k8s.io/v1 MutatingWebhookConfiguration"},
    {"admissionregistration.k8s.io/v1beta1", "ValidatingAdmissionPolicy", 31, 34, NULL},
    {"admissionregistration.k8s.io/v1beta1", "ValidatingAdmissionPolicyBinding", 31, 34, NULL},
    {"admissionregistration.k8s.io/v1beta1", "ValidatingWebhookConfiguration", 16, 22,
     "admissionregistration.k8s.io/v1 ValidatingWebhookConfiguration"},
    {"apidiscovery.k8s.io/v2beta1", "APIGroupDiscovery", 32, 35, NULL},
    {"apps/v1beta1", "Deployment", 8, 16, "apps/v1 Deployment"},
    {"apps/v1beta1", "StatefulSet", 8, 16, "apps/v1 StatefulSet"},
    {"apps/v1beta2", "DaemonSet", 9, 16, "apps/v1 DaemonSet"},
    {"apps/v1beta2", "Deployment", 9, 16, "apps/v1 Deployment"},
    {"apps/v1beta2", "ReplicaSet", 9, 16, "apps/v1 ReplicaSet"},
    {"apps/v1beta2", "StatefulSet", 9, 16, "apps/v1 StatefulSet"},
    {"batch/v1beta1", "CronJob", 21, 25, "batch/v1 CronJob"},
    {"certificates.k8s.io/v1alpha1", "ClusterTrustBundle", 34, 37, NULL},
    {"certificates.k8s.io/v1beta1", "CertificateSigningRequest", 19, 22,
     "certificates.k8s.io/v1 CertificateSigningRequest"},
    {"certificates.k8s.io/v1beta1", "ClusterTrustBundle", 37, 40,
     "certificates.k8s.io/v1 ClusterTrustBundle"},
    {"certificates.k8s.io/v1beta1", "PodCertificateRequest", 37, 40,
     "certificates.k8s.io/v1 PodCertificateRequest"},
    {"coordination.k8s.io/v1alpha2", "LeaseCandidate", 35, 38, NULL},
    {"coordination.k8s.io/v1beta1", "Lease", 19, 22, "coordination.k8s.io/v1 Lease"},
    {"coordination.k8s.io/v1beta1", "LeaseCandidate", 36, 39, NULL},
    {"discovery.k8s.io/v1beta1", "EndpointSlice", 21, 25, "discovery.k8s.io/v1 EndpointSlice"},
    {"events.k8s.io/v1beta1", "Event", 22, 25, NULL},
    {"extensions/v1beta1", "DaemonSet", 8, 16, "apps/v1 DaemonSet"},
    {"extensions/v1beta1", "Deployment", 8, 16, "apps/v1 Deployment"},
    {"extensions/v1beta1", "Ingress", 14, 22, "networking.k8s.io/v1 Ingress"},
    {"extensions/v1beta1", "NetworkPolicy", 9, 16, "networking.k8s.io/v1 NetworkPolicy"},
    {"extensions/v1beta1", "ReplicaSet", 8, 16, "apps/v1 ReplicaSet"},
    {"flowcontrol.apiserver.k8s.io/v1beta1", "FlowSchema", 23, 26,
     "flowcontrol.apiserver.k8s.io/v1beta3 FlowSchema"},
    {"flowcontrol.apiserver.k8s.io/v1beta1", "PriorityLevelConfiguration", 23, 26,
     "flowcontrol.apiserver.k8s.io/v1beta3 PriorityLevelConfiguration"},
    {"flowcontrol.apiserver.k8s.io/v1beta2", "FlowSchema", 26, 29,
     "flowcontrol.apiserver.k8s.io/v1beta3 FlowSchema"},
    {"flowcontrol.apiserver.k8s.io/v1beta2", "PriorityLevelConfiguration", 26, 29,
     "flowcontrol.apiserver.k8s.io/v1beta3 PriorityLevelConfiguration"},
    {"flowcontrol.apiserver.k8s.io/v1beta3", "FlowSchema", 29, 32,
     "flowcontrol.apiserver.k8s.io/v1 FlowSchema"},
    {"flowcontrol.apiserver.k8s.io/v1beta3", "PriorityLevelConfiguration", 29, 32,
     "flowcontrol.apiserver.k8s.io/v1 PriorityLevelConfiguration"},
    {"lifecycle.k8s.io/v1alpha1", "EvictionRequest", 40, 43, NULL},
    {"networking.k8s.io/v1beta1", "IPAddress", 34, 37, NULL},
    {"networking.k8s.io/v1beta1", "Ingress", 19, 22, "networking.k8s.io/v1 Ingress"},
    {"networking.k8s.io/v1beta1", "IngressClass", 19, 22, "networking.k8s.io/v1 IngressClassList"},
    {"networking.k8s.io/v1beta1", "ServiceCIDR", 34, 37, NULL},
    {"node.k8s.io/v1beta1", "RuntimeClass", 22, 25, NULL},
    {"policy/v1beta1", "PodDisruptionBudget", 21, 25, "policy/v1 PodDisruptionBudget"},
    {"rbac.authorization.k8s.io/v1beta1", "ClusterRole", 17, 22,
     "rbac.authorization.k8s.io/v1 ClusterRole"},
    {"rbac.authorization.k8s.io/v1beta1", "ClusterRoleBinding", 17, 22,
     "rbac.authorization.k8s.io/v1 ClusterRoleBinding"},
    {"rbac.authorization.k8s.io/v1beta1", "Role", 17, 22, "rbac.authorization.k8s.io/v1 Role"},
    {"rbac.authorization.k8s.io/v1beta1", "RoleBinding", 17, 22,
     "rbac.authorization.k8s.io/v1 RoleBinding"},
    {"resource.k8s.io/v1alpha3", "DeviceTaintRule", 36, 39, NULL},
    {"resource.k8s.io/v1alpha3", "ResourcePoolStatusRequest", 39, 42, NULL},
    {"resource.k8s.io/v1beta1", "DeviceClass", 35, 38, NULL},
    {"resource.k8s.io/v1beta1", "ResourceClaim", 35, 38, NULL},
    {"resource.k8s.io/v1beta1", "ResourceClaimTemplate", 35, 38, NULL},
    {"resource.k8s.io/v1beta1", "ResourceSlice", 35, 38, NULL},
    {"resource.k8s.io/v1beta2", "DeviceClass", 36, 39, NULL},
    {"resource.k8s.io/v1beta2", "DeviceTaintRule", 39, 42, NULL},
    {"resource.k8s.io/v1beta2", "ResourceClaim", 36, 39, NULL},
    {"resource.k8s.io/v1beta2", "ResourceClaimTemplate", 36, 39, NULL},
    {"resource.k8s.io/v1beta2", "ResourceSlice", 36, 39, NULL},
    {"scheduling.k8s.io/v1beta1", "PodGroup", 40, 43, NULL},
    {"scheduling.k8s.io/v1beta1", "PriorityClass", 14, 22, "scheduling.k8s.io/v1 PriorityClass"},
    {"scheduling.k8s.io/v1beta1", "Workload", 40, 43, NULL},
    {"storage.k8s.io/v1alpha1", "CSIStorageCapacity", 21, 24,
     "storage.k8s.io/v1beta1 CSIStorageCapacity"},
    {"storage.k8s.io/v1alpha1", "VolumeAttachment", 21, 24, "storage.k8s.io/v1 VolumeAttachment"},
    {"storage.k8s.io/v1alpha1", "VolumeAttributesClass", 32, 35,
     "storage.k8s.io/v1 VolumeAttributesClass"},
    {"storage.k8s.io/v1beta1", "CSIDriver", 19, 22, "storage.k8s.io/v1 CSIDriver"},
    {"storage.k8s.io/v1beta1", "CSINode", 17, 22, "storage.k8s.io/v1 CSINode"},
    {"storage.k8s.io/v1beta1", "CSIStorageCapacity", 24, 27,
     "storage.k8s.io/v1 CSIStorageCapacity"},
    {"storage.k8s.io/v1beta1", "StorageClass", 19, 22, "storage.k8s.io/v1 StorageClass"},
    {"storage.k8s.io/v1beta1", "VolumeAttachment", 19, 22, "storage.k8s.io/v1 VolumeAttachment"},
    {"storage.k8s.io/v1beta1", "VolumeAttributesClass", 34, 37,
     "storage.k8s.io/v1 VolumeAttributesClass"},
    {"storagemigration.k8s.io/v1beta1", "StorageVersionMigration", 37, 40,
     "storagemigration.k8s.io/v1 StorageVersionMigration"},
    {"v1", "ComponentStatus", 19, 0, NULL},
    {"v1", "Endpoints", 33, 0, "discovery.k8s.io/v1 EndpointSlice"},
};

/* N of 1.N; the newest, where nothing is said. */
static int minor_of(Str version)
{
    enum { NEWEST = 37 };
    size_t dot = str_find_char(version, '.');

    return dot == STR_NONE ? NEWEST : atoi(version.ptr + dot + 1);
}

Str lint_deprecation(Arena *a, Str api_version, Str kind, Str version)
{
    Buf b = {.arena = a};
    size_t i = 0;

    while (i < COUNT(old_apis) &&
           !(str_is(api_version, old_apis[i].api_version) && str_is(kind, old_apis[i].kind)))
        i++;
    if (i == COUNT(old_apis) || old_apis[i].deprecated > minor_of(version))
        return STR("");
    buf_format(&b, "%s %s is deprecated in v1.%d+", old_apis[i].api_version, old_apis[i].kind,
               old_apis[i].deprecated);
    if (old_apis[i].removed)
        buf_format(&b, ", unavailable in v1.%d+", old_apis[i].removed);
    if (old_apis[i].replacement)
        buf_format(&b, "; use %s", old_apis[i].replacement);
    return buf_str(&b);
}
