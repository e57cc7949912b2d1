"""Status says where things are and why, in words, and names no patient."""

import json

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from casework import holds, subjects, tasks, waits
from casework.holds import HoldScope
from casework.moment import moment
from casework.waits import WaitKind
from db.models import (
    AuditEvent,
    ChargeLine,
    Claim,
    ClaimLine,
    ClaimVersion,
    Coverage,
    Encounter,
    Patient,
    Plan,
    Submission,
)
from domain.encounter import ClaimStage, Stage
from domain.tasks import Role, TaskKind
from tests.casework import factories
from tests.commands.conftest import Run

Sessions = sessionmaker[Session]
REASON = "The payer asks for the note of the visit."


@pytest.fixture
def denied(sessions: Sessions, encounter_no: str) -> str:
    """An encounter whose one claim was denied: a biller's task is open, the encounter is held."""
    with sessions.begin() as session:
        now = moment(session)
        encounter = session.scalars(select(Encounter)).one()
        coverage = session.scalars(select(Coverage).limit(1)).one()
        payer_id = session.get_one(Plan, coverage.plan_id).payer_id
        claim = Claim(
            encounter_id=encounter.id, coverage_id=coverage.id, payer_id=payer_id,
            responsibility="P", stage=ClaimStage.DENIED, file_by_on=now.today, opened_at=now.at,
        )  # fmt: skip
        line = ChargeLine(
            encounter_id=encounter.id, ordinal=9, code="99214", modifiers=[], units=1, pointers=[1],
            service_on=encounter.service_on, charge_cents=0, payer_id=payer_id,
        )  # fmt: skip
        session.add_all([claim, line])
        session.flush()
        session.add(ClaimLine(claim_id=claim.id, charge_line_id=line.id, expected_cents=None))
        version = ClaimVersion(
            claim_id=claim.id, version=1, frequency="1", because="first", charge_line_ids=[],
            made_at=now.at,
        )  # fmt: skip
        session.add(version)
        session.flush()
        session.add(
            Submission(
                claim_version_id=version.id, number=1, pcn="C1V1S1", channel="edi",
                queued_at=now.at, sent_at=now.at,
            )
        )  # fmt: skip
        encounter.stage = Stage.CLAIMS
        subject = subjects.lock(session, subjects.encounter_key(encounter))
        tasks.open_task(
            session, TaskKind.DENIAL, subject=subject.key, cause="denial:1",
            title="Acme denied 1 line", reason=REASON, now=now, amount_cents=15000,
            waits_in_claim=claim.id, encounter_id=encounter.id, claim_id=claim.id,
            payer_id=payer_id,
        )  # fmt: skip
        subjects.record(session, subject, "judge", "Acme denied 1 line", now)
        holds.hold(
            session, HoldScope(encounter_id=encounter.id), "The chart is being corrected.",
            now.business_days(5), by=factories.user(session, "Sam", Role.SUPERVISOR), now=now,
        )  # fmt: skip
    return encounter_no


def test_an_empty_system_has_nothing_to_tell(run: Run) -> None:
    said = run("status")

    assert said.status == 0
    assert "It is 2026-01-05 in the practice." in said.lines
    assert "  none yet" in said.lines
    assert "Nothing is stuck." in said.lines


def test_the_whole_is_counted_by_stage_and_by_wait(run: Run, denied: str) -> None:
    said = run("status", "--json")

    told = json.loads(said.out)
    assert told["encounters"] == {"claims": 1}
    assert told["waits"] == {"task": 1}
    assert told["open_tasks"] == 1
    assert told["stuck"] == 1
    assert told["unposted_remittances"] == 0


def test_the_whole_in_words(run: Run, denied: str) -> None:
    said = run("status")

    assert "  claims  1" in said.lines
    assert "  a person's decision  1" in said.lines
    assert "1 open task." in said.lines
    assert any(line.startswith("1 stuck, ") for line in said.lines)


def test_an_encounter_tells_what_it_waits_for_since_until_and_then(run: Run, denied: str) -> None:
    said = run("status", denied)

    text = said.out
    assert said.status == 0
    assert f"{denied}: claims, seen on " in text
    assert "waits for biller: Acme denied 1 line, since 2026-01-05, until 2026-01-12" in text
    assert "then: a supervisor is told" in text
    assert "Held: The chart is being corrected., until 2026-01-12" in text
    assert "C1V1S1" in text
    assert "Open tasks" in text
    assert "first payer" in text


@pytest.mark.parametrize("number", ["E00000001", "e00000001", "1"])
def test_the_number_may_be_short(run: Run, encounter_no: str, number: str) -> None:
    short = number.replace("00000001", encounter_no[1:]).replace("1", encounter_no[1:].lstrip("0"))

    said = run("status", short if number == "1" else number[0] + encounter_no[1:])

    assert said.lines[0].startswith(encounter_no)


def test_no_name_of_a_patient_is_told_and_the_read_is_recorded(
    run: Run, sessions: Sessions, denied: str
) -> None:
    said = run("status", denied)
    as_json = run("status", "--json", denied)

    with sessions() as session:
        patient = session.scalars(select(Patient)).one()
        reads = session.scalars(
            select(AuditEvent).where(AuditEvent.action == "read", AuditEvent.object_key == denied)
        ).all()
    for name in (patient.last_name, patient.first_name, patient.mrn, str(patient.birth_on)):
        assert name.lower() not in (said.out + as_json.out).lower()
    assert [read.patient_id for read in reads] == [patient.id, patient.id]


def test_json_of_an_encounter_holds_its_claims_tasks_and_story(run: Run, denied: str) -> None:
    told = json.loads(run("status", "--json", denied).out)

    assert told["stage"] == "claims"
    assert told["why"] == "Held by Sam until 2026-01-12: The chart is being corrected."
    assert [claim["stage"] for claim in told["claims"]] == ["denied"]
    assert [task["amount_cents"] for task in told["tasks"]] == [15000]
    assert [line["step"] for line in told["story"]] == ["hold", "judge", "registered"]


def test_an_open_encounter_without_a_wait_is_due_now(run: Run, encounter_no: str) -> None:
    said = run("status", encounter_no)

    assert "It waits for nothing: its next step is due now." in said.out


def test_a_wait_of_the_whole_encounter_is_told(
    run: Run, sessions: Sessions, encounter_no: str
) -> None:
    with sessions.begin() as session:
        now = moment(session)
        waits.begin(
            session, f"encounter:{encounter_no}", WaitKind.MESSAGE, "Acme's answer about coverage",
            until_at=now.end_of(now.business_days(1)), then_what="it goes on without", now=now,
        )  # fmt: skip

    said = run("status", encounter_no)

    assert (
        "  It waits for Acme's answer about coverage, since 2026-01-05, until 2026-01-06; "
        "then: it goes on without"
    ) in said.lines


def test_an_unknown_encounter_is_said(run: Run) -> None:
    said = run("status", "E99999999")

    assert said.status == 1
    assert len(said.complaints) == 1
    assert said.complaints[0].startswith("claimflow: There is no encounter E99999999.")
