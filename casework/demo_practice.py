"""The demo's practice: who bills, its payers, prices and contracts, from the tables in
`db/seed`.
"""

import csv
import datetime as dt
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import subjects
from casework.charted_coverages import UNKNOWN_PAYER_NO
from casework.moment import moment
from db.models import (
    BillingEntity,
    Contract,
    ContractTerm,
    FeeSchedule,
    FeeScheduleItem,
    Location,
    OrgUnit,
    Payer,
    PayerAlias,
    PayerRoute,
    Plan,
    Practice,
    Provider,
    Route,
)
from domain.claim_form import ClaimForm

SEED = Path(__file__).parents[1] / "db" / "seed"
SINCE = dt.date(2020, 1, 1)
CHARGE_FACTOR = 2
ADDRESS = {
    "line1": "410 CEDAR HOLLOW RD",
    "city": "FAIRMONT",
    "state": "TX",
    "postal_code": "752011234",
}
CLINIC = "11"
# The clinic's own small laboratory; the hospital's tests are the hospital's.
CLIA_NUMBER = "45D2000417"
PLACES = ((CLINIC, "Clinic"), ("21", "Fairmont Hospital"), ("23", "Fairmont Emergency"))
# A department on the hospital's campus that the practice runs, billed by the hospital's rules.
DEPARTMENT_PLACE, DEPARTMENT = "22", "Fairmont Outpatient Department"
OUTPATIENT_BILL = "13"


def seed(session: Session) -> bool:
    """Lay the practice; False when there is one already."""
    if session.scalar(select(Practice.id).limit(1)) is not None:
        return False
    _seed_practice(session)
    _seed_providers(session)
    session.add(Route(name="clearinghouse", sender_id="CEDARHOLLOW"))
    _seed_payers(session)
    _seed_prices(session)
    session.flush()
    subjects.touch(session, "batch:clearinghouse", moment(session), is_open=False)
    return True


def _seed_practice(session: Session) -> None:
    session.add(Practice(id=1, name="Cedar Hollow Family Medicine"))
    session.flush()
    unit = OrgUnit(name="Family medicine")
    session.add(unit)
    session.flush()
    session.add_all(
        Location(
            org_unit_id=unit.id,
            name=name,
            place_of_service=place,
            address=ADDRESS,
            clia_number=CLIA_NUMBER if place == CLINIC else None,
        )
        for place, name in PLACES
    )
    # The practice comes first: who bills where no facility does.
    session.add(_bills("CEDAR HOLLOW FAMILY MEDICINE", npi="1992000004", taxonomy="207Q00000X"))
    session.flush()
    facility = _bills(DEPARTMENT.upper(), npi="1992000103", taxonomy="282N00000X")
    session.add(facility)
    session.flush()
    session.add(
        Location(
            org_unit_id=unit.id,
            name=DEPARTMENT,
            place_of_service=DEPARTMENT_PLACE,
            address=ADDRESS,
            facility_id=facility.id,
            type_of_bill=OUTPATIENT_BILL,
        )
    )


def _bills(name: str, *, npi: str, taxonomy: str) -> BillingEntity:
    return BillingEntity(
        name=name,
        npi=npi,
        tax_id="752014417",
        taxonomy=taxonomy,
        address=ADDRESS,
        contact_name="BILLING OFFICE",
        phone="2145550142",
    )


def _seed_providers(session: Session) -> None:
    session.add_all(
        Provider(
            npi=row["npi"],
            last_name=row["last"],
            first_name=row["first"],
            taxonomy=row["taxonomy"],
            title=row["title"],
        )
        for row in _rows("providers.tsv")
    )


def _seed_payers(session: Session) -> None:
    rows = _rows("payers.tsv")
    payers = {row["payer_id"]: _payer(row) for row in rows}
    unknown = _unknown_payer()
    session.add_all([*payers.values(), unknown])
    session.flush()
    for row in rows:
        payer = payers[row["payer_id"]]
        if row["crossover_to"]:
            payer.crosses_over_to_id = payers[row["crossover_to"]].id
        session.add(Plan(payer_id=payer.id, name=payer.name))
        session.add(PayerAlias(alias=row["payer_id"], payer_id=payer.id))
        channel = "paper" if row["form"] == "paper" else "edi"
        for kind in ("837", "270", "276"):
            is_paper = channel == "paper" and kind == "837"
            session.add(
                PayerRoute(
                    payer_id=payer.id,
                    transaction_kind=kind,
                    channel="paper" if is_paper else "edi",
                    route="mail" if is_paper else "clearinghouse",
                )
            )
    session.flush()


def _payer(row: dict[str, str]) -> Payer:
    return Payer(
        payer_no=row["payer_id"],
        name=row["name"],
        kind=row["kind"],
        filing_code=row["filing_code"],
        takes_frequency_7=row["takes_frequency_7"] == "1",
        takes_institutional_7=row["takes_institutional_7"] == "1",
        takes_late_charges=row["takes_late_charges"] == "1",
        appeal_levels=int(row["appeal_levels"]),
        appeal_days=int(row["appeal_days"]),
        decision_days=int(row["decision_days"]),
        timely_days=int(row["timely_days"]),
        # Medicare hears no appeal of late filing (facts: domain 4c).
        hears_timely_filing=row["kind"] != "federal",
        usual_days=int(row["usual_days"]),
        is_payment_in_full=row["is_payment_in_full"] == "1",
        takes_stays_whole=row["takes_stays_whole"] == "1",
        address={
            "line1": f"PO BOX {row['payer_id']}",
            "city": "FAIRMONT",
            "state": "TX",
            "postal_code": "752990001",
        },
    )


def _unknown_payer() -> Payer:
    return Payer(
        payer_no=UNKNOWN_PAYER_NO,
        name="A payer we do not know",
        kind="unknown",
        filing_code="CI",
        takes_frequency_7=False,
        takes_institutional_7=False,
        takes_late_charges=False,
        appeal_levels=0,
        appeal_days=1,
        decision_days=45,
        timely_days=180,
        hears_timely_filing=False,
        usual_days=21,
        is_payment_in_full=False,
        address={},
    )


def _seed_prices(session: Session) -> None:
    procedures = _rows("procedures.tsv")
    schedule = FeeSchedule(name="Standard", version=1, valid_from=SINCE)
    session.add(schedule)
    session.flush()
    session.add_all(
        FeeScheduleItem(
            fee_schedule_id=schedule.id,
            code=row["code"],
            words=row["words"],
            price_cents=int(row["rate_cents"]) * CHARGE_FACTOR,
        )
        for row in procedures
    )
    _seed_facility_prices(session)
    for payer in _rows("payers.tsv"):
        # A supplement pays what the first payer left: it has no rates of its own.
        if payer["kind"] != "supplement":
            _seed_contract(session, payer["payer_id"], int(payer["contract_percent"]), procedures)


def _seed_facility_prices(session: Session) -> None:
    schedule = FeeSchedule(
        name="Facility", version=1, form=ClaimForm.INSTITUTIONAL, valid_from=SINCE
    )
    session.add(schedule)
    session.flush()
    session.add_all(
        FeeScheduleItem(
            fee_schedule_id=schedule.id,
            code=row["code"],
            words=row["words"],
            revenue_code=row["revenue_code"],
            price_cents=int(row["rate_cents"]) * CHARGE_FACTOR,
        )
        for row in _rows("facility.tsv")
    )


def _seed_contract(
    session: Session, payer_no: str, percent: int, procedures: list[dict[str, str]]
) -> None:
    payer = session.scalars(select(Payer).where(Payer.payer_no == payer_no)).one()
    contract = Contract(payer_id=payer.id, valid_from=SINCE)
    session.add(contract)
    session.flush()
    session.add_all(
        ContractTerm(
            contract_id=contract.id,
            code=row["code"],
            allowed_cents=int(row["rate_cents"]) * percent // 100,
            form=form,
        )
        for form, rows in (
            (ClaimForm.PROFESSIONAL, procedures),
            (ClaimForm.INSTITUTIONAL, _rows("facility.tsv")),
        )
        for row in rows
    )


def _rows(name: str) -> list[dict[str, str]]:
    with (SEED / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))
