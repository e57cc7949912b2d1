"""The chart of an encounter as a coder reads it: its notes, the physician's answers, proposals."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from codesets.suggest import suggest
from db.models import Document, Encounter, ProviderQuery
from domain.coding import Suggestions


def text(session: Session, encounter: Encounter) -> str:
    """All notes, oldest first, then what the physician answered to queries."""
    notes = session.scalars(
        select(Document)
        .where(Document.encounter_id == encounter.id, Document.kind == "note")
        .order_by(Document.id)
    )
    parts = [note.content.decode("utf-8", "replace") for note in notes]
    answers = session.scalars(
        select(ProviderQuery.answer)
        .where(ProviderQuery.encounter_id == encounter.id, ProviderQuery.answer.is_not(None))
        .order_by(ProviderQuery.id)
    )
    parts += [f"ASSESSMENT\n1. {answer}" for answer in answers]
    return "\n\n".join(parts)


def suggestions(session: Session, encounter: Encounter) -> Suggestions:
    return suggest(text(session, encounter), encounter.service_on)
