"""Copies of received files go after the route's days, and none that somebody still needs."""

import os
import time
from pathlib import Path

import pytest
from sqlalchemy import select

from casework import tasks
from db.models import RawFile, Task
from dispatch import retention as module
from dispatch.exchange import Inbound
from dispatch.retention import Retention
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
    retention = Retention(sessions=clinic.sessions, exchange=taken)
    young = retention.prune()
    _age(taken)

    assert (young, retention.prune()) == (0, 1)
    assert not (taken / "archive" / NAME / "sound.x12").exists()


def test_what_nobody_has_dealt_with_stays_and_its_hash_is_known_for_ever(
    clinic: Clinic, taken: Path
) -> None:
    _age(taken)
    retention = Retention(sessions=clinic.sessions, exchange=taken)
    retention.prune()
    kept = (taken / "quarantine" / NAME / "junk.x12").exists()
    with clinic.sessions.begin() as session:
        (task,) = session.scalars(select(Task).where(Task.raw_file_id.is_not(None)))
        tasks.withdraw(session, task, "set aside", clinic.moment(session))

    retention.prune()

    assert kept
    assert not (taken / "quarantine" / NAME / "junk.x12").exists()
    with clinic.sessions() as session:
        assert session.scalars(select(RawFile.name)).all() == ["junk.x12"]


def test_files_that_must_stay_hide_none_behind_them_and_are_looked_at_again(
    clinic: Clinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "AT_ONCE", 2)
    folder = tmp_path / "inbound" / NAME
    folder.mkdir(parents=True)
    for number in range(4):
        (folder / f"{number}.x12").write_bytes(b"not X12 %d" % number)
    Inbound(sessions=clinic.sessions, exchange=tmp_path).take_in_waiting()
    with clinic.sessions.begin() as session:
        last = session.scalars(select(Task).where(Task.title.contains("3.x12"))).one()
        tasks.withdraw(session, last, "set aside", clinic.moment(session))
    _age(tmp_path)
    retention = Retention(sessions=clinic.sessions, exchange=tmp_path)

    gone = [retention.prune() for _ in range(3)]
    with clinic.sessions.begin() as session:
        first = session.scalars(select(Task).where(Task.title.contains("0.x12"))).one()
        tasks.withdraw(session, first, "set aside", clinic.moment(session))
    gone += [retention.prune() for _ in range(2)]

    assert sum(gone[:3]) == 1
    assert sum(gone[3:]) == 1
    left = sorted(path.name for path in (tmp_path / "quarantine" / NAME).iterdir())
    assert left == ["1.x12", "2.x12"]


def _age(exchange: Path) -> None:
    then = time.time() - YEAR
    for path in exchange.rglob("*.x12"):
        os.utime(path, (then, then))
