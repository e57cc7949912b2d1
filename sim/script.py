"""Deals every payer's decisions over the encounters, so that a small world has each kind too."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from sim import departments
from sim.draw import choose, fraction, shuffled
from sim.flaws import with_flaw
from sim.outcomes import DENIALS, Outcome
from sim.payers import PAYERS, Payer, rates
from sim.stays import outcome_of, target_of
from sim.world import ALL_DEDUCTIBLE, NOTHING, Encounter, Plan, Share, ShareKind, bill_of

LATER_REJECTED = 0.03
SMALL_WORLD = 50
"""From this many encounters on, each kind of the deck is dealt at least its least number."""

DECK: dict[Outcome, tuple[float, int]] = {
    Outcome.INACTIVE: (3, 1),
    Outcome.NOTFOUND: (3, 1),
    Outcome.DENY22: (3, 1),
    Outcome.DENY27: (3, 1),
    Outcome.DENY204: (5, 1),
    Outcome.TAKEBACK: (4, 1),
    Outcome.REVERSED: (5, 1),
    Outcome.DENY50L2: (3, 1),
    Outcome.DENY50: (5, 1),
    Outcome.DENY197: (4, 1),
    Outcome.DENY29: (2, 1),
    Outcome.DENY4: (4, 1),
    Outcome.DENY11: (4, 1),
    Outcome.DENY252: (5, 1),
    Outcome.DENY97: (5, 1),
    Outcome.UNDERPAID: (6, 1),
    Outcome.DENY16: (5, 1),
    Outcome.DENYMA130: (4, 1),
    Outcome.DENY31: (3, 1),
    Outcome.REJECT: (14, 3),
    Outcome.SILENT: (4, 1),
    Outcome.PENDED: (4, 1),
    Outcome.DEAF: (2, 1),
    Outcome.INTEREST: (6, 1),
    Outcome.DENY50NO: (2, 0),
    Outcome.DENY197NO: (2, 0),
    Outcome.DENY29NO: (1, 0),
    Outcome.UNANSWERED: (2, 0),
}
"""How many of 300 encounters get it, and at least how many in any world that is not tiny."""

FLAWS = {
    "member id": (2, 1),
    "payer": (2, 1),
    "fee": (3, 1),
    "finding": (3, 1),
    "address": (3, 1),
}
OF_COVERAGE = frozenset({Outcome.INACTIVE, Outcome.NOTFOUND, Outcome.UNANSWERED})
FOR_ANY_PAIR = frozenset(
    {
        Outcome.REJECT,
        Outcome.SILENT,
        Outcome.PENDED,
        Outcome.DEAF,
        Outcome.INTEREST,
        Outcome.DENY16,
        Outcome.DENYMA130,
        Outcome.DENY31,
        *OF_COVERAGE,
    }
)
"""What may also happen to a claim that has a next payer without tangling the two."""
ON_PAPER = frozenset({Outcome.REJECT, Outcome.DENY31, Outcome.DENY50, Outcome.UNDERPAID})
TWO_LEVELS = frozenset({"60102", "60103", "60105"})
NEEDS_NEXT = frozenset({Outcome.DENY22, Outcome.DENY27, Outcome.DENY204})


def with_script(seed: int, encounters: Sequence[Encounter]) -> tuple[Encounter, ...]:
    """Every encounter with its payers' plans, and a few with a flaw in their data."""
    visits = Counter(one.patient.mrn for one in encounters)
    outcomes = _deal(seed, encounters, visits)
    flaws = _deal_flaws(seed, encounters, visits, outcomes)
    planned = [
        _planned(seed, with_flaw(one, flaws[one.key]) if one.key in flaws else one, outcomes)
        for one in encounters
    ]
    billed = {
        one.key: _with_facility(seed, one, at)
        for at, one in enumerate(departments.chosen(seed, planned, outcomes))
    }
    return tuple(billed.get(one.key, one) for one in planned)


def _with_facility(seed: int, one: Encounter, at: int) -> Encounter:
    """The visit in the department, with what each payer decides about the facility's claim."""
    outcome = departments.OUTCOMES[at % len(departments.OUTCOMES)]
    if len(one.patient.covers) > 1 and outcome not in FOR_ANY_PAIR:
        outcome = Outcome.PAID
    bill = bill_of(one)
    plans = {}
    for place, cover in enumerate(one.patient.covers):
        payer, has = PAYERS[cover.payer_id], outcome if place == 0 else Outcome.PAID
        plans[payer.payer_id] = plan_for(seed, bill.key, payer, has, _codes(bill))
    return replace(one, is_at_department=True, facility_plans=plans)


def _deal(seed: int, encounters: Sequence[Encounter], visits: Counter[str]) -> dict[str, Outcome]:
    order = shuffled(encounters, seed, "deal")
    dealt: dict[str, Outcome] = {}
    for outcome, quota in DECK.items():
        fits = [
            one
            for one in order
            if one.key not in dealt and not one.stay and _fits(one, outcome, visits)
        ]
        for one in fits[: _count(quota, len(encounters))]:
            dealt[one.key] = outcome
    return dealt


def _count(quota: tuple[float, int], encounters: int) -> int:
    per_300, least = quota
    share = per_300 * encounters / 300
    return max(least, round(share)) if encounters >= SMALL_WORLD else int(share)


def _fits(one: Encounter, outcome: Outcome, visits: Counter[str]) -> bool:
    """Whether this outcome can happen to this encounter and be told apart from all others."""
    covers = one.patient.covers
    if not covers:
        return False
    first, has_next = PAYERS[covers[0].payer_id], len(covers) > 1
    checks: tuple[Callable[[], bool], ...] = (
        lambda: not first.on_paper or outcome in ON_PAPER,
        lambda: not has_next or outcome in FOR_ANY_PAIR or outcome in NEEDS_NEXT,
        lambda: _next_fits(outcome, first, has_next=has_next),
        lambda: outcome not in OF_COVERAGE or visits[one.patient.mrn] == 1,
        lambda: not _of_one_line(outcome) or len(one.services) > 1,
        lambda: _payer_fits(outcome, first),
        lambda: outcome is not Outcome.DENY11 or len(one.findings) > 1,
    )
    return all(check() for check in checks)


def _next_fits(outcome: Outcome, first: Payer, *, has_next: bool) -> bool:
    if outcome not in NEEDS_NEXT and outcome is not Outcome.INACTIVE:
        return True
    return has_next and not first.crosses_to


def _of_one_line(outcome: Outcome) -> bool:
    return outcome in DENIALS and not DENIALS[outcome].whole_claim


def _payer_fits(outcome: Outcome, payer: Payer) -> bool:
    match outcome:
        case Outcome.DENY50L2:
            return payer.payer_id in TWO_LEVELS
        case Outcome.DENY29:
            return payer.payer_id != "60103"
        case Outcome.DENY29NO:
            return payer.payer_id == "60103"
        case Outcome.TAKEBACK | Outcome.REVERSED:
            return payer.bills_patient
        case _:
            return True


def _deal_flaws(
    seed: int,
    encounters: Sequence[Encounter],
    visits: Counter[str],
    outcomes: dict[str, Outcome],
) -> dict[str, str]:
    free = [
        one
        for one in shuffled(encounters, seed, "flaws")
        if not one.stay
        and one.key not in outcomes
        and visits[one.patient.mrn] == 1
        and len(one.patient.covers) == 1
    ]
    flaws: dict[str, str] = {}
    for flaw, quota in FLAWS.items():
        for _ in range(min(_count(quota, len(encounters)), len(free))):
            flaws[free.pop().key] = flaw
    return flaws


def _planned(seed: int, one: Encounter, outcomes: dict[str, Outcome]) -> Encounter:
    outcome = outcomes.get(one.key, Outcome.PAID)
    plans = {}
    for place, cover in enumerate(one.patient.covers):
        payer = PAYERS.get(cover.payer_id)
        if payer:
            has = outcome if place == 0 else _later_outcome(seed, one, payer)
            plans[payer.payer_id] = (
                _plan_of_stay(seed, one)
                if one.stay
                else plan_for(seed, one.key, payer, has, _codes(one))
            )
    if outcome in OF_COVERAGE:
        first = replace(one.patient.covers[0], eligibility=outcome)
        patient = replace(one.patient, covers=(first, *one.patient.covers[1:]))
        one = replace(one, patient=patient)
    return replace(one, plans=plans)


def _plan_of_stay(seed: int, one: Encounter) -> Plan:
    """The same for each of its visits, on whatever claims they come."""
    outcome = outcome_of(seed, one)
    share = Share(kind=ShareKind.COINSURANCE, amount=20)
    return Plan(outcome=outcome, target=target_of(outcome), share=share)


def _codes(one: Encounter) -> tuple[str, ...]:
    return tuple(service.code for service in one.services)


def _later_outcome(seed: int, one: Encounter, payer: Payer) -> Outcome:
    """Secondary payers mostly pay; some refuse the first file."""
    is_rejected = fraction(seed, one.key, payer.payer_id, "later") < LATER_REJECTED
    return Outcome.REJECT if is_rejected and not payer.on_paper else Outcome.PAID


def plan_for(seed: int, key: str, payer: Payer, outcome: Outcome, codes: Sequence[str]) -> Plan:
    """The plan of one payer for one encounter; also for one that a person made up."""
    share = _share(seed, key, payer, outcome)
    return Plan(
        outcome=outcome,
        target=_target(seed, key, payer, outcome, codes),
        share=share,
        first_share=_first_share(outcome),
        crosses=_crosses(seed, key, payer),
    )


def _share(seed: int, key: str, payer: Payer, outcome: Outcome) -> Share:
    match outcome:
        case Outcome.TAKEBACK:
            return ALL_DEDUCTIBLE
        case Outcome.REVERSED | Outcome.UNDERPAID if payer.bills_patient:
            return Share(kind=ShareKind.COINSURANCE, amount=20)
        case _:
            return choose(_shares(payer), seed, key, payer.payer_id, "share")


def _first_share(outcome: Outcome) -> Share | None:
    match outcome:
        case Outcome.TAKEBACK:
            return NOTHING
        case Outcome.REVERSED:
            return Share(kind=ShareKind.COPAY, amount=1500)
        case _:
            return None


def _shares(payer: Payer) -> tuple[Share, ...]:
    if not payer.bills_patient:
        return (NOTHING,)
    if payer.pays_what_is_left:
        return (NOTHING, NOTHING, NOTHING, Share(kind=ShareKind.DEDUCTIBLE_FIRST))
    fifth = Share(kind=ShareKind.COINSURANCE, amount=20)
    first_line = Share(kind=ShareKind.DEDUCTIBLE_FIRST)
    if payer.payer_id == "60103":
        return (fifth, fifth, fifth, fifth, first_line)
    small, usual = (Share(kind=ShareKind.COPAY, amount=cents) for cents in (400, 2500))
    if payer.payer_id == "60105":
        return (small, usual, usual, Share(kind=ShareKind.COINSURANCE, amount=10))
    return (fifth, fifth, fifth, usual, usual, usual, small, first_line, ALL_DEDUCTIBLE)


def _target(seed: int, key: str, payer: Payer, outcome: Outcome, codes: Sequence[str]) -> str:
    """The one line a line denial hits: never the dearest alone, so that the rest is paid."""
    if outcome is Outcome.UNDERPAID:
        return max(codes, key=lambda code: rates().get(code, 0), default="")
    if not _of_one_line(outcome) or not codes:
        return ""
    if outcome is Outcome.DENY4:
        return codes[0]
    return choose(codes[1:] or codes, seed, key, payer.payer_id, "target")


def _crosses(seed: int, key: str, payer: Payer) -> str:
    """Most cross over; some are never promised, some promised and lost."""
    if not payer.crosses_to:
        return ""
    return choose(("yes", "yes", "yes", "yes", "", "promised"), seed, key, "crosses")
