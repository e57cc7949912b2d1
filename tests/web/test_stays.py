"""A claim that bills several visits: each of their pages says so, and where the work is."""

import pytest

from casework import registration
from casework.waits import WaitKind
from commands.status import WAITS
from db.models import ChargeLine, Claim, ClaimLine, Encounter
from tests.web.site import Site, a_claim, charted


@pytest.fixture
def claim(site: Site) -> Claim:
    """Led by the site's encounter, with a line of another visit."""
    made = a_claim(site)
    line = ChargeLine(
        encounter_id=other_visit(site).id, ordinal=1, code="99231", modifiers=[], units=1,
        pointers=[1], service_on=site.now.today, charge_cents=0, payer_id=site.payer.id,
    )  # fmt: skip
    site.session.add(line)
    site.session.flush()
    site.session.add(ClaimLine(claim_id=made.id, charge_line_id=line.id, expected_cents=None))
    site.session.commit()
    return made


def other_visit(site: Site) -> Encounter:
    made = registration.take_in(site.session, charted(site.now.today, "test-2"), site.now)
    assert made is not None
    site.encounter.stay_no = made.stay_no = "H7"
    return made


def _other_of(claim: Claim) -> Encounter:
    (line,) = [line for line in claim.lines if line.charge_line.code == "99231"]
    return line.charge_line.encounter


def page_of(site: Site, encounter: Encounter) -> str:
    return site.as_("ana").get(f"/encounters/{encounter.uuid}").get_data(as_text=True)


def test_the_leader_says_which_other_visits_its_claim_bills(site: Site, claim: Claim) -> None:
    other = _other_of(claim)

    page = page_of(site, claim.encounter)

    link = f'<a href="/encounters/{other.uuid}">{other.encounter_no}</a>'
    assert f"bills {link} of the same stay too" in page
    assert "is billed for this visit on the claim of" not in page


def test_the_others_point_to_the_leader(site: Site, claim: Claim) -> None:
    leader = claim.encounter
    other = _other_of(claim)

    page = page_of(site, other)

    assert f'<a href="/encounters/{leader.uuid}#claims">{leader.encounter_no}</a>' in page
    assert "Claims 1" in page


def test_status_has_words_for_every_kind_of_wait() -> None:
    assert set(WAITS) == {kind.value for kind in WaitKind}
