{{/* What a schema cannot see: values that contradict each other. */}}
{{- define "abo.validate" -}}
{{- if and (gt (int .Values.replicas) 1) (not .Values.leaderElection.enabled) }}
{{- fail "replicas is more than 1 and leaderElection.enabled is false: two operators would act at once. Set replicas to 1, or leaderElection.enabled to true" }}
{{- end }}
{{- if and .Values.metrics.serviceMonitor.enabled (not .Values.metrics.service.enabled) }}
{{- fail "metrics.serviceMonitor.enabled needs metrics.service.enabled: a ServiceMonitor reads a Service. Or use metrics.podMonitor" }}
{{- end }}
{{- if and .Values.metrics.serviceMonitor.enabled .Values.metrics.podMonitor.enabled }}
{{- fail "metrics.serviceMonitor.enabled and metrics.podMonitor.enabled are both true: every metric would be read twice. Choose one" }}
{{- end }}
{{- with .Values.podDisruptionBudget }}
{{- if and (not (kindIs "invalid" .minAvailable)) (not (kindIs "invalid" .maxUnavailable)) }}
{{- fail "podDisruptionBudget.minAvailable and .maxUnavailable are both set: Kubernetes takes one of them" }}
{{- end }}
{{- end }}
{{- if and (not .Values.serviceAccount.create) (not .Values.serviceAccount.name) }}
{{- fail "serviceAccount.create is false and serviceAccount.name is empty: name the ServiceAccount that exists" }}
{{- end }}
{{- if and .Values.networkPolicy.enabled .Values.aws.endpointUrl (not .Values.networkPolicy.extraEgress) }}
{{- $port := regexFind ":[0-9]+" (trimPrefix "http://" (trimPrefix "https://" .Values.aws.endpointUrl)) | trimPrefix ":" }}
{{- if and $port (not (has $port (toStrings .Values.networkPolicy.tlsPorts))) }}
{{- fail (printf "aws.endpointUrl is on port %s, which the NetworkPolicy does not let out: add the port to networkPolicy.tlsPorts, or a rule to networkPolicy.extraEgress" $port) }}
{{- end }}
{{- end }}
{{- with .Values.admissionPolicy.validationActions }}
{{- if and (has "Deny" .) (has "Warn" .) }}
{{- fail "admissionPolicy.validationActions holds Deny and Warn: Kubernetes takes one of them. A refusal is shown anyway" }}
{{- end }}
{{- end }}
{{- if and (hasPrefix "http://" .Values.aws.endpointUrl) (not .Values.aws.allowInsecureEndpoint) (not (regexMatch "^http://(127[.][0-9.]+|localhost|\\[::1\\])(:|/|$)" .Values.aws.endpointUrl)) }}
{{- fail "aws.endpointUrl is http: commands, environments and session tokens would go in clear. Use https, or set aws.allowInsecureEndpoint to true" }}
{{- end }}
{{- if and .Values.networkPolicy.enabled .Values.networkPolicy.allowInstanceMetadata (not .Values.aws.allowInstanceMetadata) }}
{{- fail "networkPolicy.allowInstanceMetadata is true and aws.allowInstanceMetadata is false: the way is open and nobody goes it. Set both, or neither" }}
{{- end }}
{{- end }}
