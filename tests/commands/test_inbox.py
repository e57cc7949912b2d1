"""The inbox takes a file in whole and once, and says in one line what it cannot use."""

import json
import threading
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from casework.moment import moment
from casework.posting.steps import post_some
from commands import inbox
from db.models import Entry, RawFile, Remittance, Task
from domain.tasks import TaskKind
from tests.commands import samples
from tests.commands.conftest import Run

Sessions = sessionmaker[Session]


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    return _file(tmp_path, "sound.835", samples.remittance_835())


def test_an_835_is_taken_in_and_waits_to_be_posted(
    run: Run, sessions: Sessions, sound: Path
) -> None:
    said = run("inbox", sound)

    assert said.status == 0
    assert len(said.lines) == 1
    assert said.lines[0].startswith("sound.835: remittance EFT0001 of ")
    assert said.err == ""
    assert _count(sessions, Remittance) == 1


def test_the_same_file_again_changes_nothing(run: Run, sessions: Sessions, sound: Path) -> None:
    run("inbox", sound)

    said = run("inbox", sound)

    assert said.status == 0
    assert "nothing was changed" in said.lines[0]
    assert (_count(sessions, Remittance), _count(sessions, RawFile)) == (1, 1)
    assert _count(sessions, Task) == 0


def test_the_same_payment_in_another_file_posts_nothing_twice(
    run: Run, sessions: Sessions, sound: Path, tmp_path: Path
) -> None:
    other = sound.read_bytes().replace(b"000000061", b"000000062")
    run("inbox", sound)

    said = run("inbox", _file(tmp_path, "again.835", other))

    assert said.status == 0
    assert "was taken in before; it posts nothing" in said.lines[0]
    assert _count(sessions, Remittance) == 1


def _out_of_balance() -> bytes:
    return samples.remittance_835(paid="100.01")


def _truncated() -> bytes:
    return samples.remittance_835()[:-60]


BAD = [
    ("letter.835", b"Dear practice, please find enclosed", "not an X12 file", "quarantined_file"),
    ("empty.835", b"", "not an X12 file", "quarantined_file"),
    ("short.835", _truncated(), "Nothing of it was used", "quarantined_file"),
    ("cent.835", _out_of_balance(), "Nothing of it was posted", "posting_exception"),
]


@pytest.mark.parametrize(("name", "content", "what", "kind"), BAD)
def test_a_bad_file_is_one_line_and_one_task_and_no_money(
    run: Run, sessions: Sessions, tmp_path: Path, name: str, content: bytes, what: str, kind: str
) -> None:
    said = run("inbox", _file(tmp_path, name, content))

    assert said.status == 1
    assert said.out == ""
    assert len(said.complaints) == 1
    assert said.complaints[0].startswith(f"{name}: ")
    assert what in said.complaints[0]
    with sessions() as session:
        assert session.scalars(select(Task.kind)).all() == [TaskKind(kind)]
    assert (_count(sessions, Remittance), _count(sessions, Entry)) == (0, 0)


@pytest.mark.parametrize(("name", "content", "what", "kind"), BAD)
def test_a_bad_file_again_is_refused_again_and_opens_no_second_task(
    run: Run, sessions: Sessions, tmp_path: Path, name: str, content: bytes, what: str, kind: str
) -> None:
    path = _file(tmp_path, name, content)
    run("inbox", path)

    said = run("inbox", path)

    assert said.status == 1
    assert len(said.complaints) == 1
    assert what in said.complaints[0]
    assert (_count(sessions, Task), _count(sessions, RawFile)) == (1, 1)


def test_a_bad_file_does_not_keep_a_sound_one_back(
    run: Run, sessions: Sessions, sound: Path, tmp_path: Path
) -> None:
    bad = _file(tmp_path, "letter.835", b"Dear practice")

    said = run("inbox", bad, sound)

    assert said.status == 1
    assert len(said.complaints) == 1
    assert _count(sessions, Remittance) == 1


def test_json_tells_the_verdict_of_each_file(run: Run, sound: Path, tmp_path: Path) -> None:
    bad = _file(tmp_path, "letter.835", b"Dear practice")

    said = run("inbox", "--json", sound, bad)

    told = json.loads(said.out)
    assert said.status == 1
    assert [one["verdict"] for one in told["files"]] == ["taken", "quarantined"]
    assert told["unposted"] == 1


def test_a_folder_in_place_of_a_file_is_said(run: Run, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()

    said = run("inbox", tmp_path / "folder")

    assert said.status == 1
    assert said.complaints == [
        "folder: nothing was taken in: is a directory; name a file that you may read."
    ]


def test_wait_returns_when_all_is_posted(run: Run, sessions: Sessions, sound: Path) -> None:
    ended = threading.Event()
    worker = threading.Thread(target=_post_when_it_comes, args=(sessions, ended))
    worker.start()

    said = run("inbox", "--wait", sound)

    ended.set()
    worker.join(timeout=20)
    assert said.status == 0
    assert said.lines[-1] == "All is posted."
    with sessions() as session:
        assert session.scalars(select(Remittance.posted_at)).one() is not None


def test_wait_again_for_the_same_file_waits_for_the_same_posting(
    run: Run, sound: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "POSTED_WITHIN", 0.0)
    run("inbox", sound)

    said = run("inbox", "--wait", sound)

    assert said.status == 1
    assert "1 remittance not posted" in said.err


def test_wait_gives_up_when_nobody_posts_and_says_that_nothing_is_lost(
    run: Run, sound: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "POSTED_WITHIN", 0.3)

    said = run("inbox", "--wait", sound)

    assert said.status == 1
    assert said.complaints[-1].startswith("1 remittance not posted within")
    assert "Nothing is lost" in said.complaints[-1]


def _post_when_it_comes(sessions: Sessions, ended: threading.Event) -> None:
    """What the worker does, for one remittance."""
    while not ended.wait(0.05):
        with sessions.begin() as session:
            row = session.scalar(select(Remittance).where(Remittance.posted_at.is_(None)))
            if row is not None:
                post_some(session, row, moment(session))


def _file(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def _count(sessions: Sessions, of: type[Any]) -> int:
    with sessions() as session:
        return session.scalar(select(func.count()).select_from(of)) or 0
