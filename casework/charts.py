"""Charts from an EHR: every encounter is taken in once, or refused with its reason."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from casework import quarantine, registration, subjects, tasks, waits
from casework.moment import Moment
from casework.registration import NotTaken
from db.models import RawFile, Task
from domain.intake import ChartedEncounter, Refusal
from domain.tasks import TaskKind
from intake import fhir

QUOTED_MAX = 5
CAUSE = "chart"


@dataclass(frozen=True, kw_only=True)
class Intake:
    """What became of each encounter of a source."""

    name: str
    taken: tuple[str, ...]
    repeated: int
    refused: tuple[Refusal, ...]

    @property
    def sentences(self) -> tuple[str, ...]:
        counted = (
            f"{self.name}: {len(self.taken)} encounters taken, {self.repeated} repeated, "
            f"{len(self.refused)} refused"
        )
        return (counted, *(sentence(refusal) for refusal in self.refused))


def sentence(refusal: Refusal) -> str:
    return f"{refusal.source}, {refusal.place}: {refusal.rule}; {refusal.what_to_do}"


def take_in_bundle(session: Session, name: str, content: bytes, now: Moment) -> Intake:
    """A FHIR bundle from the exchange; what is refused becomes one task with every reason."""
    result = fhir.read_bundle(content, name)
    taken = take_in_all(session, name, result.taken, result.refused, now)
    if taken.refused:
        open_refusals_task(session, name, content, taken, now)
    return taken


def take_in_all(
    session: Session,
    name: str,
    charted: Iterable[ChartedEncounter],
    refused: Iterable[Refusal],
    now: Moment,
) -> Intake:
    taken: list[str] = []
    refusals, repeated = list(refused), 0
    for one in charted:
        try:
            with session.begin_nested():
                encounter = registration.take_in(session, one, now)
        except NotTaken as reason:
            refusals.append(reason.refusal)
            continue
        if encounter is None:
            repeated += 1
        else:
            taken.append(encounter.encounter_no)
    return Intake(name=name, taken=tuple(taken), repeated=repeated, refused=tuple(refusals))


def open_refusals_task(
    session: Session, name: str, content: bytes, taken: Intake, now: Moment
) -> None:
    """One task with every reason; the same source refused again opens no second one."""
    file = _keep(session, name, content, taken, now)
    key = quarantine.file_key(file)
    if session.scalar(select(Task.id).where(Task.subject == key, Task.cause == CAUSE)) is not None:
        return
    subject = subjects.ensure(session, key, now)
    reasons = [sentence(refusal) for refusal in taken.refused[: quarantine.SHOWN_MAX]]
    tasks.open_task(
        session,
        TaskKind.QUARANTINED_FILE,
        subject=subject.key,
        cause=CAUSE,
        title=f"{len(taken.refused)} entries of a chart were refused",
        reason=" ".join(reasons[:QUOTED_MAX]),
        details={"case": CAUSE, "file": name, "findings": reasons, "raw_file_id": file.id},
        now=now,
        raw_file_id=file.id,
    )
    waits.set_due(session, subject)


def _keep(session: Session, name: str, content: bytes, taken: Intake, now: Moment) -> RawFile:
    digest = hashlib.sha256(content).hexdigest()
    session.execute(
        insert(RawFile)
        .values(
            sha256=digest, route="ehr", name=name, content=content, kinds="FHIR",
            judgement="quarantined", words=" ".join(taken.sentences), received_at=now.at,
        )
        .on_conflict_do_nothing(index_elements=["sha256"])
    )  # fmt: skip
    return session.scalars(select(RawFile).where(RawFile.sha256 == digest)).one()
