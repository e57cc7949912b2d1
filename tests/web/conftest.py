"""The pages over a real PostgreSQL, as the role that the web process has; all is rolled back."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine, select, text
from sqlalchemy.orm import Session, sessionmaker

from casework import demo_practice, registration
from casework.answers.registry import KINDS
from casework.moment import moment
from db.models import Encounter, Payer, User
from domain.tasks import TaskKind
from tests.web.site import RouteQuestion, Site, charted, people
from web.app import create_app
from web.settings import WebSettings

SETTINGS = WebSettings(database_url="unused://", secret_key="a key of tests")


@pytest.fixture(scope="module")
def seeded(module_database_url: str) -> Iterator[Engine]:
    """The practice, its people and one visit, laid once for all tests of a module."""
    engine = create_engine(module_database_url)
    with Session(engine) as session:
        demo_practice.seed(session)
        people(session)
        now = moment(session)
        registration.take_in(session, charted(now.today), now)
        session.commit()
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def pages() -> Flask:
    """One application for all tests: its templates are compiled once."""
    return create_app(SETTINGS, sessionmaker())


@pytest.fixture
def session(seeded: Engine) -> Iterator[Session]:
    """As the web process is known to the database; after the test all is rolled back."""
    with seeded.connect() as connection:
        transaction = connection.begin()
        connection.execute(text("SET LOCAL ROLE claimflow_web"))
        with Session(
            connection, join_transaction_mode="create_savepoint", expire_on_commit=False
        ) as session:
            yield session
        transaction.rollback()


@pytest.fixture
def site(session: Session, pages: Flask, monkeypatch: pytest.MonkeyPatch) -> Site:
    for kind in TaskKind:
        monkeypatch.setitem(KINDS, kind, RouteQuestion())
    makers = sessionmaker(
        session.connection(), join_transaction_mode="create_savepoint", expire_on_commit=False
    )
    monkeypatch.setitem(pages.extensions, "sessions", makers)
    monkeypatch.setattr(pages.session_interface, "sessions", makers)
    return Site(
        session=session,
        app=pages,
        now=moment(session),
        encounter=session.scalars(select(Encounter)).one(),
        payer=session.scalars(select(Payer).order_by(Payer.id).limit(1)).one(),
        users={user.username: user for user in session.scalars(select(User))},
    )
