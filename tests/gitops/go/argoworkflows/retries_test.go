package argoworkflows

import (
	"testing"

	"github.com/argoproj/argo-workflows/v4/util/expr/argoexpr"
	"github.com/argoproj/argo-workflows/v4/util/expr/env"
	"github.com/argoproj/argo-workflows/v4/workflow/common"
	"gitops.local/captured"
)

// As the controller has it: the message of a pod that has failed ends with what the executor said.
func isRetried(t *testing.T, said string) bool {
	t.Helper()
	strategy := batchJob(t).RetryStrategy
	if policy := strategy.RetryPolicyActual(); policy != "Always" {
		t.Fatalf("the policy %s keeps the expression from deciding", policy)
	}
	scope := env.GetFuncMap(map[string]any{
		common.LocalVarRetries:             "0",
		common.LocalVarRetriesLastExitCode: "-1",
		common.LocalVarRetriesLastStatus:   "Failed",
		common.LocalVarRetriesLastDuration: "60",
		common.LocalVarRetriesLastMessage:  said,
	})
	isRetried, err := argoexpr.EvalBool(strategy.Expression, scope)
	if err != nil {
		t.Fatal(err)
	}
	return isRetried
}

func TestALostExecutorIsRetriedAndNothingThatHasEnded(t *testing.T) {
	for _, said := range []string{
		"pod deleted",
		"The node was low on resource: memory.",
		"main: OOMKilled (exit code 137)",
		"main: Error (exit code 64): context canceled",
	} {
		if !isRetried(t, said) {
			t.Errorf("%q is not retried", said)
		}
	}
	for _, object := range captured.Objects(t) {
		verdict, err := waited(t, kept(object))
		if verdict == captured.Failed && isRetried(t, "main: Error (exit code 64): "+err.Error()) {
			t.Errorf("%s: %v: the job has ended, and is retried", object.Name, err)
		}
	}
	// Another try would create the object anew, and so run the job again.
	_, err := waited(t, gone)
	if isRetried(t, "main: Error (exit code 64): "+err.Error()) {
		t.Errorf("%v: the object was deleted, and is retried", err)
	}
}
