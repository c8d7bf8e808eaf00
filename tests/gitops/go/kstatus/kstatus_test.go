// What Helm 4 and Flux make of a BatchJob, by the libraries that both use, on objects captured from a real API server. The
// table of docs/gitops.md says it, and is read here.
package kstatus

import (
	"context"
	"strings"
	"testing"

	"github.com/fluxcd/cli-utils/pkg/kstatus/status"
	"github.com/fluxcd/pkg/apis/kustomize"
	"github.com/fluxcd/pkg/runtime/cel"
	"gitops.local/captured"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

const (
	page = "../../../../docs/gitops.md"
	flux = "../../../../examples/gitops/flux/kustomization.yaml"
)

type row struct{ file, kstatus, flux string }

func table(t *testing.T) []row {
	t.Helper()
	var rows []row
	for _, line := range strings.Split(string(captured.Text(t, page)), "\n") {
		cells := strings.Split(line, "|")
		if len(cells) < 7 || !strings.Contains(cells[1], "testdata/") {
			continue
		}
		file := strings.Split(strings.Split(cells[1], "testdata/")[1], ")")[0]
		rows = append(rows, row{file, strings.TrimSpace(cells[4]), strings.TrimSpace(cells[5])})
	}
	if objects := captured.Objects(t); len(rows) != len(objects) {
		t.Fatalf("%d rows for %d captured objects", len(rows), len(objects))
	}
	return rows
}

func object(t *testing.T, file string) *unstructured.Unstructured {
	t.Helper()
	return captured.As(t, captured.Folder+"/"+file, &unstructured.Unstructured{})
}

func TestKstatus(t *testing.T) {
	for _, row := range table(t) {
		result, err := status.Compute(object(t, row.file))
		if err != nil {
			t.Fatal(err)
		}
		if result.Status.String() != row.kstatus {
			t.Errorf("%s: kstatus says %s (%s), the table %s", row.file, result.Status, result.Message, row.kstatus)
		}
	}
}

func TestHealthCheckExpressions(t *testing.T) {
	var kustomization struct {
		Spec struct {
			HealthCheckExprs []kustomize.CustomHealthCheck
		}
	}
	captured.Read(t, flux, &kustomization)
	checks := kustomization.Spec.HealthCheckExprs
	if len(checks) != 1 || checks[0].Kind != "BatchJob" || checks[0].APIVersion != "awsbatch.dev/v1alpha1" {
		t.Fatalf("not one check of BatchJobs: %v", checks)
	}
	evaluator, err := cel.NewStatusEvaluator(&checks[0].HealthCheckExpressions)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range table(t) {
		result, err := evaluator.Evaluate(context.Background(), object(t, row.file))
		if err != nil {
			t.Fatalf("%s: %v", row.file, err)
		}
		if result.Status.String() != row.flux {
			t.Errorf("%s: Flux says %s, the table %s", row.file, result.Status, row.flux)
		}
	}
}
