"""A kind of task is whole: it has its rules, and somebody who asks and acts."""

from casework.answers.registry import KINDS
from domain.tasks import RULES, Role, TaskKind


def test_every_kind_of_task_has_its_rules() -> None:
    assert set(RULES) == set(TaskKind)


def test_every_kind_of_task_has_a_module_that_asks_and_acts() -> None:
    assert set(KINDS) == set(TaskKind)


def test_every_queue_has_its_own_name_and_a_deadline() -> None:
    assert len({rules.name for rules in RULES.values()}) == len(RULES)
    assert all(rules.business_days > 0 for rules in RULES.values())
    assert Role.AUDITOR not in {rules.queue for rules in RULES.values()}
