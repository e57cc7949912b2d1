"""The folder in which all state of one system lives, and the lock that lets one supervisor in."""

import contextlib
import fcntl
import json
import os
import secrets
import socket
from collections.abc import Iterator
from pathlib import Path

from settings import replace_private_file
from supervise.errors import AlreadyRunning, StartFailed


def open_home(home: Path) -> None:
    """Make the home; root's may be passed through, so that the database's user reaches its data."""
    mode = 0o711 if os.geteuid() == 0 else 0o700
    try:
        home.mkdir(mode=mode, parents=True, exist_ok=True)
        for name in ("log", "run", "exchange", "documents"):
            (home / name).mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise StartFailed(f"The home {home} cannot be made: {error.strerror}.") from error


@contextlib.contextmanager
def lock_home(home: Path) -> Iterator[None]:
    """Hold the home until the process ends, however it ends."""
    descriptor = os.open(home / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pid = os.read(descriptor, 20).decode().strip() or "unknown"
            raise AlreadyRunning(f"claimflow is already running on {home}, pid {pid}.") from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)


# Linux gives outgoing connections 32768 and above, other systems 49152 and above.
PORTS = (15_000, 32_000)
TRIES_MAX = 200


def choose_port(home: Path, name: str) -> int:
    """The port of the last time while it is free, else any free one; remembered in the home."""
    ports = _read_ports(home)
    remembered = ports.get(name)
    port = remembered if remembered and is_free(remembered) else free_port()
    if port != remembered:
        replace_private_file(home / "ports.json", json.dumps({**ports, name: port}))
    return port


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """Below those that the system gives to outgoing connections: one of these could take the port
    before its server does."""
    for _ in range(TRIES_MAX):
        port = PORTS[0] + secrets.randbelow(PORTS[1] - PORTS[0])
        if is_free(port):
            return port
    raise StartFailed(f"No port from {PORTS[0]} to {PORTS[1]} on 127.0.0.1 is free: end something.")


def listen_on(port: int) -> socket.socket:
    """The web's socket; it stays open in the supervisor, so a restart of the web refuses nobody."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
        listener.listen(512)
    except OSError as error:
        listener.close()
        raise StartFailed(
            f"Port {port} on 127.0.0.1 is taken ({error.strerror}): choose another with --port."
        ) from error
    return listener


def _read_ports(home: Path) -> dict[str, int]:
    try:
        content = json.loads((home / "ports.json").read_text(encoding="utf-8"))
        return {str(name): int(port) for name, port in content.items()}
    except (FileNotFoundError, ValueError, AttributeError, TypeError):
        return {}
