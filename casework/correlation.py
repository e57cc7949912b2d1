"""Which submission of ours an answer speaks of, by every key that the world echoes.

The patient control number says it alone. Without one of ours, the clearinghouse's trace, the
payer's claim number and our line control numbers must not contradict each other, and lead to one
claim; what they do not settle is proposed to a person (`unmatched`), never guessed.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from db.models import Ack, ChargeLine, Claim, ClaimLine, ClaimVersion, Submission
from domain import control_numbers

# More claims than that of one number are no answer to the question which it is.
LOOKED_AT_MAX = 20


@dataclass(frozen=True, kw_only=True)
class Echo:
    """What an answer repeats of what was sent, or gives back from an earlier answer."""

    pcn: str = ""
    clearinghouse_trace: str | None = None
    payer_claim_number: str | None = None
    line_controls: tuple[str, ...] = ()
    payer_id: int | None = None
    """The payer of ours that answers; None when a clearinghouse does."""
    charge_cents: int | None = None
    service_on: dt.date | None = None


def by_pcn(session: Session, pcns: Iterable[str]) -> dict[str, Submission]:
    wanted = {pcn for pcn in pcns if pcn}
    rows = session.scalars(select(Submission).where(Submission.pcn.in_(wanted)))
    return {submission.pcn: submission for submission in rows}


def submission_of(session: Session, echo: Echo) -> Submission | None:
    known = by_pcn(session, (echo.pcn, echo.pcn.strip().upper()))
    if known:
        return next(iter(known.values()))
    keys = (
        _by_trace(session, echo),
        _by_payer_claim_number(session, echo),
        _by_lines(session, echo),
    )
    claims = {claim_id for found in keys for claim_id in found}
    return last_sent(session, claims.pop()) if len(claims) == 1 else None


def last_sent(session: Session, claim_id: int) -> Submission | None:
    return session.scalar(
        select(Submission)
        .join(ClaimVersion, ClaimVersion.id == Submission.claim_version_id)
        .where(ClaimVersion.claim_id == claim_id, Submission.sent_at.is_not(None))
        .order_by(Submission.id.desc())
        .limit(1)
    )


def claim_of_lines(
    session: Session,
    controls: Iterable[str | None],
    *,
    payer_id: int | None,
    charge_cents: int,
    service_on: dt.date | None,
) -> int | None:
    """The one claim that our line control numbers name. They are short, and another system's may
    look alike: only if its charge and its day are the answer's too."""
    found = _by_lines(
        session,
        Echo(
            line_controls=tuple(filter(None, controls)),
            payer_id=payer_id,
            charge_cents=charge_cents,
            service_on=service_on,
        ),
    )
    return next(iter(found)) if len(found) == 1 else None


def _by_trace(session: Session, echo: Echo) -> set[int]:
    """The number that the clearinghouse gave the claim in an answer that named it by ours."""
    if not echo.clearinghouse_trace:
        return set()
    return _ids(
        session,
        select(ClaimVersion.claim_id)
        .join(Submission, Submission.claim_version_id == ClaimVersion.id)
        .join(Ack, Ack.submission_id == Submission.id)
        .where(Ack.clearinghouse_trace == echo.clearinghouse_trace),
    )


def _by_payer_claim_number(session: Session, echo: Echo) -> set[int]:
    """Two payers may give the same number: who answers must be the claim's."""
    if not echo.payer_claim_number:
        return set()
    number = echo.payer_claim_number
    rows = (
        select(Claim.id)
        .join(ClaimVersion, ClaimVersion.claim_id == Claim.id)
        .join(Submission, Submission.claim_version_id == ClaimVersion.id)
        .where((Submission.payer_claim_number == number) | (Claim.payer_claim_number == number))
    )
    return _ids(session, _of_payer(rows, echo.payer_id))


def _by_lines(session: Session, echo: Echo) -> set[int]:
    named = {control_numbers.charge_line_id(control) for control in echo.line_controls}
    lines = {line_id for line_id in named if line_id is not None}
    if not lines or None in named or echo.charge_cents is None or echo.service_on is None:
        return set()
    rows = select(Claim.id).join(ClaimLine).where(ClaimLine.charge_line_id.in_(lines))
    every = _ids(session, _of_payer(rows, echo.payer_id))
    return {claim_id for claim_id in every if _agrees(session, claim_id, lines, echo)}


def _agrees(session: Session, claim_id: int, lines: set[int], echo: Echo) -> bool:
    rows: Sequence[ChargeLine] = session.scalars(
        select(ChargeLine).join(ClaimLine).where(ClaimLine.claim_id == claim_id)
    ).all()
    charge = sum(line.charge_cents or 0 for line in rows)
    days = {line.service_on for line in rows}
    return (
        lines <= {line.id for line in rows}
        and charge == abs(echo.charge_cents or 0)
        and echo.service_on in days
    )


def _of_payer(rows: Select[int], payer_id: int | None) -> Select[int]:
    return rows if payer_id is None else rows.where(Claim.payer_id == payer_id)


def _ids(session: Session, rows: Select[int]) -> set[int]:
    return set(session.scalars(rows.distinct().limit(LOOKED_AT_MAX)).all())
