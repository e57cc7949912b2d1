"""A whole system on one home, as an object: started, watched, killed in parts, stopped.

After `stop()`, or a `start()` that raises, no process of it is left.
"""

import contextlib
import os
import signal
import socket
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

from settings import (
    RunningSystem,
    Settings,
    SettingsError,
    external_database_url,
    external_engine,
    libpq_url,
    load_settings,
    run_file,
    write_run_file,
)
from supervise.errors import StartFailed
from supervise.home import choose_port, listen_on, lock_home, open_home
from supervise.log import Log
from supervise.postgres import EmbeddedPostgres, check_server_version
from supervise.processes import OnChange, Supervisor
from supervise.roles import DEMO, ORDER, WORKING, Parts, processes, web_url
from supervise.temporal import NAMESPACE, DevServer


def _nobody_listens(_all_up: bool) -> None:
    return None


class System:
    """`on_change(all_up)` is called when the last process is up and as soon as one is down."""

    def __init__(
        self,
        home: Path,
        *,
        demo: bool = False,
        speed: float | None = None,
        processes: Sequence[str] | None = None,
        port: int | None = None,
        arguments: Mapping[str, Sequence[str]] | None = None,
        on_change: OnChange = _nobody_listens,
        screen: bool = False,
        postgres_settings: Mapping[str, str] | None = None,
    ) -> None:
        self.home = home.expanduser().absolute()
        self.on_change = on_change
        self._demo = demo
        self._speed = speed
        self._names = tuple(processes or (DEMO if demo else WORKING))
        if unknown := set(self._names) - set(ORDER):
            raise StartFailed(f"There is no process named {', '.join(sorted(unknown))}.")
        self._port = port
        self._arguments = arguments or {}
        self._screen = screen
        self._postgres_settings = postgres_settings or {}
        self._held = contextlib.ExitStack()
        self._lose_engine = False
        self._asked_to_stop = False
        self._postgres: EmbeddedPostgres | None = None
        self._temporal: DevServer | None = None
        self._listener: socket.socket | None = None
        self._supervisor: Supervisor | None = None
        self._log: Log | None = None

    def start(self) -> Self:
        """Returns when every process is ready. Raises `StartFailed` in words."""
        try:
            self._prepare()
            if self._asked_to_stop:
                raise StartFailed("The start was broken off.")
            self._write_run_file()
            self._running.start()
        except BaseException as error:
            self.stop()
            if isinstance(error, SettingsError):
                raise StartFailed(str(error)) from error
            raise
        return self

    def stop(self) -> None:
        if self._supervisor is not None:
            self._supervisor.stop()
            run_file(self.home).unlink(missing_ok=True)
        self._held.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def kill(self, name: str, number: signal.Signals = signal.SIGKILL) -> None:
        """What a crash does to one process and all it started; it comes back by itself."""
        self._running.kill(name, number)

    def lose_engine(self) -> None:
        """Kill the engine and delete its file before it comes back."""
        self._lose_engine = True
        self._running.kill("temporal")

    def wait_healthy(self, seconds: float = 60.0) -> bool:
        return self._running.wait_healthy(seconds)

    def wait_until_stopping(self) -> None:
        self._running.wait_until_stopping()

    def ask_to_stop(self, *, hurry: bool = False) -> None:
        """From any thread, without waiting; `stop()` then waits."""
        self._asked_to_stop = True
        if self._supervisor is not None:
            self._supervisor.ask_to_stop(hurry=hurry)

    def leave_screen(self) -> None:
        if self._log is not None:
            self._log.leave_screen()

    @property
    def is_stopping(self) -> bool:
        return self._asked_to_stop

    @property
    def pids(self) -> Mapping[str, int]:
        return self._supervisor.pids if self._supervisor is not None else {}

    @property
    def web_url(self) -> str | None:
        return web_url(self._listener) if self._listener is not None else None

    @property
    def database_url(self) -> str:
        return self._postgres.url if self._postgres else external_database_url(os.environ) or ""

    @property
    def settings(self) -> Settings:
        return load_settings(self.home)

    @property
    def log(self) -> Log:
        assert self._log is not None
        return self._log

    @property
    def _running(self) -> Supervisor:
        assert self._supervisor is not None
        return self._supervisor

    def _tell(self, all_up: bool) -> None:
        # Looked up at each call: a listener may be set once the settings of the system are known.
        self.on_change(all_up)

    def _prepare(self) -> None:
        open_home(self.home)
        self._held.enter_context(lock_home(self.home))
        self._log = Log(self.home / "log", screen=self._screen)
        self._held.callback(self._log.close)
        self._prepare_database()
        self._prepare_engine()
        if "web" in self._names:
            port = choose_port(self.home, "web") if self._port is None else self._port
            self._listener = self._held.enter_context(listen_on(port))
        parts = Parts(
            home=self.home,
            postgres=self._postgres,
            temporal=self._temporal,
            before_engine=self._before_engine,
            listener=self._listener,
            names=self._names,
            arguments=self._arguments,
        )
        self._supervisor = Supervisor(
            processes(parts),
            self._log,
            on_change=self._tell,
            on_start=self._write_run_file,
        )

    def _prepare_database(self) -> None:
        external = external_database_url(os.environ)
        if external is not None:
            check_server_version(libpq_url(external))
        elif "postgres" in self._names:
            self._postgres = EmbeddedPostgres(
                home=self.home,
                settings=self._postgres_settings,
                say=lambda text: self.log.line("up", text),
            )
            self._postgres.prepare()

    def _prepare_engine(self) -> None:
        if "temporal" in self._names and external_engine(os.environ) is None:
            self._temporal = DevServer(
                folder=self.home / "temporal", port=choose_port(self.home, "temporal")
            )

    def _before_engine(self) -> None:
        assert self._temporal is not None
        if self._lose_engine:
            self._lose_engine = False
            self._temporal.lose_data()
        self._temporal.make_folder()

    def _write_run_file(self) -> None:
        engine = external_engine(os.environ) if self._temporal is None else None
        address = self._temporal.address if self._temporal else (engine or {}).get("target_host")
        write_run_file(
            self.home,
            RunningSystem(
                pid=os.getpid(),
                demo=self._demo,
                speed=self._speed,
                database_url=self.database_url,
                engine_address=address or "",
                engine_namespace=(engine or {}).get("namespace", NAMESPACE),
                web_url=self.web_url,
                processes=dict(self.pids),
            ),
        )
