"""A paper EOB that was keyed wrongly is taken back whole: by a remittance of our own that is its
exact negative, posted as a payer's reversal is. Nothing is deleted, and its claims wait again."""

import hashlib
import json
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import audit, subjects
from casework.keyed_eobs import ROUTE
from casework.moment import Moment
from casework.posting.answer import DISMISSED
from casework.posting.reversals import REVERSAL
from casework.refusals import Forbidden, Refused, Stale
from db.models import (
    BankLine,
    KeyedEob,
    RawFile,
    RemitAdjustment,
    RemitClaim,
    RemitLine,
    RemitProviderAdjustment,
    Remittance,
    User,
)
from domain.money import dollars
from domain.tasks import Role

MAY_UNDO = (Role.BILLER, Role.SUPERVISOR)
BECAUSE_MAX = 200
_DONE = ("posted", DISMISSED)


def obstacle(session: Session, row: Remittance) -> str:
    """Why it cannot be undone, in words; empty where it can."""
    if row.undoes_id is not None:
        return "It is itself what took a posting back: key the paper again instead."
    if row.posted_at is None or any(answer.posting not in _DONE for answer in row.claims):
        return "Not all of it is posted yet. Answer first what is asked about it, if anything is."
    for answer in row.claims:
        if answer.posting == DISMISSED and answer.paid_cents:
            return f"Money of {answer.pcn} is no claim's: place it, or send it back, first."
        if answer.status == REVERSAL:
            return f"With {answer.pcn} it takes an earlier answer back: key that answer again."
    if taken := _taken_back(session, row):
        return f"The payer has taken back {', '.join(taken)} itself."
    return ""


def undo(session: Session, row: Remittance, because: str, by: User, now: Moment) -> Remittance:
    """Have it taken back; its workflow posts that. Raises `Stale` for whoever is second."""
    if by.role not in MAY_UNDO:
        raise Forbidden("Only a biller or a supervisor undoes a posting.")
    subjects.lock(session, subjects.remittance_key(row))
    session.refresh(row, with_for_update=True)
    _require_standing(session, row)
    reason = because.strip()[:BECAUSE_MAX]
    if not reason:
        raise Refused.of("because", "Say why it is undone.")
    if words := obstacle(session, row):
        raise Refused.of("because", words)
    row.undone_at, row.undone_by_id, row.undone_because = now.at, by.id, reason
    _free_bank_line(session, row)
    back = _negative(session, row, _file(session, row, reason, by, now), now)
    _keep_as_keyed(session, back, by, now)
    _tell(session, row, back, by, now)
    return back


def key_again(session: Session, row: Remittance, by: User, now: Moment) -> KeyedEob:
    """A draft with all that was keyed before, to be corrected."""
    if row.undone_at is None:
        raise Refused.of("because", "Undo its posting first: the same check posts once.")
    before = session.scalars(select(KeyedEob).where(KeyedEob.remittance_id == row.id)).one()
    draft = KeyedEob(
        content=before.content, document_id=before.document_id, begun_by_id=by.id,
        begun_at=now.at, saved_by_id=by.id, saved_at=now.at,
    )  # fmt: skip
    session.add(draft)
    session.flush()
    session.refresh(draft)
    audit.record(session, by, "began", "keyed eob", str(draft.uuid))
    return draft


def _require_standing(session: Session, row: Remittance) -> None:
    if not row.is_keyed:
        raise Refused.of("because", "It came as a file: only its payer takes it back.")
    if row.undone_at is not None and row.undone_by_id is not None:
        who = session.get_one(User, row.undone_by_id).full_name
        raise Stale(f"{who} undid this posting first.", who=who, at=row.undone_at)


def _taken_back(session: Session, row: Remittance) -> Sequence[str]:
    ids = [answer.id for answer in row.claims]
    found = session.scalars(select(RemitClaim.reverses_id).where(RemitClaim.reverses_id.in_(ids)))
    taken = set(found)
    return [answer.pcn for answer in row.claims if answer.id in taken]


def _free_bank_line(session: Session, row: Remittance) -> None:
    """The money is in the bank all the same: it belongs to what is keyed next of this check."""
    line = session.scalar(select(BankLine).where(BankLine.remittance_id == row.id))
    if line is not None:
        line.remittance_id = None
    row.bank_matched_at = None


def _file(session: Session, row: Remittance, because: str, by: User, now: Moment) -> RawFile:
    """What was asked, word for word, as every remittance has its source."""
    kept = {"undoes": str(row.uuid), "because": because, "undone_by": by.username}
    content = json.dumps(kept, indent=1).encode()
    file = RawFile(
        sha256=hashlib.sha256(content).hexdigest(), route=ROUTE, name=f"undo-{row.id}.json",
        content=content, kinds="keyed EOB", judgement="taken", received_at=now.at,
        words=f"{by.full_name} undoes remittance {row.trace_number}: {because}",
    )  # fmt: skip
    session.add(file)
    session.flush()
    return file


def _negative(session: Session, row: Remittance, file: RawFile, now: Moment) -> Remittance:
    """Each row with its signs turned. What moved nothing has nothing to be taken back."""
    back = Remittance(
        raw_file_id=file.id, payer_id=row.payer_id, originator=row.originator,
        trace_number=f"{row.trace_number}-U{row.id}", paid_on=row.paid_on,
        paid_cents=-row.paid_cents, method=row.method, received_at=now.at, undoes_id=row.id,
        claims=[_reversal(answer) for answer in row.claims if answer.posting == "posted"],
    )  # fmt: skip
    session.add(back)
    session.flush()
    kept = select(RemitProviderAdjustment).where(RemitProviderAdjustment.remittance_id == row.id)
    session.add_all(
        RemitProviderAdjustment(
            remittance_id=back.id, ordinal=plb.ordinal, segment=plb.segment, code=plb.code,
            reference=plb.reference, cents=-plb.cents,
        )
        for plb in session.scalars(kept.order_by(RemitProviderAdjustment.ordinal))
    )  # fmt: skip
    session.flush()
    return back


def _reversal(answer: RemitClaim) -> RemitClaim:
    return RemitClaim(
        ordinal=answer.ordinal, segment=answer.segment, pcn=answer.pcn, status=REVERSAL,
        charge_cents=-answer.charge_cents, paid_cents=-answer.paid_cents,
        patient_responsibility_cents=-answer.patient_responsibility_cents,
        payer_claim_number=answer.payer_claim_number, remarks=list(answer.remarks),
        original_reference=answer.payer_claim_number or None, member_id=answer.member_id,
        service_on=answer.service_on, submission_id=answer.submission_id,
        claim_id=answer.claim_id, lines=[_line(line) for line in answer.lines],
    )  # fmt: skip


def _line(line: RemitLine) -> RemitLine:
    return RemitLine(
        ordinal=line.ordinal, segment=line.segment, code=line.code,
        modifiers=list(line.modifiers), charge_cents=-line.charge_cents,
        paid_cents=-line.paid_cents, units=line.units, service_on=line.service_on,
        line_control=line.line_control, remarks=list(line.remarks),
        adjustments=[
            RemitAdjustment(
                ordinal=each.ordinal, segment=each.segment, group_code=each.group_code,
                group_sent=each.group_sent, carc=each.carc, cents=-each.cents,
            )
            for each in line.adjustments
        ],
    )  # fmt: skip


def _keep_as_keyed(session: Session, back: Remittance, by: User, now: Moment) -> None:
    """A person's word, as every remittance on paper is."""
    session.add(
        KeyedEob(
            content={}, begun_by_id=by.id, begun_at=now.at, saved_by_id=by.id, saved_at=now.at,
            ended_at=now.at, remittance_id=back.id,
        )
    )  # fmt: skip
    session.flush()


def _tell(session: Session, row: Remittance, back: Remittance, by: User, now: Moment) -> None:
    words = (
        f"{by.full_name} undid the posting of {row.trace_number} over {dollars(row.paid_cents)}: "
        f"{row.undone_because}"
    )
    before = subjects.lock(session, subjects.remittance_key(row))
    subjects.record(session, before, "undo", words, now, by)
    key = subjects.remittance_key(back)
    subject = subjects.ensure(session, key, now)
    subjects.record(session, subject, "take in", words, now, by)
    subjects.wake(session, key)
    audit.record(session, by, "undid", "remittance", str(row.uuid), words=row.undone_because or "")
