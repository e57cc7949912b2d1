"""The one way to a patient's record: found by its opaque id, asked whether this person may, and
written into the audit before anything of it is shown."""

from collections.abc import Sequence
from uuid import UUID

from flask import abort
from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, undefer

from db.models import (
    Claim,
    Document,
    Encounter,
    KeyedEob,
    Remittance,
    Statement,
    StatementLine,
    Task,
    User,
)
from db.queries.claim_visits import is_billed_by
from domain.tasks import Role
from web import audit
from web.access import QUEUES_SEEN, QUEUES_WORKED, Action, may
from web.context import db, me


def encounter(uuid: UUID, *, words: str = "opened the encounter") -> Encounter:
    row = (
        db()
        .scalars(
            select(Encounter)
            .where(Encounter.uuid == uuid)
            .options(
                joinedload(Encounter.patient),
                joinedload(Encounter.guarantor),
                joinedload(Encounter.provider),
                joinedload(Encounter.location),
            )
        )
        .one_or_none()
    )
    if row is None:
        abort(404)
    _require(_may_read(me(), row), f"encounter {uuid}")
    audit.read(me(), kind="encounter", key=str(uuid), patient_id=row.patient_id, words=words)
    return row


def claim(uuid: UUID, *, words: str) -> Claim:
    """Found through its encounter, whose patient's record it is part of."""
    found = (
        db()
        .execute(
            select(Claim, Encounter.uuid)
            .join(Encounter, Encounter.id == Claim.encounter_id)
            .where(Claim.uuid == uuid)
        )
        .one_or_none()
    )
    if found is None:
        abort(404)
    encounter(found[1], words=words)
    return found[0]


def task(uuid: UUID, *, words: str = "opened the task") -> Task:
    """For looking at it."""
    row = _task(uuid)
    _require(_may_see(me(), row), f"task {uuid}")
    patient_id = row.encounter.patient_id if row.encounter else None
    audit.read(me(), kind="task", key=str(uuid), patient_id=patient_id, words=words)
    return row


def task_to_answer(uuid: UUID) -> Task:
    """Only whose queue it is, and a provider only the own. Not locked: the answer locks its subject
    before the task, as every step does."""
    row = _task(uuid)
    _require(_may_work(me(), row), f"task {uuid}")
    return row


def task_to_keep(uuid: UUID) -> Task:
    """The same for what changes the task alone: claim, release, snooze, escalate."""
    row = _task(uuid, is_locked=True)
    _require(_may_work(me(), row), f"task {uuid}")
    return row


def task_to_move(uuid: UUID) -> Task:
    """For giving it to somebody; the gate has let in supervisors only."""
    return _task(uuid, is_locked=True)


def document(uuid: UUID) -> Document:
    row = (
        db()
        .scalars(select(Document).where(Document.uuid == uuid).options(undefer(Document.content)))
        .one_or_none()
    )
    if row is None:
        abort(404)
    owners = _owners_of(row)
    _require(_may_open(me(), owners), f"document {uuid}")
    patients: Sequence[int | None] = sorted({owner.patient_id for owner in owners}) or [None]
    for patient_id in patients:
        audit.read(
            me(), kind="document", key=str(uuid), patient_id=patient_id,
            words=f"opened a document ({row.kind})",
        )  # fmt: skip
    return row


def remittance(uuid: UUID) -> Remittance:
    row = db().scalars(select(Remittance).where(Remittance.uuid == uuid)).one_or_none()
    if row is None:
        abort(404)
    # An 835 names many patients; each encounter that is opened from it is recorded by itself.
    audit.read(
        me(), kind="remittance", key=str(uuid), patient_id=None, words="opened the remittance"
    )
    return row


def keyed_eob(uuid: UUID) -> KeyedEob:
    row = db().scalars(select(KeyedEob).where(KeyedEob.uuid == uuid)).one_or_none()
    if row is None:
        abort(404)
    # Like an 835 it names many patients.
    audit.read(me(), kind="keyed eob", key=str(uuid), patient_id=None, words="opened a paper EOB")
    return row


def _task(uuid: UUID, *, is_locked: bool = False) -> Task:
    statement = select(Task).where(Task.uuid == uuid)
    if is_locked:
        statement = statement.with_for_update(of=Task)
    else:
        statement = statement.options(joinedload(Task.encounter).joinedload(Encounter.patient))
    row = db().scalars(statement).one_or_none()
    if row is None:
        abort(404)
    return row


def _owners_of(document: Document) -> Sequence[Encounter]:
    """The encounters that it is about: a statement names several, an unplaced letter none."""
    of_statement = (
        select(StatementLine.encounter_id)
        .join(Statement, Statement.id == StatementLine.statement_id)
        .where(Statement.document_id == document.id)
    )
    about = or_(
        Encounter.id == document.encounter_id,
        is_billed_by(document.claim_id or 0),
        Encounter.id.in_(of_statement),
    )
    return db().scalars(select(Encounter).where(about).order_by(Encounter.id)).all()


def _may_open(person: User, owners: Sequence[Encounter]) -> bool:
    """What is nobody's yet may name anybody: only who places the mail reads it."""
    if not owners:
        return may(person.role, Action.READ_REMITTANCES)
    return all(_may_read(person, owner) for owner in owners)


def _may_read(person: User, row: Encounter) -> bool:
    if person.role is Role.PROVIDER:
        return row.provider_id == person.provider_id
    return may(person.role, Action.READ_RECORDS)


def may_see_task(row: Task) -> bool:
    """Whether the page of this task is open to who asks; nothing is refused or recorded."""
    return _may_see(me(), row)


def _may_see(person: User, row: Task) -> bool:
    is_own = person.role is not Role.PROVIDER or row.provider_id == person.provider_id
    return is_own and row.queue in QUEUES_SEEN[person.role]


def _may_work(person: User, row: Task) -> bool:
    is_own = person.role is not Role.PROVIDER or row.provider_id == person.provider_id
    return is_own and row.queue in QUEUES_WORKED[person.role]


def _require(is_allowed: bool, what: str) -> None:
    if not is_allowed:
        audit.refused(me(), what)
        abort(403, description="This belongs to another role's work. The refusal is recorded.")
