"""Remittances as pages list and show them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select, true, tuple_
from sqlalchemy.orm import Session, selectinload

from db.models import (
    BankLine,
    Claim,
    Document,
    Encounter,
    KeyedEob,
    Payer,
    RemitClaim,
    RemitLine,
    RemitProviderAdjustment,
    Remittance,
    Task,
    User,
)
from domain.tasks import TaskStatus

PAGE = 50
CLAIMS_MAX = 500


@dataclass(frozen=True, kw_only=True)
class RemittanceRow:
    remittance: Remittance
    payer_name: str
    claims: int
    posted: int
    exceptions: int


@dataclass(frozen=True, kw_only=True)
class Undoing:
    """A keyed remittance that a person had taken back, and what takes it back."""

    by: str
    undone: Remittance
    back: Remittance


def page(
    session: Session, *, before: tuple[dt.datetime, int] | None, limit: int = PAGE
) -> Sequence[RemittanceRow]:
    """Latest first; one more than a page tells that there is more."""
    counts = (
        select(
            func.count().label("claims"),
            func.count().filter(RemitClaim.posting == "posted").label("posted"),
            func.count().filter(RemitClaim.posting == "exception").label("exceptions"),
        )
        .where(RemitClaim.remittance_id == Remittance.id)
        .lateral()
    )
    statement = (
        select(Remittance, Payer.name, counts.c.claims, counts.c.posted, counts.c.exceptions)
        .join(Payer, Payer.id == Remittance.payer_id)
        .join(counts, true())
        .order_by(Remittance.received_at.desc(), Remittance.id.desc())
        .limit(limit + 1)
    )
    if before is not None:
        statement = statement.where(tuple_(Remittance.received_at, Remittance.id) < tuple_(*before))
    return [
        RemittanceRow(remittance=r, payer_name=name, claims=c, posted=p, exceptions=e)
        for r, name, c, p, e in session.execute(statement)
    ]


def claims(session: Session, remittance_id: int) -> Sequence[tuple[RemitClaim, Encounter | None]]:
    found = session.execute(
        select(RemitClaim, Encounter)
        .outerjoin(Claim, Claim.id == RemitClaim.claim_id)
        .outerjoin(Encounter, Encounter.id == Claim.encounter_id)
        .where(RemitClaim.remittance_id == remittance_id)
        .options(selectinload(RemitClaim.lines).selectinload(RemitLine.adjustments))
        .order_by(RemitClaim.ordinal)
        .limit(CLAIMS_MAX)
    )
    return [(claim, encounter) for claim, encounter in found]


def provider_adjustments(session: Session, remittance_id: int) -> Sequence[RemitProviderAdjustment]:
    return session.scalars(
        select(RemitProviderAdjustment)
        .where(RemitProviderAdjustment.remittance_id == remittance_id)
        .order_by(RemitProviderAdjustment.ordinal)
        .limit(CLAIMS_MAX)
    ).all()


def bank_line(session: Session, remittance_id: int) -> BankLine | None:
    return session.scalars(
        select(BankLine).where(BankLine.remittance_id == remittance_id)
    ).one_or_none()


def exception_tasks(session: Session, remittance_id: int) -> dict[int, Task]:
    """The open posting exceptions of a remittance by its claim rows."""
    found = session.scalars(
        select(Task)
        .join(RemitClaim, RemitClaim.id == Task.remit_claim_id)
        .where(RemitClaim.remittance_id == remittance_id, Task.status == TaskStatus.OPEN)
        .order_by(Task.id)
        .limit(CLAIMS_MAX)
    )
    return {task.remit_claim_id: task for task in found if task.remit_claim_id is not None}


def find(session: Session, number: str) -> Sequence[Remittance]:
    """By trace (EFT or check number), or by a payer's claim number on it."""
    on_claims = select(RemitClaim.remittance_id).where(
        or_(RemitClaim.payer_claim_number == number, RemitClaim.pcn == number)
    )
    return session.scalars(
        select(Remittance)
        .where(or_(func.upper(Remittance.trace_number) == number, Remittance.id.in_(on_claims)))
        .order_by(Remittance.received_at.desc(), Remittance.id)
        .limit(50)
    ).all()


def keyed_by(session: Session, remittance: Remittance) -> str | None:
    """Who typed it from paper; None for a file."""
    if not remittance.is_keyed:
        return None
    person = (
        select(User.full_name)
        .join(KeyedEob, KeyedEob.saved_by_id == User.id)
        .where(KeyedEob.remittance_id == remittance.id)
    )
    return session.scalar(person)


def undoing(session: Session, remittance: Remittance) -> Undoing | None:
    """Of a keyed one: who took it back, and what did; or what it takes back itself."""
    if remittance.undoes_id is not None:
        undone = session.get_one(Remittance, remittance.undoes_id)
        return Undoing(by=_name(session, undone.undone_by_id), undone=undone, back=remittance)
    if remittance.undone_at is None:
        return None
    back = session.scalars(select(Remittance).where(Remittance.undoes_id == remittance.id)).one()
    return Undoing(by=_name(session, remittance.undone_by_id), undone=remittance, back=back)


def _name(session: Session, user_id: int | None) -> str:
    name = select(User.full_name).where(User.id == user_id)
    return session.scalar(name) or ""


def scan(session: Session, remittance: Remittance) -> Document | None:
    """The paper that it was keyed from."""
    if not remittance.is_keyed:
        return None
    paper = (
        select(Document)
        .join(KeyedEob, KeyedEob.document_id == Document.id)
        .where(KeyedEob.remittance_id == remittance.id)
    )
    return session.scalar(paper)
