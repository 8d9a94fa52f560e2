/*
 * schema_types.c - the fields of Kubernetes' own kinds: a table, made by a program.
 *
 * Longer than other files since it is data. It was made from Kubernetes 1.36's Go types (which
 * field there is, of which type, and when it is left out) and its OpenAPI description (how lists
 * are merged, which words an enumeration has) by tests/tools/schema_types.go; schema.h says how to
 * read a row.
 */
#include "target/demo/schema.h"

// clang-format off
const SchemaRow schema_rows[] = {
    {"APIService",
     "apiVersion?s kind?s metadata:ObjectMeta spec:APIServiceSpec status:APIServiceStatus"},
    {"APIServiceCondition",
     "lastTransitionTime:t message?s reason?s status:s type:s"},
    {"APIServiceSpec",
     "caBundle?y group?s groupPriorityMinimum:i insecureSkipTLSVerify?b "
     "service*ServiceReference version?s versionPriority:i"},
    {"APIServiceStatus",
     "conditions?[type>APIServiceCondition]"},
    {"AWSElasticBlockStoreVolumeSource",
     "fsType?s partition?i readOnly?b volumeID:s"},
    {"Admissionregistration.ServiceReference",
     "name:s namespace:s path*s port*i"},
    {"Affinity",
     "nodeAffinity*NodeAffinity podAffinity*PodAffinity podAntiAffinity*PodAntiAffinity"},
    {"AggregationRule",
     "clusterRoleSelectors?[LabelSelector]"},
    {"Apiextensions.ServiceReference",
     "name:s namespace:s path*s port*i"},
    {"Apiextensions.WebhookClientConfig",
     "caBundle?y service*Apiextensions.ServiceReference url*s"},
    {"AppArmorProfile",
     "localhostProfile*s type:s(Localhost|RuntimeDefault|Unconfined)"},
    {"AttachedVolume",
     "devicePath:s name:s"},
    {"AuditAnnotation",
     "key:s valueExpression:s"},
    {"AzureDiskVolumeSource",
     "cachingMode*s(None|ReadOnly|ReadWrite) diskName:s diskURI:s fsType*s "
     "kind*s(Dedicated|Managed|Shared) readOnly*b"},
    {"AzureFilePersistentVolumeSource",
     "readOnly?b secretName:s secretNamespace^s shareName:s"},
    {"AzureFileVolumeSource",
     "readOnly?b secretName:s shareName:s"},
    {"CSIDriver",
     "apiVersion?s kind?s metadata:ObjectMeta spec:CSIDriverSpec"},
    {"CSIDriverSpec",
     "attachRequired*b fsGroupPolicy*s nodeAllocatableUpdatePeriodSeconds*i "
     "podInfoOnMount*b preventPodSchedulingIfMissing*b requiresRepublish*b seLinuxMount*b "
     "serviceAccountTokenInSecrets*b storageCapacity*b tokenRequests?[TokenRequest] "
     "volumeLifecycleModes?[=s]"},
    {"CSINode",
     "apiVersion?s kind?s metadata:ObjectMeta spec:CSINodeSpec"},
    {"CSINodeDriver",
     "allocatable*VolumeNodeResources name:s nodeID:s topologyKeys:[s]"},
    {"CSINodeSpec",
     "drivers:[name>CSINodeDriver]"},
    {"CSIPersistentVolumeSource",
     "controllerExpandSecretRef*SecretReference controllerPublishSecretRef*SecretReference "
     "driver:s fsType?s nodeExpandSecretRef*SecretReference "
     "nodePublishSecretRef*SecretReference nodeStageSecretRef*SecretReference readOnly?b "
     "volumeAttributes?<s> volumeHandle:s"},
    {"CSIStorageCapacity",
     "apiVersion?s capacity*q kind?s maximumVolumeSize*q metadata:ObjectMeta "
     "nodeTopology*LabelSelector storageClassName:s"},
    {"CSIVolumeSource",
     "driver:s fsType*s nodePublishSecretRef*LocalObjectReference readOnly*b "
     "volumeAttributes?<s>"},
    {"Capabilities",
     "add?[s] drop?[s]"},
    {"CephFSPersistentVolumeSource",
     "monitors:[s] path?s readOnly?b secretFile?s secretRef*SecretReference user?s"},
    {"CephFSVolumeSource",
     "monitors:[s] path?s readOnly?b secretFile?s secretRef*LocalObjectReference user?s"},
    {"CertificateSigningRequest",
     "apiVersion?s kind?s metadata:ObjectMeta spec:CertificateSigningRequestSpec "
     "status:CertificateSigningRequestStatus"},
    {"CertificateSigningRequestCondition",
     "lastTransitionTime:t lastUpdateTime:t message?s reason?s status:s type:s"},
    {"CertificateSigningRequestSpec",
     "expirationSeconds*i extra?<[s]> groups?[s] request:y signerName:s uid?s usages?[s] "
     "username?s"},
    {"CertificateSigningRequestStatus",
     "certificate?y conditions?[type>CertificateSigningRequestCondition]"},
    {"CinderPersistentVolumeSource",
     "fsType?s readOnly?b secretRef*SecretReference volumeID:s"},
    {"CinderVolumeSource",
     "fsType?s readOnly?b secretRef*LocalObjectReference volumeID:s"},
    {"ClientIPConfig",
     "timeoutSeconds*i"},
    {"ClusterRole",
     "aggregationRule*AggregationRule apiVersion?s kind?s metadata:ObjectMeta "
     "rules:[PolicyRule]"},
    {"ClusterRoleBinding",
     "apiVersion?s kind?s metadata:ObjectMeta roleRef:RoleRef subjects?[Subject]"},
    {"ClusterTrustBundleProjection",
     "labelSelector*LabelSelector name*s optional*b path:s signerName*s"},
    {"Condition",
     "lastTransitionTime:t message:s observedGeneration?i reason:s status:s type:s"},
    {"ConfigMap",
     "apiVersion?s binaryData?<y> data?<s> immutable*b kind?s metadata:ObjectMeta"},
    {"ConfigMapEnvSource",
     "name?s optional*b"},
    {"ConfigMapKeySelector",
     "! key:s name?s optional*b"},
    {"ConfigMapNodeConfigSource",
     "kubeletConfigKey:s name:s namespace:s resourceVersion?s uid?s"},
    {"ConfigMapProjection",
     "items?[KeyToPath] name?s optional*b"},
    {"ConfigMapVolumeSource",
     "defaultMode*i items?[KeyToPath] name?s optional*b"},
    {"Container",
     "args?[s] command?[s] env?[name>EnvVar] envFrom?[EnvFromSource] image?s "
     "imagePullPolicy?s(Always|IfNotPresent|Never) lifecycle*Lifecycle livenessProbe*Probe "
     "name:s ports?[containerPort,protocol>ContainerPort] readinessProbe*Probe "
     "resizePolicy?[ContainerResizePolicy] resources:ResourceRequirements restartPolicy*s "
     "restartPolicyRules?[ContainerRestartRule] securityContext*SecurityContext "
     "startupProbe*Probe stdin?b stdinOnce?b terminationMessagePath?s "
     "terminationMessagePolicy?s(FallbackToLogsOnError|File) tty?b "
     "volumeDevices?[devicePath>VolumeDevice] volumeMounts?[mountPath>VolumeMount] "
     "workingDir?s"},
    {"ContainerExtendedResourceRequest",
     "containerName:s requestName:s resourceName:s"},
    {"ContainerImage",
     "names:[s] sizeBytes?i"},
    {"ContainerPort",
     "containerPort:i hostIP?s hostPort?i name?s protocol?s=TCP(SCTP|TCP|UDP)"},
    {"ContainerResizePolicy",
     "resourceName:s restartPolicy:s"},
    {"ContainerResourceMetricSource",
     "container:s name:s target:MetricTarget"},
    {"ContainerResourceMetricStatus",
     "container:s current:MetricValueStatus name:s"},
    {"ContainerRestartRule",
     "action?s exitCodes*ContainerRestartRuleOnExitCodes"},
    {"ContainerRestartRuleOnExitCodes",
     "operator?s values?[=i]"},
    {"ContainerState",
     "running*ContainerStateRunning terminated*ContainerStateTerminated "
     "waiting*ContainerStateWaiting"},
    {"ContainerStateRunning",
     "startedAt:t"},
    {"ContainerStateTerminated",
     "containerID?s exitCode:i finishedAt:t message?s reason?s signal?i startedAt:t"},
    {"ContainerStateWaiting",
     "message?s reason?s"},
    {"ContainerStatus",
     "allocatedResources?<q> allocatedResourcesStatus?[name>ResourceStatus] containerID?s "
     "image:s imageID:s lastState:ContainerState name:s ready:b "
     "resources*ResourceRequirements restartCount:i started*b state:ContainerState "
     "stopSignal*s user*ContainerUser volumeMounts?[mountPath>VolumeMountStatus]"},
    {"ContainerUser",
     "linux*LinuxContainerUser"},
    {"ControllerRevision",
     "apiVersion?s data:<!~> kind?s metadata:ObjectMeta revision:i"},
    {"Core.EndpointPort",
     "! appProtocol*s name?s port:i protocol?s(SCTP|TCP|UDP)"},
    {"CronJob",
     "apiVersion?s kind?s metadata:ObjectMeta spec:CronJobSpec status:CronJobStatus"},
    {"CronJobSpec",
     "concurrencyPolicy?s(Allow|Forbid|Replace) failedJobsHistoryLimit*i "
     "jobTemplate:JobTemplateSpec schedule:s startingDeadlineSeconds*i "
     "successfulJobsHistoryLimit*i suspend*b timeZone*s"},
    {"CronJobStatus",
     "active?[ObjectReference] lastScheduleTime*t lastSuccessfulTime*t"},
    {"CrossVersionObjectReference",
     "apiVersion?s kind:s name:s"},
    {"CustomResourceColumnDefinition",
     "description?s format?s jsonPath:s name:s priority?i type:s"},
    {"CustomResourceConversion",
     "strategy:s webhook*WebhookConversion"},
    {"CustomResourceDefinition",
     "apiVersion?s kind?s metadata:ObjectMeta spec:CustomResourceDefinitionSpec "
     "status:CustomResourceDefinitionStatus"},
    {"CustomResourceDefinitionCondition",
     "lastTransitionTime:t message?s observedGeneration?i reason?s status:s type:s"},
    {"CustomResourceDefinitionNames",
     "categories?[s] kind:s listKind?s plural:s shortNames?[s] singular?s"},
    {"CustomResourceDefinitionSpec",
     "conversion*CustomResourceConversion group:s names:CustomResourceDefinitionNames "
     "preserveUnknownFields?b scope:s versions:[CustomResourceDefinitionVersion]"},
    {"CustomResourceDefinitionStatus",
     "acceptedNames:CustomResourceDefinitionNames "
     "conditions:[type>CustomResourceDefinitionCondition] observedGeneration?i "
     "storedVersions:[s]"},
    {"CustomResourceDefinitionVersion",
     "additionalPrinterColumns?[CustomResourceColumnDefinition] deprecated?b "
     "deprecationWarning*s name:s schema*CustomResourceValidation "
     "selectableFields?[SelectableField] served:b storage:b "
     "subresources*CustomResourceSubresources"},
    {"CustomResourceSubresourceScale",
     "labelSelectorPath*s specReplicasPath:s statusReplicasPath:s"},
    {"CustomResourceSubresourceStatus",
     ""},
    {"CustomResourceSubresources",
     "scale*CustomResourceSubresourceScale status*CustomResourceSubresourceStatus"},
    {"CustomResourceValidation",
     "openAPIV3Schema*JSONSchemaProps"},
    {"DaemonEndpoint",
     "Port:i"},
    {"DaemonSet",
     "apiVersion?s kind?s metadata:ObjectMeta spec:DaemonSetSpec status:DaemonSetStatus"},
    {"DaemonSetCondition",
     "lastTransitionTime:t message?s reason?s status:s type:s"},
    {"DaemonSetSpec",
     "minReadySeconds?i revisionHistoryLimit*i selector^LabelSelector "
     "template:PodTemplateSpec updateStrategy:DaemonSetUpdateStrategy"},
    {"DaemonSetStatus",
     "collisionCount*i conditions?[type>DaemonSetCondition] currentNumberScheduled:i "
     "desiredNumberScheduled:i numberAvailable?i numberMisscheduled:i numberReady:i "
     "numberUnavailable?i observedGeneration?i updatedNumberScheduled?i"},
    {"DaemonSetUpdateStrategy",
     "rollingUpdate*RollingUpdateDaemonSet type?s(OnDelete|RollingUpdate)"},
    {"Deployment",
     "apiVersion?s kind?s metadata:ObjectMeta spec:DeploymentSpec status:DeploymentStatus"},
    {"DeploymentCondition",
     "lastTransitionTime:t lastUpdateTime:t message?s reason?s status:s type:s"},
    {"DeploymentSpec",
     "minReadySeconds?i paused?b progressDeadlineSeconds*i replicas*i "
     "revisionHistoryLimit*i selector^LabelSelector strategy:DeploymentStrategy "
     "template:PodTemplateSpec"},
    {"DeploymentStatus",
     "availableReplicas?i collisionCount*i conditions?[type>DeploymentCondition] "
     "observedGeneration?i readyReplicas?i replicas?i terminatingReplicas*i "
     "unavailableReplicas?i updatedReplicas?i"},
    {"DeploymentStrategy",
     "rollingUpdate*RollingUpdateDeployment type?s(Recreate|RollingUpdate)"},
    {"DownwardAPIProjection",
     "items?[DownwardAPIVolumeFile]"},
    {"DownwardAPIVolumeFile",
     "fieldRef*ObjectFieldSelector mode*i path:s resourceFieldRef*ResourceFieldSelector"},
    {"DownwardAPIVolumeSource",
     "defaultMode*i items?[DownwardAPIVolumeFile]"},
    {"EmptyDirVolumeSource",
     "medium?s sizeLimit*q"},
    {"Endpoint",
     "addresses:[=s] conditions:EndpointConditions deprecatedTopology?<s> "
     "hints*EndpointHints hostname*s nodeName*s targetRef*ObjectReference zone*s"},
    {"EndpointAddress",
     "! hostname?s ip:s nodeName*s targetRef*ObjectReference"},
    {"EndpointConditions",
     "ready*b serving*b terminating*b"},
    {"EndpointHints",
     "forNodes?[ForNode] forZones?[ForZone]"},
    {"EndpointPort",
     "! appProtocol*s name*s port*i protocol*s(SCTP|TCP|UDP)"},
    {"EndpointSlice",
     "addressType:s(FQDN|IPv4|IPv6) apiVersion?s endpoints:[Endpoint] kind?s "
     "metadata:ObjectMeta ports:[EndpointPort]"},
    {"EndpointSubset",
     "addresses?[EndpointAddress] notReadyAddresses?[EndpointAddress] "
     "ports?[Core.EndpointPort]"},
    {"Endpoints",
     "apiVersion?s kind?s metadata:ObjectMeta subsets?[EndpointSubset]"},
    {"EnvFromSource",
     "configMapRef*ConfigMapEnvSource prefix?s secretRef*SecretEnvSource"},
    {"EnvVar",
     "name:s value?s valueFrom*EnvVarSource"},
    {"EnvVarSource",
     "configMapKeyRef*ConfigMapKeySelector fieldRef*ObjectFieldSelector "
     "fileKeyRef*FileKeySelector resourceFieldRef*ResourceFieldSelector "
     "secretKeyRef*SecretKeySelector"},
    {"EphemeralContainer",
     "args?[s] command?[s] env?[name>EnvVar] envFrom?[EnvFromSource] image?s "
     "imagePullPolicy?s(Always|IfNotPresent|Never) lifecycle*Lifecycle livenessProbe*Probe "
     "name:s ports?[containerPort,protocol>ContainerPort] readinessProbe*Probe "
     "resizePolicy?[ContainerResizePolicy] resources:ResourceRequirements restartPolicy*s "
     "restartPolicyRules?[ContainerRestartRule] securityContext*SecurityContext "
     "startupProbe*Probe stdin?b stdinOnce?b targetContainerName?s terminationMessagePath?s "
     "terminationMessagePolicy?s(FallbackToLogsOnError|File) tty?b "
     "volumeDevices?[devicePath>VolumeDevice] volumeMounts?[mountPath>VolumeMount] "
     "workingDir?s"},
    {"EphemeralVolumeSource",
     "volumeClaimTemplate*PersistentVolumeClaimTemplate"},
    {"Event",
     "action?s apiVersion?s count?i eventTime:t firstTimestamp:t "
     "involvedObject:ObjectReference kind?s lastTimestamp:t message?s metadata:ObjectMeta "
     "reason?s related*ObjectReference reportingComponent:s reportingInstance:s "
     "series*EventSeries source:EventSource type?s"},
    {"EventSeries",
     "count?i lastObservedTime:t"},
    {"EventSource",
     "component?s host?s"},
    {"ExecAction",
     "command?[s]"},
    {"ExemptPriorityLevelConfiguration",
     "lendablePercent*i nominalConcurrencyShares*i"},
    {"ExpressionWarning",
     "fieldRef:s warning:s"},
    {"ExternalDocumentation",
     "description?s url?s"},
    {"ExternalMetricSource",
     "metric:MetricIdentifier target:MetricTarget"},
    {"ExternalMetricStatus",
     "current:MetricValueStatus metric:MetricIdentifier"},
    {"FCVolumeSource",
     "fsType?s lun*i readOnly?b targetWWNs?[s] wwids?[s]"},
    {"FileKeySelector",
     "! key:s optional*b path:s volumeName:s"},
    {"FlexPersistentVolumeSource",
     "driver:s fsType?s options?<s> readOnly?b secretRef*SecretReference"},
    {"FlexVolumeSource",
     "driver:s fsType?s options?<s> readOnly?b secretRef*LocalObjectReference"},
    {"FlockerVolumeSource",
     "datasetName?s datasetUUID?s"},
    {"FlowDistinguisherMethod",
     "type:s"},
    {"FlowSchema",
     "apiVersion?s kind?s metadata:ObjectMeta spec:FlowSchemaSpec status:FlowSchemaStatus"},
    {"FlowSchemaCondition",
     "lastTransitionTime:t message?s reason?s status?s type?s"},
    {"FlowSchemaSpec",
     "distinguisherMethod*FlowDistinguisherMethod matchingPrecedence:i "
     "priorityLevelConfiguration:PriorityLevelConfigurationReference "
     "rules?[PolicyRulesWithSubjects]"},
    {"FlowSchemaStatus",
     "conditions?[type>FlowSchemaCondition]"},
    {"Flowcontrol.Subject",
     "group*GroupSubject kind:s serviceAccount*ServiceAccountSubject user*UserSubject"},
    {"ForNode",
     "name:s"},
    {"ForZone",
     "name:s"},
    {"GCEPersistentDiskVolumeSource",
     "fsType?s partition?i pdName:s readOnly?b"},
    {"GRPCAction",
     "port:i service^s"},
    {"GitRepoVolumeSource",
     "directory?s repository:s revision?s"},
    {"GlusterfsPersistentVolumeSource",
     "endpoints:s endpointsNamespace*s path:s readOnly?b"},
    {"GlusterfsVolumeSource",
     "endpoints:s path:s readOnly?b"},
    {"GroupSubject",
     "name:s"},
    {"HPAScalingPolicy",
     "periodSeconds:i type:s value:i"},
    {"HPAScalingRules",
     "policies?[HPAScalingPolicy] selectPolicy*s stabilizationWindowSeconds*i tolerance*q"},
    {"HTTPGetAction",
     "host?s httpHeaders?[HTTPHeader] path?s port:x scheme?s(HTTP|HTTPS)"},
    {"HTTPHeader",
     "name:s value:s"},
    {"HTTPIngressPath",
     "backend:IngressBackend path?s pathType^s(Exact|ImplementationSpecific|Prefix)"},
    {"HTTPIngressRuleValue",
     "paths:[HTTPIngressPath]"},
    {"HorizontalPodAutoscaler",
     "apiVersion?s kind?s metadata:ObjectMeta spec:HorizontalPodAutoscalerSpec "
     "status:HorizontalPodAutoscalerStatus"},
    {"HorizontalPodAutoscalerBehavior",
     "scaleDown*HPAScalingRules scaleUp*HPAScalingRules"},
    {"HorizontalPodAutoscalerCondition",
     "lastTransitionTime:t message?s reason?s status:s type:s"},
    {"HorizontalPodAutoscalerSpec",
     "behavior*HorizontalPodAutoscalerBehavior maxReplicas:i metrics?[MetricSpec] "
     "minReplicas*i scaleTargetRef:CrossVersionObjectReference"},
    {"HorizontalPodAutoscalerStatus",
     "conditions?[type>HorizontalPodAutoscalerCondition] currentMetrics:[MetricStatus] "
     "currentReplicas?i desiredReplicas:i lastScaleTime*t observedGeneration*i"},
    {"HostAlias",
     "hostnames?[s] ip:s"},
    {"HostIP",
     "ip:s"},
    {"HostPathVolumeSource",
     "path:s type*s"},
    {"IPBlock",
     "cidr:s except?[s]"},
    {"ISCSIPersistentVolumeSource",
     "chapAuthDiscovery?b chapAuthSession?b fsType?s initiatorName*s iqn:s iscsiInterface?s "
     "lun:i portals?[s] readOnly?b secretRef*SecretReference targetPortal:s"},
    {"ISCSIVolumeSource",
     "chapAuthDiscovery?b chapAuthSession?b fsType?s initiatorName*s iqn:s iscsiInterface?s "
     "lun:i portals?[s] readOnly?b secretRef*LocalObjectReference targetPortal:s"},
    {"ImageVolumeSource",
     "pullPolicy?s(Always|IfNotPresent|Never) reference?s"},
    {"ImageVolumeStatus",
     "imageRef?s"},
    {"Ingress",
     "apiVersion?s kind?s metadata:ObjectMeta spec:IngressSpec status:IngressStatus"},
    {"IngressBackend",
     "resource*TypedLocalObjectReference service*IngressServiceBackend"},
    {"IngressClass",
     "apiVersion?s kind?s metadata:ObjectMeta spec:IngressClassSpec"},
    {"IngressClassParametersReference",
     "apiGroup*s kind:s name:s namespace*s scope^s"},
    {"IngressClassSpec",
     "controller?s parameters*IngressClassParametersReference"},
    {"IngressLoadBalancerIngress",
     "hostname?s ip?s ports?[IngressPortStatus]"},
    {"IngressLoadBalancerStatus",
     "ingress?[IngressLoadBalancerIngress]"},
    {"IngressPortStatus",
     "error*s port:i protocol:s(SCTP|TCP|UDP)"},
    {"IngressRule",
     "host?s http*HTTPIngressRuleValue"},
    {"IngressServiceBackend",
     "name:s port:ServiceBackendPort"},
    {"IngressSpec",
     "defaultBackend*IngressBackend ingressClassName*s rules?[IngressRule] tls?[IngressTLS]"},
    {"IngressStatus",
     "loadBalancer:IngressLoadBalancerStatus"},
    {"IngressTLS",
     "hosts?[s] secretName?s"},
    {"JSONSchemaProps",
     "$ref*s $schema?s additionalItems*~ additionalProperties*~ allOf?[JSONSchemaProps] "
     "anyOf?[JSONSchemaProps] default*~ definitions?<JSONSchemaProps> dependencies?<~> "
     "description?s enum?[~] example*~ exclusiveMaximum?b exclusiveMinimum?b "
     "externalDocs*ExternalDocumentation format?s id?s items*~ maxItems*i maxLength*i "
     "maxProperties*i maximum*n minItems*i minLength*i minProperties*i minimum*n "
     "multipleOf*n not*JSONSchemaProps nullable?b oneOf?[JSONSchemaProps] pattern?s "
     "patternProperties?<JSONSchemaProps> properties?<JSONSchemaProps> required?[s] title?s "
     "type?s uniqueItems?b x-kubernetes-embedded-resource?b x-kubernetes-int-or-string?b "
     "x-kubernetes-list-map-keys?[s] x-kubernetes-list-type*s x-kubernetes-map-type*s "
     "x-kubernetes-preserve-unknown-fields*b x-kubernetes-validations?[rule>ValidationRule]"},
    {"Job",
     "apiVersion?s kind?s metadata:ObjectMeta spec:JobSpec status:JobStatus"},
    {"JobCondition",
     "lastProbeTime:t lastTransitionTime:t message?s reason?s status:s type:s"},
    {"JobSpec",
     "activeDeadlineSeconds*i backoffLimit*i backoffLimitPerIndex*i "
     "completionMode*s(Indexed|NonIndexed) completions*i managedBy*s manualSelector*b "
     "maxFailedIndexes*i parallelism*i podFailurePolicy*PodFailurePolicy "
     "podReplacementPolicy*s(Failed|TerminatingOrFailed) selector*LabelSelector "
     "successPolicy*SuccessPolicy suspend*b template:PodTemplateSpec "
     "ttlSecondsAfterFinished*i"},
    {"JobStatus",
     "active?i completedIndexes?s completionTime*t conditions?[JobCondition] failed?i "
     "failedIndexes*s ready*i startTime*t succeeded?i terminating*i "
     "uncountedTerminatedPods*UncountedTerminatedPods"},
    {"JobTemplateSpec",
     "metadata:ObjectMeta spec:JobSpec"},
    {"KeyToPath",
     "key:s mode*i path:s"},
    {"LabelSelector",
     "! matchExpressions?[LabelSelectorRequirement] matchLabels?<s>"},
    {"LabelSelectorRequirement",
     "key:s operator:s values?[s]"},
    {"Lease",
     "apiVersion?s kind?s metadata:ObjectMeta spec:LeaseSpec"},
    {"LeaseSpec",
     "acquireTime*t holderIdentity*s leaseDurationSeconds*i leaseTransitions*i "
     "preferredHolder*s renewTime*t strategy*s"},
    {"Lifecycle",
     "postStart*LifecycleHandler preStop*LifecycleHandler stopSignal*s"},
    {"LifecycleHandler",
     "exec*ExecAction httpGet*HTTPGetAction sleep*SleepAction tcpSocket*TCPSocketAction"},
    {"LimitRange",
     "apiVersion?s kind?s metadata:ObjectMeta spec:LimitRangeSpec"},
    {"LimitRangeItem",
     "default?<q> defaultRequest?<q> max?<q> maxLimitRequestRatio?<q> min?<q> type:s"},
    {"LimitRangeSpec",
     "limits:[LimitRangeItem]"},
    {"LimitResponse",
     "queuing*QueuingConfiguration type:s"},
    {"LimitedPriorityLevelConfiguration",
     "borrowingLimitPercent*i lendablePercent*i limitResponse:LimitResponse "
     "nominalConcurrencyShares^i"},
    {"LinuxContainerUser",
     "gid:i supplementalGroups?[i] uid:i"},
    {"LoadBalancerIngress",
     "hostname?s ip?s ipMode*s ports?[PortStatus]"},
    {"LoadBalancerStatus",
     "ingress?[LoadBalancerIngress]"},
    {"LocalObjectReference",
     "! name?s"},
    {"LocalVolumeSource",
     "fsType*s path:s"},
    {"ManagedFieldsEntry",
     "apiVersion?s fieldsType?s fieldsV1*<~> manager?s operation?s subresource?s time*t"},
    {"MatchCondition",
     "expression:s name:s"},
    {"MatchResources",
     "! excludeResourceRules?[NamedRuleWithOperations] matchPolicy*s(Equivalent|Exact) "
     "namespaceSelector*LabelSelector objectSelector*LabelSelector "
     "resourceRules?[NamedRuleWithOperations]"},
    {"MetricIdentifier",
     "name:s selector*LabelSelector"},
    {"MetricSpec",
     "containerResource*ContainerResourceMetricSource external*ExternalMetricSource "
     "object*ObjectMetricSource pods*PodsMetricSource resource*ResourceMetricSource type:s"},
    {"MetricStatus",
     "containerResource*ContainerResourceMetricStatus external*ExternalMetricStatus "
     "object*ObjectMetricStatus pods*PodsMetricStatus resource*ResourceMetricStatus type:s"},
    {"MetricTarget",
     "averageUtilization*i averageValue*q type:s value*q"},
    {"MetricValueStatus",
     "averageUtilization*i averageValue*q value*q"},
    {"ModifyVolumeStatus",
     "status:s(InProgress|Infeasible|Pending) targetVolumeAttributesClassName?s"},
    {"MutatingWebhook",
     "admissionReviewVersions:[s] clientConfig:WebhookClientConfig "
     "failurePolicy*s(Fail|Ignore) matchConditions?[name>MatchCondition] "
     "matchPolicy*s(Equivalent|Exact) name:s namespaceSelector*LabelSelector "
     "objectSelector*LabelSelector reinvocationPolicy*s(IfNeeded|Never) "
     "rules?[RuleWithOperations] sideEffects^s(None|NoneOnDryRun|Some|Unknown) "
     "timeoutSeconds*i"},
    {"MutatingWebhookConfiguration",
     "apiVersion?s kind?s metadata:ObjectMeta webhooks?[name>MutatingWebhook]"},
    {"NFSVolumeSource",
     "path:s readOnly?b server:s"},
    {"NamedRuleWithOperations",
     "! apiGroups?[s] apiVersions?[s] operations?[s](*|CONNECT|CREATE|DELETE|UPDATE) "
     "resourceNames?[s] resources?[s] scope*s(*|Cluster|Namespaced)"},
    {"Namespace",
     "apiVersion?s kind?s metadata:ObjectMeta spec:NamespaceSpec status:NamespaceStatus"},
    {"NamespaceCondition",
     "lastTransitionTime:t message?s reason?s status:s type:s"},
    {"NamespaceSpec",
     "finalizers?[s]"},
    {"NamespaceStatus",
     "conditions?[type>NamespaceCondition] phase?s(Active|Terminating)"},
    {"NetworkPolicy",
     "apiVersion?s kind?s metadata:ObjectMeta spec:NetworkPolicySpec"},
    {"NetworkPolicyEgressRule",
     "ports?[NetworkPolicyPort] to?[NetworkPolicyPeer]"},
    {"NetworkPolicyIngressRule",
     "from?[NetworkPolicyPeer] ports?[NetworkPolicyPort]"},
    {"NetworkPolicyPeer",
     "ipBlock*IPBlock namespaceSelector*LabelSelector podSelector*LabelSelector"},
    {"NetworkPolicyPort",
     "endPort*i port*x protocol*s(SCTP|TCP|UDP)"},
    {"NetworkPolicySpec",
     "egress?[NetworkPolicyEgressRule] ingress?[NetworkPolicyIngressRule] "
     "podSelector:LabelSelector policyTypes?[s](Egress|Ingress)"},
    {"Node",
     "apiVersion?s kind?s metadata:ObjectMeta spec:NodeSpec status:NodeStatus"},
    {"NodeAddress",
     "address:s type:s"},
    {"NodeAffinity",
     "preferredDuringSchedulingIgnoredDuringExecution?[PreferredSchedulingTerm] "
     "requiredDuringSchedulingIgnoredDuringExecution*NodeSelector"},
    {"NodeAllocatableResourceClaimStatus",
     "containers?[=s] resourceClaimName:s resources:<q>"},
    {"NodeCondition",
     "lastHeartbeatTime:t lastTransitionTime:t message?s reason?s status:s type:s"},
    {"NodeConfigSource",
     "configMap*ConfigMapNodeConfigSource"},
    {"NodeConfigStatus",
     "active*NodeConfigSource assigned*NodeConfigSource error?s "
     "lastKnownGood*NodeConfigSource"},
    {"NodeDaemonEndpoints",
     "kubeletEndpoint:DaemonEndpoint"},
    {"NodeFeatures",
     "supplementalGroupsPolicy*b"},
    {"NodeRuntimeHandler",
     "features*NodeRuntimeHandlerFeatures name:s"},
    {"NodeRuntimeHandlerFeatures",
     "recursiveReadOnlyMounts*b userNamespaces*b"},
    {"NodeSelector",
     "! nodeSelectorTerms:[NodeSelectorTerm]"},
    {"NodeSelectorRequirement",
     "key:s operator:s(DoesNotExist|Exists|Gt|In|Lt|NotIn) values?[s]"},
    {"NodeSelectorTerm",
     "! matchExpressions?[NodeSelectorRequirement] matchFields?[NodeSelectorRequirement]"},
    {"NodeSpec",
     "configSource*NodeConfigSource externalID?s podCIDR?s podCIDRs?[=s] providerID?s "
     "taints?[Taint] unschedulable?b"},
    {"NodeStatus",
     "addresses?[type>NodeAddress] allocatable?<q> capacity?<q> "
     "conditions?[type>NodeCondition] config*NodeConfigStatus "
     "daemonEndpoints:NodeDaemonEndpoints declaredFeatures?[s] features*NodeFeatures "
     "images?[ContainerImage] nodeInfo:NodeSystemInfo phase?s(Pending|Running|Terminated) "
     "runtimeHandlers?[NodeRuntimeHandler] volumesAttached?[AttachedVolume] "
     "volumesInUse?[s]"},
    {"NodeSwapStatus",
     "capacity*i"},
    {"NodeSystemInfo",
     "architecture:s bootID:s containerRuntimeVersion:s kernelVersion:s kubeProxyVersion:s "
     "kubeletVersion:s machineID:s operatingSystem:s osImage:s swap*NodeSwapStatus "
     "systemUUID:s"},
    {"NonResourcePolicyRule",
     "nonResourceURLs:[=s] verbs:[=s]"},
    {"ObjectFieldSelector",
     "! apiVersion?s fieldPath:s"},
    {"ObjectMeta",
     "annotations?<s> creationTimestamp?t deletionGracePeriodSeconds*i deletionTimestamp*t "
     "finalizers?[=s] generateName?s generation?i labels?<s> "
     "managedFields?[ManagedFieldsEntry] name?s namespace?s "
     "ownerReferences?[uid>OwnerReference] resourceVersion?s selfLink?s uid?s"},
    {"ObjectMetricSource",
     "describedObject:CrossVersionObjectReference metric:MetricIdentifier "
     "target:MetricTarget"},
    {"ObjectMetricStatus",
     "current:MetricValueStatus describedObject:CrossVersionObjectReference "
     "metric:MetricIdentifier"},
    {"ObjectReference",
     "! apiVersion?s fieldPath?s kind?s name?s namespace?s resourceVersion?s uid?s"},
    {"Overhead",
     "podFixed?<q>"},
    {"OwnerReference",
     "! apiVersion:s blockOwnerDeletion*b controller*b kind:s name:s uid:s"},
    {"ParamKind",
     "! apiVersion?s kind?s"},
    {"ParamRef",
     "! name?s namespace?s parameterNotFoundAction*s selector*LabelSelector"},
    {"PersistentVolume",
     "apiVersion?s kind?s metadata:ObjectMeta spec:PersistentVolumeSpec "
     "status:PersistentVolumeStatus"},
    {"PersistentVolumeClaim",
     "apiVersion?s kind?s metadata:ObjectMeta spec:PersistentVolumeClaimSpec "
     "status:PersistentVolumeClaimStatus"},
    {"PersistentVolumeClaimCondition",
     "lastProbeTime:t lastTransitionTime:t message?s reason?s status:s type:s"},
    {"PersistentVolumeClaimSpec",
     "accessModes?[s](ReadOnlyMany|ReadWriteMany|ReadWriteOnce|ReadWriteOncePod) "
     "dataSource*TypedLocalObjectReference dataSourceRef*TypedObjectReference "
     "resources:VolumeResourceRequirements selector*LabelSelector storageClassName*s "
     "volumeAttributesClassName*s volumeMode*s(Block|Filesystem) volumeName?s"},
    {"PersistentVolumeClaimStatus",
     "accessModes?[s](ReadOnlyMany|ReadWriteMany|ReadWriteOnce|ReadWriteOncePod) "
     "allocatedResourceStatuses?<s> allocatedResources?<q> capacity?<q> "
     "conditions?[type>PersistentVolumeClaimCondition] currentVolumeAttributesClassName*s "
     "modifyVolumeStatus*ModifyVolumeStatus phase?s(Bound|Lost|Pending)"},
    {"PersistentVolumeClaimTemplate",
     "metadata:ObjectMeta spec:PersistentVolumeClaimSpec"},
    {"PersistentVolumeClaimVolumeSource",
     "claimName:s readOnly?b"},
    {"PersistentVolumeSpec",
     "accessModes?[s](ReadOnlyMany|ReadWriteMany|ReadWriteOnce|ReadWriteOncePod) "
     "awsElasticBlockStore*AWSElasticBlockStoreVolumeSource azureDisk*AzureDiskVolumeSource "
     "azureFile*AzureFilePersistentVolumeSource capacity?<q> "
     "cephfs*CephFSPersistentVolumeSource cinder*CinderPersistentVolumeSource "
     "claimRef*+ObjectReference csi*CSIPersistentVolumeSource fc*FCVolumeSource "
     "flexVolume*FlexPersistentVolumeSource flocker*FlockerVolumeSource "
     "gcePersistentDisk*GCEPersistentDiskVolumeSource "
     "glusterfs*GlusterfsPersistentVolumeSource hostPath*HostPathVolumeSource "
     "iscsi*ISCSIPersistentVolumeSource local*LocalVolumeSource mountOptions?[s] "
     "nfs*NFSVolumeSource nodeAffinity*VolumeNodeAffinity "
     "persistentVolumeReclaimPolicy?s(Delete|Recycle|Retain) "
     "photonPersistentDisk*PhotonPersistentDiskVolumeSource "
     "portworxVolume*PortworxVolumeSource quobyte*QuobyteVolumeSource "
     "rbd*RBDPersistentVolumeSource scaleIO*ScaleIOPersistentVolumeSource "
     "storageClassName?s storageos*StorageOSPersistentVolumeSource "
     "volumeAttributesClassName*s volumeMode*s(Block|Filesystem) "
     "vsphereVolume*VsphereVirtualDiskVolumeSource"},
    {"PersistentVolumeStatus",
     "lastPhaseTransitionTime*t message?s phase?s(Available|Bound|Failed|Pending|Released) "
     "reason?s"},
    {"PhotonPersistentDiskVolumeSource",
     "fsType?s pdID:s"},
    {"Pod",
     "apiVersion?s kind?s metadata:ObjectMeta spec:PodSpec status:PodStatus"},
    {"PodAffinity",
     "preferredDuringSchedulingIgnoredDuringExecution?[WeightedPodAffinityTerm] "
     "requiredDuringSchedulingIgnoredDuringExecution?[PodAffinityTerm]"},
    {"PodAffinityTerm",
     "labelSelector*LabelSelector matchLabelKeys?[s] mismatchLabelKeys?[s] "
     "namespaceSelector*LabelSelector namespaces?[s] topologyKey:s"},
    {"PodAntiAffinity",
     "preferredDuringSchedulingIgnoredDuringExecution?[WeightedPodAffinityTerm] "
     "requiredDuringSchedulingIgnoredDuringExecution?[PodAffinityTerm]"},
    {"PodCertificateProjection",
     "certificateChainPath?s credentialBundlePath?s keyPath?s keyType?s "
     "maxExpirationSeconds*i signerName?s userAnnotations?<s>"},
    {"PodCondition",
     "lastProbeTime:t lastTransitionTime:t message?s observedGeneration?i reason?s status:s "
     "type:s"},
    {"PodDNSConfig",
     "nameservers?[s] options?[PodDNSConfigOption] searches?[s]"},
    {"PodDNSConfigOption",
     "name?s value*s"},
    {"PodDisruptionBudget",
     "apiVersion?s kind?s metadata:ObjectMeta spec:PodDisruptionBudgetSpec "
     "status:PodDisruptionBudgetStatus"},
    {"PodDisruptionBudgetSpec",
     "maxUnavailable*x minAvailable*x selector*LabelSelector "
     "unhealthyPodEvictionPolicy*s(AlwaysAllow|IfHealthyBudget)"},
    {"PodDisruptionBudgetStatus",
     "conditions?[type>Condition] currentHealthy:i desiredHealthy:i disruptedPods?<t> "
     "disruptionsAllowed:i expectedPods:i observedGeneration?i"},
    {"PodExtendedResourceClaimStatus",
     "requestMappings:[ContainerExtendedResourceRequest] resourceClaimName:s"},
    {"PodFailurePolicy",
     "rules:[PodFailurePolicyRule]"},
    {"PodFailurePolicyOnExitCodesRequirement",
     "containerName*s operator:s(In|NotIn) values:[=i]"},
    {"PodFailurePolicyOnPodConditionsPattern",
     "status:s type:s"},
    {"PodFailurePolicyRule",
     "action:s(Count|FailIndex|FailJob|Ignore) "
     "onExitCodes*PodFailurePolicyOnExitCodesRequirement "
     "onPodConditions?[PodFailurePolicyOnPodConditionsPattern]"},
    {"PodIP",
     "ip:s"},
    {"PodOS",
     "name:s"},
    {"PodReadinessGate",
     "conditionType:s"},
    {"PodResourceClaim",
     "name:s resourceClaimName*s resourceClaimTemplateName*s"},
    {"PodResourceClaimStatus",
     "name:s resourceClaimName*s"},
    {"PodSchedulingGate",
     "name:s"},
    {"PodSchedulingGroup",
     "podGroupName*s"},
    {"PodSecurityContext",
     "appArmorProfile*AppArmorProfile fsGroup*i "
     "fsGroupChangePolicy*s(Always|OnRootMismatch) runAsGroup*i runAsNonRoot*b runAsUser*i "
     "seLinuxChangePolicy*s seLinuxOptions*SELinuxOptions seccompProfile*SeccompProfile "
     "supplementalGroups?[i] supplementalGroupsPolicy*s(Merge|Strict) sysctls?[Sysctl] "
     "windowsOptions*WindowsSecurityContextOptions"},
    {"PodSpec",
     "activeDeadlineSeconds*i affinity*Affinity automountServiceAccountToken*b "
     "containers:[name>Container] dnsConfig*PodDNSConfig "
     "dnsPolicy?s(ClusterFirst|ClusterFirstWithHostNet|Default|None) enableServiceLinks*b "
     "ephemeralContainers?[name>EphemeralContainer] hostAliases?[ip>HostAlias] hostIPC?b "
     "hostNetwork?b hostPID?b hostUsers*b hostname?s hostnameOverride*s "
     "imagePullSecrets?[name>LocalObjectReference] initContainers?[name>Container] "
     "nodeName?s nodeSelector?<!s> os*PodOS overhead?<q> "
     "preemptionPolicy*s(Never|PreemptLowerPriority) priority*i priorityClassName?s "
     "readinessGates?[PodReadinessGate] resourceClaims?[name>PodResourceClaim] "
     "resources*ResourceRequirements restartPolicy?s(Always|Never|OnFailure) "
     "runtimeClassName*s schedulerName?s schedulingGates?[name>PodSchedulingGate] "
     "schedulingGroup*PodSchedulingGroup securityContext*PodSecurityContext "
     "serviceAccount?s serviceAccountName?s setHostnameAsFQDN*b shareProcessNamespace*b "
     "subdomain?s terminationGracePeriodSeconds*i tolerations?[Toleration] "
     "topologySpreadConstraints?[topologyKey,whenUnsatisfiable>TopologySpreadConstraint] "
     "volumes?[name>Volume]"},
    {"PodStatus",
     "allocatedResources?<q> conditions?[type>PodCondition] "
     "containerStatuses?[ContainerStatus] ephemeralContainerStatuses?[ContainerStatus] "
     "extendedResourceClaimStatus*PodExtendedResourceClaimStatus hostIP?s hostIPs?[HostIP] "
     "initContainerStatuses?[ContainerStatus] message?s "
     "nodeAllocatableResourceClaimStatuses?[NodeAllocatableResourceClaimStatus] "
     "nominatedNodeName?s observedGeneration?i "
     "phase?s(Failed|Pending|Running|Succeeded|Unknown) podIP?s podIPs?[ip>PodIP] "
     "qosClass?s(BestEffort|Burstable|Guaranteed) reason?s resize?s "
     "resourceClaimStatuses?[name>PodResourceClaimStatus] resources*ResourceRequirements "
     "startTime*t"},
    {"PodTemplate",
     "apiVersion?s kind?s metadata:ObjectMeta template:PodTemplateSpec"},
    {"PodTemplateSpec",
     "metadata:ObjectMeta spec:PodSpec"},
    {"PodsMetricSource",
     "metric:MetricIdentifier target:MetricTarget"},
    {"PodsMetricStatus",
     "current:MetricValueStatus metric:MetricIdentifier"},
    {"PolicyRule",
     "apiGroups?[s] nonResourceURLs?[s] resourceNames?[s] resources?[s] verbs:[s]"},
    {"PolicyRulesWithSubjects",
     "nonResourceRules?[NonResourcePolicyRule] resourceRules?[ResourcePolicyRule] "
     "subjects:[Flowcontrol.Subject]"},
    {"PortStatus",
     "error*s port:i protocol:s(SCTP|TCP|UDP)"},
    {"PortworxVolumeSource",
     "fsType?s readOnly?b volumeID:s"},
    {"PreferredSchedulingTerm",
     "preference:NodeSelectorTerm weight:i"},
    {"PriorityClass",
     "apiVersion?s description?s globalDefault?b kind?s metadata:ObjectMeta "
     "preemptionPolicy*s(Never|PreemptLowerPriority) value:i"},
    {"PriorityLevelConfiguration",
     "apiVersion?s kind?s metadata:ObjectMeta spec:PriorityLevelConfigurationSpec "
     "status:PriorityLevelConfigurationStatus"},
    {"PriorityLevelConfigurationCondition",
     "lastTransitionTime:t message?s reason?s status?s type?s"},
    {"PriorityLevelConfigurationReference",
     "name:s"},
    {"PriorityLevelConfigurationSpec",
     "exempt*ExemptPriorityLevelConfiguration limited*LimitedPriorityLevelConfiguration "
     "type:s"},
    {"PriorityLevelConfigurationStatus",
     "conditions?[type>PriorityLevelConfigurationCondition]"},
    {"Probe",
     "exec*ExecAction failureThreshold?i grpc*GRPCAction httpGet*HTTPGetAction "
     "initialDelaySeconds?i periodSeconds?i successThreshold?i tcpSocket*TCPSocketAction "
     "terminationGracePeriodSeconds*i timeoutSeconds?i"},
    {"ProjectedVolumeSource",
     "defaultMode*i sources:[VolumeProjection]"},
    {"QueuingConfiguration",
     "handSize:i queueLengthLimit:i queues:i"},
    {"QuobyteVolumeSource",
     "group?s readOnly?b registry:s tenant?s user?s volume:s"},
    {"RBDPersistentVolumeSource",
     "fsType?s image:s keyring?s monitors:[s] pool?s readOnly?b secretRef*SecretReference "
     "user?s"},
    {"RBDVolumeSource",
     "fsType?s image:s keyring?s monitors:[s] pool?s readOnly?b "
     "secretRef*LocalObjectReference user?s"},
    {"ReplicaSet",
     "apiVersion?s kind?s metadata:ObjectMeta spec:ReplicaSetSpec status:ReplicaSetStatus"},
    {"ReplicaSetCondition",
     "lastTransitionTime:t message?s reason?s status:s type:s"},
    {"ReplicaSetSpec",
     "minReadySeconds?i replicas*i selector^LabelSelector template:PodTemplateSpec"},
    {"ReplicaSetStatus",
     "availableReplicas?i conditions?[type>ReplicaSetCondition] fullyLabeledReplicas?i "
     "observedGeneration?i readyReplicas?i replicas:i terminatingReplicas*i"},
    {"ReplicationController",
     "apiVersion?s kind?s metadata:ObjectMeta spec:ReplicationControllerSpec "
     "status:ReplicationControllerStatus"},
    {"ReplicationControllerCondition",
     "lastTransitionTime:t message?s reason?s status:s type:s"},
    {"ReplicationControllerSpec",
     "minReadySeconds?i replicas*i selector?<!s> template*PodTemplateSpec"},
    {"ReplicationControllerStatus",
     "availableReplicas?i conditions?[type>ReplicationControllerCondition] "
     "fullyLabeledReplicas?i observedGeneration?i readyReplicas?i replicas:i"},
    {"ResourceClaim",
     "name:s request?s"},
    {"ResourceFieldSelector",
     "! containerName?s divisor:q resource:s"},
    {"ResourceHealth",
     "health?s message*s resourceID:s"},
    {"ResourceMetricSource",
     "name:s target:MetricTarget"},
    {"ResourceMetricStatus",
     "current:MetricValueStatus name:s"},
    {"ResourcePolicyRule",
     "apiGroups:[=s] clusterScope?b namespaces:[=s] resources:[=s] verbs:[=s]"},
    {"ResourceQuota",
     "apiVersion?s kind?s metadata:ObjectMeta spec:ResourceQuotaSpec "
     "status:ResourceQuotaStatus"},
    {"ResourceQuotaSpec",
     "hard?<q> scopeSelector*ScopeSelector "
     "scopes?[s](BestEffort|CrossNamespacePodAffinity|NotBestEffort|NotTerminating|PriorityClass|Terminating|VolumeAttributesClass)"},
    {"ResourceQuotaStatus",
     "hard?<q> used?<q>"},
    {"ResourceRequirements",
     "claims?[name>ResourceClaim] limits?<q> requests?<q>"},
    {"ResourceStatus",
     "name:s resources?[resourceID>ResourceHealth]"},
    {"Role",
     "apiVersion?s kind?s metadata:ObjectMeta rules:[PolicyRule]"},
    {"RoleBinding",
     "apiVersion?s kind?s metadata:ObjectMeta roleRef:RoleRef subjects?[Subject]"},
    {"RoleRef",
     "! apiGroup:s kind:s name:s"},
    {"RollingUpdateDaemonSet",
     "maxSurge*x maxUnavailable*x"},
    {"RollingUpdateDeployment",
     "maxSurge*x maxUnavailable*x"},
    {"RollingUpdateStatefulSetStrategy",
     "maxUnavailable*x partition*i"},
    {"RuleWithOperations",
     "apiGroups?[s] apiVersions?[s] operations?[s](*|CONNECT|CREATE|DELETE|UPDATE) "
     "resources?[s] scope*s(*|Cluster|Namespaced)"},
    {"RuntimeClass",
     "apiVersion?s handler:s kind?s metadata:ObjectMeta overhead*Overhead "
     "scheduling*Scheduling"},
    {"SELinuxOptions",
     "level?s role?s type?s user?s"},
    {"ScaleIOPersistentVolumeSource",
     "fsType?s gateway:s protectionDomain?s readOnly?b secretRef^SecretReference "
     "sslEnabled?b storageMode?s storagePool?s system:s volumeName?s"},
    {"ScaleIOVolumeSource",
     "fsType?s gateway:s protectionDomain?s readOnly?b secretRef^LocalObjectReference "
     "sslEnabled?b storageMode?s storagePool?s system:s volumeName?s"},
    {"Scheduling",
     "nodeSelector?<!s> tolerations?[Toleration]"},
    {"ScopeSelector",
     "! matchExpressions?[ScopedResourceSelectorRequirement]"},
    {"ScopedResourceSelectorRequirement",
     "operator:s(DoesNotExist|Exists|In|NotIn) "
     "scopeName:s(BestEffort|CrossNamespacePodAffinity|NotBestEffort|NotTerminating|PriorityClass|Terminating|VolumeAttributesClass) "
     "values?[s]"},
    {"SeccompProfile",
     "localhostProfile*s type:s(Localhost|RuntimeDefault|Unconfined)"},
    {"Secret",
     "apiVersion?s data?<y> immutable*b kind?s metadata:ObjectMeta stringData?<s> type?s"},
    {"SecretEnvSource",
     "name?s optional*b"},
    {"SecretKeySelector",
     "! key:s name?s optional*b"},
    {"SecretProjection",
     "items?[KeyToPath] name?s optional*b"},
    {"SecretReference",
     "! name?s namespace?s"},
    {"SecretVolumeSource",
     "defaultMode*i items?[KeyToPath] optional*b secretName?s"},
    {"SecurityContext",
     "allowPrivilegeEscalation*b appArmorProfile*AppArmorProfile capabilities*Capabilities "
     "privileged*b procMount*s(Default|Unmasked) readOnlyRootFilesystem*b runAsGroup*i "
     "runAsNonRoot*b runAsUser*i seLinuxOptions*SELinuxOptions "
     "seccompProfile*SeccompProfile windowsOptions*WindowsSecurityContextOptions"},
    {"SelectableField",
     "jsonPath:s"},
    {"Service",
     "apiVersion?s kind?s metadata:ObjectMeta spec:ServiceSpec status:ServiceStatus"},
    {"ServiceAccount",
     "apiVersion?s automountServiceAccountToken*b imagePullSecrets?[LocalObjectReference] "
     "kind?s metadata:ObjectMeta secrets?[name>ObjectReference]"},
    {"ServiceAccountSubject",
     "name:s namespace:s"},
    {"ServiceAccountTokenProjection",
     "audience?s expirationSeconds*i path:s"},
    {"ServiceBackendPort",
     "! name?s number?i"},
    {"ServicePort",
     "appProtocol*s name?s nodePort?i port:i protocol?s=TCP(SCTP|TCP|UDP) targetPort:x"},
    {"ServiceReference",
     "name?s namespace?s port*i"},
    {"ServiceSpec",
     "allocateLoadBalancerNodePorts*b clusterIP?s clusterIPs?[s] externalIPs?[s] "
     "externalName?s externalTrafficPolicy?s(Cluster|Local) healthCheckNodePort?i "
     "internalTrafficPolicy*s(Cluster|Local) ipFamilies?[s] "
     "ipFamilyPolicy*s(PreferDualStack|RequireDualStack|SingleStack) loadBalancerClass*s "
     "loadBalancerIP?s loadBalancerSourceRanges?[s] ports?[port,protocol>ServicePort] "
     "publishNotReadyAddresses?b selector?<!s> sessionAffinity?s(ClientIP|None) "
     "sessionAffinityConfig*SessionAffinityConfig trafficDistribution*s "
     "type?s(ClusterIP|ExternalName|LoadBalancer|NodePort)"},
    {"ServiceStatus",
     "conditions?[type>Condition] loadBalancer:LoadBalancerStatus"},
    {"SessionAffinityConfig",
     "clientIP*ClientIPConfig"},
    {"SleepAction",
     "seconds:i"},
    {"StatefulSet",
     "apiVersion?s kind?s metadata:ObjectMeta spec:StatefulSetSpec status:StatefulSetStatus"},
    {"StatefulSetCondition",
     "lastTransitionTime:t message?s reason?s status:s type:s"},
    {"StatefulSetOrdinals",
     "start:i"},
    {"StatefulSetPersistentVolumeClaimRetentionPolicy",
     "whenDeleted?s whenScaled?s"},
    {"StatefulSetSpec",
     "minReadySeconds?i ordinals*StatefulSetOrdinals "
     "persistentVolumeClaimRetentionPolicy*StatefulSetPersistentVolumeClaimRetentionPolicy "
     "podManagementPolicy?s(OrderedReady|Parallel) replicas*i revisionHistoryLimit*i "
     "selector^LabelSelector serviceName:s template:PodTemplateSpec "
     "updateStrategy:StatefulSetUpdateStrategy volumeClaimTemplates?[PersistentVolumeClaim]"},
    {"StatefulSetStatus",
     "availableReplicas:i collisionCount*i conditions?[type>StatefulSetCondition] "
     "currentReplicas?i currentRevision?s observedGeneration?i readyReplicas?i replicas:i "
     "updateRevision?s updatedReplicas?i"},
    {"StatefulSetUpdateStrategy",
     "rollingUpdate*RollingUpdateStatefulSetStrategy type?s(OnDelete|RollingUpdate)"},
    {"StorageClass",
     "allowVolumeExpansion*b allowedTopologies?[TopologySelectorTerm] apiVersion?s kind?s "
     "metadata:ObjectMeta mountOptions?[s] parameters?<s> provisioner:s "
     "reclaimPolicy*s(Delete|Recycle|Retain) "
     "volumeBindingMode*s(Immediate|WaitForFirstConsumer)"},
    {"StorageOSPersistentVolumeSource",
     "fsType?s readOnly?b secretRef*ObjectReference volumeName?s volumeNamespace?s"},
    {"StorageOSVolumeSource",
     "fsType?s readOnly?b secretRef*LocalObjectReference volumeName?s volumeNamespace?s"},
    {"Subject",
     "! apiGroup?s kind:s name:s namespace?s"},
    {"SuccessPolicy",
     "rules:[SuccessPolicyRule]"},
    {"SuccessPolicyRule",
     "succeededCount*i succeededIndexes*s"},
    {"Sysctl",
     "name:s value:s"},
    {"TCPSocketAction",
     "host?s port:x"},
    {"Taint",
     "effect:s(NoExecute|NoSchedule|PreferNoSchedule) key:s timeAdded*t value?s"},
    {"TokenRequest",
     "audience:s expirationSeconds*i"},
    {"Toleration",
     "effect?s(NoExecute|NoSchedule|PreferNoSchedule) key?s operator?s(Equal|Exists|Gt|Lt) "
     "tolerationSeconds*i value?s"},
    {"TopologySelectorLabelRequirement",
     "key:s values:[s]"},
    {"TopologySelectorTerm",
     "! matchLabelExpressions?[TopologySelectorLabelRequirement]"},
    {"TopologySpreadConstraint",
     "labelSelector*LabelSelector matchLabelKeys?[s] maxSkew:i minDomains*i "
     "nodeAffinityPolicy*s(Honor|Ignore) nodeTaintsPolicy*s(Honor|Ignore) topologyKey:s "
     "whenUnsatisfiable:s(DoNotSchedule|ScheduleAnyway)"},
    {"TypeChecking",
     "expressionWarnings?[ExpressionWarning]"},
    {"TypedLocalObjectReference",
     "! apiGroup^s kind:s name:s"},
    {"TypedObjectReference",
     "apiGroup^s kind:s name:s namespace*s"},
    {"UncountedTerminatedPods",
     "failed?[=s] succeeded?[=s]"},
    {"UserSubject",
     "name:s"},
    {"ValidatingAdmissionPolicy",
     "apiVersion?s kind?s metadata:ObjectMeta spec:ValidatingAdmissionPolicySpec "
     "status:ValidatingAdmissionPolicyStatus"},
    {"ValidatingAdmissionPolicyBinding",
     "apiVersion?s kind?s metadata:ObjectMeta spec:ValidatingAdmissionPolicyBindingSpec"},
    {"ValidatingAdmissionPolicyBindingSpec",
     "matchResources*MatchResources paramRef*ParamRef policyName?s "
     "validationActions?[=s](Audit|Deny|Warn)"},
    {"ValidatingAdmissionPolicySpec",
     "auditAnnotations?[AuditAnnotation] failurePolicy*s(Fail|Ignore) "
     "matchConditions?[name>MatchCondition] matchConstraints*MatchResources "
     "paramKind*ParamKind validations?[Validation] variables?[name>Variable]"},
    {"ValidatingAdmissionPolicyStatus",
     "conditions?[type>Condition] observedGeneration?i typeChecking*TypeChecking"},
    {"ValidatingWebhook",
     "admissionReviewVersions:[s] clientConfig:WebhookClientConfig "
     "failurePolicy*s(Fail|Ignore) matchConditions?[name>MatchCondition] "
     "matchPolicy*s(Equivalent|Exact) name:s namespaceSelector*LabelSelector "
     "objectSelector*LabelSelector rules?[RuleWithOperations] "
     "sideEffects^s(None|NoneOnDryRun|Some|Unknown) timeoutSeconds*i"},
    {"ValidatingWebhookConfiguration",
     "apiVersion?s kind?s metadata:ObjectMeta webhooks?[name>ValidatingWebhook]"},
    {"Validation",
     "expression:s message?s messageExpression?s reason*s"},
    {"ValidationRule",
     "fieldPath?s message?s messageExpression?s optionalOldSelf*b "
     "reason*s(FieldValueDuplicate|FieldValueForbidden|FieldValueInvalid|FieldValueRequired) "
     "rule:s"},
    {"Variable",
     "! expression:s name:s"},
    {"Volume",
     "awsElasticBlockStore*AWSElasticBlockStoreVolumeSource azureDisk*AzureDiskVolumeSource "
     "azureFile*AzureFileVolumeSource cephfs*CephFSVolumeSource cinder*CinderVolumeSource "
     "configMap*ConfigMapVolumeSource csi*CSIVolumeSource "
     "downwardAPI*DownwardAPIVolumeSource emptyDir*EmptyDirVolumeSource "
     "ephemeral*EphemeralVolumeSource fc*FCVolumeSource flexVolume*FlexVolumeSource "
     "flocker*FlockerVolumeSource gcePersistentDisk*GCEPersistentDiskVolumeSource "
     "gitRepo*GitRepoVolumeSource glusterfs*GlusterfsVolumeSource "
     "hostPath*HostPathVolumeSource image*ImageVolumeSource iscsi*ISCSIVolumeSource name:s "
     "nfs*NFSVolumeSource persistentVolumeClaim*PersistentVolumeClaimVolumeSource "
     "photonPersistentDisk*PhotonPersistentDiskVolumeSource "
     "portworxVolume*PortworxVolumeSource projected*ProjectedVolumeSource "
     "quobyte*QuobyteVolumeSource rbd*RBDVolumeSource scaleIO*ScaleIOVolumeSource "
     "secret*SecretVolumeSource storageos*StorageOSVolumeSource "
     "vsphereVolume*VsphereVirtualDiskVolumeSource"},
    {"VolumeAttachment",
     "apiVersion?s kind?s metadata:ObjectMeta spec:VolumeAttachmentSpec "
     "status:VolumeAttachmentStatus"},
    {"VolumeAttachmentSource",
     "inlineVolumeSpec*PersistentVolumeSpec persistentVolumeName*s"},
    {"VolumeAttachmentSpec",
     "attacher:s nodeName:s source:VolumeAttachmentSource"},
    {"VolumeAttachmentStatus",
     "attachError*VolumeError attached:b attachmentMetadata?<s> detachError*VolumeError"},
    {"VolumeAttributesClass",
     "apiVersion?s driverName:s kind?s metadata:ObjectMeta parameters?<s>"},
    {"VolumeDevice",
     "devicePath:s name:s"},
    {"VolumeError",
     "errorCode*i message?s time:t"},
    {"VolumeMount",
     "mountPath:s mountPropagation*s(Bidirectional|HostToContainer|None) name:s readOnly?b "
     "recursiveReadOnly*s subPath?s subPathExpr?s"},
    {"VolumeMountStatus",
     "mountPath:s name:s readOnly?b recursiveReadOnly*s volumeStatus*VolumeStatus"},
    {"VolumeNodeAffinity",
     "required*NodeSelector"},
    {"VolumeNodeResources",
     "count*i"},
    {"VolumeProjection",
     "clusterTrustBundle*ClusterTrustBundleProjection configMap*ConfigMapProjection "
     "downwardAPI*DownwardAPIProjection podCertificate*PodCertificateProjection "
     "secret*SecretProjection serviceAccountToken*ServiceAccountTokenProjection"},
    {"VolumeResourceRequirements",
     "limits?<q> requests?<q>"},
    {"VolumeStatus",
     "image*ImageVolumeStatus"},
    {"VsphereVirtualDiskVolumeSource",
     "fsType?s storagePolicyID?s storagePolicyName?s volumePath:s"},
    {"WebhookClientConfig",
     "caBundle?y service*Admissionregistration.ServiceReference url*s"},
    {"WebhookConversion",
     "clientConfig*Apiextensions.WebhookClientConfig conversionReviewVersions:[s]"},
    {"WeightedPodAffinityTerm",
     "podAffinityTerm:PodAffinityTerm weight:i"},
    {"WindowsSecurityContextOptions",
     "gmsaCredentialSpec*s gmsaCredentialSpecName*s hostProcess*b runAsUserName*s"},
};
// clang-format on

const size_t schema_row_count = COUNT(schema_rows);
