"""A real Airflow on loopback: API server, scheduler with its workers, and triggerer, on SQLite.

The DAGs are read once, so that no process reads them again and again.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
EXAMPLE = HERE.parents[2] / "examples/airflow"

#: Runs a program, and ends its whole group when the pipe closes: with us, however we end.
TETHER = """
exec 3<&0 </dev/null
"$@" 3<&- & program=$!
( read -r _ <&3; kill -KILL 0 ) &
wait $program
"""

#: What is waited for comes in this time, or never.
LIMIT = 300


def wait(what: str, is_there: Callable[[], Any], limit: float = LIMIT) -> Any:
    """What it answers, once that is true; an error names what was waited for."""
    end = time.monotonic() + limit
    while not (answer := is_there()):
        if time.monotonic() > end:
            raise TimeoutError(f"not within {limit:.0f} s: {what}")
        time.sleep(0.2)
    return answer


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def call(method: str, url: str, body: Any = None, token: str | None = None) -> Any:
    """What an HTTP server answers, as JSON."""
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read() or b"null")
    except urllib.error.HTTPError as error:
        raise RuntimeError(f"{method} {url}: {error.code} {error.read().decode()}") from error


class Airflow:
    """Its processes, which end with the block."""

    def __init__(self, home: Path, kubeconfig: Path) -> None:
        self.home, self.port = home, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.token: str | None = None
        # Airflow finds the operator in its plugins folder, and nowhere else.
        paths = [path for path in os.environ["PYTHONPATH"].split(":") if Path(path) != EXAMPLE]
        mine = {"KUBECONFIG": str(kubeconfig), "PYTHONPATH": ":".join(paths)}
        self.env = {**os.environ, **settings(home, self.port), **mine}

    def __enter__(self) -> Airflow:
        shutil.rmtree(self.home, ignore_errors=True)
        for folder, sources in (("plugins", EXAMPLE.glob("batchjob*.py")), ("dags", dags())):
            (self.home / folder).mkdir(parents=True)
            for source in sources:
                shutil.copy(source, self.home / folder)
        try:
            self.run("db", "migrate")
            self.run("dags", "reserialize")
            self.start("api-server", "--port", str(self.port), "--workers", "1")
            wait("Airflow's API server listens", self._listens)
            self.token = call("GET", f"{self.url}/auth/token")["access_token"]
            self.start("scheduler")
            self.start("triggerer")
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Ends all processes and what they have started."""
        for name in list(self.processes):
            self.kill(name)

    def run(self, *arguments: str) -> None:
        """A command that ends by itself."""
        log = self.home / f"{'-'.join(arguments)}.log"
        with log.open("wb") as output:
            ended = subprocess.run(
                command(arguments), env=self.env, stdout=output, stderr=output, check=False
            )
        if ended.returncode:
            raise RuntimeError(f"airflow {' '.join(arguments)} failed:\n{log.read_text()[-3000:]}")

    def start(self, name: str, *arguments: str) -> None:
        """A process in a group of its own, so that it can be ended with its children."""
        output = (self.home / f"{name}.log").open("ab")
        tethered = ["sh", "-c", TETHER, "sh", *command((name, *arguments))]
        streams = {"stdin": subprocess.PIPE, "stdout": output, "stderr": output}
        self.processes[name] = subprocess.Popen(tethered, env=self.env, start_new_session=True, **streams)

    def kill(self, name: str) -> None:
        """SIGKILL for the process and its children."""
        process = self.processes.pop(name)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def check(self) -> None:
        """An error when a process has ended by itself."""
        for name, process in self.processes.items():
            if process.poll() is not None:
                raise RuntimeError(f"airflow {name} has ended; its log: {self.home / name}.log")

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """Airflow's REST API."""
        return call(method, f"{self.url}/api/v2{path}", body, self.token)

    def _listens(self) -> bool:
        self.check()
        with socket.socket() as client:
            return client.connect_ex(("127.0.0.1", self.port)) == 0


def dags() -> list[Path]:
    """The example, and those of the proof."""
    return [EXAMPLE / "example_dag.py", HERE / "proof_dags.py"]


def command(arguments: tuple[str, ...]) -> list[str]:
    """Of the Airflow that this Python imports."""
    return [sys.executable, "-m", "airflow", *arguments]


def settings(home: Path, port: int) -> dict[str, str]:
    """Short pauses, so that what takes Airflow minutes takes it seconds here."""
    options = {
        "core": {
            "dags_folder": home / "dags",
            "plugins_folder": home / "plugins",
            "executor": "LocalExecutor",
            # Each run that waits on a worker has one.
            "parallelism": 16,
            "load_examples": False,
            "dags_are_paused_at_creation": False,
            "simple_auth_manager_all_admins": True,
            "max_active_tasks_per_dag": 32,
        },
        "database": {"sql_alchemy_conn": f"sqlite:///{home}/airflow.db"},
        "api": {"base_url": f"http://127.0.0.1:{port}", "host": "127.0.0.1"},
        "api_auth": {"jwt_secret": "only for processes on loopback, for as long as the proof"},
        "logging": {"base_log_folder": home / "logs"},
        "scheduler": {
            "task_instance_heartbeat_timeout": 20,
            "task_instance_heartbeat_timeout_detection_interval": 3,
            "enable_health_check": False,
        },
        "workers": {"min_heartbeat_interval": 3},
        "triggerer": {"job_heartbeat_sec": 2, "triggerer_health_check_threshold": 8},
    }
    named = {
        f"AIRFLOW__{section}__{option}".upper(): str(value)
        for section, members in options.items()
        for option, value in members.items()
    }
    return {"AIRFLOW_HOME": str(home), "PYTHONDONTWRITEBYTECODE": "1", **named}
