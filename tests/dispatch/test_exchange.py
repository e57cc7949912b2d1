"""What lies in `inbound/` is taken in once, and no file holds up the others."""

import errno
import os
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import select

from casework import arrivals
from db.models import Incident, RawFile, Task
from dispatch import exchange
from dispatch.exchange import Inbound
from domain.tasks import TaskKind
from tests.casework.payer_files import Clp, Era, remittance_file
from tests.workflows.clinic import Clinic


def test_a_file_on_which_we_fail_is_set_aside_and_the_next_one_goes_on(
    clinic: Clinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "inbound" / "clearinghouse"
    folder.mkdir(parents=True)
    (folder / "a-poison.x12").write_bytes(b"poison")
    (folder / "b-junk.x12").write_bytes(b"not X12 at all")
    sound = arrivals.take_in

    def fail_on_poison(session, route, name, content, now):  # type: ignore[no-untyped-def]
        if content == b"poison":
            raise KeyError("what nobody thought of")
        return sound(session, route, name, content, now)

    monkeypatch.setattr(arrivals, "take_in", fail_on_poison)
    inbound = Inbound(sessions=clinic.sessions, exchange=tmp_path)
    for _ in range(exchange.TRIES):
        inbound.take_in_waiting()

    with clinic.sessions() as session:
        kept = session.scalars(select(RawFile.name).order_by(RawFile.name)).all()
        asked = session.scalars(
            select(Task.title).where(Task.kind == TaskKind.QUARANTINED_FILE).order_by(Task.title)
        ).all()
    assert kept == ["a-poison.x12", "b-junk.x12"]
    assert asked == ["File a-poison.x12 cannot be used", "File b-junk.x12 cannot be used"]
    assert not list(folder.iterdir())


def test_a_file_that_holds_more_than_an_index_takes_is_set_aside_and_holds_up_no_other(
    clinic: Clinic, tmp_path: Path
) -> None:
    folder = tmp_path / "inbound" / "clearinghouse"
    folder.mkdir(parents=True)
    number = Random(7).randbytes(20_000).hex().upper()
    endless = Clp(pcn=number, charge=10000)
    (folder / "a-endless.835").write_bytes(remittance_file(Era(claims=(endless,))))
    (folder / "b-junk.x12").write_bytes(b"not X12 at all")

    inbound = Inbound(sessions=clinic.sessions, exchange=tmp_path)
    for _ in range(exchange.TRIES):
        inbound.take_in_waiting()

    assert not list(folder.iterdir())
    with clinic.sessions() as session:
        kept = session.scalars(select(RawFile.name).order_by(RawFile.name)).all()
    assert kept == ["a-endless.835", "b-junk.x12"]


def test_files_that_may_not_be_read_hold_up_no_other_and_are_named(
    clinic: Clinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "inbound" / "clearinghouse"
    folder.mkdir(parents=True)
    for number in range(exchange.AT_ONCE + 1):
        (folder / f"a-{number}.x12").write_bytes(b"%d" % number)
        os.utime(folder / f"a-{number}.x12", (number, number))
    (folder / "b.x12").write_bytes(b"not X12 at all")
    read_bytes = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path.name.startswith("a-"):
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    taken = Inbound(sessions=clinic.sessions, exchange=tmp_path).take_in_waiting()

    assert taken == 1
    with clinic.sessions() as session:
        assert session.scalars(select(RawFile.name)).all() == ["b.x12"]
        (words,) = session.scalars(select(Incident.words)).all()
    assert "(permission denied: a-" in words


def test_a_file_that_is_still_being_written_is_left_alone(clinic: Clinic, tmp_path: Path) -> None:
    folder = tmp_path / "inbound" / "clearinghouse"
    folder.mkdir(parents=True)
    (folder / ".half.x12.part").write_bytes(b"ISA*00")

    taken = Inbound(sessions=clinic.sessions, exchange=tmp_path).take_in_waiting()

    assert taken == 0
    assert [path.name for path in folder.iterdir()] == [".half.x12.part"]


def test_a_name_that_is_not_utf8_is_told_with_the_file(clinic: Clinic, tmp_path: Path) -> None:
    _take_in_oddly_named(clinic, tmp_path, "clearinghouse")

    with clinic.sessions() as session:
        told = session.execute(select(RawFile.name, RawFile.words).order_by(RawFile.id)).all()
    assert sorted(name for name, _ in told) == ["caf%e9", "other"]
    assert sorted("is not UTF-8" in words for _, words in told) == [False, True]


@pytest.mark.parametrize("route", ["ehr", "lockbox", "mail", "bank"])
def test_a_name_that_is_not_utf8_holds_up_no_other(
    clinic: Clinic, tmp_path: Path, route: str
) -> None:
    _take_in_oddly_named(clinic, tmp_path, route)

    assert list((tmp_path / "inbound" / route).iterdir()) == []


def _take_in_oddly_named(clinic: Clinic, exchange: Path, route: str) -> None:
    folder = exchange / "inbound" / route
    folder.mkdir(parents=True)
    Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9")).write_bytes(b"one")
    (folder / "other").write_bytes(b"two")
    Inbound(sessions=clinic.sessions, exchange=exchange).take_in_waiting()
