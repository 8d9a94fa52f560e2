{{/* vim: set filetype=mustache: */}}
{{- define "prometheus.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "prometheus.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if contains $name .Release.Name -}}
{{- .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "prometheus.server.fullname" -}}
{{- printf "%s-server" (include "prometheus.fullname" . | trunc 56) -}}
{{- end -}}

{{- define "prometheus.selectorLabels" -}}
app.kubernetes.io/name: {{ include "prometheus.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "prometheus.server.selectorLabels" -}}
app.kubernetes.io/component: server
{{ include "prometheus.selectorLabels" . }}
{{- end -}}

{{/*
Labels of objects. Takes a list: the root, and the component.
*/}}
{{- define "prometheus.labels" -}}
{{- $root := index . 0 -}}
{{- $component := index . 1 -}}
app.kubernetes.io/component: {{ $component }}
{{ include "prometheus.selectorLabels" $root }}
app.kubernetes.io/version: {{ $root.Chart.AppVersion }}
helm.sh/chart: {{ $root.Chart.Name }}-{{ $root.Chart.Version }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
app.kubernetes.io/part-of: {{ include "prometheus.name" $root }}
{{- with $root.Values.global.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "prometheus.serviceAccountName" -}}
{{- ternary (default (include "prometheus.server.fullname" .) .Values.serviceAccount.name) (default "default" .Values.serviceAccount.name) .Values.serviceAccount.create -}}
{{- end -}}

{{/*
An image with the registry of all images, if there is one. Takes a dict: image, global, tag.
*/}}
{{- define "prometheus.image" -}}
{{- $tag := .image.tag | default .tag -}}
{{- with .global.imageRegistry }}{{ trimSuffix "/" . }}/{{ end -}}
{{ .image.repository }}:{{ $tag }}
{{- end -}}

{{/*
The jobs that the chart knows, by name.
*/}}
{{- define "prometheus.kubernetesJobs" -}}
{{- $tls := dict "ca_file" "/var/run/secrets/kubernetes.io/serviceaccount/ca.crt" -}}
{{- $token := "/var/run/secrets/kubernetes.io/serviceaccount/token" -}}
{{- with .Values.kubernetesJobs }}
{{- if .apiservers }}
- job_name: kubernetes-apiservers
  kubernetes_sd_configs:
    - role: endpoints
  scheme: https
  tls_config: {{ toJson $tls }}
  bearer_token_file: {{ $token }}
  relabel_configs:
    - source_labels: [__meta_kubernetes_namespace, __meta_kubernetes_service_name, __meta_kubernetes_endpoint_port_name]
      action: keep
      regex: default;kubernetes;https
{{- end }}
{{- if .nodes }}
- job_name: kubernetes-nodes
  scheme: https
  tls_config: {{ merge (dict "insecure_skip_verify" true) $tls | toJson }}
  bearer_token_file: {{ $token }}
  kubernetes_sd_configs:
    - role: node
  relabel_configs:
    - action: labelmap
      regex: __meta_kubernetes_node_label_(.+)
{{- end }}
{{- range $role, $prefix := dict "endpoints" "service" "pods" "pod" }}
{{- if get $.Values.kubernetesJobs $role }}
- job_name: kubernetes-{{ $role }}
  kubernetes_sd_configs:
    - role: {{ trimSuffix "pods" $role | default "pod" }}
  relabel_configs:
    - source_labels: [__meta_kubernetes_{{ $prefix }}_annotation_prometheus_io_scrape]
      action: keep
      regex: true
    - source_labels: [__meta_kubernetes_{{ $prefix }}_annotation_prometheus_io_path]
      action: replace
      target_label: __metrics_path__
      regex: (.+)
    - source_labels: [__address__, __meta_kubernetes_{{ $prefix }}_annotation_prometheus_io_port]
      action: replace
      target_label: __address__
      regex: (.+?)(?::\d+)?;(\d+)
      replacement: $1:$2
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{/* Where alerts go. */}}
{{- define "prometheus.alertmanagers" -}}
{{- if .Values.alertmanager.enabled }}
- static_configs:
    - targets:
        - {{ include "alertmanager.fullname" .Subcharts.alertmanager }}.{{ .Release.Namespace }}.svc:{{ .Values.alertmanager.service.port }}
{{- end }}
{{- with .Values.extraAlertmanagers }}
{{ toYaml . }}
{{- end }}
{{- end -}}
