"""What was keyed wrongly and is undone leaves nothing of itself on its claim, nor at the bank."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select

from casework import bank, tasks, write_offs
from casework.moment import Moment
from casework.steps import adjudication, denials
from db.models import (
    AppealCase,
    AppealCaseDenial,
    BankLine,
    Claim,
    ClaimVersion,
    Denial,
    Entry,
    Remittance,
    Task,
    TaskLog,
    WriteOffRequest,
)
from domain.denials import DenialRoute, DenialStatus, WriteOffReason
from domain.encounter import ClaimStage, Stage
from domain.keyed_eob import TypedEob
from domain.tasks import TaskKind
from tests.casework.payer_world import PayerWorld
from tests.casework.test_eob_undoing import RIGHT, WRONG, undone
from tests.casework.test_keyed_eobs import CHARGE, PAID_ON, claim_of, keyed, typed


def bank_line(world: PayerWorld) -> BankLine:
    line = BankLine(
        booked_on=PAID_ON, trace="T1", payer_tin="", amount_cents=11_000,
        words="check", source_key="1",
    )  # fmt: skip
    world.session.add(line)
    world.session.flush()
    return line


def refusal(world: PayerWorld, claim: Claim) -> TypedEob:
    return replace(typed(world, claim, ("CO", "50", "220.00"), paid="0.00"), method="NON")


def close(claim: Claim, now: Moment) -> None:
    claim.encounter.stage, claim.encounter.ended_at = Stage.CLOSED, now.at


def later_version(
    world: PayerWorld, claim: Claim, stage: ClaimStage, frequency: str = "7"
) -> ClaimVersion:
    """A correction (or a void) under the number that the payer was believed to have given."""
    version = ClaimVersion(
        claim_id=claim.id, version=2, frequency=frequency,
        payer_claim_number=claim.payer_claim_number, because="corrected",
        charge_line_ids=[line.id for line in world.lines(claim)], made_at=world.now.at,
    )  # fmt: skip
    world.session.add(version)
    world.session.flush()
    if stage is not ClaimStage.EDITS:
        sent = world.submit(claim, again=True)
        sent.sent_at = None if stage is ClaimStage.READY else sent.sent_at
    claim.stage = stage
    world.session.flush()
    return version


def test_the_bank_names_the_check_before_it_is_keyed_again(world: PayerWorld) -> None:
    claim = claim_of(world)
    row = keyed(world, typed(world, claim, *WRONG, paid="110.00"))
    undone(world, row)
    again = keyed(world, typed(world, claim, *RIGHT, paid="110.00"))
    line = bank_line(world)

    matched = bank.match_all(world.session, world.now)

    assert (matched, line.remittance_id) == (1, again.id)
    assert (row.bank_matched_at, again.bank_matched_at) == (None, world.now.at)


def test_the_bank_is_read_between_the_undoing_and_the_second_keying(world: PayerWorld) -> None:
    claim = claim_of(world)
    line = bank_line(world)
    row = keyed(world, typed(world, claim, *WRONG, paid="110.00"))
    was_joined = line.remittance_id == row.id
    undone(world, row)

    matched = bank.match_all(world.session, world.now)
    again = keyed(world, typed(world, claim, *RIGHT, paid="110.00"))

    assert (was_joined, matched) == (True, 0)
    assert (line.remittance_id, row.bank_matched_at) == (again.id, None)


def test_a_void_that_its_payer_has_not_confirmed_goes_on(world: PayerWorld) -> None:
    claim = claim_of(world)
    row = keyed(world, typed(world, claim, *WRONG, paid="110.00"))
    later_version(world, claim, ClaimStage.SUBMITTED, "8")

    undone(world, row)

    (line,) = world.lines(claim)
    assert (claim.stage, claim.outcome, line.is_void) == (ClaimStage.SUBMITTED, None, False)
    assert world.owed(line) == CHARGE


def test_the_claim_has_the_number_by_which_it_was_taken_in(world: PayerWorld) -> None:
    claim = claim_of(world)
    (version,) = claim.versions
    (sent,) = version.submissions
    sent.payer_claim_number = claim.payer_claim_number = "TRUE1"
    row = keyed(world, typed(world, claim, *WRONG, paid="110.00"))
    keyed_as = claim.payer_claim_number

    undone(world, row)

    assert (keyed_as, claim.payer_claim_number) == ("ICN1", "TRUE1")


def test_the_claim_has_the_number_of_the_answer_that_stands(world: PayerWorld) -> None:
    claim = claim_of(world)
    world.pays(world.answer_of(claim, ("CO", "45", 22000), icn="STANDS"), trace="T0")
    eob = typed(world, claim, ("OA", "23", "220.00"), paid="0.00")
    row = keyed(world, replace(eob, method="NON"))
    keyed_as = claim.payer_claim_number

    undone(world, row)

    assert (keyed_as, claim.payer_claim_number) == ("ICN1", "STANDS")


@pytest.mark.parametrize("stage", [ClaimStage.EDITS, ClaimStage.READY])
def test_a_correction_that_has_not_left_does_not_leave(
    world: PayerWorld, stage: ClaimStage
) -> None:
    claim = claim_of(world)
    row = keyed(world, typed(world, claim, *WRONG, paid="110.00"))
    wrong = later_version(world, claim, stage)

    undone(world, row)
    denials.judge(world.session, claim, world.now)

    world.session.expire(claim)
    newest = max(claim.versions, key=lambda version: version.version)
    assert (wrong.payer_claim_number, claim.payer_claim_number) == ("ICN1", None)
    assert [sent.ack_status for sent in wrong.submissions] in ([], ["withdrawn"])
    assert (newest.version, newest.frequency, newest.payer_claim_number) == (3, "1", None)
    assert (claim.stage, claim.outcome) == (ClaimStage.ADJUDICATED, "awaits correction")
    assert [wait.what for wait in world.waits(claim)] == ["ALPHA's remittance"]


def test_a_refusal_that_was_written_off_is_owed_again(
    world: PayerWorld, balanced: Callable[[], None]
) -> None:
    claim = claim_of(world)
    row = keyed(world, refusal(world, claim))
    (denial,) = world.session.scalars(select(Denial)).all()
    denials.judge(world.session, claim, world.now)
    write_offs.ask(
        world.session, claim.encounter, side="insurance", reason=WriteOffReason.OTHER,
        cents=CHARGE, note="lost", by=world.biller, now=world.now, denial=denial, claim=claim,
        is_small=True,
    )  # fmt: skip
    denials.judge(world.session, claim, world.now)
    close(claim, world.now)
    was_settled = claim.stage is ClaimStage.SETTLED

    undone(world, row)
    words = denials.judge(world.session, claim, world.now)

    balanced()
    assert was_settled
    assert (claim.encounter.stage, claim.encounter.ended_at) == (Stage.CLAIMS, None)
    assert "waiting for the corrected one" in words
    assert world.owed(world.lines(claim)[0]) == CHARGE
    (taken,) = world.session.scalars(select(Entry).where(Entry.effect_key.like("undo:%"))).all()
    assert (taken.words, taken.by_id) == (
        "Taken back, its refusal was keyed wrongly: Written off: other",
        world.biller.id,
    )


@pytest.mark.parametrize("route", [DenialRoute.PATIENT, DenialRoute.NEXT_PAYER])
def test_a_refusal_that_was_moved_is_owed_by_its_payer_again(
    world: PayerWorld, balanced: Callable[[], None], route: DenialRoute
) -> None:
    claim = claim_of(world, "ALPHA", "BETA")
    before = world.balances()
    row = keyed(world, refusal(world, claim))
    (denial,) = world.session.scalars(select(Denial)).all()
    denial.status, denial.route = DenialStatus.DECIDED, route
    denials.apply_decisions(world.session, claim, world.now)
    was_owed = world.owed(world.lines(claim)[0])

    undone(world, row)

    balanced()
    assert (was_owed, world.balances()) == (0, before)


def test_a_refusal_that_its_payer_takes_back_reopens_what_was_closed(world: PayerWorld) -> None:
    claim = claim_of(world)
    refused = (("CO", "50", 22_000),)
    world.pays(world.answer_of(claim, *refused))
    claim.stage = ClaimStage.SETTLED
    close(claim, world.now)

    world.pays(world.back(claim, *refused))

    assert (claim.stage, claim.encounter.stage) == (ClaimStage.ADJUDICATED, Stage.CLAIMS)


def test_a_letter_about_it_is_neither_won_nor_lost(world: PayerWorld) -> None:
    claim = claim_of(world)
    row = keyed(world, refusal(world, claim))
    (denial,) = world.session.scalars(select(Denial)).all()
    letter = AppealCase(
        claim_id=claim.id, kind="appeal", level=1, round=1, status="sent", argument="",
        basis_on=world.now.today, due_on=world.now.today, sent_at=world.now.at,
    )  # fmt: skip
    world.session.add(letter)
    world.session.flush()
    world.session.add(AppealCaseDenial(appeal_case_id=letter.id, denial_id=denial.id))
    denial.status, claim.stage = DenialStatus.DECIDED, ClaimStage.APPEALED
    world.session.flush()

    undone(world, row)

    assert (letter.status, claim.stage) == ("withdrawn", ClaimStage.ADJUDICATED)


def test_a_question_that_ends_with_it_says_why(world: PayerWorld) -> None:
    claim = claim_of(world)
    row = keyed(world, refusal(world, claim))
    denials.judge(world.session, claim, world.now)

    undone(world, row)

    said = world.session.scalars(select(TaskLog.words).where(TaskLog.action == "withdrawn")).all()
    assert said == ["What was keyed of the payer's answer was undone."]
    assert world.session.scalars(select(Task.status)).all() == ["withdrawn"]
    assert isinstance(row, Remittance)


def next_claim(world: PayerWorld, claim: Claim, stage: ClaimStage) -> Claim:
    later = world.claim(claim.encounter, "BETA", stage=stage, follows=claim)
    (version,) = later.versions
    if stage is ClaimStage.READY:
        version.submissions[0].sent_at = None
    world.session.flush()
    return later


def test_the_next_payers_claim_does_not_leave(
    world: PayerWorld, balanced: Callable[[], None]
) -> None:
    claim = claim_of(world, "ALPHA", "BETA")
    row = keyed(world, typed(world, claim, *RIGHT, paid="110.00"))
    later = next_claim(world, claim, ClaimStage.READY)

    undone(world, row)
    kept = (later.stage, later.outcome)
    keyed(world, typed(world, claim, *RIGHT, paid="110.00"))

    balanced()
    (sent,) = later.versions[0].submissions
    assert (kept, sent.ack_status) == ((ClaimStage.SETTLED, "nothing_due"), "withdrawn")
    assert later.stage is ClaimStage.CROSSED_OVER
    assert [wait.then_what for wait in world.waits(later)] == ["we bill BETA ourselves"]


def test_a_person_is_told_of_the_next_payers_claim_that_has_left(world: PayerWorld) -> None:
    claim = claim_of(world, "ALPHA", "BETA")
    row = keyed(world, typed(world, claim, *RIGHT, paid="110.00"))
    later = next_claim(world, claim, ClaimStage.ACCEPTED)

    undone(world, row)

    (task,) = world.open_tasks()
    assert (task.kind, task.claim_id) == (TaskKind.FOLLOW_UP, later.id)
    assert task.title == "BETA was billed on an answer of ALPHA that is undone"
    assert later.stage is ClaimStage.ACCEPTED


def test_a_claim_that_was_passed_on_and_never_sent_waits_again(world: PayerWorld) -> None:
    claim = claim_of(world, "ALPHA", "BETA")
    forwarded = world.answer_of(claim, ("CO", "45", 8500), ("PR", "2", 2500), status="19")
    world.pays(forwarded, trace="T0")
    (later,) = world.session.scalars(select(Claim).where(Claim.follows_id == claim.id)).all()
    eob = typed(world, later, ("OA", "23", "195.00"), paid="25.00")
    row = keyed(world, eob)
    was_answered = later.stage is ClaimStage.ADJUDICATED

    undone(world, row)
    denials.judge(world.session, later, world.now)
    waited = [wait.then_what for wait in world.waits(later)]
    adjudication.follow_up(world.session, later, world.now)

    assert (was_answered, waited) == (True, ["we bill it ourselves"])
    assert (later.stage, len(later.versions)) == (ClaimStage.EDITS, 1)


def test_what_another_answer_refused_since_stands(
    world: PayerWorld, balanced: Callable[[], None]
) -> None:
    claim = claim_of(world)
    row = keyed(world, refusal(world, claim))
    world.pays(world.answer_of(claim, ("CO", "96", 22_000), icn="OWN"), trace="T9")
    denials.judge(world.session, claim, world.now)
    before = (claim.stage, claim.outcome, [task.id for task in world.open_tasks()])

    undone(world, row)

    balanced()
    (own,) = world.session.scalars(select(Denial).where(Denial.carc == "96")).all()
    assert own.status is DenialStatus.OPEN
    assert before == (claim.stage, claim.outcome, [task.id for task in world.open_tasks()])
    assert (before[0], before[1], len(before[2])) == (ClaimStage.DENIED, "denied", 1)
    assert claim.payer_claim_number == "OWN"


def test_what_was_forgiven_of_the_patients_part_is_no_money_of_theirs(
    world: PayerWorld, balanced: Callable[[], None]
) -> None:
    claim = claim_of(world)
    before = world.balances()
    row = keyed(world, typed(world, claim, *RIGHT, paid="110.00"))
    write_offs.ask(
        world.session, claim.encounter, side="patient", reason=WriteOffReason.OTHER, cents=2_500,
        note="lost", by=world.biller, now=world.now, is_small=True,
    )  # fmt: skip
    was_owed = world.balances().get("ar:patient", 0)

    undone(world, row)

    balanced()
    assert (was_owed, world.balances()) == (0, before)


def test_nobody_approves_giving_up_what_it_had_left_open(world: PayerWorld) -> None:
    claim = claim_of(world)
    row = keyed(world, typed(world, claim, *RIGHT, paid="110.00"))
    request = WriteOffRequest(
        claim_id=claim.id, encounter_id=claim.encounter_id, side="insurance",
        reason=WriteOffReason.OTHER, amount_cents=8_000, note="", asked_by_id=world.biller.id,
        asked_at=world.now.at, status="asked",
    )  # fmt: skip
    world.session.add(request)
    world.session.flush()

    undone(world, row)

    assert request.status == "withdrawn"


def test_no_acknowledgment_answers_what_the_next_payer_was_billed_on(world: PayerWorld) -> None:
    claim = claim_of(world, "ALPHA", "BETA")
    row = keyed(world, typed(world, claim, *RIGHT, paid="110.00"))
    later = next_claim(world, claim, ClaimStage.SUBMITTED)

    undone(world, row)
    tasks.withdraw_of_claim(world.session, later.id, TaskKind.FOLLOW_UP, "taken in", world.now)

    assert [task.claim_id for task in world.open_tasks()] == [later.id]
