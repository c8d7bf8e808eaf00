"""A night's work: prepare the data, then train one model for each region, each an AWS Batch job."""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import DAG
from batchjob import BatchJobOperator

#: Longer than all tries of a task together: a retry must find the BatchJob of the try before.
A_WEEK = 7 * 24 * 3600


def spec(definition: str, **members: object) -> dict[str, object]:
    """What all jobs of this DAG share, and what differs."""
    common = {"jobQueue": "HighPriority", "ttlSecondsAfterFinished": A_WEEK, "submitDeadlineSeconds": 3600}
    return {**common, "jobDefinition": definition, **members}


with DAG(
    dag_id="nightly",
    schedule=None,
    # A killed worker costs a try, and no job: allow some.
    default_args={"namespace": "team", "retries": 3, "retry_delay": timedelta(minutes=1)},
):
    prepare = BatchJobOperator(
        task_id="prepare", spec=spec("prepare", parameters={"day": "{{ dag_run.run_after | ds }}"})
    )
    train = BatchJobOperator.partial(task_id="train", execution_timeout=timedelta(hours=6)).expand(
        spec=[
            spec("train", containerOverrides={"environment": [{"name": "REGION", "value": region}]})
            for region in ("north", "south")
        ]
    )
    prepare >> train
