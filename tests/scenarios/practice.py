"""The practice of a scenario: its payers and contracts, its prices, its people."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.posting.lines import CAPITATED
from db.models import (
    Contract,
    ContractTerm,
    FeeSchedule,
    FeeScheduleItem,
    Payer,
    PayerAlias,
    PayerRoute,
    Plan,
    Provider,
    Setting,
    User,
)
from domain.claim_form import ClaimForm
from domain.tasks import Role
from tests.scenarios.premises import ADDRESS, lay_office
from tests.scenarios.seen import OF_FACILITY, form_of

SINCE = dt.date(2020, 1, 1)
PEOPLE = {
    Role.BILLER: "Ana",
    Role.SUPERVISOR: "Boris",
    Role.CODER: "Cora",
    Role.ADMINISTRATOR: "Ines",
    Role.FRONT_DESK: "Fay",
}
# What the scenarios take for granted of a payer and do not say.
KINDS = {"MEDICARE": "federal", "MEDIGAP": "supplement", "MEDICAID": "state"}
FILING_CODES = {"MEDICARE": "MB", "MEDICAID": "MC"}
# No scenario is about silence: these payers are known to take their time.
USUAL_DAYS = 180
TIMELY_DAYS = 365
# What a payer's contract holds beside what it allows for each code.
TERMS = ("timely_days", "takes_stays_whole")
# Every write-off in the scenarios lies above the limit at which a second person must agree.
WRITE_OFF_LIMIT_CENTS = 2_500


def lay(session: Session, scenario: Mapping[str, Any]) -> dict[Role, User]:
    """Everything that exists before the first event."""
    lay_office(session)
    contracts = dict(scenario.get("contract") or {})
    by_month = {event["payer"] for event in scenario["events"] if event.get("capitated")}
    for name in _payers(scenario):
        _lay_payer(session, name, contracts.get(name) or {}, is_capitated=name in by_month)
    _lay_prices(session, scenario)
    _lay_facility_prices(session, scenario)
    session.add(Setting(name="write_off_limit_cents", value={"value": WRITE_OFF_LIMIT_CENTS}))
    people = {
        role: User(username=name.lower(), full_name=name, role=role, password_hash="-")
        for role, name in PEOPLE.items()
    }
    people[Role.PROVIDER] = User(
        username="okafor",
        full_name="Ruth Okafor",
        role=Role.PROVIDER,
        password_hash="-",
        provider_id=session.scalars(select(Provider.id)).one(),
    )
    session.add_all(people.values())
    session.flush()
    return people


def originator(payer: str) -> str:
    """TRN03 of a payer: `1` and a number of nine digits."""
    return f"1{sum(map(ord, payer)):09d}"


def payer(session: Session, name: str) -> Payer:
    return session.scalars(select(Payer).where(Payer.payer_no == name)).one()


def bare_code(code: str) -> str:
    """A scenario writes modifiers behind the code: 99213-25."""
    return code.partition("-")[0]


def modifiers(code: str) -> tuple[str, ...]:
    return tuple(code.split("-")[1:])


def is_acknowledged_by_hand(scenario: Mapping[str, Any]) -> bool:
    """Whether the scenario itself says when the clearinghouse and the payer acknowledge."""
    return any(event.get("what", "").startswith("277CA ") for event in scenario["events"])


def pays_by_month(session: Session) -> str:
    """The payer whose remittances say that it is capitated."""
    return session.scalars(select(Payer.payer_no).where(Payer.kind == CAPITATED)).one()


def _payers(scenario: Mapping[str, Any]) -> list[str]:
    named = set(scenario.get("contract") or {})
    for event in scenario["events"]:
        named |= {event[key] for key in ("payer", "frm", "to", "pr_to") if event.get(key)}
        named |= set(event.get("next", ()))
    # A refund names the patient, or the patient's credit, where others name a payer.
    return sorted(named - {"patient", "unapplied", "payer"})


def _lay_payer(
    session: Session, name: str, terms: Mapping[str, int], *, is_capitated: bool
) -> None:
    row = Payer(
        payer_no=name,
        name=f"{name.capitalize()} Health",
        kind=CAPITATED if is_capitated else KINDS.get(name, "commercial"),
        filing_code=FILING_CODES.get(name, "CI"),
        takes_frequency_7=name != "MEDICARE",
        appeal_levels=1,
        appeal_days=180,
        decision_days=60,
        timely_days=terms.get("timely_days", TIMELY_DAYS),
        hears_timely_filing=name != "MEDICARE",
        usual_days=USUAL_DAYS,
        is_payment_in_full=name == "MEDICAID",
        takes_stays_whole=terms.get("takes_stays_whole", False),
        address={**ADDRESS, "line1": "PO BOX 7"},
    )
    session.add(row)
    session.flush()
    session.add_all(
        [
            PayerAlias(alias=originator(name), payer_id=row.id),
            Plan(payer_id=row.id, name=row.name),
            PayerRoute(
                payer_id=row.id, transaction_kind="837", channel="edi", route="clearinghouse"
            ),
        ]
    )
    prices = {code: cents for code, cents in terms.items() if code not in TERMS}
    if prices:
        contract = Contract(payer_id=row.id, valid_from=SINCE)
        session.add(contract)
        session.flush()
        session.add_all(
            ContractTerm(
                contract_id=contract.id,
                # `99213.I` is what the facility is allowed for it.
                form=form_of(code),
                code=bare_code(code.removesuffix(OF_FACILITY)),
                allowed_cents=cents,
            )
            for code, cents in prices.items()
        )
    session.flush()


def _lay_prices(session: Session, scenario: Mapping[str, Any]) -> None:
    """The scenario's charges are the practice's prices, by code without modifiers."""
    schedule = FeeSchedule(name="Standard", version=1, valid_from=SINCE)
    session.add(schedule)
    session.flush()
    prices = {
        bare_code(line["code"]): line["charge"]
        for event in scenario["events"]
        if event["kind"] in ("charge", "charge_selfpay", "late_charge")
        for line in event["lines"]
    }
    session.add_all(
        FeeScheduleItem(
            fee_schedule_id=schedule.id, code=code, words=f"service {code}", price_cents=cents
        )
        for code, cents in prices.items()
    )
    session.flush()


def _lay_facility_prices(session: Session, scenario: Mapping[str, Any]) -> None:
    """What the facility of a hospital's department charges: `facility` of a line, in cents."""
    prices = {
        bare_code(line["code"]): (line["facility"], line.get("revenue", "0510"))
        for event in scenario["events"]
        if event["kind"] == "charge"
        for line in event["lines"]
        if "facility" in line
    }
    schedule = FeeSchedule(
        name="Facility", version=1, form=ClaimForm.INSTITUTIONAL, valid_from=SINCE
    )
    session.add(schedule)
    session.flush()
    session.add_all(
        FeeScheduleItem(
            fee_schedule_id=schedule.id, code=code, words=f"room for {code}",
            price_cents=cents, revenue_code=revenue,
        )
        for code, (cents, revenue) in prices.items()
    )  # fmt: skip
    session.flush()
