"""Encounters to which nothing happens: coded by the chart or by the note, priced, paid in full."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from sim import ehr
from sim.invention import make_world
from sim.main import Simulator, write_whole
from sim.payers import PAYERS
from sim.run import Run
from sim.world import Cover, Encounter, Plan, Service, World

SEED = 41
# One patient for each encounter: the world invents two people for three of them.
PEOPLE_PER_ENCOUNTER = 2
SERVICES = ("99213", "83036", "80061", "36415")
FINDINGS = ("E11.9", "I10", "E78.5")
PAYER_ID = "60101"


class CleanWorld(Simulator):
    """The simulated payers over a world that arrives when it is told to, and never errs."""

    def __init__(self, home: Path, world: World) -> None:
        super().__init__(
            home=home, seed=SEED, encounters=len(world.encounters), arrive_over_days=1, rush=True
        )
        self._clean = world
        self.holds_remittances = False
        self.held: dict[str, bytes] = {}
        self.looked_at = dt.datetime.min.replace(tzinfo=dt.UTC)

    def step(self, now: dt.datetime) -> bool:
        worked = super().step(now)
        self.looked_at = now
        return worked

    @property
    def has_mail(self) -> bool:
        """Something was sent that no payer has taken in yet."""
        sent = (self.home / "exchange" / "outbound" / "clearinghouse").glob("*.x12")
        return any(path.name not in self.known["clearinghouse"] for path in sent)

    def _make_world(self, _: dt.datetime) -> World:
        return self._clean

    def _deliver(self, run: Run) -> bool:
        """Like the world's own, without the files that it sends wrong or twice."""
        rows = self.store.db.execute(
            "select name, route, body from outfile where delivered = 0 and due_on <= ?",
            (run.today.isoformat(),),
        ).fetchall()
        for row in rows:
            self._deliver_one(row["route"], row["name"], row["body"])
        with self.store.change():
            self.store.db.executemany(
                "update outfile set delivered = 1 where name = ?", [(row["name"],) for row in rows]
            )
        return bool(rows)

    def _deliver_one(self, route: str, name: str, body: bytes | str) -> None:
        content = body.encode() if isinstance(body, str) else body
        if name.endswith(("-first.x12", "-again.x12")):
            return
        if self.holds_remittances and name.startswith("835-"):
            self.held[name] = content
            return
        write_whole(self.home / "exchange" / "inbound" / route / name, content)


def clean_world(start_on: dt.date, *, coded: int, uncoded: int) -> World:
    """First those that come with codes, then those whose note must be read."""
    count = coded + uncoded
    made = make_world(
        seed=SEED,
        encounters=count * PEOPLE_PER_ENCOUNTER,
        start_on=start_on,
        arrive_over_days=1,
    )
    patients = {one.patient.mrn: one for one in reversed(made.encounters)}
    chosen = list(patients.values())[-count:]
    clean = [_clean(one, start_on, comes_coded=place < coded) for place, one in enumerate(chosen)]
    return replace(made, encounters=tuple(clean))


def bring(home: Path, encounters: Sequence[Encounter]) -> None:
    """The EHR sends these charts now."""
    for one in encounters:
        path = home / "exchange" / "inbound" / "ehr" / ehr.file_name(one)
        write_whole(path, ehr.bundle_bytes(one))


def _clean(encounter: Encounter, start_on: dt.date, *, comes_coded: bool) -> Encounter:
    cover = Cover(payer_id=PAYER_ID, member_id=f"AH{SEED}{encounter.patient.mrn[-5:]}1")
    born_on = encounter.patient.born_on.replace(year=1980)
    return replace(
        encounter,
        patient=replace(encounter.patient, born_on=born_on, covers=(cover,)),
        place="AMB",
        service_on=start_on - dt.timedelta(days=1),
        arrives_on=start_on,
        findings=FINDINGS,
        distractors=(),
        services=tuple(Service(code=code) for code in SERVICES),
        comes_coded=comes_coded,
        plans={payer_id: Plan() for payer_id in PAYERS},
        stay="",
        is_discharge=False,
        is_at_department=False,
        flaw="",
    )
