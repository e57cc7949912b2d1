"""`claimflow x12 …`: X12 files shown, checked, split and set out; no database and no home.

What is shown is the file's own: it may hold patients' names.
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from commands.failure import CommandFailed
from commands.inbox import BYTES_MAX
from commands.screen import complain, plural, say, say_json
from domain.acknowledgments import ClaimAck, FunctionalAck, InterchangeAck
from domain.claims import ProfessionalClaim
from domain.institutional import InstitutionalClaim
from domain.remit_balance import imbalances
from domain.remit_contradictions import contradictions
from domain.remittance import Remittance, unknown_codes
from edi import (
    claim_file_checks,
    claim_places,
    describe,
    institutional_checks,
    parting,
    professional_checks,
)
from edi.errors import Finding, refusing
from edi.read import NOT_READ, File, Item, ReadSet, SetKind, read
from edi.x837_read import claim_loops

HAS_FINDINGS = 1
_CLAIMS = frozenset({SetKind.PROFESSIONAL_CLAIM, SetKind.INSTITUTIONAL_CLAIM})
INDENT = "  "


def show(path: Path, *, as_json: bool) -> int:
    """The file as a tree; exit status 1 where it holds no interchange."""
    nodes = describe.describe(_bytes(path))
    if not nodes:
        raise CommandFailed(f"{path}: there is no ISA in this file; it is not X12.")
    if as_json:
        say_json({"file": str(path), "segments": nodes})
        return 0
    for node in nodes:
        told = "*".join((node.segment_id, *node.elements))
        say(f"{node.number:>6}  {INDENT * node.depth}{told}  ({node.title})")
    return 0


def check(paths: Sequence[Path], *, as_json: bool) -> int:
    """What is wrong in each file, on stdout; exit status 1 if anything is."""
    found = {str(path): _checked(path) for path in paths}
    if as_json:
        say_json({"files": [{"file": name, **told} for name, told in found.items()]})
    else:
        for name, told in found.items():
            _say(name, told)
    return HAS_FINDINGS if any(told["findings"] for told in found.values()) else 0


def split(path: Path, *, into: Path) -> int:
    """A file for each transaction set, with an envelope of its own; nothing is written over."""
    data = _bytes(path)
    damaged = [found for each in read(data).interchanges for found in refusing(each.findings)]
    if damaged:
        for found in damaged:
            complain(f"{path}: {found}")
        raise CommandFailed(f"{path}: its envelope is damaged; nothing was split.")
    named = {f"{path.stem}-{name}": content for name, content in _named(data)}
    if not named:
        raise CommandFailed(f"{path}: there is no transaction set in this file.")
    there = [name for name in named if (into / name).exists()]
    if there:
        raise CommandFailed(f"{into / there[0]} is there already; choose another folder.")
    into.mkdir(parents=True, exist_ok=True)
    for name, content in named.items():
        (into / name).write_bytes(content)
        say(str(into / name))
    return 0


def pretty(path: Path) -> int:
    """The file with one segment a line, on stdout."""
    content = parting.pretty(_bytes(path))
    if not content:
        raise CommandFailed(f"{path}: there is no ISA in this file; it is not X12.")
    sys.stdout.buffer.write(content)
    return 0


def _checked(path: Path) -> dict[str, list[str]]:
    file = read(_bytes(path))
    return {
        "sets": [f"{one.kind} {one.control_number}" for one in file.sets],
        "not_read": [
            f"set {one.control_number}, {one.guide}" for one in file.sets if one.kind in NOT_READ
        ],
        "findings": [found.quoted for found in file.findings] + list(_of_sets(file)),
    }


def _of_sets(file: File) -> Iterator[str]:
    """What no reader minds, and would cost a claim its rejection or a payment its sums."""
    for one in file.sets:
        if one.kind in _CLAIMS and one.items:
            found = (replace(each, set_control=one.control_number) for each in _of_claims(one))
            yield from (each.quoted for each in found)
        for item in one.items:
            yield from (f"Set {one.control_number}, {words}" for words in _of_item(item))


def _of_claims(one: ReadSet) -> Iterator[Finding]:
    body = one.segments[1:-1]
    yield from claim_file_checks.findings(body)
    for claim, loop in zip(one.items, claim_loops(body), strict=True):
        match claim:
            case ProfessionalClaim():
                found = professional_checks.findings(claim)
            case InstitutionalClaim():
                found = institutional_checks.findings(claim)
            case _:
                raise AssertionError(one.kind)
        yield from (claim_places.placed(each, claim, loop) for each in found)


def _of_item(item: Item) -> Iterator[str]:
    match item:
        case InterchangeAck() | FunctionalAck():
            yield from item.unread
        case ClaimAck():
            yield from (words for claim in item.claims for words in claim.unread)
        case Remittance():
            yield from (found.words for found in imbalances(item))
            yield from contradictions(item)
            yield from (words for claim in item.claims for words in unknown_codes(claim))


def _say(name: str, told: dict[str, list[str]]) -> None:
    if told["not_read"]:
        say(f"{name}: only the envelope was checked of {', '.join(told['not_read'])}.")
    if not told["findings"]:
        say(f"{name}: {plural(len(told['sets']), 'transaction set')}, nothing is wrong.")
    for words in told["findings"]:
        say(f"{name}: {words}")


def _named(data: bytes) -> Iterator[tuple[str, bytes]]:
    for number, part in enumerate(parting.parts(data), 1):
        yield f"{number:04d}-{part.set_id}.x12", part.content


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > BYTES_MAX:
            raise CommandFailed(f"{path} is larger than {BYTES_MAX // 1024**2} MB.")
        return path.read_bytes()
    except OSError as error:
        raise CommandFailed(f"{path} cannot be read: {error.strerror}.") from None
