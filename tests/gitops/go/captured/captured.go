// Package captured reads YAML files, and the objects captured from a real API server in every state.
package captured

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"sigs.k8s.io/yaml"
)

// Folder has the captured objects. The tests of every module of this folder run at the same depth.
const Folder = "../../../../deploy/argocd/resource_customizations/awsbatch.dev/BatchJob/testdata"

// End is what has become of an object: nothing yet, success, or another end.
type End string

// The ends.
const (
	None      End = "none"
	Succeeded End = "succeeded"
	Failed    End = "failed"
)

// Object is a captured object.
type Object struct {
	Name string
	JSON []byte
	End  End
}

// Text reads a file.
func Text(t *testing.T, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// JSON reads a YAML file as JSON.
func JSON(t *testing.T, path string) []byte {
	t.Helper()
	json, err := yaml.YAMLToJSON(Text(t, path))
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return json
}

// Read reads a YAML file into a value.
func Read(t *testing.T, path string, into any) {
	t.Helper()
	if err := yaml.Unmarshal(Text(t, path), into); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

// As reads a YAML file into an object that decodes itself. A client of the API server has whole numbers as int64 so.
func As[T json.Unmarshaler](t *testing.T, path string, object T) T {
	t.Helper()
	if err := object.UnmarshalJSON(JSON(t, path)); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return object
}

// Objects reads all captured objects. Their ends follow from the phase, which no judge of this folder reads.
func Objects(t *testing.T) []Object {
	t.Helper()
	files, err := filepath.Glob(Folder + "/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[End]int{}
	var all []Object
	for _, file := range files {
		object := Object{filepath.Base(file), JSON(t, file), None}
		object.End = object.end(t)
		seen[object.End]++
		all = append(all, object)
	}
	if len(seen) != 3 {
		t.Fatalf("objects in every state are needed: %v", seen)
	}
	return all
}

func (o Object) end(t *testing.T) End {
	t.Helper()
	var object struct{ Status struct{ Phase string } }
	if err := json.Unmarshal(o.JSON, &object); err != nil {
		t.Fatalf("%s: %v", o.Name, err)
	}
	switch object.Status.Phase {
	case "Succeeded":
		return Succeeded
	case "Failed", "Unknown":
		return Failed
	}
	return None
}
