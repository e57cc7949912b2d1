"""A batch of any size is closed, acknowledged and accepted in a number of statements that does not
grow with its claims, but for one more round in each five hundred."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from sqlalchemy import event, insert, inspect, select
from sqlalchemy.orm import Session

from casework import batch_queue, batches, routes, subjects, submissions
from casework.batch_queue import Kind
from casework.bulk import AT_ONCE
from db.base import Base
from db.models import (
    Ack,
    Batch,
    Journal,
    Subject,
    Submission,
    Wait,
    Wake,
)
from domain.encounter import ClaimStage
from tests.casework.office import visit
from tests.casework.payer_files import ack_277ca, ack_999
from tests.scenarios.play import Play

FEW, MANY, ROUNDS = 3, 400, 2
ROUTE = "clearinghouse"
MADE_BY_THE_DATABASE = {"id", "uuid", "recorded_at"}


@pytest.fixture
def queued(office: Play) -> Submission:
    """One real claim that waits for its batch; the others are copies of it."""
    office.acknowledges = False
    routes.lock(office.session, ROUTE).batch_claims_max = ROUNDS * AT_ONCE
    visit(office, until_sent=False)
    office.react()
    return office.session.scalars(select(Submission)).one()


def test_a_batch_is_closed_and_answered_in_as_many_statements_whatever_its_size(
    office: Play, queued: Submission
) -> None:
    few = _told(office, queued, FEW)
    many = _told(office, queued, MANY)

    assert FEW < MANY < AT_ONCE
    assert few == many, "statements to close it, to read its 999, and its payer's 277CA"


def test_every_claim_of_a_batch_of_several_rounds_is_sent_and_accepted_once(
    office: Play, queued: Submission
) -> None:
    count = ROUNDS * AT_ONCE - 7
    few = _told(office, queued, FEW)
    large = _told(office, queued, count)

    assert all(much < ROUNDS * little for little, much in zip(few, large, strict=True))
    session = office.session
    batch = session.scalars(select(Batch).order_by(Batch.id.desc()).limit(1)).one()
    of_batch = select(Submission.id).where(Submission.batch_id == batch.id)
    members = submissions.with_claims(session, session.scalars(of_batch).all())
    claims = [one.claim_version.claim for one in members]
    assert len({claim.id for claim in claims}) == count
    assert {claim.stage for claim in claims} == {ClaimStage.ACCEPTED}
    assert {(one.sent_at, one.accepted_at) for one in members} == {(office.engine.now.at,) * 2}
    keys = [subjects.encounter_key(claim.encounter) for claim in claims]
    for model, each in ((Journal, 2), (Wake, 1)):
        found = session.scalars(select(model.subject).where(model.subject.in_(keys))).all()
        assert sorted(found) == sorted(keys * each), model
    assert _count(session, Ack, Ack.submission_id.in_([one.id for one in members])) == 2 * count
    still_open = select(Wait).where(Wait.subject.in_(keys), Wait.ended_at.is_(None))
    waits = session.scalars(still_open).all()
    assert sorted(wait.subject for wait in waits) == sorted(keys)
    assert {wait.what for wait in waits} == {f"{claims[0].payer.name}'s remittance"}
    due = session.scalars(select(Subject.due_at).where(Subject.key.in_(keys))).all()
    assert set(due) == {wait.until_at for wait in waits}


def _told(office: Play, like: Submission, count: int) -> list[int]:
    """Statements for one batch of so many new claims."""
    session, now = office.session, office.engine.now
    pcns = _copies(session, like, count)
    waiting = batch_queue.queued(session, ROUTE, Kind.CLAIMS, now)
    new = [item for item in waiting if item.id != like.id]
    assert len(new) == count
    closed = _statements(session, lambda: batches.close(session, ROUTE, Kind.CLAIMS, new, now))
    batch = session.scalars(select(Batch).order_by(Batch.id.desc()).limit(1)).one()
    acknowledged = ack_999(batch.control_number or 0, isa=office.number())
    statuses = [(pcn, "A2", f"P{pcn}") for pcn in pcns]
    accepted = ack_277ca(statuses, isa=office.number())
    return [
        closed,
        _statements(session, lambda: office.take_in(acknowledged)),
        _statements(session, lambda: office.take_in(accepted)),
    ]


def _copies(session: Session, like: Submission, count: int) -> list[str]:
    """The control numbers of so many claims more, each of an encounter of its own."""
    names = [f"{count}N{n}" for n in range(count)]
    version, claim = like.claim_version, like.claim_version.claim
    encounter = claim.encounter
    subject = session.get_one(Subject, subjects.encounter_key(encounter))
    wait = session.scalars(select(Wait).where(Wait.claim_id == claim.id, Wait.ended_at.is_(None)))
    keys = [f"{subjects.ENCOUNTER}E{name}" for name in names]
    encounters = _copied(
        session, encounter, [{"encounter_no": f"E{n}", "source_key": n} for n in names]
    )
    _copied(session, subject, [{"key": key, "rev": 0} for key in keys], returns="key")
    claims = _copied(session, claim, [{"encounter_id": id_} for id_ in encounters])
    versions = _copied(session, version, [{"claim_id": id_} for id_ in claims])
    pcns = [f"C{name}V1S1" for name in names]
    rows = zip(versions, pcns, strict=True)
    _copied(session, like, [{"claim_version_id": id_, "pcn": pcn} for id_, pcn in rows])
    scopes = zip(keys, claims, strict=True)
    _copied(session, wait.one(), [{"subject": key, "claim_id": id_} for key, id_ in scopes])
    return pcns


def _copied(
    session: Session, row: Base, changes: Sequence[Mapping[str, Any]], returns: str = "id"
) -> Sequence[Any]:
    model = type(row)
    names = {each.key for each in inspect(model).column_attrs} - MADE_BY_THE_DATABASE
    values = {name: getattr(row, name) for name in names}
    statement = insert(model).returning(getattr(model, returns), sort_by_parameter_order=True)
    return session.scalars(statement, [{**values, **change} for change in changes]).all()


def _count(session: Session, model: type[Ack], condition: Any) -> int:
    return len(session.scalars(select(model.id).where(condition)).all())


def _statements(session: Session, act: Callable[[], object]) -> int:
    sent: list[str] = []

    def note(*told: object) -> None:
        sent.append(str(told[2]))

    session.flush()
    session.expire_all()
    connection = session.connection()
    event.listen(connection, "before_cursor_execute", note)
    act()
    event.remove(connection, "before_cursor_execute", note)
    return len(sent)
