"""`claimflow inbox FILE…`: X12 files from outside, each judged and taken in whole, once.

A file that cannot be used is kept with one task and said in one line on stderr; exit status 1.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, sessionmaker

from casework import inbox
from casework.inbox import Verdict
from casework.moment import moment
from commands.database import opened, require_practice, written
from commands.screen import WORKING, complain, plural, say, say_json, watched
from db.models import RawFile, Remittance
from settings import Settings

ROUTE = "clearinghouse"
NOT_ALL = 1
BYTES_MAX = 256 * 1024 * 1024
LOOK_EVERY = 0.2
# A remittance of a thousand answers is posted in well under a minute; then something is down.
POSTED_WITHIN = 300.0


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What was done with one file; a file that could not even be read has no judgement."""

    file: str
    verdict: str
    sentences: tuple[str, ...]
    raw_file_id: int | None = None
    remittance_ids: tuple[int, ...] = ()

    @property
    def is_refused(self) -> bool:
        return self.verdict in (Verdict.QUARANTINED, UNREADABLE)


UNREADABLE = "unreadable"


def main(settings: Settings, *, files: tuple[Path, ...], wait: bool, as_json: bool) -> int:
    with opened(settings, "claimflow_worker") as sessions:
        with sessions() as session:
            require_practice(session)
        taken = [_take_in(sessions, path) for path in watched(files, "Taking in")]
        if not as_json:
            _say(taken)
        _complain(taken)
        unposted = _wait(sessions, taken) if wait else _unposted(sessions, taken)
    if as_json:
        say_json({"files": taken, "unposted": unposted})
    if wait:
        _say_posted(unposted, as_json=as_json)
    is_done = not any(one.is_refused for one in taken) and not (wait and unposted)
    return 0 if is_done else NOT_ALL


def _take_in(sessions: sessionmaker[Session], path: Path) -> Taken:
    try:
        if path.stat().st_size > BYTES_MAX:
            return _unreadable(path, "the file is too big; ask the sender to divide it")
        content = path.read_bytes()
    except OSError as error:
        reason = (error.strerror or "it cannot be read").lower()
        return _unreadable(path, f"{reason}; name a file that you may read")
    return written(sessions, lambda session: _judge(session, path.name, content))


def _judge(session: Session, name: str, content: bytes) -> Taken:
    judged = inbox.take_in(session, ROUTE, name, content, moment(session))
    verdict, sentences = judged.verdict, judged.sentences
    file = session.get_one(RawFile, judged.raw_file_id)
    if verdict is Verdict.REPEATED and file.judgement == Verdict.QUARANTINED:
        # It came before and is no better now: its task is there, the refusal still holds.
        first = " ".join(file.words.splitlines())
        verdict = Verdict.QUARANTINED
        sentences = (f"{name}: the same file came before and nothing was changed now. {first}",)
    return Taken(
        file=name,
        verdict=verdict.value,
        sentences=sentences,
        raw_file_id=judged.raw_file_id,
        remittance_ids=judged.remittance_ids,
    )


def _unreadable(path: Path, words: str) -> Taken:
    return Taken(
        file=path.name,
        verdict=UNREADABLE,
        sentences=(f"{path.name}: nothing was taken in: {words}.",),
    )


def _say(taken: Sequence[Taken]) -> None:
    for one in taken:
        if not one.is_refused:
            for sentence in one.sentences:
                say(sentence)


def _complain(taken: Sequence[Taken]) -> None:
    for one in taken:
        if one.is_refused:
            for sentence in one.sentences:
                complain(sentence)


def _wait(sessions: sessionmaker[Session], taken: Sequence[Taken]) -> int:
    """How many remittances of these files are not posted when it makes no sense to wait on."""
    ends_at = time.monotonic() + POSTED_WITHIN
    with WORKING.status("Waiting until all is posted"):
        while (unposted := _unposted(sessions, taken)) and time.monotonic() < ends_at:
            time.sleep(LOOK_EVERY)
    return unposted


def _unposted(sessions: sessionmaker[Session], taken: Sequence[Taken]) -> int:
    files = [one.raw_file_id for one in taken if one.raw_file_id is not None]
    named = [number for one in taken for number in one.remittance_ids]
    of_these = or_(Remittance.raw_file_id.in_(files), Remittance.id.in_(named))
    with sessions() as session:
        waiting = select(func.count(Remittance.id)).where(of_these, Remittance.posted_at.is_(None))
        return session.scalar(waiting) or 0


def _say_posted(unposted: int, *, as_json: bool) -> None:
    if unposted:
        complain(
            f"{plural(unposted, 'remittance')} not posted within {POSTED_WITHIN:.0f} seconds. "
            "Nothing is lost: it is posted when the engine and the worker run "
            "(“claimflow up”, “claimflow stuck”)."
        )
    elif not as_json:
        say("All is posted.")
