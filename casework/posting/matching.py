"""Which claim of ours an answer speaks of, and which charge line each of its lines.

Nothing is guessed: what has no single sure match is deferred or becomes a question to a person.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from casework import correlation, stays
from db.models import (
    ChargeLine,
    Claim,
    ClaimLine,
    ClaimVersion,
    Coverage,
    Encounter,
    RemitClaim,
    RemitLine,
    Submission,
)
from db.queries.claim_visits import bills
from domain import control_numbers
from domain.parties import initials, last4

CANDIDATES_MAX = 5
LOOKED_AT_MAX = 50


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A claim that an unmatched answer may mean, with what speaks for it."""

    claim_id: int
    label: str
    because: str
    score: int


def match_claim(session: Session, answer: RemitClaim) -> Claim | None:
    """By our control number, else by the payer's claim number of an earlier answer, else by line
    control numbers of ours that day and charge bear out."""
    if answer.claim_id is not None:
        return session.get(Claim, answer.claim_id)
    payer_id = answer.remittance.payer_id
    submission = session.scalar(select(Submission).where(Submission.pcn == answer.pcn))
    claim = (
        _of_payer(session, submission.claim_version.claim, payer_id)
        if submission
        else _by_payer_claim_number(session, answer, payer_id) or _by_lines(session, answer)
    )
    if claim is not None:
        answer.claim_id = claim.id
        if submission is not None and submission.claim_version.claim_id == claim.id:
            answer.submission_id = submission.id
    return claim


def encounters_of(session: Session, answer: RemitClaim) -> Sequence[Encounter]:
    """Those billed under the control number that it echoes, by number; its payer may have no claim
    (yet)."""
    claim = match_claim(session, answer)
    if claim is None:
        submission = session.scalar(select(Submission).where(Submission.pcn == answer.pcn))
        claim = submission.claim_version.claim if submission else None
    return _family(session, claim) if claim else []


def _family(session: Session, claim: Claim) -> Sequence[Encounter]:
    """The visits that it bills, and those that stand on another payer's claim with one of them."""
    visits = stays.visits(session, claim)
    if len(visits) == 1 and claim.encounter.stay_no is None:
        return visits
    of_them = select(Claim).where(bills(*(visit.id for visit in visits)))
    every = {
        visit.encounter_no: visit
        for each in session.scalars(of_them).all()
        for visit in stays.visits(session, each)
    }
    return [every[number] for number in sorted(every)]


def numbers_of(encounter_ids: Collection[int]) -> Select[str]:
    """Every control number that was ever sent for these encounters."""
    return (
        select(Submission.pcn)
        .join(ClaimVersion, ClaimVersion.id == Submission.claim_version_id)
        .join(Claim, Claim.id == ClaimVersion.claim_id)
        .where(bills(*encounter_ids))
    )


def match_lines(session: Session, claim: Claim, answer: RemitClaim) -> dict[int, ChargeLine] | None:
    """Charge line by ordinal of the answer's line; None when one of them cannot be told."""
    found = _match_all(answer, billed_lines(session, claim, answer))
    return found if found is not None else _match_all(answer, charge_lines(session, claim))


def _match_all(answer: RemitClaim, among: Sequence[ChargeLine]) -> dict[int, ChargeLine] | None:
    free, found = list(among), dict[int, ChargeLine]()
    for line in answer.lines:
        if line.ordinal == 0:
            continue
        charge_line = _match_line(line, free)
        if charge_line is None:
            return None
        free.remove(charge_line)
        found[line.ordinal] = charge_line
    return found


def charge_lines(session: Session, claim: Claim) -> list[ChargeLine]:
    return list(
        session.scalars(
            select(ChargeLine)
            .join(ClaimLine, ClaimLine.charge_line_id == ChargeLine.id)
            .where(ClaimLine.claim_id == claim.id)
            .order_by(ChargeLine.ordinal, ChargeLine.id)
        )
    )


def billed_lines(session: Session, claim: Claim, answer: RemitClaim) -> list[ChargeLine]:
    """The lines that the answered version carried: a later version may have carried fewer."""
    version = _version(session, claim, answer)
    every = charge_lines(session, claim)
    if version is None or not version.charge_line_ids:
        return every
    return [line for line in every if line.id in version.charge_line_ids]


def candidates(session: Session, answer: RemitClaim) -> list[Candidate]:
    """Claims of this payer by member, date of service and charge: best first."""
    claims = session.scalars(
        select(Claim)
        .join(Encounter, Encounter.id == Claim.encounter_id)
        .join(Coverage, Coverage.id == Claim.coverage_id)
        .where(Claim.payer_id == answer.remittance.payer_id)
        .where(
            or_(
                Coverage.member_id == answer.member_id,
                Encounter.service_on == answer.service_on,
                Claim.id.in_(
                    select(ClaimLine.claim_id).where(
                        ClaimLine.charge_line_id.in_(_named_lines(answer))
                    )
                ),
            )
        )
        .order_by(Claim.id.desc())
        .limit(LOOKED_AT_MAX)
    ).all()
    ranked = [_candidate(session, answer, claim) for claim in claims]
    return sorted(ranked, key=lambda c: (-c.score, c.claim_id))[:CANDIDATES_MAX]


def label(encounter: Encounter) -> str:
    """An encounter as a person chooses it among others."""
    patient = encounter.patient
    who = f"{initials(patient.first_name, patient.last_name)} {last4(patient.mrn)}"
    return f"{encounter.encounter_no} · {who} · {encounter.service_on}"


def _of_payer(session: Session, claim: Claim, payer_id: int) -> Claim | None:
    """Our number comes back from another payer when the first one passed the claim on."""
    if claim.payer_id == payer_id:
        return claim
    following = select(Claim).where(
        Claim.encounter_id == claim.encounter_id,
        Claim.payer_id == payer_id,
        Claim.form == claim.form,
    )
    nearest = (
        Claim.follows_id.is_not_distinct_from(claim.id).desc(),
        Claim.follows_id.is_(None),
        Claim.id.desc(),
    )
    return session.scalar(following.order_by(*nearest).limit(1))


def _by_payer_claim_number(session: Session, answer: RemitClaim, payer_id: int) -> Claim | None:
    if not answer.payer_claim_number:
        return None
    numbers = [answer.payer_claim_number, answer.original_reference or ""]
    claims = session.scalars(
        select(Claim)
        .where(Claim.payer_id == payer_id, Claim.payer_claim_number.in_([n for n in numbers if n]))
        .limit(2)
    ).all()
    return claims[0] if len(claims) == 1 else None


def _by_lines(session: Session, answer: RemitClaim) -> Claim | None:
    claim_id = correlation.claim_of_lines(
        session,
        [line.line_control for line in answer.lines if line.ordinal],
        payer_id=answer.remittance.payer_id,
        charge_cents=answer.charge_cents,
        service_on=answer.service_on,
    )
    return session.get(Claim, claim_id) if claim_id is not None else None


def _version(session: Session, claim: Claim, answer: RemitClaim) -> ClaimVersion | None:
    if answer.submission_id is None:
        return None
    submission = session.get_one(Submission, answer.submission_id)
    version = submission.claim_version
    return version if version.claim_id == claim.id else None


def _match_line(line: RemitLine, free: Sequence[ChargeLine]) -> ChargeLine | None:
    if line.charge_line_id is not None:
        return next((each for each in free if each.id == line.charge_line_id), None)
    charge = abs(line.charge_cents)
    # A claim for a whole stay has like lines of several days.
    that_day = [each for each in free if each.service_on == line.service_on] or free
    rules = (
        [each for each in free if line.line_control == control_numbers.line_control(each.id)],
        [
            each
            for each in that_day
            if each.price_code == line.code and each.modifiers == line.modifiers
        ],
        [each for each in that_day if each.price_code == line.code and each.charge_cents == charge],
    )
    for matching in rules:
        if len(matching) == 1:
            return matching[0]
    # Equal lines may take each other's place: the first free one is as right as any.
    alike = rules[2]
    return alike[0] if alike and len({(a.code, tuple(a.modifiers)) for a in alike}) == 1 else None


def _named_lines(answer: RemitClaim) -> set[int]:
    """Charge lines of ours that the answer's lines name (REF*6R)."""
    named = (control_numbers.charge_line_id(line.line_control) for line in answer.lines)
    return {line_id for line_id in named if line_id is not None}


def _candidate(session: Session, answer: RemitClaim, claim: Claim) -> Candidate:
    encounter = claim.encounter
    lines = charge_lines(session, claim)
    charge = sum(line.charge_cents or 0 for line in lines)
    named = _named_lines(answer)
    reasons = {
        "names our charge lines": bool(named) and named <= {line.id for line in lines},
        "same member": claim.coverage.member_id == answer.member_id,
        "same date of service": encounter.service_on == answer.service_on,
        "same charge": charge == abs(answer.charge_cents),
    }
    return Candidate(
        claim_id=claim.id,
        label=label(encounter),
        because=", ".join(words for words, holds in reasons.items() if holds),
        score=sum(reasons.values()),
    )
