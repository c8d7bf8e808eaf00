// Health checks and actions, judged by Argo CD's own Lua engine on objects captured from a real API server. The tests are
// in upstream's format; the scripts are read from the snippet for argocd-cm, as a user pastes it.
package argocd

import (
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	appv1 "github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	"github.com/argoproj/argo-cd/v3/util/lua"
	"github.com/argoproj/gitops-engine/pkg/health"
	"github.com/google/go-cmp/cmp"
	"gitops.local/captured"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

const (
	deploy = "../../../../deploy/argocd"
	folder = deploy + "/resource_customizations/awsbatch.dev/BatchJob"
)

func object(t *testing.T, path string) *unstructured.Unstructured {
	t.Helper()
	return captured.As(t, path, &unstructured.Unstructured{})
}

// The engine as argocd-cm configures it: without Lua's string library.
func engine(t *testing.T) lua.VM {
	t.Helper()
	var config struct{ Data map[string]string }
	captured.Read(t, deploy+"/argocd-cm.yaml", &config)
	override := appv1.ResourceOverride{
		HealthLua: config.Data["resource.customizations.health.awsbatch.dev_BatchJob"],
		Actions:   config.Data["resource.customizations.actions.awsbatch.dev_BatchJob"],
	}
	if override.HealthLua == "" || override.Actions == "" {
		t.Fatal("argocd-cm.yaml lacks a key")
	}
	return lua.VM{ResourceOverrides: map[string]appv1.ResourceOverride{"awsbatch.dev/BatchJob": override}}
}

func TestTheSnippetHoldsTheFiles(t *testing.T) {
	vm := engine(t)
	batchJob := object(t, folder+"/testdata/running.yaml")
	same := func(path, script string) {
		text, err := os.ReadFile(filepath.Join(folder, path))
		if err != nil || string(text) != script {
			t.Errorf("%s and the snippet differ (%v)", path, err)
		}
	}
	script, _, err := vm.GetHealthScript(batchJob)
	if err != nil {
		t.Fatal(err)
	}
	same("health.lua", script)
	discovery, err := vm.GetResourceActionDiscovery(batchJob)
	if err != nil || len(discovery) != 1 {
		t.Fatal(discovery, err)
	}
	same("actions/discovery.lua", discovery[0])
	for _, name := range []string{"suspend", "resume", "terminate", "retain"} {
		action, err := vm.GetResourceAction(batchJob, name)
		if err != nil {
			t.Fatal(err)
		}
		same("actions/"+name+"/action.lua", action.ActionLua)
	}
}

func TestHealth(t *testing.T) {
	var file struct {
		Tests []struct {
			InputPath    string
			HealthStatus health.HealthStatus
		}
	}
	captured.Read(t, folder+"/health_test.yaml", &file)
	vm := engine(t)
	tested := map[string]bool{}
	for _, test := range file.Tests {
		t.Run(test.InputPath, func(t *testing.T) {
			input := object(t, filepath.Join(folder, test.InputPath))
			script, _, err := vm.GetHealthScript(input)
			if err != nil {
				t.Fatal(err)
			}
			status, err := vm.ExecuteHealthLua(input, script)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(&test.HealthStatus, status); diff != "" {
				t.Error(diff)
			}
		})
		tested[filepath.Base(test.InputPath)] = true
	}
	for _, object := range captured.Objects(t) {
		if !tested[object.Name] {
			t.Errorf("%s is captured and not tested", object.Name)
		}
	}
}

func TestDiscovery(t *testing.T) {
	var file struct {
		DiscoveryTests []struct {
			InputPath string
			Result    []appv1.ResourceAction
		}
	}
	captured.Read(t, folder+"/actions/action_test.yaml", &file)
	vm := engine(t)
	if len(file.DiscoveryTests) == 0 {
		t.Fatal("no tests")
	}
	for _, test := range file.DiscoveryTests {
		t.Run(test.InputPath, func(t *testing.T) {
			input := object(t, filepath.Join(folder, "actions", test.InputPath))
			scripts, err := vm.GetResourceActionDiscovery(input)
			if err != nil {
				t.Fatal(err)
			}
			actions, err := vm.ExecuteResourceActionDiscovery(input, scripts)
			if err != nil {
				t.Fatal(err)
			}
			sort.Slice(actions, func(i, j int) bool { return actions[i].Name < actions[j].Name })
			if len(actions) == 0 && len(test.Result) == 0 {
				return
			}
			if diff := cmp.Diff(test.Result, actions); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestActions(t *testing.T) {
	var file struct {
		ActionTests []struct{ Action, InputPath, ExpectedOutputPath string }
	}
	captured.Read(t, folder+"/actions/action_test.yaml", &file)
	vm := engine(t)
	tested := map[string]bool{}
	for _, test := range file.ActionTests {
		t.Run(test.Action+"/"+test.InputPath, func(t *testing.T) {
			input := object(t, filepath.Join(folder, "actions", test.InputPath))
			action, err := vm.GetResourceAction(input, test.Action)
			if err != nil {
				t.Fatal(err)
			}
			results, err := vm.ExecuteResourceAction(input, action.ActionLua, nil)
			if err != nil {
				t.Fatal(err)
			}
			if len(results) != 1 || results[0].K8SOperation != lua.PatchOperation {
				t.Fatalf("not one patch: %v", results)
			}
			expected := object(t, filepath.Join(folder, "actions", test.ExpectedOutputPath))
			if diff := cmp.Diff(expected.Object, results[0].UnstructuredObj.Object); diff != "" {
				t.Error(diff)
			}
		})
		tested[test.Action] = true
	}
	scripts, err := filepath.Glob(folder + "/actions/*/action.lua")
	if err != nil || len(scripts) == 0 {
		t.Fatal(scripts, err)
	}
	for _, path := range scripts {
		if name := filepath.Base(filepath.Dir(path)); !tested[name] {
			t.Errorf("action %s is not tested", name)
		}
	}
}

// The table of docs/gitops.md says of every captured state what Argo CD makes of it.
func TestTheTableAgrees(t *testing.T) {
	text, err := os.ReadFile("../../../../docs/gitops.md")
	if err != nil {
		t.Fatal(err)
	}
	vm := engine(t)
	rows := 0
	for _, line := range strings.Split(string(text), "\n") {
		cells := strings.Split(line, "|")
		if len(cells) < 7 || !strings.Contains(cells[1], "testdata/") {
			continue
		}
		rows++
		name := strings.Split(strings.Split(cells[1], "testdata/")[1], ")")[0]
		input := object(t, filepath.Join(folder, "testdata", name))
		if phase, _, _ := unstructured.NestedString(input.Object, "status", "phase"); phase != strings.TrimSpace(cells[2]) {
			t.Errorf("%s: the phase is %s", name, phase)
		}
		// The deletion of an object is Argo CD's to judge, before any script.
		expected := strings.TrimSpace(cells[3])
		status, err := health.GetResourceHealth(input, overrides{vm})
		if err != nil {
			t.Fatal(err)
		}
		if string(status.Status) != expected {
			t.Errorf("%s: Argo CD says %s (%s), the table %s", name, status.Status, status.Message, expected)
		}
	}
	if objects := captured.Objects(t); rows != len(objects) {
		t.Errorf("%d rows for %d captured objects", rows, len(objects))
	}
}

type overrides struct{ vm lua.VM }

func (o overrides) GetResourceHealth(obj *unstructured.Unstructured) (*health.HealthStatus, error) {
	return lua.ResourceHealthOverrides(o.vm.ResourceOverrides).GetResourceHealth(obj)
}
