{{- define "zoonavigator.name" -}}
{{- .Chart.Name | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "zoonavigator.fullname" -}}
{{- if contains .Chart.Name .Release.Name }}
{{- .Release.Name | trunc 63 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 63 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "zoonavigator.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{ include "zoonavigator.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- define "zoonavigator.selectorLabels" -}}
app.kubernetes.io/name: {{ include "zoonavigator.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{/*
An environment variable for each setting of each connection:
CONNECTION_ORDERS_HOSTS, CONNECTION_ORDERS_AUTH_0_SCHEME ...
*/}}
{{- define "zoonavigator.connections" -}}
{{- range $key, $connection := .Values.connections }}
{{- $prefix := printf "CONNECTION_%s" ($key | upper | replace "-" "_") }}
- name: {{ $prefix }}_NAME
  value: {{ $connection.title | default (title $key) | quote }}
- name: {{ $prefix }}_CONN
  value: {{ $connection.hosts | quote }}
{{- range $i, $auth := $connection.auth }}
- name: {{ printf "%s_AUTH_%d_SCHEME" $prefix $i }}
  value: {{ $auth.scheme }}
- name: {{ printf "%s_AUTH_%d_ID" $prefix $i }}
  valueFrom:
    secretKeyRef:
      name: {{ include "zoonavigator.fullname" $ }}-auth
      key: {{ printf "%s-%d" $key $i }}
{{- end }}
{{- end }}
{{- end }}
