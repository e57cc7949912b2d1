"""Each command says in one line what is missing: the home, the database, its schema, the engine."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

import cli
from settings import libpq_url
from supervise.system import System
from tests.commands import samples
from tests.commands.conftest import Run

CHECKOUT = Path(__file__).parents[2]
READING = [["status"], ["tasks"], ["stuck"], ["reconcile"], ["users", "list"]]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "sound.835"
    path.write_bytes(samples.remittance_835())
    return path


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A port of this machine where nobody listens."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield int(bound.getsockname()[1])


@pytest.mark.parametrize("arguments", [*READING, ["import"], ["inbox"]])
def test_a_home_where_nothing_runs_is_said(
    arguments: list[str], file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / "nowhere"

    status = cli.run([*_full(arguments, file), "--home", str(home)])

    complaint = capsys.readouterr().err
    assert status == 1
    assert complaint.startswith(f"claimflow: No claimflow runs on {home}")
    assert complaint.count("\n") == 1
    assert not home.exists()


@pytest.mark.parametrize("arguments", [*READING, ["import"], ["inbox"]])
def test_a_database_that_is_down_is_said_without_its_password(
    bare_run: Run,
    arguments: list[str],
    file: Path,
    closed_port: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"postgresql://ana:hush@127.0.0.1:{closed_port}/claims")

    said = bare_run(*_full(arguments, file))

    assert said.status == 1
    assert len(said.complaints) == 1
    assert said.complaints[0].startswith(
        f"claimflow: The database at 127.0.0.1:{closed_port} does not answer."
    )
    assert "hush" not in said.err


@pytest.mark.parametrize("arguments", [["status"], ["inbox"], ["users", "list"]])
def test_a_database_without_the_schema_is_said(
    bare_run: Run,
    postgres: System,
    arguments: list[str],
    file: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DATABASE_URL", _new_database(postgres))

    said = bare_run(*_full(arguments, file))

    assert said.status == 1
    assert len(said.complaints) == 1
    assert "run “claimflow db upgrade" in said.err


def test_an_engine_that_is_down_is_said_and_nothing_is_changed(
    run: Run, closed_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEMPORAL_ADDRESS", f"127.0.0.1:{closed_port}")

    said = run("reconcile")

    assert said.status == 1
    assert len(said.complaints) == 1
    assert said.complaints[0].startswith(
        f"claimflow: The engine at 127.0.0.1:{closed_port} does not answer."
    )


def test_the_installed_command_refuses_with_its_status_and_no_traceback(
    database_url: str, tmp_path: Path, file: Path
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "cli", "inbox", "--home", str(tmp_path / "home"), str(file)],
        capture_output=True,
        text=True,
        check=False,
        cwd=CHECKOUT,
        env={"DATABASE_URL": database_url, "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
    )

    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("claimflow: This database has no practice yet")
    assert "Traceback" not in done.stderr


def _full(arguments: list[str], file: Path) -> list[str]:
    return [*arguments, str(file)] if arguments in (["import"], ["inbox"]) else arguments


def _new_database(postgres: System) -> str:
    connection = psycopg2.connect(libpq_url(postgres.database_url))
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("DROP DATABASE IF EXISTS without_schema")
        cursor.execute("CREATE DATABASE without_schema")
    connection.close()
    return postgres.database_url.rpartition("/")[0] + "/without_schema"
