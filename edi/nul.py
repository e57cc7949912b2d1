"""A byte that stands for nothing (NUL): no database keeps it in a text, and no eye sees it. It is
shown as a sign, and its segment is doubted."""

from edi.errors import Finding
from edi.segments import Separators

NUL, SHOWN = "\0", "\N{SYMBOL FOR NULL}"
_TEXT_MAX = 60


def is_in(text: str, separators: Separators) -> bool:
    """A sender may have chosen it for a separator, and then it says something."""
    return NUL in text and NUL not in _signs(separators)


def shown(text: str, separators: Separators) -> str:
    return text.replace(NUL, SHOWN) if is_in(text, separators) else text


def doubt(number: int, text: str, separators: Separators) -> Finding:
    """`text`: the whole segment, which is the `number`th of its interchange."""
    elements = shown(text, separators).split(separators.element)
    place = next(place for place, each in enumerate(elements) if SHOWN in each)
    return Finding(
        segment=number,
        segment_id=elements[0][:3],
        words=f"A byte that stands for nothing (NUL) is in it; it is shown as {SHOWN}.",
        element=f"{elements[0][:3]}{place:02d}" if place else None,
        text=elements[place][:_TEXT_MAX],
        is_doubt=True,
    )


def doubts(first: int, text: str, separators: Separators) -> list[Finding]:
    """Of some whole segments, each with its terminator; `first` is the number of the first."""
    segments = text.split(separators.terminator)
    return [
        doubt(number, segment, separators)
        for number, segment in enumerate(segments, first)
        if NUL in segment
    ]


def _signs(separators: Separators) -> str:
    return "".join(
        (
            separators.element,
            separators.component,
            separators.repetition or "",
            separators.terminator,
        )
    )
