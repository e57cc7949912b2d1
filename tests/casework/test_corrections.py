"""Corrections: what takes a claim's place, when, and what a payer that takes none gets instead."""

import pytest
from sqlalchemy import select

from casework import corrections, submissions, voids
from casework.refusals import Forbidden, Refused
from db.models import AppealCase, AuditEvent, Outbox
from domain.corrections import Instead
from domain.encounter import ClaimStage, Stage
from domain.tasks import Role, TaskKind
from tests.casework.office import CHARGE, answered, sent, visit
from tests.scenarios.play import Play

PAID = [("CO", "45", 6_000)]
REFUSED = [("CO", "16", CHARGE)]


def replace(
    office: Play, *, although_undecided: bool = False, by: Role = Role.BILLER, because: str = "Late"
) -> None:
    corrections.replace(
        office.session, office.claim("A1"), because,
        although_undecided=although_undecided, by=office.people[by], now=office.engine.now,
    )  # fmt: skip
    office.react()


def test_a_settled_claim_is_replaced_under_the_payers_number(office: Play) -> None:
    visit(office)
    answered(office, "A1", PAID, icn="ICN7")

    replace(office)
    office.pass_to(4)

    newest = office.versions(office.claim("A1"))[-1]
    assert (newest.frequency, newest.payer_claim_number) == ("7", "ICN7")
    assert office.encounters["A1"].stage is Stage.CLAIMS
    assert b"REF*F8*ICN7" in sent(office)[-1]


def test_what_is_undecided_is_not_replaced_by_itself(office: Play) -> None:
    visit(office)

    with pytest.raises(Refused, match="has not decided this claim") as refusal:
        replace(office)

    assert list(refusal.value.problems) == ["although_undecided"]
    assert len(office.versions(office.claim("A1"))) == 1


def test_who_sends_it_although_undecided_is_recorded(office: Play) -> None:
    visit(office)
    office.claim("A1").payer_claim_number = "ICN7"
    office.session.flush()

    replace(office, although_undecided=True)

    newest = office.versions(office.claim("A1"))[-1]
    audited = select(AuditEvent.words).where(AuditEvent.action == "replaced")
    assert newest.frequency == "7"
    assert "although the payer has not decided it" in newest.because
    assert "although" in (office.session.scalar(audited) or "")


def test_what_has_no_number_of_the_payers_cannot_be_replaced(office: Play) -> None:
    visit(office)
    office.claim("A1").payer_claim_number = None

    with pytest.raises(Refused, match="no number yet"):
        replace(office, although_undecided=True)


def test_what_is_still_in_the_house_is_changed_not_replaced(office: Play) -> None:
    visit(office, until_sent=False)

    with pytest.raises(Refused, match="still in the house"):
        replace(office, although_undecided=True)


def test_a_denial_is_decided_in_its_task(office: Play) -> None:
    visit(office)
    answered(office, "A1", REFUSED, status="4")

    with pytest.raises(Refused, match="in question"):
        replace(office, although_undecided=True)


def test_a_payer_that_takes_no_replacement_is_not_sent_one(office: Play) -> None:
    visit(office, payer="MEDICARE")
    answered(office, "A1", PAID, payer="MEDICARE")

    with pytest.raises(Refused, match="takes no replacement"):
        replace(office)


def test_only_billers_and_supervisors_replace(office: Play) -> None:
    visit(office)

    with pytest.raises(Forbidden):
        replace(office, by=Role.CODER)


def test_a_rejected_claim_is_no_undecided_one_and_stays_what_it_was(office: Play) -> None:
    visit(office)
    claim = office.claim("A1")
    claim.stage = ClaimStage.REJECTED

    with pytest.raises(Refused, match="not with its payer"):
        replace(office, although_undecided=True)

    assert submissions.renew(
        office.session, claim, because="mended", now=office.engine.now
    ).frequency == "1"  # fmt: skip


def test_where_a_new_claim_is_taken_instead_only_the_refused_lines_are_on_it(office: Play) -> None:
    visit(office, payer="MEDICARE", codes=("99213", "87880"))
    answered(office, "A1", [], [("CO", "16", 4_000)], payer="MEDICARE")

    office.answer(TaskKind.DENIAL, route="correct")

    newest = office.versions(office.claim("A1"))[-1]
    assert newest.frequency == "1"
    assert len(newest.charge_line_ids) == 1


def test_where_a_reopening_is_wanted_a_letter_asks_for_it_and_no_claim_goes(office: Play) -> None:
    visit(office, payer="MEDICARE")
    office.claim("A1").payer.professional_instead = Instead.REOPENING
    office.session.flush()
    answered(office, "A1", REFUSED, payer="MEDICARE", status="4")

    office.answer(TaskKind.DENIAL, route="correct")
    office.answer(TaskKind.APPEAL_REVIEW)

    case = office.session.scalars(select(AppealCase)).one()
    names = office.session.scalars(select(Outbox.name).where(Outbox.route == "mail")).all()
    assert (case.kind, case.level, case.status) == ("reopening", 0, "sent")
    assert sorted(names) == [f"reopening-{case.reference}.json", f"reopening-{case.reference}.pdf"]
    assert len(office.versions(office.claim("A1"))) == 1


def test_a_claim_never_processed_is_new_even_where_a_reopening_is_wanted(office: Play) -> None:
    visit(office, payer="MEDICARE")
    office.claim("A1").payer.professional_instead = Instead.REOPENING
    office.session.flush()
    answered(office, "A1", REFUSED, payer="MEDICARE", status="4", rarcs=["MA130"])

    office.answer(TaskKind.DENIAL, route="correct")

    assert office.versions(office.claim("A1"))[-1].frequency == "1"
    assert office.session.scalars(select(AppealCase)).all() == []


def test_an_undecided_claim_is_voided_only_if_the_person_says_so(office: Play) -> None:
    visit(office)
    claim = office.claim("A1")
    claim.payer_claim_number = "ICN7"
    ana, now = office.people[Role.BILLER], office.engine.now

    with pytest.raises(Refused, match="has not decided this claim"):
        voids.ask(office.session, claim, "Another person was seen.", ana, now)
    task = voids.ask(
        office.session, claim, "Another person was seen.", ana, now, although_undecided=True
    )
    with pytest.raises(Refused, match="somebody is asked"):
        voids.ask(office.session, claim, "Again.", ana, now, although_undecided=True)

    assert "although the payer has not decided it" in task.reason
    assert claim.stage is ClaimStage.ACCEPTED


def test_a_void_of_what_was_undecided_goes_out_and_is_confirmed_by_phone(office: Play) -> None:
    visit(office)
    office.claim("A1").payer_claim_number = "ICN7"
    office.session.flush()
    voids.ask(
        office.session, office.claim("A1"), "Another person was seen.",
        office.people[Role.BILLER], office.engine.now, although_undecided=True,
    )  # fmt: skip
    office.answer(TaskKind.VOID_APPROVAL)
    for day in range(100, 400, 20):
        office.pass_to(day)
        if office.open_tasks(TaskKind.FOLLOW_UP):
            break

    office.answer(TaskKind.FOLLOW_UP, action="voided")

    assert office.versions(office.claim("A1"))[-1].frequency == "8"
    assert office.claim("A1").outcome == "void"
    assert office.balances() == {}
