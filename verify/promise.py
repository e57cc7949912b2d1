"""One promise: a name, the sentence it keeps, and how its breaches are found (ids only)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from string import Template

from verify.snapshot import Snapshot

Breaches = Callable[[Snapshot], Iterable[str]]


@dataclass(frozen=True, kw_only=True)
class Promise:
    """`breaches` yields one short text per breach: a number or key of ours and what is wrong."""

    name: str
    sentence: str
    breaches: Breaches


def asked(name: str, sentence: str, sql: str, *, parts: Mapping[str, str] | None = None) -> Promise:
    """A promise whose breaches are the rows (one text column) of one query.

    `parts` are conditions that several queries of a module share, written `$name` in them.
    """
    query = Template(sql).substitute(parts) if parts else sql

    def breaches(snapshot: Snapshot) -> Iterable[str]:
        return (str(row[0]) for row in snapshot.rows(query))

    return Promise(name=name, sentence=sentence, breaches=breaches)
