{{- define "language.name" -}}{{ .Chart.Name | trunc 4 }}{{- end -}}
{{- define "language.recursive" -}}{{ if gt (int .) 0 }}{{ . }}{{ include "language.recursive" (sub . 1) }}{{ end }}{{- end -}}
{{ define "shadowed" }}parent{{ end }}
