"""Copies of received files go after the route's days, and none that somebody still needs."""

import os
import time
from pathlib import Path

import pytest
from sqlalchemy import select

from casework import tasks
from db.models import RawFile, Task
from dispatch import retention
from dispatch.exchange import Inbound
from tests.dispatch.partner import NAME, x12
from tests.workflows.clinic import Clinic

YEAR = 366 * 86_400


@pytest.fixture
def taken(clinic: Clinic, tmp_path: Path) -> Path:
    """One sound file in the archive, and one in quarantine with its task."""
    folder = tmp_path / "inbound" / NAME
    folder.mkdir(parents=True)
    (folder / "junk.x12").write_bytes(b"not X12")
    Inbound(sessions=clinic.sessions, exchange=tmp_path).take_in_waiting()
    archive = tmp_path / "archive" / NAME
    archive.mkdir(parents=True)
    (archive / "sound.x12").write_bytes(x12(10))
    return tmp_path


def test_old_copies_go_and_young_ones_stay(clinic: Clinic, taken: Path) -> None:
    young = retention.prune(clinic.sessions, taken)
    _age(taken)

    assert (young, retention.prune(clinic.sessions, taken)) == (0, 1)
    assert not (taken / "archive" / NAME / "sound.x12").exists()


def test_what_nobody_has_dealt_with_stays_and_its_hash_is_known_for_ever(
    clinic: Clinic, taken: Path
) -> None:
    _age(taken)
    retention.prune(clinic.sessions, taken)
    kept = (taken / "quarantine" / NAME / "junk.x12").exists()
    with clinic.sessions.begin() as session:
        (task,) = session.scalars(select(Task).where(Task.raw_file_id.is_not(None)))
        tasks.withdraw(session, task, "set aside", clinic.moment(session))

    retention.prune(clinic.sessions, taken)

    assert kept
    assert not (taken / "quarantine" / NAME / "junk.x12").exists()
    with clinic.sessions() as session:
        assert session.scalars(select(RawFile.name)).all() == ["junk.x12"]


def _age(exchange: Path) -> None:
    then = time.time() - YEAR
    for path in exchange.rglob("*.x12"):
        os.utime(path, (then, then))
