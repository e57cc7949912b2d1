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
    """Of what stands behind `CLP*` up to the first line, and of one line up to the next. A search
    finds the lines that fit; whether all of them do, their number tells."""
    shape = _Shape(element, end)
    return re.compile(shape.claim()), re.compile(shape.line())


class _Shape:
    def __init__(self, element: str, end: str) -> None:
        self._element, self._end = re.escape(element), re.escape(end)
        self._text = f"[^{self._end}]*+"
        self._value = f"([^{self._element}{self._end}]*+)"
        self._needed = f"([^{self._element}{self._end}]++)"
        self._further = _perhaps(f"{self._element}{self._value}")
        self._over = f"(?={self._end}{self._start('SVC')}|\\Z)"

    def claim(self) -> str:
        """CLP01 to CLP09, the rest of it, and 13 that are whole segments or runs of them."""
        opening = self._element.join([self._needed, *[self._value] * 3])
        opening += self._further * 5 + f"({self._text})"
        names = "".join(self._segment(f"NM1*{code}") for code in _NAMES)
        return (
            opening + self._run("CAS") + names + self._passed("NM1*GB")
            + self._segment("MIA") + self._segment("MOA") + self._run("REF") + self._run("DTM")
            + self._passed("PER") + self._run("AMT") + self._passed("QTY") + self._passed_headers()
            + self._over
        )  # fmt: skip

    def line(self) -> str:
        """All of it, SVC01 to SVC07, REF*6R and AMT*B6 by their value, and the others in runs."""
        opening = self._end + self._start("SVC")
        opening += self._element.join([self._value] * 2) + self._further * 5 + self._text
        whole = (
            opening + self._run("DTM") + self._run("CAS")
            + self._only_value("REF*6R") + self._run("REF")
            + self._only_value("AMT*B6") + self._run("AMT")
            + self._passed("QTY") + self._run("LQ") + self._passed_headers()
        )  # fmt: skip
        return f"({whole}){self._over}"

    def _segment(self, start: str) -> str:
        """Whole, where it stands at all."""
        return _perhaps(f"{self._end}({self._start(start)}{self._text})")

    def _only_value(self, start: str) -> str:
        """Where it is not empty and nothing else stands in the segment."""
        over = f"(?={self._end}|\\Z)"
        return _perhaps(f"{self._end}{self._start(start)}{self._needed}{over}")

    def _run(self, start: str) -> str:
        """Any number of them, each with the terminator before it."""
        return f"({self._passed(start)})"

    def _passed(self, *starts: str) -> str:
        names = "|".join(self._start(start) for start in starts)
        one = f"{self._end}(?:{names}){self._text}"
        return _perhaps(f"{one}(?:{one})*")

    def _passed_headers(self) -> str:
        """Of the next group of claims, behind the last of this one."""
        return self._passed("LX", "TS3", "TS2")

    def _start(self, start: str) -> str:
        return self._element.join([*start.split("*"), ""])


def _perhaps(pattern: str) -> str:
    """As `?` does it; but a repetition, even of one, has its price where nothing stands."""
    return f"(?:{pattern}|)"
