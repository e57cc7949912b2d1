"""Each kind of task has an answer filled in, which is accepted as it stands and moves things on."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from casework import enrolment_keeping, patients, voids
from db.models import Payer, Setting
from domain.denials import DenialRoute
from domain.tasks import Role, TaskKind, TaskStatus
from tests.casework.office import CHARGE, answered, scan_card, today, visit
from tests.casework.payer_files import Clp, Era, Svc, ack_277ca, remittance_file
from tests.casework.portals import CONFIRMED, at_the_portal
from tests.scenarios.play import Play
from tests.scenarios.practice import originator

DEDUCTIBLE = [("CO", "45", 6_000), ("PR", "1", 9_000)]
PAID = [("CO", "45", 6_000)]


def coding_review(office: Play) -> None:
    office.session.add(Setting(name="takes_charted_codes", value={"value": 0}))
    visit(office)


def provider_query(office: Play) -> None:
    visit(office, diagnoses=(), codes=())
    office.answer(TaskKind.CODING_REVIEW)


def registration_fix(office: Play) -> None:
    visit(office, member_id="")
    scan_card(office, "ALPHA\nMember ID: AXY100\n")


def missing_master_data(office: Play) -> None:
    visit(office, codes=["93000"])


def edit_fix(office: Play) -> None:
    visit(office, last_name="名")
    office.encounters["A1"].patient.last_name = "Tarrow"


def rejection(office: Play) -> None:
    visit(office)
    (submission,) = office.submissions(office.claim("A1"))
    office.take_in(ack_277ca([(submission.pcn, "A3", None)], isa=900))
    office.react()


def follow_up(office: Play) -> None:
    office.acknowledges = False
    visit(office)
    office.pass_to(8)


def denial(office: Play) -> None:
    visit(office)
    answered(office, "A1", [("CO", "16", CHARGE)])


def underpayment(office: Play) -> None:
    visit(office)
    answered(office, "A1", [("CO", "45", 9_000)])


def appeal_review(office: Play) -> None:
    visit(office)
    answered(office, "A1", [("CO", "50", CHARGE)])
    office.answer(TaskKind.DENIAL)


def appeal_decision(office: Play) -> None:
    appeal_review(office)
    office.answer(TaskKind.APPEAL_REVIEW)
    (case,) = office.letters()
    letter = f"Your reference: {case.reference}\nDecision: overturned\n"
    office.take_in(letter.encode(), "mail", "letter.txt")
    office.react()


def write_off_approval(office: Play) -> None:
    visit(office)
    answered(office, "A1", [("CO", "97", CHARGE)])
    office.answer(TaskKind.DENIAL, route=DenialRoute.WRITE_OFF)


def void_approval(office: Play) -> None:
    visit(office)
    answered(office, "A1", PAID)
    voids.ask(
        office.session, office.claim("A1"), "Another person was seen.",
        office.people[Role.BILLER], office.engine.now,
    )  # fmt: skip


def posting_exception(office: Play) -> None:
    stranger = Clp(pcn="NOBODYKNOWS", lines=[Svc(charge=5_000)])
    era = Era(claims=[stranger], payer="ALPHA", originator=originator("ALPHA"))
    office.take_in(remittance_file(era, isa=901))
    office.react()


def patient_balance(office: Play) -> None:
    visit(office)
    answered(office, "A1", DEDUCTIBLE)
    office.pass_to(150)


def patient_credit(office: Play) -> None:
    visit(office)
    made = office.encounters["A1"]
    patients.receive_payment(
        office.session, made.guarantor, 2_000, "card", office.engine.now.today, "copay",
        office.engine.now, encounter=made,
    )  # fmt: skip
    answered(office, "A1", PAID)


def returned_payment(office: Play) -> None:
    visit(office)
    answered(office, "A1", DEDUCTIBLE)
    for cents in (9_000, -9_000):
        office.lockbox(office.encounters["A1"], cents)
        office.pass_to(today(office) + 3)


def quarantined_file(office: Play) -> None:
    office.take_in(b"Dear Sir or Madam,")


def mail_to_sort(office: Play) -> None:
    office.take_in(b"To whom it may concern\n", "mail", "letter.txt")


def portal_claim(office: Play) -> None:
    at_the_portal(office)


def exchange_problem(office: Play) -> None:
    payer = office.session.scalars(select(Payer).where(Payer.payer_no == "ALPHA")).one()
    ada = office.people[Role.ADMINISTRATOR]
    enrolment_keeping.put(office.session, payer, "837P", "pending", office.engine.now, ada)
    visit(office, until_sent=False)
    office.pass_to(4)


MAKERS: dict[TaskKind, Callable[[Play], None]] = {
    TaskKind.CODING_REVIEW: coding_review,
    TaskKind.PROVIDER_QUERY: provider_query,
    TaskKind.REGISTRATION_FIX: registration_fix,
    TaskKind.MISSING_MASTER_DATA: missing_master_data,
    TaskKind.EDIT_FIX: edit_fix,
    TaskKind.REJECTION: rejection,
    TaskKind.FOLLOW_UP: follow_up,
    TaskKind.DENIAL: denial,
    TaskKind.UNDERPAYMENT: underpayment,
    TaskKind.APPEAL_REVIEW: appeal_review,
    TaskKind.APPEAL_DECISION: appeal_decision,
    TaskKind.WRITE_OFF_APPROVAL: write_off_approval,
    TaskKind.VOID_APPROVAL: void_approval,
    TaskKind.POSTING_EXCEPTION: posting_exception,
    TaskKind.PATIENT_BALANCE: patient_balance,
    TaskKind.PATIENT_CREDIT: patient_credit,
    TaskKind.RETURNED_PAYMENT: returned_payment,
    TaskKind.QUARANTINED_FILE: quarantined_file,
    TaskKind.MAIL_TO_SORT: mail_to_sort,
    TaskKind.PORTAL_CLAIM: portal_claim,
    TaskKind.EXCHANGE_PROBLEM: exchange_problem,
}


def test_no_kind_of_task_is_left_out() -> None:
    assert set(MAKERS) == set(TaskKind)


@pytest.mark.parametrize("kind", list(TaskKind))
def test_each_kind_of_task_accepts_its_recommended_answer(office: Play, kind: TaskKind) -> None:
    MAKERS[kind](office)
    (task,) = office.open_tasks(kind)

    # What only the outside can say no page proposes.
    words = office.answer(kind, confirmation_no=CONFIRMED)

    assert words
    assert task.status is TaskStatus.ANSWERED
    assert office.open_tasks(kind) == []
