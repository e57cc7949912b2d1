"""Cards that came scanned with the chart (insurance, driver's license): they say what the
registration lacks."""

import re
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import addresses
from db.models import Coverage, Document

KIND = "card"
_MEMBER_ID = re.compile(
    r"^\s*member\s+id\s*[:#]\s*([A-Z0-9-]{2,80})\s*$", re.IGNORECASE | re.MULTILINE
)

_ADDRESS = re.compile(
    r"^\s*address:([^;\n]+);([^;\n]+);\s*([A-Z]{2})\s+([0-9-]{5,10})\s*$",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass(frozen=True, kw_only=True)
class Card:
    """The payer's name stands on its first line."""

    payer_name: str
    member_id: str


def is_card(title: str) -> bool:
    return any(words in title.lower() for words in ("insurance card", "driver's license"))


def address_of(session: Session, encounter_id: int) -> dict[str, str] | None:
    """Where the driver's license says that the patient lives."""
    for text in _scans(session, encounter_id):
        found = _ADDRESS.search(text)
        if found:
            street, city, state, zip_code = (part.strip() for part in found.groups())
            return addresses.keep(street=street, city=city, state=state, zip_code=zip_code)
    return None


def of_coverage(session: Session, encounter_id: int | None, coverage: Coverage) -> Card | None:
    """The card of this coverage's payer; the only one there is, when none names it."""
    found = [card for card in map(_read, _scans(session, encounter_id)) if card is not None]
    names = {coverage.plan.payer.name.lower(), coverage.plan.name.lower()}
    named = [card for card in found if card.payer_name.lower() in names]
    certain = named or found
    return certain[0] if len(certain) == 1 else None


def _scans(session: Session, encounter_id: int | None) -> list[str]:
    documents = session.scalars(
        select(Document)
        .where(Document.encounter_id == encounter_id, Document.kind == KIND)
        .order_by(Document.id)
    )
    return [document.content.decode("utf-8", "replace") for document in documents]


def _read(text: str) -> Card | None:
    member = _MEMBER_ID.search(text)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return Card(payer_name=lines[0], member_id=member[1].upper()) if member else None
