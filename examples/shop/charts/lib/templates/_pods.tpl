{{/*
The full name of an image: registry/repository:tag, or registry/repository@digest.
Takes a dict: image, and root.
*/}}
{{- define "lib.image" -}}
{{- $image := .image }}
{{- $registry := ((.root.Values.global).imageRegistry) | default $image.registry }}
{{- with $registry }}{{ . }}/{{ end }}{{ required "image.repository is needed" $image.repository }}
{{- if $image.digest }}@{{ $image.digest }}{{ else }}:{{ $image.tag | default .root.Chart.AppVersion }}{{ end }}
{{- end }}

{{/*
Where pods may run; nothing at all when nothing is set.
*/}}
{{- define "lib.scheduling" -}}
{{- $scheduling := pick .Values "nodeSelector" "tolerations" "affinity" "topologySpreadConstraints" "priorityClassName" }}
{{- range $key := keys $scheduling | sortAlpha }}
{{- with get $scheduling $key }}
{{- dict $key . | toYaml | nindent 0 }}
{{- end }}
{{- end }}
{{- end }}

{{/*
A map as a list of env entries. Values: text, or a map that becomes valueFrom.
Takes a dict: env, and root.
*/}}
{{- define "lib.env" -}}
{{- range $name, $value := .env }}
- name: {{ $name }}
{{- if kindIs "map" $value }}
  valueFrom:
    {{- tpl (toYaml $value) $.root | nindent 4 }}
{{- else }}
  value: {{ tpl (toString $value) $.root | quote }}
{{- end }}
{{- end }}
{{- end }}
