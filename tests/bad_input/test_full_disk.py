"""A full disk of the exchange folder sends nothing, is said in words, and is over by itself."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from casework.moment import moment
from db.models import Outbox
from dispatch import outbox
from dispatch.exchange import Inbound
from tests.bad_input.disks import FullDisk, full_disk
from tests.bad_input.practice import watching
from tests.commands.conftest import Run
from tests.dispatch.partner import x12

CONTENT = x12(14_000)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[FullDisk]:
    with full_disk(tmp_path / "exchange") as disk:
        yield disk


@pytest.fixture
def sessions(owner: Engine) -> sessionmaker[Session]:
    return sessionmaker(owner, expire_on_commit=False)


def test_a_full_disk_sends_nothing_says_so_and_goes_on_by_itself(
    run: Run, owner: Engine, sessions: sessionmaker[Session], disk: FullDisk
) -> None:
    _queue(sessions, "one.x12")

    with watching(owner) as change:
        for _ in range(3):
            assert outbox.send_waiting(sessions, disk.folder) == 0

    assert change.came == {"incident": 1, "subject": 1}
    assert change.went == {}
    assert _visible(disk) == []
    said = run("stuck")
    assert said.status == 0
    assert "The exchange folder takes no files to send (no space left on device)" in said.out
    assert "Make room on its disk" in said.out

    disk.make_room()
    assert outbox.send_waiting(sessions, disk.folder) == 1

    assert _visible(disk) == ["one.x12"]
    assert _sent(disk, "one.x12").read_bytes() == CONTENT
    assert "The exchange folder" not in run("stuck").out


def test_a_file_that_cannot_be_put_away_holds_no_other_and_is_said(
    run: Run, sessions: sessionmaker[Session], tmp_path: Path
) -> None:
    inbound = tmp_path / "exchange" / "inbound" / "clearinghouse"
    inbound.mkdir(parents=True)
    blocked = tmp_path / "exchange" / "quarantine"
    blocked.write_bytes(b"a file where the folder should be")
    (inbound / "letter.835").write_bytes(b"Dear practice, a first letter")

    waiting = Inbound(sessions=sessions, exchange=tmp_path / "exchange")
    taken = waiting.take_in_waiting()
    told = run("stuck").out
    blocked.unlink()
    again = waiting.take_in_waiting()

    assert (taken, again) == (0, 1)
    assert "lets no received file be read or put away" in told
    assert "The exchange folder" not in run("stuck").out
    assert list(inbound.iterdir()) == []


def _queue(sessions: sessionmaker[Session], name: str) -> None:
    with sessions.begin() as session:
        session.add(
            Outbox(
                route="clearinghouse",
                name=name,
                sha256=hashlib.sha256(CONTENT).hexdigest(),
                content=CONTENT,
                asked_at=moment(session).at,
            )
        )


def _sent(disk: FullDisk, name: str) -> Path:
    return disk.folder / "outbound" / "clearinghouse" / name


def _visible(disk: FullDisk) -> list[str]:
    """What a receiver sees: names that begin with a dot are not finished."""
    folder = disk.folder / "outbound" / "clearinghouse"
    found = folder.iterdir() if folder.is_dir() else ()
    return sorted(path.name for path in found if path.name[0] != ".")
