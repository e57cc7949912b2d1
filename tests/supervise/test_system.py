"""Whatever ends a system, Ctrl-C, a closed terminal or SIGKILL, none of its processes is left."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg2
import pytest

from supervise.account import Account
from supervise.errors import StartFailed
from supervise.system import System
from tests.supervise.processes_of_a_test import comes_true, is_alive, processes_naming

pytestmark = pytest.mark.system
CHECKOUT = Path(__file__).parents[2]
PROGRAMS = Path(sys.executable).parent
PACKAGES = f"{CHECKOUT}:{Path(psycopg2.__file__).parents[1]}"
ORDINARY = 65534
UP = """
import sys
from pathlib import Path
from supervise.postgres import THROW_AWAY
from supervise.system import System
from supervise.up import run
from supervise.account import Account
from supervise.errors import StartFailed
names = sys.argv[2].split(",")
system = System(Path(sys.argv[1]), processes=names, postgres_settings=THROW_AWAY)
try:
    run(system, when_ready=lambda system: print("ready", flush=True))
except StartFailed as error:
    sys.exit(str(error))
"""

Up = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def home() -> Iterator[Path]:
    import shutil

    folder = Path(tempfile.mkdtemp(prefix="claimflow-tests-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def up(home: Path) -> Iterator[Up]:
    """Starts a supervisor as a process of its own; it is gone after the test."""
    started: list[subprocess.Popen[str]] = []

    def start(
        names: str = "postgres,temporal", *, program: str = sys.executable, user: int | None = None
    ) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [program, "-c", UP, str(home), names],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=CHECKOUT,
            env={**os.environ, "PYTHONPATH": PACKAGES, "PATH": f"{PROGRAMS}:{os.environ['PATH']}"},
            user=user,
            group=user,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate(timeout=20)


def python_for_everybody() -> str:
    """Ours, or the system's of the same version where ours lies in root's closed home."""
    user = Account(uid=ORDINARY, gid=ORDINARY, is_other=True)
    version = f"import sys; sys.exit(sys.version_info[:2] != {tuple(sys.version_info[:2])})"
    for program in (sys.executable, "/usr/bin/python3", "/usr/local/bin/python3"):
        if user.can_run([program, "-c", version]):
            return program
    pytest.skip("no Python of this version that an ordinary user could run")


def until_ready(process: "subprocess.Popen[str]") -> None:
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n", process.communicate(timeout=20)[1]


def children_of(home: Path) -> dict[str, int]:
    content = json.loads((home / "run.json").read_text(encoding="utf-8"))
    return dict(content["processes"])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_everything_in_order(home: Path, up: Up, number: signal.Signals) -> None:
    process = up()
    until_ready(process)
    children = children_of(home)

    process.send_signal(number)

    assert process.wait(30) == 0
    assert set(children) == {"postgres", "temporal"}
    assert not processes_naming(str(home))
    assert not (home / "run.json").exists()
    log = (home / "log" / "claimflow.log").read_text(encoding="utf-8")
    assert log.index("temporal has stopped") < log.index("postgres has stopped")


def test_a_second_ctrl_c_does_not_wait(home: Path, up: Up) -> None:
    process = up()
    until_ready(process)

    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGINT)

    assert process.wait(30) == 0
    assert comes_true(lambda: not processes_naming(str(home)))


def test_a_killed_supervisor_leaves_no_child(home: Path, up: Up) -> None:
    process = up()
    until_ready(process)
    children = children_of(home)

    process.kill()

    assert len(children) == 2
    assert comes_true(lambda: not any(is_alive(pid) for pid in children.values()))
    assert comes_true(lambda: not processes_naming(str(home)))


def test_after_a_killed_supervisor_the_next_one_starts(home: Path, up: Up) -> None:
    first = up()
    until_ready(first)
    first.kill()

    second = up()

    until_ready(second)


def test_a_second_supervisor_on_the_same_home_says_so_and_exits(home: Path, up: Up) -> None:
    first = up("postgres")
    until_ready(first)

    second = up("postgres")

    _, errors = second.communicate(timeout=30)
    assert second.returncode == 1
    assert f"claimflow is already running on {home}, pid {first.pid}." in errors
    assert first.poll() is None
    assert is_alive(children_of(home)["postgres"])


def test_a_start_that_fails_leaves_no_process(home: Path, up: Up) -> None:
    (home / "temporal").write_text("not a folder", encoding="utf-8")

    process = up()

    _, _errors = process.communicate(timeout=60)
    assert process.returncode != 0
    assert not processes_naming(str(home))


def test_the_run_file_is_for_the_owner_alone(home: Path, up: Up) -> None:
    until_ready(up("postgres"))

    assert (home / "run.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can start something as another user")
def test_an_ordinary_user_needs_nothing_but_a_home(home: Path, up: Up) -> None:
    os.chown(home, ORDINARY, ORDINARY)

    process = up(program=python_for_everybody(), user=ORDINARY)

    until_ready(process)
    owners = {Path(f"/proc/{pid}").stat().st_uid for pid in children_of(home).values()}
    assert owners == {ORDINARY}
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    assert not processes_naming(str(home))


def test_a_killed_engine_comes_back_and_a_lost_one_starts_empty(home: Path) -> None:
    changes: list[bool] = []
    with System(home, processes=["temporal"], on_change=changes.append) as system:
        system.kill("temporal")
        assert system.wait_healthy(30)
        (home / "temporal" / "mark").touch()

        system.lose_engine()

        assert system.wait_healthy(30)
        assert not (home / "temporal" / "mark").exists()
        assert (home / "temporal" / "temporal.db").exists()
        assert changes == [True, False, True, False, True]


def test_an_unknown_process_is_refused(home: Path) -> None:
    with pytest.raises(StartFailed, match="no process named webb"):
        System(home, processes=["webb"])


def test_a_database_of_the_user_replaces_ours(
    home: Path, postgres: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = postgres.database_url.replace("postgresql+psycopg2:", "postgres:")
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("TEMPORAL_ADDRESS", "127.0.0.1:7299")

    with System(home, processes=["postgres", "temporal"]) as system:
        assert system.pids == {}
        assert system.settings.database_url == postgres.database_url
        assert system.settings.engine_address == "127.0.0.1:7299"
        assert not (home / "postgres").exists()
