// The objects captured from a real API server, as all judges of this folder read them.
module gitops.local/captured

go 1.26.0

require sigs.k8s.io/yaml v1.4.0
