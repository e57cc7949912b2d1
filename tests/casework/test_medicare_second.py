"""Medicare as a later payer is told why another comes first: as the coverage says, as the payer
before it tells by what it is, or after a person was asked."""

from collections.abc import Sequence

import pytest
from sqlalchemy import select

from casework.answers import second_because
from casework.answers.form import Form
from casework.refusals import Refused
from db.models import Claim, Coverage
from domain.encounter import ClaimStage
from domain.medicare import SecondBecause
from domain.tasks import TaskKind
from tests.casework.office import answered, claims, sent, visit
from tests.scenarios import practice
from tests.scenarios.play import Play
from tests.scenarios.premises import DEPARTMENT

PAID = [("CO", "45", 6_000), ("PR", "2", 1_800)]
ROOM_PAID = [("CO", "45", 1_000), ("PR", "2", 500)]
TOLD = SecondBecause.KIDNEYS


def coverage_of(office: Play, payer: str = "MEDICARE") -> Coverage:
    found = select(Coverage).where(Coverage.patient_id == office.encounters["A1"].patient_id)
    asked = practice.payer(office.session, payer)
    return next(one for one in office.session.scalars(found) if one.plan.payer_id == asked.id)


def paid_first(
    office: Play,
    *,
    because: SecondBecause | None = None,
    place: str = "11",
    next_payers: Sequence[str] = ("MEDICARE",),
) -> list[Claim]:
    """ALPHA has paid its part; what is left goes to Medicare. The claims to Medicare."""
    visit(office, next_payers=next_payers, place=place)
    coverage_of(office).second_because = because
    office.session.flush()
    answered(office, "A1", PAID)
    if place == DEPARTMENT:
        answered(office, "A1.I", ROOM_PAID)
    office.pass_to(3)
    return [claim for claim in claims(office) if claim.responsibility == "S"]


def test_a_coverages_reason_stands_on_the_claim(office: Play) -> None:
    (claim,) = paid_first(office, because=TOLD)

    assert claim.stage is ClaimStage.ACCEPTED
    assert b"SBR*S*18***13****MB~" in sent(office)[-1]
    assert not office.open_tasks()


def test_without_a_reason_nothing_is_sent_and_a_person_is_asked(office: Play) -> None:
    (claim,) = paid_first(office)

    (task,) = office.open_tasks(TaskKind.EDIT_FIX)
    assert (task.claim_id, task.details["rules"]) == (claim.id, ["medicare_second_untold"])
    assert claim.stage is ClaimStage.EDITS
    assert len(sent(office)) == 1

    office.answer(TaskKind.EDIT_FIX, second_because="13")
    office.pass_to(6)

    assert coverage_of(office).second_because is TOLD
    assert b"SBR*S*18***13****MB~" in sent(office)[-1]


def test_a_reason_is_taken_away_by_a_form_that_asks_for_it_and_kept_by_any_other(
    office: Play,
) -> None:
    paid_first(office, because=TOLD)
    coverage = coverage_of(office)

    second_because.keep(Form({}), coverage)
    kept = coverage.second_because
    second_because.keep(Form({second_because.NAME: [""]}), coverage)

    assert (kept, coverage.second_because) == (TOLD, None)


def test_a_reason_that_there_is_not_is_refused_at_its_field(office: Play) -> None:
    paid_first(office)

    with pytest.raises(Refused) as refused:
        office.answer(TaskKind.EDIT_FIX, second_because="11")

    assert list(refused.value.problems) == ["second_because"]


@pytest.mark.parametrize(
    ("kind", "code"), [("WC", b"15"), ("AM", b"14"), ("LM", b"47"), ("VA", b"42")]
)
def test_a_payer_that_pays_for_one_thing_alone_tells_it_by_what_it_is(
    office: Play, kind: str, code: bytes
) -> None:
    practice.payer(office.session, "ALPHA").filing_code = kind

    paid_first(office)

    assert b"SBR*S*18***" + code + b"****MB~" in sent(office)[-1]
    assert not office.open_tasks()


def test_a_facilitys_claim_tells_it_by_a_value_code_with_what_was_paid(office: Play) -> None:
    paid_first(office, because=TOLD, place=DEPARTMENT)

    facility = sent(office, "837i")[-1]
    assert b"SBR*S*18*******MA~" in facility
    assert b"HI*BE:13:::75~" in facility
    assert b"AMT*D*75~" in facility


def test_a_third_payer_hears_it_of_the_medicare_before_it(office: Play) -> None:
    paid_first(office, because=TOLD, next_payers=("MEDICARE", "MEDIGAP"))
    answered(office, "A1", [("CO", "45", 13_500), ("PR", "2", 500)], payer="MEDICARE")
    office.pass_to(6)

    third = sent(office)[-1]
    assert b"SBR*T*18*" in third
    assert b"SBR*S*18***13****MB~" in third


def test_of_a_first_payer_nobody_is_asked(office: Play) -> None:
    visit(office, payer="MEDICARE")

    assert b"SBR*P*18*******MB~" in sent(office)[-1]
    assert not office.open_tasks()
