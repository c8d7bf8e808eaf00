// Every expression of docs/waiting.md on objects captured from a real API server: true at the ends for which it stands, and in
// no other state.
package waiting

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/tidwall/gjson"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/client-go/util/jsonpath"
	"sigs.k8s.io/yaml"
)

const (
	page     = "../../../../docs/waiting.md"
	testdata = "../../../../deploy/argocd/resource_customizations/awsbatch.dev/BatchJob/testdata/*.yaml"
)

// What has become of an object: nothing yet, success, or another end.
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

func text(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// By the phase, which no expression of the page reads.
func objects(t *testing.T) []captured {
	t.Helper()
	files, _ := filepath.Glob(testdata)
	var all []captured
	seen := map[end]int{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		json, err := yaml.YAMLToJSON(text)
		if err != nil {
			t.Fatal(err)
		}
		end := map[string]end{"Succeeded": succeeded, "Failed": failed, "Unknown": failed}[gjson.GetBytes(json, "status.phase").String()]
		if end == "" {
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
	for expected, pattern := range map[end]string{succeeded: `successCondition: (.+)`, failed: `failureCondition: (.+)`} {
		selector, err := labels.Parse(only(t, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, object := range objects(t) {
			if selector.Matches(fields(object.json)) != (object.end == expected) {
				t.Errorf("%s: %s of an object that has come to %s", object.name, selector, object.end)
			}
		}
	}
}

func evaluated(t *testing.T, path string, object captured) string {
	t.Helper()
	parsed := jsonpath.New("page").AllowMissingKeys(true)
	if err := parsed.Parse(path); err != nil {
		t.Fatal(err)
	}
	var value any
	if err := json.Unmarshal(object.json, &value); err != nil {
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
	for _, object := range objects(t) {
		if (evaluated(t, waited, object) == "True") != (object.end != none) {
			t.Errorf("%s: the condition %s of an object that has come to %s", object.name, condition, object.end)
		}
		if (evaluated(t, path, object) == "1") != (object.end == succeeded) {
			t.Errorf("%s: %s of an object that has come to %s", object.name, path, object.end)
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
	for _, object := range objects(t) {
		python := exec.Command("python3", "-c", program)
		python.Stdin = bytes.NewReader(object.json)
		output, err := python.Output()
		said := map[string]end{"True": succeeded, "False": none}[strings.TrimSpace(string(output))]
		if err != nil {
			said = failed
		}
		if said != object.end {
			t.Errorf("%s: %q (%v) of an object that has come to %s", object.name, output, err, object.end)
		}
	}
}
