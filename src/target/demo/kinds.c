#include "target/demo/kinds.h"

#include "base/field.h"
#include "base/nearest.h"

#include <string.h>

enum { N = KIND_NAMESPACED, S = KIND_STATUS, G = KIND_GENERATION };

#define RBAC "rbac.authorization.k8s.io"
#define ADMISSION "admissionregistration.k8s.io"
#define FLOWCONTROL "flowcontrol.apiserver.k8s.io"

#define KIND(group, version, kind, plural, flags, names)                                           \
    {                                                                                              \
        group, version, kind, plural, flags, NAME_##names, kind, NULL, NULL, 0                     \
    }

static const Kind built_in[] = {
    KIND("", "v1", "ConfigMap", "configmaps", N, SUBDOMAIN),
    KIND("", "v1", "Endpoints", "endpoints", N, SUBDOMAIN),
    KIND("", "v1", "Event", "events", N, SUBDOMAIN),
    KIND("", "v1", "LimitRange", "limitranges", N, SUBDOMAIN),
    KIND("", "v1", "Namespace", "namespaces", S, LABEL),
    KIND("", "v1", "Node", "nodes", S, SUBDOMAIN),
    KIND("", "v1", "PersistentVolume", "persistentvolumes", S, SUBDOMAIN),
    KIND("", "v1", "PersistentVolumeClaim", "persistentvolumeclaims", N | S, SUBDOMAIN),
    KIND("", "v1", "Pod", "pods", N | S | G, SUBDOMAIN),
    KIND("", "v1", "PodTemplate", "podtemplates", N | G, SUBDOMAIN),
    KIND("", "v1", "ReplicationController", "replicationcontrollers", N | S | G, SUBDOMAIN),
    KIND("", "v1", "ResourceQuota", "resourcequotas", N | S, SUBDOMAIN),
    KIND("", "v1", "Secret", "secrets", N, SUBDOMAIN),
    KIND("", "v1", "Service", "services", N | S, LABEL),
    KIND("", "v1", "ServiceAccount", "serviceaccounts", N, SUBDOMAIN),
    KIND(ADMISSION, "v1", "MutatingWebhookConfiguration", "mutatingwebhookconfigurations", G,
         SUBDOMAIN),
    KIND(ADMISSION, "v1", "ValidatingAdmissionPolicy", "validatingadmissionpolicies", S | G,
         SUBDOMAIN),
    KIND(ADMISSION, "v1", "ValidatingAdmissionPolicyBinding", "validatingadmissionpolicybindings",
         G, SUBDOMAIN),
    KIND(ADMISSION, "v1", "ValidatingWebhookConfiguration", "validatingwebhookconfigurations", G,
         SUBDOMAIN),
    KIND("apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions",
         S | G, SUBDOMAIN),
    KIND("apiregistration.k8s.io", "v1", "APIService", "apiservices", S, SUBDOMAIN),
    KIND("apps", "v1", "ControllerRevision", "controllerrevisions", N, SUBDOMAIN),
    KIND("apps", "v1", "DaemonSet", "daemonsets", N | S | G, SUBDOMAIN),
    KIND("apps", "v1", "Deployment", "deployments", N | S | G, SUBDOMAIN),
    KIND("apps", "v1", "ReplicaSet", "replicasets", N | S | G, SUBDOMAIN),
    KIND("apps", "v1", "StatefulSet", "statefulsets", N | S | G, LABEL),
    KIND("autoscaling", "v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers", N | S,
         SUBDOMAIN),
    KIND("batch", "v1", "CronJob", "cronjobs", N | S | G, SUBDOMAIN),
    KIND("batch", "v1", "Job", "jobs", N | S | G, SUBDOMAIN),
    KIND("certificates.k8s.io", "v1", "CertificateSigningRequest", "certificatesigningrequests", S,
         PATH),
    KIND("coordination.k8s.io", "v1", "Lease", "leases", N, SUBDOMAIN),
    KIND("discovery.k8s.io", "v1", "EndpointSlice", "endpointslices", N | G, SUBDOMAIN),
    KIND(FLOWCONTROL, "v1", "FlowSchema", "flowschemas", S | G, SUBDOMAIN),
    KIND(FLOWCONTROL, "v1", "PriorityLevelConfiguration", "prioritylevelconfigurations", S | G,
         SUBDOMAIN),
    KIND("networking.k8s.io", "v1", "Ingress", "ingresses", N | S | G, SUBDOMAIN),
    KIND("networking.k8s.io", "v1", "IngressClass", "ingressclasses", G, SUBDOMAIN),
    KIND("networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies", N | G, SUBDOMAIN),
    KIND("node.k8s.io", "v1", "RuntimeClass", "runtimeclasses", 0, SUBDOMAIN),
    KIND("policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets", N | S | G, SUBDOMAIN),
    KIND(RBAC, "v1", "ClusterRole", "clusterroles", 0, PATH),
    KIND(RBAC, "v1", "ClusterRoleBinding", "clusterrolebindings", 0, PATH),
    KIND(RBAC, "v1", "Role", "roles", N, PATH),
    KIND(RBAC, "v1", "RoleBinding", "rolebindings", N, PATH),
    KIND("scheduling.k8s.io", "v1", "PriorityClass", "priorityclasses", G, SUBDOMAIN),
    KIND("storage.k8s.io", "v1", "CSIDriver", "csidrivers", 0, SUBDOMAIN),
    KIND("storage.k8s.io", "v1", "CSINode", "csinodes", 0, SUBDOMAIN),
    KIND("storage.k8s.io", "v1", "CSIStorageCapacity", "csistoragecapacities", N, SUBDOMAIN),
    KIND("storage.k8s.io", "v1", "StorageClass", "storageclasses", 0, SUBDOMAIN),
    KIND("storage.k8s.io", "v1", "VolumeAttachment", "volumeattachments", S, SUBDOMAIN),
    KIND("storage.k8s.io", "v1", "VolumeAttributesClass", "volumeattributesclasses", 0, SUBDOMAIN),
};

typedef struct Custom {
    const Kind *kind; /* NULL: no more */
    Shape *shape;     /* NULL: not asked for yet */
} Custom;

struct Kinds {
    Arena *arena;
    Schema *schema;
    VEC(Custom) customs;
};

Kinds *kinds_new(Arena *a)
{
    Kinds *kinds = arena_new(a, Kinds);

    kinds->arena = a;
    kinds->schema = schema_new(a);
    return kinds;
}

Str api_group(Str api_version)
{
    size_t slash = str_find_char(api_version, '/');

    return slash == STR_NONE ? STR("") : str_slice(api_version, 0, slash);
}

Str api_version_only(Str api_version)
{
    size_t slash = str_find_char(api_version, '/');

    return slash == STR_NONE ? api_version : str_skip(api_version, slash + 1);
}

Str kind_api_version(Arena *a, const Kind *kind)
{
    return kind->group[0] ? str_format(a, "%s/%s", kind->group, kind->version)
                          : str_from(kind->version);
}

Str kind_resource(Arena *a, const Kind *kind)
{
    return str_format(a, "%s%s%s", kind->plural, kind->group[0] ? "." : "", kind->group);
}

Str kind_qualified(Arena *a, const Kind *kind)
{
    return str_format(a, "%s%s%s", kind->kind, kind->group[0] ? "." : "", kind->group);
}

bool kind_is(const Kind *kind, const char *group, const char *name)
{
    return strcmp(kind->kind, name) == 0 && strcmp(kind->group, group) == 0;
}

const Kind *kinds_of_group(const Kinds *kinds, Str group, Str kind)
{
    for (size_t i = 0; i < COUNT(built_in); i++)
        if (str_is(kind, built_in[i].kind) && str_is(group, built_in[i].group))
            return &built_in[i];
    for (size_t i = 0; i < kinds->customs.len; i++) {
        const Kind *custom = kinds->customs.items[i].kind;

        if (custom && str_is(kind, custom->kind) && str_is(group, custom->group))
            return custom;
    }
    return NULL;
}

const Kind *kinds_of_folder(const Kinds *kinds, Str folder)
{
    size_t dot = str_find_char(folder, '.');
    Str group = dot == STR_NONE ? STR("") : str_skip(folder, dot + 1);

    return kinds_of_group(kinds, group, str_slice(folder, 0, dot == STR_NONE ? folder.len : dot));
}

const Kind *kinds_built_in(const char *group, const char *kind)
{
    for (size_t i = 0; i < COUNT(built_in); i++)
        if (kind_is(&built_in[i], group, kind))
            return &built_in[i];
    BUG("no kind %s.%s", kind, group);
}

static bool has_version(const Kind *kind, Str version)
{
    if (str_is(version, kind->version) && kind->type)
        return true;
    for (size_t i = 0; i < kind->version_count; i++)
        if (str_is(version, kind->versions[i]))
            return true;
    return false;
}

/* The kinds' names, or where one of that name is, its API version. */
static const char *nearest_kind(const Kinds *kinds, Arena *a, Str kind)
{
    const char *names[COUNT(built_in)];

    for (size_t i = 0; i < COUNT(built_in); i++) {
        names[i] = built_in[i].kind;
        if (str_is(kind, names[i]))
            return str_format(a, "%s of %.*s", names[i], STR_ARG(kind_api_version(a, &built_in[i])))
                .ptr;
    }
    for (size_t i = 0; i < kinds->customs.len; i++) {
        const Kind *custom = kinds->customs.items[i].kind;

        if (custom && str_is(kind, custom->kind))
            return str_format(a, "%s of %.*s", custom->kind, STR_ARG(kind_api_version(a, custom)))
                .ptr;
    }
    return nearest_word(kind, names, COUNT(names));
}

Error *kinds_find(const Kinds *kinds, Str api_version, Str kind, const Kind **out)
{
    DEFER(arena_free) Arena scratch = {0};
    const Kind *found = kinds_of_group(kinds, api_group(api_version), kind);
    const char *near;
    Error *err;

    if (found && has_version(found, api_version_only(api_version))) {
        *out = found;
        return NULL;
    }
    err = error_new(ERROR_NOT_FOUND, "no matches for kind \"%.*s\" in version \"%.*s\"",
                    STR_ARG(kind), STR_ARG(api_version));
    near = nearest_kind(kinds, &scratch, kind);
    return near ? error_hint(err, "did you mean %s?", near) : err;
}

bool definition_is_established(const Value *definition)
{
    return condition_is(definition, "Established", "True");
}

/* The versions in DEFINITION that are served; *STORED is the one that objects are kept in. */
static void read_versions(Kinds *kinds, const Value *definition, Kind *kind, const Value **stored)
{
    ValueList versions = field_list(definition, "spec.versions");
    VEC(const char *) served = {0};

    *stored = NULL;
    for (size_t i = 0; i < versions.len; i++) {
        const Value *version = &versions.items[i];
        const char *name = str_c(kinds->arena, field_string(version, "name"));

        if (field_bool(version, "served", false))
            *vec_add(kinds->arena, &served) = name;
        if (field_bool(version, "storage", false)) {
            kind->version = name;
            *stored = version;
        }
    }
    kind->versions = served.items;
    kind->version_count = served.len;
}

void kinds_add_custom(Kinds *kinds, const Value *definition)
{
    Kind *kind = arena_new(kinds->arena, Kind);
    const Value *stored, *schema;

    kind->group = str_c(kinds->arena, field_string(definition, "spec.group"));
    kind->kind = str_c(kinds->arena, field_string(definition, "spec.names.kind"));
    kind->plural = str_c(kinds->arena, field_string(definition, "spec.names.plural"));
    kind->version = "";
    kind->flags = KIND_GENERATION;
    if (str_is(field_string(definition, "spec.scope"), "Namespaced"))
        kind->flags |= KIND_NAMESPACED;
    read_versions(kinds, definition, kind, &stored);
    if (field_at(stored, "subresources.status"))
        kind->flags |= KIND_STATUS;
    schema = field_at(stored, "schema.openAPIV3Schema");
    if (schema) {
        Value *copy = arena_new(kinds->arena, Value);

        *copy = value_copy(kinds->arena, *schema);
        kind->definition = copy;
    }
    kinds_remove_custom(kinds, str_from(kind->group), str_from(kind->kind));
    *vec_add(kinds->arena, &kinds->customs) = (Custom){.kind = kind};
}

void kinds_remove_custom(Kinds *kinds, Str group, Str kind)
{
    for (size_t i = 0; i < kinds->customs.len; i++) {
        Custom *custom = &kinds->customs.items[i];

        if (custom->kind && str_is(kind, custom->kind->kind) && str_is(group, custom->kind->group))
            custom->kind = NULL;
    }
}

Shape *kinds_shape(Kinds *kinds, const Kind *kind)
{
    if (kind->type)
        return schema_struct(kinds->schema, kind->type);
    for (size_t i = 0; i < kinds->customs.len; i++) {
        Custom *custom = &kinds->customs.items[i];

        if (custom->kind != kind)
            continue;
        if (!custom->shape)
            custom->shape = schema_custom(kinds->schema, kind->definition);
        return custom->shape;
    }
    return schema_custom(kinds->schema, NULL);
}

static void add_version(Arena *a, const Kind *kind, const char *version, StrList *out)
{
    Str name = kind->group[0] ? str_format(a, "%s/%s", kind->group, version) : str_from(version);
    bool known = false;

    for (size_t i = 0; i < out->len; i++)
        known |= str_equal(out->items[i], name);
    if (!known)
        *vec_add(a, out) = name;
    *vec_add(a, out) = str_format(a, "%.*s/%s", STR_ARG(name), kind->kind);
}

void kinds_api_versions(const Kinds *kinds, Arena *a, StrList *out)
{
    for (size_t i = 0; i < COUNT(built_in); i++)
        add_version(a, &built_in[i], built_in[i].version, out);
    for (size_t i = 0; i < kinds->customs.len; i++) {
        const Kind *kind = kinds->customs.items[i].kind;

        for (size_t j = 0; kind && j < kind->version_count; j++)
            add_version(a, kind, kind->versions[j], out);
    }
}
