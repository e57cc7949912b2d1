"""However a sending dies, the receiver gets each file once, also one that takes files at once."""

import errno
import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from db.models import Outbox
from dispatch import outbox
from tests.workflows.clinic import Clinic

CONTENT = b"ISA*00~"


class KillError(BaseException):
    """Nothing catches it, as nothing catches kill -9."""


class Receiver:
    """Takes every finished file away, and remembers what it got."""

    def __init__(self, exchange: Path) -> None:
        self.folder = exchange / "outbound" / "clearinghouse"
        self.got: list[tuple[str, bytes]] = []

    def take(self) -> None:
        for path in sorted(self.folder.glob("*")):
            if path.name[0] != ".":
                self.got.append((path.name, path.read_bytes()))
                path.unlink()


def test_a_file_is_sent_once_and_marked(clinic: Clinic, tmp_path: Path) -> None:
    _queue(clinic, "one.x12", "two.x12")
    receiver = Receiver(tmp_path)

    sent = outbox.send_waiting(clinic.sessions, tmp_path)
    receiver.take()
    again = outbox.send_waiting(clinic.sessions, tmp_path)
    receiver.take()

    assert (sent, again) == (2, 0)
    assert receiver.got == [("one.x12", CONTENT), ("two.x12", CONTENT)]
    assert _states(clinic) == ["done", "done"]


@pytest.mark.parametrize("moment", ["written", "prepared", "renamed", "synced"])
def test_break_6_a_kill_at_any_moment_of_a_sending_costs_nothing_and_doubles_nothing(
    clinic: Clinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    _queue(clinic, "one.x12")
    receiver = Receiver(tmp_path)

    with monkeypatch.context() as patch:
        _kill_at(patch, moment)
        with pytest.raises(KillError):
            outbox.send_waiting(clinic.sessions, tmp_path)
    receiver.take()
    for _ in range(2):
        outbox.send_waiting(clinic.sessions, tmp_path)
        receiver.take()

    assert receiver.got == [("one.x12", CONTENT)]
    assert _states(clinic) == ["done"]


@pytest.mark.parametrize("moment", ["reading", "writing", "renaming"])
def test_two_who_send_at_once_send_a_file_once(
    clinic: Clinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    _queue(clinic, "one.x12")
    receiver = Receiver(tmp_path)

    def overtake() -> None:
        """The standby believes that we are gone, sends all of it, and the receiver takes it."""
        patch.undo()
        outbox.send_waiting(clinic.sessions, tmp_path)
        receiver.take()

    with monkeypatch.context() as patch:
        _interrupt(patch, moment, overtake)
        sent = outbox.send_waiting(clinic.sessions, tmp_path)
    receiver.take()
    outbox.send_waiting(clinic.sessions, tmp_path)
    receiver.take()

    assert sent == 1
    assert receiver.got == [("one.x12", CONTENT)]
    assert _states(clinic) == ["done"]
    assert list(receiver.folder.iterdir()) == []


def test_what_a_killed_sender_left_behind_is_swept_by_the_next(
    clinic: Clinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _queue(clinic, "one.x12", "one.x12.other")
    with monkeypatch.context() as patch:
        _kill_at(patch, "written")
        with pytest.raises(KillError):
            outbox.send_waiting(clinic.sessions, tmp_path)
    receiver = Receiver(tmp_path)
    left = len(list(receiver.folder.iterdir()))

    outbox.send_waiting(clinic.sessions, tmp_path)
    receiver.take()

    assert left == 1
    assert list(receiver.folder.iterdir()) == []
    assert [name for name, _ in receiver.got] == ["one.x12", "one.x12.other"]


def test_a_full_disk_sends_nothing_now_and_everything_later(
    clinic: Clinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _queue(clinic, "one.x12", "two.x12")
    receiver = Receiver(tmp_path)

    with monkeypatch.context() as patch:
        patch.setattr(outbox, "_write", _refuse)
        sent = outbox.send_waiting(clinic.sessions, tmp_path)
    states = _states(clinic)
    outbox.send_waiting(clinic.sessions, tmp_path)
    receiver.take()

    assert sent == 0
    assert states == ["waiting", "waiting"]
    assert [name for name, _ in receiver.got] == ["one.x12", "two.x12"]


def test_a_half_written_file_has_a_name_that_nobody_takes(
    clinic: Clinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _queue(clinic, "one.x12")

    with monkeypatch.context() as patch:
        _kill_at(patch, "written")
        with pytest.raises(KillError):
            outbox.send_waiting(clinic.sessions, tmp_path)

    (name,) = (path.name for path in Receiver(tmp_path).folder.iterdir())
    assert name.startswith(".one.x12.")
    assert name.endswith(".part")


def _interrupt(patch: pytest.MonkeyPatch, moment: str, by: Callable[[], None]) -> None:
    """Let somebody else act just before we do the named thing."""
    place, name = {
        "reading": (outbox, "_send"),
        "writing": (outbox, "_write"),
        "renaming": (Path, "rename"),
    }[moment]
    keep = getattr(place, name)

    def interrupted(*args: object) -> object:
        by()
        return keep(*args)

    patch.setattr(place, name, interrupted)


def _kill_at(patch: pytest.MonkeyPatch, moment: str) -> None:
    """Die just after the named thing has become durable."""
    keep, sync = Path.rename, outbox._sync_folder
    syncs: list[Path] = []

    def rename(self: Path, target: Path) -> Path:
        if moment == "prepared":
            raise KillError
        renamed = keep(self, target)
        if moment == "renamed":
            raise KillError
        return renamed

    def sync_folder(folder: Path) -> None:
        sync(folder)
        syncs.append(folder)
        if len(syncs) == 2 and moment == "synced":
            raise KillError

    def take(*_: object) -> bool:
        raise KillError

    patch.setattr(Path, "rename", rename)
    patch.setattr(outbox, "_sync_folder", sync_folder)
    if moment == "written":
        patch.setattr(outbox, "_take", take)


def _refuse(path: Path, content: bytes) -> None:
    raise OSError(errno.ENOSPC, "No space left on device", str(path))


def _queue(clinic: Clinic, *names: str) -> None:
    with clinic.sessions.begin() as session:
        for name in names:
            session.add(
                Outbox(
                    route="clearinghouse",
                    name=name,
                    sha256=hashlib.sha256(CONTENT).hexdigest(),
                    content=CONTENT,
                    asked_at=clinic.moment(session).at,
                )
            )


def _states(clinic: Clinic) -> list[str]:
    with clinic.sessions() as session:
        return list(session.scalars(select(Outbox.state).order_by(Outbox.id)))
