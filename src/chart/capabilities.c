#include "chart/capabilities.h"

#include "base/number.h"
#include "chart/compat.h"

#include <string.h>

/* What helm 4.3 knows without a cluster, in its order. */
static const char *const default_api_versions[] = {
    "v1",
    "admissionregistration.k8s.io/v1",
    "admissionregistration.k8s.io/v1alpha1",
    "admissionregistration.k8s.io/v1beta1",
    "internal.apiserver.k8s.io/v1alpha1",
    "apps/v1",
    "apps/v1beta1",
    "apps/v1beta2",
    "authentication.k8s.io/v1",
    "authentication.k8s.io/v1alpha1",
    "authentication.k8s.io/v1beta1",
    "authorization.k8s.io/v1",
    "authorization.k8s.io/v1beta1",
    "autoscaling/v1",
    "autoscaling/v2",
    "batch/v1",
    "batch/v1beta1",
    "certificates.k8s.io/v1",
    "certificates.k8s.io/v1beta1",
    "certificates.k8s.io/v1alpha1",
    "coordination.k8s.io/v1alpha2",
    "coordination.k8s.io/v1beta1",
    "coordination.k8s.io/v1",
    "discovery.k8s.io/v1",
    "discovery.k8s.io/v1beta1",
    "events.k8s.io/v1",
    "events.k8s.io/v1beta1",
    "extensions/v1beta1",
    "flowcontrol.apiserver.k8s.io/v1",
    "flowcontrol.apiserver.k8s.io/v1beta1",
    "flowcontrol.apiserver.k8s.io/v1beta2",
    "flowcontrol.apiserver.k8s.io/v1beta3",
    "lifecycle.k8s.io/v1alpha1",
    "networking.k8s.io/v1",
    "networking.k8s.io/v1beta1",
    "node.k8s.io/v1",
    "node.k8s.io/v1alpha1",
    "node.k8s.io/v1beta1",
    "policy/v1",
    "policy/v1beta1",
    "rbac.authorization.k8s.io/v1",
    "rbac.authorization.k8s.io/v1beta1",
    "rbac.authorization.k8s.io/v1alpha1",
    "resource.k8s.io/v1",
    "resource.k8s.io/v1beta2",
    "resource.k8s.io/v1beta1",
    "resource.k8s.io/v1alpha3",
    "scheduling.k8s.io/v1alpha3",
    "scheduling.k8s.io/v1beta1",
    "scheduling.k8s.io/v1",
    "storage.k8s.io/v1beta1",
    "storage.k8s.io/v1",
    "storage.k8s.io/v1alpha1",
    "storagemigration.k8s.io/v1",
    "storagemigration.k8s.io/v1beta1",
    "apiextensions.k8s.io/v1beta1",
    "apiextensions.k8s.io/v1",
};

/* ---- types */

enum { KUBE_VERSION, KUBE_NORMALIZED, KUBE_MAJOR, KUBE_MINOR };

static Str kube_version_text(Arena *a, const ValueObject *object)
{
    (void)a;
    Str normalized = object->fields[KUBE_NORMALIZED].string;

    return normalized.len ? normalized : object->fields[KUBE_VERSION].string;
}

static const ValueField kube_version_fields[] = {
    [KUBE_VERSION] = {"Version", "Version", false},
    [KUBE_NORMALIZED] = {"normalizedVersion", NULL, false},
    [KUBE_MAJOR] = {"Major", "Major", false},
    [KUBE_MINOR] = {"Minor", "Minor", false},
};

static const ValueObjectType kube_version_type = {
    .name = "common.KubeVersion",
    .fields = kube_version_fields,
    .len = COUNT(kube_version_fields),
    .text = kube_version_text,
    .text_needs_address = true,
};

static const ValueField helm_version_fields[] = {
    {"Version", "version", true},
    {"GitCommit", "git_commit", true},
    {"GitTreeState", "git_tree_state", true},
    {"GoVersion", "go_version", true},
    {"KubeClientVersion", "kube_client_version", false},
};

static const ValueObjectType helm_version_type = {
    .name = "version.BuildInfo",
    .fields = helm_version_fields,
    .len = COUNT(helm_version_fields),
};

enum { FIELD_KUBE_VERSION, FIELD_API_VERSIONS, FIELD_HELM_VERSION };

static const ValueField capabilities_fields[] = {
    [FIELD_KUBE_VERSION] = {"KubeVersion", "KubeVersion", false},
    [FIELD_API_VERSIONS] = {"APIVersions", "APIVersions", false},
    [FIELD_HELM_VERSION] = {"HelmVersion", "HelmVersion", false},
};

static const ValueObjectType capabilities_type = {
    .name = "*common.Capabilities",
    .fields = capabilities_fields,
    .len = COUNT(capabilities_fields),
};

/* ---- methods */

static Error *run_has(const TemplateCall *call, Value *out)
{
    ValueList versions = call->args[-1].list;
    bool found = false;

    for (size_t i = 0; i < versions.len && !found; i++)
        found = str_equal(versions.items[i].string, call->args[0].string);
    *out = value_bool(found);
    return NULL;
}

static const TemplateFunction api_versions_methods[] = {
    {"Has", "s", "Has VERSION", "Whether the cluster has the API VERSION.", run_has},
};

const TemplateFunctionSet capabilities_api_versions = {
    .name = ".Capabilities.APIVersions",
    .source = "helm, pkg/chart/common/capabilities.go",
    .functions = api_versions_methods,
    .len = COUNT(api_versions_methods),
    .receiver = TYPE_VERSION_SET,
};

static Error *run_git_version(const TemplateCall *call, Value *out)
{
    *out = call->args[-1].object->fields[KUBE_VERSION];
    return NULL;
}

static Error *run_string(const TemplateCall *call, Value *out)
{
    *out = value_string(kube_version_text(call->arena, call->args[-1].object));
    return NULL;
}

static const TemplateFunction kube_version_methods[] = {
    {"GitVersion", "", "GitVersion", "The same as Version.", run_git_version},
    {"String", "", "String", "The version without what providers add to it.", run_string},
};

const TemplateFunctionSet capabilities_kube_version = {
    .name = ".Capabilities.KubeVersion",
    .source = "helm, pkg/chart/common/capabilities.go",
    .functions = kube_version_methods,
    .len = COUNT(kube_version_methods),
    .object = &kube_version_type,
    .needs_address = true,
};

/* ---- values */

static Value make_object(Arena *a, const ValueObjectType *type, Value **fields)
{
    ValueObject *object = arena_new(a, ValueObject);

    *fields = arena_array(a, Value, type->len);
    object->type = type;
    object->fields = *fields;
    return value_of_object(object);
}

/* Digits off the front of *REST, as a version's component. */
static bool take_component(Str *rest, Str *out)
{
    size_t len = 0;

    while (len < rest->len && rest->ptr[len] >= '0' && rest->ptr[len] <= '9')
        len++;
    *out = str_slice(*rest, 0, len);
    *rest = str_skip(*rest, len);
    return len > 0 && len < 20;
}

static Str without_zeros(Str digits)
{
    while (digits.len > 1 && digits.ptr[0] == '0')
        digits = str_skip(digits, 1);
    return digits;
}

/* Source: k8s.io/apimachinery, pkg/util/version, ParseGeneric. */
static Error *parse_kube_version(Arena *a, Str version, Value *fields)
{
    Str rest = str_trim(version), component, major = {0}, minor = {0};
    Buf normal = {.arena = a};
    size_t count = 0;

    if (str_starts(rest, STR("v")))
        rest = str_skip(rest, 1);
    buf_add_char(&normal, 'v');
    while (take_component(&rest, &component)) {
        component = without_zeros(component);
        if (count)
            buf_add_char(&normal, '.');
        buf_add(&normal, component);
        if (count == 0)
            major = component;
        else if (count == 1)
            minor = component;
        count++;
        if (rest.len < 2 || rest.ptr[0] != '.' || rest.ptr[1] < '0' || rest.ptr[1] > '9')
            break;
        rest = str_skip(rest, 1);
    }
    if (count < 2)
        return error_new(ERROR_INPUT, "invalid kube version '%.*s'", STR_ARG(version));
    if (!str_starts(version, STR("v")))
        version = str_join(a, STR("v"), version);
    fields[KUBE_VERSION] = value_string(version);
    fields[KUBE_NORMALIZED] = value_string(buf_str(&normal));
    fields[KUBE_MAJOR] = value_string(major);
    fields[KUBE_MINOR] = value_string(minor);
    return NULL;
}

static bool is_among(const char *name, const char *const *names)
{
    for (; *names; names++)
        if (strcmp(*names, name) == 0)
            return true;
    return false;
}

static Value api_versions_value(Arena *a, const ChartCapabilities *capabilities,
                                const CompatRules *rules)
{
    size_t built_in = capabilities->from_cluster ? 0 : COUNT(default_api_versions);
    VEC(Value) items = {0};

    for (size_t i = 0; i < built_in; i++)
        if (!is_among(default_api_versions[i], rules->less_apis))
            *vec_add(a, &items) = value_c(default_api_versions[i]);
    for (size_t i = 0; built_in && rules->more_apis[i]; i++)
        *vec_add(a, &items) = value_c(rules->more_apis[i]);
    for (size_t i = 0; i < capabilities->api_version_count; i++)
        *vec_add(a, &items) = value_string(capabilities->api_versions[i]);
    return value_typed(value_list(items.items, items.len), TYPE_VERSION_SET);
}

static Value helm_version_value(Arena *a, const CompatRules *rules)
{
    Value *fields, object = make_object(a, &helm_version_type, &fields);

    fields[0] = value_c(rules->helm_version);
    fields[1] = value_c("");
    fields[2] = value_c("");
    fields[3] = value_c("go1.26.8");
    fields[4] = value_string(str_slice(str_from(rules->kube_version), 0, strlen("v1.37")));
    return object;
}

Error *capabilities_value(Arena *a, const ChartCapabilities *capabilities, ChartCompat compat,
                          Value *out)
{
    const CompatRules *rules = compat_rules(compat);
    Str version =
        capabilities->kube_version.len ? capabilities->kube_version : str_from(rules->kube_version);
    Value *fields, *kube_fields, kube_version = make_object(a, &kube_version_type, &kube_fields);

    *out = make_object(a, &capabilities_type, &fields);
    TRY(parse_kube_version(a, version, kube_fields));
    fields[FIELD_KUBE_VERSION] = value_typed(kube_version, TYPE_ADDRESSABLE);
    fields[FIELD_API_VERSIONS] = api_versions_value(a, capabilities, rules);
    fields[FIELD_HELM_VERSION] = helm_version_value(a, rules);
    return NULL;
}

Str capabilities_version(Value capabilities)
{
    const ValueObject *version = capabilities.object->fields[FIELD_KUBE_VERSION].object;

    return version->fields[KUBE_NORMALIZED].string;
}
