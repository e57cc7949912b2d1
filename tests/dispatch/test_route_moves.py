"""A route that is moved while a file is on its way loses none: whoever dies, at whatever moment,
the file arrives once, where the route leads or where it led before it was moved."""

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from casework import file_resends, routes
from casework.moment import moment
from casework.refusals import Refused
from db.models import Outbox, User
from dispatch import outbox, remote, remote_outbox, sftp
from tests.dispatch import killed_visit
from tests.dispatch.partner import NAME, Partner, move_to, x12

FILE = "837p-000000001.x12"
CONTENT = x12(2_000)
BLOCKED = text(
    "SELECT count(*) FROM pg_locks WHERE NOT granted AND pid <> pg_backend_pid() AND pid IN "
    "(SELECT pid FROM pg_stat_activity WHERE datname = current_database())"
)


class KillError(BaseException):
    """Nothing catches it, as nothing catches kill -9."""


@pytest.fixture
def elsewhere(partner: Partner) -> Path:
    folder = partner.server.files / "elsewhere"
    folder.mkdir()
    folder.chmod(0o777)
    return folder


def test_killed_after_any_step_while_the_route_is_moved_the_file_arrives_once(
    partner: Partner, practice_url: str, elsewhere: Path
) -> None:
    step, is_over = 0, False
    while not is_over:
        step += 1
        name, sent = f"837p-{step:09d}.x12", CONTENT + b"%d~" % step
        partner.change(upload_folder="inbound")
        partner.queue((name, sent))
        is_over = killed_visit.run(practice_url, partner.home, step, elsewhere.name) == 0
        partner.visits(2)
        received = [folder / name for folder in (partner.arrived, elsewhere)]

        assert [path.read_bytes() for path in received if path.exists()] == [sent], step
        assert set(partner.states()) == {"done"}, step

    assert step > 6


def test_a_route_that_is_moved_during_an_upload_gets_the_file_at_its_new_place(
    partner: Partner, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    partner.queue((FILE, CONTENT))
    with monkeypatch.context() as patch:
        _after(patch, sftp.Door, "upload", lambda: _move(partner, upload_folder=elsewhere.name))
        _kill_at_rename(patch)
        partner.visit()
    left = partner.names()

    partner.visits(2)

    assert left == []
    assert (elsewhere / FILE).read_bytes() == CONTENT
    assert [path.name for path in elsewhere.iterdir()] == [FILE]
    assert partner.states() == ["done"]


def test_a_move_that_comes_while_an_upload_is_kept_waits_and_is_refused(
    partner: Partner, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    partner.queue((FILE, CONTENT))
    refusals: list[Refused] = []

    def move() -> None:
        try:
            _move(partner, upload_folder=elsewhere.name)
        except Refused as refusal:
            refusals.append(refusal)

    mover = threading.Thread(target=move)

    def let_it_come() -> None:
        mover.start()
        _await_blocked(partner)

    with monkeypatch.context() as patch:
        _after(patch, routes, "stays_at", let_it_come, at=2)
        _kill_at_rename(patch)
        with pytest.raises(KillError):
            partner.visit()
    mover.join(30)
    partner.visits(2)

    assert [list(refusal.problems) for refusal in refusals] == [["upload_folder"]]
    assert partner.digest(FILE)
    assert list(elsewhere.iterdir()) == []
    assert partner.states() == ["done"]


def test_an_upload_that_ends_while_the_route_is_being_moved_waits_and_is_brought_anew(
    partner: Partner, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    partner.queue((FILE, CONTENT))
    begun: list[threading.Thread] = []

    def begin_to_move() -> None:
        begun.append(_moving(partner, upload_folder=elsewhere.name))

    with monkeypatch.context() as patch:
        _after(patch, sftp.Door, "upload", begin_to_move)
        _kill_at_rename(patch)
        partner.visit()
    begun[0].join(30)
    partner.visits(2)

    assert partner.names() == []
    assert (elsewhere / FILE).read_bytes() == CONTENT
    assert partner.states() == ["done"]


def test_a_visit_of_the_old_place_does_not_take_what_lies_at_the_new_one_for_sent(
    partner: Partner, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    partner.queue((FILE, CONTENT))
    (late,) = remote.due(partner.clinic.sessions, partner.home)
    _move(partner, upload_folder=elsewhere.name)
    with monkeypatch.context() as patch:
        _kill_at_rename(patch)
        with pytest.raises(KillError):
            partner.visit()

    remote.visit(partner.clinic.sessions, partner.inbound, late)
    states = partner.states()
    partner.pass_time(hours=1)
    partner.visits(1)

    assert states == ["prepared"]
    assert (elsewhere / FILE).read_bytes() == CONTENT


def test_a_late_word_of_an_earlier_sending_ends_no_later_one(
    partner: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    partner.queue((FILE, CONTENT))
    finish = remote_outbox._finish

    def overtaken(*arguments: Any, was_seen: bool) -> None:
        """Before our word, another sender gives it; a person has the file sent once more, and that
        sender dies with the file under its temporary name."""
        with monkeypatch.context() as inner:
            inner.setattr(remote_outbox, "_finish", finish)
            finish(*arguments, was_seen=was_seen)
            _send_again(partner)
            (partner.arrived / FILE).unlink()
            _kill_at_rename(inner)
            with pytest.raises(KillError):
                partner.visit()
        finish(*arguments, was_seen=was_seen)

    with monkeypatch.context() as patch:
        patch.setattr(remote_outbox, "_finish", overtaken)
        partner.visit()
    states = partner.states()
    partner.visits(2)

    assert states == ["prepared"]
    assert partner.names() == [FILE]


def test_a_folder_that_becomes_a_server_while_a_file_is_written_sends_it_there(
    partner: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    partner.change(transport="folder")
    partner.queue((FILE, CONTENT))
    exchange = partner.inbound.exchange

    with monkeypatch.context() as patch:
        _after(patch, outbox, "_write", lambda: _move(partner, transport="sftp"))
        _kill_at_rename(patch)
        outbox.send_waiting(partner.clinic.sessions, exchange)
    partner.visits(2)

    assert partner.digest(FILE)
    assert partner.states() == ["done"]
    assert list((exchange / "outbound" / NAME).iterdir()) == []


def test_the_folders_sender_leaves_alone_what_lies_unfinished_at_the_server(
    partner: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    partner.change(transport="folder")
    partner.queue((FILE, CONTENT))
    send = outbox._send

    def late(*arguments: Any) -> None:
        _move(partner, transport="sftp")
        with monkeypatch.context() as inner:
            _kill_at_rename(inner)
            with pytest.raises(KillError):
                partner.visit()
        send(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(outbox, "_send", late)
        outbox.send_waiting(partner.clinic.sessions, partner.inbound.exchange)
    states = partner.states()
    partner.visits(2)

    assert states == ["prepared"]
    assert partner.names() == [FILE]


def _move(partner: Partner, **changes: str | int) -> None:
    with partner.clinic.people.begin() as session:
        move_to(session, **changes)


def _moving(partner: Partner, **changes: str | int) -> threading.Thread:
    """Another place is said, and committed once somebody waits for it."""
    session = partner.clinic.people()
    move_to(session, **changes)

    def commit_when_awaited() -> None:
        with session:
            _await_blocked(partner)
            session.commit()

    thread = threading.Thread(target=commit_when_awaited)
    thread.start()
    return thread


def _await_blocked(partner: Partner) -> None:
    """Until a session of this database waits for another's lock."""
    ends_at = time.monotonic() + 30
    while time.monotonic() < ends_at:
        with partner.session() as session:
            if session.scalar(BLOCKED):
                return
        time.sleep(0.02)
    raise AssertionError("nobody waited")


def _send_again(partner: Partner) -> None:
    with partner.clinic.people.begin() as session:
        ada = session.scalars(select(User).where(User.username == "ada")).one()
        row = session.scalars(select(Outbox)).one()
        file_resends.send_again(session, row, "lost", ada, moment(session), insists=False)


def _after(
    patch: pytest.MonkeyPatch, place: object, name: str, then: Callable[[], None], at: int = 1
) -> None:
    """Let somebody else act just after the thing was done for the n-th time."""
    act, count = getattr(place, name), iter(range(1, 1_000))

    def done(*arguments: Any, **more: Any) -> Any:
        result = act(*arguments, **more)
        if next(count) == at:
            then()
        return result

    patch.setattr(place, name, done)


def _kill_at_rename(patch: pytest.MonkeyPatch) -> None:
    """Die just before the file gets its name."""

    def die(*_: object) -> None:
        raise KillError

    patch.setattr(Path, "rename", die)
    patch.setattr(sftp.Door, "rename", die)
