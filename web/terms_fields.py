"""The fields of a contract's terms, and of the numbers that programs give."""

from domain.care_codes import CONTRACTS
from domain.claim_details import Contract, ReferenceKind, ReferenceNumber
from domain.claim_facts import ClaimFacts, LineFacts, Terms
from domain.service_fact_rules import NUMBERS, OF_LINE
from web.forms import Reader, typed_amount

_PERCENT = "Give a percentage, as 12.5."


def filled(facts: ClaimFacts | LineFacts) -> dict[str, object]:
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


def filled_line(facts: LineFacts) -> dict[str, object]:
    return {f"{OF_LINE}{name}": value for name, value in filled(facts).items()}


def terms(
    reader: Reader, payer_nos: list[str], *, start: str = "", suffix: str = ""
) -> Terms | None:
    """Whose they are need not be told where there is one payer alone."""

    def at(name: str) -> str:
        return f"{start}contract_{name}{suffix}"

    payer_no = reader.one_of_if_any(at("with"), dict.fromkeys(payer_nos))
    contract = Contract(
        kind=reader.one_of_if_any(at("kind"), CONTRACTS) or "",
        cents=reader.cents_if_any(at("amount")),
        percent=reader.decimal(at("percent"), _PERCENT),
        code=reader.text(at("code")) or None,
        discount_percent=reader.decimal(at("discount"), _PERCENT),
        version=reader.text(at("version")) or None,
    )
    if contract == Contract(kind=""):
        return None
    only = payer_nos[0] if len(payer_nos) == 1 else None
    return Terms(payer_no=payer_no or only, contract=contract)


def terms_of_line(reader: Reader, payer_nos: list[str], suffix: str) -> Terms | None:
    return terms(reader, payer_nos, start=OF_LINE, suffix=suffix)


def references_of_line(reader: Reader, suffix: str, held: LineFacts) -> tuple[ReferenceNumber, ...]:
    """A plan of care is the claim's: of a line the page asks for the mammography alone."""
    kind = ReferenceKind.MAMMOGRAPHY_CERTIFICATION
    number = reader.text(f"{OF_LINE}{NUMBERS[kind]}{suffix}").upper()
    others = tuple(each for each in held.references if each.kind is not kind)
    return ((ReferenceNumber(kind=kind, number=number),) if number else ()) + others


def references(reader: Reader, held: ClaimFacts) -> tuple[ReferenceNumber, ...]:
    found = {kind: reader.text(name).upper() for kind, name in NUMBERS.items()}
    others = (each for each in held.references if each.kind not in NUMBERS)
    told = (ReferenceNumber(kind=kind, number=number) for kind, number in found.items() if number)
    return (*told, *others)
