"""A chart that names only a family of codes is offered one of them, which a coder confirms."""

import datetime as dt
from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from casework import answers, demo_practice, registration, tasks
from casework.moment import moment
from db.models import User
from domain.tasks import Role, TaskKind
from tests.answering import filled
from tests.web.site import charted

ON = dt.date(2026, 3, 12)


@pytest.mark.parametrize(
    ("birth_on", "offered"),
    [(dt.date(1980, 5, 1), "Z00.00"), (dt.date(2024, 3, 6), "Z00.129")],
    ids=["adult", "child"],
)
def test_the_code_that_fits_the_age_and_claims_least_is_offered_and_accepted(
    session: Session, birth_on: dt.date, offered: str
) -> None:
    demo_practice.seed(session)
    coder = User(username="cora", full_name="Cora Lane", role=Role.CODER, password_hash="-")
    session.add(coder)
    chart = charted(ON)
    patient = replace(chart.patient, birth_on=birth_on)
    now = moment(session)
    made = registration.take_in(
        session, replace(chart, service_on=ON, patient=patient, diagnoses=("Z00",)), now
    )
    assert made is not None
    task = tasks.open_task(
        session,
        TaskKind.CODING_REVIEW,
        subject=f"encounter:{made.encounter_no}",
        cause="test",
        title="Code the encounter",
        reason="The chart is signed.",
        now=now,
        encounter_id=made.id,
    )

    asked = answers.question(session, task)
    form = filled(asked)
    answers.answer(session, task.uuid, version=task.version, form=form, by=coder)

    (shown,) = [s for s in asked.sections if s.title == "Too general to bill"]
    assert shown.rows[0][:2] == ("Z00", offered)
    assert "Z00.8" in shown.rows[0][2]
    assert [d.code for d in made.diagnoses] == [offered]
