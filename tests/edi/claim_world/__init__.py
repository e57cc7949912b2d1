"""Invented claims of every kind, the same for the same seed, each balanced and sound by intent."""

from collections.abc import Iterator
from dataclasses import dataclass

from domain.claims import ProfessionalClaim
from domain.institutional import InstitutionalClaim
from tests.edi.claim_world import institutional, professional, spellings
from tests.edi.claim_world.draw import Draw

Claim = ProfessionalClaim | InstitutionalClaim
EACH = 52
SEED = 4


@dataclass(frozen=True, kw_only=True)
class Case:
    kind: str
    typed: Claim
    """As people wrote it down."""
    written: Claim
    """As it must be read back: other only where the letters of X12 want another spelling."""


def kinds() -> tuple[str, ...]:
    return (*professional.KINDS, *institutional.KINDS, *spellings.KINDS)


def world(*, seed: int = SEED, each: int = EACH) -> tuple[Case, ...]:
    return tuple(_cases(Draw(seed), each))


def _cases(draw: Draw, each: int) -> Iterator[Case]:
    for _ in range(each):
        for kind, make in professional.KINDS.items():
            yield _same(kind, make(draw))
        for kind, make_stay in institutional.KINDS.items():
            yield _same(kind, make_stay(draw))
        for kind, spell in spellings.KINDS.items():
            typed, written = spell(draw)
            yield Case(kind=kind, typed=typed, written=written)


def _same(kind: str, claim: Claim) -> Case:
    return Case(kind=kind, typed=claim, written=claim)
