"""A claim tells of the payers that come after its own, before they did anything."""

import datetime as dt
import io

import pytest
from pyx12.params import params
from pyx12.x12n_document import x12n_document
from sqlalchemy import select

from casework import claim_content, submissions
from db.models import Claim, Coverage
from domain.claims import HealthClaim, OtherPayer, Responsibility
from edi.read import read
from tests.casework.office import CHARGE, answered, sent, visit
from tests.scenarios import practice
from tests.scenarios.play import Play
from tests.scenarios.premises import DEPARTMENT

PAID = [("CO", "45", 6_000), ("PR", "2", 1_800)]


def content(office: Play, responsibility: str = "P", form: str = "P") -> HealthClaim:
    found = select(Claim).where(Claim.responsibility == responsibility, Claim.form == form)
    claim = office.session.scalars(found).one()
    return submissions.content_of(submissions.latest(office.session, claim))


def later(claim: HealthClaim) -> list[tuple[Responsibility, str]]:
    return [
        (other.responsibility, other.payer.payer_id)
        for other in claim.other_payers
        if other.paid_cents is None
    ]


def payer_no(office: Play, name: str) -> str:
    return practice.payer(office.session, name).payer_no


def read_back(data: bytes) -> HealthClaim:
    (claim,) = read(data).items
    assert isinstance(claim, HealthClaim)
    return claim


def is_valid(data: bytes) -> bool:
    text = io.StringIO(data.decode())
    return bool(x12n_document(params(), text, io.StringIO(), None))


@pytest.mark.parametrize(("place", "kind"), [("11", "837p"), (DEPARTMENT, "837i")])
def test_a_first_payer_hears_of_the_second_and_the_third(
    office: Play, place: str, kind: str
) -> None:
    visit(office, next_payers=("BETA", "MEDIGAP"), place=place)

    (data,) = sent(office, kind)
    claim = content(office, form="I" if kind == "837i" else "P")
    assert later(claim) == [
        (Responsibility.SECONDARY, payer_no(office, "BETA")),
        (Responsibility.TERTIARY, payer_no(office, "MEDIGAP")),
    ]
    assert b"AMT*D*" not in data
    assert b"CAS*" not in data
    assert later(read_back(data)) == later(claim)
    assert is_valid(data)


def test_the_second_payer_hears_what_the_first_did_and_who_is_third(office: Play) -> None:
    visit(office, next_payers=("BETA", "MEDIGAP"))
    answered(office, "A1", PAID)
    office.pass_to(3)

    data = sent(office)[-1]
    first, third = read_back(data).other_payers
    assert (first.responsibility, first.paid_cents) == (Responsibility.PRIMARY, CHARGE - 7_800)
    assert (third.responsibility, third.paid_cents) == (Responsibility.TERTIARY, None)
    assert is_valid(data)


def test_an_only_payer_hears_of_nobody(office: Play) -> None:
    visit(office)

    assert content(office).other_payers == ()
    assert b"SBR*S*" not in sent(office)[-1]


@pytest.mark.parametrize(
    "change",
    [
        {"valid_to": dt.date(2025, 1, 1), "valid_from": dt.date(2024, 1, 1)},
        {"ended_because": "the payer says so"},
    ],
    ids=["ended before the visit", "found not to be in force"],
)
def test_a_coverage_that_is_not_in_force_is_not_told_of(
    office: Play, change: dict[str, object]
) -> None:
    made = visit(office, next_payers=("BETA",))
    beta = practice.payer(office.session, "BETA")
    held = select(Coverage).where(Coverage.patient_id == made.patient_id)
    for coverage in office.session.scalars(held):
        if coverage.plan.payer_id == beta.id:
            for name, value in change.items():
                setattr(coverage, name, value)
    office.session.flush()

    assert _told_now(office) == []


def test_two_coverages_with_one_payer_are_told_of_once(office: Play) -> None:
    visit(office, next_payers=("BETA", "MEDIGAP"))
    beta, medigap = (practice.payer(office.session, name) for name in ("BETA", "MEDIGAP"))
    for coverage in office.session.scalars(select(Coverage)):
        if coverage.plan.payer_id == medigap.id:
            coverage.plan.payer = beta
    office.session.flush()

    assert len(_told_now(office)) == 1


def _told_now(office: Play) -> list[OtherPayer]:
    """What a version of the first claim that is made now would tell."""
    claim = office.session.scalars(select(Claim).order_by(Claim.id)).first()
    assert claim is not None
    version = submissions.current_version(office.session, claim)
    return claim_content.other_payers(office.session, claim, version)
