"""A remittance on paper as a person types it, however far they have come, and its running sums.

`domain.keyed_eob_reading` makes a `Remittance` of it.
"""

from dataclasses import dataclass

from domain.money import cents_of
from domain.remittance import AdjustmentGroup, RemitStatus

# Paper names no originator (TRN03): this and the payer's number stand in its place.
KEYED = "keyed:"
LOWERS, RAISES = "lowers", "raises"
METHODS = ("CHK", "ACH", "NON")
STATUSES = (
    RemitStatus.PRIMARY,
    RemitStatus.SECONDARY,
    RemitStatus.TERTIARY,
    RemitStatus.PRIMARY_FORWARDED,
    RemitStatus.SECONDARY_FORWARDED,
    RemitStatus.REVERSAL,
)
GROUPS = (
    AdjustmentGroup.CONTRACTUAL,
    AdjustmentGroup.PATIENT,
    AdjustmentGroup.OTHER,
    AdjustmentGroup.PAYER_INITIATED,
)


@dataclass(frozen=True, kw_only=True)
class TypedReason:
    group: str = ""
    carc: str = ""
    amount: str = ""

    @property
    def is_blank(self) -> bool:
        return not (self.carc or self.amount)


@dataclass(frozen=True, kw_only=True)
class TypedLine:
    control: str = ""
    """Our line control number, where the claim is one of ours."""
    code: str = ""
    modifiers: tuple[str, ...] = ()
    service_on: str = ""
    units: str = "1"
    charge: str = ""
    allowed: str = ""
    paid: str = ""
    remarks: str = ""
    reasons: tuple[TypedReason, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TypedClaim:
    pcn: str = ""
    payer_claim_number: str = ""
    status: str = RemitStatus.PRIMARY
    member_id: str = ""
    paid: str = ""
    """What the paper says was paid on it as a whole; empty: the sum of its lines."""
    lines: tuple[TypedLine, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TypedProviderAdjustment:
    code: str = ""
    reference: str = ""
    effect: str = LOWERS
    amount: str = ""

    @property
    def is_blank(self) -> bool:
        return not (self.code or self.amount)


@dataclass(frozen=True, kw_only=True)
class TypedEob:
    payer_no: str = ""
    method: str = "CHK"
    trace: str = ""
    paid_on: str = ""
    amount: str = ""
    claims: tuple[TypedClaim, ...] = ()
    provider: tuple[TypedProviderAdjustment, ...] = ()


def originator(payer_no: str) -> str:
    return f"{KEYED}{payer_no}"


def is_keyed(originator: str) -> bool:
    return originator.startswith(KEYED)


def roughly(text: str) -> int:
    """For running sums: what cannot be read counts nothing yet."""
    try:
        return cents_of(amount_text(text)) if text.strip() else 0
    except ValueError:
        return 0


def line_left(line: TypedLine) -> int:
    """Charge less reasons less paid: zero when the line balances."""
    adjusted = sum(roughly(reason.amount) for reason in line.reasons)
    return roughly(line.charge) - adjusted - roughly(line.paid)


def claim_paid(claim: TypedClaim) -> int:
    """What the paper says of the claim, else what its lines say."""
    return roughly(claim.paid) if claim.paid.strip() else lines_paid(claim)


def lines_paid(claim: TypedClaim) -> int:
    return sum(roughly(line.paid) for line in claim.lines)


def kept(adjustment: TypedProviderAdjustment) -> int:
    """Signed as an 835 does: what lowers the check is positive."""
    cents = roughly(adjustment.amount)
    return -cents if adjustment.effect == RAISES else cents


def charged(claim: TypedClaim) -> int:
    return sum(roughly(line.charge) for line in claim.lines)


def balances(claim: TypedClaim) -> bool:
    """Whether each line has a reason for all that was not paid, and the claim is their sum."""
    return not any(map(line_left, claim.lines)) and claim_paid(claim) == lines_paid(claim)


def claims_paid(eob: TypedEob) -> int:
    return sum(claim_paid(claim) for claim in eob.claims)


def provider_kept(eob: TypedEob) -> int:
    return sum(kept(each) for each in eob.provider)


def check_left(eob: TypedEob) -> int:
    """The check less what its claims and provider adjustments make: zero when all is keyed."""
    return roughly(eob.amount) - claims_paid(eob) + provider_kept(eob)


def claim_words(n: int, claim: TypedClaim) -> str:
    return f"Claim {n + 1} ({claim.pcn})" if claim.pcn else f"Claim {n + 1}"


def line_words(n: int, m: int, claim: TypedClaim, line: TypedLine) -> str:
    return f"{claim_words(n, claim)}, line {m + 1} ({line.code or 'no code'})"


def amount_text(text: str) -> str:
    """An amount as people write it, in the form that can be read."""
    return text.strip().replace("$", "").replace(",", "").replace("\N{MINUS SIGN}", "-")
