"""What takes a keyed remittance back: its exact negative, a remittance of our own with a file and a
person as its source, as everything has that is keyed."""

import hashlib
import json

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.keyed_eobs import ROUTE
from casework.moment import Moment
from casework.posting.reversals import REVERSAL
from db.models import (
    KeyedEob,
    RawFile,
    RemitAdjustment,
    RemitClaim,
    RemitLine,
    RemitProviderAdjustment,
    Remittance,
    User,
)


def write(session: Session, row: Remittance, because: str, by: User, now: Moment) -> Remittance:
    """Stored, and nothing of it posted yet."""
    back = _negative(session, row, _file(session, row, because, by, now), now)
    _keep_as_keyed(session, back, by, now)
    return back


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
