/*
 * merge_keys.c - the lists in Kubernetes' objects that a patch is merged into item by item, and the
 * field that items are known by. Of all types only those that have such lists are here.
 * Source: the patchMergeKey and listMapKey tags of Kubernetes' types, as kustomize has them.
 */
#include "patch/objects.h"

static const MergeField object_meta_fields[] = {
    {"finalizers", NULL, {NULL}, true},
    {"ownerReferences", NULL, {"uid"}, true},
    {NULL, NULL, {NULL}, false},
};
static const MergeType type_object_meta = {object_meta_fields};

static const MergeField webhook_configuration_fields[] = {
    {"metadata", &type_object_meta, {NULL}, false},
    {"webhooks", NULL, {"name"}, true},
    {NULL, NULL, {NULL}, false},
};
static const MergeType type_webhook_configuration = {webhook_configuration_fields};

static const MergeField plain_fields[] = {
    {"metadata", &type_object_meta, {NULL}, false},
    {NULL, NULL, {NULL}, false},
};
static const MergeType type_plain = {plain_fields};

static const MergeField container_fields[] = {
    {"env", NULL, {"name"}, true},
    {"ports", NULL, {"containerPort", "protocol"}, true},
    {"volumeDevices", NULL, {"devicePath"}, true},
    {"volumeMounts", NULL, {"mountPath"}, true},
    {NULL, NULL, {NULL}, false},
};
static const MergeType type_container = {container_fields};

static const MergeField ephemeral_container_fields[] = {
    {"env", NULL, {"name"}, true},
    {"volumeDevices", NULL, {"devicePath"}, true},
    {"volumeMounts", NULL, {"mountPath"}, true},
    {NULL, NULL, {NULL}, false},
};
static const MergeType type_ephemeral_container = {ephemeral_container_fields};

static const MergeField ephemeral_volume_source_fields[] = {
    {"volumeClaimTemplate", &type_plain, {NULL}, false},
    {NULL, NULL, {NULL}, false},
};
static const MergeType type_ephemeral_volume_source = {ephemeral_volume_source_fields};

static const MergeField volume_fields[] = {
    {"ephemeral", &type_ephemeral_volume_source, {NULL}, false},
    {NULL, NULL, {NULL}, false},
};
static const MergeType type_volume = {volume_fields};

static const MergeField pod_spec_fields[] = {
    {"containers", &type_container, {"name"}, true},
    {"ephemeralContainers", &type_ephemeral_container, {"name"}, true},
    {"hostAliases", NULL, {"ip"}, true},
    {"imagePullSecrets", NULL, {"name"}, true},
    {"initContainers", &type_container, {"name"}, true},
    {"topologySpreadConstraints", NULL, {"topologyKey", "whenUnsatisfiable"}, true},
    {"volumes", &type_volume, {"name"}, true},
    {NULL, NULL, {NULL}, false},
};
static const MergeType type_pod_spec = {pod_spec_fields};

static const MergeField pod_template_spec_fields[] = {
    {"metadata", &type_object_meta, {NULL}, false},
    {"spec", &type_pod_spec, {NULL}, false},
    {NULL, NULL, {NULL}, false},
};
static const MergeType type_pod_template_spec = {pod_template_spec_fields};

static const MergeField workload_spec_fields[] = {
    {"template", &type_pod_template_spec, {NULL}, false},
    {NULL, NULL, {NULL}, false},
};
static const MergeType type_workload_spec = {workload_spec_fields};

static const MergeField status_fields[] = {
    {"conditions", NULL, {"type"}, true},
    {NULL, NULL, {NULL}, false},
};
static const MergeType type_status = {status_fields};

static const MergeField workload_fields[] = {
    {"metadata", &type_object_meta, {NULL}, false},
    {"spec", &type_workload_spec, {NULL}, false},
    {"status", &type_status, {NULL}, false},
    {NULL, NULL, {NULL}, false},
};
static const MergeType type_workload = {workload_fields};

static const MergeField with_status_fields[] = {
    {"metadata", &type_object_meta, {NULL}, false},
    {"status", &type_status, {NULL}, false},
    {NULL, NULL, {NULL}, false},
};
static const MergeType type_with_status = {with_status_fields};

static const MergeField stateful_set_spec_fields[] = {
    {"template", &type_pod_template_spec, {NULL}, false},
    {"volumeClaimTemplates", &type_with_status, {NULL}, false},
    {NULL, NULL, {NULL}, false},
};
static const MergeType type_stateful_set_spec = {stateful_set_spec_fields};

static const MergeField stateful_set_fields[] = {
    {"metadata", &type_object_meta, {NULL}, false},
    {"spec", &type_stateful_set_spec, {NULL}, false},
    {"status", &type_status, {NULL}, false},
    {NULL, NULL, {NULL}, false},
};
static const MergeType type_stateful_set = {stateful_set_fields};

static const MergeField job_template_spec_fields[] = {
    {"metadata", &type_object_meta, {NULL}, false},
    {"spec", &type_workload_spec, {NULL}, false},
    {NULL, NULL, {NULL}, false},
};
static const MergeType type_job_template_spec = {job_template_spec_fields};

static const MergeField cron_job_spec_fields[] = {
    {"jobTemplate", &type_job_template_spec, {NULL}, false},
    {NULL, NULL, {NULL}, false},
};
static const MergeType type_cron_job_spec = {cron_job_spec_fields};

static const MergeField cron_job_fields[] = {
    {"metadata", &type_object_meta, {NULL}, false},
    {"spec", &type_cron_job_spec, {NULL}, false},
    {NULL, NULL, {NULL}, false},
};
static const MergeType type_cron_job = {cron_job_fields};

static const MergeField component_status_fields[] = {
    {"conditions", NULL, {"type"}, true},
    {"metadata", &type_object_meta, {NULL}, false},
    {NULL, NULL, {NULL}, false},
};
static const MergeType type_component_status = {component_status_fields};

static const MergeField node_spec_fields[] = {
    {"podCIDRs", NULL, {NULL}, true},
    {NULL, NULL, {NULL}, false},
};
static const MergeType type_node_spec = {node_spec_fields};

static const MergeField node_status_fields[] = {
    {"addresses", NULL, {"type"}, true},
    {"conditions", NULL, {"type"}, true},
    {NULL, NULL, {NULL}, false},
};
static const MergeType type_node_status = {node_status_fields};

static const MergeField node_fields[] = {
    {"metadata", &type_object_meta, {NULL}, false},
    {"spec", &type_node_spec, {NULL}, false},
    {"status", &type_node_status, {NULL}, false},
    {NULL, NULL, {NULL}, false},
};
static const MergeType type_node = {node_fields};

static const MergeField pod_status_fields[] = {
    {"conditions", NULL, {"type"}, true},
    {"podIPs", NULL, {"ip"}, true},
    {NULL, NULL, {NULL}, false},
};
static const MergeType type_pod_status = {pod_status_fields};

static const MergeField pod_fields[] = {
    {"metadata", &type_object_meta, {NULL}, false},
    {"spec", &type_pod_spec, {NULL}, false},
    {"status", &type_pod_status, {NULL}, false},
    {NULL, NULL, {NULL}, false},
};
static const MergeType type_pod = {pod_fields};

static const MergeField pod_template_fields[] = {
    {"metadata", &type_object_meta, {NULL}, false},
    {"template", &type_pod_template_spec, {NULL}, false},
    {NULL, NULL, {NULL}, false},
};
static const MergeType type_pod_template = {pod_template_fields};

static const MergeField service_spec_fields[] = {
    {"ports", NULL, {"port", "protocol"}, true},
    {NULL, NULL, {NULL}, false},
};
static const MergeType type_service_spec = {service_spec_fields};

static const MergeField service_fields[] = {
    {"metadata", &type_object_meta, {NULL}, false},
    {"spec", &type_service_spec, {NULL}, false},
    {"status", &type_status, {NULL}, false},
    {NULL, NULL, {NULL}, false},
};
static const MergeType type_service = {service_fields};

static const MergeField service_account_fields[] = {
    {"metadata", &type_object_meta, {NULL}, false},
    {"secrets", NULL, {"name"}, true},
    {NULL, NULL, {NULL}, false},
};
static const MergeType type_service_account = {service_account_fields};

static const MergeField csinode_spec_fields[] = {
    {"drivers", NULL, {"name"}, true},
    {NULL, NULL, {NULL}, false},
};
static const MergeType type_csinode_spec = {csinode_spec_fields};

static const MergeField csinode_fields[] = {
    {"metadata", &type_object_meta, {NULL}, false},
    {"spec", &type_csinode_spec, {NULL}, false},
    {NULL, NULL, {NULL}, false},
};
static const MergeType type_csinode = {csinode_fields};

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
