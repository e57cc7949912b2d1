"""What is known of an encounter's claims beside codes and charges, as it was entered or charted."""

from collections.abc import Sequence

from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.moment import Moment
from db.models import ChargeLineFacts, Encounter, EncounterFacts, User
from domain.claim_facts import NO_FACTS, ClaimFacts, LineFacts

FACTS = TypeAdapter(ClaimFacts)
LINE_FACTS = TypeAdapter(LineFacts)


def of(session: Session, encounter: Encounter) -> ClaimFacts:
    row = session.get(EncounterFacts, encounter.id)
    return FACTS.validate_python(row.facts) if row else NO_FACTS


def version_of(session: Session, encounter: Encounter) -> int:
    """What a form is held against, so that of two people the second learns of the first."""
    row = session.get(EncounterFacts, encounter.id)
    return row.version if row else 0


def of_lines(session: Session, line_ids: Sequence[int]) -> dict[int, LineFacts]:
    rows = session.scalars(
        select(ChargeLineFacts).where(ChargeLineFacts.charge_line_id.in_(line_ids))
    )
    return {row.charge_line_id: LINE_FACTS.validate_python(row.facts) for row in rows}


def write(
    session: Session, encounter: Encounter, facts: ClaimFacts, by: User | None, now: Moment
) -> None:
    """Keep it as the next version; `by` is None for what came with the chart."""
    row = session.get(EncounterFacts, encounter.id)
    if row is None:
        row = EncounterFacts(encounter_id=encounter.id, version=0)
        session.add(row)
    row.version += 1
    row.facts = FACTS.dump_python(facts, mode="json")
    row.changed_by_id = by.id if by else None
    row.changed_at = now.at
    session.flush()


def write_line(session: Session, line_id: int, facts: LineFacts, now: Moment) -> None:
    row = session.get(ChargeLineFacts, line_id)
    if row is None:
        row = ChargeLineFacts(charge_line_id=line_id)
        session.add(row)
    row.facts = LINE_FACTS.dump_python(facts, mode="json")
    row.changed_at = now.at
    session.flush()
