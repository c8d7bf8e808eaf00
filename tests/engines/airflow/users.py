"""What people do with tasks: mark, clear, retry. And the example, as it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from batchjob_rules import Attempt
from relay import Case, Relay, Strike
from stand import Airflow, call, wait

Jobs = list[dict[str, Any]]

#: In milliseconds. A job that runs so long ends when the proof says so.
AN_HOUR = 3_600_000


class Stage:
    """DAG runs on Airflow's side, jobs on AWS's."""

    def __init__(self, airflow: Airflow, relay: Relay, double: str) -> None:
        self.airflow, self._relay, self._double = airflow, relay, double

    def behave(self, definition: str, **behaviour: Any) -> None:
        """How jobs of this definition run in the fake of AWS Batch, from now on."""
        call("PUT", f"{self._double}/control/behaviour/{definition}", behaviour)

    def let_an_hour_pass(self) -> None:
        """On AWS's side: jobs that run an hour have ended."""
        call("PUT", f"{self._double}/control/advance", AN_HOUR)

    def trigger(self, dag: str, run: str, definition: str, kills: tuple[Strike, ...] = ()) -> Case:
        """Starts a run with this job definition; the relay kills it as said."""
        key = Attempt(dag, "work", run, -1, 1, "", 0).digest[:12]
        case = Case(run, key, kills)
        self._relay.cases.append(case)
        body = {"dag_run_id": run, "logical_date": None, "conf": {"definition": definition}}
        self.airflow.ask("POST", f"/dags/{dag}/dagRuns", body)
        return case

    def state(self, dag: str, run: str, task: str | None = None) -> str | None:
        """Of the run, or of a task of it."""
        self.airflow.check()
        path = f"/dags/{dag}/dagRuns/{run}" + (f"/taskInstances/{task}" if task else "")
        return self.airflow.ask("GET", path)["state"]

    def tries(self, dag: str, run: str) -> int:
        """How many the task of the run has had."""
        return self.airflow.ask("GET", f"/dags/{dag}/dagRuns/{run}/taskInstances/work")["try_number"]

    def end(self, dag: str, run: str) -> str:
        """How the run has ended."""
        ends = ("success", "failed")
        return wait(f"{dag} {run} ends", lambda: (s := self.state(dag, run)) in ends and s)

    def mark(self, dag: str, run: str, state: str) -> None:
        """Marks the task, as a person does."""
        path = f"/dags/{dag}/dagRuns/{run}/taskInstances/work"
        self.airflow.ask("PATCH", path, {"new_state": state})

    def clear(self, dag: str, run: str) -> None:
        """Clears the task, as a person does who wants it to run again."""
        body = {"dry_run": False, "dag_run_id": run, "task_ids": ["work"], "only_failed": False}
        self.airflow.ask("POST", f"/dags/{dag}/clearTaskInstances", body)

    def jobs(self, run: str) -> Jobs:
        """All jobs of the run that AWS has ever accepted, in order."""
        jobs = [j for j in self.all_jobs() if j["tags"].get("dag-run") == run]
        return sorted(jobs, key=lambda job: job["createdAt"])

    def all_jobs(self) -> Jobs:
        """Of whomever, that AWS has ever accepted."""
        return call("GET", f"{self._double}/control/jobs")

    def runs(self, run: str) -> bool:
        """Whether the run has jobs, and all of them are running."""
        return {job["status"] for job in self.jobs(run)} == {"RUNNING"}

    def wait_for_job(self, run: str, status: str, nth: int = 1) -> None:
        """Until the run's job of this number is in this state."""
        wait(
            f"{run}: job {nth} is {status}",
            lambda: [j["status"] for j in self.jobs(run)][nth - 1 :] == [status],
        )


def ends_when_marked_on_a_worker(stage: Stage) -> str | None:
    """Marked failed while it waits on a worker: does the job end?"""
    return _ends_when_marked(stage, "waits-once", "marked-waiting")


def ends_when_marked_while_deferred(stage: Stage) -> str | None:
    """Marked failed while it is deferred: does the job end?"""
    return _ends_when_marked(stage, "defers-once", "marked-deferred")


def _ends_when_marked(stage: Stage, dag: str, run: str) -> str | None:
    _start_endless(stage, dag, run)
    stage.mark(dag, run, "failed")
    stage.wait_for_job(run, "FAILED")
    return None if stage.jobs(run)[0]["isTerminated"] else f"{run}: the job was not terminated"


def _start_endless(stage: Stage, dag: str, run: str) -> None:
    """Until it waits: Airflow does not tell a trigger that it has not started yet."""
    stage.behave("endless", runningMs=AN_HOUR)
    case = stage.trigger(dag, run, "endless")
    stage.wait_for_job(run, "RUNNING")
    wait(f"{run} waits", lambda: case.is_waiting(dag.startswith("defers")))


def cleared_while_deferred(stage: Stage) -> str | None:
    """Cleared while it is deferred: does the first job end, and one other run?"""
    run = "cleared-deferred"
    _start_endless(stage, "defers", run)
    stage.behave("endless", runningMs=500)
    stage.clear("defers", run)
    return _came_to(stage, "defers", run, "success", ["FAILED", "SUCCEEDED"])


def cleared_while_it_waits(stage: Stage) -> str | None:
    """Cleared while it waits on a worker: does the first job end, and one other run?"""
    run = "cleared-waiting"
    _start_endless(stage, "waits", run)
    stage.behave("endless", runningMs=500)
    stage.clear("waits", run)
    return _came_to(stage, "waits", run, "success", ["FAILED", "SUCCEEDED"])


def execution_timeout_while_deferred(stage: Stage) -> str | None:
    """At its execution_timeout while it is deferred: does the job end?"""
    _start_endless(stage, "defers-shortly", "timed-out")
    return _came_to(stage, "defers-shortly", "timed-out", "failed", ["FAILED"])


def cleared_after_its_worker_was_killed(stage: Stage) -> str | None:
    """Failed as its worker was killed, then cleared: does the first job end, and one other run?"""
    _lose_worker(stage, "waits-once", "restarted")
    stage.behave("endless", runningMs=500)
    stage.clear("waits-once", "restarted")
    wait("a try follows", lambda: stage.tries("waits-once", "restarted") > 1)
    return _came_to(stage, "waits-once", "restarted", "success", ["FAILED", "SUCCEEDED"])


def found_after_its_worker_was_killed(stage: Stage) -> str | None:
    """The same with restarts_when_cleared=False: does it find its job, which still runs?"""
    case = _lose_worker(stage, "waits-on", "found")
    stage.clear("waits-on", "found")
    wait("the next try waits", case.is_waiting)
    stage.let_an_hour_pass()
    return _came_to(stage, "waits-on", "found", "success", ["SUCCEEDED"])


def _lose_worker(stage: Stage, dag: str, run: str) -> Case:
    """Until the task has failed, and its job runs on."""
    stage.behave("endless", runningMs=AN_HOUR)
    case = stage.trigger(dag, run, "endless", (Strike("look", "before", "task", nth=2),))
    stage.end(dag, run)
    stage.wait_for_job(run, "RUNNING")
    return case


def cleared_after_success(stage: Stage) -> str | None:
    """Cleared after a success: does another job run?"""
    run = "cleared-success"
    stage.trigger("waits", run, "quick")
    stage.end("waits", run)
    stage.clear("waits", run)
    wait(f"{run} runs again", lambda: len(stage.jobs(run)) > 1)
    return _came_to(stage, "waits", run, "success", ["SUCCEEDED", "SUCCEEDED"])


def failing_job(stage: Stage) -> str | None:
    """A failing job without retries: does the task fail, with one job?"""
    stage.behave("broken", exitCode=3)
    stage.trigger("defers-once", "failing", "broken")
    return _came_to(stage, "defers-once", "failing", "failed", ["FAILED"])


def retry_after_a_failed_job(stage: Stage) -> str | None:
    """A job that fails, with retries: is there one job for each try?"""
    stage.behave("flaky", exitCode=3)
    stage.trigger("waits", "retried", "flaky")
    wait("the first job has failed", lambda: [j["status"] for j in stage.jobs("retried")][:1] == ["FAILED"])
    stage.behave("flaky", exitCode=0)
    return _came_to(stage, "waits", "retried", "success", ["FAILED", "SUCCEEDED"])


def example(stage: Stage) -> str | None:
    """The DAG of the example: three jobs, and their ids as XCom?"""
    known = {job["id"] for job in stage.all_jobs()}
    stage.trigger("nightly", "example", "none")
    state = stage.end("nightly", "example")
    path = "/dags/nightly/dagRuns/example/taskInstances/prepare/xcomEntries/return_value"
    told = stage.airflow.ask("GET", path)["value"]
    jobs = [job for job in stage.all_jobs() if job["id"] not in known]
    prepare = [job["id"] for job in jobs if job["name"].startswith("nightly-prepare-")]
    if (state, len(jobs), prepare) != ("success", 3, [told]):
        return f"example: {state}, jobs {[job['name'] for job in jobs]}, XCom {told}"
    return None


def _came_to(stage: Stage, dag: str, run: str, state: str, statuses: list[str]) -> str | None:
    """Nothing, if the run and its jobs have ended so."""
    ended, jobs = stage.end(dag, run), stage.jobs(run)
    if (ended, [job["status"] for job in jobs]) == (state, statuses):
        return None
    return f"{run}: {ended}, jobs {[job['status'] for job in jobs]}"


USERS: tuple[Callable[[Stage], str | None], ...] = (
    ends_when_marked_on_a_worker,
    ends_when_marked_while_deferred,
    cleared_while_deferred,
    cleared_while_it_waits,
    execution_timeout_while_deferred,
    cleared_after_its_worker_was_killed,
    cleared_after_success,
    failing_job,
    retry_after_a_failed_job,
    example,
    # The last one: it lets an hour pass on AWS's side, and deadlines count from the times of AWS.
    found_after_its_worker_was_killed,
)
