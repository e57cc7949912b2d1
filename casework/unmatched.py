"""Answers that name nothing of ours: each is one question to a person, none is dropped.

Where patient, day and charge are those of a claim of ours, that claim is proposed; nothing of the
answer has an effect until somebody agrees.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from casework import claim_acks, quarantine, subjects, tasks, waits
from casework.moment import Moment
from casework.posting import matching
from casework.posting.cases import ExceptionCase
from casework.posting.storing import payer_called
from db.models import (
    Claim,
    ClaimVersion,
    Coverage,
    EligibilityCheck,
    Encounter,
    Patient,
    Plan,
    RawFile,
    Submission,
)
from domain.acknowledgments import ClaimAck, ClaimAckStatus
from domain.claim_status import StatusAnswer
from domain.eligibility import EligibilityAnswer
from domain.parties import PersonName
from domain.tasks import TaskKind

CLAIM, CHECK = "claim", "check"
# Patient, day and charge: with fewer than two of them nothing is proposed, with all it is sure
# enough to be the recommended answer.
REASONS_MIN, SURE = 2, 3
PROPOSED_MAX = 5


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A claim, or a question about coverage, that the answer may be about."""

    kind: str
    id: int
    label: str
    because: str
    score: int

    @property
    def value(self) -> str:
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True, kw_only=True)
class Unmatched:
    """One answer, or what it says of one claim, by its place in the file."""

    kind: str
    number: str
    words: str = ""
    ordinal: int = 0
    """Of the claim within a 277CA; 0 is the whole answer."""
    place: tuple[int, int] = (0, 0)
    """Interchange and item, both from 0: the answer is read from the file again when it is used."""
    proposals: tuple[Proposal, ...] = ()

    def at(self, place: tuple[int, int]) -> "Unmatched":
        return replace(self, place=place)


def of_claim_ack(session: Session, ack: ClaimAck, status: ClaimAckStatus) -> Unmatched:
    payer = claim_acks.payer_of(session, ack)
    said = _Said(
        payer_id=payer.id if payer else None,
        member_id=status.member_id,
        patient=status.patient,
        service_on=status.service_on,
        charge_cents=status.charge_cents,
    )
    return Unmatched(
        kind="277CA",
        number=status.pcn,
        words="; ".join(code.words for code in status.codes),
        ordinal=status.ordinal,
        proposals=_claims(session, said),
    )


def of_status(session: Session, answer: StatusAnswer) -> Unmatched:
    payer = payer_called(session, answer.payer_id, name=answer.payer_name)
    said = _Said(
        payer_id=payer.id if payer else None,
        member_id=answer.member_id,
        patient=answer.patient,
        service_on=answer.service_on,
        charge_cents=answer.charge_cents,
    )
    return Unmatched(
        kind="277",
        number=answer.pcn or answer.trace,
        words="; ".join(code.words for code in answer.codes),
        proposals=_claims(session, said),
    )


def of_eligibility(session: Session, answer: EligibilityAnswer) -> Unmatched:
    payer = payer_called(session, answer.payer_id, name=answer.payer_name)
    return Unmatched(
        kind="271",
        number=answer.trace or "",
        proposals=_checks(session, answer.member_id, payer.id if payer else None),
    )


def open_tasks(session: Session, file: RawFile, found: Sequence[Unmatched], now: Moment) -> None:
    """One for each answer with a proposal, and one for the rest of the file."""
    proposed = [each for each in found if each.proposals]
    if not proposed:
        return
    subjects.ensure(session, quarantine.file_key(file), now)
    for each in proposed:
        _open(session, file, each, now)
    waits.set_due(session, subjects.lock(session, quarantine.file_key(file)))


def _open(session: Session, file: RawFile, one: Unmatched, now: Moment) -> None:
    number = f" names {one.number[:20]}, which is not ours" if one.number else " names nothing"
    tasks.open_task(
        session,
        TaskKind.POSTING_EXCEPTION,
        subject=quarantine.file_key(file),
        cause=f"unmatched:{one.place[0]}:{one.place[1]}:{one.ordinal}",
        title=f"A {one.kind} may be about a claim of ours",
        reason=f"{file.name}: the {one.kind}{number}; it has no effect until somebody says whose "
        "it is.",
        details={
            "case": ExceptionCase.UNMATCHED_ANSWER,
            "kind": one.kind,
            "number": one.number[:38],
            "words": one.words,
            "place": list(one.place),
            "ordinal": one.ordinal,
        },
        now=now,
        raw_file_id=file.id,
    )


@dataclass(frozen=True, kw_only=True)
class _Said:
    """Of whom and what the answer speaks, as far as it says so."""

    payer_id: int | None
    member_id: str | None
    patient: PersonName | None
    service_on: dt.date | None
    charge_cents: int | None


def _claims(session: Session, said: _Said) -> tuple[Proposal, ...]:
    """Claims of ours that were sent, best first."""
    last = said.patient.last.upper() if said.patient else ""
    was_sent = (
        select(ClaimVersion.claim_id)
        .join(Submission, Submission.claim_version_id == ClaimVersion.id)
        .where(Submission.sent_at.is_not(None))
    )
    statement = (
        select(Claim)
        .join(Coverage, Coverage.id == Claim.coverage_id)
        .join(Encounter, Encounter.id == Claim.encounter_id)
        .join(Patient, Patient.id == Encounter.patient_id)
        .where(Claim.id.in_(was_sent), Encounter.service_on == said.service_on)
        .where(
            or_(
                Coverage.member_id == (said.member_id or ""),
                func.upper(Patient.last_name) == last,
            )
        )
        .order_by(Claim.id.desc())
        .limit(matching.LOOKED_AT_MAX)
    )
    if said.payer_id is not None:
        statement = statement.where(Claim.payer_id == said.payer_id)
    ranked = [_proposed(session, claim, said) for claim in session.scalars(statement)]
    found = [each for each in ranked if each.score >= REASONS_MIN]
    return tuple(sorted(found, key=lambda each: (-each.score, each.id))[:PROPOSED_MAX])


def _proposed(session: Session, claim: Claim, said: _Said) -> Proposal:
    encounter = claim.encounter
    charge = sum(line.charge_cents or 0 for line in matching.charge_lines(session, claim))
    is_member = bool(said.member_id) and claim.coverage.member_id == said.member_id
    reasons = {
        "same member" if is_member else "same last name": True,
        "same date of service": encounter.service_on == said.service_on,
        "same charge": said.charge_cents is not None and charge == abs(said.charge_cents),
    }
    return Proposal(
        kind=CLAIM,
        id=claim.id,
        label=f"{matching.label(encounter)}, claim to {claim.payer.name}",
        because=", ".join(words for words, holds in reasons.items() if holds),
        score=sum(reasons.values()),
    )


def _checks(session: Session, member_id: str | None, payer_id: int | None) -> tuple[Proposal, ...]:
    """Questions of ours about this member that nobody has answered."""
    if not member_id or payer_id is None:
        return ()
    rows = session.scalars(
        select(EligibilityCheck)
        .join(Coverage, Coverage.id == EligibilityCheck.coverage_id)
        .join(Plan, Plan.id == Coverage.plan_id)
        .where(EligibilityCheck.answered_at.is_(None), Coverage.member_id == member_id)
        .where(Plan.payer_id == payer_id)
        .order_by(EligibilityCheck.id.desc())
        .limit(PROPOSED_MAX)
    )
    return tuple(
        Proposal(
            kind=CHECK,
            id=check.id,
            label=f"Our question of {check.asked_at:%Y-%m-%d} about "
            f"{matching.label(session.get_one(Encounter, check.encounter_id))}",
            because="same member, same payer, not answered yet",
            score=SURE,
        )
        for check in rows
    )
