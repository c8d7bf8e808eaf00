{{- define "abo.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 53 | trimSuffix "-" }}
{{- end }}

{{- define "abo.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 53 | trimSuffix "-" }}
{{- else if contains (include "abo.name" .) .Release.Name }}
{{- .Release.Name | trunc 53 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name (include "abo.name" .) | trunc 53 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{/* Of cluster-wide objects: two releases of one name in two namespaces do not share them. */}}
{{- define "abo.clusterName" -}}
{{- if eq (include "abo.fullname" .) .Release.Namespace }}
{{- include "abo.fullname" . }}
{{- else }}
{{- printf "%s-%s" (include "abo.fullname" .) .Release.Namespace }}
{{- end }}
{{- end }}

{{- define "abo.serviceAccountName" -}}
{{- .Values.serviceAccount.name | default (include "abo.fullname" .) }}
{{- end }}

{{- define "abo.selector" -}}
app.kubernetes.io/name: {{ include "abo.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "abo.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{ include "abo.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* A release writes the digest of its image into the chart. A tag that somebody chooses is of another image. */}}
{{- define "abo.image" -}}
{{- $released := index (.Chart.Annotations | default dict) "awsbatch.dev/image-digest" }}
{{- with .Values.image }}
{{- if .digest }}{{ .repository }}@{{ .digest }}
{{- else if and $released (not .tag) }}{{ .repository }}@{{ $released }}
{{- else }}{{ .repository }}:{{ .tag | default $.Chart.AppVersion }}
{{- end }}
{{- end }}
{{- end }}

{{/* The roles' subject. */}}
{{- define "abo.subjects" -}}
subjects:
  - kind: ServiceAccount
    name: {{ include "abo.serviceAccountName" . }}
    namespace: {{ .Release.Namespace }}
{{- end }}

{{/* Whether an object of a kind that not every cluster serves is made. Takes [context, values, api version, kind]. */}}
{{- define "abo.renders" -}}
{{- $root := index . 0 }}{{ $values := index . 1 }}{{ $api := index . 2 }}{{ $kind := index . 3 }}
{{- if $values.enabled }}
{{- if or (eq $values.renderMode "alwaysRender") ($root.Capabilities.APIVersions.Has (printf "%s/%s" $api $kind)) }}yes
{{- else if eq $values.renderMode "failIfMissing" }}
{{- fail (printf "the cluster does not serve %s (%s): install the Prometheus operator first, or set renderMode" $kind $api) }}
{{- end }}
{{- end }}
{{- end }}

{{/* The environment of run, and of check, which must see what run sees. */}}
{{- define "abo.env" -}}
- name: AWS_BATCH_OPERATOR_IDENTITY
  valueFrom: { fieldRef: { fieldPath: metadata.name } }
- name: AWS_BATCH_OPERATOR_LEASE_NAMESPACE
  valueFrom: { fieldRef: { fieldPath: metadata.namespace } }
- name: AWS_BATCH_OPERATOR_LEASE_NAME
  value: {{ include "abo.fullname" . | quote }}
- name: AWS_BATCH_OPERATOR_LEADER_ELECT
  value: {{ .Values.leaderElection.enabled | quote }}
- name: AWS_BATCH_OPERATOR_LEASE_DURATION
  value: {{ .Values.leaderElection.leaseDuration | quote }}
- name: AWS_BATCH_OPERATOR_RENEW_DEADLINE
  value: {{ .Values.leaderElection.renewDeadline | quote }}
- name: AWS_BATCH_OPERATOR_RETRY_PERIOD
  value: {{ .Values.leaderElection.retryPeriod | quote }}
- name: AWS_BATCH_OPERATOR_HTTP_ADDR
  value: "{{ .Values.metrics.address }}:{{ .Values.metrics.port }}"
- name: AWS_BATCH_OPERATOR_LOG_FILTER
  value: {{ .Values.log.filter | quote }}
- name: AWS_BATCH_OPERATOR_LOG_FORMAT
  value: {{ .Values.log.format | quote }}
{{- with .Values.watchNamespaces }}
- name: AWS_BATCH_OPERATOR_WATCH_NAMESPACE
  value: {{ join "," . | quote }}
{{- end }}
{{- with .Values.clusterId }}
- name: AWS_BATCH_OPERATOR_CLUSTER_ID
  value: {{ . | quote }}
{{- end }}
{{- range $flag, $value := .Values.operator }}
- name: AWS_BATCH_OPERATOR_{{ snakecase $flag | upper }}
  value: {{ $value | quote }}
{{- end }}
{{- with .Values.aws.region }}
- name: AWS_REGION
  value: {{ . | quote }}
{{- end }}
{{- with .Values.aws.endpointUrl }}
- name: AWS_ENDPOINT_URL_BATCH
  value: {{ . | quote }}
{{- end }}
{{- with .Values.aws.accountId }}
- name: AWS_BATCH_OPERATOR_EXPECT_ACCOUNT
  value: {{ . | quote }}
{{- end }}
{{- if .Values.aws.allowInsecureEndpoint }}
- name: AWS_BATCH_OPERATOR_ALLOW_INSECURE_ENDPOINT
  value: "true"
{{- end }}
{{- if not .Values.aws.allowInstanceMetadata }}
- name: AWS_EC2_METADATA_DISABLED
  value: "true"
{{- end }}
{{- if .Values.aws.useFips }}
- name: AWS_USE_FIPS_ENDPOINT
  value: "true"
{{- end }}
{{- if .Values.aws.useDualstack }}
- name: AWS_USE_DUALSTACK_ENDPOINT
  value: "true"
{{- end }}
{{- with .Values.aws.credentialsSecret }}
{{- range $key := list "AWS_ACCESS_KEY_ID" "AWS_SECRET_ACCESS_KEY" }}
- name: {{ $key }}
  valueFrom: { secretKeyRef: { name: {{ $.Values.aws.credentialsSecret | quote }}, key: {{ $key }} } }
{{- end }}
{{- end }}
{{- with .Values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* Null in the values of a parent chart does not take a default away with every Helm; fixedIds does. */}}
{{- define "abo.podSecurityContext" -}}
{{- if .Values.fixedIds }}
{{- toYaml .Values.podSecurityContext }}
{{- else }}
{{- toYaml (omit .Values.podSecurityContext "runAsUser" "runAsGroup" "fsGroup") }}
{{- end }}
{{- end }}
