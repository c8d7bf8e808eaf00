"""Stands between Airflow and the API server of Kubernetes, and strikes at the moment that a case names.

The relay sees each call before the API server does, and each answer before Airflow does. So it can kill the
process that calls: before its call, or between the call and the answer. It can also hold the call of a killed
process back.
"""

from __future__ import annotations

import base64
import http.client
import json
import ssl
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal
from urllib.parse import unquote, urlsplit

import psutil

#: Longer than any pause of Airflow's here, in seconds.
LONG = 120

Verb = Literal["list", "create", "mark", "look", "get"]


@dataclass(frozen=True)
class Strike:
    """One kill: at which call, the how manieth of its kind, when, and of whom."""

    verb: Verb
    moment: Literal["before", "answered", "late", "very late"]
    #: The task's process alone; the process that supervises it too; the whole triggerer.
    victim: Literal["task", "worker", "triggerer"]
    nth: int = 1


@dataclass
class Case:
    """The strikes at the calls of one task instance, one after the other."""

    name: str
    key: str
    planned: tuple[Strike, ...]
    done: list[str] = field(default_factory=list)
    strikes: list[Strike] = field(init=False)
    #: The calls since the last kill, and whether a triggerer made them.
    calls: list[tuple[Verb, bool]] = field(default_factory=list)
    _seen: int = 0
    #: Whose call is held back.
    held: Strike | None = None
    #: The next create has come, and has been answered; the call that was held back has been answered.
    _next_create: threading.Event = field(default_factory=threading.Event)
    _next_created: threading.Event = field(default_factory=threading.Event)
    _late_answered: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        """All of them are still to come."""
        self.strikes = list(self.planned)

    def strike_at(self, verb: Verb, is_triggerer: bool) -> Strike | None:
        """The strike that this call brings, if it is the one."""
        self.calls.append((verb, is_triggerer))
        strike = self.strikes[0] if self.strikes else None
        if strike is None or strike.verb != verb or (strike.victim == "triggerer") != is_triggerer:
            return None
        self._seen += 1
        if self._seen < strike.nth:
            return None
        self._seen = 0
        self.calls.clear()
        return self.strikes.pop(0)

    def is_waiting(self, is_triggerer: bool | None = None) -> bool:
        """Whether all kills are done, and a process, or one of that kind, waits for the end of the job."""
        kinds = (True, False) if is_triggerer is None else (is_triggerer,)
        is_sent = self.held is None or self._late_answered.is_set()
        return not self.strikes and is_sent and any(("look", kind) in self.calls for kind in kinds)

    def hold_back(self, strike: Strike, forward: Callable[[], Any]) -> None:
        """Sends the call of the dead when the next try is about to create, or when it has created."""
        self._next_create.wait(LONG)
        if strike.moment == "very late":
            self._next_created.wait(LONG)
        forward()
        self.done.append(f"and its call sent on {strike.moment}")
        self._late_answered.set()

    def let_the_dead_go_first(self) -> None:
        """Where a create of a killed process is held back, another one of the same task has come."""
        self._next_create.set()
        if self.held and self.held.moment == "late":
            self._late_answered.wait(LONG)

    def has_created(self) -> None:
        """A create has been answered, so a call that is held back comes too late."""
        self._next_created.set()


class Server(ThreadingHTTPServer):
    """Callers that die are no news here."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Tells of everything else."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class Relay:
    """Plain HTTP on loopback. What it sends on goes to the API server by TLS, with the caller's token."""

    def __init__(self, server: str, authority: str) -> None:
        self.cases: list[Case] = []
        self.restart_triggerer: Callable[[], None] = lambda: None
        self._lock = threading.Lock()
        self._host = urlsplit(server).netloc
        self._tls = ssl.create_default_context(cadata=base64.b64decode(authority).decode())
        relay = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _handle(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                answer = relay.pass_on(self, body)
                if answer is None:
                    self.close_connection = True
                    return
                status, kind, content = answer
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_PATCH = _handle  # noqa: N815

            def log_message(self, *_: object) -> None:
                """The cases tell what matters."""

        self._http = Server(("127.0.0.1", 0), Handler)
        self.port = self._http.server_port
        threading.Thread(target=self._http.serve_forever, daemon=True).start()

    def pass_on(self, request: BaseHTTPRequestHandler, body: bytes) -> tuple[int, str, bytes] | None:
        """The answer; ``None``: the caller is dead."""
        headers = {name: value for name, value in request.headers.items() if name != "Host"}
        method, path = request.command, request.path

        def forward() -> tuple[int, str, bytes]:
            upstream = http.client.HTTPSConnection(self._host, context=self._tls, timeout=30)
            upstream.request(method, path, body, headers)
            answer = upstream.getresponse()
            return answer.status, answer.headers.get("Content-Type", "application/json"), answer.read()

        case = next((case for case in self.cases if case.key in path or case.key.encode() in body), None)
        if case is None:
            return forward()
        verb = verb_of(method, path)
        try:
            caller = caller_of(request.client_address[1], self.port)
            triggers = is_triggerer(caller)
        except psutil.Error:
            # It was killed meanwhile, by a strike at another call of the same process.
            return None
        with self._lock:
            strike = case.strike_at(verb, triggers)
        if strike is None:
            if verb != "create":
                return forward()
            case.let_the_dead_go_first()
            answer = forward()
            case.has_created()
            return answer
        if strike.moment == "answered":
            forward()
        if strike.victim == "triggerer":
            self.restart_triggerer()
        else:
            kill(caller, strike.victim)
        case.done.append(f"{strike.victim} at {verb} {strike.nth}, {strike.moment}")
        if strike.moment in ("late", "very late"):
            case.held = strike
            threading.Thread(target=case.hold_back, args=(strike, forward), daemon=True).start()
        return None


def verb_of(method: str, path: str) -> Verb:
    """What the call is for the operator."""
    if method != "GET":
        return "create" if method == "POST" else "mark"
    query = unquote(urlsplit(path).query)
    return "list" if "labelSelector" in query else "look" if "fieldSelector" in query else "get"


def caller_of(port: int, to: int) -> psutil.Process:
    """The process at the other end of a connection on loopback."""
    for connection in psutil.net_connections("tcp4"):
        ends = (connection.laddr, connection.raddr)
        if all(ends) and ends[0].port == port and ends[1].port == to and connection.pid:
            return psutil.Process(connection.pid)
    raise psutil.NoSuchProcess(0, f"whoever has called from port {port}")


def is_triggerer(caller: psutil.Process) -> bool:
    """Whether a triggerer has started it."""
    return any("triggerer" in " ".join(process.cmdline()) for process in (caller, *caller.parents()))


def kill(task: psutil.Process, victim: str) -> None:
    """SIGKILL. The supervisor goes first: otherwise it would tell Airflow of the end of its task."""
    if victim == "worker":
        task.parent().kill()
    task.kill()


def kubeconfig(relay: Relay, token: str) -> str:
    """By way of the relay, as a service account."""
    clusters = [{"name": "relay", "cluster": {"server": f"http://127.0.0.1:{relay.port}"}}]
    contexts = [{"name": "relay", "context": {"cluster": "relay", "user": "airflow"}}]
    users = [{"name": "airflow", "user": {"token": token}}]
    members = {"clusters": clusters, "contexts": contexts, "users": users, "current-context": "relay"}
    return json.dumps({"apiVersion": "v1", "kind": "Config", **members})
