/*
 * references.c - the names by which objects refer to others, when those have new names.
 * Source: kustomize, api/filters/nameref and its table builtinpluginconsts/namereference.go.
 */
#include "patch/objects.h"

/* What refers to what, where. */
typedef struct ReferenceRow {
    const char *target_group, *target_version, *target_kind;
    const char *group, *kind; /* of what refers */
    const char *path;
} ReferenceRow;

/* In a pod's spec; all kinds that make pods have it. */
static const struct {
    const char *version, *kind, *path;
    bool by_first; /* in those that holders[] has as first, or as second */
} pod_rows[] = {
    {"v1", "ConfigMap", "volumes/configMap/name", true},
    {"v1", "ConfigMap", "containers/env/valueFrom/configMapKeyRef/name", true},
    {"v1", "ConfigMap", "initContainers/env/valueFrom/configMapKeyRef/name", true},
    {"v1", "ConfigMap", "containers/envFrom/configMapRef/name", true},
    {"v1", "ConfigMap", "initContainers/envFrom/configMapRef/name", true},
    {"v1", "ConfigMap", "volumes/projected/sources/configMap/name", true},
    {"v1", "Secret", "volumes/secret/secretName", true},
    {"v1", "Secret", "containers/env/valueFrom/secretKeyRef/name", true},
    {"v1", "Secret", "initContainers/env/valueFrom/secretKeyRef/name", true},
    {"v1", "Secret", "containers/envFrom/secretRef/name", true},
    {"v1", "Secret", "initContainers/envFrom/secretRef/name", true},
    {"v1", "Secret", "imagePullSecrets/name", true},
    {"v1", "Secret", "volumes/projected/sources/secret/name", true},
    {"v1", "ServiceAccount", "serviceAccountName", false},
    {"v1", "PersistentVolumeClaim", "volumes/persistentVolumeClaim/claimName", false},
    {"v1", "PriorityClass", "priorityClassName", false},
};

static const struct {
    const char *kind, *prefix;
    bool first, second;
} holders[] = {
    {"Pod", "spec/", true, true},
    {"PodTemplate", "template/spec/", true, false},
    {"Deployment", "spec/template/spec/", true, true},
    {"ReplicaSet", "spec/template/spec/", true, false},
    {"ReplicationController", "spec/template/spec/", false, true},
    {"DaemonSet", "spec/template/spec/", true, true},
    {"StatefulSet", "spec/template/spec/", true, true},
    {"Job", "spec/template/spec/", true, true},
    {"CronJob", "spec/jobTemplate/spec/template/spec/", true, true},
};

#define RBAC "rbac.authorization.k8s.io"
#define ADMISSION "admissionregistration.k8s.io"

static const ReferenceRow rows[] = {
    {"", "", "Deployment", "", "HorizontalPodAutoscaler", "spec/scaleTargetRef/name"},
    {"", "", "ReplicationController", "", "HorizontalPodAutoscaler", "spec/scaleTargetRef/name"},
    {"", "", "ReplicaSet", "", "HorizontalPodAutoscaler", "spec/scaleTargetRef/name"},
    {"", "", "StatefulSet", "", "HorizontalPodAutoscaler", "spec/scaleTargetRef/name"},
    {"", "v1", "ConfigMap", "", "Node", "spec/configSource/configMap"},
    {"", "v1", "ConfigMap", "", "Role", "rules/resourceNames"},
    {"", "v1", "ConfigMap", "", "ClusterRole", "rules/resourceNames"},
    {"", "v1", "ConfigMap", "", "Ingress",
     "metadata/annotations/nginx.ingress.kubernetes.io\\/fastcgi-params-configmap"},
    {"", "v1", "Secret", "", "Ingress", "spec/tls/secretName"},
    {"", "v1", "Secret", "", "Ingress", "metadata/annotations/ingress.kubernetes.io\\/auth-secret"},
    {"", "v1", "Secret", "", "Ingress",
     "metadata/annotations/nginx.ingress.kubernetes.io\\/auth-secret"},
    {"", "v1", "Secret", "", "Ingress",
     "metadata/annotations/nginx.ingress.kubernetes.io\\/auth-tls-secret"},
    {"", "v1", "Secret", "", "ServiceAccount", "imagePullSecrets/name"},
    {"", "v1", "Secret", "", "StorageClass", "parameters/secretName"},
    {"", "v1", "Secret", "", "StorageClass", "parameters/adminSecretName"},
    {"", "v1", "Secret", "", "StorageClass", "parameters/userSecretName"},
    {"", "v1", "Secret", "", "StorageClass", "parameters/secretRef"},
    {"", "v1", "Secret", "", "Role", "rules/resourceNames"},
    {"", "v1", "Secret", "", "ClusterRole", "rules/resourceNames"},
    {"", "v1", "Secret", "serving.knative.dev", "Service",
     "spec/template/spec/containers/env/valueFrom/secretKeyRef/name"},
    {"", "v1", "Secret", "", "PersistentVolume", "spec/azureFile/secretName"},
    {"", "v1", "Service", "apps", "StatefulSet", "spec/serviceName"},
    {"", "v1", "Service", "", "Ingress", "spec/rules/http/paths/backend/serviceName"},
    {"", "v1", "Service", "", "Ingress", "spec/backend/serviceName"},
    {"", "v1", "Service", "", "Ingress", "spec/rules/http/paths/backend/service/name"},
    {"", "v1", "Service", "", "Ingress", "spec/defaultBackend/service/name"},
    {"", "v1", "Service", "apiregistration.k8s.io", "APIService", "spec/service/name"},
    {"", "v1", "Service", ADMISSION, "ValidatingWebhookConfiguration",
     "webhooks/clientConfig/service"},
    {"", "v1", "Service", ADMISSION, "MutatingWebhookConfiguration",
     "webhooks/clientConfig/service"},
    {RBAC, "", "Role", RBAC, "RoleBinding", "roleRef/name"},
    {RBAC, "", "ClusterRole", RBAC, "RoleBinding", "roleRef/name"},
    {RBAC, "", "ClusterRole", RBAC, "ClusterRoleBinding", "roleRef/name"},
    {"", "v1", "ServiceAccount", RBAC, "RoleBinding", "subjects"},
    {"", "v1", "ServiceAccount", RBAC, "ClusterRoleBinding", "subjects"},
    {"", "v1", "PersistentVolume", "", "PersistentVolumeClaim", "spec/volumeName"},
    {"", "v1", "PersistentVolume", "", "ClusterRole", "rules/resourceNames"},
    {"storage.k8s.io", "v1", "StorageClass", "", "PersistentVolume", "spec/storageClassName"},
    {"storage.k8s.io", "v1", "StorageClass", "", "PersistentVolumeClaim", "spec/storageClassName"},
    {"storage.k8s.io", "v1", "StorageClass", "", "StatefulSet",
     "spec/volumeClaimTemplates/spec/storageClassName"},
    {ADMISSION, "", "ValidatingAdmissionPolicy", ADMISSION, "ValidatingAdmissionPolicyBinding",
     "spec/policyName"},
};

/* One kind of reference of one object. */
typedef struct Referrer {
    const PatchObjects *objects;
    PatchObject *object;
    const ReferenceRow *row;
} Referrer;

static bool fits(const char *pattern, Str text)
{
    return !*pattern || str_is(text, pattern);
}

static bool is_target(const ReferenceRow *row, const PatchId *id)
{
    return str_is(id->kind, row->target_kind) && fits(row->target_group, id->group) &&
           fits(row->target_version, id->version);
}

/* Whether OBJECT was called NAME, and was what the row means. */
static bool was_called(const Referrer *r, const PatchObject *object, Str name)
{
    bool named = false, meant = false;

    for (size_t i = 0; i < object->earlier.len; i++) {
        named |= str_equal(object->earlier.items[i].name, name);
        meant |= is_target(r->row, &object->earlier.items[i]);
    }
    return named && meant && object->value.kind != VALUE_NULL;
}

/* The kind in roleRef counts, too. */
static bool fits_role(const Referrer *r, const PatchObject *object)
{
    const Value *kind = value_at(&r->object->value, STR("roleRef.kind"));
    const Value *group = value_at(&r->object->value, STR("roleRef.apiGroup"));

    if (!str_is(str_from(r->row->path), "roleRef/name") || !kind || !group)
        return true;
    for (size_t i = 0; i < object->earlier.len; i++)
        if (kind->kind == VALUE_STRING && str_equal(object->earlier.items[i].kind, kind->string) &&
            (group->kind != VALUE_STRING || !group->string.len ||
             str_equal(object->earlier.items[i].group, group->string)))
            return true;
    return false;
}

/* Whether a subject of BINDING is in NAMESPACE. */
static bool binds(Value binding, Str namespace)
{
    const Value *subjects = value_at(&binding, STR("subjects"));

    for (size_t i = 0; subjects && subjects->kind == VALUE_LIST && i < subjects->list.len; i++) {
        Value subject = subjects->list.items[i];

        if (subject.kind == VALUE_MAP &&
            str_equal(value_map_string(subject.map, "namespace"), namespace))
            return true;
    }
    return false;
}

static bool is_within_reach(const Referrer *r, const PatchObject *object)
{
    PatchId own = patch_id(r->object->value), id = patch_id(object->value);

    return patch_is_cluster_scoped(&own) || patch_is_cluster_scoped(&id) ||
           str_equal(patch_effective_namespace(&own), patch_effective_namespace(&id)) ||
           (str_is(id.kind, "ServiceAccount") && str_is(own.kind, "RoleBinding") &&
            binds(r->object->value, patch_effective_namespace(&id)));
}

/* What the name NAME refers to; of several, what was renamed as the referrer was. */
static const PatchObject *find(const Referrer *r, Str name, const Str *namespace)
{
    const PatchObject *found = NULL;
    size_t count = 0;

    for (int strict = 0; strict < 2; strict++) {
        count = 0;
        for (size_t i = 0; i < r->objects->list.len; i++) {
            const PatchObject *object = r->objects->list.items[i];
            PatchId first = patch_first_id(object);

            if (!was_called(r, object, name) || !fits_role(r, object) ||
                !is_within_reach(r, object) ||
                (namespace && !str_equal(patch_effective_namespace(&first), *namespace)) ||
                (strict && !(str_list_equal(&object->prefixes, &r->object->prefixes) &&
                             str_list_equal(&object->suffixes, &r->object->suffixes))))
                continue;
            found = object;
            count++;
        }
        if (count == 1)
            return found;
    }
    return NULL;
}

static Error *fix_text(const Referrer *r, Value *v)
{
    const PatchObject *object = find(r, v->string, NULL);

    if (object)
        *v = value_string(patch_id(object->value).name);
    return NULL;
}

/* A map with a name, and perhaps a namespace. */
static Error *fix_map(const Referrer *r, Arena *a, Value *v)
{
    const Value *name = value_map_get_c(v->map, "name");
    const Value *namespace = value_map_get_c(v->map, "namespace");
    bool has_namespace = namespace && namespace->kind == VALUE_STRING;

    if (!name || name->kind != VALUE_STRING)
        return NULL;
    const PatchObject *object = find(r, name->string, has_namespace ? &namespace->string : NULL);
    if (!object)
        return NULL;
    PatchId id = patch_id(object->value);
    if (str_equal(id.name, name->string) && !id.namespace.len)
        return NULL;
    value_map_set_c(a, v->map, "name", value_string(id.name));
    if (id.namespace.len)
        value_map_set_c(a, v->map, "namespace", value_string(id.namespace));
    return NULL;
}

static Error *fix(void *context, Arena *a, Value *v)
{
    const Referrer *r = context;

    if (v->kind == VALUE_STRING)
        return fix_text(r, v);
    if (v->kind == VALUE_MAP)
        return fix_map(r, a, v);
    for (size_t i = 0; v->kind == VALUE_LIST && i < v->list.len; i++)
        TRY(fix(context, a, &v->list.items[i]));
    return NULL;
}

static Error *fix_row(const PatchObjects *objects, PatchObject *object, const ReferenceRow *row)
{
    Referrer r = {objects, object, row};
    FieldPath path = {.path = str_from(row->path)};
    PatchId first = patch_first_id(object);

    if (!str_is(first.kind, row->kind) || !fits(row->group, first.group))
        return NULL;
    return field_path_change(objects->arena, &path, &object->value, value_null(), fix, &r);
}

/* References in the pods that OBJECT makes. */
static Error *fix_pods(const PatchObjects *objects, PatchObject *object)
{
    Str kind = patch_first_id(object).kind;

    for (size_t i = 0; i < COUNT(holders); i++)
        for (size_t j = 0; str_is(kind, holders[i].kind) && j < COUNT(pod_rows); j++) {
            bool is_class = str_is(STR("PriorityClass"), pod_rows[j].kind);
            ReferenceRow row = {
                .target_group = is_class ? "scheduling.k8s.io" : "",
                .target_version = pod_rows[j].version,
                .target_kind = pod_rows[j].kind,
                .group = "",
                .kind = holders[i].kind,
                .path = str_format(objects->arena, "%s%s", holders[i].prefix, pod_rows[j].path).ptr,
            };

            if (pod_rows[j].by_first ? holders[i].first : holders[i].second)
                TRY(fix_row(objects, object, &row));
        }
    return NULL;
}

static bool anything_renamed(const PatchObjects *objects)
{
    for (size_t i = 0; i < objects->list.len; i++) {
        const PatchObject *object = objects->list.items[i];

        if (object->earlier.len && object->value.kind != VALUE_NULL)
            return true;
    }
    return false;
}

Error *patch_fix_references(PatchObjects *objects)
{
    if (!anything_renamed(objects))
        return NULL;
    for (size_t i = 0; i < objects->list.len; i++) {
        PatchObject *object = objects->list.items[i];

        if (object->value.kind == VALUE_NULL)
            continue;
        TRY(fix_pods(objects, object));
        for (size_t j = 0; j < COUNT(rows); j++)
            TRY(fix_row(objects, object, &rows[j]));
    }
    return NULL;
}
