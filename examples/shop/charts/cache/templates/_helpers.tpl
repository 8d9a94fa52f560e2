{{- define "cache.config" -}}
{{- range $key, $value := .Values.config -}}
{{- range (kindIs "slice" $value | ternary $value (list $value)) }}
{{ $key }} {{ kindIs "string" . | ternary (. | toString | quote) (toString .) }}
{{- end }}
{{- end }}
{{- end }}

{{- define "cache.hasPassword" -}}
{{- or .Values.auth.password .Values.auth.existingSecret | empty | not | ternary "yes" "" }}
{{- end }}

{{- define "cache.secretName" -}}
{{- coalesce .Values.auth.existingSecret (include "lib.fullname" .) }}
{{- end }}
