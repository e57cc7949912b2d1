"""A late line on the claim that it belongs to: one that has not gone out takes it along, one that
its payer has decided is replaced.
"""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import claim_frequency, corrections, expected_amounts, subjects, submissions, waits
from casework.moment import Moment
from db.models import ChargeLine, Claim, ClaimLine, Encounter, LateCharge, Payer
from domain.claims import Frequency
from domain.corrections import LateCharging
from domain.encounter import CLAIM_CANCELLED, ClaimStage

# What a payer decided for good: its replacement asks for the old lines and the late one together.
_DECIDED = ("paid", "partly_paid")
# And refused: asked for anew only where a payer takes late charges in no other way.
_REFUSED = "denied"


def into_unsent(session: Session, encounter: Encounter, lines: Sequence[ChargeLine]) -> None:
    """A claim that still stands at its edits asks for them too."""
    for line in lines:
        claim = _unsent_claim(session, encounter, line)
        if claim is None:
            continue
        _add(session, claim, line)
        version = submissions.current_version(session, claim)
        version.charge_line_ids = sorted({*version.charge_line_ids, line.id})
        claim_frequency.fit(session, claim, version)


def join(session: Session, encounter: Encounter, now: Moment) -> list[Claim]:
    """The claims that are replaced, because a late line waited for the payer's decision on them."""
    replaced = []
    for line in _waiting(session, encounter):
        claim = _decided_claim(session, encounter, line)
        if claim is None:
            continue
        _add(session, claim, line)
        if claim not in replaced:
            replaced.append(claim)
    for claim in replaced:
        corrections.start(session, claim, "a late charge joins it", now)
        expected_amounts.keep(session, claim)
    return replaced


def give_way(session: Session, claim: Claim, now: Moment) -> bool:
    """Late charges that were rejected, as their payer takes none alone, wait to join the first
    bill: this claim ends, as nobody was asked by it."""
    is_late = claim_frequency.of_newest(session, claim) == Frequency.LATE_CHARGES
    if not is_late or not claim.payer.late_charges_join(claim.form):
        return False
    claim.stage, claim.outcome = ClaimStage.SETTLED, CLAIM_CANCELLED
    key = subjects.encounter_key(claim.encounter)
    waits.withdrawn(session, key, now, claim_id=claim.id)
    return True


def asked_by(session: Session, line: ChargeLine) -> Claim | None:
    """The claim that asks for it of whoever owes it now; none while it waits."""
    return session.scalars(
        select(Claim)
        .join(ClaimLine, ClaimLine.claim_id == Claim.id)
        .where(ClaimLine.charge_line_id == line.id, Claim.payer_id == line.payer_id)
        .where(Claim.outcome.is_distinct_from(CLAIM_CANCELLED))
        .order_by(Claim.id.desc())
        .limit(1)
    ).first()


def _add(session: Session, claim: Claim, line: ChargeLine) -> None:
    expected = expected_amounts.of_line(session, claim, line)
    session.add(ClaimLine(claim_id=claim.id, charge_line_id=line.id, expected_cents=expected))
    session.flush()
    session.expire(claim, ["lines"])


def _unsent_claim(session: Session, encounter: Encounter, line: ChargeLine) -> Claim | None:
    found = session.scalars(
        select(Claim)
        .where(Claim.encounter_id == encounter.id, Claim.payer_id == line.payer_id)
        .where(Claim.form == line.form, Claim.stage == ClaimStage.EDITS)
        .where(Claim.follows_id.is_(None))
        .order_by(Claim.id)
    )
    return next((each for each in found if _has_room(session, each)), None)


def _has_room(session: Session, claim: Claim) -> bool:
    is_fixed = submissions.current_version(session, claim).content is not None
    return not is_fixed and len(claim.lines) < claim.form.lines_max


def _waiting(session: Session, encounter: Encounter) -> Sequence[ChargeLine]:
    """Late lines that are to join and that no claim has asked their payer for."""
    found = session.execute(
        select(ChargeLine, LateCharge.way, Payer)
        .join(LateCharge, LateCharge.charge_line_id == ChargeLine.id)
        .join(Payer, Payer.id == ChargeLine.payer_id)
        .where(ChargeLine.encounter_id == encounter.id, ~ChargeLine.is_void)
        .order_by(ChargeLine.id)
    )
    return [
        line
        for line, way, payer in found
        if way == LateCharging.JOINS or payer.late_charges_join(line.form)
        if asked_by(session, line) is None
    ]


def _decided_claim(session: Session, encounter: Encounter, line: ChargeLine) -> Claim | None:
    """The claim that a replacement can take the place of, with room for the line. A later payer's
    rests on what the earlier payer said of all its lines."""
    found = session.scalars(
        select(Claim)
        .where(Claim.encounter_id == encounter.id, Claim.payer_id == line.payer_id)
        .where(Claim.form == line.form, Claim.stage == ClaimStage.SETTLED)
        .where(Claim.payer_claim_number.is_not(None))
        .order_by(Claim.id)
    )
    return next((each for each in found if _takes(session, each, line)), None)


def _takes(session: Session, claim: Claim, line: ChargeLine) -> bool:
    is_decided = claim.outcome in _DECIDED or (
        claim.outcome == _REFUSED and claim.payer.late_charges_join(claim.form)
    )
    if not is_decided or not claim.may_be_replaced or len(claim.lines) >= claim.form.lines_max:
        return False
    if claim.follows_id is None:
        return True
    earlier = session.get_one(Claim, claim.follows_id)
    return any(each.charge_line_id == line.id for each in earlier.lines)
