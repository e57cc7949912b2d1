"""The three rows of payers and insured of a UB-04, A to C."""

from collections.abc import Iterator

from forms.ub04_claim import FormPayer, Ub04

_Part = tuple[str, int, str, str]


def payer_parts(claim: Ub04) -> Iterator[_Part]:
    yield "56", 0, "NPI", claim.billing_npi
    for row, payer in zip("ABC", claim.payers, strict=False):
        if payer:
            yield from _payer(row, payer)
            yield from _insured(row, payer)


def _payer(row: str, payer: FormPayer) -> Iterator[_Part]:
    yield f"50{row}", 0, "name", payer.name
    yield f"51{row}", 0, "ID", payer.plan_id
    yield f"52{row}", 0, "code", payer.releases
    yield f"53{row}", 0, "code", payer.assigns
    yield from money(f"54{row}", 0, payer.paid_cents)
    yield from money(f"55{row}", 0, payer.due_cents)
    yield f"57{row}", 0, "ID", payer.other_provider_id


def _insured(row: str, payer: FormPayer) -> Iterator[_Part]:
    yield f"58{row}", 0, "name", payer.insured
    yield f"59{row}", 0, "code", payer.relationship
    yield f"60{row}", 0, "ID", payer.insured_id
    yield f"61{row}", 0, "group", payer.group_name
    yield f"62{row}", 0, "number", payer.group_number
    yield f"63{row}", 0, "number", payer.treatment_number
    yield f"64{row}", 0, "number", payer.document_number
    yield f"65{row}", 0, "employer", payer.employer


def money(item: str, row: int, cents: int | None) -> Iterator[_Part]:
    if cents is not None:
        yield item, row, "dollars", str(cents // 100)
        yield item, row, "cents", f"{cents % 100:02}"
