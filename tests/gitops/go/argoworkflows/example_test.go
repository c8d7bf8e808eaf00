// What Argo Workflows makes of examples/argo-workflows, by its own code: its validation, its executor, and its retries.
package argoworkflows

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	wfv1 "github.com/argoproj/argo-workflows/v4/pkg/apis/workflow/v1alpha1"
	"github.com/argoproj/argo-workflows/v4/util/logging"
	"github.com/tidwall/gjson"
	"sigs.k8s.io/yaml"
)

const (
	examples = "../../../../examples/argo-workflows"
	testdata = "../../../../deploy/argocd/resource_customizations/awsbatch.dev/BatchJob/testdata/*.yaml"
)

// The end to which an object has come.
type end string

const (
	none      end = "none"
	succeeded end = "succeeded"
	failed    end = "failed"
)

type captured struct {
	name string
	json []byte
	end  end
}

// By the phase, which no condition of the example reads.
func objects(t *testing.T) []captured {
	t.Helper()
	files, err := filepath.Glob(testdata)
	if err != nil {
		t.Fatal(err)
	}
	ends := map[string]end{"Succeeded": succeeded, "Failed": failed, "Unknown": failed}
	seen := map[end]int{}
	var all []captured
	for _, file := range files {
		json, err := yaml.YAMLToJSON(text(t, file))
		if err != nil {
			t.Fatal(err)
		}
		end, ok := ends[gjson.GetBytes(json, "status.phase").String()]
		if !ok {
			end = none
		}
		seen[end]++
		all = append(all, captured{filepath.Base(file), json, end})
	}
	if len(seen) != 3 {
		t.Fatalf("objects in every state are needed: %v", seen)
	}
	return all
}

func text(t *testing.T, file string) []byte {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func read(t *testing.T, file string, into any) {
	t.Helper()
	if err := yaml.UnmarshalStrict(text(t, filepath.Join(examples, file)), into); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
}

func workflowTemplate(t *testing.T) *wfv1.WorkflowTemplate {
	t.Helper()
	template := &wfv1.WorkflowTemplate{}
	read(t, "workflowtemplate.yaml", template)
	return template
}

// The template of the example that makes a BatchJob.
func batchJob(t *testing.T) wfv1.Template {
	t.Helper()
	template := workflowTemplate(t).GetTemplateByName("batchjob")
	if template == nil || template.Resource == nil {
		t.Fatal("the example has no template batchjob that makes a resource")
	}
	return *template
}

// Every function of Argo Workflows wants a logger in its context. Its lines are no part of the verdict.
func quiet(t *testing.T) context.Context {
	t.Helper()
	return logging.WithLogger(t.Context(), logging.NewSlogLoggerCustom(logging.Error, logging.Text, os.Stderr))
}
