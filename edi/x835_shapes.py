"""The order in which the guide of the 835 lets a claim and a line be told, as two patterns.

A text that does not fit is known to in time that grows as it does: what repeats begins with its
terminator and its name, so that no other part can take it. Only single characters are matched
possessively: in groups Python before 3.11.5 gets that wrong (its gh-106052).
"""

import re
from functools import lru_cache

_PATTERNS_MAX = 64
_NAMES = ("QC", "IL", "74", "82", "TT", "PR")


@lru_cache(maxsize=_PATTERNS_MAX)
def shapes(element: str, end: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Of what stands behind `CLP*` up to the first line, and behind `SVC*` up to the next."""
    shape = _Shape(element, end)
    return re.compile(shape.claim()), re.compile(shape.line())


class _Shape:
    def __init__(self, element: str, end: str) -> None:
        self._element, self._end = re.escape(element), re.escape(end)
        self._text = f"[^{self._end}]*+"
        self._value = f"([^{self._element}{self._end}]*+)"
        self._needed = f"([^{self._element}{self._end}]++)"
        self._further = f"(?:{self._element}{self._value})?"

    def claim(self) -> str:
        """CLP01 to CLP09, the rest of it, and 13 that are whole segments or runs of them."""
        opening = self._element.join([self._needed, *[self._value] * 3])
        opening += self._further * 5 + f"({self._text})"
        names = "".join(self._segment(f"NM1*{code}") for code in _NAMES)
        return (
            opening + self._run("CAS") + names + self._passed("NM1*GB")
            + self._segment("MIA") + self._segment("MOA") + self._run("REF") + self._run("DTM")
            + self._passed("PER") + self._run("AMT") + self._passed("QTY") + self._passed_headers()
        )  # fmt: skip

    def line(self) -> str:
        """SVC01 to SVC07, REF*6R and AMT*B6 by their value, and the others in runs."""
        opening = self._element.join([self._value] * 2) + self._further * 5 + self._text
        return (
            opening + self._run("DTM") + self._run("CAS")
            + self._only_value("REF*6R") + self._run("REF")
            + self._only_value("AMT*B6") + self._run("AMT")
            + self._passed("QTY") + self._run("LQ") + self._passed_headers()
        )  # fmt: skip

    def _segment(self, start: str) -> str:
        """Whole, where it stands at all."""
        return f"(?:{self._end}({self._start(start)}{self._text}))?"

    def _only_value(self, start: str) -> str:
        """Where nothing else stands in the segment."""
        over = f"(?={self._end}|\\Z)"
        return f"(?:{self._end}{self._start(start)}{self._value}{over})?"

    def _run(self, start: str) -> str:
        """Any number of them, each with the terminator before it."""
        return f"({self._passed(start)})"

    def _passed(self, start: str) -> str:
        return f"(?:{self._end}{self._start(start)}{self._text})*"

    def _passed_headers(self) -> str:
        """Of the next group of claims, behind the last of this one."""
        return "".join(self._passed(start) for start in ("LX", "TS3", "TS2"))

    def _start(self, start: str) -> str:
        return self._element.join([*start.split("*"), ""])
