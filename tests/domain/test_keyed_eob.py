"""What a person types from paper is read to the cent, or refused at its field with its place."""

from dataclasses import replace

import pytest

from domain.keyed_eob import (
    TypedClaim,
    TypedEob,
    TypedLine,
    TypedProviderAdjustment,
    TypedReason,
    check_left,
    line_left,
    roughly,
)
from domain.keyed_eob_reading import read
from domain.parties import Address, BillingEntity
from domain.remit_balance import imbalances
from domain.remittance import Remittance

PAYEE = BillingEntity(
    name="Cedar Hollow", npi="1234567893", tax_id="123456789", taxonomy="207Q00000X",
    address=Address(line1="1 A", city="B", state="TX", postal_code="752010001"),
    contact_name="Ana", contact_phone="5550140",
)  # fmt: skip
LINE = TypedLine(
    control="L1", code="99213", charge="150.00", allowed="100.00", paid="90.00",
    remarks="N115, M1", service_on="2026-01-06",
    reasons=(
        TypedReason(group="CO", carc="45", amount="50.00"),
        TypedReason(group="PR", carc="3", amount="10.00"),
    ),
)  # fmt: skip
CLAIM = TypedClaim(pcn="C1V1S1", payer_claim_number="ICN1", lines=(LINE,))
EOB = TypedEob(
    payer_no="60101", trace="8812", paid_on="2026-02-03", amount="$90.00", claims=(CLAIM,)
)


def said(eob: TypedEob) -> Remittance | dict[str, str]:
    return read(eob, payer_name="Acme Health", control="K1", payee=PAYEE)


def problems(eob: TypedEob) -> dict[str, str]:
    found = said(eob)
    assert isinstance(found, dict)
    return found


def with_line(**changes: object) -> TypedEob:
    line = replace(LINE, **changes)  # type: ignore[arg-type]
    return replace(EOB, claims=(replace(CLAIM, lines=(line,)),))


def test_a_paper_that_balances_is_a_remittance_like_any_other() -> None:
    remittance = said(EOB)

    assert isinstance(remittance, Remittance)
    assert imbalances(remittance) == ()
    (claim,) = remittance.claims
    (line,) = claim.lines
    assert (remittance.originator, remittance.paid_cents) == ("keyed:60101", 9_000)
    assert (claim.charge_cents, claim.paid_cents, claim.patient_responsibility_cents) == (
        15_000, 9_000, 1_000,
    )  # fmt: skip
    assert (line.line_control, line.allowed_cents, line.remarks) == ("L1", 10_000, ("N115", "M1"))


@pytest.mark.parametrize(
    ("eob", "name", "words"),
    [
        (replace(EOB, payer_no=""), "payer", "Choose the payer"),
        (replace(EOB, trace=" "), "trace", "Give the number of the check"),
        (replace(EOB, paid_on="3/2"), "paid_on", "The check: give its date"),
        (replace(EOB, amount="ninety"), "amount", "'ninety' is not an amount"),
        (replace(EOB, claims=()), "find", "Add the first claim"),
        (with_line(paid=""), "c0.l0.paid", "Claim 1 (C1V1S1), line 1 (99213): give what was paid"),
        (with_line(paid="9.001"), "c0.l0.paid", "'9.001' is not an amount"),
        (with_line(allowed="80.00"), "c0.l0.allowed", "allowed lies between"),
        (with_line(remarks="WHAT?"), "c0.l0.remarks", "'WHAT?' is no remark code"),
        (
            with_line(reasons=(TypedReason(group="XX", carc="45", amount="60.00"),)),
            "c0.l0.r0.group",
            "choose whose loss adjustment 1 is",
        ),
        (
            with_line(reasons=(TypedReason(group="CO", carc="4 5", amount="60.00"),)),
            "c0.l0.r0.carc",
            "'4 5' is no reason code",
        ),
        (
            replace(EOB, provider=(TypedProviderAdjustment(code="WO", amount="-5"),)),
            "p0.amount",
            "give it without a sign",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_at_its_field(eob: TypedEob, name: str, words: str) -> None:
    assert words in problems(eob)[name]


def test_each_level_that_is_out_of_balance_is_named_in_words() -> None:
    line = problems(with_line(paid="80.00"))
    claim = problems(replace(EOB, claims=(replace(CLAIM, paid="95.00"),), amount="95.00"))
    check = problems(replace(EOB, amount="91.00"))

    assert set(line) == {"c0.l0.paid", "amount"}
    assert line["c0.l0.paid"] == (
        "Claim 1 (C1V1S1), line 1 (99213): charge less adjustments makes $90.00, but $80.00 is "
        "keyed as paid. $10.00 has no reason."
    )
    assert "its lines make $90.00, but $95.00 is keyed as paid on the claim" in claim["c0.paid"]
    assert "make $90.00, but the check is $91.00. They differ by −$1.00." in check["amount"]


def test_an_unknown_reason_and_a_provider_level_are_kept() -> None:
    line = replace(LINE, reasons=(TypedReason(group="OA", carc="999", amount="60.00"),))
    raised = TypedProviderAdjustment(code="l6", effect="raises", amount="2.00")

    remittance = said(
        replace(EOB, amount="92.00", claims=(replace(CLAIM, lines=(line,)),), provider=(raised,))
    )

    assert isinstance(remittance, Remittance)
    assert remittance.claims[0].lines[0].adjustments[0].carc == "999"
    assert [(plb.code, plb.cents) for plb in remittance.provider_adjustments] == [("L6", -200)]


def test_running_sums_count_what_can_be_read() -> None:
    half = with_line(paid="")

    assert line_left(half.claims[0].lines[0]) == 9_000
    assert check_left(half) == 9_000
    assert check_left(EOB) == 0
    assert [roughly(text) for text in ("1,200.50", "", "x", "$-3")] == [120_050, 0, 0, -300]
