{{/*
Labels of all objects.
*/}}
{{- define "lib.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{ include "lib.selectorLabels" . }}
{{- with .Chart.AppVersion }}
app.kubernetes.io/version: {{ . | quote }}
{{- end }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- with .Values.tier }}
shop.example.org/tier: {{ . }}
{{- end }}
{{- with .Values.extraLabels }}
{{ tpl (toYaml .) $ }}
{{- end }}
{{- end }}

{{/*
What a selector is made of: it cannot be changed later.
*/}}
{{- define "lib.selectorLabels" -}}
app.kubernetes.io/name: {{ include "lib.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{/*
metadata of an object. Takes a list: the root, the end of the name, and optionally annotations.
*/}}
{{- define "lib.metadata" -}}
{{- $root := index . 0 }}
{{- $suffix := index . 1 -}}
name: {{ include "lib.fullname" $root }}{{ with $suffix }}-{{ . }}{{ end }}
namespace: {{ $root.Release.Namespace }}
labels:
  {{- include "lib.labels" $root | nindent 2 }}
{{- if gt (len .) 2 }}
{{- with index . 2 }}
annotations:
  {{- range $key, $value := . }}
  {{ $key }}: {{ tpl (toString $value) $root | quote }}
  {{- end }}
{{- end }}
{{- end }}
{{- end }}
