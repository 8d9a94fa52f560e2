{{/* How many replicas there are at least. */}}
{{- define "microservice.replicas" -}}
{{- if .Values.autoscaling.enabled }}
{{- .Values.autoscaling.minReplicas }}
{{- else }}
{{- .Values.replicas }}
{{- end }}
{{- end }}

{{/* envFrom of all containers. */}}
{{- define "microservice.envFrom" -}}
{{- $name := include "lib.fullname" . }}
{{- if .Values.config }}
- configMapRef:
    name: {{ $name }}
{{- end }}
{{- if .Values.secrets }}
- secretRef:
    name: {{ $name }}
{{- end }}
{{- if .Values.copySecret }}
- secretRef:
    name: {{ $name }}-copied
{{- end }}
{{- end }}

{{/*
data of the copied secret. Empty passwords where there is no cluster to look into, or not yet.
*/}}
{{- define "microservice.copied" -}}
{{- with .Values.copySecret }}
{{- $source := lookup "v1" "Secret" .namespace .name | default dict }}
{{- $data := $source.data | default dict }}
{{- range $from, $to := .keys }}
{{ $to }}: {{ get $data $from | quote }}
{{- end }}
{{- end }}
{{- end }}

{{/*
A container. Takes a dict: root, name, command, args, and main for the one that listens.
*/}}
{{- define "microservice.container" -}}
{{- $v := .root.Values }}
name: {{ .name }}
image: {{ include "lib.image" (dict "image" $v.image "root" .root) }}
imagePullPolicy: {{ $v.image.pullPolicy }}
{{- with .command }}
command: {{ toJson . }}
{{- end }}
{{- with .args }}
args:
  {{- tpl (toYaml .) $.root | nindent 2 }}
{{- end }}
{{- with include "lib.env" (dict "env" $v.env "root" .root) | trim }}
env:
  {{- . | nindent 2 }}
{{- end }}
{{- with include "microservice.envFrom" .root | trim }}
envFrom:
  {{- . | nindent 2 }}
{{- end }}
{{- if and .main $v.ports }}
ports:
  {{- range $name, $port := $v.ports }}
  - name: {{ $name }}
    containerPort: {{ $port }}
  {{- end }}
{{- if $v.probes.enabled }}
{{- range $probe := list "readiness" "liveness" }}
{{- with get $v.probes $probe }}
{{ $probe }}Probe:
  httpGet:
    path: {{ . }}
    port: {{ keys $v.ports | sortAlpha | first }}
  initialDelaySeconds: {{ mul $v.probes.initialDelaySeconds (ternary 1 3 (eq $probe "readiness")) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
resources:
  {{- toYaml $v.resources | nindent 2 }}
securityContext:
  {{- toYaml $v.securityContext | nindent 2 }}
{{- if $v.files }}
volumeMounts:
  {{- range $path, $text := $v.files }}
  - name: files
    mountPath: {{ $path }}
    subPath: {{ base $path }}
    readOnly: true
  {{- end }}
{{- end }}
{{- end }}
