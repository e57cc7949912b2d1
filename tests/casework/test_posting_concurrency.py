"""Two workers post one remittance, or two that touch the same encounter, at the same time."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session

from casework import inbox
from casework.moment import moment
from casework.posting import storing
from casework.posting.steps import post_some
from db.engine import connect
from db.models import Entry, RemitClaim, Remittance
from tests.casework.payer_files import Era, remittance_file
from tests.casework.payer_world import originator, payer_world

ANSWERS = 6
# Longer than PostgreSQL lets two wait for each other before it ends one.
COME_WITHIN = 2.0


@pytest.fixture
def remittances(database_url: str) -> list[int]:
    """Two remittances over the same encounters, in opposite orders, committed."""
    engine = create_engine(database_url)
    with Session(engine, expire_on_commit=False) as session:
        world = payer_world(session)
        made = [world.encounter([("99213", 10000)], ["ALPHA", "BETA"]) for _ in range(ANSWERS)]
        first = [world.claim(each, "ALPHA") for each in made]
        second = [
            world.claim(each, "BETA", follows=claim)
            for each, claim in zip(made, first, strict=True)
        ]
        ids: list[int] = []
        for name, claims in (("ALPHA", first), ("BETA", second[::-1])):
            reasons = [("PR", "1", 3000)] if name == "ALPHA" else [("OA", "23", 10000)]
            answers = [world.answer_of(claim, *reasons) for claim in claims]
            era = Era(claims=answers, payer=name, originator=originator(name), trace=name)
            ids += world.take_in(remittance_file(era, isa=len(name)), name).remittance_ids
        session.commit()
    engine.dispose()
    return ids


def test_workers_that_meet_post_each_answer_once(database_url: str, remittances: list[int]) -> None:
    engine = connect(database_url, "claimflow_worker")
    failures: list[Exception] = []

    def work(remittance_id: int) -> None:
        try:
            done = False
            while not done:
                with Session(engine) as session, session.begin():
                    row = session.get_one(Remittance, remittance_id)
                    done = post_some(session, row, moment(session), 2)
        except Exception as failure:
            failures.append(failure)

    workers = [threading.Thread(target=work, args=(each,)) for each in remittances * 2]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)

    with Session(engine) as session:
        posted = session.scalars(select(RemitClaim.posting)).all()
        entries = session.scalar(
            select(func.count(Entry.id)).where(Entry.remit_line_id.is_not(None))
        )
    engine.dispose()
    assert failures == []
    assert posted == ["posted"] * (2 * ANSWERS)
    # OA-23 posts nothing, so only the first payer's answers have entries.
    assert entries == ANSWERS


def test_two_files_with_the_same_checks_in_another_order_are_taken_in_one_after_the_other(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with _committed(database_url) as session:
        payer_world(session).payer("ALPHA")
    checks = [
        Era(claims=[], payer="ALPHA", originator=originator("ALPHA"), trace=trace)
        for trace in ("T1", "T2")
    ]
    files = [remittance_file(*checks, isa=1), remittance_file(*checks[::-1], isa=2)]
    looked = {content: threading.Event() for content in files}
    stored, failures = storing.stored, []

    def slow(session: Session, *arguments: Any) -> Remittance | None:
        """Each lets the other come as far as its own first check."""
        found = stored(session, *arguments)
        looked[session.info["content"]].set()
        for event in looked.values():
            event.wait(COME_WITHIN)
        return found

    def take_in(content: bytes) -> None:
        try:
            with _committed(database_url) as session:
                session.info["content"] = content
                inbox.take_in(session, "clearinghouse", "checks.x12", content, moment(session))
        except Exception as failure:
            failures.append(failure)

    monkeypatch.setattr(storing, "stored", slow)
    workers = [threading.Thread(target=take_in, args=(content,)) for content in files]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)

    with _committed(database_url) as session:
        traces = session.scalars(select(Remittance.trace_number).order_by(Remittance.id)).all()
    assert failures == []
    assert sorted(traces) == ["T1", "T2"]


@contextmanager
def _committed(url: str) -> Iterator[Session]:
    engine = create_engine(url)
    with Session(engine) as session, session.begin():
        yield session
    engine.dispose()
