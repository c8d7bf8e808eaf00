"""The DAGs of the proof: one task each, which waits on a worker or in the triggerer."""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import DAG
from batchjob import BatchJobOperator

SETTINGS = {
    "waits": {"deferrable": False, "retries": 5},
    "defers": {"retries": 5},
    "waits-once": {"deferrable": False},
    "defers-once": {},
    "defers-shortly": {"execution_timeout": timedelta(seconds=8)},
    "waits-on": {"deferrable": False, "restarts_when_cleared": False},
}

for name, settings in SETTINGS.items():
    with DAG(dag_id=name, schedule=None, max_active_runs=100, max_active_tasks=100) as dag:
        BatchJobOperator(
            task_id="work",
            namespace="team",
            spec={
                "jobQueue": "q",
                "jobDefinition": "{{ dag_run.conf['definition'] }}",
                # From AWS's side a job is that of a DAG run by this tag alone.
                "tags": {"dag-run": "{{ run_id }}"},
            },
            poll_seconds=1,
            retry_delay=timedelta(seconds=1),
            **settings,
        )
    globals()[name] = dag
