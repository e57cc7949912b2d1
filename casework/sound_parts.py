"""What of a file may be heard. Each set is judged by itself; the envelope's own damage, a wrong
mark or a lost end bar the whole interchange."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from casework import quarantine, routes
from casework.hearing import Hearing
from casework.posting import storing
from casework.posting.advice import Reading
from casework.quarantine import Fault, Place, Where
from domain.remittance import Remittance
from edi.errors import refusing
from edi.read import Item, ReadInterchange, ReadSet, SetKind

TAKEN_KINDS = (
    SetKind.ACKNOWLEDGMENT,
    SetKind.CLAIM_ACKNOWLEDGMENT,
    SetKind.CLAIM_STATUS,
    SetKind.ELIGIBILITY,
    SetKind.REMITTANCE,
)

# Each names its segment; the file itself shows the rest.
DOUBTS_SHOWN_MAX = 20
TA1S = 0


@dataclass(frozen=True, kw_only=True)
class Part:
    """What is heard or kept back as one: a transaction set, or the TA1s of an interchange."""

    place: Place
    kind: str
    items: tuple[tuple[tuple[int, int], Item], ...]
    """Each with its interchange and its number in that, both from 0."""


def sound(
    session: Session,
    reading: Reading,
    hearing: Hearing,
    chosen: Collection[Place] | None = None,
) -> Iterator[Part]:
    """Those that may be heard; of the others, the faults. Where some are chosen, a mark bars only
    those: the others were heard while the route took it."""
    for number, interchange in enumerate(reading.file.interchanges):
        acks, *sets = _parts(number, interchange)
        places = [part.place for part in (acks, *sets) if chosen is None or part.place in chosen]
        barred = _fault_of_envelope(session, interchange, places, hearing)
        if barred is not None:
            hearing.faults.append(barred)
            continue
        doubts = list(interchange.findings)
        if acks.items:
            yield acks
        for part, one in zip(sets, interchange.sets, strict=True):
            where = Where(interchange=interchange.control_number, set=one.control_number)
            faults = list(_faults(session, part, one, where, reading, hearing.file.name))
            hearing.faults += faults
            if not faults:
                doubts += one.findings
                yield part
        for found in doubts[:DOUBTS_SHOWN_MAX]:
            words = f"interchange {interchange.control_number[:9]}: {found}"
            hearing.say(f"{words} Nothing is held back for it.")


def silenced(session: Session, reading: Reading) -> set[Place]:
    """The parts of each interchange that was not heard while one of its payers was unknown: so it
    was before sets were judged by themselves."""
    return {
        part.place
        for number, interchange in enumerate(reading.file.interchanges)
        if any(_is_new(session, item, reading) for one in interchange.sets for item in one.items)
        for part in _parts(number, interchange)
    }


def _is_new(session: Session, item: Item, reading: Reading) -> bool:
    if not isinstance(item, Remittance):
        return False
    payer = storing.payer_of(session, item, reading.advice(item).pcns)
    return payer is None or storing.stored(session, item, payer) is None


def _parts(number: int, interchange: ReadInterchange) -> Iterator[Part]:
    """The TA1s, then set by set; items are numbered through the interchange."""
    said = [("TA1", interchange.acks), *((str(one.kind), one.items) for one in interchange.sets)]
    begun = 0
    for place, (kind, items) in enumerate(said, TA1S):
        placed = tuple(((number, at), item) for at, item in enumerate(items, begun))
        yield Part(place=(number, place), kind=kind, items=placed)
        begun += len(items)


def _fault_of_envelope(
    session: Session, interchange: ReadInterchange, places: Sequence[Place], hearing: Hearing
) -> Fault | None:
    name, control = hearing.file.name, interchange.control_number
    if refused := refusing(interchange.findings):
        inside = (found for one in interchange.sets for found in refusing(one.findings))
        return quarantine.unreadable(name, control, [*refused, *inside])
    route, usage = routes.find(session, hearing.file.route), interchange.envelope.usage
    if places and route is not None and usage != route.usage:
        return quarantine.wrong_usage(name, control, usage, route.name, route.usage, places)
    return None


def _faults(
    session: Session, part: Part, one: ReadSet, where: Where, reading: Reading, name: str
) -> Iterator[Fault]:
    if refused := refusing(one.findings):
        yield quarantine.unreadable_set(name, where, refused)
    elif one.kind not in TAKEN_KINDS:
        yield quarantine.not_awaited(name, where, one.guide)
    else:
        for _, item in part.items:
            if isinstance(item, Remittance):
                yield from _remittance_faults(session, item, part, where, reading, name)


def _remittance_faults(
    session: Session, item: Remittance, part: Part, where: Where, reading: Reading, name: str
) -> Iterator[Fault]:
    advice = reading.advice(item)
    unbalanced = advice.imbalances(item)
    if unbalanced:
        yield quarantine.out_of_balance(
            name, where, item, unbalanced, advice.arithmetic(item), part.place, advice.pcns
        )
    elif storing.payer_of(session, item, advice.pcns) is None:
        yield quarantine.unknown_payer(name, where, item, part.place)
