"""A line's fields of results, of a form that certifies the need, of what was bought from another,
of a birth's anaesthesia, and of where the ordering provider is."""

from domain import form_answers
from domain.care_codes import BEGUN_WITH, FORM_LISTS, MEASURES
from domain.claim_details import FormAnswer, MeasuredResult, PurchasedService, SupportingForm
from domain.claim_facts import LineFacts
from domain.parties import Address
from web import address_fields
from web.forms import Reader, typed_amount

_ROWS_MAX = 5_000
_FROM = "ordered_from"


def filled(facts: LineFacts) -> dict[str, object]:
    values: dict[str, object] = {
        **{f"measured_{each.measure}": each.value for each in facts.measured},
        "obstetric_units": facts.obstetric_units,
    }
    if facts.forms:
        form = facts.forms[0]
        values |= {
            "form_list": form.list_code,
            "form_number": form.form,
            "form_answers": "\n".join(map(form_answers.written, form.answers)),
        }
    if bought := facts.purchased:
        values |= {"bought_npi": bought.provider_npi, "bought_for": typed_amount(bought.cents)}
    if facts.ordered_from:
        values |= address_fields.filled(_FROM, facts.ordered_from)
    return values


def measured(reader: Reader, suffix: str) -> tuple[MeasuredResult, ...]:
    words = "Give what was measured, as 11.2."
    found = {code: reader.decimal(f"measured_{code}{suffix}", words) for code in MEASURES}
    return tuple(
        MeasuredResult(about="OG" if code == BEGUN_WITH else "TR", measure=code, value=value)
        for code, value in found.items()
        if value is not None
    )


def forms(reader: Reader, suffix: str, held: LineFacts) -> tuple[SupportingForm, ...]:
    """The page has one; further ones stay as they are."""
    form = SupportingForm(
        list_code=reader.one_of_if_any(f"form_list{suffix}", FORM_LISTS) or "",
        form=reader.text(f"form_number{suffix}").upper(),
        answers=_answers(reader, f"form_answers{suffix}"),
    )
    is_told = form != SupportingForm(list_code="", form="", answers=())
    return ((form,) if is_told else ()) + held.forms[1:]


def purchased(reader: Reader, suffix: str) -> PurchasedService | None:
    npi = reader.text(f"bought_npi{suffix}", most=20)
    cents = reader.cents_if_any(f"bought_for{suffix}")
    if not npi and cents is None:
        return None
    if cents is None:
        reader.refuse(f"bought_for{suffix}", "Give what it cost, as 25.00.")
    return PurchasedService(provider_npi=npi, cents=cents or 0)


def obstetric_units(reader: Reader, suffix: str) -> int | None:
    name = f"obstetric_units{suffix}"
    return reader.number(name, least=1, most=99) if reader.text(name) else None


def ordered_from(reader: Reader, suffix: str) -> Address | None:
    if not address_fields.is_told(reader, _FROM, suffix):
        return None
    return address_fields.read(reader, _FROM, suffix)


def _answers(reader: Reader, name: str) -> tuple[FormAnswer, ...]:
    try:
        return form_answers.read(reader.text(name, most=_ROWS_MAX).splitlines())
    except form_answers.BadAnswer as bad:
        reader.refuse(name, str(bad))
        return ()
