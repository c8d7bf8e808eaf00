//go:build cluster

// What the executor does in a cluster, with the rights that the example gives: run by tests/gitops/argo_workflows.rs, which names
// the cluster in KUBECONFIG and the namespace in NAMESPACE, and counts the jobs.
package argoworkflows

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	wfv1 "github.com/argoproj/argo-workflows/v4/pkg/apis/workflow/v1alpha1"
	"github.com/argoproj/argo-workflows/v4/workflow/common"
	"github.com/argoproj/argo-workflows/v4/workflow/executor"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
)

// An executor of the cluster for a template of the example, and the path of its manifest.
func inCluster(t *testing.T, template string, arguments wfv1.Arguments) (*executor.WorkflowExecutor, string) {
	t.Helper()
	globals := common.Parameters{
		common.GlobalVarWorkflowUID: "2f1b6a1e-54d5-4c3f-9a20-6f3f0f7c4a11", "workflow.parameters.queue": "HighPriority"}
	raw := workflowTemplate(t).GetTemplateByName(template)
	processed, err := common.ProcessArgs(quiet(t), raw, &arguments, globals, common.Parameters{}, false, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	processed.Resource.Flags = append(processed.Resource.Flags, "--namespace="+os.Getenv("NAMESPACE"))
	manifest := filepath.Join(t.TempDir(), "manifest.yaml")
	if err := os.WriteFile(manifest, []byte(processed.Resource.Manifest), 0o600); err != nil {
		t.Fatal(err)
	}
	config, err := clientcmd.BuildConfigFromFlags("", os.Getenv("KUBECONFIG"))
	if err != nil {
		t.Fatal(err)
	}
	config.GroupVersion = &schema.GroupVersion{}
	config.NegotiatedSerializer = scheme.Codecs.WithoutConversion()
	client, err := rest.UnversionedRESTClientFor(config)
	if err != nil {
		t.Fatal(err)
	}
	return &executor.WorkflowExecutor{Template: *processed, RESTClient: client}, manifest
}

func step(name, definition string) wfv1.Arguments {
	parameter := func(name, value string) wfv1.Parameter {
		return wfv1.Parameter{Name: name, Value: wfv1.AnyStringPtr(value)}
	}
	return wfv1.Arguments{Parameters: []wfv1.Parameter{
		parameter("step", name), parameter("definition", definition), parameter("command", `["train", "--all"]`)}}
}

// Runs the template, and with its own action if no other is given.
func run(t *testing.T, argo *executor.WorkflowExecutor, action, manifest string) (namespace, name, link string, err error) {
	t.Helper()
	if action == "" {
		action = argo.Template.Resource.Action
	}
	return argo.ExecResource(quiet(t), action, manifest, argo.Template.Resource.Flags)
}

func TestTheSuccessorOfALostExecutorWaitsForTheSameObject(t *testing.T) {
	t.Setenv("RESOURCE_STATE_CHECK_INTERVAL", "100ms")
	argo, manifest := inCluster(t, "batchjob", step("train", "train:1"))
	_, first, _, err := run(t, argo, "", manifest)
	if err != nil {
		t.Fatal(err)
	}
	namespace, second, link, err := run(t, argo, "", manifest)
	if err != nil || first != second {
		t.Fatalf("%s after %s: %v", second, first, err)
	}
	if err := argo.WaitResource(quiet(t), namespace, second, link); err != nil {
		t.Errorf("%s: %v", link, err)
	}
}

func TestActionCreateFailsWhereTheObjectExists(t *testing.T) {
	argo, manifest := inCluster(t, "batchjob", step("train", "train:1"))
	_, _, _, err := run(t, argo, "create", manifest)
	if err == nil || !strings.Contains(err.Error(), "already exists") {
		t.Errorf("create: %v", err)
	}
}

func TestAJobThatFailsFailsTheStep(t *testing.T) {
	t.Setenv("RESOURCE_STATE_CHECK_INTERVAL", "100ms")
	argo, manifest := inCluster(t, "batchjob", step("broken", "broken:1"))
	namespace, name, link, err := run(t, argo, "", manifest)
	if err != nil {
		t.Fatal(err)
	}
	err = argo.WaitResource(quiet(t), namespace, name, link)
	if err == nil || !strings.Contains(err.Error(), "status.failed") {
		t.Errorf("%s: %v", link, err)
	}
}

// Creates the object only. The caller waits until the job of the object runs.
func TestAStepWhoseJobDoesNotEnd(t *testing.T) {
	argo, manifest := inCluster(t, "batchjob", step("endless", "endless:1"))
	if _, _, _, err := run(t, argo, "", manifest); err != nil {
		t.Fatal(err)
	}
}

func TestTheExitHandlerDeletesWhatHasNotEnded(t *testing.T) {
	end, nothing := inCluster(t, "end-jobs", wfv1.Arguments{})
	if _, _, _, err := run(t, end, "", nothing); err != nil {
		t.Fatal(err)
	}
}
