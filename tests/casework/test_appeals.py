"""Appeals: a letter names what the payer knows, and only one that was sent uses up a level."""

from sqlalchemy import delete, select

from db.models import AppealCase, Outbox, PayerRoute
from domain.denials import DenialRoute
from domain.tasks import TaskKind
from tests.casework.office import CHARGE, answered, visit
from tests.scenarios.play import Play

SHARE = 2_000


def test_a_forwarded_claim_is_appealed_under_the_number_that_went_to_the_first_payer(
    office: Play,
) -> None:
    visit(office, payer="MEDICARE", next_payers=["MEDIGAP"])
    first = [("CO", "45", 6_000), ("PR", "2", SHARE)]
    answered(office, "A1", first, payer="MEDICARE", status="19")
    refused = [("OA", "23", CHARGE - SHARE), ("CO", "50", SHARE)]
    answered(office, "A1", refused, payer="MEDIGAP", status="2")

    office.answer(TaskKind.DENIAL, route=DenialRoute.APPEAL)
    office.answer(TaskKind.APPEAL_REVIEW)

    (case,) = office.letters()
    (submission,) = office.submissions(office.claim("A1", "MEDICARE"))
    assert case.claim_id == office.claim("A1", "MEDIGAP").id
    assert submission.pcn.encode() in manifest_of(office, case)


def test_a_payer_that_claims_are_only_forwarded_to_gets_letters_as_files(office: Play) -> None:
    visit(office)
    answered(office, "A1", [("CO", "50", CHARGE)])
    payer_id = office.claim("A1").payer_id
    office.session.execute(delete(PayerRoute).where(PayerRoute.payer_id == payer_id))
    office.answer(TaskKind.DENIAL, route=DenialRoute.APPEAL)

    office.answer(TaskKind.APPEAL_REVIEW)

    (case,) = office.letters()
    assert manifest_of(office, case)


def test_a_letter_that_was_stopped_uses_up_no_level(office: Play) -> None:
    visit(office)
    answered(office, "A1", [("CO", "50", CHARGE)])
    office.answer(TaskKind.DENIAL, route=DenialRoute.APPEAL)

    office.answer(TaskKind.APPEAL_REVIEW, action="stop")
    office.answer(TaskKind.DENIAL, route=DenialRoute.APPEAL)

    stopped, again = office.letters()
    assert (stopped.status, stopped.level) == ("withdrawn", 1)
    assert (again.status, again.level) == ("drafted", 1)


def manifest_of(office: Play, case: AppealCase) -> bytes:
    names = Outbox.name.like(f"%{case.reference}%.json")
    return office.session.scalars(select(Outbox.content).where(names)).one()
