import datetime as dt

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import answers, mail, subjects, waits
from casework.refusals import Refused
from casework.waits import WaitKind
from db.models import AppealCase, AppealCaseDenial, Denial, Document, Subject, Task
from domain.denials import DenialStatus
from domain.encounter import ClaimStage
from tests.casework.payer_world import PayerWorld, payer_world

LETTER = """Our file: 2026-118
Your reference: {reference}
Decision: {decision}
Date: {date}

Dear provider, we have looked at this again.
"""


@pytest.fixture
def world(session: Session) -> PayerWorld:
    return payer_world(session)


def appealed(world: PayerWorld) -> AppealCase:
    claim = world.claim(world.encounter([("72148", 98000)]))
    world.pays(world.answer_of(claim, ("CO", "197", 98000)))
    denial = world.session.scalars(select(Denial).where(Denial.claim_id == claim.id)).one()
    denial.status = DenialStatus.DECIDED
    case = AppealCase(
        reference="M00000012", claim_id=claim.id, kind="appeal", level=1, round=1, status="sent",
        argument="x", basis_on=world.now.today, due_on=world.now.today, sent_at=world.now.at,
        denials=[AppealCaseDenial(denial_id=denial.id)],
    )  # fmt: skip
    world.session.add(case)
    claim.stage = ClaimStage.APPEALED
    world.session.flush()
    waits.begin(
        world.session,
        subjects.encounter_key(claim.encounter),
        WaitKind.MESSAGE,
        "the decision",
        until_at=world.now.at + dt.timedelta(days=45),
        then_what="we ask",
        now=world.now,
        claim_id=claim.id,
    )
    return case


def letter(decision: str = "upheld", reference: str = "M00000012", date: str = "2026-01-05") -> str:
    return LETTER.format(reference=reference, decision=decision, date=date)


def only_task(world: PayerWorld) -> Task:
    (task,) = world.open_tasks()
    return task


def test_a_letter_that_names_our_appeal_asks_for_the_decision(world: PayerWorld) -> None:
    case = appealed(world)

    judged = mail.take_in_letter(world.session, "scan.txt", letter(), world.now)

    task = only_task(world)
    (wait,) = world.waits(case.claim)
    assert judged.sentences == ("scan.txt: it answers M00000012; a person must key the decision.",)
    assert (task.kind, task.amount_cents, wait.task_id) == ("appeal_decision", 98000, task.id)
    assert world.session.scalars(select(Document.claim_id)).all() == [case.claim_id]


def test_an_upheld_denial_is_decided_anew(world: PayerWorld) -> None:
    case = appealed(world)
    mail.take_in_letter(world.session, "scan.txt", letter(), world.now)

    words = world.answer(only_task(world))

    assert words == "ALPHA upheld its denial (M00000012)"
    assert (case.status, case.decided_at) == ("lost", world.now.at)
    assert world.denials() == [("CO", "197", 98000, "open")]
    assert case.claim.stage is ClaimStage.ADJUDICATED
    assert world.waits(case.claim) == []


def test_an_overturned_denial_waits_for_its_remittance(world: PayerWorld) -> None:
    case = appealed(world)
    mail.take_in_letter(world.session, "scan.txt", letter("overturned"), world.now)

    world.answer(only_task(world))

    (wait,) = world.waits(case.claim)
    assert (case.status, case.claim.stage) == ("sent", ClaimStage.APPEALED)
    assert wait.what == "ALPHA's remittance after its letter"


@pytest.mark.parametrize(
    ("date", "field"), [("2026-01-09", "decided_on"), ("2025-12-01", "decided_on")]
)
def test_a_decision_of_an_impossible_day_is_refused(
    world: PayerWorld, date: str, field: str
) -> None:
    appealed(world)
    mail.take_in_letter(world.session, "scan.txt", letter(), world.now)

    with pytest.raises(Refused) as refused:
        world.answer(only_task(world), decided_on=date)

    assert list(refused.value.problems) == [field]


@pytest.mark.parametrize("date", ["2026-03-01", "2025-01-01", "no day"])
def test_the_proposed_answer_is_accepted_whatever_date_the_letter_bears(
    world: PayerWorld, date: str
) -> None:
    case = appealed(world)
    mail.take_in_letter(world.session, "scan.txt", letter(date=date), world.now)

    world.answer(only_task(world))

    assert case.status == "lost"


def test_a_letter_that_came_after_the_remittance_is_only_filed(world: PayerWorld) -> None:
    case = appealed(world)
    case.status = "won"

    mail.take_in_letter(world.session, "scan.txt", letter(), world.now)

    assert world.open_tasks() == []
    assert world.session.scalars(select(Document.claim_id)).all() == [case.claim_id]


def test_the_same_letter_twice_is_filed_once(world: PayerWorld) -> None:
    appealed(world)
    mail.take_in_letter(world.session, "scan.txt", letter(), world.now)

    judged = mail.take_in_letter(world.session, "again.txt", letter(), world.now)

    assert judged.verdict == "repeated"
    assert len(world.open_tasks()) == 1


def test_a_returned_paper_claim_is_a_rejection(world: PayerWorld) -> None:
    claim = world.claim(world.encounter([("99213", 15000)]), stage=ClaimStage.SUBMITTED)

    mail.take_in_letter(world.session, "scan.txt", letter("returned", world.pcn(claim)), world.now)

    assert only_task(world).kind == "rejection"
    assert claim.stage is ClaimStage.REJECTED


@pytest.mark.parametrize("reference", ["", "M99999999", "nonsense"])
def test_a_letter_without_a_reference_of_ours_must_be_sorted(
    world: PayerWorld, reference: str
) -> None:
    mail.take_in_letter(world.session, "scan.txt", letter(reference=reference), world.now)

    task = only_task(world)
    words = world.answer(task)

    assert task.kind == "mail_to_sort"
    assert words == "The letter was filed"
    assert world.session.scalars(select(Document.claim_id)).all() == [None]
    assert not world.session.get_one(Subject, task.subject).is_open


def test_a_letter_to_sort_offers_the_claims_whose_numbers_it_names(world: PayerWorld) -> None:
    claim = world.claim(world.encounter([("99213", 15000)]))
    number = claim.encounter.encounter_no

    mail.take_in_letter(world.session, "scan.txt", f"About your account {number}.", world.now)
    task = only_task(world)
    asked = answers.question(world.session, task)
    words = world.answer(task, action=f"claim:{claim.id}")

    assert [option.value for option in asked.fields[0].options] == [
        "general",
        f"claim:{claim.id}",
        "not_ours",
    ]
    assert words == "The letter was filed with its claim"
    assert world.session.scalars(select(Document.claim_id)).all() == [claim.id]
