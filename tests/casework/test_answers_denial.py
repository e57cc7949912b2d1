"""Who may decide what about a refused amount, and what a decision never does."""

import pytest

from casework import answers
from casework.refusals import Forbidden, Refused, Stale
from domain.denials import DenialRoute, DenialStatus
from domain.encounter import ClaimStage
from domain.tasks import Role, TaskKind, TaskStatus
from tests.casework.office import CHARGE, answered, lines_of, visit
from tests.scenarios.play import Play


def refused(office: Play, carc: str) -> None:
    visit(office)
    answered(office, "A1", [("CO", carc, CHARGE)])


def test_a_biller_cannot_change_a_code(office: Play) -> None:
    refused(office, "11")
    office.answer(TaskKind.DENIAL)
    (coding,) = office.open_tasks(TaskKind.CODING_REVIEW)
    changed = {"action": ["code"], "diagnoses": ["J06.9"], "lines": ["99215 | | 1 | 1"]}

    with pytest.raises(Forbidden, match="belongs to the coder"):
        answers.answer(
            office.session, coding.uuid, version=coding.version, form=changed,
            by=office.people[Role.BILLER],
        )  # fmt: skip

    assert [line.code for line in lines_of(office, "A1")] == ["99213"]
    assert coding.status is TaskStatus.OPEN


def test_codes_smuggled_into_a_billers_form_change_nothing(office: Play) -> None:
    refused(office, "16")

    office.answer(
        TaskKind.DENIAL, route=DenialRoute.CORRECT, diagnoses="J06.9", lines="99215 | | 1 | 1"
    )

    assert [line.code for line in lines_of(office, "A1")] == ["99213"]
    assert [each.code for each in office.encounters["A1"].diagnoses] == ["E11.9"]


def test_a_correction_that_needs_another_code_waits_for_the_coder(office: Play) -> None:
    refused(office, "11")

    office.answer(TaskKind.DENIAL)
    before = len(office.versions(office.claim("A1")))
    office.answer(TaskKind.CODING_REVIEW, diagnoses="J06.9", lines="99213 | | 1 | 1")

    (denial,) = office.tasks(TaskKind.DENIAL)
    (coding,) = office.tasks(TaskKind.CODING_REVIEW)
    version = office.versions(office.claim("A1"))[-1]
    assert (before, version.version) == (1, 2)
    assert denial.waits_on_id == coding.id
    assert version.content is not None
    assert version.content["diagnoses"] == ["J069"]


def test_a_line_that_the_coder_takes_out_is_not_asked_for_again(office: Play) -> None:
    visit(office, codes=["99213", "87880"])
    answered(office, "A1", [("CO", "45", 6_000)], [("CO", "11", 4_000)])
    office.answer(TaskKind.DENIAL)

    office.answer(TaskKind.CODING_REVIEW, lines="99213 | | 1 | 1")

    kept, dropped = office.encounters["A1"].charge_lines
    assert dropped.is_void
    assert office.versions(office.claim("A1"))[-1].charge_line_ids == [kept.id]
    assert office.balances().get("AR:insurance:ALPHA") is None


def test_what_is_expected_follows_the_new_code(office: Play) -> None:
    refused(office, "11")
    office.answer(TaskKind.DENIAL)

    office.answer(TaskKind.CODING_REVIEW, lines="99214 | | 1 | 1")

    (line,) = office.claim("A1").lines
    assert line.expected_cents == 13_000


def test_a_refused_amount_cannot_be_billed_to_the_patient(office: Play) -> None:
    refused(office, "96")

    with pytest.raises(Refused, match="not open"):
        office.answer(TaskKind.DENIAL, route=DenialRoute.PATIENT)

    assert "AR:patient" not in office.balances()


def test_the_patient_sees_no_balance_while_a_payer_is_open(office: Play) -> None:
    visit(office, codes=["99213", "87880"])

    answered(office, "A1", [("CO", "45", 6_000), ("PR", "2", 1_000)], [("CO", "50", 4_000)])
    office.pass_to(60)
    before = len(office.statements())
    office.answer(TaskKind.DENIAL, route=DenialRoute.WRITE_OFF, reason="medical_necessity")
    office.answer(TaskKind.WRITE_OFF_APPROVAL)

    assert before == 0
    assert [statement.amount_cents for statement in office.statements()] == [1_000]


def test_a_dispute_does_not_keep_the_patients_own_part_waiting(office: Play) -> None:
    visit(office)

    answered(office, "A1", [("CO", "45", 9_000), ("PR", "3", 2_000)])

    assert [statement.amount_cents for statement in office.statements()] == [2_000]
    assert office.claim("A1").stage is ClaimStage.DENIED


def test_a_stale_form_changes_nothing(office: Play) -> None:
    refused(office, "16")
    (task,) = office.open_tasks(TaskKind.DENIAL)

    with pytest.raises(Stale, match="changed since you opened it"):
        answers.answer(
            office.session, task.uuid, version=task.version + 1,
            form={"route": [DenialRoute.WRITE_OFF], "reason": ["other"]},
            by=office.people[Role.BILLER],
        )  # fmt: skip

    assert task.status is TaskStatus.OPEN
    assert task.answer is None


def test_a_malformed_answer_is_refused_beside_its_field(office: Play) -> None:
    refused(office, "16")

    with pytest.raises(Refused) as refusal:
        office.answer(TaskKind.DENIAL, route="forget_it")

    assert list(refusal.value.problems) == ["route"]


def test_an_upheld_appeal_is_asked_about_once_more_and_then_given_up(office: Play) -> None:
    refused(office, "50")
    office.answer(TaskKind.DENIAL)
    office.answer(TaskKind.APPEAL_REVIEW)
    (case,) = office.letters()
    office.take_in(
        f"Your reference: {case.reference}\nDecision: upheld\n".encode(), "mail", "letter.txt"
    )
    office.react()

    office.answer(TaskKind.APPEAL_DECISION)

    (task,) = office.open_tasks(TaskKind.DENIAL)
    asked = answers.question(office.session, task)
    assert asked.fields[0].values == (DenialRoute.WRITE_OFF,)
    assert case.denials[0].denial.status is DenialStatus.OPEN
