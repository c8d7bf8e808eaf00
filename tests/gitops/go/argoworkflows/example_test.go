// What Argo Workflows makes of examples/argo-workflows, by its own code: its validation, its executor, and its retries.
package argoworkflows

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	wfv1 "github.com/argoproj/argo-workflows/v4/pkg/apis/workflow/v1alpha1"
	"github.com/argoproj/argo-workflows/v4/util/logging"
	"gitops.local/captured"
	"sigs.k8s.io/yaml"
)

const examples = "../../../../examples/argo-workflows"

func read(t *testing.T, file string, into any) {
	t.Helper()
	if err := yaml.UnmarshalStrict(captured.Text(t, filepath.Join(examples, file)), into); err != nil {
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
