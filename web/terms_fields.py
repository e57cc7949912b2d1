"""The fields of a contract's terms, and of the numbers that programs give."""

from domain.care_codes import CONTRACTS
from domain.claim_details import Contract, ReferenceNumber
from domain.claim_facts import ClaimFacts, Terms
from domain.service_fact_rules import NUMBERS
from web.forms import Reader, typed_amount

_PERCENT = "Give a percentage, as 12.5."


def filled(facts: ClaimFacts) -> dict[str, object]:
    values: dict[str, object] = {
        NUMBERS[each.kind]: each.number for each in facts.references if each.kind in NUMBERS
    }
    if facts.terms:
        terms = facts.terms.contract
        values |= {
            "contract_with": facts.terms.payer_no,
            "contract_kind": terms.kind,
            "contract_amount": typed_amount(terms.cents),
            "contract_percent": terms.percent,
            "contract_code": terms.code,
            "contract_discount": terms.discount_percent,
            "contract_version": terms.version,
        }
    return values


def terms(reader: Reader, payer_nos: list[str]) -> Terms | None:
    """Whose they are need not be told where there is one payer alone."""
    payer_no = reader.one_of_if_any("contract_with", dict.fromkeys(payer_nos))
    contract = Contract(
        kind=reader.one_of_if_any("contract_kind", CONTRACTS) or "",
        cents=reader.cents_if_any("contract_amount"),
        percent=reader.decimal("contract_percent", _PERCENT),
        code=reader.text("contract_code") or None,
        discount_percent=reader.decimal("contract_discount", _PERCENT),
        version=reader.text("contract_version") or None,
    )
    if contract == Contract(kind=""):
        return None
    only = payer_nos[0] if len(payer_nos) == 1 else None
    return Terms(payer_no=payer_no or only, contract=contract)


def references(reader: Reader, held: ClaimFacts) -> tuple[ReferenceNumber, ...]:
    found = {kind: reader.text(name).upper() for kind, name in NUMBERS.items()}
    others = (each for each in held.references if each.kind not in NUMBERS)
    told = (ReferenceNumber(kind=kind, number=number) for kind, number in found.items() if number)
    return (*told, *others)
