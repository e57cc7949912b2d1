"""The seven invented payers: what each pays by contract and how it behaves."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, kw_only=True)
class Payer:
    payer_id: str
    name: str
    contract_percent: int
    takes_frequency_7: bool = True
    takes_institutional_7: bool = True
    takes_late_charges: bool = True
    on_paper: bool = False
    earliest_days: int = 8
    sequestration_percent: int = 0
    crosses_to: str = ""
    bills_patient: bool = True
    pays_what_is_left: bool = False
    filing_code: str = "12"
    separators: str = "*:"
    """Element and component separator of this payer's 835; readers take them from the ISA."""

    def takes_replacement(self, form: str) -> bool:
        """The rule of frequency 7 and 8 on a professional (P) or an institutional (I) claim."""
        return self.takes_institutional_7 if form == "I" else self.takes_frequency_7

    def takes_late_charges_of(self, form: str) -> bool:
        """Late charges alone (frequency 5) are known on institutional claims only."""
        return form == "I" and self.takes_late_charges

    @property
    def tin(self) -> str:
        return f"9100{self.payer_id}"


PAYERS = {
    payer.payer_id: payer
    for payer in (
        Payer(payer_id="60101", name="Acme Health", contract_percent=130),
        Payer(
            payer_id="60102",
            name="Boreal Mutual",
            contract_percent=130,
            takes_frequency_7=False,
            takes_institutional_7=False,
            separators="|>",
        ),
        Payer(
            payer_id="60103",
            name="Federal Care",
            contract_percent=100,
            takes_frequency_7=False,
            takes_late_charges=False,
            earliest_days=10,
            sequestration_percent=2,
            crosses_to="60104",
            filing_code="MB",
        ),
        Payer(
            payer_id="60104",
            name="Federal Supplement",
            contract_percent=100,
            takes_frequency_7=False,
            takes_institutional_7=False,
            pays_what_is_left=True,
        ),
        Payer(payer_id="60105", name="Summit Advantage", contract_percent=100, filing_code="16"),
        Payer(
            payer_id="60106",
            name="State Access",
            contract_percent=70,
            bills_patient=False,
            filing_code="MC",
        ),
        Payer(payer_id="60107", name="Granite Life", contract_percent=130, on_paper=True),
    )
}


@cache
def rates() -> dict[str, int]:
    """Our invented rate of each procedure, in cents."""
    return {row["code"]: int(row["rate_cents"]) for row in _rows("procedures.tsv")}


@cache
def facility_rates() -> dict[str, int]:
    """The rate of a department's room for a procedure, where it has one."""
    return {row["code"]: int(row["rate_cents"]) for row in _rows("facility.tsv")}


@cache
def procedure_words() -> dict[str, str]:
    return {row["code"]: row["words"] for row in _rows("procedures.tsv")}


@cache
def finding_words() -> dict[str, str]:
    return {row["code"]: row["words"] for row in _rows("findings.tsv")}


def allowed_cents(
    payer: Payer, code: str, units: int, charge_cents: int, *, of_facility: bool = False
) -> int:
    """What the contract allows: never more than the charge; an unpriced code at half of it."""
    rate = (facility_rates() if of_facility else rates()).get(code)
    if rate is None:
        return charge_cents * min(payer.contract_percent, 200) // 200
    return min(charge_cents, rate * units * payer.contract_percent // 100)


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(newline="") as table:
        return list(csv.DictReader(table, delimiter="\t"))
