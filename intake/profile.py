"""How the names of a foreign system map onto ours, read from one file per system: whose patients
are billed by whom, which payer is which, and what is refused and why."""

import json
from dataclasses import dataclass, field
from pathlib import Path

from intake.elements import Broken, Element

_FOLDER = Path(__file__).parent / "profiles"


@dataclass(frozen=True, kw_only=True)
class TemplateCharge:
    code: str
    units: int


@dataclass(frozen=True, kw_only=True)
class Profile:
    """Without maps (the default), payers and practitioners are known by their own identifiers."""

    source: str
    practitioner_npis: dict[str, str] = field(default_factory=dict)
    payer_ids: dict[str, tuple[str, ...]] = field(default_factory=dict)
    refused_payers: dict[str, tuple[str, str]] = field(default_factory=dict)
    charges_by_class: dict[str, tuple[TemplateCharge, ...]] = field(default_factory=dict)
    billed_procedures: frozenset[str] = frozenset()
    maps_everything: bool = False


EHR = Profile(source="ehr")


def load_profile(name: str) -> Profile:
    """One of the profiles kept beside this module."""
    path = _FOLDER / f"{name}.json"
    root = Element(value=json.loads(path.read_text(encoding="utf-8")), place=path.name)
    return Profile(
        source=root["source"].needed_text(),
        practitioner_npis={
            key: value.needed_text() for key, value in _pairs(root["practitioners"])
        },
        payer_ids={
            key: tuple(payer.needed_text() for payer in value)
            for key, value in _pairs(root["payers"])
        },
        refused_payers={
            key: (value["rule"].needed_text(), value["what_to_do"].needed_text())
            for key, value in _pairs(root["refused_payers"])
        },
        charges_by_class={
            key: tuple(_template(charge) for charge in value)
            for key, value in _pairs(root["charges_by_class"])
        },
        billed_procedures=frozenset(code.needed_text() for code in root["billed_procedures"]),
        maps_everything=True,
    )


def _template(charge: Element) -> TemplateCharge:
    return TemplateCharge(code=charge["code"].needed_text(), units=charge["units"].count(default=1))


def _pairs(element: Element) -> list[tuple[str, Element]]:
    if not isinstance(element.value, dict):
        raise Broken(element.place, "an import profile needs this map", "Add it to the profile.")
    return [(key, element[key]) for key in element.value]
