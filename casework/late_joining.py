"""A late line on the claim that it belongs to: one that has not gone out takes it along, one that
its payer has decided is replaced.
"""

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import (
    adjudications,
    claim_frequency,
    corrections,
    expected_amounts,
    stays,
    subjects,
    submissions,
    waits,
)
from casework.moment import Moment
from db.models import ChargeLine, Claim, ClaimLine, Encounter, LateCharge, Payer
from domain.claim_form import ClaimForm
from domain.claims import Frequency
from domain.corrections import LateCharging
from domain.encounter import CLAIM_CANCELLED, ClaimStage

# What a payer decided for good: its replacement asks for the old lines and the late one together.
_DECIDED = ("paid", "partly_paid")


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
        stays.lock_others(session, claim)
        corrections.start(session, claim, "a late charge joins it", now)
    return replaced


def must_wait(session: Session, line_ids: Collection[int], payer: Payer, form: ClaimForm) -> bool:
    """Whether a facility's late lines cannot be asked for yet: their payer takes none alone and has
    not decided the first bill, or has no bill that they could be added to."""
    if form is not ClaimForm.INSTITUTIONAL:
        return False
    first = claim_frequency.first_bills(session, line_ids, payer.id)
    is_open = any(claim.stage.is_open for claim in first)
    if payer.takes_late_charges:
        return is_open and not any(map(claim_frequency.is_with_payer, first))
    return is_open and payer.late_charges_join(form)


def give_way(session: Session, claim: Claim, now: Moment) -> bool:
    """Late charges that their payer never took in, and that must wait, are asked for by no claim
    meanwhile: this one ends."""
    if not claim_frequency.is_late_alone(session, claim):
        return False
    if adjudications.is_answered(session, claim) or claim.payer_claim_number is not None:
        return False
    line_ids = [line.charge_line_id for line in claim.lines]
    if not must_wait(session, line_ids, claim.payer, claim.form):
        return False
    claim.stage, claim.outcome = ClaimStage.SETTLED, CLAIM_CANCELLED
    key = subjects.encounter_key(claim.encounter)
    waits.withdrawn(session, key, now, claim_id=claim.id)
    return True


def is_asked_elsewhere(session: Session, claim: Claim) -> bool:
    """Whether what a claim that gave way asked for is asked for by another now."""
    if claim.outcome != CLAIM_CANCELLED:
        return False
    asking = (asked_by(session, line.charge_line) for line in claim.lines)
    return any(each is not None for each in asking)


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
    found = _claims_for(session, encounter, line, ClaimStage.EDITS)
    return next((each for each in found if _has_room(session, each)), None)


def _claims_for(
    session: Session, encounter: Encounter, line: ChargeLine, stage: ClaimStage
) -> Sequence[Claim]:
    """The claims of the encounter's own to whoever owes the line, on its form."""
    return session.scalars(
        select(Claim)
        .where(Claim.encounter_id == encounter.id, Claim.payer_id == line.payer_id)
        .where(Claim.form == line.form, Claim.stage == stage)
        .order_by(Claim.id)
    ).all()


def _has_room(session: Session, claim: Claim) -> bool:
    if claim.follows_id is not None:
        return False
    version = submissions.current_version(session, claim)
    may_change = version.content is None and version.frequency != Frequency.VOID
    return may_change and len(claim.lines) < claim.form.lines_max


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
    found = _claims_for(session, encounter, line, ClaimStage.SETTLED)
    return next((each for each in found if _takes(session, each, line)), None)


def _takes(session: Session, claim: Claim, line: ChargeLine) -> bool:
    is_decided = claim.outcome in _DECIDED
    is_replaceable = claim.may_be_replaced and claim.payer_claim_number is not None
    if not is_decided or not is_replaceable or len(claim.lines) >= claim.form.lines_max:
        return False
    if claim.follows_id is None:
        return True
    earlier = session.get_one(Claim, claim.follows_id)
    return any(each.charge_line_id == line.id for each in earlier.lines)
