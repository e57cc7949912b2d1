"""STC as both 277s write it: up to three composites, at elements 1, 10 and 11."""

from collections.abc import Iterable

from domain.acknowledgments import StatusCode
from edi.answer_words import CATEGORIES, ENTITIES, STATUSES
from edi.segments import Segment

_COMPOSITES = (1, 10, 11)
_NOTE = 12


def codes_of(segments: Iterable[Segment]) -> tuple[StatusCode, ...]:
    """Every code of these STC, in order; requests for information are categories R and a number."""
    return tuple(
        _code(segment, place)
        for segment in segments
        for place in _COMPOSITES
        if segment.part(place, 1)
    )


def _code(segment: Segment, place: int) -> StatusCode:
    category, status, entity, list_id = (segment.part(place, part) for part in (1, 2, 3, 4))
    return StatusCode(
        category=category,
        status=status,
        entity=entity or None,
        list_id=list_id or None,
        words=f"{_category(category)}: {_of(entity, _status(status, list_id))}",
    )


def note_of(segments: Iterable[Segment]) -> str | None:
    """What the sender wrote in words of its own (STC12), once each."""
    written = dict.fromkeys(filter(None, (segment.at(_NOTE) for segment in segments)))
    return " ".join(written) or None


def _status(status: str, list_id: str) -> str:
    """Another list gives the same numbers other meanings, for which there are no words here."""
    if list_id:
        return f"status {status[:5]} of the list {list_id[:5]}"
    return STATUSES.get(status, f"status {status[:5]}")


def _of(entity: str, words: str) -> str:
    """Whose name, number or address it is, where the code of the entity says so."""
    return words.replace("this entity", ENTITIES.get(entity, "this entity"))


def _category(category: str) -> str:
    if category.startswith("R"):
        return "the payer asks for information"
    return CATEGORIES.get(category, f"category {category[:3]}")
