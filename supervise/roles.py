"""The processes of one machine, in the order in which they start."""

import http.client
import signal
import socket
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from settings import ready_file
from supervise.child import Process
from supervise.postgres import EmbeddedPostgres
from supervise.temporal import DevServer

ORDER = ("postgres", "temporal", "worker", "web", "dispatch", "sim", "staff")
WORKING = ("postgres", "temporal", "worker", "web", "dispatch")
DEMO = (*WORKING, "sim")
HEALTH_SECONDS = 2


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What the processes of one system are made from; None for what is not run here."""

    home: Path
    postgres: EmbeddedPostgres | None
    temporal: DevServer | None
    before_engine: Callable[[], None]
    listener: socket.socket | None
    names: Sequence[str]
    arguments: Mapping[str, Sequence[str]] = field(default_factory=dict)


def processes(parts: Parts) -> list[Process]:
    made: list[Process] = []
    if parts.postgres is not None:
        made.append(_postgres(parts.postgres))
    if any(name not in {"postgres", "temporal"} for name in parts.names):
        made.append(_upgrade(parts.home))
    if parts.temporal is not None:
        made.append(_temporal(parts.temporal, parts.before_engine))
    products = (name for name in ORDER[2:] if name in parts.names)
    return [*made, *(_product(name, parts) for name in products)]


def _postgres(server: EmbeddedPostgres) -> Process:
    return Process(
        name="postgres",
        command=lambda: server.command,
        is_ready=server.is_ready,
        # Both are PostgreSQL's fast stop; it also ends well when the supervisor is killed.
        stop_signal=signal.SIGINT,
        death_signal=signal.SIGINT,
        user=server.account.tether,
        start_seconds=120,
        stop_seconds=30,
        # Killed in its recovery, it leaves a child that holds its memory for a second or three.
        back_off_seconds_max=0.5,
        carries_others=True,
    )


def _upgrade(home: Path) -> Process:
    return Process(
        name="db",
        command=lambda: [*_claimflow(), "db", "upgrade", "--home", str(home)],
        start_seconds=300,
        is_step=True,
    )


def _temporal(server: DevServer, before_start: Callable[[], None]) -> Process:
    return Process(
        name="temporal",
        command=lambda: server.command,
        is_ready=server.is_ready,
        before_start=before_start,
        carries_others=True,
    )


def _product(name: str, parts: Parts) -> Process:
    ready = ready_file(parts.home, name)
    descriptor = parts.listener.fileno() if parts.listener is not None and name == "web" else None
    extra = [*parts.arguments.get(name, ())]
    if descriptor is not None:
        extra += ["--fd", str(descriptor)]
    if name == "staff":
        extra += ["--url", web_url(parts.listener)]
    return Process(
        name=name,
        command=lambda: [*_claimflow(), name, "--home", str(parts.home), *extra],
        is_ready=_readiness(name, parts),
        before_start=lambda: ready.unlink(missing_ok=True),
        file_descriptors=() if descriptor is None else (descriptor,),
    )


def web_url(listener: socket.socket | None) -> str:
    assert listener is not None
    return f"http://127.0.0.1:{listener.getsockname()[1]}"


def _readiness(name: str, parts: Parts) -> Callable[[], bool]:
    ready = ready_file(parts.home, name)
    if name == "web":
        # Our socket takes connections before anybody answers them: ask only when somebody does.
        return lambda: ready.exists() and _answers(parts.listener)
    if name == "staff":
        # People are there when they are; nothing waits for them.
        return lambda: True
    return ready.exists


def _claimflow() -> list[str]:
    # -P: whatever lies in the folder where somebody stands must not be imported as ours.
    return [sys.executable, "-P", "-m", "cli"]


def _answers(listener: socket.socket | None) -> bool:
    assert listener is not None
    host, port = listener.getsockname()
    connection = http.client.HTTPConnection(host, port, timeout=HEALTH_SECONDS)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
