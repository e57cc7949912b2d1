"""An encounter's workflow from the chart to zero, by skipped time."""

from domain.encounter import Stage
from tests.workflows.stand import Stand


def test_a_clean_encounter_runs_from_the_chart_to_zero(engine: Stand) -> None:
    clinic = engine.clinic
    key = clinic.register()

    engine.settle()
    assert clinic.stage(key) is Stage.ELIGIBILITY
    engine.skip_days(0.3)
    clinic.answer_eligibility()
    engine.settle()
    engine.skip_days(0.3)
    clinic.acknowledge()
    engine.settle()
    clinic.pay(key, ("CO", "45", 6300))
    engine.skip_days(0.1)

    assert clinic.stage(key) is Stage.CLOSED
