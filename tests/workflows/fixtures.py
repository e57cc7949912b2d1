"""Fixtures that the tests of workflows, activities, dispatch and engine share."""

import datetime as dt
import itertools
from collections.abc import Iterator

import psycopg2
import pytest
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session, sessionmaker

from casework.answers import answering
from db.engine import connect
from db.engine import sessions as sessions_of
from settings import libpq_url
from supervise.system import System
from tests.workflows.clinic import Clinic, lay_practice
from tests.workflows.stand import Stand, WatchedSteps, stand

PRACTICE = "practice_template"
_numbers = itertools.count(1)
_laid: set[str] = set()


@pytest.fixture(scope="session")
def practice_template(postgres: System, template_database: str) -> str:
    """A database with the demo's practice, from which each test's own is copied."""
    # Several folders ask for this fixture; the practice is laid once for all of them.
    if PRACTICE not in _laid:
        _execute(postgres, f"CREATE DATABASE {PRACTICE} TEMPLATE {template_database}")
        lay_practice(_url(postgres, PRACTICE))
        _laid.add(PRACTICE)
    return PRACTICE


@pytest.fixture
def practice_url(postgres: System, practice_template: str) -> Iterator[str]:
    name = f"practice_{next(_numbers)}"
    _execute(postgres, f"CREATE DATABASE {name} TEMPLATE {practice_template}")
    yield _url(postgres, name)
    _execute(postgres, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def practice(practice_url: str) -> Iterator[sessionmaker[Session]]:
    """The way to the practice's database, with the worker's rights."""
    engine = connect(practice_url, "claimflow_worker")
    yield sessions_of(engine)
    engine.dispose()


@pytest.fixture
def people(practice_url: str) -> Iterator[sessionmaker[Session]]:
    """The way to the same database, with the pages' rights."""
    engine = connect(practice_url, "claimflow_web", pool_size=2)
    yield sessions_of(engine)
    engine.dispose()


@pytest.fixture
def clinic(practice: sessionmaker[Session], people: sessionmaker[Session]) -> Clinic:
    """A practice without an engine, whose real time is that of this machine."""
    made = Clinic(sessions=practice, people=people, clock=lambda: dt.datetime.now(dt.UTC))
    made.start_clock(dt.datetime.now(dt.UTC))
    return made


@pytest.fixture
def engine(
    practice: sessionmaker[Session],
    people: sessionmaker[Session],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Stand]:
    """A practice with its engine; `engine.clinic` is the practice."""
    with stand(practice, people, WatchedSteps(practice)) as made:
        # People answer by the engine's clock here, not by this machine's.
        monkeypatch.setattr(answering, "moment", made.clinic.moment)
        yield made


def _url(postgres: System, name: str) -> str:
    url = make_url(postgres.database_url).set(database=name)
    return url.render_as_string(hide_password=False)


def _execute(postgres: System, statement: str) -> None:
    connection = psycopg2.connect(libpq_url(postgres.database_url))
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(statement)
    connection.close()
