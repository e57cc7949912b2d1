"""What a claim says, to be keyed by a person at a payer's portal: all of it, in the order of the
paper form (CMS-1500, UB-04), and whatever the form has no box for behind it.
"""

import dataclasses
import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from enum import StrEnum

from domain.claims import ClaimLine, HealthClaim, OtherPayer, ProfessionalClaim
from domain.institutional import InstitutionalClaim, RevenueLine
from domain.parties import Address, Patient, PersonName, Relationship, Subscriber
from domain.questions import Fact, FactSection

LETTERS = "ABCDEFGHIJKL"
RELATIONSHIPS = {
    Relationship.SELF: "self",
    Relationship.SPOUSE: "spouse",
    Relationship.CHILD: "child",
}
# Told in the sections of the form; everything else that a claim holds stands in the last one.
_PLACED = frozenset(
    {
        "pcn", "frequency", "billing", "subscriber", "payer", "responsibility", "filing_code",
        "payer_claim_number", "patient", "prior_auth", "place_of_service", "rendering",
        "diagnoses", "lines", "other_payers", "type_of_bill", "from_on", "to_on", "principal",
        "other_diagnoses",
    }
)  # fmt: skip
_PLACED_OF_LINES = frozenset(
    {
        "line_control", "code", "modifiers", "charge_cents", "units", "basis", "pointers",
        "service_on", "service_to_on", "place_of_service", "revenue_code", "providers",
    }
)  # fmt: skip
# Who performed it stands in its own box; the line's other providers are told behind the rest.
_PERFORMING = frozenset({"rendering"})


def sections(claim: HealthClaim) -> tuple[FactSection, ...]:
    """Blocks of the form; a value of a person is an identifier, hidden until it is asked for."""
    return (
        FactSection(title="Who is insured, and who was seen", facts=tuple(_people(claim))),
        FactSection(title="The claim", facts=tuple(_claim(claim))),
        *(_line(claim, number, line) for number, line in enumerate(_lines(claim), start=1)),
        FactSection(title="Who bills", facts=tuple(_billing(claim))),
        *(_other(other) for other in claim.other_payers),
        *_rest(claim),
    )


def _people(claim: HealthClaim) -> Iterator[Fact]:
    subscriber, patient = claim.subscriber, claim.patient
    relation = patient.relationship if patient else Relationship.SELF
    yield _own("1a Insured’s id", subscriber.member_id)
    yield from _person("2", "Patient", patient or subscriber)
    yield from _person("4", "Insured", subscriber)
    yield _fact("6 Patient is, to the insured", RELATIONSHIPS.get(relation, "other"))
    yield _fact("11 Group", subscriber.group_number or "none")


def _person(item: str, who: str, person: Subscriber | Patient) -> Iterator[Fact]:
    yield _own(f"{item} {who}’s name", _name(person.name))
    if person.birth_on:
        yield _own(f"{who}’s date of birth", _day(person.birth_on))
    if person.gender:
        yield _fact(f"{who}’s sex", person.gender)
    if person.address:
        yield _own(f"{who}’s address", _address(person.address))


def _claim(claim: HealthClaim) -> Iterator[Fact]:
    if isinstance(claim, InstitutionalClaim):
        yield _fact("4 Type of bill", f"0{claim.type_of_bill}{claim.frequency}")
        yield _fact("6 From", _day(claim.from_on))
        yield _fact("6 To", _day(claim.to_on))
        for letter, each in zip("ABC", (claim.principal, *claim.other_diagnoses), strict=False):
            yield _fact(f"67{letter} Diagnosis", f"{each.code} {each.on_admission or ''}".strip())
        for number, each in enumerate(claim.other_diagnoses[2:], start=4):
            yield _fact(f"67 Diagnosis {number}", f"{each.code} {each.on_admission or ''}".strip())
    if isinstance(claim, ProfessionalClaim):
        for letter, code in zip(LETTERS, claim.diagnoses, strict=False):
            yield _fact(f"21{letter} Diagnosis (ICD-10-CM)", code)
    yield _fact("22 Claim frequency", claim.frequency)
    if claim.payer_claim_number:
        yield _fact("22 Payer’s number of the original", claim.payer_claim_number)
    if claim.prior_auth:
        yield _fact("23 Prior approval", claim.prior_auth)
    yield _fact("26 Our claim number", claim.pcn)
    yield _fact("28 Total charge", _money(sum(line.charge_cents for line in _lines(claim))))


def _lines(claim: HealthClaim) -> tuple[ClaimLine | RevenueLine, ...]:
    assert isinstance(claim, ProfessionalClaim | InstitutionalClaim), "there are no other claims"
    return claim.lines


def _line(claim: HealthClaim, number: int, line: ClaimLine | RevenueLine) -> FactSection:
    of_form = _revenue(line) if isinstance(line, RevenueLine) else _service(claim, line)
    more = _told(line, _PLACED_OF_LINES, "")
    others = _told(line.providers, _PERFORMING, "")
    return FactSection(title=f"Line {number}", facts=(*of_form, *more, *others))


def _service(claim: HealthClaim, line: ClaimLine) -> Iterator[Fact]:
    assert isinstance(claim, ProfessionalClaim), "such a line stands on no other claim"
    yield _fact("24A From", _day(line.service_on))
    yield _fact("24A To", _day(line.service_to_on or line.service_on))
    yield _fact("24B Place of service", line.place_of_service or claim.place_of_service)
    yield _fact("24D Procedure", line.code)
    for number, modifier in enumerate(line.modifiers, start=1):
        yield _fact(f"24D Modifier {number}", modifier)
    pointers = "".join(LETTERS[pointer - 1] for pointer in line.pointers)
    yield _fact("24E Diagnosis pointers", pointers)
    yield _fact("24F Charge", _money(line.charge_cents))
    yield _fact("24G Units", f"{line.units.normalize():f}")
    performing = line.providers.rendering or claim.rendering
    yield _fact("24J Rendering provider (NPI)", performing.npi)
    yield _fact("31 Rendering provider", f"{performing.first} {performing.last}")


def _revenue(line: RevenueLine) -> Iterator[Fact]:
    yield _fact("42 Revenue code", line.revenue_code)
    if line.code:
        yield _fact("44 Procedure or rate", " ".join((line.code, *line.modifiers)))
    if line.service_on:
        yield _fact("45 Date of service", _day(line.service_on))
    yield _fact("46 Units", f"{line.units.normalize():f}")
    yield _fact("47 Charge", _money(line.charge_cents))


def _billing(claim: HealthClaim) -> Iterator[Fact]:
    billing = claim.billing
    yield _fact("25 Tax id", billing.tax_id)
    yield _fact("33 Name", billing.name)
    yield _fact("33 Address", _address(billing.address))
    yield _fact("33 Telephone", billing.contact_phone)
    yield _fact("33a NPI", billing.npi)
    yield _fact("Taxonomy", billing.taxonomy)


def _other(other: OtherPayer) -> FactSection:
    """What an earlier payer did, line by line, with each of its reasons; or who pays later."""
    facts = [
        _fact("9d Plan", other.payer.name),
        _own("9a Policy", other.subscriber.member_id),
        _own("9 Insured’s name", _name(other.subscriber.name)),
    ]
    if other.paid_cents is not None:
        facts.append(_fact("29 Paid", _money(other.paid_cents)))
    for line in other.lines:
        reasons = ", ".join(f"{a.group}-{a.carc} {_money(a.cents)}" for a in line.adjustments)
        told = f"paid {_money(line.paid_cents)} on {_day(line.adjudicated_on)}; {reasons}"
        facts.append(_fact(f"Line {line.line_control}, {line.code}", told))
    when = "Pays later" if other.paid_cents is None else "Paid before"
    return FactSection(title=f"{when}: {other.payer.name}", facts=tuple(facts))


def _rest(claim: HealthClaim) -> tuple[FactSection, ...]:
    facts = tuple(_told(claim, _PLACED, ""))
    return (FactSection(title="Also on this claim", facts=facts),) if facts else ()


def _told(thing: object, placed: frozenset[str], before: str) -> Iterator[Fact]:
    """Every filled field that has no place above, under its own name in words."""
    assert dataclasses.is_dataclass(thing), "claims are made of dataclasses alone"
    for field in dataclasses.fields(thing):
        if field.name not in placed:
            label = f"{before} {field.name.replace('_', ' ')}".strip()
            if getattr(thing, field.name) is False and field.default is not False:
                yield _fact(label, "no")  # An answer; where nothing is usual, it says nothing.
            yield from _values(label, getattr(thing, field.name), is_money=_is_money(field.name))


def _values(label: str, value: object, *, is_money: bool) -> Iterator[Fact]:
    match value:
        case None | "" | () | False:
            return
        case tuple():
            for number, each in enumerate(value, start=1):
                yield from _values(f"{label} {number}", each, is_money=is_money)
        case dt.date():
            yield _fact(label, _day(value))
        case str() | StrEnum() | Decimal() | dt.time():
            yield _fact(label, str(value))
        case bool():
            yield _fact(label, "yes")
        case int():
            yield _fact(label, _money(value) if is_money else str(value))
        case _:
            yield from _told(value, frozenset(), label)


def _is_money(name: str) -> bool:
    return name.endswith(("_cents", "hundredths"))


def _fact(label: str, value: str) -> Fact:
    return Fact(label=label[:1].upper() + label[1:], value=value)


def _own(label: str, value: str) -> Fact:
    return Fact(label=label, value=value, is_identifier=True)


def _name(name: PersonName) -> str:
    return ", ".join(part for part in (name.last, name.first, name.middle, name.suffix) if part)


def _address(address: Address) -> str:
    street = ", ".join(part for part in (address.line1, address.line2) if part)
    return f"{street}, {address.city}, {address.state} {address.postal_code}"


def _day(day: dt.date) -> str:
    """As portals want it keyed."""
    return f"{day:%m/%d/%Y}"


def _money(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"
