"""What the files we sent say of claims, read by a splitter of our own: a second pair of eyes."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

ISA_CHARACTERS = 106
ELEMENT_AT, COMPONENT_AT, TERMINATOR_AT = 3, 104, 105
ISA13, CLM_FACTS, QUALIFIER_AT, FREQUENCY_AT = 13, 5, 1, 2
# What stands before the frequency: a type of bill, or a place of service.
FORMS = {"A": "I", "B": "P"}


@dataclass(frozen=True, kw_only=True)
class SentClaim:
    """One claim as the receiver sees it; `lines` are our line control numbers."""

    pcn: str
    frequency: str
    original: str | None
    lines: tuple[str, ...]
    form: str | None = None
    """P or I, as the facility code of an interchange says; paper does not tell it here."""


@dataclass(frozen=True, kw_only=True)
class SentFile:
    """`control` is ISA13 of an interchange; `fault` says why a file could not be read."""

    outbox_id: int
    name: str
    control: str | None
    claims: tuple[SentClaim, ...]
    fault: str | None = None


def read_file(outbox_id: int, name: str, content: bytes) -> SentFile:
    """An interchange, or the manifest of a piece of mail."""
    file = SentFile(outbox_id=outbox_id, name=name, control=None, claims=())
    if name.endswith(".x12"):
        return _interchange(file, content)
    return _manifest(file, content)


def _interchange(file: SentFile, content: bytes) -> SentFile:
    segments = list(_segments(content.decode("latin-1")))
    if not segments or segments[0][0] != "ISA" or segments[-1][0] != "IEA":
        return replace(file, fault="is not one whole interchange")
    if sum(segment[0] == "ISA" for segment in segments) != 1:
        return replace(file, fault="holds more than one interchange")
    claims = tuple(_claims(segments, component=content.decode("latin-1")[COMPONENT_AT]))
    return replace(file, control=segments[0][ISA13], claims=claims)


def _segments(text: str) -> Iterator[list[str]]:
    if len(text) < ISA_CHARACTERS:
        return
    element, terminator = text[ELEMENT_AT], text[TERMINATOR_AT]
    for raw in text.split(terminator):
        segment = raw.strip("\r\n")
        if segment:
            yield segment.split(element)


def _claims(segments: list[list[str]], *, component: str) -> Iterator[SentClaim]:
    claim: SentClaim | None = None
    for segment in segments:
        match segment:
            case ["CLM", pcn, *facts]:
                if claim:
                    yield claim
                said = facts[CLM_FACTS - 2].split(component)
                claim = SentClaim(
                    pcn=pcn, frequency=said[FREQUENCY_AT], original=None, lines=(),
                    form=FORMS.get(said[QUALIFIER_AT]),
                )  # fmt: skip
            case ["REF", "F8", original, *_] if claim:
                claim = replace(claim, original=claim.original or original)
            case ["REF", "6R", line, *_] if claim:
                claim = replace(claim, lines=(*claim.lines, line))
    if claim:
        yield claim


def _manifest(file: SentFile, content: bytes) -> SentFile:
    try:
        manifest = json.loads(content)
    except ValueError:
        return replace(file, fault="is not a manifest in JSON")
    if manifest.get("kind") != "claim":
        return file
    return replace(file, claims=(_paper_claim(manifest),))


def _paper_claim(manifest: dict[str, Any]) -> SentClaim:
    claim = manifest.get("claim") or {}
    return SentClaim(
        pcn=str(claim.get("pcn") or manifest.get("pcn")),
        frequency=str(claim.get("frequency") or manifest.get("frequency")),
        original=claim.get("payer_claim_number") or manifest.get("payer_claim_number"),
        lines=tuple(str(line.get("line")) for line in claim.get("lines", ())),
    )
