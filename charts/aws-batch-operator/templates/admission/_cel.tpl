{{/* The policy's name is its binding's too. Takes [context, what it guards]. */}}
{{- define "abo.policyName" -}}
{{ include "abo.clusterName" (index . 0) }}-{{ index . 1 }}
{{- end }}

{{/* Binds a policy to the namespaces whose BatchJobs are run. Takes [context, what it guards]. */}}
{{- define "abo.policyBinding" -}}
{{- $root := index . 0 }}
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata:
  name: {{ include "abo.policyName" . }}
  labels:
    {{- include "abo.labels" $root | nindent 4 }}
spec:
  policyName: {{ include "abo.policyName" . }}
  validationActions: {{ toJson $root.Values.admissionPolicy.validationActions }}
  {{- with $root.Values.watchNamespaces }}
  matchResources:
    namespaceSelector:
      matchExpressions:
        - { key: kubernetes.io/metadata.name, operator: In, values: {{ toJson . }} }
  {{- end }}
{{- end }}

{{/* The operator is never judged: what it writes follows from objects that were. */}}
{{- define "abo.notTheOperator" -}}
- name: not-the-operator
  expression: request.userInfo.username != 'system:serviceaccount:{{ .Release.Namespace }}:{{ include "abo.serviceAccountName" . }}'
{{- end }}

{{/* The entries of an annotation of the Namespace, separated by commas or line ends. Takes the annotation. */}}
{{- define "abo.entries" -}}
variables.annotations[?'{{ . }}'].orValue('').replace('\n', ',').split(',').map(e, e.trim()).filter(e, e != '')
{{- end }}

{{/* Whether a text is an entry, or begins like one that ends in *. Takes [text, entries]. */}}
{{- define "abo.listed" -}}
{{ index . 1 }}.exists(e, e == {{ index . 0 }} || (e.endsWith('*') && {{ index . 0 }}.startsWith(e.substring(0, e.size() - 1))))
{{- end }}

{{/* The same, and an entry without a revision is one with any. */}}
{{- define "abo.listedWithRevision" -}}
{{ index . 1 }}.exists(e, e == {{ index . 0 }} || {{ index . 0 }}.startsWith(e + ':') || (e.endsWith('*') && {{ index . 0 }}.startsWith(e.substring(0, e.size() - 1))))
{{- end }}

{{/* A list for a person. A message holds 5 KiB at most. */}}
{{- define "abo.shown" -}}
({{ . }}.size() == 0 ? 'none' : {{ . }}.join(', ').size() > 1000 ? {{ . }}.join(', ').substring(0, 1000) + ' ...' : {{ . }}.join(', '))
{{- end }}

{{/* The end of every refusal. Takes [what the person does, annotation]. */}}
{{- define "abo.wayOut" -}}
'. {{ index . 0 }}, or ask an administrator to change the annotation {{ index . 1 }} of Namespace ' + request.namespace + '.'
{{- end }}
