"""One visit of a provider-based department: the practice's claim and the facility's, each by itself
from its own batch to its own answers."""

import pytest
from sqlalchemy import select

from casework import batch_contents, fact_entry, submissions, voids
from casework.batch_queue import Kind, Queued
from db.models import Batch, Claim, StatusInquiry
from domain.claim_details import ConditionCategory, ConditionIndicator
from domain.claim_facts import ClaimFacts
from domain.claim_form import ClaimForm
from domain.encounter import ClaimStage, Stage
from domain.institutional import InstitutionalClaim
from domain.tasks import Role, TaskKind
from tests.casework.office import CHARGE, ROOM, answered, claims, lines_of, sent, today, visit
from tests.scenarios.play import Play
from tests.scenarios.premises import BILLING_NPI, DEPARTMENT, FACILITY_NPI

PAID = [("CO", "45", CHARGE - 9_000)]
ROOM_PAID = [("CO", "45", 2_000)]


def split(office: Play, **more: object) -> list[Claim]:
    visit(office, place=DEPARTMENT, codes=["99213", "87880"], **more)  # type: ignore[arg-type]
    return claims(office)


def test_one_visit_goes_out_as_a_professional_and_a_facility_claim(office: Play) -> None:
    split(office)

    (professional,), (facility,) = sent(office), sent(office, "837i")
    assert f"NM1*85*2*CEDAR HOLLOW FAMILY MEDICINE*****XX*{BILLING_NPI}".encode() in professional
    assert f"NM1*85*2*FAIRMONT OUTPATIENT DEPARTMENT*****XX*{FACILITY_NPI}".encode() in facility
    assert professional.count(b"SV1*") == 2
    assert facility.count(b"SV2*0510*HC:99213*90*UN*1~") == 1
    assert facility.count(b"SV2*") == 1
    assert b"005010X223A2" in facility


def test_an_ordinary_visits_facility_claim_needs_no_typing(office: Play) -> None:
    split(office)

    (facility,) = sent(office, "837i")
    assert b"*13:A:1**A*" in facility
    assert b"DTP*434*RD8*20260105-20260105~" in facility
    assert b"CL1*3*1*01~" in facility
    assert b"NM1*71*1*OKAFOR*RUTH" in facility
    assert not office.open_tasks()


def test_a_screening_is_told_on_both_claims_and_a_patient_at_home_where_there_is_a_place(
    office: Play,
) -> None:
    made = visit(office, place=DEPARTMENT, until_sent=False)
    home, screening = (
        ConditionIndicator(category=category, applies=True, codes=(code,))
        for category, code in ((ConditionCategory.HOMEBOUND, "IH"), (ConditionCategory.EPSDT, "AV"))
    )
    fact_entry.keep(
        office.session, made, ClaimFacts(conditions=(home, screening)), {}, version=0,
        by=office.people[Role.BILLER], now=office.engine.now,
    )  # fmt: skip
    office.react()
    office.pass_to(1)

    (professional,), (facility,) = sent(office), sent(office, "837i")
    assert b"CRC*75*Y*IH~" in professional
    assert b"CRC*ZZ*Y*AV~" in professional
    assert b"CRC*ZZ*Y*AV~" in facility
    assert b"CRC*75" not in facility


def test_every_line_of_a_claim_is_of_its_form(office: Play) -> None:
    professional, facility = split(office)

    for claim in (professional, facility):
        assert {line.charge_line.form for line in claim.lines} == {claim.form}
    assert (professional.form, facility.form) == tuple(ClaimForm)
    assert [len(claim.lines) for claim in (professional, facility)] == [2, 1]


def test_a_code_without_a_facility_price_charges_nothing_beside(office: Play) -> None:
    visit(office, place=DEPARTMENT, codes=["87880"])

    assert [claim.form for claim in claims(office)] == [ClaimForm.PROFESSIONAL]
    assert sent(office, "837i") == []


def test_a_clinic_that_is_no_department_charges_no_facility_line(office: Play) -> None:
    visit(office, codes=["99213"])

    assert [claim.form for claim in claims(office)] == [ClaimForm.PROFESSIONAL]


def test_what_was_sent_is_read_again_as_what_it_was(office: Play) -> None:
    _, facility = split(office)

    content = submissions.content_of(submissions.latest(office.session, facility))

    assert isinstance(content, InstitutionalClaim)
    assert content.charge_cents == ROOM
    assert content.attending is not None


def test_the_encounter_closes_when_both_claims_are_answered(office: Play) -> None:
    split(office)
    made = office.encounters["A1"]

    answered(office, "A1", PAID, [("CO", "45", 4_000)])
    is_open_with_one_answer = made.stage.is_open
    answered(office, "A1.I", ROOM_PAID)

    assert is_open_with_one_answer
    assert made.stage is Stage.CLOSED
    assert office.balances()["cash:bank"] == 9_000 + 7_000


def test_a_refused_facility_claim_leaves_the_paid_professional_one_alone(office: Play) -> None:
    professional, facility = split(office)

    answered(office, "A1", PAID, [("CO", "45", 4_000)])
    answered(office, "A1.I", [("CO", "50", ROOM)])

    assert professional.stage is ClaimStage.SETTLED
    assert facility.stage is ClaimStage.DENIED
    (task,) = office.open_tasks(TaskKind.DENIAL)
    assert task.claim_id == facility.id


def test_a_rejected_facility_claim_is_mended_and_sent_again_alone(office: Play) -> None:
    office.acknowledges = False
    split(office)
    (batch,) = office.session.scalars(select(Batch).where(Batch.kind == "837i")).all()
    office.acknowledge("A7")

    assert batch.acknowledged_at is not None
    tasks = office.open_tasks(TaskKind.REJECTION)
    assert {task.claim_id for task in tasks} == {claim.id for claim in claims(office)}


def test_what_the_first_payer_leaves_of_each_form_goes_on_by_itself(office: Play) -> None:
    split(office, next_payers=["BETA"])

    answered(office, "A1", [*PAID, ("PR", "2", 1_000)], [("CO", "45", 4_000)])
    answered(office, "A1.I", [*ROOM_PAID, ("PR", "2", 1_500)])
    office.pass_to(30)

    later = [claim for claim in claims(office) if claim.responsibility == "S"]
    assert sorted(claim.form for claim in later) == ["I", "P"]
    facility = sent(office, "837i")[-1]
    assert b"SVD*ALPHA*55*HC:99213*0510*1~" in facility
    assert b"CAS*PR*2*15~" in facility


def test_a_recoded_visit_leaves_what_the_facilitys_payer_has_been_asked_for(office: Play) -> None:
    split(office)

    answered(office, "A1", [("CO", "4", CHARGE)], [("CO", "45", 4_000)])
    office.answer(TaskKind.DENIAL)
    office.answer(TaskKind.CODING_REVIEW)

    (room,) = lines_of(office, "A1.I")
    assert lines_of(office, "A1")[0].modifiers != []
    assert room.modifiers == []
    answered(office, "A1.I", ROOM_PAID)
    assert office.claim("A1.I").stage is ClaimStage.SETTLED


def test_a_facilitys_refused_line_is_recoded_on_its_own_claim(office: Play) -> None:
    split(office)
    answered(office, "A1", PAID, [("CO", "45", 4_000)])

    answered(office, "A1.I", [("CO", "4", ROOM)])
    office.answer(TaskKind.DENIAL)
    office.answer(TaskKind.CODING_REVIEW)
    office.pass_to(today(office) + 2)

    (room,) = lines_of(office, "A1.I")
    assert room.modifiers == lines_of(office, "A1")[0].modifiers != []
    assert len(sent(office)) == 1
    assert b"*13:A:7**A*" in sent(office, "837i")[-1]
    assert room.charge_cents == ROOM


def test_a_facilitys_silent_payer_is_asked_by_type_of_bill_and_who_billed(office: Play) -> None:
    _, facility = split(office)
    asked = StatusInquiry(
        submission_id=submissions.latest(office.session, facility).id, attempt=1,
        asked_at=office.engine.now.at,
    )  # fmt: skip
    office.session.add(asked)
    office.session.flush()
    item = Queued(kind=Kind.STATUS, id=asked.id, subject="", queued_at=office.engine.now.at)
    trial = Batch(id=0, kind=Kind.STATUS, control_number=1)

    written = batch_contents.encode(office.session, trial, Kind.STATUS, [item], office.engine.now)

    assert b"REF*BLT*131~" in written
    assert f"NM1*1P*2*FAIRMONT OUTPATIENT DEPARTMENT*****XX*{FACILITY_NPI}".encode() in written
    assert b"AMT*T3*90~" in written


def test_a_voided_facility_claim_takes_its_own_charge_back_alone(office: Play) -> None:
    split(office)
    answered(office, "A1", PAID, [("CO", "45", 4_000)])
    answered(office, "A1.I", ROOM_PAID, icn="ICNF")
    facility = office.claim("A1.I")
    by = office.people[Role.BILLER]

    voids.ask(office.session, facility, "Not ours.", by, office.engine.now)
    office.react()
    office.answer(TaskKind.VOID_APPROVAL, Role.SUPERVISOR)
    office.pass_to(today(office) + 2)

    last = sent(office, "837i")[-1]
    assert b"*13:A:8**A*" in last
    assert b"REF*F8*ICNF~" in last
    assert len(sent(office)) == 1


@pytest.mark.parametrize(("form", "frequency"), [("P", "1"), ("I", "7")])
def test_who_takes_a_replacement_is_a_rule_of_payer_and_form(
    office: Play, form: str, frequency: str
) -> None:
    """Part B takes none of a professional claim, part A takes one of a facility's."""
    split(office)
    name = "A1" if form == "P" else "A1.I"
    payer = office.claim(name).payer
    payer.takes_frequency_7, payer.takes_institutional_7 = False, True
    office.session.flush()

    refused = [[("CO", "16", line.charge_cents or 0)] for line in lines_of(office, name)]
    answered(office, name, *refused)
    office.answer(TaskKind.DENIAL, route="correct")

    versions = office.versions(office.claim(name))
    assert versions[-1].frequency == frequency
