// What Helm 4 and Flux make of a BatchJob, by the libraries that both use, on objects captured from a real API server. The
// table of docs/gitops.md says it, and is read here.
package kstatus

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fluxcd/cli-utils/pkg/kstatus/status"
	"github.com/fluxcd/pkg/apis/kustomize"
	"github.com/fluxcd/pkg/runtime/cel"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

const (
	page     = "../../../../docs/gitops.md"
	testdata = "../../../../deploy/argocd/resource_customizations/awsbatch.dev/BatchJob/testdata"
	flux     = "../../../../examples/gitops/flux/kustomization.yaml"
)

type row struct{ file, kstatus, flux string }

func table(t *testing.T) []row {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	var rows []row
	for _, line := range strings.Split(string(text), "\n") {
		cells := strings.Split(line, "|")
		if len(cells) < 7 || !strings.Contains(cells[1], "testdata/") {
			continue
		}
		file := strings.Split(strings.Split(cells[1], "testdata/")[1], ")")[0]
		rows = append(rows, row{file, strings.TrimSpace(cells[4]), strings.TrimSpace(cells[5])})
	}
	captured, _ := filepath.Glob(testdata + "/*.yaml")
	if len(rows) != len(captured) || len(rows) == 0 {
		t.Fatalf("%d rows for %d captured objects", len(rows), len(captured))
	}
	return rows
}

func read(t *testing.T, path string, into any) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(text, into); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

// As a client of the API server has it: whole numbers are int64.
func object(t *testing.T, file string) *unstructured.Unstructured {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(testdata, file))
	if err != nil {
		t.Fatal(err)
	}
	json, err := yaml.YAMLToJSON(text)
	if err != nil {
		t.Fatal(err)
	}
	object := &unstructured.Unstructured{}
	if err := object.UnmarshalJSON(json); err != nil {
		t.Fatal(err)
	}
	return object
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
	read(t, flux, &kustomization)
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
