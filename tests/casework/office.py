"""A practice at work: encounters in, payers' answers in, the workflows' own steps in between."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import cards, coverages, stays
from db.models import ChargeLine, Claim, Document, Encounter, Outbox, Route
from tests.scenarios import advice, practice
from tests.scenarios.engine import DAY_ZERO, Engine
from tests.scenarios.play import Play
from tests.scenarios.seen import form_of

CHARGE = 15_000
PRICES = {"99213": CHARGE, "99214": 22_000, "87880": 4_000}
# What the facility of a provider-based department charges beside; the rapid test, nothing.
ROOM = 9_000
FACILITY: Mapping[str, Mapping[str, Any]] = {
    "99213": {"facility": ROOM, "revenue": "0510"},
    "99214": {"facility": 11_000, "revenue": "0510"},
}
# Who may pay, and what each agreed to allow.
CONTRACTS: Mapping[str, Mapping[str, int]] = {
    "ALPHA": {"99213": 9_000, "99214": 13_000},
    "BETA": {},
    "MEDICARE": {},
    "MEDIGAP": {},
}
Reasons = Sequence[tuple[str, str, int]]

_numbers: Iterator[int] = iter(range(1, 10**9))


def open_office(session: Session) -> Play:
    """The practice on its first day, without a patient."""
    people = practice.lay(session, {"contract": CONTRACTS, "events": _prices()})
    session.add(Route(name="clearinghouse"))
    session.flush()
    engine = Engine(session=session)
    engine.set_clock(DAY_ZERO)
    return Play(session=session, people=people, engine=engine, acknowledges=True)


def visit(
    office: Play,
    name: str = "A1",
    *,
    payer: str = "ALPHA",
    next_payers: Sequence[str] = (),
    codes: Sequence[str] = ("99213",),
    patient: str = "P1",
    last_name: str | None = None,
    member_id: str | None = None,
    address: Mapping[str, str] | None = None,
    place: str = "11",
    diagnoses: Sequence[str] = ("E11.9",),
    chart: Mapping[str, Any] | None = None,
    until_sent: bool = True,
) -> Encounter:
    """A charted visit, on its way as far as it goes by itself; sent to the payer by default.
    `chart` is what else the chart says (tests/scenarios/charts.py)."""
    lines = [
        {"n": n, "code": code, "charge": PRICES.get(code, 0)} for n, code in enumerate(codes, 1)
    ]
    office.register(
        {"kind": "charge", "claim": name, "payer": payer, "next": list(next_payers),
         "lines": lines, "patient": patient, "diagnoses": diagnoses, "place": place,
         **(chart or {})}
    )  # fmt: skip
    made = office.encounters[name]
    made.patient.last_name = last_name or made.patient.last_name
    if address is not None:
        made.patient.address = {**made.patient.address, **address}
    if member_id is not None:
        coverages.of_encounter(office.session, made)[0].member_id = member_id
    office.react()
    if until_sent:
        office.pass_to(today(office) + 1)
    return office.encounters[name]


def answered(
    office: Play,
    name: str,
    *lines: Reasons,
    payer: str = "ALPHA",
    status: str = "1",
    rarcs: Sequence[str] = (),
    charges: Sequence[int] = (),
    icn: str | None = None,
) -> None:
    """The payer's 835: for each line the reasons why less than its charge was paid."""
    number = next(_numbers)
    charges = charges or [line.charge_cents or 0 for line in lines_of(office, name, payer)]
    svcs: list[dict[str, Any]] = [
        {"n": n, "code": line.code, "charge": charge,
         "paid": charge - sum(cents for *_, cents in reasons),
         "cas": [{"group": g, "carc": c, "cents": cents, "rarc": list(rarcs)}
                 for g, c, cents in reasons]}
        for n, (line, charge, reasons) in enumerate(
            zip(lines_of(office, name, payer), charges, lines, strict=True), 1)
    ]  # fmt: skip
    paid = sum(line["paid"] for line in svcs)
    office.event(
        {"kind": "835", "day": today(office), "payer": payer, "trn": f"T{number}",
         "bpr02": max(paid, 0), "bpr04": "ACH" if paid > 0 else "NON",
         # No payment is negative: what was taken back is kept from a later one.
         "plb": [{"code": "WO", "ref": icn, "cents": paid}] if paid < 0 else [],
         "claims": [{"claim": name, "clp02": status, "lines": svcs,
                     "clp07": icn or f"ICN{number}"}]}
    )  # fmt: skip


def line_answered(
    office: Play, claim: Claim, *reasons: tuple[str, str, int], icn: str = ""
) -> None:
    """The payer's 835 about the one line of this claim; the contract's cut where none is given."""
    (line,) = claim.lines
    charged = line.charge_line.charge_cents or 0
    reasons = reasons or (("CO", "45", 1_000),)
    paid = charged - sum(cents for *_, cents in reasons)
    service = {
        "n": 1, "code": line.charge_line.code, "charge": charged, "paid": paid,
        "cas": [{"group": g, "carc": c, "cents": cents} for g, c, cents in reasons],
    }  # fmt: skip
    pcn, payer = office.submissions(claim)[-1].pcn, claim.payer.payer_no
    event = {
        "trn": f"T{pcn}", "bpr02": paid, "bpr04": "ACH" if paid else "NON", "payer": payer,
        "plb": [], "claims": [{"clp02": "1", "clp07": icn or f"I{pcn}", "lines": [service]}],
    }  # fmt: skip
    content = advice.write(
        event,
        names={0: pcn},
        line_controls={0: {1: f"L{line.charge_line_id}"}},
        paid_on=office.engine.now.today,
        service_on=DAY_ZERO.date(),
        number=office.number(),
    )
    assert office.deliver(content) == 0
    office.react()
    office.pass_to(today(office) + 2)


def scan_card(office: Play, text: str) -> None:
    """An insurance card that came with the chart of the first visit."""
    content = text.encode()
    office.session.add(
        Document(
            encounter_id=office.encounters["A1"].id, kind=cards.KIND, title="insurance card",
            mime="text/plain", sha256=str(hash(text)), content=content,
            received_at=office.engine.now.at,
        )
    )  # fmt: skip
    office.session.flush()


def lines_of(office: Play, name: str, payer: str | None = None) -> list[ChargeLine]:
    """Of the encounter, or of its facility (`A1.I`); of a stay those of all visits on the claim
    that this one leads."""
    made = office.encounters[name.partition(".")[0]]
    visits = (
        [made] if made.stay_no is None else stays.visits(office.session, office.claim(name, payer))
    )
    office.session.expire_all()
    form = form_of(name)
    every = [line for each in visits for line in each.charge_lines if line.form is form]
    return [line for line in every if not line.is_void]


def today(office: Play) -> int:
    return office.day_of(office.engine.now.at.date())


def claims(office: Play) -> list[Claim]:
    return list(office.session.scalars(select(Claim).order_by(Claim.id)))


def sent(office: Play, kind: str = "837p") -> list[bytes]:
    """The interchanges of a kind that have gone out, oldest first."""
    names = Outbox.name.like(f"{kind}-%")
    return list(office.session.scalars(select(Outbox.content).where(names).order_by(Outbox.id)))


def _prices() -> list[dict[str, Any]]:
    lines = [
        {"code": code, "charge": cents, **FACILITY.get(code, {})} for code, cents in PRICES.items()
    ]
    return [{"kind": "charge", "lines": lines}]
