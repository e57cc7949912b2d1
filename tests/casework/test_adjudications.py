"""The next payer is told all that the payers before it did, and it adds up to the charge."""

import datetime as dt
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import adjudications, claim_content
from db.models import Claim, ClaimVersion, Coverage
from domain.claims import (
    OtherPayer,
    OtherPayerLine,
    PriorAdjustment,
    ProfessionalClaim,
    Responsibility,
)
from domain.encounter import ClaimStage
from domain.parties import PayerParty, Relationship
from domain.remittance import AdjustmentGroup
from domain.tasks import TaskKind
from edi import cob_checks
from tests.casework.office import sent, visit
from tests.casework.payer_files import Clp, Svc
from tests.casework.payer_world import PayerWorld
from tests.scenarios.play import Play

CO, PR, OA = AdjustmentGroup.CONTRACTUAL, AdjustmentGroup.PATIENT, AdjustmentGroup.OTHER
PAID_ON = dt.date(2026, 1, 26)


def _told(group: AdjustmentGroup, carc: str, cents: int) -> PriorAdjustment:
    return PriorAdjustment(group=group, carc=carc, cents=cents)


def _says(world: PayerWorld, claim: Claim) -> ProfessionalClaim:
    """What the claim's version would say if it were written now."""
    for coverage in world.session.scalars(select(Coverage)):
        coverage.relationship_to_subscriber = "self"
    version = world.session.scalars(
        select(ClaimVersion).where(ClaimVersion.claim_id == claim.id)
    ).one()
    return claim_content.build(world.session, claim, version, "C1V1S1")


def _unbalanced(content: ProfessionalClaim) -> list[str]:
    charges = {line.line_control: line.charge_cents for line in content.lines}
    return [words for where, words in cob_checks.shared(content, charges) if "2320" in where]


def test_a_second_payer_is_told_what_the_first_did_to_each_line(world: PayerWorld) -> None:
    made = world.encounter([("99215-25", 30000)], ["ALPHA", "BETA"])
    first = world.claim(made, "ALPHA")
    world.pays(
        world.answer_of(
            first, ("CO", "45", 10000), ("PR", "1", 8000), icn="ICN9", remarks=["MA18", "N211"]
        )
    )

    content = _says(world, world.claim(made, "BETA", follows=first))

    (other,) = content.other_payers
    control = f"L{made.charge_lines[0].id}"
    assert content.responsibility is Responsibility.SECONDARY
    assert (other.responsibility, other.relationship) == (
        Responsibility.PRIMARY,
        Relationship.SELF,
    )
    assert other.lines == (
        OtherPayerLine(
            line_control=control,
            paid_cents=12000,
            code="99215",
            units=Decimal(1),
            adjustments=(_told(CO, "45", 10000), _told(PR, "1", 8000)),
            adjudicated_on=PAID_ON,
        ),
    )
    assert (other.paid_cents, other.remaining_patient_liability_cents) == (12000, 8000)
    assert (other.payer_claim_number, other.remarks) == ("ICN9", ("MA18", "N211"))
    assert (other.adjustments, other.adjudicated_on) == ((), None)
    assert _unbalanced(content) == []


def test_what_was_said_of_the_claim_as_a_whole_stands_beside_its_lines(world: PayerWorld) -> None:
    made = world.encounter([("99215", 30000)], ["ALPHA", "BETA"])
    first = world.claim(made, "ALPHA")
    answer = world.answer_of(first, ("CO", "45", 10000), reasons=[("PR", "1", 5000)])
    world.pays(answer)

    content = _says(world, world.claim(made, "BETA", follows=first))

    (other,) = content.other_payers
    assert other.adjustments == (_told(PR, "1", 5000),)
    assert other.lines[0].paid_cents == 20000
    assert (other.paid_cents, other.remaining_patient_liability_cents) == (15000, 5000)
    assert _unbalanced(content) == []


def test_an_answer_without_lines_is_told_on_the_claim_with_its_day(world: PayerWorld) -> None:
    made = world.encounter([("99215", 30000)], ["ALPHA", "BETA"])
    first = world.claim(made, "ALPHA")
    whole = Clp(
        pcn=world.pcn(first), charge=30000, reasons=[("CO", "45", 10000), ("PR", "2", 4000)]
    )
    world.pays(whole)

    content = _says(world, world.claim(made, "BETA", follows=first))

    (other,) = content.other_payers
    assert other.lines == ()
    assert other.adjustments == (_told(CO, "45", 10000), _told(PR, "2", 4000))
    assert (other.paid_cents, other.remaining_patient_liability_cents) == (16000, 4000)
    assert other.adjudicated_on == PAID_ON
    assert _unbalanced(content) == []


def test_a_third_payer_is_told_of_both_in_their_order(world: PayerWorld) -> None:
    made = world.encounter([("99215", 30000)], ["ALPHA", "BETA", "GAMMA"])
    first = world.claim(made, "ALPHA")
    world.pays(world.answer_of(first, ("CO", "45", 10000), ("PR", "1", 8000)))
    second = world.claim(made, "BETA", follows=first)
    world.pays(
        world.answer_of(second, ("OA", "23", 22000), ("PR", "3", 1500), status="2"), payer="BETA"
    )
    third = world.claim(made, "GAMMA", follows=second)
    third.responsibility = "T"

    content = _says(world, third)

    told = [(each.responsibility, each.paid_cents) for each in content.other_payers]
    assert told == [(Responsibility.PRIMARY, 12000), (Responsibility.SECONDARY, 6500)]
    assert content.other_payers[1].lines[0].adjustments[0] == _told(OA, "23", 22000)
    assert _unbalanced(content) == []


def test_the_latest_answer_to_each_line_counts(world: PayerWorld) -> None:
    """The payer answered one line, and the other only when it was asked again."""
    made = world.encounter([("99215", 30000), ("96372", 5000)], ["ALPHA", "BETA"])
    first = world.claim(made, "ALPHA")
    one, two = made.charge_lines
    paid = Svc(code="99215", charge=30000, reasons=[("PR", "2", 3000)], control=f"L{one.id}")
    denied = Svc(code="96372", charge=5000, reasons=[("CO", "16", 5000)], control=f"L{two.id}")
    mended = Svc(code="96372", charge=5000, reasons=[("PR", "2", 500)], control=f"L{two.id}")
    world.pays(Clp(pcn=world.pcn(first), lines=[paid, denied], icn="ICN1"))
    world.pays(Clp(pcn=world.pcn(first), lines=[mended], icn="ICN2"), trace="T2")

    content = _says(world, world.claim(made, "BETA", follows=first))

    (other,) = content.other_payers
    assert [line.paid_cents for line in other.lines] == [27000, 4500]
    assert (other.paid_cents, other.remaining_patient_liability_cents) == (31500, 3500)
    assert other.payer_claim_number == "ICN2"
    assert _unbalanced(content) == []


def test_an_answer_that_was_taken_back_is_none(world: PayerWorld) -> None:
    made = world.encounter([("99215", 30000)], ["ALPHA", "BETA"])
    first = world.claim(made, "ALPHA")
    world.pays(world.answer_of(first, ("CO", "45", 10000)))
    before = adjudications.is_answered(world.session, first)

    world.pays(world.back(first, ("CO", "45", 10000)), trace="T2")

    assert (before, adjudications.is_answered(world.session, first)) == (True, False)
    assert _says(world, world.claim(made, "BETA", follows=first)).other_payers == ()


def test_a_line_that_no_answer_speaks_of_is_found_before_sending(world: PayerWorld) -> None:
    made = world.encounter([("99215", 30000), ("96372", 5000)], ["ALPHA", "BETA"])
    first = world.claim(made, "ALPHA")
    one = made.charge_lines[0]
    answered = Svc(code="99215", charge=30000, reasons=[("PR", "2", 3000)], control=f"L{one.id}")
    world.pays(Clp(pcn=world.pcn(first), lines=[answered]))

    (words,) = _unbalanced(_says(world, world.claim(made, "BETA", follows=first)))

    assert "charge $350.00" in words
    assert "$270.00" in words


def test_what_does_not_add_up_becomes_a_task_and_holds_nobody(
    office: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit(office, "A1", until_sent=False)
    monkeypatch.setattr(claim_content, "other_payers", _one_that_does_not_add_up)
    visit(office, "B1", patient="P2", until_sent=False)

    office.pass_to(1)

    (interchange,) = sent(office)
    (task,) = office.open_tasks()
    assert (interchange.count(b"CLM*"), task.kind) == (1, TaskKind.EDIT_FIX)
    assert "is not what the other payer paid, $0.01" in task.reason
    assert office.claim("B1").stage is ClaimStage.EDITS


def _one_that_does_not_add_up(
    session: Session, claim: Claim, version: ClaimVersion
) -> list[OtherPayer]:
    return [
        OtherPayer(
            responsibility=Responsibility.SECONDARY,
            payer=PayerParty(name="OTHER", payer_id="OTHER"),
            subscriber=claim_content.subscriber(claim.coverage, claim.encounter.patient),
            relationship=Relationship.SELF,
            filing_code="CI",
            paid_cents=1,
            adjudicated_on=PAID_ON,
        )
    ]
