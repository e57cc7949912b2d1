"""The pages over a real PostgreSQL, as the role that the web process has; all is rolled back."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session, sessionmaker

from casework import demo_practice, registration
from casework.answers.registry import KINDS
from casework.moment import moment
from db.models import Payer
from domain.tasks import TaskKind
from tests.web.site import RouteQuestion, Site, charted, people
from web.app import create_app
from web.settings import WebSettings


@pytest.fixture
def site(session: Session, monkeypatch: pytest.MonkeyPatch) -> Site:
    # The tenant of every row is practice 1, and a sequence does not roll back with the test before.
    session.execute(text("ALTER SEQUENCE practice_id_seq RESTART"))
    demo_practice.seed(session)
    now = moment(session)
    users = people(session)
    encounter = registration.take_in(session, charted(now.today), now)
    assert encounter is not None
    session.commit()
    for kind in TaskKind:
        monkeypatch.setitem(KINDS, kind, RouteQuestion())
    session.execute(text("SET ROLE claimflow_web"))
    session.commit()
    makers = sessionmaker(
        session.connection(), join_transaction_mode="create_savepoint", expire_on_commit=False
    )
    settings = WebSettings(database_url="unused://", secret_key="a key of tests")
    app = create_app(settings, makers)
    app.testing = False
    payer = session.scalars(select(Payer).order_by(Payer.id).limit(1)).one()
    return Site(session=session, app=app, now=now, encounter=encounter, payer=payer, users=users)
