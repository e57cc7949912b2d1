"""What one line of a remittance does to the ledger: its legs, its denials, what does not fit.

Pure: the same line, terms and open receivable always give the same result, in whatever order
remittances are posted. Denied amounts move no money; they stay the payer's receivable.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from domain.denials import DUPLICATE
from domain.ledger import Account, Leg

# PR reasons that share the cost of what was covered; every other PR reason refuses something.
COST_SHARES = frozenset({"1", "2", "3", "45", "66", "122", "142", "187", "241", "247", "248"})
CONTRACTUAL = "45"
SEQUESTRATIONS = frozenset({"223", "253"})
CAPITATION = "24"
BUNDLED = "97"
# What earlier payers did (23), and what they allowed above the charge (94): told, never posted.
TOLD_ONLY = frozenset({"23", "94"})


class Treatment(StrEnum):
    """What is done with one adjustment."""

    CONTRACTUAL = "contractual"
    SEQUESTRATION = "sequestration"
    CAPITATION = "capitation"
    BUNDLED = "bundled"
    PATIENT_SHARE = "patient_share"
    TOLD = "told"
    DUPLICATE = "duplicate"
    DENIED = "denied"


@dataclass(frozen=True, kw_only=True)
class Reason:
    """One adjustment of a line: group, CARC and amount."""

    group: str
    carc: str
    cents: int


@dataclass(frozen=True, kw_only=True)
class AnsweredLine:
    """A remittance line as the payer sent it: paid = charge less its reasons."""

    charge_cents: int
    paid_cents: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What we hold against a payer's answer. `expected_cents` None: no contract speaks of it."""

    expected_cents: int | None
    is_capitated: bool
    may_bill_patient: bool
    tolerance_cents: int
    tolerance_percent: int


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where the money of a line stands: the dimensions of its postings, and who owes next."""

    payer_id: int
    next_payer_id: int | None
    patient_id: int
    guarantor_id: int
    encounter_id: int
    charge_line_id: int
    claim_id: int
    payer_reference: str


@dataclass(frozen=True, kw_only=True)
class Denied:
    """An amount that the payer refused and that a person (or a rule) must decide about."""

    group: str
    carc: str
    cents: int
    is_underpayment: bool = False


@dataclass(frozen=True, kw_only=True)
class LineResult:
    """`overposted_cents` above zero: the answer takes more than is owed, and must not be posted."""

    legs: tuple[Leg, ...]
    denied: tuple[Denied, ...]
    overposted_cents: int
    is_duplicate: bool

    @property
    def patient_cents(self) -> int:
        return sum(leg.cents for leg in self.legs if leg.account is Account.AR_PATIENT)


_ACCOUNT_OF = {
    Treatment.CONTRACTUAL: Account.CONTRACTUAL,
    Treatment.SEQUESTRATION: Account.SEQUESTRATION,
    Treatment.CAPITATION: Account.CAPITATION_ADJ,
    Treatment.BUNDLED: Account.BUNDLED,
}


def treatment(reason: Reason, terms: Terms, place: Place) -> Treatment:
    """Group and CARC decide together, never the CARC alone."""
    if reason.carc in TOLD_ONLY and reason.group == "OA":
        return Treatment.TOLD
    if reason.carc == DUPLICATE:
        return Treatment.DUPLICATE
    if reason.group == "PR":
        return _patient_treatment(reason, terms, place)
    return _payer_treatment(reason, terms)


def post_line(line: AnsweredLine, owed_cents: int, terms: Terms, place: Place) -> LineResult:
    """The legs of one answered line, given what its payer still owes for it in our books."""
    sums = _by_treatment(line.reasons, terms, place)
    moved = line.paid_cents + sum(
        sums.get(kind, 0)
        for kind in (
            Treatment.SEQUESTRATION,
            Treatment.CAPITATION,
            Treatment.BUNDLED,
            Treatment.PATIENT_SHARE,
        )
    )
    refused = sums.get(Treatment.DENIED, 0)
    contractual = _fitting(sums.get(Treatment.CONTRACTUAL, 0), owed_cents - moved - refused)
    sums[Treatment.CONTRACTUAL] = contractual
    left = owed_cents - moved - contractual
    denied = tuple(_denials(line.reasons, left, terms, place))
    if not denied and left >= 0:
        denied = _underpaid(line, moved, terms)
    return LineResult(
        legs=_legs(line.paid_cents, sums, place),
        denied=denied,
        overposted_cents=max(0, -left),
        is_duplicate=Treatment.DUPLICATE in sums and not line.paid_cents,
    )


def spread(lines: Sequence[AnsweredLine], reasons: Iterable[Reason]) -> tuple[AnsweredLine, ...]:
    """Lay the adjustments of a whole claim on its lines, in order, so that each line balances.

    A line takes no more than was to be paid for it; what no line can take rests on the last one.
    """
    spread_lines = list(lines)
    for reason in reasons:
        left = reason.cents
        for index, line in enumerate(spread_lines):
            is_last = index == len(spread_lines) - 1
            part = left if is_last or left < 0 else min(left, max(line.paid_cents, 0))
            if part:
                spread_lines[index] = _bearing(line, replace(reason, cents=part))
            left -= part
            if not left:
                break
    return tuple(spread_lines)


def _bearing(line: AnsweredLine, reason: Reason) -> AnsweredLine:
    return replace(line, paid_cents=line.paid_cents - reason.cents, reasons=(*line.reasons, reason))


def _patient_treatment(reason: Reason, terms: Terms, place: Place) -> Treatment:
    if reason.carc not in COST_SHARES:
        return Treatment.DENIED
    # Where payment is in full, nothing may reach the patient: a person looks at it.
    if place.next_payer_id is None and not terms.may_bill_patient:
        return Treatment.DENIED
    return Treatment.PATIENT_SHARE


def _payer_treatment(reason: Reason, terms: Terms) -> Treatment:
    match reason.carc:
        case "45" if reason.group == "CO":
            return Treatment.CONTRACTUAL
        case carc if carc in SEQUESTRATIONS:
            return Treatment.SEQUESTRATION
        case "24" if terms.is_capitated:
            return Treatment.CAPITATION
        case "97" if terms.expected_cents == 0:
            return Treatment.BUNDLED
        case _:
            return Treatment.DENIED


def _by_treatment(reasons: Iterable[Reason], terms: Terms, place: Place) -> dict[Treatment, int]:
    sums: dict[Treatment, int] = {}
    for reason in reasons:
        kind = treatment(reason, terms, place)
        sums[kind] = sums.get(kind, 0) + reason.cents
    return sums


def _fitting(contractual: int, room: int) -> int:
    """CO-45 as far as something is left to adjust: a second payer repeats the first one's."""
    return contractual if contractual <= 0 else max(0, min(contractual, room))


def _denials(reasons: Iterable[Reason], left: int, terms: Terms, place: Place) -> Iterable[Denied]:
    """One per group and CARC, never more in all than what is still owed."""
    sums: dict[tuple[str, str], int] = {}
    for reason in reasons:
        if treatment(reason, terms, place) is Treatment.DENIED:
            name = (reason.group, reason.carc)
            sums[name] = sums.get(name, 0) + reason.cents
    for (group, carc), cents in sums.items():
        stake = min(cents, left)
        if stake > 0:
            yield Denied(group=group, carc=carc, cents=stake)
            left -= stake


def _underpaid(line: AnsweredLine, moved: int, terms: Terms) -> tuple[Denied, ...]:
    """What the contract promised beyond what this payer allowed, when it is more than noise."""
    if terms.expected_cents is None or any(reason.carc == DUPLICATE for reason in line.reasons):
        return ()
    missing = min(terms.expected_cents, line.charge_cents) - moved
    noise = max(terms.tolerance_cents, terms.expected_cents * terms.tolerance_percent // 100)
    if missing <= noise:
        return ()
    return (Denied(group="CO", carc=CONTRACTUAL, cents=missing, is_underpayment=True),)


def _legs(paid: int, sums: dict[Treatment, int], place: Place) -> tuple[Leg, ...]:
    """Debits by account, and one credit that lowers what this payer owes."""
    debits = [_leg(Account.CLEARING, paid, place, payer_id=place.payer_id)]
    for kind, account in _ACCOUNT_OF.items():
        debits.append(_leg(account, sums.get(kind, 0), place, payer_id=place.payer_id))
    debits.append(_share(sums.get(Treatment.PATIENT_SHARE, 0), place))
    total = sum(leg.cents for leg in debits)
    credit = _leg(Account.AR_INSURANCE, -total, place, payer_id=place.payer_id)
    return tuple(leg for leg in (*debits, credit) if leg.cents)


def _share(cents: int, place: Place) -> Leg:
    """PR goes to the next payer at once; without one, to the patient."""
    if place.next_payer_id is not None:
        return _leg(Account.AR_INSURANCE, cents, place, payer_id=place.next_payer_id)
    return _leg(Account.AR_PATIENT, cents, place, payer_id=None)


def _leg(account: Account, cents: int, place: Place, *, payer_id: int | None) -> Leg:
    return Leg(
        account=account,
        cents=cents,
        payer_id=payer_id,
        patient_id=place.patient_id,
        guarantor_id=place.guarantor_id,
        encounter_id=place.encounter_id,
        charge_line_id=place.charge_line_id,
        claim_id=place.claim_id,
        payer_reference=place.payer_reference,
    )
