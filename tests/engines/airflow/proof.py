"""Airflow with BatchJobOperator, while workers are killed: each DAG run has one job, counted on AWS's side.

``cargo xtask engines`` runs this beside a control plane, the operator and a stateful fake of AWS Batch.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable

from cases import KILLS
from relay import Case, Relay, kubeconfig
from stand import EXAMPLE, Airflow, wait
from users import AN_HOUR, USERS, Stage

HOME = EXAMPLE.parents[1] / "target/engines/airflow"
DOUBLE, KUBECTL = os.environ["BATCH_DOUBLE_URL"], os.environ["KUBECTL"]


def kubectl(*arguments: str) -> str:
    """What it answers, as the administrator of the control plane."""
    return subprocess.run([KUBECTL, *arguments], check=True, capture_output=True, text=True).stdout


def relay() -> Relay:
    """Before the API server that the administrator's kubeconfig names."""
    view = ("config", "view", "--raw", "--minify", "--output=json")
    cluster = json.loads(kubectl(*view))["clusters"][0]["cluster"]
    return Relay(cluster["server"], cluster["certificate-authority-data"])


def rights() -> str:
    """The token of a service account that may do what rbac.yaml says, and no more."""
    for namespace in ("team", "airflow"):
        kubectl("create", "namespace", namespace)
    kubectl("create", "serviceaccount", "airflow", "--namespace=airflow")
    kubectl("apply", f"--filename={EXAMPLE / 'rbac.yaml'}")
    return kubectl("create", "token", "airflow", "--namespace=airflow", "--duration=2h").strip()


def all_submitted() -> bool:
    """Whether the operator has nothing left to submit."""
    objects = json.loads(kubectl("get", "batchjobs", "--all-namespaces", "--output=json"))["items"]
    statuses = [item.get("status", {}) for item in objects]
    return all(status.get("jobId") or status.get("phase") == "Failed" for status in statuses)


def kills(stage: Stage) -> list[str]:
    """Starts all runs, kills as the cases say, and answers what is not as it should be."""
    stage.behave("steady", runningMs=AN_HOUR)
    names = [f"kill-{number:02}" for number in range(1, len(KILLS) + 1)]
    cases = [
        stage.trigger(dag, run, "steady", strikes) for run, (dag, strikes) in zip(names, KILLS, strict=True)
    ]
    # What does not come to this is told below, with its run.
    with contextlib.suppress(TimeoutError):
        wait("all kills are done", lambda: all(case.is_waiting() and stage.runs(case.name) for case in cases))
    stage.let_an_hour_pass()
    for case, (dag, _) in zip(cases, KILLS, strict=True):
        state = stage.end(dag, case.name)
        print(f"  {case.name} {dag:6} {'; '.join(case.done):72} {state}", flush=True)
    # A create that was held back may still bring a job.
    wait("every BatchJob has a job, or has ended without one", all_submitted)
    wrong = [kills_wrong(stage, case, dag) for case, (dag, _) in zip(cases, KILLS, strict=True)]
    done = sum(len(case.planned) - len(case.strikes) for case in cases)
    second = sum(max(len(stage.jobs(case.name)) - 1, 0) for case in cases)
    print(f"{done} SIGKILLs, {len(cases)} DAG runs, {second} second jobs", flush=True)
    return [line for line in wrong if line]


def kills_wrong(stage: Stage, case: Case, dag: str) -> str | None:
    """What is not as it should be with the run, its kills, and its jobs on AWS's side."""
    state, jobs = stage.end(dag, case.name), stage.jobs(case.name)
    # Each kill of a worker costs a try. A killed triggerer costs none.
    tries, expected = stage.tries(dag, case.name), 1 + sum(s.victim != "triggerer" for s in case.planned)
    is_right = state == "success" and [job["status"] for job in jobs] == ["SUCCEEDED"] and tries >= expected
    if is_right and not case.strikes:
        return None
    found = [f"{job['name']} {job['status']}" for job in jobs]
    return f"{case.name}: {state} after {tries} of {expected} tries; jobs {found}; kills left {case.strikes}"


def asked(stage: Stage, user: Callable[[Stage], str | None]) -> str | None:
    """What is not as a user expects, if anything."""
    try:
        found = user(stage)
    except TimeoutError as error:
        found = str(error)
    print(f"  {(user.__doc__ or '').splitlines()[0]} {found or 'yes'}", flush=True)
    return found


def main() -> int:
    """Everything, and what was wrong with it."""
    begun = time.monotonic()
    relayed = relay()
    HOME.parent.mkdir(parents=True, exist_ok=True)
    config = HOME.parent / "airflow.kubeconfig"
    config.write_text(kubeconfig(relayed, rights()))
    with Airflow(HOME, config) as airflow:
        print(f"Airflow is up after {time.monotonic() - begun:.0f} s; its logs: {HOME}", flush=True)
        relayed.restart_triggerer = lambda: (airflow.kill("triggerer"), airflow.start("triggerer"))[0]
        stage = Stage(airflow, relayed, DOUBLE)
        wrong = [line for user in USERS if (line := asked(stage, user))]
        wrong += kills(stage)
    for line in wrong:
        print(f"WRONG: {line}")
    print(f"{'failed' if wrong else 'passed'} in {time.monotonic() - begun:.0f} s")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
