"""A remittance on paper, keyed by a person: kept as a draft while it is typed, then judged, stored
and posted exactly as an 835 is. The same check as a file, before or after, is the same payment.
"""

import hashlib
import json
from collections.abc import Sequence

from pydantic import TypeAdapter
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from casework import audit, claim_content, hearing, submissions
from casework.hearing import Hearing
from casework.moment import Moment
from casework.posting import storing
from casework.posting.advice import Held
from casework.refusals import Problem, Refused, Stale
from db.models import (
    ChargeLine,
    Claim,
    ClaimLine,
    ClaimVersion,
    Coverage,
    Document,
    Encounter,
    KeyedEob,
    Patient,
    Payer,
    RawFile,
    Remittance,
    Submission,
    User,
)
from domain import control_numbers
from domain.claims import Responsibility
from domain.encounter import ClaimStage
from domain.keyed_eob import TypedClaim, TypedEob, TypedLine
from domain.keyed_eob_reading import read
from domain.remittance import RemitStatus
from domain.remittance import Remittance as SaidRemittance

TYPED = TypeAdapter(TypedEob)
ROUTE = "keyed"
DRAFTS_MAX = 100
FOUND_MAX = 10
PDF = "application/pdf"
STATUS_OF = {
    Responsibility.PRIMARY: RemitStatus.PRIMARY,
    Responsibility.SECONDARY: RemitStatus.SECONDARY,
    Responsibility.TERTIARY: RemitStatus.TERTIARY,
}
# Nothing of these has reached the payer yet.
NOT_SENT = (ClaimStage.EDITS, ClaimStage.READY)


def begin(session: Session, by: User, now: Moment, *, claim: Claim | None = None) -> KeyedEob:
    """An empty draft, or one that begins with a claim."""
    typed = TypedEob()
    if claim is not None:
        typed = TypedEob(payer_no=claim.payer.payer_no, claims=(entry_of(session, claim),))
    row = KeyedEob(
        content=TYPED.dump_python(typed, mode="json"),
        begun_by_id=by.id,
        begun_at=now.at,
        saved_by_id=by.id,
        saved_at=now.at,
    )
    session.add(row)
    session.flush()
    session.refresh(row)
    audit.record(session, by, "began", "keyed eob", str(row.uuid))
    return row


def drafts(session: Session) -> Sequence[KeyedEob]:
    """Those that nobody has ended, the latest first."""
    return session.scalars(
        select(KeyedEob)
        .where(KeyedEob.ended_at.is_(None))
        .order_by(KeyedEob.saved_at.desc(), KeyedEob.id.desc())
        .limit(DRAFTS_MAX)
    ).all()


def typed_of(row: KeyedEob) -> TypedEob:
    return TYPED.validate_python(row.content)


def lock(session: Session, row: KeyedEob) -> None:
    """Raises `Stale` for one that was posted or thrown away meanwhile."""
    session.refresh(row, with_for_update=True)
    if row.ended_at is not None:
        who = session.get_one(User, row.saved_by_id).full_name
        done = "posted" if row.remittance_id else "threw away"
        raise Stale(f"{who} {done} this EOB. Nothing of yours was added.", who=who, at=row.ended_at)


def save(session: Session, row: KeyedEob, typed: TypedEob, by: User, now: Moment) -> None:
    """Keep what is typed so far. The caller holds the draft's lock."""
    row.content = TYPED.dump_python(typed, mode="json")
    row.version += 1
    row.saved_by_id, row.saved_at = by.id, now.at
    session.flush()


def attach(session: Session, row: KeyedEob, content: bytes, by: User, now: Moment) -> None:
    """The paper itself, scanned. It may name several patients, and so belongs to none of them."""
    document = Document(
        kind="eob",
        title="Paper EOB",
        mime=PDF,
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        author=by.full_name,
        received_at=now.at,
    )
    session.add(document)
    session.flush()
    row.document_id = document.id


def discard(session: Session, row: KeyedEob, by: User, now: Moment) -> None:
    row.ended_at = now.at
    row.saved_by_id = by.id
    audit.record(session, by, "threw away", "keyed eob", str(row.uuid))


def post(session: Session, row: KeyedEob, typed: TypedEob, by: User, now: Moment) -> Remittance:
    """Judge it, store it and have it posted. Raises `Refused` with every problem at its field;
    the draft stays as it was saved."""
    payer = session.scalar(select(Payer).where(Payer.payer_no == typed.payer_no))
    said = read(
        typed,
        payer_name=payer.name if payer else "",
        control=f"K{row.id}",
        payee=claim_content.billing_entity(session),
    )
    if not isinstance(said, SaidRemittance):
        raise Refused({name: Problem(words=words) for name, words in said.items()})
    if payer is None:
        raise Refused.of("payer", "Choose the payer that sent the paper.")
    heard = Hearing(file=_file(session, row, typed, by, now), reading=Held(said))
    hearing.hear_remittance(session, said, payer, heard, now, by)
    storing.store_claims(session, heard.reading, heard.unfilled)
    if heard.repeated:
        raise Refused.of("trace", _known(session, heard))
    heard.file.words = "\n".join(heard.sentences)
    row.remittance_id, row.ended_at = heard.remittance_ids[0], now.at
    audit.record(session, by, "keyed", "keyed eob", str(row.uuid))
    session.flush()
    return session.get_one(Remittance, row.remittance_id)


def find(session: Session, text: str, payer_no: str) -> Sequence[Claim]:
    """Claims that went to a payer: by any number of theirs, by member id or last name."""
    word = text.strip().upper()
    if not word:
        return ()
    numbered = (
        select(ClaimVersion.claim_id)
        .join(Submission, Submission.claim_version_id == ClaimVersion.id)
        .where(or_(Submission.pcn == word, Submission.payer_claim_number == word))
    )
    statement = (
        select(Claim)
        .join(Encounter, Encounter.id == Claim.encounter_id)
        .join(Patient, Patient.id == Encounter.patient_id)
        .join(Coverage, Coverage.id == Claim.coverage_id)
        .where(Claim.stage.not_in(NOT_SENT))
        .where(
            or_(
                Claim.id.in_(numbered),
                Claim.payer_claim_number == word,
                Encounter.encounter_no == word,
                Coverage.member_id == word,
                func.upper(Patient.last_name) == word,
            )
        )
        .order_by(Claim.id.desc())
        .limit(FOUND_MAX)
    )
    if payer_no:
        statement = statement.join(Payer, Payer.id == Claim.payer_id).where(
            Payer.payer_no == payer_no
        )
    return session.scalars(statement).all()


def entry_of(session: Session, claim: Claim) -> TypedClaim:
    """A claim as it begins on the form: its number and its lines, with what we charged."""
    sent = submissions.answered_as(session, claim)
    asked = set(sent.claim_version.charge_line_ids)
    lines = session.scalars(
        select(ChargeLine)
        .join(ClaimLine, ClaimLine.charge_line_id == ChargeLine.id)
        .where(ClaimLine.claim_id == claim.id)
        .order_by(ChargeLine.service_on, ChargeLine.ordinal, ChargeLine.id)
    ).all()
    is_own = sent.claim_version.claim_id == claim.id
    return TypedClaim(
        pcn=sent.pcn,
        payer_claim_number=claim.payer_claim_number or "",
        status=STATUS_OF[Responsibility(claim.responsibility)],
        member_id=claim.coverage.member_id,
        lines=tuple(_line(line) for line in lines if line.id in asked or not is_own),
    )


def _line(line: ChargeLine) -> TypedLine:
    cents = line.charge_cents or 0
    return TypedLine(
        control=control_numbers.line_control(line.id),
        code=line.code,
        modifiers=tuple(line.modifiers),
        service_on=line.service_on.isoformat(),
        units=str(line.units),
        charge=f"{cents // 100}.{cents % 100:02}",
    )


def _file(session: Session, row: KeyedEob, typed: TypedEob, by: User, now: Moment) -> RawFile:
    """What was keyed, word for word, kept as a file that came is."""
    kept = {"eob": str(row.uuid), "keyed_by": by.username, **TYPED.dump_python(typed, mode="json")}
    content = json.dumps(kept, indent=1).encode()
    file = RawFile(
        sha256=hashlib.sha256(content).hexdigest(), route=ROUTE, name=f"eob-{row.id}.json",
        content=content, kinds="keyed EOB", judgement="taken", words="", received_at=now.at,
    )  # fmt: skip
    session.add(file)
    session.flush()
    return file


def _known(session: Session, heard: Hearing) -> str:
    before = session.get_one(Remittance, heard.remittance_ids[0])
    came = "was keyed" if before.is_keyed else "came as a file"
    return (
        f"This check {came} on {before.received_at:%Y-%m-%d} already and posts once: throw this "
        "draft away, or correct the number, the date or the amount."
    )
