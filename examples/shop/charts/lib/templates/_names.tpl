{{/*
The name of the chart, or what nameOverride says.
*/}}
{{- define "lib.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{/*
The name of objects: the release's, which is unique in its namespace.
*/}}
{{- define "lib.fullname" -}}
{{- default .Release.Name .Values.fullnameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "lib.serviceAccountName" -}}
{{- with .Values.serviceAccount }}
{{- if .create }}
{{- default (include "lib.fullname" $) .name }}
{{- else }}
{{- default "default" .name }}
{{- end }}
{{- end }}
{{- end }}
