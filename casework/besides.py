"""The remittances of a file whose name is taken, each beside those that have it. However many they
are, the file is walked once for what they say, and once more for those that say something else."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, islice
from operator import itemgetter

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from casework.hearing import Namesake
from casework.posting import same_answers, storing
from casework.posting.advice import Held, Reading
from casework.posting.same_answers import Comparison
from db.models import RemitClaim, Remittance
from domain import remittance as said


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Those of one name that came in files before, the first of them first."""

    rows: Sequence[Remittance]
    by_digest: Mapping[str, Remittance]


@dataclass(kw_only=True)
class Taken:
    """Those of one name that this very file adds. Their claims are stored when all are known."""

    rows: list[Remittance] = field(default_factory=list)
    by_digest: dict[str, Remittance] = field(default_factory=dict)
    pcns: set[str] = field(default_factory=set)


@dataclass(frozen=True, kw_only=True)
class Beside:
    one: Namesake
    number: int
    """Its place among the file's remittances."""
    digest: str
    before: Standing
    taken: Taken

    @property
    def rows(self) -> Sequence[Remittance]:
        return [*self.before.rows, *self.taken.rows]

    @property
    def same(self) -> Remittance | None:
        return self.before.by_digest.get(self.digest) or self.taken.by_digest.get(self.digest)

    @property
    def moves_money(self) -> bool:
        return bool(self.one.item.paid_cents or self.one.item.provider_adjustments)


@dataclass(frozen=True, kw_only=True)
class Compared:
    with_first: Comparison
    is_apart: bool
    """From all that came in files before."""
    pcns: frozenset[str]
    """Of one that moves no money: all others are asked about, whatever claims they are of."""


def gather(
    session: Session, namesakes: Sequence[Namesake], reading: Reading | Held
) -> list[Beside]:
    items = {reading.place(one.item): one.item for one in namesakes}
    digests = same_answers.digests_of(items, reading.again() if items else ())
    standing: dict[tuple[said.RemittanceKey, int], Standing] = {}
    taken: dict[said.RemittanceKey, Taken] = {}
    besides = list[Beside]()
    for number, one in zip(items, namesakes, strict=True):
        key = said.key(one.item)
        if (key, one.payer.id) not in standing:
            standing[key, one.payer.id] = _standing(session, one)
        beside = Beside(
            one=one,
            number=number,
            digest=digests[number],
            before=standing[key, one.payer.id],
            taken=taken.setdefault(key, Taken()),
        )
        besides.append(beside)
    return besides


def compare(
    session: Session, besides: Iterable[Beside], reading: Reading | Held
) -> dict[int, Compared]:
    """By place, those that say what none said in a file before."""
    differing = {beside.number: beside for beside in besides if beside.same is None}
    found = dict[int, Compared]()
    # The claims of one set stand together in a file; a set may have none.
    sets = groupby(reading.again() if differing else (), key=itemgetter(0))
    for number, placed in sets:
        if number in differing:
            claims = (claim for _, claim in placed)
            found[number] = _compare(session, differing[number], claims)
    for number in differing.keys() - found.keys():
        found[number] = _compare(session, differing[number], ())
    return found


def _standing(session: Session, one: Namesake) -> Standing:
    rows = storing.standing(session, one.item, one.payer)
    by_digest = dict[str, Remittance]()
    for row in rows:
        by_digest.setdefault(same_answers.digest_of_stored(session, row), row)
    return Standing(rows=rows, by_digest=by_digest)


def _compare(session: Session, beside: Beside, claims: Iterable[said.RemitClaim]) -> Compared:
    first, *others = beside.before.rows
    pcns = set[str]()
    told = claims if beside.moves_money else _noting(claims, pcns)
    with_first = same_answers.compare(session, first, told)
    is_apart = with_first.is_apart and not _answer_any(session, others, pcns)
    return Compared(with_first=with_first, is_apart=is_apart, pcns=frozenset(pcns))


def _noting(claims: Iterable[said.RemitClaim], pcns: set[str]) -> Iterator[said.RemitClaim]:
    for claim in claims:
        pcns.add(claim.pcn)
        yield claim


def _answer_any(session: Session, remittances: Sequence[Remittance], pcns: Iterable[str]) -> bool:
    """Whether any of these remittances answers any of these claims."""
    ids, left = [one.id for one in remittances], iter(pcns)
    while ids and (some := list(islice(left, storing.CLAIMS_AT_ONCE))):
        answers = select(RemitClaim.id).where(
            RemitClaim.remittance_id.in_(ids), RemitClaim.pcn.in_(some)
        )
        if session.scalar(select(exists(answers))):
            return True
    return False
