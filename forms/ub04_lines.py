"""The revenue lines of an institutional claim as locators 42 to 48 say them."""

from domain.claim_details import UnitBasis
from domain.institutional import InstitutionalClaim, RevenueLine
from forms.cms1500_lines import drug_words
from forms.ub04_claim import FormRevenue


def revenue_lines(claim: InstitutionalClaim) -> tuple[FormRevenue, ...]:
    return tuple(_line(line) for line in claim.lines)


def _line(line: RevenueLine) -> FormRevenue:
    return FormRevenue(
        revenue_code=line.revenue_code,
        words=_words(line),
        code=_code(line),
        service_on=line.service_on,
        units=line.units,
        charge_cents=line.charge_cents,
        noncovered_cents=line.noncovered_cents,
    )


def _words(line: RevenueLine) -> str:
    """A drug's number needs the room; its blank goes, for here the parts follow one another."""
    if line.drug:
        return drug_words(line.drug).replace(" ", "")
    return line.description or ""


def _code(line: RevenueLine) -> str:
    if line.code:
        return "".join((line.code, *line.modifiers))
    return _price_of_a_day(line) if line.basis is UnitBasis.DAYS else ""


def _price_of_a_day(line: RevenueLine) -> str:
    """Where the days cost the same: their sum says what one is."""
    if not line.units or line.charge_cents % line.units:
        return ""
    cents = int(line.charge_cents / line.units)
    return f"{cents // 100}.{cents % 100:02}"
