"""Hospital stays: somebody is seen on three days, and the payer wants one claim for all of them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sim.days import DAY, next_business_day
from sim.draw import choose, shuffled
from sim.outcomes import Outcome
from sim.world import Encounter, Service

WANTS_STAYS_WHOLE = "60101"
"""The demo's payer whose rule this is."""
CODES = ("99222", "99232", "99238")
VISITS_PER_STAY = 60
OUTCOMES = (Outcome.PAID, Outcome.DENY16, Outcome.DENY50)


def with_stays(seed: int, encounters: Sequence[Encounter]) -> list[Encounter]:
    """One of sixty: somebody who comes twice is admitted instead, and is given another's second
    visit for the third day."""
    made = {one.key: one for one in encounters}
    first, second = _visits(encounters)
    hosts = [one for one in shuffled(list(first.values()), seed, "stays") if _may_stay(one, second)]
    hosts = hosts[: len(encounters) // VISITS_PER_STAY]
    own_second = [second.pop(host.patient.mrn) for host in hosts]
    for host, own, (_, given) in zip(hosts, own_second, reversed(second.items()), strict=False):
        for at, one in enumerate((host, own, given)):
            made[one.key] = _day(host, one.key, at)
    return list(made.values())


def outcome_of(seed: int, one: Encounter) -> Outcome:
    """Of the whole stay: whichever of its visits is asked about."""
    return choose(OUTCOMES, seed, one.stay, "outcome")


def target_of(outcome: Outcome) -> str:
    """Whatever is refused alone is a day between admission and discharge."""
    return CODES[1] if outcome is Outcome.DENY50 else ""


def _may_stay(one: Encounter, second: Mapping[str, Encounter]) -> bool:
    covers = one.patient.covers
    return (
        one.patient.mrn in second
        and [cover.payer_id for cover in covers] == [WANTS_STAYS_WHOLE]
        # A claim covers one month: so does a stay.
        and (one.service_on + DAY * (len(CODES) - 1)).month == one.service_on.month
    )


def _visits(
    encounters: Sequence[Encounter],
) -> tuple[dict[str, Encounter], dict[str, Encounter]]:
    """Everybody's first visit, and the second of those who come again, by chart number."""
    first: dict[str, Encounter] = {}
    second: dict[str, Encounter] = {}
    for one in encounters:
        known = second if one.patient.mrn in first else first
        known.setdefault(one.patient.mrn, one)
    return first, second


def _day(host: Encounter, key: str, at: int) -> Encounter:
    return replace(
        host,
        key=key,
        place="IMP",
        service_on=host.service_on + DAY * at,
        arrives_on=next_business_day(host.arrives_on + DAY * at),
        services=(Service(code=CODES[at]),),
        stay=host.key,
        is_discharge=at == len(CODES) - 1,
    )
