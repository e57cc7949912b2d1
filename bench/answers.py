"""A person's answer: from the click to the commit, and to the encounter's next stage."""

import time

import httpx
from sqlalchemy import text

from bench.figures import Figure, percentile
from bench.skeleton import Bare
from bench.stand import Stand
from sim.forms import read_form

ASKED = "SELECT count(*) FROM task WHERE status = 'open' AND kind = 'coding_review'"
LIST = text(
    "SELECT uuid::text, encounter_id FROM task"
    " WHERE status = 'open' AND kind = 'coding_review' ORDER BY id"
)
STAGE = text("SELECT stage FROM encounter WHERE id = :id")
MOVED_WITHIN = 30.0
LOOK_EVERY = 0.002
MS = 1_000


def measure(stand: Stand, bare: Bare) -> list[Figure]:
    count = stand.size.answers
    stand.bring(stand.uncoded(0, count))
    stand.until(lambda: stand.number(ASKED) == count)
    coder = stand.browser("chris")
    taken = [_answer(stand, coder, uuid, encounter) for uuid, encounter in _tasks(stand)]
    coder.close()
    return [
        *_figures("answer, click to commit", [commit for commit, _ in taken], bare),
        *_figures("answer, click to next stage", [moved for _, moved in taken], bare),
    ]


def _figures(name: str, seconds: list[float], bare: Bare) -> list[Figure]:
    return [
        Figure(
            name=f"{name}, p{percent}", unit="ms", ours=percentile(seconds, percent) * MS,
            bare=percentile(bare.update_seconds, percent) * MS, beside="an empty Temporal update",
        )
        for percent in (50, 95)
    ]  # fmt: skip


def _tasks(stand: Stand) -> list[tuple[str, int]]:
    with stand.demo.engine.connect() as connection:
        return [(uuid, encounter) for uuid, encounter in connection.execute(LIST)]


def _answer(stand: Stand, coder: httpx.Client, uuid: str, encounter_id: int) -> tuple[float, float]:
    """Send the form as the page recommends it, and look until the encounter has moved."""
    page = coder.get(f"/tasks/{uuid}")
    form = read_form(page.text, str(page.url), "form[data-answer]")
    assert form is not None, page.status_code
    with stand.demo.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        began = time.monotonic()
        answer = coder.post(form.url, data=form.data)
        committed = time.monotonic() - began
        assert answer.status_code == httpx.codes.SEE_OTHER, answer.status_code
        while connection.execute(STAGE, {"id": encounter_id}).scalar_one() == "coding":
            assert time.monotonic() - began < MOVED_WITHIN
            time.sleep(LOOK_EVERY)
        return committed, time.monotonic() - began
