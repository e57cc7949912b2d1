"""Visits of a patient in the hospital, for the tests of claims that bill a whole stay."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import select

from casework import cancellations, holds, stays
from casework.holds import HoldScope
from db.models import Encounter, Hold, Provider, Wait
from domain.encounter import Stage
from domain.tasks import Role
from tests.casework.office import CHARGE, Reasons, claims, sent, today
from tests.casework.payer_files import Clp, Era, Svc, remittance_file
from tests.scenarios import practice
from tests.scenarios.play import Play

PAID = [("CO", "45", 6_000)]
PAID_BUT_COINSURANCE = [("CO", "45", 6_000), ("PR", "2", 1_000)]
REFUSED = [("CO", "16", CHARGE)]
TO_RECODE = [("CO", "11", CHARGE)]


def in_hospital(
    office: Play,
    name: str,
    *,
    payer: str = "ALPHA",
    next_payers: Sequence[str] = (),
    is_discharge: bool = False,
    diagnoses: Sequence[str] = ("E11.9",),
    stay: str = "H7",
) -> Encounter:
    """The physician's visit of today, of a patient in the hospital."""
    office.register(
        {"kind": "charge", "claim": name, "payer": payer, "next": list(next_payers),
         "lines": [{"n": 1, "code": "99213", "charge": CHARGE}], "stay": stay,
         "diagnoses": diagnoses, "is_discharge": is_discharge}
    )  # fmt: skip
    office.react()
    return office.encounters[name]


def next_day(office: Play) -> None:
    office.pass_to(today(office) + 1)


def three_days(office: Play, *, payer: str = "ALPHA", next_payers: Sequence[str] = ()) -> None:
    """Admitted, seen, discharged; and all the paper that follows from it goes out."""
    for name, diagnoses in (("A1", ["E11.9"]), ("A2", ["J06.9", "E11.9"]), ("A3", ["I10"])):
        in_hospital(
            office, name, payer=payer, next_payers=next_payers, diagnoses=diagnoses,
            is_discharge=name == "A3",
        )  # fmt: skip
        next_day(office)


def whole(office: Play, *payers: str) -> None:
    for name in payers or ("ALPHA",):
        practice.payer(office.session, name).takes_stays_whole = True


def billed(office: Play) -> list[list[str]]:
    """The visits of each claim, by their names here."""
    names = {made.id: name for name, made in office.encounters.items()}
    return [
        [names[each.id] for each in stays.visits(office.session, claim)] for claim in claims(office)
    ]


def stages(office: Play) -> set[Stage]:
    office.session.expire_all()
    return {made.stage for made in office.encounters.values()}


def waits_of(office: Play, name: str) -> list[str]:
    key = f"encounter:{office.encounters[name].encounter_no}"
    open_waits = select(Wait.what).where(Wait.subject == key, Wait.ended_at.is_(None))
    return list(office.session.scalars(open_waits.order_by(Wait.id)))


def hold(office: Play, name: str) -> Hold:
    until_on = office.engine.now.today + dt.timedelta(days=10)
    return holds.hold(
        office.session, HoldScope(encounter_id=office.encounters[name].id), "audit", until_on,
        by=office.people[Role.SUPERVISOR], now=office.engine.now,
    )  # fmt: skip


def cancel(office: Play, name: str) -> None:
    made, by = office.encounters[name], office.people[Role.FRONT_DESK]
    cancellations.cancel(office.session, made, "Entered twice.", by, office.engine.now)
    office.react()


def last_sent(office: Play) -> bytes:
    office.pass_to(today(office) + 2)
    return sent(office)[-1]


def another_provider(office: Play) -> int:
    first = office.session.scalars(select(Provider)).one()
    row = Provider(
        npi="1999999984", last_name="Sato", first_name="Ken", taxonomy=first.taxonomy, title="MD"
    )
    office.session.add(row)
    office.session.flush()
    return row.id


def answer_by_day(office: Play, visits: Sequence[tuple[str, Reasons]]) -> None:
    """ALPHA's 835 for the claim that the first visit leads, without our line control numbers."""
    lines = [
        Svc(charge=CHARGE, reasons=reasons, service_on=office.encounters[name].service_on)
        for name, reasons in visits
    ]
    claim = Clp(pcn=office.submissions(office.claim("A1"))[-1].pcn, lines=lines)
    era = Era(claims=[claim], payer="ALPHA HEALTH", originator=practice.originator("ALPHA"))
    assert office.deliver(remittance_file(era, isa=office.number())) == 0
    office.react()
