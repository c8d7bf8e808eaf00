package argoworkflows

import (
	"context"
	"fmt"
	"strings"
	"testing"

	wfv1 "github.com/argoproj/argo-workflows/v4/pkg/apis/workflow/v1alpha1"
	"github.com/argoproj/argo-workflows/v4/workflow/templateresolution"
	"github.com/argoproj/argo-workflows/v4/workflow/validate"
)

var noClusterTemplates = &templateresolution.NullClusterWorkflowTemplateGetter{}

// The only WorkflowTemplate of a namespace.
type only wfv1.WorkflowTemplate

func (o *only) Get(_ context.Context, name string) (*wfv1.WorkflowTemplate, error) {
	if name != o.Name {
		return nil, fmt.Errorf("there is no WorkflowTemplate %s", name)
	}
	return (*wfv1.WorkflowTemplate)(o), nil
}

func validated(t *testing.T, template *wfv1.WorkflowTemplate) error {
	t.Helper()
	return validate.ValidateWorkflowTemplate(
		quiet(t), (*only)(template), noClusterTemplates, template, nil, validate.ValidateOpts{})
}

func TestTheWorkflowTemplateIsValid(t *testing.T) {
	if err := validated(t, workflowTemplate(t)); err != nil {
		t.Fatal(err)
	}
}

func TestAWorkflowThatNamesItIsValid(t *testing.T) {
	workflow := &wfv1.Workflow{}
	read(t, "workflow.yaml", workflow)
	err := validate.ValidateWorkflow(
		quiet(t), (*only)(workflowTemplate(t)), noClusterTemplates, workflow, nil, validate.ValidateOpts{Submit: true})
	if err != nil {
		t.Fatal(err)
	}
}

func TestAVariableThatDoesNotExistIsFound(t *testing.T) {
	template := workflowTemplate(t)
	resource := template.GetTemplateByName("batchjob").Resource
	resource.Manifest = strings.ReplaceAll(resource.Manifest, "workflow.uid", "workflow.uuid")
	if err := validated(t, template); err == nil || !strings.Contains(err.Error(), "workflow.uuid") {
		t.Errorf("workflow.uuid: %v", err)
	}
}
