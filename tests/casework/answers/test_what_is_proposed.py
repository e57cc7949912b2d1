"""What a page proposes follows from what is known; where nothing is, nothing is chosen before."""

import pytest

from casework import answers
from casework.charted_coverages import UNKNOWN_PAYER_NO
from db.models import Coverage, Payer, Plan, Task
from domain.questions import Field, Question
from domain.tasks import TaskKind
from tests.casework import test_answers_recommended as making
from tests.casework.office import visit
from tests.casework.payer_files import ack_277ca
from tests.scenarios.play import Play


def asked(office: Play, kind: TaskKind) -> Question:
    (task,) = office.open_tasks(kind)
    return answers.question(office.session, task)


def field(question: Question, name: str) -> Field:
    return next(one for one in question.fields if one.name == name)


def test_a_query_to_the_physician_leads_nowhere(office: Play) -> None:
    making.provider_query(office)

    finding = field(asked(office, TaskKind.PROVIDER_QUERY), "finding")

    assert finding.values == ()
    assert not any(option.is_recommended for option in finding.options)


def test_no_price_is_invented(office: Play) -> None:
    making.missing_master_data(office)

    question = asked(office, TaskKind.MISSING_MASTER_DATA)

    assert field(question, "price").values == ()


@pytest.mark.parametrize(
    ("named", "proposed"), [("Harbor Mutual", ()), ("ALPHA health plan", ("ALPHA",))]
)
def test_a_payer_is_proposed_only_when_the_chart_names_it_whole(
    office: Play, named: str, proposed: tuple[str, ...]
) -> None:
    making.registration_fix(office)
    (task,) = office.open_tasks(TaskKind.REGISTRATION_FIX)
    _name_payer(office, task, named)

    payer = field(answers.question(office.session, task), "payer")

    assert payer.values == proposed


@pytest.mark.parametrize(
    ("category", "code", "action"),
    [("A7", "164", "coverage"), ("A7", "255", "codes"), ("A7", "562", "again")],
)
def test_a_rejection_is_mended_where_its_code_says(
    office: Play, category: str, code: str, action: str
) -> None:
    visit(office)
    (submission,) = office.submissions(office.claim("A1"))
    ack = ack_277ca([(submission.pcn, category, None)], isa=900, code=code)
    office.take_in(ack)
    office.react()

    assert field(asked(office, TaskKind.REJECTION), "action").values == (action,)


def _name_payer(office: Play, task: Task, named: str) -> None:
    """The chart names a payer that is none of ours under that name."""
    unknown = Payer(
        payer_no=UNKNOWN_PAYER_NO, name="not known", kind="commercial", filing_code="CI",
        takes_frequency_7=True, appeal_levels=0, appeal_days=1, decision_days=1, timely_days=1,
        hears_timely_filing=False, usual_days=1, is_payment_in_full=False, address={},
    )  # fmt: skip
    plan = Plan(payer=unknown, name=named)
    office.session.add_all([unknown, plan])
    office.session.flush()
    coverage = office.session.get_one(Coverage, task.details["coverage_id"])
    coverage.plan_id = plan.id
    office.session.flush()
    office.session.expire(coverage, ["plan"])
