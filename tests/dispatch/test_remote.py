"""Files to and from a real OpenSSH server arrive exactly once, whatever breaks on the way."""

import asyncio
import hashlib
import os
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from casework import route_secrets
from db.models import Incident, Outbox, RawFile, Task
from dispatch import remote, remote_inbox, sftp
from domain.tasks import TaskKind
from tests.dispatch import killed_visit
from tests.dispatch.line import line_to
from tests.dispatch.partner import NAME, Partner, x12

BIG = x12(400_000)
# Before the first byte of SSH, in the handshake, at the file's edges, and all through it.
CUTS = (
    1,
    600,
    1_900,
    2_600,
    3_300,
    4_500,
    9_000,
    40_000,
    90_000,
    170_000,
    260_000,
    399_000,
    404_000,
)


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_a_file_arrives_under_its_name_with_our_bytes_and_no_temporary_name_stays(
    partner: Partner,
) -> None:
    partner.queue(("837p-000000001.x12", x12(5_000)), ("837p-000000002.x12", x12(10)))

    moved = partner.visit()
    again = partner.visit()

    assert (moved, again) == (2, 0)
    assert partner.names() == ["837p-000000001.x12", "837p-000000002.x12"]
    assert partner.digest("837p-000000001.x12") == sha256(x12(5_000))
    assert partner.states() == ["done", "done"]
    assert partner.route().last_contact_at is not None


def test_an_upload_that_is_cut_anywhere_goes_on_and_arrives_once(partner: Partner) -> None:
    with line_to(partner.server.port) as line:
        partner.change(port=line.own_port)
        for cut in CUTS:
            name = f"837p-{cut:09d}.x12"
            partner.queue((name, BIG + b"%d~" % cut))
            line.up_cuts = [cut, cut // 2 + 1]
            partner.visits(3)

            assert partner.digest(name) == sha256(BIG + b"%d~" % cut), cut
            # The receiver takes it at once; a second one would be a second file.
            (partner.arrived / name).unlink()
            partner.visits(1)
            assert partner.names() == [], cut

    assert set(partner.states()) == {"done"}


def test_an_upload_goes_on_where_it_was_cut(
    partner: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    partner.queue(("837p-000000001.x12", BIG))
    with line_to(partner.server.port) as line:
        partner.change(port=line.own_port)
        line.up_cuts = [300_000]
        # A busy server may have read little of it so far, and an end that comes first loses it all.
        line.before_up_cut = lambda: _settled_size(partner.arrived)
        partner.visit()
    (part,) = partner.names()
    there = _settled_size(partner.arrived)
    begun_at: list[int] = []
    write = sftp.Door._write

    def told(door: sftp.Door, path: str, mode: str, skip: int, content: bytes) -> None:
        begun_at.append(skip)
        write(door, path, mode, skip, content)

    monkeypatch.setattr(sftp.Door, "_write", told)
    partner.change(port=partner.server.port)
    partner.visits(2)

    assert part.startswith(".837p-000000001.x12.")
    assert part.endswith(".part")
    (begun,) = begun_at
    assert 0 < there <= begun < len(BIG)
    assert partner.names() == ["837p-000000001.x12"]
    assert partner.digest("837p-000000001.x12") == sha256(BIG)


def test_a_fetch_that_is_cut_anywhere_takes_the_file_in_once_and_removes_it_last(
    partner: Partner,
) -> None:
    with line_to(partner.server.port) as line:
        partner.change(port=line.own_port)
        for cut in CUTS:
            content = BIG + b"%d~" % cut
            partner.offer(f"{cut:09d}.x12", content)
            line.down_cuts = [cut]
            partner.visit()
            if sha256(content) not in partner.kept():
                assert (partner.offered / f"{cut:09d}.x12").exists(), cut
            partner.pass_time(hours=1)
            partner.visits(1)

            assert partner.kept().count(sha256(content)) == 1, cut
            assert list(partner.offered.iterdir()) == [], cut

    assert not list((partner.home / "exchange" / "inbound" / NAME).iterdir())


def test_a_file_that_its_sender_still_writes_is_left_until_it_is_whole(
    partner: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = x12(5_000)
    partner.offer("one.x12", whole[:2_000])
    fetch = remote_inbox._download

    def slow(*arguments: Any) -> Path:
        part = fetch(*arguments)
        with (partner.offered / "one.x12").open("ab") as file:
            file.write(whole[2_000:])
        return part

    with monkeypatch.context() as patch:
        patch.setattr(remote_inbox, "_download", slow)
        partner.visit()
    early = partner.kept()
    partner.pass_time(hours=1)
    partner.visits(1)

    assert early == []
    assert partner.kept() == [sha256(whole)]
    assert list(partner.offered.iterdir()) == []


def test_what_was_taken_may_be_kept_at_the_server_in_a_folder_of_its_own(partner: Partner) -> None:
    partner.change(taken_folder="taken")
    partner.offer("one.x12", x12(100))

    partner.visit()

    assert [path.name for path in (partner.server.files / "taken").iterdir()] == ["one.x12"]
    assert list(partner.offered.iterdir()) == []


@pytest.mark.parametrize("is_known", [True, False])
def test_a_server_with_another_key_hears_nothing_and_the_route_waits_for_a_person(
    partner: Partner, is_known: bool
) -> None:
    partner.queue(("837p-000000001.x12", x12(10)))
    if is_known:
        partner.server.change_host_key()
    else:
        partner.change(host_key="")

    partner.visits(3)

    assert partner.names() == []
    assert partner.states() == ["waiting"]
    route = partner.route()
    assert route.paused_at is not None
    assert "SHA256:" in (route.paused_because or "")
    assert "Accepted" not in partner.server.log()
    with partner.session() as session:
        (incident,) = session.scalars(select(Incident.words))
    assert "is paused since" in incident


def test_a_wrong_password_is_an_outage_that_ends_by_itself_and_is_told_nowhere(
    partner: Partner,
) -> None:
    partner.queue(("837p-000000001.x12", x12(10)))
    partner.change(signs_in_by="password")
    route_secrets.keep(partner.home, partner.route(), "canary-7f3a")

    partner.visit()
    trouble = partner.route().trouble
    partner.change(signs_in_by="key")
    partner.visits(2)

    assert trouble == "its server refuses our key or password"
    assert partner.route().trouble is None
    assert partner.names() == ["837p-000000001.x12"]
    secret = route_secrets.password_file(partner.home, partner.route())
    assert secret.stat().st_mode & 0o777 == 0o600


def test_a_full_disk_at_the_server_takes_the_file_later_and_once(partner: Partner) -> None:
    partner.queue(("837p-000000001.x12", BIG))
    partner.server.limit_files(100 * 512)

    partner.visits(2)
    trouble, names = partner.route().trouble, partner.names()
    partner.server.limit_files(None)
    partner.visits(2)

    assert "its disk may be full" in (trouble or "")
    assert all(name.endswith(".part") for name in names)
    assert partner.names() == ["837p-000000001.x12"]
    assert partner.digest("837p-000000001.x12") == sha256(BIG)


def test_a_full_disk_of_our_own_fetches_later_and_removes_nothing_before(
    partner: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    partner.offer("one.x12", x12(10))
    folder = partner.home / "exchange" / "inbound"
    folder.mkdir(parents=True)
    (folder / NAME).write_bytes(b"a file where the folder should be")

    partner.visit()
    trouble = partner.route().trouble
    (folder / NAME).unlink()
    partner.pass_time(hours=1)
    partner.visits(1)

    assert "our own disk refuses files" in (trouble or "")
    assert partner.kept() == [sha256(x12(10))]
    assert list(partner.offered.iterdir()) == []


def test_a_server_that_is_down_for_hours_is_tried_ever_more_seldom_and_resumes_by_itself(
    partner: Partner,
) -> None:
    partner.queue(("837p-000000001.x12", x12(10)))
    partner.server.stop()

    for _ in range(9 * 60):
        partner.visit()
        partner.pass_time(hours=1 / 60)
    tries = partner.route().failures
    with partner.session() as session:
        (incident,) = session.scalars(select(Incident.words))
    partner.server.start()
    partner.visits(2)

    # 1, 2, 4, 8 and 16 minutes, then every half hour.
    assert 18 <= tries <= 24
    assert "is down since" in incident
    assert "connection refused" in incident
    assert partner.names() == ["837p-000000001.x12"]
    assert partner.states() == ["done"]
    with partner.session() as session:
        assert session.scalars(select(Incident.words)).all() == []


def test_killed_after_any_step_of_a_sending_the_file_arrives_once(
    partner: Partner, practice_url: str
) -> None:
    step, is_over = 0, False
    while not is_over:
        step += 1
        name, sent = f"837p-{step:09d}.x12", x12(2_000) + b"%d~" % step
        partner.queue((name, sent))
        is_over = killed_visit.run(practice_url, partner.home, step) == 0
        received = [path.read_bytes() for path in partner.arrived.glob("837p-*")]
        for path in partner.arrived.glob("837p-*"):
            path.unlink()
        partner.visits(2)
        received += [path.read_bytes() for path in partner.arrived.glob("837p-*")]

        assert received == [sent], step
        (partner.arrived / name).unlink(missing_ok=True)
        assert partner.names() == [], step

    assert step > 8


def test_killed_after_any_step_of_a_fetch_the_file_is_taken_in_once_and_not_removed_before(
    partner: Partner, practice_url: str
) -> None:
    step, is_over = 0, False
    while not is_over:
        step += 1
        came = x12(3_000) + b"%d~" % step
        partner.offer(f"{step:09d}.x12", came)
        is_over = killed_visit.run(practice_url, partner.home, step) == 0
        if not (partner.offered / f"{step:09d}.x12").exists():
            assert sha256(came) in partner.kept(), step
        partner.visits(2)

        assert partner.kept().count(sha256(came)) == 1, step
        assert list(partner.offered.iterdir()) == [], step

    assert step > 6


def test_a_file_of_another_under_our_name_is_left_alone_and_pauses_the_route(
    partner: Partner,
) -> None:
    (partner.arrived / "837p-000000001.x12").write_bytes(b"not ours")
    partner.queue(("837p-000000001.x12", x12(10)))

    partner.visits(2)

    assert (partner.arrived / "837p-000000001.x12").read_bytes() == b"not ours"
    assert "a file that is not ours" in (partner.route().paused_because or "")
    assert partner.names() == ["837p-000000001.x12"]


def test_outside_its_hours_a_route_fetches_and_does_not_send(partner: Partner) -> None:
    # The clinic's clock begins on a Monday morning.
    partner.change(sends_on="67")
    partner.queue(("837p-000000001.x12", x12(10)))
    partner.offer("one.x12", x12(10))

    partner.visits(2)

    assert (partner.names(), partner.kept()) == ([], [sha256(x12(10))])


def test_a_test_is_never_sent_to_a_route_that_counts(partner: Partner) -> None:
    partner.change(usage="P")
    partner.queue(
        ("837p-000000001.x12", x12(10)),
        ("837p-000000002.x12", x12(20, usage=b"P")),
    )

    partner.visits(2)

    assert partner.names() == ["837p-000000002.x12"]
    assert partner.states() == ["refused", "done"]
    with partner.session() as session:
        (task,) = session.scalars(select(Task).where(Task.kind == TaskKind.EXCHANGE_PROBLEM))
        row = session.scalars(select(Outbox).where(Outbox.state == "refused")).one()
    assert "element 15: it is marked T (test)" in task.reason
    assert row.sent_at is None


@pytest.mark.parametrize("host", ["sftp..example.com", "x" * 64])
def test_a_server_whose_name_cannot_be_one_stops_its_own_route_and_says_so(
    partner: Partner, host: str
) -> None:
    partner.change(host=host)

    partner.visit()

    assert "name and port" in (partner.route().trouble or "")


def test_a_failure_that_nobody_foresaw_stops_its_own_route_and_says_so(
    partner: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object) -> int:
        raise IndexError

    monkeypatch.setattr(remote_inbox, "fetch_waiting", breaks)

    partner.visit()

    assert "cannot visit its server (IndexError)" in (partner.route().trouble or "")


@pytest.mark.parametrize("taken_folder", ["", "taken"])
def test_a_name_at_the_server_that_is_not_utf8_is_told_and_its_file_taken_in_beside_the_others(
    partner: Partner, taken_folder: str
) -> None:
    partner.change(taken_folder=taken_folder)
    odd = Path(os.fsdecode(os.fsencode(partner.offered) + b"/caf\xe9.x12"))
    odd.write_bytes(x12(10))
    odd.chmod(0o666)
    partner.offer("other.x12", x12(20))
    partner.queue(("837p-000000001.x12", x12(10) + b"ours"))

    partner.visits(2)

    assert partner.route().trouble is None
    assert partner.names() == ["837p-000000001.x12"]
    assert partner.kept() == [sha256(x12(10)), sha256(x12(20))]
    assert list(partner.offered.iterdir()) == []
    with partner.session() as session:
        (name, words), _ = session.execute(
            select(RawFile.name, RawFile.words).order_by(RawFile.name)
        ).all()
    assert name == "caf%e9.x12"
    assert "its name at the sender is not UTF-8" in words
    if taken_folder:
        taken = {os.fsencode(path.name) for path in (partner.server.files / "taken").iterdir()}
        assert taken == {b"caf\xe9.x12", b"other.x12"}


def test_a_very_long_name_at_the_server_is_fetched_all_the_same(partner: Partner) -> None:
    partner.offer("n" * 240 + ".x12", x12(10))

    partner.visits(2)

    assert partner.kept() == [sha256(x12(10))]
    assert list(partner.offered.iterdir()) == []


def test_files_that_stay_at_the_server_do_not_hide_those_behind_them(
    partner: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote_inbox, "AT_ONCE", 1)
    first, second = partner.offered / "1.x12", partner.offered / "2.x12"
    partner.offer(first.name, x12(10))
    partner.offer(second.name, x12(20))
    os.utime(first, (1, 1))
    taken_in = partner.inbound.take_in
    monkeypatch.setattr(
        type(partner.inbound),
        "take_in",
        lambda _, route, path: path.name != first.name and taken_in(route, path),
    )

    partner.visit()

    assert partner.kept() == [sha256(x12(20))]


def test_no_route_is_visited_again_before_every_visit_is_over(
    partner: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    (one,) = remote.due(partner.clinic.sessions, partner.home)
    is_slow, over = iter([False, True]), []

    def visit(*_: object) -> int:
        if not next(is_slow):
            raise OperationalError("", None, Exception("the database went away"))
        time.sleep(0.2)
        over.append("slow")
        return 0

    monkeypatch.setattr(remote, "visit", visit)

    with pytest.raises(OperationalError):
        asyncio.run(remote.visit_each(partner.clinic.sessions, partner.inbound, [one, one]))

    assert over == ["slow"]


def _settled_size(folder: Path) -> int:
    """Of all that lies there; the server writes what it got in its own time."""
    size, since, ends_at = 0, time.monotonic(), time.monotonic() + 60
    while (size == 0 or time.monotonic() < since + 1) and time.monotonic() < ends_at:
        time.sleep(0.02)
        now = sum(path.stat().st_size for path in folder.iterdir())
        if now != size:
            size, since = now, time.monotonic()
    return size


@pytest.mark.parametrize("failure", [PermissionError("no"), sftp.Unwilling("the file: failure")])
def test_a_file_that_the_server_does_not_let_us_read_holds_up_no_other_and_is_told(
    partner: Partner, monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    partner.offer("a.x12", x12(10))
    partner.offer("b.x12", x12(20))
    os.utime(partner.offered / "a.x12", (1, 1))
    pieces = sftp.Door.pieces

    def refuse(door: sftp.Door, path: str, *, skip: int) -> Any:
        if path.endswith("/a.x12"):
            raise failure
        yield from pieces(door, path, skip=skip)

    with monkeypatch.context() as patched:
        patched.setattr(sftp.Door, "pieces", refuse)
        partner.visits(2)
        told = _unread(partner)
        first = partner.kept()

    assert first == [sha256(x12(20))]
    assert ["does not let us read a.x12." in words for words in told] == [True]
    assert partner.route().trouble is None
    partner.visits(1)
    assert partner.kept() == [sha256(x12(10)), sha256(x12(20))]
    assert _unread(partner) == []


def test_a_visit_that_did_not_come_to_the_unread_file_says_nothing_of_it(
    partner: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    pieces = sftp.Door.pieces

    def refuse(door: sftp.Door, path: str, *, skip: int) -> Any:
        if path.endswith("/z.x12"):
            raise sftp.Unwilling("the file: failure")
        yield from pieces(door, path, skip=skip)

    monkeypatch.setattr(sftp.Door, "pieces", refuse)
    partner.offer("z.x12", x12(10))
    partner.visits(1)
    told = _unread(partner)
    monkeypatch.setattr(remote_inbox, "AT_ONCE", 1)
    partner.offer("a.x12", x12(20))
    os.utime(partner.offered / "a.x12", (1, 1))
    partner.visits(1)

    assert len(told) == 1
    assert partner.kept() == [sha256(x12(20))]
    assert _unread(partner) == told


def test_a_line_that_breaks_while_a_file_is_read_ends_the_visit(
    partner: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    partner.offer("a.x12", x12(10))
    partner.offer("b.x12", x12(20))
    asked: list[str] = []

    def breaks(door: sftp.Door, path: str, *, skip: int) -> Any:
        asked.append(path)
        raise sftp.Down("the connection was lost")
        yield b""

    monkeypatch.setattr(sftp.Door, "pieces", breaks)
    partner.visit()

    assert len(asked) == 1
    assert partner.route().trouble == "the connection was lost"
    assert _unread(partner) == []


def _unread(partner: Partner) -> list[str]:
    with partner.session() as session:
        return list(
            session.scalars(
                select(Incident.words).where(Incident.subject == f"system:unread-{NAME}")
            )
        )


@pytest.mark.parametrize("is_renamed", [False, True])
def test_a_file_that_nobody_saw_under_its_name_is_asked_about_and_not_sent_again(
    partner: Partner, monkeypatch: pytest.MonkeyPatch, *, is_renamed: bool
) -> None:
    """The partner sweeps the temporary file; or the file has its name when we look."""
    partner.queue(("837p-000000001.x12", x12(10)))
    rename = sftp.Door.rename

    def is_gone(door: sftp.Door, path: str, to: str) -> None:
        if is_renamed:
            rename(door, path, to)
        else:
            door.remove(path)
        raise FileNotFoundError

    monkeypatch.setattr(sftp.Door, "rename", is_gone)
    partner.visits(2)

    assert partner.states() == ["done"]
    with partner.session() as session:
        asked = session.scalars(select(Task).where(Task.kind == TaskKind.EXCHANGE_PROBLEM)).all()
        titles = [task.title for task in asked]
    assert titles == ([] if is_renamed else ["Did 837p-000000001.x12 arrive?"])
