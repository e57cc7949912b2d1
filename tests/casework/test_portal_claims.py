"""A payer that takes claims at its portal alone: keyed once by a person, whose number is proof."""

import datetime as dt

import pytest
from sqlalchemy import select

from casework import answers, fact_entry, payer_channels, proofs
from casework.refusals import Refused, Stale
from db.models import Outbox, Payer, Submission
from domain.claim_details import (
    ConditionCategory,
    ConditionIndicator,
    FormAnswer,
    SupportingForm,
)
from domain.claim_facts import ClaimFacts, LineFacts
from domain.encounter import ClaimStage
from domain.filing_proof import ProofKind
from domain.parties import OtherProvider
from domain.tasks import Role, TaskKind, TaskStatus
from tests.answering import filled
from tests.casework.office import CHARGE, answered, today, visit
from tests.casework.portals import CONFIRMED, at_the_portal
from tests.scenarios.play import Play


def test_the_claim_becomes_a_task_that_shows_every_value_in_the_order_of_the_form(
    office: Play,
) -> None:
    made = at_the_portal(office)
    (task,) = office.open_tasks(TaskKind.PORTAL_CLAIM)

    asked = answers.question(office.session, task)

    shown = [(fact.label, fact.value) for section in asked.sections for fact in section.facts]
    labels = [label for label, _ in shown]
    assert labels.index("1a Insured’s id") < labels.index("21A Diagnosis (ICD-10-CM)")
    assert labels.index("24D Procedure") < labels.index("33a NPI")
    assert ("24D Procedure", "99213") in shown
    assert ("24F Charge", "150.00") in shown
    assert ("21A Diagnosis (ICD-10-CM)", "E119") in shown
    assert office.session.scalars(select(Outbox.id)).all() == []
    assert made.patient.last_name not in f"{task.title} {task.reason}"


def test_who_ordered_a_line_and_what_was_answered_with_no_are_to_be_keyed_too(
    office: Play,
) -> None:
    made = at_the_portal(office)
    ordering = OtherProvider(npi="1992000012", last="Okafor", first="Ruth")
    form = SupportingForm(
        list_code="UT", form="484.03", answers=(FormAnswer(question="4", yes=False),)
    )
    told = ConditionIndicator(category=ConditionCategory.EPSDT, applies=False, codes=("NU",))
    fact_entry.keep(
        office.session, made, ClaimFacts(conditions=(told,)),
        {made.charge_lines[0].id: LineFacts(ordering=ordering, forms=(form,))}, version=0,
        by=office.people[Role.BILLER], now=office.engine.now,
    )  # fmt: skip
    office.react()
    (task,) = office.open_tasks(TaskKind.PORTAL_CLAIM)

    asked = answers.question(office.session, task)

    shown = {fact.label: fact.value for section in asked.sections for fact in section.facts}
    assert shown["Ordering npi"] == "1992000012"
    assert shown["Forms 1 answers 1 yes"] == "no"
    assert shown["Conditions 1 applies"] == "no"
    assert "Is emergency" not in shown


def test_people_are_hidden_until_somebody_asks(office: Play) -> None:
    made = at_the_portal(office)
    (task,) = office.open_tasks(TaskKind.PORTAL_CLAIM)

    facts = [f for s in answers.question(office.session, task).sections for f in s.facts]

    open_values = " ".join(fact.value for fact in facts if not fact.is_identifier)
    assert made.patient.last_name not in open_values
    assert f"{made.patient.birth_on:%m/%d/%Y}" not in open_values


def test_the_confirmation_number_is_the_acceptance_and_the_proof(office: Play) -> None:
    at_the_portal(office)

    office.answer(TaskKind.PORTAL_CLAIM, payer_claim_number="ICN-9", confirmation_no=CONFIRMED)

    claim = office.claim("A1")
    (submission,) = office.submissions(claim)
    assert (claim.stage, claim.payer_claim_number) == (ClaimStage.ACCEPTED, "ICN-9")
    assert submission.sent_at is not None
    assert submission.ack_status == "accepted"
    proof = proofs.best(office.session, claim, office.engine.now)
    assert proof is not None
    assert (proof.kind, proof.number) == (ProofKind.PORTAL, "CONF-4711")
    assert proof.on == office.engine.now.today


def test_it_is_keyed_once_and_the_second_person_learns_who_was_first(office: Play) -> None:
    at_the_portal(office)
    (task,) = office.open_tasks(TaskKind.PORTAL_CLAIM)
    form = filled(answers.question(office.session, task)) | {"confirmation_no": ("CONF-1",)}
    version = task.version
    office.answer(TaskKind.PORTAL_CLAIM, confirmation_no=CONFIRMED)

    with pytest.raises(Stale, match="Ana answered this task first"):
        answers.answer(
            office.session, task.uuid, version=version, form=form, by=office.people[Role.SUPERVISOR]
        )

    assert len(office.submissions(office.claim("A1"))) == 1


def test_a_number_confirms_one_claim_only(office: Play) -> None:
    at_the_portal(office)
    office.answer(TaskKind.PORTAL_CLAIM, confirmation_no=CONFIRMED)
    visit(office, "A2", patient="P2")

    with pytest.raises(Refused, match="already confirms a claim of E"):
        office.answer(TaskKind.PORTAL_CLAIM, confirmation_no=CONFIRMED)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"confirmation_no": ""}, "Give the number that the portal gave."),
        (
            {"confirmation_no": CONFIRMED, "keyed_on": "2031-01-01"},
            "Give the day on which it was keyed",
        ),
        ({"action": "not_keyed"}, "Say why it could not be keyed."),
    ],
)
def test_an_answer_that_proves_nothing_is_refused(
    office: Play, changes: dict[str, str], words: str
) -> None:
    at_the_portal(office)

    with pytest.raises(Refused, match=words):
        office.answer(TaskKind.PORTAL_CLAIM, None, task=None, **changes)


def test_what_could_not_be_keyed_is_a_rejection_and_is_keyed_anew_when_mended(
    office: Play,
) -> None:
    at_the_portal(office)

    office.answer(TaskKind.PORTAL_CLAIM, action="not_keyed", reason="The member id is unknown.")

    claim = office.claim("A1")
    assert claim.stage is ClaimStage.REJECTED
    (rejection,) = office.open_tasks(TaskKind.REJECTION)
    assert rejection.reason.startswith("The member id is unknown.")
    office.answer(TaskKind.REJECTION, action="again")
    (again,) = office.open_tasks(TaskKind.PORTAL_CLAIM)
    office.answer(TaskKind.PORTAL_CLAIM, confirmation_no=CONFIRMED)
    refused, keyed = office.submissions(claim)
    assert (refused.sent_at, refused.ack_status) == (None, "rejected")
    assert keyed.ack_status == "accepted"
    assert again.status is TaskStatus.ANSWERED


def test_a_silent_portal_payer_is_looked_up_by_a_person_and_never_asked_by_file(
    office: Play,
) -> None:
    at_the_portal(office)
    office.answer(TaskKind.PORTAL_CLAIM, confirmation_no=CONFIRMED)

    office.pass_to(today(office) + office.claim("A1").payer.usual_days + 5)

    (task,) = office.open_tasks(TaskKind.FOLLOW_UP)
    assert "Look at the portal of Alpha Health." in task.reason
    assert office.session.scalars(select(Outbox.id)).all() == []


def test_its_remittance_is_posted_like_any_other(office: Play) -> None:
    at_the_portal(office)
    office.answer(TaskKind.PORTAL_CLAIM, confirmation_no=CONFIRMED)

    answered(office, "A1", [("CO", "45", 6_000)])

    assert office.claim("A1").outcome == "paid"


def test_an_answer_that_comes_first_withdraws_the_keying(office: Play) -> None:
    at_the_portal(office)
    (task,) = office.open_tasks(TaskKind.PORTAL_CLAIM)

    answered(office, "A1", [("CO", "45", 6_000)])

    assert task.status is TaskStatus.WITHDRAWN
    (submission,) = office.submissions(office.claim("A1"))
    assert submission.ack_status == "withdrawn"


def test_a_payer_that_takes_files_again_gets_no_file_of_what_a_person_keys(office: Play) -> None:
    at_the_portal(office)
    payer = office.claim("A1").payer
    payer_channels.choose(office.session, payer, "edi", office.people[Role.ADMINISTRATOR])

    office.pass_to(today(office) + 10)

    assert office.session.scalars(select(Outbox.id)).all() == []
    assert [task.cause for task in office.open_tasks(TaskKind.PORTAL_CLAIM)] == [
        f"portal:{submission.pcn}" for submission in office.submissions(office.claim("A1"))
    ]


def test_what_waits_for_a_batch_is_keyed_once_its_payer_takes_no_files(office: Play) -> None:
    visit(office, until_sent=False)
    claim = office.claim("A1")
    assert claim.stage is ClaimStage.READY
    payer = office.session.get_one(Payer, claim.payer_id)
    payer_channels.choose(office.session, payer, "portal", office.people[Role.ADMINISTRATOR])

    office.pass_to(today(office) + 5)

    (task,) = office.open_tasks(TaskKind.PORTAL_CLAIM)
    assert sendings(office) == [("edi", "withdrawn"), ("portal", None)]
    assert task.amount_cents == CHARGE


def test_the_filing_limit_rules_the_date_of_the_task(office: Play) -> None:
    payer = office.session.scalars(select(Payer).where(Payer.payer_no == "ALPHA")).one()
    payer.timely_days = 4

    at_the_portal(office)

    (task,) = office.open_tasks(TaskKind.PORTAL_CLAIM)
    claim = office.claim("A1")
    assert task.due_on <= claim.file_by_on - dt.timedelta(days=1)
    assert f"must be filed by {claim.file_by_on}" in task.reason


def sendings(office: Play) -> list[tuple[str, str | None]]:
    rows = office.session.scalars(select(Submission).order_by(Submission.id))
    return [(row.channel, row.ack_status) for row in rows]
