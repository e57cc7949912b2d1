"""`claimflow import PATH…`: every encounter of a chart is taken in once or refused with its reason.

Only the database must run. What was taken in before an interruption stays; a repeat takes the rest.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from sqlalchemy.orm import Session, sessionmaker

from casework import charts
from casework.charts import Intake
from casework.moment import moment
from commands.chart_sources import Source, sources
from commands.database import opened, require_practice, written
from commands.screen import complain, plural, say, say_json, watched
from domain.intake import ChartedEncounter, Refusal
from settings import Settings

# One transaction holds its locks for well under a second.
AT_ONCE = 25
REFUSED = 1


@dataclass(kw_only=True)
class Outcome:
    """What became of one source so far."""

    name: str
    taken: list[str] = field(default_factory=list)
    repeated: int = 0
    refused: list[Refusal] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Said:
    """What became of one encounter: the line for people, and the facts."""

    line: str
    intake: Intake


def main(settings: Settings, *, paths: tuple[Path, ...], as_json: bool, profile: str | None) -> int:
    outcomes: list[Outcome] = []
    with opened(settings, "claimflow_worker") as sessions:
        with sessions() as session:
            require_practice(session)
        for path in paths:
            outcomes += [
                _take_in(sessions, source, is_quiet=as_json) for source in sources(path, profile)
            ]
    _conclude(outcomes, as_json=as_json)
    return REFUSED if any(outcome.refused for outcome in outcomes) else 0


def _take_in(sessions: sessionmaker[Session], source: Source, *, is_quiet: bool) -> Outcome:
    outcome = Outcome(name=source.name, refused=list(source.result.refused))
    charted = source.result.taken
    starts = range(0, len(charted), AT_ONCE)
    for start in watched(starts, source.name):
        chunk = charted[start : start + AT_ONCE]
        for said in written(sessions, partial(_take_chunk, chunk=chunk)):
            outcome.taken += said.intake.taken
            outcome.repeated += said.intake.repeated
            outcome.refused += said.intake.refused
            if not is_quiet and not said.intake.refused:
                say(f"{source.name}: {said.line}")
    for refusal in outcome.refused:
        complain(_line(source.name, refusal))
    if outcome.refused and source.content:
        written(sessions, lambda session: _open_task(session, source, outcome))
    return outcome


def _take_chunk(session: Session, *, chunk: Sequence[ChartedEncounter]) -> list[Said]:
    return list(_taken(session, chunk))


def _taken(session: Session, chunk: Sequence[ChartedEncounter]) -> Iterator[Said]:
    now = moment(session)
    for one in chunk:
        intake = charts.take_in_all(session, one.source, [one], [], now)
        became = (
            f"taken in as {intake.taken[0]}" if intake.taken else "came before, not taken again"
        )
        yield Said(line=f"{one.source_key} {became}", intake=intake)


def _line(name: str, refusal: Refusal) -> str:
    what_to_do = refusal.what_to_do[:1].upper() + refusal.what_to_do[1:]
    return f"{name}, {refusal.place}: {refusal.rule}. {what_to_do}"


def _open_task(session: Session, source: Source, outcome: Outcome) -> None:
    intake = Intake(
        name=source.name,
        taken=tuple(outcome.taken),
        repeated=outcome.repeated,
        refused=tuple(outcome.refused),
    )
    charts.open_refusals_task(session, source.name, source.content, intake, moment(session))


def _conclude(outcomes: Sequence[Outcome], *, as_json: bool) -> None:
    taken = sum(len(outcome.taken) for outcome in outcomes)
    repeated = sum(outcome.repeated for outcome in outcomes)
    refused = sum(len(outcome.refused) for outcome in outcomes)
    if as_json:
        say_json({"taken": taken, "repeated": repeated, "refused": refused, "sources": outcomes})
        return
    if len(outcomes) > 1:
        for outcome in outcomes:
            say(f"{outcome.name}: {_counts(outcome)}")
    whole = plural(taken, "encounter")
    say(f"{whole} taken in, {repeated} repeated, {plural(refused, 'refusal')}.")


def _counts(outcome: Outcome) -> str:
    refused = plural(len(outcome.refused), "refusal")
    return f"{len(outcome.taken)} taken in, {outcome.repeated} repeated, {refused}"
