"""Which claims a visit gets: as many as its lines need, and one for each coverage in its turn."""

import datetime as dt

import pytest

from casework import coverages, submissions
from db.models import Coverage, Encounter
from domain.claim_form import ClaimForm
from tests.casework.office import answered, claims, sent, visit
from tests.scenarios.play import Play


def test_a_visit_of_more_lines_than_a_claim_takes_goes_out_as_two_claims(
    office: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ClaimForm, "lines_max", 1)

    visit(office, codes=["99213", "87880"])

    (interchange,) = sent(office)
    made = claims(office)
    lines = [[line.charge_line_id for line in claim.lines] for claim in made]
    assert [len(each) for each in lines] == [1, 1]
    assert lines[0] != lines[1]
    assert [submissions.current_version(office.session, c).charge_line_ids for c in made] == lines
    assert interchange.count(b"CLM*") == 2
    assert {claim.responsibility for claim in made} == {"P"}


def test_a_second_coverage_with_the_same_payer_is_billed_after_the_first(office: Play) -> None:
    second = _add_coverage(office, visit(office))

    answered(office, "A1", [("CO", "45", 6_000), ("PR", "2", 1_800)])
    office.pass_to(3)

    first, next_one = claims(office)
    assert (first.responsibility, first.outcome) == ("P", "paid")
    assert next_one.coverage_id == second.id
    assert (next_one.responsibility, next_one.follows_id) == ("S", first.id)
    assert next_one.payer_id == first.payer_id
    assert len(sent(office)) == 2


def _add_coverage(office: Play, made: Encounter) -> Coverage:
    """The spouse's plan is with the same payer."""
    (own,) = coverages.of_encounter(office.session, made)
    second = Coverage(
        patient_id=own.patient_id,
        plan_id=own.plan_id,
        rank=2,
        member_id="SPOUSE1",
        relationship_to_subscriber="self",
        valid_from=dt.date(2025, 1, 1),
    )
    office.session.add(second)
    office.session.flush()
    return second
