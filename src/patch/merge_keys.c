/*
 * merge_keys.c - the lists in Kubernetes' objects that a patch is merged into item by item, and the
 * field that items are known by. Of all types only those that have such lists are here.
 * Source: the patchMergeKey and listMapKey tags of Kubernetes' types, as kustomize has them.
 */
#include "patch/objects.h"

#define MERGE_TYPE(symbol, ...)                                                                    \
    static const MergeType symbol = {                                                              \
        (const MergeField[]){__VA_ARGS__, {NULL, NULL, {NULL}, false}},                            \
    }

/* A field, or a list that is replaced, whose type has lists; a list that is merged by KEYS. */
#define TYPED(name, type)                                                                          \
    {                                                                                              \
        name, type, {NULL}, false                                                                  \
    }
#define MERGED(name, type, ...)                                                                    \
    {                                                                                              \
        name, type, {__VA_ARGS__}, true                                                            \
    }

MERGE_TYPE(type_object_meta, MERGED("finalizers", NULL, NULL),
           MERGED("ownerReferences", NULL, "uid"));

MERGE_TYPE(type_webhook_configuration, TYPED("metadata", &type_object_meta),
           MERGED("webhooks", NULL, "name"));

MERGE_TYPE(type_plain, TYPED("metadata", &type_object_meta));

MERGE_TYPE(type_container, MERGED("env", NULL, "name"),
           MERGED("ports", NULL, "containerPort", "protocol"),
           MERGED("volumeDevices", NULL, "devicePath"), MERGED("volumeMounts", NULL, "mountPath"));

MERGE_TYPE(type_ephemeral_container, MERGED("env", NULL, "name"),
           MERGED("volumeDevices", NULL, "devicePath"), MERGED("volumeMounts", NULL, "mountPath"));

MERGE_TYPE(type_ephemeral_volume_source, TYPED("volumeClaimTemplate", &type_plain));

MERGE_TYPE(type_volume, TYPED("ephemeral", &type_ephemeral_volume_source));

MERGE_TYPE(type_pod_spec, MERGED("containers", &type_container, "name"),
           MERGED("ephemeralContainers", &type_ephemeral_container, "name"),
           MERGED("hostAliases", NULL, "ip"), MERGED("imagePullSecrets", NULL, "name"),
           MERGED("initContainers", &type_container, "name"),
           MERGED("topologySpreadConstraints", NULL, "topologyKey", "whenUnsatisfiable"),
           MERGED("volumes", &type_volume, "name"));

MERGE_TYPE(type_pod_template_spec, TYPED("metadata", &type_object_meta),
           TYPED("spec", &type_pod_spec));

MERGE_TYPE(type_workload_spec, TYPED("template", &type_pod_template_spec));

MERGE_TYPE(type_status, MERGED("conditions", NULL, "type"));

MERGE_TYPE(type_workload, TYPED("metadata", &type_object_meta), TYPED("spec", &type_workload_spec),
           TYPED("status", &type_status));

MERGE_TYPE(type_with_status, TYPED("metadata", &type_object_meta), TYPED("status", &type_status));

MERGE_TYPE(type_stateful_set_spec, TYPED("template", &type_pod_template_spec),
           TYPED("volumeClaimTemplates", &type_with_status));

MERGE_TYPE(type_stateful_set, TYPED("metadata", &type_object_meta),
           TYPED("spec", &type_stateful_set_spec), TYPED("status", &type_status));

MERGE_TYPE(type_job_template_spec, TYPED("metadata", &type_object_meta),
           TYPED("spec", &type_workload_spec));

MERGE_TYPE(type_cron_job_spec, TYPED("jobTemplate", &type_job_template_spec));

MERGE_TYPE(type_cron_job, TYPED("metadata", &type_object_meta), TYPED("spec", &type_cron_job_spec));

MERGE_TYPE(type_component_status, MERGED("conditions", NULL, "type"),
           TYPED("metadata", &type_object_meta));

MERGE_TYPE(type_node_spec, MERGED("podCIDRs", NULL, NULL));

MERGE_TYPE(type_node_status, MERGED("addresses", NULL, "type"), MERGED("conditions", NULL, "type"));

MERGE_TYPE(type_node, TYPED("metadata", &type_object_meta), TYPED("spec", &type_node_spec),
           TYPED("status", &type_node_status));

MERGE_TYPE(type_pod_status, MERGED("conditions", NULL, "type"), MERGED("podIPs", NULL, "ip"));

MERGE_TYPE(type_pod, TYPED("metadata", &type_object_meta), TYPED("spec", &type_pod_spec),
           TYPED("status", &type_pod_status));

MERGE_TYPE(type_pod_template, TYPED("metadata", &type_object_meta),
           TYPED("template", &type_pod_template_spec));

MERGE_TYPE(type_service_spec, MERGED("ports", NULL, "port", "protocol"));

MERGE_TYPE(type_service, TYPED("metadata", &type_object_meta), TYPED("spec", &type_service_spec),
           TYPED("status", &type_status));

MERGE_TYPE(type_service_account, TYPED("metadata", &type_object_meta),
           MERGED("secrets", NULL, "name"));

MERGE_TYPE(type_csinode_spec, MERGED("drivers", NULL, "name"));

MERGE_TYPE(type_csinode, TYPED("metadata", &type_object_meta), TYPED("spec", &type_csinode_spec));

/* Objects by apiVersion and kind. */
static const struct {
    const char *api_version, *kind;
    const MergeType *type;
} objects[] = {
    {"admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration",
     &type_webhook_configuration},
    {"admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration",
     &type_webhook_configuration},
    {"admissionregistration.k8s.io/v1beta1", "MutatingWebhookConfiguration",
     &type_webhook_configuration},
    {"admissionregistration.k8s.io/v1beta1", "ValidatingWebhookConfiguration",
     &type_webhook_configuration},
    {"apiextensions.k8s.io/v1", "CustomResourceDefinition", &type_plain},
    {"apiextensions.k8s.io/v1beta1", "CustomResourceDefinition", &type_plain},
    {"apiregistration.k8s.io/v1", "APIService", &type_with_status},
    {"apiregistration.k8s.io/v1beta1", "APIService", &type_with_status},
    {"apps/v1", "ControllerRevision", &type_plain},
    {"apps/v1", "DaemonSet", &type_workload},
    {"apps/v1", "Deployment", &type_workload},
    {"apps/v1", "ReplicaSet", &type_workload},
    {"apps/v1", "StatefulSet", &type_stateful_set},
    {"authentication.k8s.io/v1", "TokenRequest", &type_plain},
    {"authentication.k8s.io/v1", "TokenReview", &type_plain},
    {"authentication.k8s.io/v1beta1", "TokenReview", &type_plain},
    {"authorization.k8s.io/v1", "LocalSubjectAccessReview", &type_plain},
    {"authorization.k8s.io/v1", "SelfSubjectAccessReview", &type_plain},
    {"authorization.k8s.io/v1", "SelfSubjectRulesReview", &type_plain},
    {"authorization.k8s.io/v1", "SubjectAccessReview", &type_plain},
    {"authorization.k8s.io/v1beta1", "LocalSubjectAccessReview", &type_plain},
    {"authorization.k8s.io/v1beta1", "SelfSubjectAccessReview", &type_plain},
    {"authorization.k8s.io/v1beta1", "SelfSubjectRulesReview", &type_plain},
    {"authorization.k8s.io/v1beta1", "SubjectAccessReview", &type_plain},
    {"autoscaling/v1", "HorizontalPodAutoscaler", &type_plain},
    {"autoscaling/v1", "Scale", &type_plain},
    {"autoscaling/v2beta1", "HorizontalPodAutoscaler", &type_plain},
    {"autoscaling/v2beta2", "HorizontalPodAutoscaler", &type_plain},
    {"batch/v1", "CronJob", &type_cron_job},
    {"batch/v1", "Job", &type_workload},
    {"batch/v1beta1", "CronJob", &type_cron_job},
    {"certificates.k8s.io/v1", "CertificateSigningRequest", &type_plain},
    {"certificates.k8s.io/v1beta1", "CertificateSigningRequest", &type_plain},
    {"coordination.k8s.io/v1", "Lease", &type_plain},
    {"coordination.k8s.io/v1beta1", "Lease", &type_plain},
    {"discovery.k8s.io/v1", "EndpointSlice", &type_plain},
    {"discovery.k8s.io/v1beta1", "EndpointSlice", &type_plain},
    {"events.k8s.io/v1", "Event", &type_plain},
    {"events.k8s.io/v1beta1", "Event", &type_plain},
    {"extensions/v1beta1", "Ingress", &type_plain},
    {"flowcontrol.apiserver.k8s.io/v1beta1", "FlowSchema", &type_plain},
    {"flowcontrol.apiserver.k8s.io/v1beta1", "PriorityLevelConfiguration", &type_plain},
    {"networking.k8s.io/v1", "Ingress", &type_plain},
    {"networking.k8s.io/v1", "IngressClass", &type_plain},
    {"networking.k8s.io/v1", "NetworkPolicy", &type_plain},
    {"networking.k8s.io/v1beta1", "Ingress", &type_plain},
    {"networking.k8s.io/v1beta1", "IngressClass", &type_plain},
    {"node.k8s.io/v1", "RuntimeClass", &type_plain},
    {"node.k8s.io/v1beta1", "RuntimeClass", &type_plain},
    {"policy/v1", "PodDisruptionBudget", &type_with_status},
    {"policy/v1beta1", "Eviction", &type_plain},
    {"policy/v1beta1", "PodDisruptionBudget", &type_with_status},
    {"policy/v1beta1", "PodSecurityPolicy", &type_plain},
    {"rbac.authorization.k8s.io/v1", "ClusterRole", &type_plain},
    {"rbac.authorization.k8s.io/v1", "ClusterRoleBinding", &type_plain},
    {"rbac.authorization.k8s.io/v1", "Role", &type_plain},
    {"rbac.authorization.k8s.io/v1", "RoleBinding", &type_plain},
    {"rbac.authorization.k8s.io/v1beta1", "ClusterRole", &type_plain},
    {"rbac.authorization.k8s.io/v1beta1", "ClusterRoleBinding", &type_plain},
    {"rbac.authorization.k8s.io/v1beta1", "Role", &type_plain},
    {"rbac.authorization.k8s.io/v1beta1", "RoleBinding", &type_plain},
    {"scheduling.k8s.io/v1", "PriorityClass", &type_plain},
    {"scheduling.k8s.io/v1beta1", "PriorityClass", &type_plain},
    {"storage.k8s.io/v1", "CSIDriver", &type_plain},
    {"storage.k8s.io/v1", "CSINode", &type_csinode},
    {"storage.k8s.io/v1", "StorageClass", &type_plain},
    {"storage.k8s.io/v1", "VolumeAttachment", &type_plain},
    {"storage.k8s.io/v1beta1", "CSIDriver", &type_plain},
    {"storage.k8s.io/v1beta1", "CSINode", &type_csinode},
    {"storage.k8s.io/v1beta1", "CSIStorageCapacity", &type_plain},
    {"storage.k8s.io/v1beta1", "StorageClass", &type_plain},
    {"storage.k8s.io/v1beta1", "VolumeAttachment", &type_plain},
    {"v1", "Binding", &type_plain},
    {"v1", "ComponentStatus", &type_component_status},
    {"v1", "ConfigMap", &type_plain},
    {"v1", "Endpoints", &type_plain},
    {"v1", "Event", &type_plain},
    {"v1", "LimitRange", &type_plain},
    {"v1", "Namespace", &type_with_status},
    {"v1", "Node", &type_node},
    {"v1", "PersistentVolume", &type_plain},
    {"v1", "PersistentVolumeClaim", &type_with_status},
    {"v1", "Pod", &type_pod},
    {"v1", "PodTemplate", &type_pod_template},
    {"v1", "ReplicationController", &type_workload},
    {"v1", "ResourceQuota", &type_plain},
    {"v1", "Secret", &type_plain},
    {"v1", "Service", &type_service},
    {"v1", "ServiceAccount", &type_service_account},
};

const MergeType *merge_type_of(Str api_version, Str kind)
{
    for (size_t i = 0; i < COUNT(objects); i++)
        if (str_is(kind, objects[i].kind) && str_is(api_version, objects[i].api_version))
            return objects[i].type;
    return NULL;
}

const MergeField *merge_field(const MergeType *type, Str name)
{
    for (const MergeField *f = type ? type->fields : NULL; f && f->name; f++)
        if (str_is(name, f->name))
            return f;
    return NULL;
}
