import datetime as dt

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.inbox import Verdict
from db.models import Ack, EligibilityCheck, StatusInquiry, Submission
from domain.encounter import ClaimStage, Stage
from tests.casework.payer_files import (
    ack_277ca,
    ack_999,
    answer_271,
    answer_277,
    batch_refusal_277ca,
    ta1,
)
from tests.casework.payer_world import PayerWorld, payer_world


@pytest.fixture
def world(session: Session) -> PayerWorld:
    return payer_world(session)


def sent(world: PayerWorld, stage: ClaimStage = ClaimStage.SUBMITTED) -> Submission:
    claim = world.claim(world.encounter([("99213", 15000)]), stage=stage)
    return world.session.scalars(select(Submission).where(Submission.pcn == world.pcn(claim))).one()


def test_a_taken_file_is_noted_with_each_of_its_claims(world: PayerWorld) -> None:
    submission = sent(world)
    batch = world.batch(41, submission)

    world.take_in(ta1(41))
    world.take_in(ack_999(41))

    assert (batch.ta1_at, batch.acknowledged_at) == (world.now.at, world.now.at)
    assert _acks(world) == [("TA1", "clearinghouse", True), ("999", "clearinghouse", True)]
    assert submission.claim_version.claim.stage is ClaimStage.SUBMITTED


@pytest.mark.parametrize("refusal", [ta1(41, "R", "025"), ack_999(41, "R")])
def test_a_refused_file_rejects_every_claim_in_it_once(world: PayerWorld, refusal: bytes) -> None:
    submissions = [sent(world), sent(world)]
    batch = world.batch(41, *submissions)

    world.take_in(refusal)

    assert batch.is_refused
    assert [s.claim_version.claim.stage for s in submissions] == ["rejected", "rejected"]
    assert [task.kind for task in world.open_tasks()] == ["rejection", "rejection"]
    assert world.open_tasks()[0].amount_cents == 15000


def test_a_refused_file_and_its_refused_set_are_one_task(world: PayerWorld) -> None:
    world.batch(41, sent(world))

    world.take_in(ta1(41, "R", "025"))
    world.take_in(ack_999(41, "R"))

    assert len(world.open_tasks()) == 1


def test_what_a_clearinghouse_received_is_only_noted(world: PayerWorld) -> None:
    submission = sent(world)

    world.take_in(ack_277ca([(submission.pcn, "A1", None)], source="AY"))

    assert submission.ack_status == "received"
    assert submission.claim_version.claim.stage is ClaimStage.SUBMITTED


def test_a_payers_acceptance_starts_the_wait_for_its_remittance(world: PayerWorld) -> None:
    submission = sent(world)
    claim = submission.claim_version.claim

    world.take_in(ack_277ca([(submission.pcn, "A2", "ICN7")]))

    (wait,) = world.waits(claim)
    assert (claim.stage, claim.payer_claim_number) == (ClaimStage.ACCEPTED, "ICN7")
    assert (submission.ack_status, submission.accepted_at) == ("accepted", world.now.at)
    assert wait.what == "ALPHA's remittance"
    assert wait.until_at == world.now.end_of(world.now.today + dt.timedelta(days=21))
    assert wait.then_what == "a status inquiry (276) goes out"


def test_an_acceptance_twice_waits_once(world: PayerWorld) -> None:
    submission = sent(world)

    world.take_in(ack_277ca([(submission.pcn, "A2", "ICN7")], isa=4))
    world.take_in(ack_277ca([(submission.pcn, "A2", "ICN7")], isa=5))

    assert len(world.waits(submission.claim_version.claim)) == 1


@pytest.mark.parametrize("category", ["A3", "A4", "A6", "A7", "A8"])
def test_each_category_of_refusal_rejects_the_claim(world: PayerWorld, category: str) -> None:
    submission = sent(world)
    claim = submission.claim_version.claim

    world.take_in(ack_277ca([(submission.pcn, category, None)]))

    (task,) = world.open_tasks()
    (wait,) = world.waits(claim)
    assert claim.stage is ClaimStage.REJECTED
    assert (task.details["pcn"], task.details["category"]) == (submission.pcn, category)
    assert wait.task_id == task.id


def test_a_late_rejection_after_acceptance_still_rejects(world: PayerWorld) -> None:
    submission = sent(world)
    world.take_in(ack_277ca([(submission.pcn, "A2", "ICN7")], isa=4))

    world.take_in(ack_277ca([(submission.pcn, "A7", None)], isa=5))

    claim = submission.claim_version.claim
    assert claim.stage is ClaimStage.REJECTED
    assert [wait.kind for wait in world.waits(claim)] == ["task"]


@pytest.mark.parametrize("source", ["PR", "AY"])
def test_a_payers_acceptance_after_a_rejection_outranks_it(world: PayerWorld, source: str) -> None:
    submission = sent(world)
    world.take_in(ack_277ca([(submission.pcn, "A7", None)], source=source, isa=4))

    world.take_in(ack_277ca([(submission.pcn, "A2", "ICN7")], isa=5))

    claim = submission.claim_version.claim
    assert claim.stage is ClaimStage.ACCEPTED
    assert submission.ack_status == "accepted"
    assert world.open_tasks() == []
    assert [wait.what for wait in world.waits(claim)] == ["ALPHA's remittance"]


def test_a_clearinghouse_does_not_refuse_what_the_payer_has_taken(world: PayerWorld) -> None:
    submission = sent(world)
    world.take_in(ack_277ca([(submission.pcn, "A2", "ICN7")], isa=4))

    world.take_in(ack_277ca([(submission.pcn, "A3", None)], source="AY", isa=5))

    assert submission.claim_version.claim.stage is ClaimStage.ACCEPTED
    assert submission.ack_status == "accepted"
    assert world.open_tasks() == []
    assert [accepted for *_, accepted in _acks(world)] == [True, False]


def test_a_rejection_after_the_remittance_is_one_question_and_no_change(world: PayerWorld) -> None:
    submission = sent(world)
    claim = submission.claim_version.claim
    world.pays(world.answer_of(claim, ("CO", "45", 6000)))

    world.take_in(ack_277ca([(submission.pcn, "A7", None)], isa=4))
    world.take_in(ack_277ca([(submission.pcn, "A3", None)], isa=5))

    (task,) = world.open_tasks()
    assert (task.kind, task.details["case"]) == ("posting_exception", "rejected_after_835")
    assert claim.stage is ClaimStage.ADJUDICATED
    assert world.answer(task) == "The remittance stands; the late rejection was noted"


def test_a_rejection_of_an_earlier_submission_is_only_noted(world: PayerWorld) -> None:
    first = sent(world)
    claim = first.claim_version.claim
    world.submit(claim)

    world.take_in(ack_277ca([(first.pcn, "A7", None)]))

    assert claim.stage is ClaimStage.SUBMITTED
    assert world.open_tasks() == []
    assert _acks(world) == [("277CA", "payer", False)]


def test_a_batch_refused_without_naming_claims_rejects_all_of_it(world: PayerWorld) -> None:
    submissions = [sent(world), sent(world)]
    batch = world.batch(41, *submissions)

    world.take_in(batch_refusal_277ca(f"B{batch.id}"))

    assert [s.claim_version.claim.stage for s in submissions] == ["rejected", "rejected"]


def test_claims_that_are_not_ours_are_one_question_for_the_file(world: PayerWorld) -> None:
    submission = sent(world)

    world.take_in(
        ack_277ca([("X1", "A2", None), (submission.pcn, "A2", "ICN7"), ("X2", "A7", None)])
    )

    (task,) = world.open_tasks()
    assert task.details["pcns"] == ["X1", "X2"]
    assert submission.claim_version.claim.stage is ClaimStage.ACCEPTED
    assert world.answer(task) == "The acknowledgment is not about a claim of ours"


@pytest.mark.parametrize(
    ("benefit", "outcome"),
    [
        ("EB*1**30", "active"),
        ("EB*6**30", "inactive"),
        ("AAA*N**75*C", "not_found"),
        ("AAA*Y**42*R", "unclear"),
        ("EB*C**30", "unclear"),
    ],
)
def test_a_271_fills_the_check_it_names(world: PayerWorld, benefit: str, outcome: str) -> None:
    (check,) = checks(world, 1)

    world.take_in(answer_271(f"E{check.id}", benefit=benefit))

    assert (check.outcome, check.answered_at) == (outcome, world.now.at)


def test_the_encounter_goes_on_when_every_check_has_its_answer(world: PayerWorld) -> None:
    first, second = checks(world, 2)
    key = _wait_for_eligibility(world, first)

    world.take_in(answer_271(f"E{first.id}", isa=6))
    after_one = len(_open_waits(world, key))
    world.take_in(answer_271(f"E{second.id}", isa=7))

    assert (after_one, len(_open_waits(world, key))) == (1, 0)


def test_a_refused_question_is_answered_as_unclear(world: PayerWorld) -> None:
    (check,) = checks(world, 1)
    check.batch_id = world.batch(42).id
    world.session.flush()

    world.take_in(ta1(42, "R", "025"))

    assert check.outcome == "unclear"
    assert (check.words or "").startswith("Our question was refused")


def test_a_277_fills_the_inquiry_and_makes_the_claim_ready(world: PayerWorld) -> None:
    submission = sent(world)
    world.take_in(ack_277ca([(submission.pcn, "A2", "ICN7")], isa=4))
    inquiry = StatusInquiry(submission_id=submission.id, attempt=1, asked_at=world.now.at)
    world.session.add(inquiry)
    world.session.flush()

    world.take_in(answer_277(f"I{inquiry.id}", category="P1"))

    assert (inquiry.category, inquiry.status_code) == ("P1", "20")
    assert inquiry.answered_at == world.now.at
    assert world.waits(submission.claim_version.claim) == []


@pytest.mark.parametrize(
    "content",
    [
        answer_271("E999999"),
        answer_277("I999999"),
        ta1(999),
        ack_999(999),
        batch_refusal_277ca("B999"),
        ack_277ca([("X1", "A7", None)]),
    ],
)
def test_an_answer_to_nothing_of_ours_is_one_question(world: PayerWorld, content: bytes) -> None:
    judged = world.take_in(content)

    (task,) = world.open_tasks()
    assert judged.verdict == "taken"
    assert "nothing of ours has that number; asked a biller" in judged.sentences[-1]
    assert (task.kind, task.details["case"]) == ("posting_exception", "foreign_ack")
    assert world.answer(task) == "The acknowledgment is not about a claim of ours"


def checks(world: PayerWorld, count: int) -> list[EligibilityCheck]:
    from db.models import Coverage

    made = world.encounter([("99213", 15000)], ["ALPHA", "BETA"][:count])
    made.stage = Stage.ELIGIBILITY
    rows = [
        EligibilityCheck(
            encounter_id=made.id, coverage_id=coverage.id, attempt=1, asked_at=world.now.at
        )
        for coverage in world.session.scalars(
            select(Coverage).where(Coverage.patient_id == made.patient_id).order_by(Coverage.rank)
        )
    ]
    world.session.add_all(rows)
    world.session.flush()
    return rows


def _wait_for_eligibility(world: PayerWorld, check: EligibilityCheck) -> str:
    from casework import eligibility_answers, waits
    from casework.waits import WaitKind

    key = eligibility_answers.subject_of(world.session, check)
    waits.begin(
        world.session,
        key,
        WaitKind.MESSAGE,
        "the 271",
        until_at=world.now.at + dt.timedelta(days=1),
        then_what="we ask again",
        now=world.now,
    )
    return key


def _open_waits(world: PayerWorld, key: str) -> list[object]:
    from casework import waits

    return list(waits.open_waits(world.session, key))


def _acks(world: PayerWorld) -> list[tuple[str, str, bool]]:
    rows = world.session.scalars(select(Ack).order_by(Ack.id))
    return [(row.kind, row.source, row.is_accepted) for row in rows]


UNREAD = [
    (ta1(41, "Z"), "TA104 says 'Z' (segment 2)"),
    (ack_999(41, "Q"), "IK501 says 'Q' (segment 4)"),
    (ack_999(41).replace(b"AK9*A", b"AK9*Z"), "AK901 says 'Z' (segment 5)"),
]


@pytest.mark.parametrize(("content", "told"), UNREAD)
def test_a_verdict_that_nobody_knows_accepts_and_refuses_nothing(
    world: PayerWorld, content: bytes, told: str
) -> None:
    submission = sent(world)
    batch = world.batch(41, submission)

    judged = world.take_in(content)

    (task,) = world.open_tasks()
    assert judged.verdict is Verdict.TAKEN
    assert (task.kind, task.details["case"]) == ("posting_exception", "unread_ack")
    assert told in task.reason
    assert told in judged.sentences[0]
    assert (batch.ta1_at, batch.acknowledged_at, batch.is_refused) == (None, None, False)
    assert _acks(world) == []
    assert submission.claim_version.claim.stage is ClaimStage.SUBMITTED


@pytest.mark.parametrize(
    ("action", "accepted", "stage"),
    [("unsaid", [], "submitted"), ("taken", [True], "submitted"), ("refused", [False], "rejected")],
)
def test_a_person_says_what_an_unknown_verdict_means(
    world: PayerWorld, action: str, accepted: list[bool], stage: str
) -> None:
    submission = sent(world)
    batch = world.batch(41, submission)
    world.take_in(ack_999(41, "Q"))

    world.answer(world.open_tasks()[0], action=action)

    assert [taken for *_, taken in _acks(world)] == accepted
    assert batch.is_refused == (action == "refused")
    assert submission.claim_version.claim.stage == stage
    assert [task.kind for task in world.open_tasks()] == ["rejection"] * (action == "refused")


def test_an_unknown_verdict_about_a_file_that_is_not_ours_is_not_ours(world: PayerWorld) -> None:
    world.take_in(ack_999(4711, "Q"))

    assert [task.details["case"] for task in world.open_tasks()] == ["foreign_ack"]


def silent(submission: Submission) -> bytes:
    """A 277CA that names the claim and says nothing of it."""
    said = ack_277ca([(submission.pcn, "A2", "ICN7")])
    *before, after = said.split(b"STC*A2:20")
    return b"".join(before) + b"DTP*472*D8*20260105~" + after.partition(b"~")[2].lstrip()


@pytest.mark.parametrize(
    ("action", "accepted", "stage"),
    [("unsaid", [], "submitted"), ("taken", [True], "accepted"), ("refused", [False], "rejected")],
)
def test_a_claim_of_which_a_277ca_says_nothing_is_a_question_to_a_person(
    world: PayerWorld, action: str, accepted: list[bool], stage: str
) -> None:
    submission = sent(world)

    judged = world.take_in(silent(submission))

    (task,) = world.open_tasks()
    assert judged.verdict is Verdict.TAKEN
    assert (task.kind, task.details["case"]) == ("posting_exception", "unread_ack")
    assert submission.pcn in task.reason
    assert _acks(world) == []
    assert submission.claim_version.claim.stage is ClaimStage.SUBMITTED

    world.answer(task, action=action)

    assert [taken for *_, taken in _acks(world)] == accepted
    assert submission.claim_version.claim.stage == stage
    assert [each.kind for each in world.open_tasks()] == ["rejection"] * (action == "refused")
