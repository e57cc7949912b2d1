"""Late charges: found after the claim was sent, owed at once, asked for once, in the right way."""

import pytest

from casework import late_billing
from casework.late_charges import Late
from casework.refusals import Forbidden, Refused
from db.models import ChargeLine, Claim
from domain.corrections import LateCharging
from domain.encounter import ClaimStage, Stage
from domain.tasks import Role, TaskKind
from tests.casework.office import CHARGE, answered, claims, line_answered, sent, today, visit
from tests.scenarios.play import Play

PAID = [("CO", "45", 6_000)]
TEST = 4_000


def charge(
    office: Play,
    code: str = "87880",
    *,
    way: LateCharging = LateCharging.JOINS,
    by: Role = Role.CODER,
    modifiers: tuple[str, ...] = (),
    pointers: tuple[int, ...] = (1,),
    because: str = "The lab slip came late.",
) -> ChargeLine:
    late = Late(
        code=code, modifiers=modifiers, units=1, pointers=pointers, way=way, because=because
    )
    line, *_ = late_billing.add(
        office.session, office.encounters["A1"], late, by=office.people[by], now=office.engine.now
    )
    office.react()
    return line


def lines(claim: Claim, version: int = -1) -> list[int]:
    return claim.versions[version].charge_line_ids


@pytest.fixture(autouse=True)
def priced(office: Play) -> None:
    """A visit with 87880 teaches the practice its price; its own encounter is another's."""
    visit(office, "B1", patient="P2", codes=("87880",))


def owed(office: Play) -> int:
    return office.balances()["AR:insurance:ALPHA"]


def test_it_is_owed_at_once_and_waits_for_the_payers_decision(office: Play) -> None:
    visit(office)
    before = owed(office)

    line = charge(office)

    claim = office.claim("A1")
    assert owed(office) == before + TEST
    assert line.id not in lines(claim)
    assert len([one for one in claims(office) if one.encounter_id == claim.encounter_id]) == 1


def test_after_the_decision_it_joins_a_replacement_where_the_payer_takes_one(office: Play) -> None:
    visit(office)
    line = charge(office)

    answered_first_line(office, PAID)
    office.pass_to(today(office) + 2)

    claim = office.claim("A1")
    office.session.refresh(claim)
    newest = office.versions(claim)[-1]
    assert newest.frequency == "7"
    assert line.id in newest.charge_line_ids
    assert len(newest.charge_line_ids) == 2
    assert b"REF*F8*" in sent(office)[-1]


def test_added_after_the_decision_it_reopens_the_encounter_and_joins(office: Play) -> None:
    visit(office)
    answered(office, "A1", PAID)

    line = charge(office, by=Role.BILLER)

    newest = office.versions(office.claim("A1"))[-1]
    assert office.encounters["A1"].stage is Stage.CLAIMS
    assert newest.frequency == "7"
    assert line.id in newest.charge_line_ids


def test_where_none_is_taken_it_goes_on_a_claim_alone(office: Play) -> None:
    visit(office, payer="MEDICARE")
    answered(office, "A1", PAID, payer="MEDICARE")

    line = charge(office)

    made = [c for c in claims(office) if c.encounter_id == office.encounters["A1"].id]
    assert [office.versions(c)[-1].frequency for c in made] == ["1", "1"]
    assert lines(made[-1]) == [line.id]


def test_it_goes_alone_at_once_if_the_person_wants_that(office: Play) -> None:
    visit(office)

    line = charge(office, way=LateCharging.ALONE)
    office.pass_to(today(office) + 1)

    made = [c for c in claims(office) if c.encounter_id == office.encounters["A1"].id]
    assert len(made) == 2
    assert lines(made[-1]) == [line.id]
    assert f"L{line.id}".encode() in sent(office)[-1]


def test_all_of_it_is_paid_and_the_ledger_comes_to_zero(office: Play) -> None:
    visit(office)
    answered(office, "A1", PAID, icn="FIRST")
    charge(office)
    office.pass_to(today(office) + 2)

    answered_first_line(office, [("CO", "45", -6_000)], sign=-1, icn="FIRST", status="22")
    answered(office, "A1", PAID, [("CO", "45", 1_000)], icn="SECOND")

    assert owed(office) == TEST  # What B1 owes still.
    assert office.balances()["revenue:charges"] == -(CHARGE + TEST + TEST)
    assert office.claim("A1").outcome == "paid"


def test_refused_it_goes_to_the_next_payer_who_was_asked_for_the_others_before(
    office: Play,
) -> None:
    visit(office, next_payers=["BETA"])
    answered(office, "A1", [*PAID, ("PR", "2", 1_000)])
    office.pass_to(today(office) + 2)
    late = charge(office, way=LateCharging.ALONE)
    office.pass_to(today(office) + 2)
    line_answered(office, claims(office)[-1], ("PR", "204", TEST))

    office.answer(TaskKind.DENIAL, route="next_payer")
    line_answered(office, office.claim("A1", "BETA"), ("OA", "23", CHARGE - 1_000))

    asked = office.claim("A1", "BETA")
    assert lines(asked) == [late.id]
    assert asked.stage is ClaimStage.ACCEPTED


def test_a_recoding_for_a_later_payer_leaves_what_waits_for_the_first(office: Play) -> None:
    visit(office, payer="MEDICARE", next_payers=["BETA"])
    answered(office, "A1", [*PAID, ("PR", "2", 1_000)], payer="MEDICARE")
    office.pass_to(today(office) + 2)
    answered(office, "A1", [("CO", "4", CHARGE)], payer="BETA")
    line = charge(office)
    office.answer(TaskKind.DENIAL)
    office.answer(TaskKind.CODING_REVIEW)
    office.pass_to(today(office) + 2)

    later = office.claim("A1", "BETA")

    assert line.id not in [each.charge_line_id for each in later.lines]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"code": "8788"}, "code"),
        ({"code": "99999"}, "code"),
        ({"code": "99213"}, "code"),
        ({"modifiers": ("5",)}, "modifiers"),
        ({"pointers": (2,)}, "pointers"),
        ({"because": " "}, "because"),
    ],
)
def test_what_is_wrong_is_refused_at_its_field(
    office: Play, more: dict[str, object], field: str
) -> None:
    visit(office)

    with pytest.raises(Refused) as refusal:
        charge(office, **more)  # type: ignore[arg-type]

    assert list(refusal.value.problems) == [field]
    assert len(office.encounters["A1"].charge_lines) == 1


def test_before_a_claim_went_out_a_charge_is_not_late(office: Play) -> None:
    visit(office, until_sent=False)

    with pytest.raises(Refused, match="No claim has gone out yet"):
        charge(office)


def test_the_front_desk_charges_nothing(office: Play) -> None:
    visit(office)

    with pytest.raises(Forbidden):
        charge(office, by=Role.FRONT_DESK)


def answered_first_line(
    office: Play,
    reasons: list[tuple[str, str, int]],
    *,
    sign: int = 1,
    icn: str | None = None,
    status: str = "1",
) -> None:
    """The payer's answer to the claim as it was first sent, without the late line."""
    cents = sum(each[2] for each in reasons)
    paid = sign * CHARGE - cents
    office.event(
        {"kind": "835", "day": today(office), "payer": "ALPHA", "trn": f"LATE{icn}{sign}",
         "bpr02": max(paid, 0), "bpr04": "ACH" if paid > 0 else "NON",
         "plb": [{"code": "WO", "ref": icn, "cents": paid}] if paid < 0 else [],
         "claims": [{"claim": "A1", "clp02": status, "clp07": icn or "FIRST", "lines": [
             {"n": 1, "code": "99213", "charge": sign * CHARGE, "paid": paid,
              "cas": [{"group": g, "carc": c, "cents": n, "rarc": []} for g, c, n in reasons]}]}]}
    )  # fmt: skip
