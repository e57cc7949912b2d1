"""Claims of people and streets as they are typed, each beside how it must stand in the file.

The spellings were written by hand; our own mapping has no part in them.
"""

import dataclasses
from typing import TypeVar

from domain.claims import ProfessionalClaim
from domain.institutional import InstitutionalClaim
from domain.parties import Address, PersonName
from tests.edi.claim_world import institutional, professional
from tests.edi.claim_world.draw import Draw

Pair = tuple[ProfessionalClaim, ProfessionalClaim] | tuple[InstitutionalClaim, InstitutionalClaim]
_Claim = TypeVar("_Claim", ProfessionalClaim, InstitutionalClaim)
_ACCENTS = (
    (PersonName(last="Müller-Weiß", first="Zoë"), PersonName(last="MULLER-WEISS", first="ZOE")),
    (PersonName(last="Đặng", first="Thị"), PersonName(last="DANG", first="THI")),
    (PersonName(last="O’Brien", first="Seán"), PersonName(last="O'BRIEN", first="SEAN")),
    (PersonName(last="Łukasz Ærø", first="Þór"), PersonName(last="LUKASZ AERO", first="THOR")),
    (
        PersonName(last="Núñez  Íñiguez", first="José", middle="M.ª", suffix="Jr."),
        PersonName(last="NUNEZ INIGUEZ", first="JOSE", middle="M.A", suffix="JR."),
    ),
    (PersonName(last="Kaʻahumanu", first="“Kai”"), PersonName(last="KA'AHUMANU", first='"KAI"')),
)
_LONG = (
    PersonName(
        last="WOLFESCHLEGELSTEINHAUSENBERGERDORFF-FEATHERSTONEHAUGH-ESSEX",
        first="HUBERT BLAINE",
    ),
    PersonName(
        last="DE LOS SANTOS VILLANUEVA Y GONZALEZ DE LA TORRE",
        first="MARIA GUADALUPE DE LOS ANGELES ROSA",
        middle="CONCEPCION TRINIDAD JUANA",
        suffix="III",
    ),
    PersonName(last="X", first="Y"),
)
# Typed in two fields -> the two lines that must stand in N3.
_STREETS = (
    ("1200 Élm St", "Apt #4B", "1200 ELM ST", "APT 4B"),
    ("1200 Elm St Apt #4B", None, "1200 ELM ST APT 4B", None),
    ("9 Main St", "#12", "9 MAIN ST", "UNIT 12"),
    (
        "12345 North Martin Luther King Junior Boulevard Apartment #1204",
        None,
        "12345 NORTH MARTIN LUTHER KING JUNIOR BOULEVARD",
        "APARTMENT 1204",
    ),
    ("1½ Main St", "Bldg C, Floor 3", "1 1/2 MAIN ST", "BLDG C, FLOOR 3"),
    ("C/O Jane Doe", "Suite # 7", "C/O JANE DOE", "SUITE 7"),
)


def accents(draw: Draw) -> Pair:
    typed, written = draw.rng.choice(_ACCENTS)
    return _pair(draw, typed, written)


def long_names(draw: Draw) -> Pair:
    name = draw.rng.choice(_LONG)
    return _pair(draw, name, name)


def apartments(draw: Draw) -> Pair:
    first, second, one, two = draw.rng.choice(_STREETS)
    home = draw.address()
    typed = dataclasses.replace(home, line1=first, line2=second)
    written = dataclasses.replace(home, line1=one, line2=two)
    name = draw.name()
    return _pair(draw, name, name, typed, written)


def _pair(
    draw: Draw,
    typed: PersonName,
    written: PersonName,
    typed_home: Address | None = None,
    written_home: Address | None = None,
) -> Pair:
    if draw.chance():
        professional_claim = professional.visit(draw)
        return (
            _lived_in(professional_claim, typed, typed_home),
            _lived_in(professional_claim, written, written_home),
        )
    stay = institutional.stay(draw)
    return _lived_in(stay, typed, typed_home), _lived_in(stay, written, written_home)


def _lived_in(claim: _Claim, name: PersonName, home: Address | None) -> _Claim:
    address = home or claim.subscriber.address
    person = dataclasses.replace(claim.subscriber, name=name, address=address)
    return dataclasses.replace(claim, subscriber=person)


KINDS = {"accents": accents, "long names": long_names, "apartments": apartments}
