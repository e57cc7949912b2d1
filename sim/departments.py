"""A hospital's outpatient department: some visits take place there, and its facility bills too."""

from collections.abc import Sequence

from sim.draw import shuffled
from sim.outcomes import Outcome
from sim.payers import PAYERS, facility_rates
from sim.world import Encounter

PER_VISITS = 15
# What becomes of the facility's claims, in turn; a kind that fits no visit left is passed over.
OUTCOMES = (Outcome.PAID, Outcome.DENY50, Outcome.REJECT, Outcome.DENY16, Outcome.PAID)
# Whatever changes a visit's coverage or codes would change both its claims at once.
APART = frozenset(
    {
        Outcome.INACTIVE,
        Outcome.NOTFOUND,
        Outcome.UNANSWERED,
        Outcome.DENY22,
        Outcome.DENY27,
        Outcome.DENY204,
        Outcome.DENY31,
        Outcome.DENY4,
        Outcome.DENY11,
    }
)


def chosen(
    seed: int, encounters: Sequence[Encounter], outcomes: dict[str, Outcome]
) -> list[Encounter]:
    """One visit of fifteen, in the order in which the facility's outcomes are dealt to them."""
    fit = [
        one
        for one in shuffled(encounters, seed, "departments")
        if _may_be_there(one) and outcomes.get(one.key, Outcome.PAID) not in APART
    ]
    return fit[: len(encounters) // PER_VISITS]


def _may_be_there(one: Encounter) -> bool:
    covers = [PAYERS.get(cover.payer_id) for cover in one.patient.covers]
    return (
        one.place == "AMB"
        and not one.stay
        and not one.flaw
        and bool(covers)
        and all(payer is not None and not payer.on_paper for payer in covers)
        and any(service.code in facility_rates() for service in one.services)
    )
