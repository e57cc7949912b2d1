"""What the recommendation of a route rests on, read from the rows of a claim's denials."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework import appeal_windows, coverages, encounter_facts, proofs
from casework.moment import Moment
from db.models import AppealCase, Claim, Denial
from domain.denials import LATE_FILING, DenialFacts, DenialRoute, PayerRules


def of(session: Session, denials: Sequence[Denial], now: Moment) -> DenialFacts:
    """Of refusals with one cause, which are decided together."""
    denial = denials[0]
    claim = denial.claim
    tried = session.scalars(
        select(Denial.route)
        .where(Denial.claim_id == claim.id, Denial.charge_line_id == denial.charge_line_id)
        .where(Denial.id <= denial.id, Denial.route.is_not(None))
        .order_by(Denial.id)
    ).all()
    sent = session.scalars(
        select(AppealCase.kind).where(AppealCase.claim_id == claim.id).order_by(AppealCase.id)
    ).all()
    routes = [DenialRoute(route) for route in tried if route]
    if "records" in sent:
        routes.append(DenialRoute.SEND_RECORDS)
    return DenialFacts(
        group=denial.group_code,
        carc=denial.carc,
        rarcs=tuple(denial.rarcs),
        tried=tuple(routes),
        appeal_level_reached=level_reached(session, claim),
        has_next_payer=bool(coverages.others(session, claim, denial.charge_line_id)),
        has_proof=denial.carc == LATE_FILING and _has_proof(session, claim, now),
        today=now.today,
        has_approval=approval_number(session, claim) is not None,
        appeal_until_on=appeal_windows.of(session, claim, denials, now).until_on,
    )


def payer_rules(claim: Claim) -> PayerRules:
    return PayerRules(
        takes_frequency_7=claim.may_be_replaced,
        instead=claim.instead,
        appeal_levels=claim.payer.appeal_levels,
        appeal_days=claim.payer.appeal_days,
        hears_timely_filing=claim.payer.hears_timely_filing,
    )


def _has_proof(session: Session, claim: Claim, now: Moment) -> bool:
    # Where the payer itself says when the claim came, a clearinghouse's earlier word wins nothing.
    best = proofs.best(session, claim, now)
    return best is not None and best.is_in_time(claim.file_by_on)


def level_reached(session: Session, claim: Claim) -> int:
    # A letter that was drafted and not sent has asked nobody.
    levels = select(func.max(AppealCase.level)).where(
        AppealCase.claim_id == claim.id,
        AppealCase.kind.in_(appeal_windows.CLIMBING),
        AppealCase.sent_at.is_not(None),
    )
    return session.scalar(levels) or 0


def approval_number(session: Session, claim: Claim) -> str | None:
    facts = encounter_facts.of(session, claim.encounter)
    return facts.approval_of(claim.payer.payer_no).prior_auth
