"""Which claims are needed now; each is made with the lines, payer and limit that it has."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework import (
    coverages,
    expected_amounts,
    filing,
    gathering,
    late_joining,
    open_lines,
    stays,
    submissions,
)
from casework.moment import Moment
from db.models import (
    ChargeLine,
    Claim,
    ClaimLine,
    Encounter,
    Payer,
)
from db.queries.claim_visits import bills
from domain.billing_plan import (
    ClaimGroup,
    PlannedClaim,
    PlannedCoverage,
    claim_groups,
)
from domain.claim_form import ClaimForm
from domain.encounter import CLAIM_CANCELLED, ClaimStage, Stage


def plan(session: Session, encounter: Encounter, now: Moment) -> str:
    """Make the claims that are needed now; when none is, the patient's part is left.

    A visit of a stay that its payer wants whole waits for the others, or for the claim of the visit
    that leads.
    """
    awaited = gathering.to_wait_for(session, encounter, now)
    if awaited is not None:
        return gathering.wait(session, encounter, awaited, now)
    replaced = late_joining.join(session, encounter, now)
    groups = _groups(session, encounter, now)
    if replaced and not groups:
        return "A late charge joins the claim to " + ", ".join(c.payer.name for c in replaced)
    if not groups:
        encounter.stage = Stage.PATIENT
        return "No payer owes any more: on to the patient's part"
    made = [_make(session, encounter, group, now) for group in groups]
    stays.wake_stay(session, encounter)
    return "Claim for " + ", ".join(_billed(session, claim) for claim in made)


def bill_late(session: Session, encounter: Encounter, line_ids: set[int], now: Moment) -> str:
    """A claim at once for late lines, whatever the payer is deciding about the others; a facility's
    wait where their payer takes none alone, or has no bill that they could be added to."""
    groups = [
        replace(group, charge_line_ids=tuple(sorted(line_ids & set(group.charge_line_ids))))
        for group in _groups(session, encounter, now)
        if line_ids & set(group.charge_line_ids) and not _waits(session, group)
    ]
    made = [_make(session, encounter, group, now) for group in groups]
    return "Claim for " + ", ".join(_billed(session, claim) for claim in made)


def _waits(session: Session, group: ClaimGroup) -> bool:
    payer = session.get_one(Payer, group.payer_id)
    return late_joining.must_wait(session, group.charge_line_ids, payer, group.form)


def _groups(session: Session, encounter: Encounter, now: Moment) -> list[ClaimGroup]:
    """The claims of this visit, with the lines of other visits of its stay where the payer takes
    them together."""
    party = gathering.party(session, encounter, now)
    lines = [
        line
        for each in party
        for line in open_lines.of(session, each)
        if each is encounter or line.takes_stays_whole
    ]
    own = {line.charge_line_id for line in lines if line.encounter_id == encounter.id}
    groups = claim_groups(lines, _planned(session, encounter, party))
    return [group for group in groups if own & set(group.charge_line_ids)]


def _billed(session: Session, claim: Claim) -> str:
    """To whom the claim goes, and which other visits it bills."""
    others = [each.encounter_no for each in stays.others(session, claim)]
    name = (
        claim.payer.name
        if claim.form is ClaimForm.PROFESSIONAL
        else f"{claim.payer.name} (facility)"
    )
    return f"{name} (with {', '.join(others)})" if others else name


def _planned(
    session: Session, encounter: Encounter, party: Sequence[Encounter]
) -> list[PlannedCoverage]:
    claims = session.scalars(
        select(Claim)
        .where(bills(*(each.id for each in party)))
        .where(Claim.outcome.is_distinct_from(CLAIM_CANCELLED))
        .order_by(Claim.id)
    ).all()
    return [
        PlannedCoverage(
            coverage_id=coverage.id,
            payer_id=coverage.plan.payer_id,
            claims=tuple(
                _planned_claim(claim) for claim in claims if claim.coverage_id == coverage.id
            ),
        )
        for coverage in coverages.of_encounter(session, encounter)
    ]


def _planned_claim(claim: Claim) -> PlannedClaim:
    return PlannedClaim(
        claim_id=claim.id,
        has_answered=claim.outcome in expected_amounts.COVERED,
        charge_line_ids=frozenset(line.charge_line_id for line in claim.lines),
    )


def _make(session: Session, encounter: Encounter, group: ClaimGroup, now: Moment) -> Claim:
    coverage = next(
        c for c in coverages.of_encounter(session, encounter) if c.id == group.coverage_id
    )
    claim = Claim(
        encounter_id=encounter.id,
        coverage_id=group.coverage_id,
        payer_id=group.payer_id,
        form=group.form,
        responsibility=group.responsibility,
        follows_id=group.follows_claim_id,
        stage=ClaimStage.EDITS,
        # A later payer's limit runs from the earlier payer's answer.
        file_by_on=filing.limit_of(
            coverage.plan.payer,
            _first_service_on(session, group) if group.follows_claim_id is None else now.today,
        ),
        opened_at=now.at,
    )
    session.add(claim)
    session.flush()
    session.add_all(
        ClaimLine(
            claim_id=claim.id,
            charge_line_id=line_id,
            expected_cents=expected_amounts.of_line(
                session, claim, session.get_one(ChargeLine, line_id)
            ),
        )
        for line_id in group.charge_line_ids
    )
    session.flush()
    submissions.new_version(session, claim, because="original", is_correction=False, now=now)
    return claim


def _first_service_on(session: Session, group: ClaimGroup) -> dt.date:
    """The filing limit runs from the first visit that the claim bills."""
    first = (
        select(func.min(Encounter.service_on))
        .join(ChargeLine, ChargeLine.encounter_id == Encounter.id)
        .where(ChargeLine.id.in_(group.charge_line_ids))
    )
    return session.scalars(first).one()
