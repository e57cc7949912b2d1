"""STC as both 277s write it: up to three composites, at elements 1, 10 and 11."""

from collections.abc import Iterable

from domain.acknowledgments import StatusCode
from edi.answer_words import CATEGORIES, STATUSES
from edi.segments import Segment

_COMPOSITES = (1, 10, 11)


def codes_of(segments: Iterable[Segment]) -> tuple[StatusCode, ...]:
    """Every code of these STC, in order; requests for information are categories R and a number."""
    return tuple(
        _code(segment, place)
        for segment in segments
        for place in _COMPOSITES
        if segment.part(place, 1)
    )


def _code(segment: Segment, place: int) -> StatusCode:
    category, status = segment.part(place, 1), segment.part(place, 2)
    return StatusCode(
        category=category,
        status=status,
        entity=segment.part(place, 3) or None,
        words=f"{_category(category)}: {STATUSES.get(status, f'status {status[:5]}')}",
    )


def _category(category: str) -> str:
    if category.startswith("R"):
        return "the payer asks for information"
    return CATEGORIES.get(category, f"category {category[:3]}")
