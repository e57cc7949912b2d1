"""One run of the simulator: its world, its memory, and what business day it is."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sim import days
from sim.draw import between
from sim.outcomes import Outcome, pinned
from sim.payers import PAYERS, Payer
from sim.script import plan_for
from sim.store import Doc, Store
from sim.world import FACILITY, Encounter, Plan, Share, ShareKind, World
from sim.x12 import Envelope

RUSH = 5
SHORT = 2
"""How many times shorter every delay is in a rushed run."""


@dataclass(frozen=True, kw_only=True)
class Run:
    store: Store
    world: World
    now: dt.datetime
    rush: bool = False

    @property
    def today(self) -> dt.date:
        return self.now.date()

    @property
    def seed(self) -> int:
        return self.world.seed

    def later(self, low: int, high: int, *about: object) -> dt.date:
        """A business day between low and high from now, drawn from what it is about."""
        count = between(low, high, self.seed, *about)
        count = max(1, count // RUSH) if self.rush and count > SHORT else count
        return days.add_business_days(self.today, count)

    def envelope(self, receiver: str) -> Envelope:
        control = self.store.count_up("interchange")
        return Envelope(receiver=receiver, at=self.now, control=control)

    def encounter_of(
        self, member_id: str, service_on: dt.date, form: str = "P"
    ) -> Encounter | None:
        """The visit, or what a facility bills for it; a payer keeps the two apart."""
        known = (
            self.world.facility_by_member_and_day if form == "I" else self.world.by_member_and_day
        )
        return known.get((member_id, service_on))

    def encounter_of_claim(self, doc: Doc) -> Encounter | None:
        day = dt.date.fromisoformat(doc["service_on"])
        return self.encounter_of(doc["member"], day, doc.get("form", "P"))

    def plan_of_claim(self, doc: Doc) -> Plan:
        day = dt.date.fromisoformat(doc["service_on"])
        codes = [line["code"] for line in doc["lines"]]
        form = doc.get("form", "P")
        return self.plan_of(PAYERS[doc["payer"]], doc["member"], day, codes, form=form)[1]

    def plan_of(
        self,
        payer: Payer,
        member_id: str,
        service_on: dt.date,
        codes: Sequence[str],
        *,
        form: str = "P",
    ) -> tuple[str, Plan]:
        """The encounter's key and the payer's plan, also for people whom a user made up."""
        known = self.encounter_of(member_id, service_on, form)
        if known and payer.payer_id in known.plans:
            return known.key, known.plans[payer.payer_id]
        key = known.key if known else f"{member_id}:{service_on.isoformat()}"
        if form == "I" and not known:
            key += FACILITY
        outcome = pinned(member_id) or Outcome.PAID
        plan = plan_for(self.seed, key, payer, outcome, sorted(codes))
        if outcome is Outcome.PAID and payer.bills_patient:
            # Whoever pins a paid claim wants to see a payment, not a deductible that takes it all.
            plan = replace(plan, share=Share(kind=ShareKind.COINSURANCE, amount=20))
        return key, plan
