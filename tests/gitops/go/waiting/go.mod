// What judges the expressions of docs/waiting.md: kubectl's own JSONPath, and the two libraries of which Argo Workflows makes
// its conditions of a resource.
module gitops.local/waiting

go 1.26.0

require (
	github.com/tidwall/gjson v1.20.2
	k8s.io/apimachinery v0.37.2
	k8s.io/client-go v0.37.2
	sigs.k8s.io/yaml v1.6.0
)

require (
	github.com/go-logr/logr v1.4.3 // indirect
	github.com/tidwall/match v1.1.1 // indirect
	github.com/tidwall/pretty v1.3.0 // indirect
	go.yaml.in/yaml/v2 v2.4.4 // indirect
	k8s.io/klog/v2 v2.140.0 // indirect
	k8s.io/utils v0.0.0-20260626114624-be93311217bd // indirect
)

require gitops.local/captured v0.0.0

replace gitops.local/captured => ../captured
