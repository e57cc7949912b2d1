"""Why an answer or an action is refused, in words that a page can put beside the field."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Problem:
    """What is wrong with one field; `suggestion` is a value that would be accepted."""

    words: str
    suggestion: str | None = None


class Refused(Exception):
    """The answer is malformed or breaks a rule; nothing was changed."""

    def __init__(self, problems: Mapping[str, Problem]) -> None:
        super().__init__("; ".join(problem.words for problem in problems.values()))
        self.problems = dict(problems)

    @classmethod
    def of(cls, field: str, words: str, suggestion: str | None = None) -> "Refused":
        return cls({field: Problem(words=words, suggestion=suggestion)})


class Stale(Exception):
    """Somebody was first, or the form is of an older version; nothing was changed."""

    def __init__(self, words: str, *, who: str | None, at: dt.datetime | None) -> None:
        super().__init__(words)
        self.words = words
        self.who = who
        self.at = at


class Forbidden(Exception):
    """This person may not do this."""
