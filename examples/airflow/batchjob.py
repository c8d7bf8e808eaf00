"""``BatchJobOperator``: a task of Airflow that is one AWS Batch job, also when workers are killed.

Put this file and the two ``batchjob_*.py`` beside it into Airflow's plugins folder. README.md tells the rest.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from typing import Any

from airflow.sdk import BaseOperator, Context
from airflow.sdk.exceptions import AirflowException, AirflowFailException, TaskDeferralTimeout
from airflow.triggers.base import BaseTrigger, TriggerEvent
from batchjob_api import BatchJobs, Place, check, pointer, shared
from batchjob_rules import (
    TRY_ID,
    Attempt,
    Json,
    annotations,
    decide,
    facts,
    is_hopeless,
    outcome,
    sentence,
)

REFUSED = (
    "BatchJob {} belongs to a later try of this task instance than {}. "
    "If its DAG run was deleted, and made again under the same run id, delete the BatchJob"
)


class BatchJobTrigger(BaseTrigger):
    """Fires at the end of a BatchJob. A triggerer that is killed loses nothing: the next one looks on."""

    def __init__(
        self,
        *,
        place: Sequence[str | None],
        name: str,
        uid: str,
        version: str,
        try_id: str,
        poll_seconds: float,
        ends_job_on_kill: bool,
    ) -> None:
        super().__init__()
        self.place, self.name, self.uid, self.version = Place(*place), name, uid, version
        self.try_id, self.poll_seconds, self.ends_job_on_kill = try_id, poll_seconds, ends_job_on_kill

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """What another triggerer needs in order to look on."""
        members = ("place", "name", "uid", "version", "try_id", "poll_seconds", "ends_job_on_kill")
        values = {member: getattr(self, member) for member in members}
        return "batchjob.BatchJobTrigger", {**values, "place": list(self.place)}

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Looks until the end."""
        seen: Json | None = {
            "metadata": {"name": self.name, "uid": self.uid, "resourceVersion": self.version}
        }
        while outcome(seen := await asyncio.to_thread(shared(self.place).look, seen)) == "runs":
            await asyncio.sleep(self.poll_seconds)
        yield TriggerEvent(facts(seen, self.name))

    async def on_kill(self) -> None:
        """A person has marked or cleared the deferred task. Airflow calls this since 3.3."""
        if self.ends_job_on_kill:
            who = "the task was marked or cleared while it was deferred"
            await asyncio.to_thread(shared(self.place).end, self.name, self.try_id, who)


class BatchJobOperator(BaseOperator):
    """Makes a BatchJob, waits for its end, and answers the id of the AWS Batch job.

    :param spec: the spec of the BatchJob, as in a manifest; templated
    :param namespace: where the BatchJob is; templated
    :param deployment: tells two installations of Airflow apart that use one namespace
    :param config_file: a kubeconfig; without both this and the next the service account of Airflow's pod, and
        outside of a pod what ``KUBECONFIG`` names
    :param cluster_context: a context of the kubeconfig
    :param deferrable: waits in the triggerer, and needs no worker meanwhile
    :param poll_seconds: the pause between two looks
    :param ends_job_on_kill: whether the job ends when Airflow ends the task before its time
    :param restarts_when_cleared: what a cleared task does with a job that still runs: True ends the job and
        makes another, False waits for it
    """

    template_fields: Sequence[str] = ("spec", "namespace")
    template_fields_renderers = {"spec": "json"}  # noqa: RUF012
    ui_color = "#fde8d0"

    def __init__(
        self,
        *,
        spec: Json,
        namespace: str,
        deployment: str = "",
        config_file: str | None = None,
        cluster_context: str | None = None,
        deferrable: bool = True,
        poll_seconds: float = 5,
        ends_job_on_kill: bool = True,
        restarts_when_cleared: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.spec, self.namespace, self.deployment = spec, namespace, deployment
        self.config_file, self.cluster_context = config_file, cluster_context
        self.deferrable, self.poll_seconds = deferrable, poll_seconds
        self.ends_job_on_kill, self.restarts_when_cleared = ends_job_on_kill, restarts_when_cleared
        self._held: tuple[str, str] | None = None
        self._is_killed = False

    @property
    def _place(self) -> Place:
        return Place(self.namespace, self.config_file, self.cluster_context)

    def execute(self, context: Context) -> str | None:
        """Finds or makes the BatchJob of this try, and waits for its end."""
        attempt, jobs = self._attempt(context), BatchJobs(self._place)
        while True:
            decision = decide(jobs.of(attempt), attempt, self.restarts_when_cleared)
            self.log.info("%s: %s", decision.do, decision.name(attempt))
            match decision.do:
                case "create":
                    batchjob = self._create(jobs, attempt, decision.ordinal)
                case "attach":
                    batchjob = self._attach(jobs, attempt, decision.batchjob)
                case "end it":
                    held_by, who = annotations(decision.batchjob)[TRY_ID], f"try {attempt.try_number}"
                    jobs.end(decision.name(attempt), held_by, f"{who}, of a task that was cleared")
                    batchjob = None
                case "await its end":
                    self._wait(jobs, decision.batchjob, attempt, "execute_again")
                    batchjob = None
                case _:
                    raise AirflowFailException(REFUSED.format(decision.name(attempt), attempt.try_number))
            if batchjob:
                return self._finish(self._wait(jobs, batchjob, attempt, "execute_complete"))
            time.sleep(1)

    def _attempt(self, context: Context) -> Attempt:
        ti = context["ti"]
        where = (ti.dag_id, ti.task_id, ti.run_id, -1 if ti.map_index is None else ti.map_index)
        return Attempt(*where, ti.try_number, str(ti.id), ti.max_tries, self.deployment)

    def _create(self, jobs: BatchJobs, attempt: Attempt, ordinal: int) -> Json | None:
        name = attempt.name(ordinal)
        # Before the call: a kill may come before its answer.
        self._held = (name, attempt.try_id)
        batchjob = jobs.create(attempt.manifest(ordinal, self.namespace, self.spec))
        if self._is_killed:
            self.on_kill()
        if batchjob is None:
            found = jobs.get(name)
            if found:
                check(found, attempt)
        return batchjob

    def _attach(self, jobs: BatchJobs, attempt: Attempt, batchjob: Json) -> Json | None:
        """Looks after it from now on, in place of an earlier try; ``None``: it has changed hands since."""
        name, held_by = batchjob["metadata"]["name"], annotations(batchjob)[TRY_ID]
        if held_by != attempt.try_id and outcome(batchjob) == "runs":
            marks = {pointer(mark): value for mark, value in attempt.marks().items()}
            batchjob = jobs.mark(name, held_by, marks)
        self._held = (name, attempt.try_id)
        return batchjob

    def _wait(self, jobs: BatchJobs, batchjob: Json, attempt: Attempt, resume_by: str) -> Json:
        """What is told of its end; with a triggerer that is the task's next call."""
        metadata, seen = batchjob["metadata"], batchjob
        if self.deferrable and outcome(seen) == "runs":
            trigger = BatchJobTrigger(
                place=list(self._place),
                name=metadata["name"],
                uid=metadata["uid"],
                version=metadata["resourceVersion"],
                try_id=attempt.try_id,
                poll_seconds=self.poll_seconds,
                ends_job_on_kill=self.ends_job_on_kill,
            )
            self.defer(trigger=trigger, method_name=resume_by, timeout=self.execution_timeout)
        while outcome(seen) == "runs":
            time.sleep(self.poll_seconds)
            seen = jobs.look(seen)
        return facts(seen, metadata["name"])

    def execute_complete(self, context: Context, event: Json) -> str | None:
        """Goes on when the trigger has told of the end."""
        return self._finish(event)

    def execute_again(self, context: Context, event: Json) -> str | None:
        """Goes on when a BatchJob of an earlier try has ended."""
        return self.execute(context)

    def _finish(self, fact: Json) -> str | None:
        if fact["outcome"] == "succeeded":
            self.log.info("BatchJob %s succeeded; job %s", fact["name"], fact["jobId"])
            return fact["jobId"]
        raise (AirflowFailException if is_hopeless(fact) else AirflowException)(sentence(fact))

    def on_kill(self) -> None:
        """Ends the job. Airflow calls this when it ends the task's process, and at ``execution_timeout``."""
        self._is_killed = True
        if self._held and self.ends_job_on_kill:
            name, try_id = self._held
            # A client of its own: the signal may have come amid a call of the other one.
            if not BatchJobs(self._place).end(name, try_id, "Airflow ended the task"):
                self.log.info("BatchJob %s is not there, or another try looks after it: left alone", name)

    def resume_execution(self, next_method: str, next_kwargs: Json | None, context: Context) -> Any:
        """Ends the job also at an ``execution_timeout`` that has passed in the triggerer."""
        try:
            return super().resume_execution(next_method, next_kwargs, context)
        except TaskDeferralTimeout:
            attempt = self._attempt(context)
            held = [b for b in BatchJobs(self._place).of(attempt) if annotations(b)[TRY_ID] == attempt.try_id]
            for batchjob in held:
                self._held = (batchjob["metadata"]["name"], attempt.try_id)
                self.on_kill()
            raise
