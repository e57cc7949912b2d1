"""What people do with a claim and an encounter outside tasks: send again, take back, cancel."""

import pytest
from sqlalchemy import select

from casework import submissions, task_hands
from db.models import ChargeLine, Claim, ClaimLine, ClaimVersion, Coverage, Diagnosis, Task
from domain.encounter import ClaimStage, Stage
from domain.tasks import TaskKind
from tests.web.site import Site


def _claim(site: Site, stage: ClaimStage, **more: object) -> Claim:
    session, encounter = site.session, site.encounter
    line = ChargeLine(
        encounter_id=encounter.id, ordinal=1, code="99214", modifiers=[], units=1, pointers=[1],
        service_on=encounter.service_on, charge_cents=23_600, payer_id=site.payer.id,
    )  # fmt: skip
    coverage = session.scalars(select(Coverage).order_by(Coverage.id).limit(1)).one()
    session.add_all([line, Diagnosis(encounter_id=encounter.id, rank=1, code="E11.9")])
    session.flush()
    encounter.stage = Stage.CLAIMS
    claim = Claim(
        encounter_id=encounter.id, coverage_id=coverage.id, payer_id=site.payer.id,
        responsibility="P", stage=stage, file_by_on=site.now.today, opened_at=site.now.at, **more,
    )  # fmt: skip
    session.add(claim)
    session.flush()
    session.add(ClaimLine(claim_id=claim.id, charge_line_id=line.id, expected_cents=None))
    session.add(
        ClaimVersion(
            claim_id=claim.id, version=1, frequency="1", because="first", made_at=site.now.at,
            charge_line_ids=[line.id],
        )
    )  # fmt: skip
    session.commit()
    submissions.prepare(session, claim, site.now)
    session.commit()
    return claim


def _numbers(site: Site, claim: Claim) -> int:
    site.session.expire_all()
    return sum(len(version.submissions) for version in claim.versions)


def test_a_biller_has_a_waiting_claim_sent_again_under_a_new_number(site: Site) -> None:
    claim = _claim(site, ClaimStage.ACCEPTED)
    ana = site.as_("ana")
    offered = ana.get(f"/encounters/{site.encounter.uuid}").get_data(as_text=True)

    answer = ana.post(f"/claims/{claim.uuid}/submissions", because="they lost the file")

    assert f'action="/claims/{claim.uuid}/submissions"' in offered
    assert answer.status_code == 303
    assert _numbers(site, claim) == 2
    story = ana.get(f"/encounters/{site.encounter.uuid}").get_data(as_text=True)
    assert "Ana Ruiz had the claim sent again: they lost the file" in story


@pytest.mark.parametrize(
    ("stage", "because"), [(ClaimStage.SETTLED, "why"), (ClaimStage.ACCEPTED, "  ")]
)
def test_an_answered_claim_or_one_without_a_reason_is_not_sent_again(
    site: Site, stage: ClaimStage, because: str
) -> None:
    claim = _claim(site, stage)

    answer = site.as_("ana").post(f"/claims/{claim.uuid}/submissions", because=because)

    assert answer.status_code == 422
    assert _numbers(site, claim) == 1


def test_a_void_is_asked_by_one_person_and_approved_by_another(site: Site) -> None:
    site.payer.takes_frequency_7 = True
    claim = _claim(site, ClaimStage.SETTLED, payer_claim_number="P1", outcome="paid")
    lee = site.as_("lee")

    answer = lee.post(f"/claims/{claim.uuid}/void", because="billed twice")

    assert answer.status_code == 303
    task = site.session.scalars(select(Task).where(Task.kind == TaskKind.VOID_APPROVAL)).one()
    own = lee.post(f"/tasks/{task.uuid}/answer", version=task.version, decision="approve")
    assert own.status_code == 403
    assert task_hands.next_for(site.session, site.users["lee"], site.now) is None


def test_the_front_desk_cancels_what_no_payer_has_heard_of(site: Site) -> None:
    finn = site.as_("finn")
    page = f"/encounters/{site.encounter.uuid}"
    offered = finn.get(page).get_data(as_text=True)

    without = finn.post(f"{page}/cancellation", because="")
    done = finn.post(f"{page}/cancellation", because="never came")

    assert "Cancel the encounter" in offered
    assert without.status_code == 422
    assert done.status_code == 303
    site.session.refresh(site.encounter)
    assert site.encounter.stage is Stage.CANCELLED
    assert "Finn Osei cancelled the encounter: never came" in finn.get(page).get_data(as_text=True)


def test_what_was_sent_is_not_cancelled(site: Site) -> None:
    claim = _claim(site, ClaimStage.ACCEPTED)
    submissions.latest(site.session, claim).sent_at = site.now.at
    site.session.commit()
    page = f"/encounters/{site.encounter.uuid}"

    answer = site.as_("finn").post(f"{page}/cancellation", because="never came")

    assert answer.status_code == 422
    assert "Cancel the encounter" not in site.as_("finn").get(page).get_data(as_text=True)


def test_an_undecided_claim_is_replaced_only_with_the_tick(site: Site) -> None:
    site.payer.takes_frequency_7 = True
    claim = _claim(site, ClaimStage.ACCEPTED, payer_claim_number="P1")
    claim.versions[0].submissions[0].sent_at = site.now.at
    site.session.commit()
    ana, path = site.as_("ana"), f"/claims/{claim.uuid}/replacement"
    offered = ana.get(f"/encounters/{site.encounter.uuid}").get_data(as_text=True)

    without = ana.post(path, because="A drug was missing")
    ticked = ana.post(path, because="A drug was missing", although_undecided="yes")

    site.session.expire_all()
    assert "Send although" in offered
    assert without.status_code == 422
    assert "has not decided this claim" in without.get_data(as_text=True)
    assert ticked.status_code == 303
    assert [version.frequency for version in claim.versions] == ["1", "7"]
