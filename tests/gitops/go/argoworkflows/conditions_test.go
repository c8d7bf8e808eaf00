package argoworkflows

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/argoproj/argo-workflows/v4/workflow/executor"
	"gitops.local/captured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/rest"
)

const link = "apis/awsbatch.dev/v1alpha1/namespaces/team/batchjobs/train"

// Has the executor wait for an object of an API server. A second look tells that it goes on waiting, and ends the wait.
func waited(t *testing.T, answer func(http.ResponseWriter)) (captured.End, error) {
	t.Helper()
	t.Setenv("RESOURCE_STATE_CHECK_INTERVAL", "1ms")
	ctx, leave := context.WithCancel(quiet(t))
	defer leave()
	looks := 0
	server := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, request *http.Request) {
		if request.URL.Path != "/"+link {
			t.Errorf("the executor asks for %s", request.URL.Path)
		}
		if looks++; looks > 1 {
			leave()
		}
		answer(out)
	}))
	defer server.Close()
	config := &rest.Config{Host: server.URL}
	config.GroupVersion = &schema.GroupVersion{}
	config.NegotiatedSerializer = scheme.Codecs.WithoutConversion()
	client, err := rest.UnversionedRESTClientFor(config)
	if err != nil {
		t.Fatal(err)
	}
	argo := executor.WorkflowExecutor{Template: batchJob(t), RESTClient: client}
	err = argo.WaitResource(ctx, "team", "batchjob.awsbatch.dev/train", link)
	switch {
	case looks > 1:
		return captured.None, err
	case err == nil:
		return captured.Succeeded, nil
	default:
		return captured.Failed, err
	}
}

func kept(object captured.Object) func(http.ResponseWriter) {
	return func(out http.ResponseWriter) {
		out.Header().Set("Content-Type", "application/json")
		_, _ = out.Write(object.JSON)
	}
}

func gone(out http.ResponseWriter) {
	out.Header().Set("Content-Type", "application/json")
	out.WriteHeader(http.StatusNotFound)
	_, _ = out.Write([]byte(`{"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "NotFound", "code": 404}`))
}

func TestTheExecutorWaitsForTheEndAndForNothingElse(t *testing.T) {
	for _, object := range captured.Objects(t) {
		if verdict, err := waited(t, kept(object)); verdict != object.End {
			t.Errorf("%s: %s (%v) of an object that has come to %s", object.Name, verdict, err, object.End)
		}
	}
}

func TestTheExecutorFailsWhenTheObjectIsDeleted(t *testing.T) {
	if verdict, err := waited(t, gone); verdict != captured.Failed {
		t.Errorf("%s (%v) of an object that is gone", verdict, err)
	}
}
