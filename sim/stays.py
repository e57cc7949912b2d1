"""Hospital stays: somebody is seen on three days, and the payer wants one claim for all of them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from sim.days import DAY
from sim.draw import choose, shuffled
from sim.outcomes import Outcome
from sim.world import Encounter, Service

WANTS_STAYS_WHOLE = "60101"
"""The demo's payer whose rule this is."""
CODES = ("99222", "99232", "99238")
VISITS_PER_STAY = 60
OUTCOMES = (Outcome.PAID, Outcome.DENY16, Outcome.DENY50)


def with_stays(seed: int, encounters: Sequence[Encounter]) -> list[Encounter]:
    """One of sixty: two people's second visits are given to one who is admitted instead."""
    made = {one.key: one for one in encounters}
    visits = Counter(one.patient.mrn for one in encounters)
    hosts = [one for one in shuffled(encounters, seed, "stays") if _may_stay(one, visits)]
    seconds = _second_visits(encounters)
    for host in hosts[: len(encounters) // VISITS_PER_STAY]:
        if len(seconds) < len(CODES) - 1:
            break
        days = [host, *(seconds.pop() for _ in CODES[1:])]
        for at, one in enumerate(days):
            made[one.key] = _day(host, one.key, at)
    return list(made.values())


def outcome_of(seed: int, one: Encounter) -> Outcome:
    """Of the whole stay: whichever of its visits is asked about."""
    return choose(OUTCOMES, seed, one.stay, "outcome")


def target_of(outcome: Outcome) -> str:
    """Whatever is refused alone is a day between admission and discharge."""
    return CODES[1] if outcome is Outcome.DENY50 else ""


def _may_stay(one: Encounter, visits: Counter[str]) -> bool:
    covers = one.patient.covers
    return (
        visits[one.patient.mrn] == 1
        and [cover.payer_id for cover in covers] == [WANTS_STAYS_WHOLE]
        # A claim covers one month: so does a stay.
        and (one.service_on + DAY * (len(CODES) - 1)).month == one.service_on.month
    )


def _second_visits(encounters: Sequence[Encounter]) -> list[Encounter]:
    seen: set[str] = set()
    second = []
    for one in encounters:
        if one.patient.mrn in seen:
            second.append(one)
        seen.add(one.patient.mrn)
    return second


def _day(host: Encounter, key: str, at: int) -> Encounter:
    return replace(
        host,
        key=key,
        place="IMP",
        service_on=host.service_on + DAY * at,
        arrives_on=host.arrives_on + DAY * at,
        services=(Service(code=CODES[at]),),
        stay=host.key,
        is_discharge=at == len(CODES) - 1,
    )
