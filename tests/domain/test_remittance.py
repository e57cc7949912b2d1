"""An 835 balances at line, claim and payment level, or says in words where it does not."""

import dataclasses
import datetime as dt
from decimal import Decimal

import pytest

from domain.remit_balance import BalanceLevel, imbalances
from domain.remittance import (
    Adjustment,
    AdjustmentGroup,
    ProviderAdjustment,
    RemitClaim,
    RemitLine,
    RemitStatus,
    Remittance,
    key,
)


def _adjustment(group: AdjustmentGroup, carc: str, cents: int) -> Adjustment:
    return Adjustment(ordinal=1, segment=9, group=group, carc=carc, cents=cents)


LINE = RemitLine(
    ordinal=1,
    segment=8,
    code="99213",
    charge_cents=15000,
    paid_cents=10000,
    units=Decimal(1),
    adjustments=(
        _adjustment(AdjustmentGroup.CONTRACTUAL, "45", 3000),
        _adjustment(AdjustmentGroup.PATIENT, "2", 2000),
    ),
)
CLAIM = RemitClaim(
    ordinal=1,
    segment=7,
    pcn="C1V1S1",
    status=RemitStatus.PRIMARY,
    charge_cents=15000,
    paid_cents=10000,
    patient_responsibility_cents=2000,
    payer_claim_number="ICN1",
    filing_code="12",
    lines=(LINE,),
)
TAKEN_BACK = ProviderAdjustment(
    ordinal=1,
    segment=20,
    provider_id="1234567893",
    period_ends_on=None,
    code="WO",
    reference="ICN0",
    cents=2500,
)
REMITTANCE = Remittance(
    control_number="0001",
    payer_name="Acme Health",
    payer_id="60101",
    trace_number="EFT1",
    originator="1999999999",
    paid_cents=7500,
    method="ACH",
    paid_on=dt.date(2026, 1, 15),
    production_on=None,
    payee_name="Cedar Hollow",
    payee_npi="1234567893",
    payee_tax_id=None,
    claims=(CLAIM,),
    provider_adjustments=(TAKEN_BACK,),
)


def test_a_positive_provider_adjustment_lowers_the_payment() -> None:
    assert imbalances(REMITTANCE) == ()


def test_a_payment_that_ignores_a_recoupment_is_told_with_its_arithmetic() -> None:
    found = imbalances(dataclasses.replace(REMITTANCE, paid_cents=10000))

    assert [one.level for one in found] == [BalanceLevel.PAYMENT]
    assert (found[0].expected_cents, found[0].stated_cents) == (7500, 10000)
    assert found[0].words == (
        "Payment (BPR, segment 2): claims pay $100.00, less provider adjustments $25.00 makes "
        "$75.00, but BPR02 says $100.00."
    )


def test_a_debit_is_a_negative_payment() -> None:
    reversed_claim = CLAIM._replace(
        status=RemitStatus.REVERSAL, charge_cents=-5000, paid_cents=-5000, lines=()
    )
    debit = dataclasses.replace(
        REMITTANCE, claims=(reversed_claim,), provider_adjustments=(), paid_cents=5000,
        is_debit=True,
    )  # fmt: skip

    assert imbalances(debit) == ()


def test_a_line_out_of_balance_shows_at_its_line_and_its_claim() -> None:
    line = LINE._replace(adjustments=LINE.adjustments[:1])

    found = imbalances(dataclasses.replace(REMITTANCE, claims=(CLAIM._replace(lines=(line,)),)))

    assert [(one.level, one.segment) for one in found] == [
        (BalanceLevel.LINE, 8),
        (BalanceLevel.CLAIM, 7),
    ]
    assert "$150.00 less adjustments $30.00 makes $120.00" in found[0].words


def test_adjustments_of_claim_and_lines_count_together() -> None:
    sequestered = CLAIM._replace(
        paid_cents=9800,
        adjustments=(_adjustment(AdjustmentGroup.CONTRACTUAL, "253", 200),),
    )

    assert imbalances(dataclasses.replace(REMITTANCE, claims=(sequestered,), paid_cents=7300)) == ()


@pytest.mark.parametrize(
    "change",
    [
        {"originator": "1888888888"},
        {"trace_number": "EFT2"},
        {"paid_on": dt.date(2026, 1, 16)},
        {"paid_cents": 7501},
    ],
)
def test_the_key_tells_payments_apart(change: dict[str, object]) -> None:
    other = dataclasses.replace(REMITTANCE, **change)  # type: ignore[arg-type]

    assert key(other) != key(REMITTANCE)


def test_the_key_does_not_mind_the_envelope() -> None:
    assert key(dataclasses.replace(REMITTANCE, control_number="0077")) == key(REMITTANCE)


@pytest.mark.parametrize("status", RemitStatus)
def test_a_forwarded_claim_is_told_by_its_status(status: RemitStatus) -> None:
    claim = CLAIM._replace(status=status)

    assert claim.is_forwarded == (status.value in {"19", "20", "21", "23"})
