"""The rules of a contract, of numbers that programs give, and of what only some lines tell:
results, forms, services bought from others. Each is told at its field."""

import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from domain import care_fact_rules
from domain.care_codes import CONTRACTS, FORM_LISTS, GLASSES, GLASSES_BECAUSE, MEASURES
from domain.claim_details import Contract, PurchasedService, ReferenceKind, SupportingForm
from domain.claim_facts import ClaimFacts, LineFacts
from domain.parties import is_npi

Problems = Iterator[tuple[str, str]]

NUMBER_MAX, VERSION_MAX, UNITS_MAX, ANSWERS_MAX = 50, 30, 99, 99
NUMBERS = {
    ReferenceKind.CARE_PLAN_OVERSIGHT: "care_plan_number",
    ReferenceKind.MAMMOGRAPHY_CERTIFICATION: "mammography_number",
}
# Begins the names of a line's fields where the claim has the same.
OF_LINE = "line_"
_NUMBER = re.compile(r"[A-Z0-9][A-Z0-9 ./-]{0,49}")
_FORM = re.compile(r"[A-Z0-9][A-Z0-9 .-]{0,29}")
_HUNDRED = Decimal(100)


def claim_problems(facts: ClaimFacts) -> Problems:
    """(field, words), in the order of the page."""
    yield from _terms_and_numbers(facts)
    for each in facts.conditions:
        if each.category in GLASSES and not set(each.codes) <= set(GLASSES_BECAUSE):
            yield f"glasses_{each.category}_L1", "Tick what is on the list."


def line_problems(facts: LineFacts) -> Problems:
    """(field, words); the page adds the line to the field's name."""
    for each in facts.measured:
        if each.measure not in MEASURES or each.value <= Decimal(0):
            yield f"measured_{each.measure}", "A measurement is more than nothing."
    for form in facts.forms:
        yield from _form(form)
    if facts.purchased:
        yield from _bought(facts.purchased)
    if facts.obstetric_units is not None and not 1 <= facts.obstetric_units <= UNITS_MAX:
        yield "obstetric_units", f"Give 1 to {UNITS_MAX} units."
    if facts.ordered_from:
        yield from care_fact_rules.address("ordered_from", facts.ordered_from)
        if facts.ordering is None:
            yield "ordering_npi", "Tell who ordered it, of whom this is the address."
    yield from ((f"{OF_LINE}{field}", words) for field, words in _terms_and_numbers(facts))


def _terms_and_numbers(facts: ClaimFacts | LineFacts) -> Problems:
    if facts.terms:
        if not facts.terms.payer_no:
            yield "contract_with", "Choose the payer whose contract it is."
        yield from _contract(facts.terms.contract)
    for told in facts.references:
        if not _NUMBER.fullmatch(told.number):
            words = f"At most {NUMBER_MAX} capital letters, digits, spaces, points and hyphens."
            yield NUMBERS.get(told.kind, "care_plan_number"), words


def _bought(bought: PurchasedService) -> Problems:
    if not is_npi(bought.provider_npi):
        yield "bought_npi", "This is no NPI: ten digits whose check digit fits."
    if bought.cents < 0:
        yield "bought_for", "What it cost is not less than nothing."


def _contract(terms: Contract) -> Problems:
    if terms.kind not in CONTRACTS:
        yield "contract_kind", "Tell what kind of terms these are."
    if (terms.cents or 0) < 0:
        yield "contract_amount", "An amount is not less than nothing."
    percents = (("contract_percent", terms.percent), ("contract_discount", terms.discount_percent))
    for field, percent in percents:
        if percent is not None and not Decimal(0) <= percent <= _HUNDRED:
            yield field, "A percentage is 0 to 100."
    lengths = (
        ("contract_code", terms.code, NUMBER_MAX),
        ("contract_version", terms.version, VERSION_MAX),
    )
    for field, text, most in lengths:
        if text and len(text) > most:
            yield field, f"A claim takes {most} characters; this is {len(text)}."


def _form(form: SupportingForm) -> Problems:
    if form.list_code not in FORM_LISTS:
        yield "form_list", "Tell on whose list the form is."
    if not _FORM.fullmatch(form.form):
        yield "form_number", "Give the form's number, as 484.03."
    if not 1 <= len(form.answers) <= ANSWERS_MAX:
        yield "form_answers", f"A form answers 1 to {ANSWERS_MAX} questions."
    asked = Counter(each.question for each in form.answers)
    twice = [question for question, count in asked.items() if count > 1]
    if twice:
        yield "form_answers", f"Question {twice[0]} is answered more than once."
