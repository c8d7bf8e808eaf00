"""The rules of ``BatchJobOperator``: names, what the status of a BatchJob says, what a try of a task does.

Pure: nothing here talks to Airflow or to Kubernetes.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

#: Before all labels and annotations of ours.
PREFIX = "airflow.awsbatch.dev/"
#: Label: finds the BatchJobs of one task instance.
DIGEST = PREFIX + "task-instance-digest"
#: Annotation: the task instance in full. A digest alone proves nothing.
TASK_INSTANCE = PREFIX + "task-instance"
#: Annotations: the try that looks after the BatchJob: its number, its id in Airflow, and its ``max_tries``.
TRY, TRY_ID, MAX_TRIES = PREFIX + "try", PREFIX + "try-id", PREFIX + "max-tries"
#: Annotation: a person, or Airflow, has asked to end the job.
ENDED_BY = PREFIX + "ended-by"

Json = dict[str, Any]


@dataclass(frozen=True)
class Attempt:
    """One try of one task instance, in Airflow's own words."""

    dag_id: str
    task_id: str
    run_id: str
    map_index: int
    try_number: int
    try_id: str
    #: Airflow raises it when a person clears the task, and never at a retry.
    max_tries: int
    #: Tells two installations of Airflow apart that use one namespace.
    deployment: str = ""

    @property
    def task_instance(self) -> str:
        """What stays the same over all tries."""
        parts = {"dag": self.dag_id, "task": self.task_id, "run": self.run_id, "map": self.map_index}
        return json.dumps({"deployment": self.deployment, **parts})

    @property
    def digest(self) -> str:
        """The same, as the value of a label."""
        return hashlib.sha256(self.task_instance.encode()).hexdigest()[:40]

    def name(self, ordinal: int) -> str:
        """The name of the BatchJob with this ordinal: a DNS label of at most 52 characters.

        The ordinal counts BatchJobs, not tries. Two workers that believe to be first therefore ask for the
        same name, and the API server lets one of them in.
        """
        words = re.sub("[^a-z0-9]+", "-", f"{self.dag_id}-{self.task_id}".lower()).strip("-")[:32].strip("-")
        return f"{words or 'task'}-{self.digest[:12]}-{ordinal}"

    def marks(self) -> dict[str, str]:
        """The annotations that say which try looks after a BatchJob."""
        return {TRY: str(self.try_number), TRY_ID: self.try_id, MAX_TRIES: str(self.max_tries)}

    def manifest(self, ordinal: int, namespace: str, spec: Json) -> Json:
        """The BatchJob with this ordinal."""
        metadata = {
            "name": self.name(ordinal),
            "namespace": namespace,
            "labels": {DIGEST: self.digest},
            "annotations": {TASK_INSTANCE: self.task_instance, **self.marks()},
        }
        return {"apiVersion": "awsbatch.dev/v1alpha1", "kind": "BatchJob", "metadata": metadata, "spec": spec}


def annotations(batchjob: Json) -> dict[str, str]:
    """Those of the object; it may have none."""
    return batchjob["metadata"].get("annotations") or {}


def is_of(batchjob: Json, attempt: Attempt) -> bool:
    """Whether it is one of the task instance, and bears all marks."""
    marks, labels = annotations(batchjob), batchjob["metadata"].get("labels") or {}
    is_marked = all(mark in marks for mark in (TRY, TRY_ID, MAX_TRIES))
    return (
        is_marked
        and labels.get(DIGEST) == attempt.digest
        and marks.get(TASK_INSTANCE) == attempt.task_instance
    )


def ordinal(batchjob: Json) -> int:
    """The number at the end of its name."""
    return int(batchjob["metadata"]["name"].rsplit("-", 1)[-1])


Outcome = Literal["runs", "succeeded", "failed", "gone"]


def outcome(batchjob: Json | None) -> Outcome:
    """What became of it. An end is final: the condition ``Finished`` tells every end, whatever caused it."""
    if batchjob is None:
        return "gone"
    status = batchjob.get("status") or {}
    conditions = status.get("conditions") or []
    if not any(c["type"] == "Finished" and c["status"] == "True" for c in conditions):
        return "runs"
    return "succeeded" if status.get("succeeded") == 1 else "failed"


def facts(batchjob: Json | None, name: str) -> Json:
    """What a trigger tells its task, and the task tells a person."""
    status = (batchjob or {}).get("status") or {}
    finished = (c["reason"] for c in status.get("conditions") or [] if c["type"] == "Finished")
    return {
        "outcome": outcome(batchjob),
        "name": name,
        "cause": next(finished, None),
        "reason": status.get("reason"),
        "phase": status.get("phase"),
        "exitCode": status.get("exitCode"),
        "jobId": status.get("jobId"),
        "logs": (status.get("logs") or {}).get("url"),
        "console": status.get("consoleURL"),
    }


def is_hopeless(fact: Json) -> bool:
    """Whether another try cannot help, or could run a job twice: nobody knows what became of the first."""
    return fact["phase"] == "Unknown" or fact["cause"] == "InvalidSpec"


def sentence(fact: Json) -> str:
    """An end that is no success, in one line."""
    if fact["outcome"] == "gone":
        return f"BatchJob {fact['name']} is gone: it was deleted before its end was seen"
    told = [f"BatchJob {fact['name']}: {fact['cause']}", fact["reason"]]
    told += [f"{what} {fact[key]}" for what, key in _TOLD if fact[key] is not None]
    return "; ".join(str(part) for part in told if part)


_TOLD = (("exit code", "exitCode"), ("job", "jobId"), ("logs", "logs"))


@dataclass(frozen=True)
class Decision:
    """What a try does next, with which BatchJob, or with which ordinal."""

    do: Literal["create", "attach", "await its end", "end it", "refuse"]
    batchjob: Json | None = None
    ordinal: int = 0

    def name(self, attempt: Attempt) -> str:
        """Of the BatchJob that it is about."""
        return self.batchjob["metadata"]["name"] if self.batchjob else attempt.name(self.ordinal)


def decide(batchjobs: Iterable[Json], attempt: Attempt, restarts_when_cleared: bool = True) -> Decision:
    """What this try does, given all BatchJobs of its task instance.

    There is never more than one that has not ended: the next is created when the one before has ended.
    """
    last = max(batchjobs, key=ordinal, default=None)
    if last is None:
        return Decision("create", ordinal=1)
    following = Decision("create", ordinal=ordinal(last) + 1)
    marks, ended = annotations(last), outcome(last) != "runs"
    try_number, same_round = int(marks[TRY]), marks[MAX_TRIES] == str(attempt.max_tries)
    if not ended and (ENDED_BY in marks or "deletionTimestamp" in last["metadata"]):
        return Decision("await its end", last)
    if try_number > attempt.try_number:
        return Decision("refuse", last)
    if not ended:
        return Decision("end it" if restarts_when_cleared and not same_round else "attach", last)
    if try_number == attempt.try_number:
        # Another id: the DAG run was deleted, and made again under the same run id.
        return Decision("attach", last) if marks[TRY_ID] == attempt.try_id else following
    # A try of this round was killed before it could tell Airflow of this end.
    is_untold = same_round and (outcome(last) == "succeeded" or last["status"].get("phase") == "Unknown")
    return Decision("attach", last) if is_untold else following
