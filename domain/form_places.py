"""The parts of a claim that somebody may complain of: the box of either form (their position tables
know each), and the place on our own pages. Which part a complaint is about: `claim_parts`."""

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
    "insured": _place("address and birth of the insured", "7, 11a", "", _COVER, "coverage"),
    "group": _place("group and kind of the coverage", "1, 11", "61, 62", _COVER, "coverage"),
    "payer": _place("the payer and its id", "top, 11c", "50, 51", _PAYERS, "coverage"),
    "other payer": _place("the other payer's answer", "9, 29", "50, 54", _COVER, "coverage"),
    "patient": _place("name, address, birth and sex of the patient", "2, 3, 5", "8 to 11", _PERSON),
    "patient state": _place("death, weight or pregnancy of the patient", "", "", _VISIT),
    "diagnosis": _place("diagnosis codes", "21", "66 to 70", _CODES, "codes"),
    "cause": _place("causes from outside", "21", "72", _CODES, "codes"),
    "procedure": _place("procedure code", "24D", "44", _CODES, "codes"),
    "stay procedure": _place("procedures of the stay (ICD-10-PCS)", "", "74", _FACILITY),
    "surgery": _place("the surgery of an anaesthesia", "", "", _VISIT),
    "modifier": _place("modifiers", "24D", "44", _CODES, "codes"),
    "pointer": _place("diagnosis pointers", "24E", "", _CODES, "codes"),
    "units": _place("units", "24G", "46", _CODES, "codes"),
    "charge": _place("charges", "24F, 28", "47", "Fees"),
    "not covered": _place("charges that are not covered", "", "48", _FACILITY),
    "revenue code": _place("revenue code", "", "42", "Fees"),
    "patient paid": _place("what the patient paid", "29", "", _VISIT),
    "patient owes": _place("what the patient is thought to owe", "", "55", _FACILITY),
    "service day": _place("day of service", "24A", "6, 45", _VISIT),
    "illness": _place("days of the illness", "14, 15", "31 to 34", _VISIT),
    "work": _place("days away from work", "16", "", _VISIT),
    "accident": _place("the accident", "10a to 10c", "29", _VISIT),
    "place of service": _place("place of service", "24B", "4", _VISIT),
    "bill type": _place("type of bill", "", "4", _FACILITY),
    "admission": _place("admission, discharge and status", "18", "12 to 17", _FACILITY),
    "billing": _place("billing provider: name, address, ids", "25, 33", "1, 5, 56, 81", _PRACTICE),
    "pay-to": _place("where payments are sent", "", "2", _PRACTICE),
    "rendering": _place("rendering provider", "24J, 31", "78, 79", _PEOPLE),
    "attending": _place("attending provider", "", "76", _PEOPLE),
    "operating": _place("operating provider", "", "77", _PEOPLE),
    "other operating": _place("another operating provider", "", "78, 79", _FACILITY),
    "referring": _place("referring, ordering or supervising provider", "17, 17b", "78, 79", _VISIT),
    "service location": _place("place where it was done", "32, 32a", "", _VISIT),
    "bought": _place("service bought from another", "20", "", _VISIT),
    "authorization": _place("prior authorization or referral number", "23", "63", _VISIT),
    "laboratory": _place("the laboratory's number (CLIA)", "23", "", _PRACTICE),
    "program number": _place("number of a program (mammography, plan of care)", "23", "", _VISIT),
    "casualty": _place("claim number of an accident's insurer", "11b", "", _VISIT),
    "frequency": _place("frequency and the payer's claim number", "22", "4, 64", _VISIT),
    "control number": _place("our control number", "26", "3a", _VISIT),
    "medical record": _place("medical record number", "", "3b", _PERSON),
    "file number": _place("a number that stands in the file alone", "", "", _NOWHERE),
    "attachment": _place("attachments", "19", "80", _VISIT),
    "notes": _place("notes", "19", "80", _VISIT),
    "drug": _place("drug code and quantity", "24, shaded", "43", _VISIT),
    "transport": _place("what is said of a transport", "", "", _VISIT),
    "spine": _place("what is said of the spine", "", "", _VISIT),
    "equipment": _place("equipment and its certificate", "", "", _VISIT),
    "certified": _place("what is certified of the patient", "", "", _VISIT),
    "screening": _place("emergency, screening, family planning", "24C, 24H", "", _VISIT),
    "results": _place("results and forms of need", "", "", _VISIT),
    "contract": _place("the contract's terms", "", "", _VISIT),
    "signatures": _place("signatures and assignment", "12, 13, 27, 31", "52, 53", _NOWHERE),
    "facility codes": _place("condition, occurrence, value codes", "10d",
                             "18 to 28, 31 to 36, 39 to 41", _FACILITY),
    "stay group": _place("diagnosis-related group (DRG)", "", "71", _FACILITY),
    "treatment": _place("treatments of a home health plan", "", "80", _FACILITY),
    "duplicate": _place("the claim as a whole: they have it already", "26", "3a", _NOWHERE,
                        "there"),
    "sender": _place("who sends for whom", "", "", _PRACTICE),
    "file": _place("the file itself, not a claim in it", "", "", "the route (administrator)"),
}  # fmt: skip

_PERSONAL = tuple(
    PLACES[part]
    for part in (
        "member", "insured", "patient", "patient state", "group", "medical record", "results",
    )
)  # fmt: skip
