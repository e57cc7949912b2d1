"""What every test may ask for: a real PostgreSQL, and no network but this machine's own."""

import itertools
import os
import shutil
import socket
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import psycopg2
import pytest
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from settings import libpq_url
from supervise.postgres import THROW_AWAY
from supervise.system import System

FOREIGN_SETTINGS = ("DATABASE_URL", "TEMPORAL_", "CLAIMFLOW_")
# Where the outside files lie is for whoever runs the tests to say.
OURS = "CLAIMFLOW_TESTDATA"
BROWSER = Path(__file__).parent / "browser"
LOOPBACK = ("127.", "::1", "localhost")
TEMPLATE = "claimflow_template"

hypothesis.settings.register_profile("claimflow", deadline=None, print_blob=True)
hypothesis.settings.load_profile("claimflow")

_numbers = itertools.count(1)
_exit_status: list[int] = []


class NetworkIsClosed(RuntimeError):
    """A test wanted to leave this machine."""


def pytest_configure() -> None:
    for name in list(os.environ):
        if name.startswith(FOREIGN_SETTINGS) and name != OURS:
            del os.environ[name]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: Playwright keeps an event loop running in this thread from its first
    page on, and `asyncio.run` is refused beside it."""
    items.sort(key=lambda item: BROWSER in item.path.parents)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(exitstatus: int) -> None:
    _exit_status.append(int(exitstatus))


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    # The engine's client may crash in the interpreter's own ending, after the last test passed.
    if _exit_status and "temporalio" in sys.modules:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(_exit_status[0])


@pytest.fixture(scope="session", autouse=True)
def loopback_only() -> Iterator[None]:
    """Sockets of the test process reach this machine only."""
    patch = pytest.MonkeyPatch()
    for name in ("connect", "connect_ex"):
        patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
    yield
    patch.undo()


@pytest.fixture(scope="session")
def postgres() -> Iterator[System]:
    """The embedded server, started once; durable only as long as nobody pulls the plug."""
    # Not under pytest's own folder, which is closed to the database's user when root runs tests.
    home = Path(tempfile.mkdtemp(prefix="claimflow-tests-"))
    home.chmod(0o711)
    try:
        with System(home, processes=["postgres"], postgres_settings=THROW_AWAY) as system:
            yield system
    finally:
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def template_database(postgres: System) -> str:
    """The name of an empty database with the newest schema, from which the others are copied."""
    from db.upgrade import upgrade

    _execute(postgres, f"CREATE DATABASE {TEMPLATE}")
    upgrade(_url(postgres, TEMPLATE))
    return TEMPLATE


@pytest.fixture
def database_url(postgres: System, template_database: str) -> Iterator[str]:
    """An empty, migrated database of this test alone."""
    yield from _copied_database(postgres, template_database)


@pytest.fixture(scope="module")
def module_database_url(postgres: System, template_database: str) -> Iterator[str]:
    """An empty, migrated database that the tests of one module share."""
    yield from _copied_database(postgres, template_database)


@pytest.fixture(scope="session")
def rollback_database_url(postgres: System, template_database: str) -> Iterator[str]:
    """The migrated database in which `session` works; nothing is ever committed there."""
    yield from _copied_database(postgres, template_database)


@pytest.fixture
def session(rollback_database_url: str) -> Iterator[Session]:
    """A session whose commits are savepoints; after the test all is rolled back."""
    engine = create_engine(rollback_database_url)
    with engine.connect() as connection:
        transaction = connection.begin()
        with Session(
            connection, join_transaction_mode="create_savepoint", expire_on_commit=False
        ) as session:
            yield session
        transaction.rollback()
    engine.dispose()


def _copied_database(postgres: System, template: str) -> Iterator[str]:
    name = f"test_{next(_numbers)}"
    _execute(postgres, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield _url(postgres, name)
    _execute(postgres, f"DROP DATABASE {name} WITH (FORCE)")


def _url(postgres: System, name: str) -> str:
    url = make_url(postgres.database_url).set(database=name)
    return url.render_as_string(hide_password=False)


def _execute(postgres: System, statement: str) -> None:
    connection = psycopg2.connect(libpq_url(postgres.database_url))
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(statement)
    connection.close()


def _guarded(connect: Any) -> Any:
    def guarded(self: socket.socket, address: Any) -> Any:
        if self.family != socket.AF_UNIX and not str(address[0]).startswith(LOOPBACK):
            raise NetworkIsClosed(f"Tests reach this machine only, not {address[0]}.")
        return connect(self, address)

    return guarded
