// Every expression of docs/waiting.md on objects captured from a real API server: true at the ends for which it stands, and in
// no other state.
package waiting

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/tidwall/gjson"
	"gitops.local/captured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/client-go/util/jsonpath"
)

const page = "../../../../docs/waiting.md"

func text(t *testing.T) string {
	t.Helper()
	return string(captured.Text(t, page))
}

// The only text of the page that the pattern finds.
func only(t *testing.T, pattern string) string {
	t.Helper()
	found := map[string]bool{}
	for _, match := range regexp.MustCompile(pattern).FindAllStringSubmatch(text(t), -1) {
		found[strings.TrimSpace(match[1])] = true
	}
	if len(found) != 1 {
		t.Fatalf("%s is to be on the page in one spelling: %v", pattern, found)
	}
	for one := range found {
		return one
	}
	return ""
}

// As the executor of Argo Workflows has them: each field of the condition is a path into the object.
type fields []byte

func (f fields) Has(path string) bool   { return gjson.GetBytes(f, path).Exists() }
func (f fields) Get(path string) string { return gjson.GetBytes(f, path).String() }
func (f fields) Lookup(path string) (string, bool) {
	return f.Get(path), f.Has(path)
}

func TestConditionsOfArgoWorkflows(t *testing.T) {
	for expected, pattern := range map[captured.End]string{captured.Succeeded: `successCondition: (.+)`, captured.Failed: `failureCondition: (.+)`} {
		selector, err := labels.Parse(only(t, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, object := range captured.Objects(t) {
			if selector.Matches(fields(object.JSON)) != (object.End == expected) {
				t.Errorf("%s: %s of an object that has come to %s", object.Name, selector, object.End)
			}
		}
	}
}

func evaluated(t *testing.T, path string, object captured.Object) string {
	t.Helper()
	parsed := jsonpath.New("page").AllowMissingKeys(true)
	if err := parsed.Parse(path); err != nil {
		t.Fatal(err)
	}
	var value any
	if err := json.Unmarshal(object.JSON, &value); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := parsed.Execute(&out, value); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestPathsOfKubectl(t *testing.T) {
	path := only(t, `jsonpath='(\{\.status\.succeeded\})'`)
	condition := only(t, `--for=condition=(\w+)`)
	waited := `{.status.conditions[?(@.type=="` + condition + `")].status}`
	for _, object := range captured.Objects(t) {
		if (evaluated(t, waited, object) == "True") != (object.End != captured.None) {
			t.Errorf("%s: the condition %s of an object that has come to %s", object.Name, condition, object.End)
		}
		if (evaluated(t, path, object) == "1") != (object.End == captured.Succeeded) {
			t.Errorf("%s: %s of an object that has come to %s", object.Name, path, object.End)
		}
	}
}

// The provider compares type and status by their text, as kubectl does.
func TestTerraformWaitsForTheSameCondition(t *testing.T) {
	if condition := only(t, `type\s+= "(\w+)"`); condition != only(t, `--for=condition=(\w+)`) {
		t.Errorf("Terraform waits for %s", condition)
	}
	if status := only(t, `status\s+= "(\w+)"`); status != "True" {
		t.Errorf("Terraform waits for the status %s", status)
	}
}

func TestTheFunctionInPython(t *testing.T) {
	function := strings.Split(strings.Split(text(t), "```python\n")[1], "```")[0]
	program := function + "\nimport json, sys\nprint(has_succeeded(json.load(sys.stdin).get(\"status\", {})))\n"
	for _, object := range captured.Objects(t) {
		python := exec.Command("python3", "-c", program)
		python.Stdin = bytes.NewReader(object.JSON)
		output, err := python.Output()
		said := map[string]captured.End{"True": captured.Succeeded, "False": captured.None}[strings.TrimSpace(string(output))]
		if err != nil {
			said = captured.Failed
		}
		if said != object.End {
			t.Errorf("%s: %q (%v) of an object that has come to %s", object.Name, output, err, object.End)
		}
	}
}
