"""The fields of claim facts: what a held fact fills in, and the facts that a submitted form says. A
field that is left empty says nothing."""

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal

from db.models import ChargeLine
from domain.claim_details import ClaimDate, DateKind, Drug, DrugUnit
from domain.claim_facts import (
    DELAY_REASONS,
    SPECIAL_PROGRAMS,
    Approval,
    ClaimFacts,
    LineFacts,
)
from domain.claims import Accident, AccidentCause
from domain.money import cents_of
from domain.parties import Address, OtherProvider, ServiceFacility
from web import care_fields
from web.forms import Reader

CAUSES = {
    AccidentCause.AUTO.value: "Automobile accident",
    AccidentCause.EMPLOYMENT.value: "Work",
    AccidentCause.OTHER.value: "Another accident",
}
UNITS = {
    DrugUnit.MILLILITER.value: "ml",
    DrugUnit.MILLIGRAM.value: "mg",
    DrugUnit.GRAM.value: "g",
    DrugUnit.UNIT.value: "pieces",
    DrugUnit.INTERNATIONAL_UNIT.value: "international units",
}
DATES = {
    "initial_treatment_on": DateKind.INITIAL_TREATMENT,
    "last_seen_on": DateKind.LAST_SEEN,
    "lmp_on": DateKind.LAST_MENSTRUAL_PERIOD,
    "last_worked_on": DateKind.LAST_WORKED,
    "return_to_work_on": DateKind.RETURN_TO_WORK,
}
# Those for which the page has fields; a chart may bring others, which stay as they are.
_KEYED = frozenset(
    {*DATES.values(), DateKind.DISABILITY, DateKind.DISABILITY_BEGAN, DateKind.DISABILITY_ENDED}
)
ROLES = ("referring", "supervising", "ordering")
WRITTEN_MAX = 500

# (NPI -> last name, first name) of the providers that we know.
Known = Mapping[str, tuple[str, str]]


def filled(facts: ClaimFacts) -> dict[str, str]:
    """The value of each field as it stands."""
    values: dict[str, object] = {
        "onset_on": facts.onset_on,
        "admitted_on": facts.admitted_on,
        "discharged_on": facts.discharged_on,
        "special_program": facts.special_program,
        "delay_reason": facts.delay_reason,
        "claim_note": facts.note,
        "patient_paid": _dollars(facts.patient_paid_cents),
    }
    if facts.accident:
        values |= {
            "accident_cause": facts.accident.cause,
            "accident_on": facts.accident.happened_on,
            "accident_state": facts.accident.state,
        }
    values |= {name: found.on for name, kind in DATES.items() if (found := facts.date(kind))}
    values |= dict(_disability(facts))
    for each in facts.approvals:
        values[f"prior_auth_{each.payer_no}"] = each.prior_auth
        values[f"referral_{each.payer_no}"] = each.referral
    for role in ROLES:
        values |= _provider_values(role, getattr(facts, role))
    values |= _facility_values(facts.facility) | care_fields.filled(facts)
    return {name: str(value) for name, value in values.items() if value is not None}


def filled_line(line_id: int, facts: LineFacts) -> dict[str, str]:
    values: dict[str, object] = {
        "minutes": facts.minutes,
        "line_note": facts.note,
        "line_place": facts.place_of_service,
        "emergency": "yes" if facts.is_emergency else None,
        "epsdt": "yes" if facts.is_epsdt else None,
        "family_planning": "yes" if facts.is_family_planning else None,
        **_provider_values("ordering", facts.ordering),
    }
    if facts.drug:
        values |= {
            "ndc": facts.drug.ndc,
            "quantity": facts.drug.quantity,
            "unit": facts.drug.unit,
        }
    values |= care_fields.filled_line(facts)
    return {f"{name}-{line_id}": str(value) for name, value in values.items() if value is not None}


def read(reader: Reader, held: ClaimFacts, payer_nos: list[str], known: Known) -> ClaimFacts:
    """What the form says; what it has no field for is taken over from `held`."""
    return ClaimFacts(
        accident=_accident(reader),
        onset_on=_date(reader, "onset_on"),
        admitted_on=_date(reader, "admitted_on"),
        discharged_on=_date(reader, "discharged_on"),
        dates=(*_dates(reader), *(each for each in held.dates if each.kind not in _KEYED)),
        approvals=tuple(_approvals(reader, held, payer_nos)),
        referring=_provider(reader, "referring", "", known),
        supervising=_provider(reader, "supervising", "", known),
        ordering=_provider(reader, "ordering", "", known),
        facility=_facility(reader),
        special_program=_chosen(reader, "special_program", SPECIAL_PROGRAMS),
        delay_reason=_chosen(reader, "delay_reason", DELAY_REASONS),
        note=reader.text("claim_note", most=WRITTEN_MAX) or None,
        patient_paid_cents=_cents(reader, "patient_paid"),
        **care_fields.read(reader, held),
    )


def read_line(reader: Reader, line: ChargeLine, held: LineFacts, known: Known) -> LineFacts:
    suffix = f"-{line.id}"
    minutes = reader.text(f"minutes{suffix}", most=4)
    if minutes and not (minutes.isascii() and minutes.isdigit()):
        reader.refuse(f"minutes{suffix}", "Give whole minutes.")
        minutes = ""
    return LineFacts(
        drug=_drug(reader, suffix),
        minutes=int(minutes) if minutes else None,
        note=reader.text(f"line_note{suffix}", most=WRITTEN_MAX) or None,
        ordering=_provider(reader, "ordering", suffix, known),
        place_of_service=reader.text(f"line_place{suffix}", most=2) or None,
        is_emergency=bool(reader.form.get(f"emergency{suffix}")),
        is_epsdt=bool(reader.form.get(f"epsdt{suffix}")),
        is_family_planning=bool(reader.form.get(f"family_planning{suffix}")),
        **care_fields.read_line(reader, suffix, held),
    )


def _accident(reader: Reader) -> Accident | None:
    cause = _chosen(reader, "accident_cause", CAUSES)
    if cause is None:
        return None
    happened_on = reader.date("accident_on", "Give the day of the accident")
    state = reader.text("accident_state", most=2).upper() or None
    return Accident(cause=AccidentCause(cause), happened_on=happened_on, state=state)


def _dates(reader: Reader) -> Iterator[ClaimDate]:
    for name, kind in DATES.items():
        if on := _date(reader, name):
            yield ClaimDate(kind=kind, on=on)
    began, ended = _date(reader, "disability_from_on"), _date(reader, "disability_to_on")
    if began and ended:
        yield ClaimDate(kind=DateKind.DISABILITY, on=began, to_on=ended)
    elif began:
        yield ClaimDate(kind=DateKind.DISABILITY_BEGAN, on=began)
    elif ended:
        yield ClaimDate(kind=DateKind.DISABILITY_ENDED, on=ended)


def _disability(facts: ClaimFacts) -> Iterator[tuple[str, dt.date | None]]:
    if both := facts.date(DateKind.DISABILITY):
        yield "disability_from_on", both.on
        yield "disability_to_on", both.to_on
    if began := facts.date(DateKind.DISABILITY_BEGAN):
        yield "disability_from_on", began.on
    if ended := facts.date(DateKind.DISABILITY_ENDED):
        yield "disability_to_on", ended.on


def _approvals(reader: Reader, held: ClaimFacts, payer_nos: list[str]) -> Iterator[Approval]:
    yield from (each for each in held.approvals if each.payer_no not in payer_nos)
    for payer_no in payer_nos:
        prior_auth = reader.text(f"prior_auth_{payer_no}").upper() or None
        referral = reader.text(f"referral_{payer_no}").upper() or None
        if prior_auth or referral:
            yield Approval(payer_no=payer_no, prior_auth=prior_auth, referral=referral)


def _provider(reader: Reader, role: str, suffix: str, known: Known) -> OtherProvider | None:
    """The names of one whom we know need not be typed."""
    npi = reader.text(f"{role}_npi{suffix}", most=20)
    last = reader.text(f"{role}_last{suffix}")
    first = reader.text(f"{role}_first{suffix}")
    if not (npi or last or first):
        return None
    known_last, known_first = known.get(npi, ("", ""))
    return OtherProvider(npi=npi, last=last or known_last, first=first or known_first)


def _provider_values(role: str, provider: OtherProvider | None) -> dict[str, object]:
    if provider is None:
        return {}
    return {
        f"{role}_npi": provider.npi,
        f"{role}_last": provider.last,
        f"{role}_first": provider.first,
    }


def _facility(reader: Reader) -> ServiceFacility | None:
    typed = {name: reader.text(f"facility_{name}") for name in _FACILITY}
    if not any(typed.values()):
        return None
    return ServiceFacility(
        name=typed["name"],
        npi=typed["npi"] or None,
        address=Address(
            line1=typed["street"],
            city=typed["city"],
            state=typed["state"].upper(),
            postal_code="".join(sign for sign in typed["zip"] if sign.isdigit()),
        ),
    )


_FACILITY = ("name", "npi", "street", "city", "state", "zip")


def _facility_values(facility: ServiceFacility | None) -> dict[str, object]:
    if facility is None:
        return {}
    address = facility.address
    values = (
        facility.name, facility.npi, address.line1, address.city, address.state,
        address.postal_code,
    )  # fmt: skip
    return {f"facility_{name}": value for name, value in zip(_FACILITY, values, strict=True)}


def _drug(reader: Reader, suffix: str) -> Drug | None:
    ndc = reader.text(f"ndc{suffix}", most=20)
    if not ndc:
        return None
    unit = reader.one_of(f"unit{suffix}", UNITS)
    return Drug(
        ndc=_eleven(ndc),
        quantity=_decimal(reader, f"quantity{suffix}"),
        unit=DrugUnit(unit) if unit in UNITS else DrugUnit.UNIT,
    )


def _eleven(ndc: str) -> str:
    """As printed on the package, 5-4-2 with hyphens, or with a part that is one digit short."""
    parts = ndc.replace(" ", "").split("-")
    widths = (5, 4, 2)
    if len(parts) == len(widths):
        return "".join(part.zfill(width) for part, width in zip(parts, widths, strict=True))
    return "".join(parts)


def _decimal(reader: Reader, name: str) -> Decimal:
    words = "Give the quantity, as 1.5."
    found = reader.decimal(name, words)
    if found is None:
        reader.refuse(name, words)
        return Decimal(1)  # Never used: `done` raises first.
    return found


def _date(reader: Reader, name: str) -> dt.date | None:
    return reader.date(name, "Give a date") if reader.form.get(name, "").strip() else None


def _chosen(reader: Reader, name: str, among: Mapping[str, object]) -> str | None:
    return reader.one_of(name, among) if reader.form.get(name) else None


def _cents(reader: Reader, name: str) -> int | None:
    typed = reader.text(name, most=12).removeprefix("$").replace(",", "")
    if not typed:
        return None
    try:
        return cents_of(typed)
    except ValueError:
        reader.refuse(name, "Give an amount, as 25.00.")
        return None


def _dollars(cents: int | None) -> str | None:
    return None if cents is None else f"{cents // 100}.{cents % 100:02d}"
