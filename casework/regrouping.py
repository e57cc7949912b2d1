"""A claim's lines follow a recoding, as far as it has room; what was sent is not touched."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import (
    claim_frequency,
    expected_amounts,
    stays,
    submissions,
)
from db.models import (
    ChargeLine,
    Claim,
    ClaimLine,
)


def regroup(session: Session, claim: Claim) -> None:
    """After a recoding: the claim has its encounters' lines as they are now, as far as it has room
    and its payer owes them (the billing plan asks for the others), and what is expected of each
    follows its new code. A version that was sent is not touched."""
    held = {line.charge_line_id: line for line in claim.lines}
    lines = [
        line
        for encounter in stays.visits(session, claim)
        for line in encounter.charge_lines
        if line.form is claim.form and not line.is_void
    ]
    room = claim.form.lines_max - sum(line.id in held for line in lines)
    grouped = _grouped(session, claim, lines)
    free = [line.id for line in lines if line.id not in grouped and line.payer_id == claim.payer_id]
    added = free[: max(room, 0)] if claim.follows_id is None else []
    for line in lines:
        expected = expected_amounts.of_line(session, claim, line)
        if line.id in held:
            held[line.id].expected_cents = expected
        elif line.id in added:
            session.add(
                ClaimLine(claim_id=claim.id, charge_line_id=line.id, expected_cents=expected)
            )
    session.flush()
    version = submissions.current_version(session, claim)
    if version.content is None:
        asked = {*version.charge_line_ids, *added}
        version.charge_line_ids = [line.id for line in lines if line.id in asked]
    session.expire(claim, ["lines"])
    claim_frequency.fit(session, claim, version)


def _grouped(session: Session, claim: Claim, lines: Sequence[ChargeLine]) -> set[int]:
    """Which of the charge lines are on some claim to this payer."""
    on_claims = (
        select(ClaimLine.charge_line_id)
        .join(Claim, Claim.id == ClaimLine.claim_id)
        .where(Claim.payer_id == claim.payer_id)
        .where(ClaimLine.charge_line_id.in_([line.id for line in lines]))
    )
    return set(session.scalars(on_claims))
