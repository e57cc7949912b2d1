"""How values look on every page: money, dates, deadlines, people. Nothing here asks the
database."""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask

from db.queries.queue_places import PLACES_MAX, Place
from domain import money as in_money
from domain.encounter import ClaimStage, Stage
from domain.parties import LAST, initials, last4
from domain.tasks import RULES, Role, TaskKind
from web.context import now

ISO_DATE = re.compile(r"\b20\d\d-[01]\d-[0-3]\d\b")
SOON_DAYS = 7
THOUSAND, MILLION = 1_000, 1_000_000

STAGE_WORDS: dict[str, str] = {
    Stage.REGISTERED: "registered",
    Stage.ELIGIBILITY: "eligibility",
    Stage.CODING: "coding",
    Stage.CHARGES: "charges",
    Stage.CLAIMS: "claims",
    Stage.PATIENT: "patient balance",
    Stage.CLOSED: "closed",
    Stage.CANCELLED: "cancelled",
    ClaimStage.CROSSED_OVER: "crossed over",
}


@dataclass(frozen=True, kw_only=True)
class Due:
    """A deadline as shape, word and date; the kind is one of the marks of `ui.html`."""

    kind: str
    words: str
    date: str
    iso: str


def money(cents: int | None) -> str:
    """`1,234.50`; nothing for nothing known."""
    return "" if cents is None else in_money.amount(cents)


def dollars(cents: int | None) -> str:
    """`$1,234.50`, for sentences and sums; nothing for nothing known."""
    return "" if cents is None else in_money.dollars(cents)


def short_dollars(cents: int) -> str:
    """`$940`, `$18.2k`, `$1.3m`: as much as the rail has room for."""
    sign, whole = (in_money.MINUS if cents < 0 else ""), abs(cents) // 100
    if whole < THOUSAND:
        return f"{sign}${whole}"
    if whole < MILLION:
        return f"{sign}${whole / THOUSAND:.1f}k"
    return f"{sign}${whole / MILLION:.1f}m"


def day(value: dt.date | None, today: dt.date | None = None) -> str:
    """`Nov 29`; the year only where it is another one."""
    if value is None:
        return ""
    today = today or now().today
    text = f"{value:%b} {value.day}"
    return text if value.year == today.year else f"{text}, {value.year}"


def dated(words: str) -> str:
    """A sentence of `casework` with its dates as every page writes them."""
    return ISO_DATE.sub(_shown_date, words)


def sentence(words: str) -> str:
    """What a payer's code says in lower case may begin a line."""
    return words[:1].upper() + words[1:]


def _shown_date(found: re.Match[str]) -> str:
    try:
        return day(dt.date.fromisoformat(found[0]))
    except ValueError:
        return found[0]


def moment(value: dt.datetime | None) -> str:
    """`Nov 25 09:00` where the practice is."""
    if value is None:
        return ""
    there = value.astimezone(now().zone)
    return f"{day(there.date())} {there:%H:%M}"


def clock(value: dt.datetime | None) -> str:
    return "" if value is None else f"{value.astimezone(now().zone):%H:%M}"


def due(on: dt.date, today: dt.date | None = None, *, snoozed_to: dt.date | None = None) -> Due:
    """One rule for every kind of deadline: late, within seven days, or later."""
    today = today or now().today
    if snoozed_to is not None and snoozed_to > today:
        return _due("wait", "snoozed to", snoozed_to, today)
    days = (on - today).days
    if days < 0:
        return _due("late", f"{_days(-days)} late", on, today)
    if days == 0:
        return _due("late", "today", on, today)
    words = "tomorrow" if days == 1 else _days(days)
    return _due("soon" if days <= SOON_DAYS else "calm", words, on, today)


def due_by(at: dt.datetime) -> Due:
    return due(_last_day(at))


def deadline(at: dt.datetime | None) -> str:
    """An instant by which something happens: midnight is the end of the day before."""
    if at is None:
        return ""
    there = at.astimezone(now().zone)
    return day(_last_day(at)) if there.time() == dt.time() else moment(at)


def _last_day(at: dt.datetime) -> dt.date:
    """The last day that a deadline still leaves, where the practice is."""
    return (at - dt.timedelta(seconds=1)).astimezone(now().zone).date()


def _due(kind: str, words: str, on: dt.date, today: dt.date) -> Due:
    return Due(kind=kind, words=words, date=day(on, today), iso=on.isoformat())


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"


def count(number: int, limit: int = 1_000) -> str:
    """Counts are bounded: beyond the limit we only say that there are more."""
    return f"{limit:,}+" if number > limit else f"{number:,}"


def in_queue(place: Place) -> str:
    """`3 of 17`, `3 of 500+`: how far on, and how many there are as far as they were counted."""
    if place.ahead >= PLACES_MAX:
        return f"after the first {PLACES_MAX}"
    return f"{place.number} of {count(place.total, PLACES_MAX)}"


def plural(number: int, one: str, many: str | None = None) -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def masked(number: str | None) -> str:
    """Enough to tell two apart, too little to use."""
    if not number:
        return ""
    return number if len(number) <= LAST else "·" * (len(number) - LAST) + number[-LAST:]


def role_name(role: Role | str) -> str:
    return str(role).replace("_", " ")


def queue_name(kind: TaskKind | str) -> str:
    return RULES[TaskKind(kind)].name


def stage_words(stage: str) -> str:
    return STAGE_WORDS.get(stage, str(stage).replace("_", " ").replace("-", " "))


def age(birth_on: dt.date, on: dt.date) -> int:
    return on.year - birth_on.year - ((on.month, on.day) < (birth_on.month, birth_on.day))


def awaited(what: str, kind: str) -> str:
    """`the biller: Acme refused …`; what the world must answer is said as it is."""
    return f"the {what}" if kind == "task" else what


def is_figure(text: str) -> bool:
    """Whether a cell of a table is a number, which stands to the right."""
    digits = text.replace(in_money.MINUS, "").replace("-", "").replace("$", "").replace(",", "")
    return bool(digits) and digits.replace(".", "", 1).isdigit() and "." in digits


def percent(part: int, whole: int) -> str:
    return "–" if whole == 0 else f"{100 * part / whole:.1f}%"


_FILTERS: tuple[Callable[..., Any], ...] = (
    money, dollars, short_dollars, day, dated, moment, deadline, clock, due, count, in_queue,
    plural, last4, masked, role_name, queue_name, stage_words, is_figure, awaited,
    sentence,
)  # fmt: skip


def register(app: Flask) -> None:
    for shown in _FILTERS:
        app.jinja_env.filters[shown.__name__] = shown
    app.jinja_env.globals.update(
        initials=initials, due=due, due_by=due_by, age=age, percent=percent
    )
