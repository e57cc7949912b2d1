"""An interchange's control number is given once for ever, whoever sends it on whichever route."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from casework import batch_queue, batches, routes
from casework.batch_queue import Kind
from db.engine import connect
from db.models import Batch, Payer, PayerRoute, Route
from tests.casework.office import sent, today, visit
from tests.scenarios.play import Play


def test_two_routes_of_one_sender_share_no_number(office: Play) -> None:
    office.session.add(Route(name="second"))
    beta = office.session.scalars(select(Payer.id).where(Payer.payer_no == "BETA")).one()
    for row in office.session.scalars(select(PayerRoute).where(PayerRoute.payer_id == beta)):
        row.route = "second"
    office.acknowledges = False
    visit(office, "A1", until_sent=False)
    visit(office, "B1", payer="BETA", patient="P2", until_sent=False)

    office.pass_to(today(office) + 1)

    made = office.session.scalars(select(Batch).order_by(Batch.route)).all()
    assert [batch.route for batch in made] == ["clearinghouse", "second"]
    assert len({routes.named(office.session, batch.route).sender_id for batch in made}) == 1
    assert len(set(_said(office))) == 2
    assert sorted(_said(office)) == sorted(batch.control_number or 0 for batch in made)


def test_a_batch_that_was_rolled_back_has_spent_its_number(office: Play) -> None:
    office.acknowledges = False
    visit(office, until_sent=False)
    spent = _close(office)
    office.session.expire_all()

    office.pass_to(today(office) + 1)

    (said,) = _said(office)
    assert said > spent


def test_a_file_that_is_written_anew_has_a_number_of_its_own(office: Play) -> None:
    office.acknowledges = False
    visit(office)
    (batch,) = office.session.scalars(select(Batch)).all()

    batches.write_anew(office.session, batch, office.engine.now)

    first, second = sorted(_said(office))
    assert first < second == batch.control_number


def test_a_restart_goes_on_behind_the_last_number(database_url: str) -> None:
    numbers = []
    for _ in range(2):
        engine = connect(database_url, "claimflow_worker", pool_size=1)
        with Session(engine) as session:
            numbers += [session.scalar(batches.CONTROL_NUMBERS.next_value()) for _ in range(2)]
            session.rollback()
        engine.dispose()

    assert numbers == sorted(set(numbers))


def test_the_database_refuses_a_number_twice(office: Play) -> None:
    visit(office)
    (batch,) = office.session.scalars(select(Batch)).all()
    again = Batch(
        route=batch.route, kind=batch.kind, opened_at=batch.opened_at, closed_at=batch.closed_at,
        control_number=batch.control_number,
    )  # fmt: skip

    office.session.add(again)
    with pytest.raises(IntegrityError, match="uq_batch_control_number"):
        office.session.flush()


def _close(office: Play) -> int:
    """The number of a batch that is undone."""
    now = office.engine.now
    savepoint = office.session.begin_nested()
    waiting = batch_queue.queued(office.session, "clearinghouse", Kind.CLAIMS, now)
    batches.close(office.session, "clearinghouse", Kind.CLAIMS, waiting, now)
    (said,) = _said(office)
    savepoint.rollback()
    assert _said(office) == []
    return said


def _said(office: Play) -> list[int]:
    """ISA13 of every file for a payer."""
    return [int(content.split(b"*")[13]) for content in sent(office)]
