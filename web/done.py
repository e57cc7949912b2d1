"""What is told of an act on the next page: its words, the button that takes it back, and what was
left alone with the reason. It waits in the session, for one page."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

from flask import Flask, session

LEFT_SHOWN = 20
# The step that makes up for another one.
TAKEN_BACK_BY = {"claim": "release", "release": "claim", "snooze": "wake"}


@dataclass(frozen=True, kw_only=True)
class Left:
    """A task that was left alone, and why; without a title it is not this person's to read."""

    uuid: str
    title: str | None
    because: str


def offer_undo(did: str, uuids: Iterable[UUID], *, back: str) -> None:
    """Nothing for an act that has no way back, and nothing when none was done."""
    tasks = [str(uuid) for uuid in uuids]
    if tasks and did in TAKEN_BACK_BY:
        session["undo"] = {"does": TAKEN_BACK_BY[did], "tasks": tasks, "back": back}


def tell_left(left: Sequence[Left]) -> None:
    if left:
        rows = [asdict(one) for one in left[:LEFT_SHOWN]]
        session["left"] = {"rows": rows, "count": len(left)}


def register(app: Flask) -> None:
    app.jinja_env.globals.update(told=_told)


def _told() -> dict[str, object]:
    """Taken out of the session by the page that shows it."""
    return {name: session.pop(name) for name in ("undo", "left") if name in session}
