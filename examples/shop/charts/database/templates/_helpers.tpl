{{- define "database.secretName" -}}
{{- .Values.auth.existingSecret | default (include "lib.fullname" .) }}
{{- end }}

{{- define "database.isReplica" -}}
{{- if .Values.replicaOf }}true{{ end }}
{{- end }}

{{/* postgresql.conf: strings are quoted, numbers and booleans are not. */}}
{{- define "database.configuration" -}}
{{- range $key, $value := .Values.configuration }}
{{- if kindIs "string" $value }}
{{ $key }} = {{ $value | replace "'" "''" | squote }}
{{- else if kindIs "bool" $value }}
{{ $key }} = {{ ternary "on" "off" $value }}
{{- else }}
{{ $key }} = {{ $value }}
{{- end }}
{{- end }}
{{- end }}
