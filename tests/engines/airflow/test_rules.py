"""The pure half of examples/airflow: names, what the status says, and what a try does.

Run by ``cargo test --workspace --test it``, which gives the captured objects as JSON in ``CAPTURED``.
"""

from __future__ import annotations

import json
import os
import re
import unittest
from dataclasses import replace
from itertools import product
from pathlib import Path

import batchjob_rules as rules
from batchjob_rules import Attempt, decide, facts, is_hopeless, outcome, sentence

ME = Attempt("nightly", "train", "scheduled__2026-11-28T00:00:00+00:00", -1, 1, "id-1", max_tries=3)
RETRY = replace(ME, try_number=2, try_id="id-2")
CLEARED = replace(RETRY, max_tries=4)


def made(by: Attempt, end: str | None = None, ordinal: int = 1, **metadata: object) -> rules.Json:
    """A BatchJob that this try has made, and how it has ended."""
    batchjob = by.manifest(ordinal, "team", {})
    batchjob["metadata"].update(metadata)
    if end:
        finished = {"type": "Finished", "status": "True", "reason": end}
        won = int(end == "JobSucceeded")
        phase = "Unknown" if end == "JobVanished" else "Succeeded" if won else "Failed"
        batchjob["status"] = {"conditions": [finished], "phase": phase, "succeeded": won, "failed": 1 - won}
    return batchjob


def asked_to_end(batchjob: rules.Json) -> rules.Json:
    """The same, after a kill."""
    batchjob["metadata"]["annotations"][rules.ENDED_BY] = "a test"
    return batchjob


class Names(unittest.TestCase):
    """One task instance has one name, and no other one has it."""

    def test_each_is_a_label_of_at_most_52_characters(self) -> None:
        words = ("nightly", "Über.tägliche__Läufe", "-", "", "x" * 250, "a.b-c_d", "数据")
        for dag, task, ordinal in product(words, words, (1, 99)):
            name = replace(ME, dag_id=dag, task_id=task).name(ordinal)
            self.assertRegex(name, re.compile(r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?$"))
            self.assertLessEqual(len(name), 52)

    def test_a_person_can_read_whose_it_is(self) -> None:
        self.assertRegex(ME.name(1), "^nightly-train-[0-9a-f]{12}-1$")

    def test_a_retry_and_a_cleared_task_have_the_same(self) -> None:
        self.assertEqual({ME.name(1)}, {RETRY.name(1), CLEARED.name(1)})

    def test_whatever_tells_task_instances_apart_makes_another(self) -> None:
        others = ({"dag_id": "d"}, {"task_id": "t"}, {"run_id": "r"}, {"map_index": 0}, {"deployment": "b"})
        # The same words, cut elsewhere.
        others += ({"dag_id": "nightly-train", "task_id": ""}, {"dag_id": "nightly", "task_id": "-train"})
        tasks = [ME, *(replace(ME, **other) for other in others)]
        self.assertEqual(len({task.name(1) for task in tasks}), len(tasks))
        self.assertEqual(len({task.digest for task in tasks}), len(tasks))


class Decisions(unittest.TestCase):
    """What a try does with what it finds."""

    def check(self, do: str, attempt: Attempt, *found: rules.Json, ordinal: int = 0, **options: bool) -> None:
        """The decision is this one, about the last that was found."""
        decision = decide(found, attempt, **options)
        expected = None if do == "create" else found[-1]
        self.assertEqual((decision.do, decision.ordinal, decision.batchjob), (do, ordinal, expected))

    def test_the_first_try_makes_the_first(self) -> None:
        self.check("create", ME, ordinal=1)

    def test_a_try_finds_its_own_whatever_became_of_it(self) -> None:
        for end in (None, "JobSucceeded", "JobFailed", "JobVanished"):
            self.check("attach", ME, made(ME, end))

    def test_a_retry_takes_over_what_runs(self) -> None:
        self.check("attach", RETRY, made(ME))
        self.check("attach", RETRY, made(ME), restarts_when_cleared=False)

    def test_a_retry_takes_a_success_that_nobody_has_told_of(self) -> None:
        self.check("attach", RETRY, made(ME, "JobSucceeded"))

    def test_a_retry_of_a_failed_job_makes_the_next(self) -> None:
        self.check("create", RETRY, made(ME, "JobFailed"), ordinal=2)
        self.check("attach", RETRY, made(ME, "JobFailed"), made(RETRY, ordinal=2))

    def test_the_tenth_comes_after_the_ninth(self) -> None:
        found = [made(ME, "JobFailed", ordinal) for ordinal in (10, 9)]
        self.assertEqual(decide(found, RETRY).ordinal, 11)

    def test_no_retry_runs_again_what_may_still_run(self) -> None:
        self.check("attach", RETRY, made(ME, "JobVanished"))

    def test_a_cleared_task_runs_again(self) -> None:
        for end in ("JobSucceeded", "JobFailed", "JobVanished"):
            self.check("create", CLEARED, made(ME, end), ordinal=2)

    def test_a_cleared_task_ends_what_runs_or_waits_for_it(self) -> None:
        self.check("end it", CLEARED, made(ME))
        self.check("attach", CLEARED, made(ME), restarts_when_cleared=False)

    def test_nothing_is_made_beside_what_is_being_ended(self) -> None:
        for attempt in (RETRY, CLEARED):
            self.check("await its end", attempt, asked_to_end(made(ME)))
            self.check("await its end", attempt, made(ME, deletionTimestamp="2026-11-28T00:00:00Z"))
            self.check("create", attempt, asked_to_end(made(ME, "DeadlineExceeded")), ordinal=2)

    def test_a_worker_that_was_taken_for_dead_makes_nothing(self) -> None:
        for end in (None, "JobSucceeded", "JobFailed"):
            self.check("refuse", ME, made(RETRY, end))

    def test_a_dag_run_that_was_made_again_runs_again(self) -> None:
        self.check("create", replace(ME, try_id="other"), made(ME, "JobSucceeded"), ordinal=2)


class Marks(unittest.TestCase):
    """A BatchJob is of a task instance by all of its marks."""

    def test_each_mark_is_needed(self) -> None:
        self.assertTrue(rules.is_of(made(ME), CLEARED))
        self.assertFalse(rules.is_of(made(ME), replace(ME, run_id="other")))
        for mark in (rules.TASK_INSTANCE, rules.TRY, rules.TRY_ID, rules.MAX_TRIES):
            batchjob = made(ME)
            del batchjob["metadata"]["annotations"][mark]
            self.assertFalse(rules.is_of(batchjob, ME), mark)
        self.assertFalse(rules.is_of(made(ME, labels={}), ME))


class Captured(unittest.TestCase):
    """What a real operator has written on a real API server, in every state."""

    def test_the_outcome_is_that_of_the_state(self) -> None:
        captured = json.loads(Path(os.environ["CAPTURED"]).read_text())
        seen = set()
        for name, batchjob in captured.items():
            expected = {"succeeded": "succeeded", "failed": "failed", "unknown": "failed"}
            end = expected.get(name.split("-")[0], "runs")
            self.assertEqual(outcome(batchjob), end, name)
            fact = facts(batchjob, name)
            self.assertEqual(is_hopeless(fact), name == "unknown", name)
            self.assertEqual(fact["outcome"], end)
            seen.add(end)
        self.assertEqual(seen, {"runs", "succeeded", "failed"})

    def test_a_failure_is_told_with_cause_exit_code_job_and_logs(self) -> None:
        failed = json.loads(Path(os.environ["CAPTURED"]).read_text())["failed"]
        told = sentence(facts(failed, "nightly-1"))
        for word in ("nightly-1: JobFailed", "OutOfMemoryError", "exit code 137", "job 0", "logs https://"):
            self.assertIn(word, told)

    def test_what_is_not_there_is_gone(self) -> None:
        self.assertEqual(outcome(None), "gone")
        self.assertIn("was deleted", sentence(facts(None, "nightly-1")))
        self.assertEqual(outcome({"metadata": {}}), "runs")


if __name__ == "__main__":
    unittest.main()
