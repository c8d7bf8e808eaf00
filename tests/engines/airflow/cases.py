"""The moments at which workers and triggerers are killed: two DAGs, each call, before it and after it."""

from __future__ import annotations

from relay import Strike

#: DAG, and the kills of one run. "task" is the process of the task alone, "worker" its supervisor too.
KILLS: tuple[tuple[str, tuple[Strike, ...]], ...] = (
    # Before the create, on both sides of the look for what is there.
    ("waits", (Strike("list", "before", "task"),)),
    ("waits", (Strike("list", "answered", "worker"),)),
    ("waits", (Strike("create", "before", "task"),)),
    ("waits", (Strike("create", "before", "worker"),)),
    ("defers", (Strike("list", "answered", "task"),)),
    ("defers", (Strike("create", "before", "worker"),)),
    # The object is there, and nobody has recorded it.
    ("waits", (Strike("create", "answered", "task"),)),
    ("waits", (Strike("create", "answered", "worker"),)),
    ("defers", (Strike("create", "answered", "task"),)),
    ("defers", (Strike("create", "answered", "worker"),)),
    # The create of a killed worker arrives when the next try has looked, or has created.
    ("waits", (Strike("create", "late", "task"),)),
    ("waits", (Strike("create", "very late", "worker"),)),
    ("defers", (Strike("create", "late", "worker"),)),
    ("defers", (Strike("create", "very late", "task"),)),
    # While it waits on a worker.
    ("waits", (Strike("look", "before", "task"),)),
    ("waits", (Strike("look", "before", "worker", nth=4),)),
    # Two tries are killed: the second one while it takes over what the first has made.
    ("waits", (Strike("create", "answered", "task"), Strike("mark", "before", "task"))),
    ("waits", (Strike("look", "answered", "task", nth=2), Strike("mark", "answered", "worker"))),
    ("defers", (Strike("create", "answered", "task"), Strike("mark", "answered", "task"))),
    # While it is deferred; and a triggerer that is killed again.
    ("defers", (Strike("look", "before", "triggerer"),)),
    ("defers", (Strike("look", "answered", "triggerer", nth=3), Strike("look", "before", "triggerer"))),
)
