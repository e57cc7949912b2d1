"""One service line of a professional claim as item 24 says it, shaded half and all."""

import re
from collections.abc import Iterator

from domain.claim_details import ConditionCategory, Drug
from domain.claims import ClaimLine, ProfessionalClaim
from forms.cms1500_claim import FormLine

# On paper a taxonomy is marked so; the 837 has another word for it.
ZZ_TAXONOMY = "ZZ"
_NDC, _NARRATIVE = "N4", "ZZ"
_DRUG = re.compile(rf"{_NDC}\d{{11}}")
_LETTERS = "ABCDEFGHIJKL"


def form_line(claim: ProfessionalClaim, line: ClaimLine) -> FormLine:
    who = line.providers.rendering
    taxonomy = who.taxonomy if who else claim.rendering.taxonomy
    return FormLine(
        from_on=line.service_on,
        to_on=line.service_to_on or line.service_on,
        place=line.place_of_service or claim.place_of_service,
        is_emergency=line.is_emergency,
        code=line.code,
        modifiers=line.modifiers,
        pointers="".join(_LETTERS[pointer - 1] for pointer in line.pointers),
        charge_cents=line.charge_cents,
        units=line.units,
        rendering_npi=who.npi if who else claim.rendering.npi,
        rendering_qualifier=ZZ_TAXONOMY if taxonomy else "",
        rendering_other_id=taxonomy or "",
        screening="Y" if line.is_epsdt or line.is_family_planning else "",
        screening_reason=_screening_reason(claim) if line.is_epsdt else "",
        supplements=tuple(_supplements(line)),
    )


def drug_words(drug: Drug) -> str:
    """The number, one blank, then unit and quantity together: N459148001665 UN1.5."""
    return f"{_NDC}{drug.ndc} {drug.unit}{drug.quantity.normalize():f}"


def is_drug(text: str) -> bool:
    return _DRUG.match(text) is not None


def _supplements(line: ClaimLine) -> Iterator[str]:
    if line.drug:
        yield drug_words(line.drug)
    if words := " ".join(part for part in (line.description, line.note) if part):
        yield f"{_NARRATIVE}{words}"


def _screening_reason(claim: ProfessionalClaim) -> str:
    """Why a child was screened, and what came of it: the claim's own indicator."""
    screened = (c for c in claim.conditions if c.category is ConditionCategory.EPSDT)
    return next((found.codes[0] for found in screened if found.codes), "")
