"""Where on a claim a complaint lies: the box of either form, and the place on our own pages.

A 999 names a segment of ours, a 277CA a status and whose it is; both lead to the same parts.
"""

from dataclasses import dataclass
from enum import StrEnum

from domain.claim_form import ClaimForm


class Remedy(StrEnum):
    """What mends it; each is an answer to a rejection."""

    COVERAGE = "coverage"
    CODES = "codes"
    AGAIN = "again"
    THERE = "there"


@dataclass(frozen=True, kw_only=True)
class FormPlace:
    """A part of a claim. A box is empty where that form has none for it."""

    name: str
    box: str
    """Of the CMS-1500."""
    locator: str
    """Of the UB-04."""
    page: str
    remedy: Remedy = Remedy.AGAIN

    @property
    def is_personal(self) -> bool:
        """What stands there may tell who the patient or the insured is."""
        return self in _PERSONAL

    def on(self, form: ClaimForm) -> str:
        if form is ClaimForm.INSTITUTIONAL:
            return f"UB-04 locator {self.locator}" if self.locator else "not on the UB-04"
        return f"CMS-1500 box {self.box}" if self.box else "not on the CMS-1500"


def _place(name: str, box: str, locator: str, page: str, remedy: str = "again") -> FormPlace:
    return FormPlace(name=name, box=box, locator=locator, page=page, remedy=Remedy(remedy))


# What a biller sees: choices of the task itself, pages of the encounter, or who else keeps it.
_CODES = "this page: ask a coder to change the codes"
_COVER = "this page: check the coverage"
_PERSON = "the encounter, Patient and coverage"
_VISIT = "the encounter, What the claim says"
_FACILITY = "the encounter, Facility claim"
_PRACTICE = "the practice's own data (administrator)"
_PEOPLE = "the provider's own data (administrator)"
_PAYERS = "Payers and rules"
_NOWHERE = "nothing to mend"

PLACES = {
    "member": _place("member id and name of the insured", "1a, 4", "58, 60", _COVER, "coverage"),
    "insured": _place("address and birth of the insured", "7, 11a", "58", _COVER, "coverage"),
    "group": _place("group and kind of the coverage", "1, 11", "61, 62", _COVER, "coverage"),
    "payer": _place("the payer and its id", "top, 11c", "50, 51", _PAYERS, "coverage"),
    "other payer": _place("the other payer's answer", "9, 29", "50B, 54", _COVER, "coverage"),
    "patient": _place("name, address, birth and sex of the patient", "2, 3, 5", "8 to 11", _PERSON),
    "diagnosis": _place("diagnosis codes", "21", "66 to 70", _CODES, "codes"),
    "procedure": _place("procedure code", "24D", "44, 74", _CODES, "codes"),
    "modifier": _place("modifiers", "24D", "44", _CODES, "codes"),
    "pointer": _place("diagnosis pointers", "24E", "", _CODES, "codes"),
    "units": _place("units", "24G", "46", _CODES, "codes"),
    "charge": _place("charges", "24F, 28", "47", "Fees"),
    "service day": _place("day of service", "24A", "6, 45", _VISIT),
    "place of service": _place("place of service", "24B", "4", _VISIT),
    "bill type": _place("type of bill", "", "4", _FACILITY),
    "admission": _place("admission, discharge and status", "18", "12 to 17", _FACILITY),
    "billing": _place("billing provider: name, address, ids", "25, 33", "1, 5, 56", _PRACTICE),
    "pay-to": _place("where payments are sent", "33", "2", _PRACTICE),
    "rendering": _place("rendering or attending provider", "24J, 31", "76", _PEOPLE),
    "operating": _place("operating provider", "", "77", _PEOPLE),
    "referring": _place("referring or ordering provider", "17, 17b", "78, 79", _VISIT),
    "service location": _place("place where it was done", "32, 32a", "1", _VISIT),
    "authorization": _place("prior authorization or referral number", "23", "63", _VISIT),
    "frequency": _place("frequency and the payer's claim number", "22", "4, 64", _VISIT),
    "control number": _place("our control number", "26", "3a", _VISIT),
    "attachment": _place("attachments", "19", "80", _VISIT),
    "notes": _place("notes", "19", "80", _VISIT),
    "drug": _place("drug code and quantity", "24, shaded", "43", _VISIT),
    "facility codes": _place("condition, occurrence, value codes", "10, 15", "18 to 41", _FACILITY),
    "duplicate": _place("the claim as a whole: they have it already", "26", "3a", _NOWHERE,
                        "there"),
    "sender": _place("who sends for whom", "", "", _PRACTICE),
    "file": _place("the file itself, not a claim in it", "", "", "the route (administrator)"),
}  # fmt: skip

_PERSONAL = tuple(PLACES[part] for part in ("member", "insured", "patient", "group"))

# Claim status codes (STC01-2) that say what part it is, whoever is spoken of.
_BY_STATUS = {
    "24": "sender", "26": "billing", "33": "member", "54": "duplicate", "88": "member",
    "91": "billing", "97": "member", "116": "payer", "145": "billing", "164": "member",
    "178": "charge", "187": "service day", "189": "admission", "218": "drug", "228": "bill type",
    "249": "place of service", "252": "authorization", "254": "diagnosis", "255": "diagnosis",
    "453": "modifier", "454": "procedure", "455": "modifier", "464": "frequency", "465": "charge",
    "476": "units", "477": "pointer", "496": "sender", "507": "procedure", "746": "duplicate",
    "21": "", "247": "",
}  # fmt: skip
# Whose name, number or address it is (STC01-3, NM101), where the status says only that it is wrong.
_BY_ENTITY = {
    "IL": "member", "QC": "patient", "03": "patient", "PR": "payer", "85": "billing",
    "87": "pay-to", "82": "rendering", "71": "rendering", "72": "operating", "DN": "referring",
    "P3": "referring", "DK": "referring", "DQ": "rendering", "77": "service location",
    "41": "sender", "40": "sender", "36": "group",
}  # fmt: skip
_REFERENCES = {
    "EI": "billing", "SY": "billing", "G1": "authorization", "9F": "authorization",
    "F8": "frequency", "X4": "service location", "6R": "control number", "D9": "control number",
    "EA": "control number", "4N": "notes",
}  # fmt: skip
_DATES = {"472": "service day", "434": "service day", "435": "admission", "096": "admission"}
_SEGMENTS = {
    "HI": "diagnosis", "SBR": "group", "PAT": "patient", "CL1": "admission", "SV1": "procedure",
    "SV2": "procedure", "PWK": "attachment", "NTE": "notes", "K3": "notes", "LIN": "drug",
    "CTP": "drug", "SVD": "other payer", "CAS": "other payer", "OI": "other payer",
    "MOA": "other payer", "MIA": "other payer", "AMT": "charge", "ISA": "file", "GS": "file",
    "ST": "file", "BHT": "file", "SE": "file", "HL": "file", "LX": "procedure", "CR1": "notes",
    "PRV": "rendering", "DTP": "service day", "REF": "authorization",
}  # fmt: skip
# SV1 and SV2 by element; CLM by element, or component of its fifth.
_SERVICE = {
    "SV1": {2: "charge", 3: "units", 4: "units", 5: "place of service", 7: "pointer"},
    "SV2": {3: "charge", 4: "units", 5: "units"},
}
_MODIFIER_COMPONENTS = (3, 4, 5, 6)
_CLAIM = {1: "control number", 2: "charge", 5: "place of service", 11: "notes"}
_FREQUENCY = (5, 3)
_ADDRESSES = {"IL": "insured"}
_QUALIFIED = {
    "REF": _REFERENCES,
    "DTP": _DATES,
    "HI": dict.fromkeys(
        ("BBR", "BBQ", "BI", "BH", "BE", "BG", "BP", "BO", "TC", "DR"), "facility codes"
    ),
}


def of_status(status: str, entity: str | None) -> FormPlace | None:
    """None where the status says nothing of a part."""
    part = _BY_STATUS.get(status) or _BY_ENTITY.get(entity or "")
    return PLACES[part] if part else None


def of_segment(
    segment_id: str,
    *,
    qualifier: str = "",
    entity: str = "",
    element: int | None = None,
    component: int | None = None,
) -> FormPlace | None:
    """`entity`: of the NM1 that it stands under."""
    part = _part(segment_id, qualifier, entity, element, component)
    return PLACES[part] if part else None


def _part(
    segment_id: str, qualifier: str, entity: str, element: int | None, component: int | None
) -> str | None:
    match segment_id:
        case "NM1":
            return _BY_ENTITY.get(qualifier or entity)
        case "N1" | "N3" | "N4" | "DMG" | "PER":
            return _ADDRESSES.get(entity) or _BY_ENTITY.get(entity)
        case "SV1" | "SV2":
            return _of_service(segment_id, element, component)
        case "CLM":
            return _of_claim(element, component)
        case _:
            qualified = _QUALIFIED.get(segment_id, {}).get(qualifier)
            return qualified or _SEGMENTS.get(segment_id)


def _of_service(segment_id: str, element: int | None, component: int | None) -> str:
    """SV101-3 to -6, and SV202-3 to -6, are modifiers."""
    if component in _MODIFIER_COMPONENTS:
        return "modifier"
    return _SERVICE[segment_id].get(element or 0, "procedure")


def _of_claim(element: int | None, component: int | None) -> str:
    if (element, component) == _FREQUENCY:
        return "frequency"
    return _CLAIM.get(element or 0, "control number")
