"""Write-offs: small ones post at once, larger ones when a second person has said yes."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework import ledger, settings, subjects, tasks
from casework.moment import Moment
from casework.refusals import Refused
from db.models import ChargeLine, Claim, Denial, Encounter, User, WriteOffRequest
from domain.denials import DenialStatus, WriteOffReason
from domain.ledger import Account, LedgerEntry, Leg
from domain.money import dollars
from domain.tasks import TaskKind

NOT_YET = ". A second person decides it first; until then nothing is written off."


@dataclass(frozen=True, kw_only=True)
class _Share:
    """What comes off one receivable: that of a charge line with its payer or with the patient."""

    charge_line_id: int | None
    payer_id: int | None
    cents: int


@dataclass(frozen=True, kw_only=True)
class Part:
    """What a decision gives up of one encounter, or of one charge line of it."""

    encounter: Encounter
    cents: int
    charge_line: ChargeLine | None = None
    denial: Denial | None = None
    claim: Claim | None = None


def ask_all(
    session: Session,
    parts: Collection[Part],
    *,
    side: str,
    reason: WriteOffReason,
    note: str,
    by: User,
    now: Moment,
) -> str:
    """One decision in several parts: it is small, or not, as a whole. Returns what the words of the
    decision must go on with."""
    encounter_ids = {part.encounter.id for part in parts}
    whole_is_small = is_small(session, encounter_ids, sum(part.cents for part in parts), by)
    for part in parts:
        ask(
            session,
            part.encounter,
            side=side,
            reason=reason,
            cents=part.cents,
            note=note,
            by=by,
            now=now,
            charge_line=part.charge_line,
            denial=part.denial,
            claim=part.claim,
            is_small=whole_is_small,
        )
    return "" if whole_is_small else NOT_YET


def is_small(session: Session, encounter_ids: Collection[int], cents: int, by: User) -> bool:
    """Whether one person may give up `cents` alone, as a whole and beside what they gave up alone
    on these encounters before: nobody evades the practice's limit by parts."""
    alone = select(func.coalesce(func.sum(WriteOffRequest.amount_cents), 0)).where(
        WriteOffRequest.encounter_id.in_(encounter_ids),
        WriteOffRequest.asked_by_id == by.id,
        WriteOffRequest.approved_by_id.is_(None),
        WriteOffRequest.status == "posted",
    )
    before = int(session.scalar(alone) or 0)
    return cents + before <= settings.number(session, "write_off_limit_cents")


def ask(
    session: Session,
    encounter: Encounter,
    *,
    side: str,
    reason: WriteOffReason,
    cents: int,
    note: str,
    by: User,
    now: Moment,
    charge_line: ChargeLine | None = None,
    denial: Denial | None = None,
    claim: Claim | None = None,
    is_small: bool,
) -> WriteOffRequest:
    """Ask to give up `cents` of the insurance's or the patient's receivable (`side`).

    What belongs to a small decision (`is_small`) posts at once; of a larger one a supervisor other
    than `by` approves every part.
    """
    request = WriteOffRequest(
        denial_id=denial.id if denial else None,
        claim_id=claim.id if claim else None,
        encounter_id=encounter.id,
        charge_line_id=charge_line.id if charge_line else None,
        side=side,
        reason=reason,
        amount_cents=cents,
        note=note,
        asked_by_id=by.id,
        asked_at=now.at,
        status="asked",
    )
    session.add(request)
    session.flush()
    if is_small:
        post(session, request, now, by=by)
    else:
        _open_approval(session, encounter, request, by, now)
    return request


def approve(session: Session, request: WriteOffRequest, by: User, now: Moment) -> None:
    """The second person's yes. The database refuses the asker's own."""
    if by.id == request.asked_by_id:
        raise Refused.of("decision", "Nobody approves their own write-off.")
    request.approved_by_id = by.id
    session.flush()
    post(session, request, now, by=by)


def post(session: Session, request: WriteOffRequest, now: Moment, *, by: User) -> None:
    encounter = session.get_one(Encounter, request.encounter_id)
    denial = session.get(Denial, request.denial_id) if request.denial_id else None
    claim = session.get(Claim, request.claim_id) if request.claim_id else None
    for share in _shares(session, request, claim):
        _post_share(session, request, encounter, share, now, by)
    request.status = "posted"
    if denial is not None:
        denial.status = DenialStatus.RESOLVED
        denial.resolved_at = now.at
    session.flush()


def refuse(session: Session, request: WriteOffRequest) -> None:
    request.status = "refused"
    if request.denial_id:
        denial = session.get_one(Denial, request.denial_id)
        denial.status = DenialStatus.OPEN
        denial.route = None
        # The next request for this denial is another row.
        request.denial_id = None
    session.flush()


def _shares(session: Session, request: WriteOffRequest, claim: Claim | None) -> list[_Share]:
    """Which receivables the amount comes off, the oldest line first."""
    account = _receivable(request)
    left = request.amount_cents
    shares: list[_Share] = []
    owed = ledger.open_receivables(session, request.encounter_id)
    for (line_id, of_account, payer_id), cents in owed.items():
        fits = of_account is account and cents > 0 and left > 0
        fits &= request.charge_line_id in (None, line_id)
        fits &= claim is None or payer_id == claim.payer_id
        if fits:
            share = _Share(charge_line_id=line_id, payer_id=payer_id, cents=min(cents, left))
            shares.append(share)
            left -= share.cents
    if left:
        raise Refused.of("amount", f"Only {dollars(request.amount_cents - left)} is still owed.")
    return shares


def _receivable(request: WriteOffRequest) -> Account:
    return Account.AR_PATIENT if request.side == "patient" else Account.AR_INSURANCE


def _post_share(
    session: Session,
    request: WriteOffRequest,
    encounter: Encounter,
    share: _Share,
    now: Moment,
    by: User,
) -> None:
    ledger.post(
        session,
        LedgerEntry(
            effect_key=f"write-off:{request.id}:{share.charge_line_id}",
            source=f"write-off {request.id}",
            words=f"Written off: {request.reason.replace('_', ' ')}",
            service_on=encounter.service_on,
            deposit_on=None,
            posted_on=now.today,
            legs=_legs(request, encounter, share),
        ),
        by=by,
    )


def _legs(request: WriteOffRequest, encounter: Encounter, share: _Share) -> tuple[Leg, Leg]:
    """What we give up, and the receivable that it comes off."""
    bundled = request.reason is WriteOffReason.BUNDLED
    given_up = Leg(
        account=Account.BUNDLED if bundled else Account.WRITE_OFF,
        cents=share.cents,
        reason=None if bundled else request.reason,
        payer_id=share.payer_id,
        patient_id=encounter.patient_id,
        guarantor_id=encounter.guarantor_id,
        encounter_id=encounter.id,
        charge_line_id=share.charge_line_id,
        claim_id=request.claim_id,
    )
    owed = replace(given_up, account=_receivable(request), cents=-share.cents, reason=None)
    return given_up, owed


def _open_approval(
    session: Session,
    encounter: Encounter,
    request: WriteOffRequest,
    by: User,
    now: Moment,
) -> None:
    patient_side = request.side == "patient"
    claim = session.get_one(Claim, request.claim_id) if request.claim_id else None
    task = tasks.open_task(
        session,
        TaskKind.WRITE_OFF_APPROVAL,
        subject=subjects.patient_balance_key(encounter.guarantor)
        if patient_side
        else subjects.encounter_key(claim.encounter if claim else encounter),
        cause=f"write-off:{request.id}",
        title=f"Approve a write-off of {dollars(request.amount_cents)}",
        reason=f"{by.full_name} asks to write off {dollars(request.amount_cents)} for "
        f"{request.reason.replace('_', ' ')}: {request.note}",
        details={"request_id": request.id, "asked_by_id": by.id},
        now=now,
        amount_cents=request.amount_cents,
        waits_in_claim=request.claim_id,
        encounter_id=encounter.id,
        claim_id=request.claim_id,
        guarantor_id=encounter.guarantor_id,
    )
    request.task_id = task.id
