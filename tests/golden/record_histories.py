"""Records the golden histories anew: `python -m pytest tests/golden/record_histories.py`.

A history is recorded once for every released version and then kept. Record anew only where a
changed order of commands is meant, and read the diff of the `.steps` files: it is the change.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from domain.tasks import TaskKind
from tests.golden.replaying import replayed_steps
from tests.workflows.stand import BATCH_TAKES, Stand

HISTORIES = Path(__file__).parent / "histories"
CONTRACTUAL = ("CO", "45", 6300)


def _clean(engine: Stand) -> dict[str, str]:
    key = engine.until_accepted(engine.clinic.register())
    engine.pays(key, CONTRACTUAL)
    return {"clean": key, "remittance": "remittance:1", "batch": "batch:clearinghouse"}


def _denied_and_corrected(engine: Stand) -> dict[str, str]:
    clinic = engine.clinic
    key = engine.until_accepted(clinic.register())
    engine.pays(key, ("CO", "16", 18000))
    clinic.answer(TaskKind.DENIAL)
    engine.skip(BATCH_TAKES)
    clinic.acknowledge()
    engine.settle()
    engine.pays(key, CONTRACTUAL)
    return {"denied_and_corrected": key}


@pytest.mark.parametrize("story", [_clean, _denied_and_corrected])
def test_record(engine: Stand, story: Callable[[Stand], dict[str, str]]) -> None:
    for name, key in story(engine).items():
        engine.await_end(key)
        history = engine.history(key)
        # Who recorded it, and where, is nobody's business.
        text = re.sub(r'("identity": )"[^"]*"', r'\1"recorder"', history.to_json())
        (HISTORIES / f"{name}.json").write_text(text + "\n", encoding="utf-8")
        steps = replayed_steps(key, text)
        (HISTORIES / f"{name}.steps").write_text("\n".join(steps) + "\n", encoding="utf-8")
