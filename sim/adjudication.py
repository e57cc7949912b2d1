"""What a payer answers for one line: pure arithmetic, balanced to the cent."""

from dataclasses import dataclass

from sim.outcomes import ANOTHER_FIRST, DENIALS, NEXT_PAYER_CARCS, Cure, Denial, Outcome
from sim.payers import PAYERS, Payer, allowed_cents, facility_rates, rates
from sim.world import Cover, Encounter, Plan, Service, Share, ShareKind, World

UNDERPAID_PERCENT = 85
# Of a clinic's room: any will do where only the money counts.
REVENUE_CODE = "0510"


@dataclass(frozen=True, kw_only=True)
class Adjustment:
    group: str
    carc: str
    cents: int


@dataclass(frozen=True, kw_only=True)
class Prior:
    """What the payer before us said about the line, as the claim tells it."""

    paid_cents: int
    adjustments: tuple[Adjustment, ...]

    @property
    def left_to_patient_cents(self) -> int:
        return sum(one.cents for one in self.adjustments if one.group == "PR")

    @property
    def leaves_it_all(self) -> bool:
        """The prior payer would have none of it; then the next one pays as if first."""
        return self.paid_cents == 0 and any(
            one.carc in NEXT_PAYER_CARCS for one in self.adjustments
        )


@dataclass(frozen=True, kw_only=True)
class ClaimLine:
    control: str
    code: str
    modifiers: tuple[str, ...] = ()
    units: int = 1
    charge_cents: int = 0
    diagnoses: tuple[str, ...] = ()
    revenue_code: str = ""
    """On the lines of a facility alone."""
    prior: Prior | None = None

    @property
    def is_facilitys(self) -> bool:
        return bool(self.revenue_code)


@dataclass(frozen=True, kw_only=True)
class LineAnswer:
    line: ClaimLine
    paid_cents: int
    adjustments: tuple[Adjustment, ...]
    rarcs: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        left = self.line.charge_cents - sum(one.cents for one in self.adjustments)
        assert left == self.paid_cents, f"{self.line.control}: {left} != {self.paid_cents}"


def deny_line(line: ClaimLine, denial: Denial) -> LineAnswer:
    return LineAnswer(
        line=line,
        paid_cents=0,
        adjustments=(Adjustment(group=denial.group, carc=denial.carc, cents=line.charge_cents),),
        rarcs=denial.rarcs,
    )


def pay_line(
    payer: Payer, plan: Plan, line: ClaimLine, *, is_first: bool, is_final: bool
) -> LineAnswer:
    """Pay by contract; after another payer only what that one left to the patient."""
    prior = line.prior
    if prior is not None and not prior.leaves_it_all:
        return _pay_after(payer, plan, line, prior, is_first=is_first)
    contract = _allowed(payer, line)
    share = plan.share if is_final or plan.first_share is None else plan.first_share
    left = _patient_part(share, contract, is_first=is_first)
    allowed = contract
    if plan.outcome is Outcome.UNDERPAID and line.code == plan.target and not is_final:
        allowed = max(sum(left.values()), contract * UNDERPAID_PERCENT // 100)
    due = allowed - sum(left.values())
    withheld = due * payer.sequestration_percent // 100
    return _answer(
        line,
        due - withheld,
        {("CO", "45"): line.charge_cents - allowed, ("CO", "253"): withheld, **left},
    )


def _pay_after(
    payer: Payer, plan: Plan, line: ClaimLine, prior: Prior, *, is_first: bool
) -> LineAnswer:
    left = prior.left_to_patient_cents
    before = line.charge_cents - left
    paid = min(left, _normal_payment(payer, plan, line, prior, is_first=is_first))
    rest = ("PR", "2") if payer.bills_patient else ("CO", "45")
    return _answer(line, paid, {("OA", "23"): before, rest: left - paid})


def _normal_payment(
    payer: Payer, plan: Plan, line: ClaimLine, prior: Prior, *, is_first: bool
) -> int:
    if payer.pays_what_is_left:
        keeps = {"1"} if plan.share.kind is ShareKind.DEDUCTIBLE_FIRST else set()
        return sum(
            one.cents for one in prior.adjustments if one.group == "PR" and one.carc not in keeps
        )
    allowed = _allowed(payer, line)
    return allowed - sum(_patient_part(plan.share, allowed, is_first=is_first).values())


def _allowed(payer: Payer, line: ClaimLine) -> int:
    return allowed_cents(
        payer, line.code, line.units, line.charge_cents, of_facility=line.is_facilitys
    )


def _patient_part(share: Share, allowed: int, *, is_first: bool) -> dict[tuple[str, str], int]:
    match share.kind:
        case ShareKind.COPAY:
            return {("PR", "3"): min(allowed, share.amount) if is_first else 0}
        case ShareKind.COINSURANCE:
            return {("PR", "2"): allowed * share.amount // 100}
        case ShareKind.DEDUCTIBLE_FIRST:
            coinsurance = allowed * 20 // 100
            return {("PR", "1"): allowed} if is_first else {("PR", "2"): coinsurance}
        case ShareKind.DEDUCTIBLE_ALL:
            return {("PR", "1"): allowed}
        case ShareKind.NONE:
            return {}


def _answer(line: ClaimLine, paid: int, parts: dict[tuple[str, str], int]) -> LineAnswer:
    adjustments = tuple(
        Adjustment(group=group, carc=carc, cents=cents)
        for (group, carc), cents in parts.items()
        if cents
    )
    return LineAnswer(line=line, paid_cents=paid, adjustments=adjustments)


def denial_of(plan: Plan, code: str, prior: Prior | None = None) -> Denial | None:
    """The denial this plan holds for a line with this code, if any; one that sends it to another
    payer first is over when that one's answer comes with the line."""
    denial = DENIALS.get(plan.outcome)
    if denial is None or (plan.target and plan.target != code):
        return None
    return None if denial.carc == ANOTHER_FIRST and prior is not None else denial


def expected_cents(world: World) -> int:
    """What all payers pay in the end if the one cure of each claim is done."""
    return sum(expected_of(one) for one in (*world.encounters, *world.facility_bills))


def expected_of(one: Encounter) -> int:
    """What the script pays for one encounter; nothing where the practice never had the data."""
    if one.flaw == "payer":
        return 0
    return sum(
        _expected_line(one, service, is_first=at == 0) for at, service in enumerate(one.services)
    )


def _expected_line(one: Encounter, service: Service, *, is_first: bool) -> int:
    prior: Prior | None = None
    total = 0
    charge = _usual_charge(one, service)
    for cover in _in_turn(one, service):
        payer, plan = PAYERS[cover.payer_id], one.plans[cover.payer_id]
        line = ClaimLine(
            control="",
            code=service.code,
            units=service.units,
            charge_cents=charge,
            revenue_code=REVENUE_CODE if one.is_facilitys else "",
            prior=prior,
        )
        denial = denial_of(plan, service.code, prior)
        if denial and denial.cure in {Cure.NONE, Cure.NEXT_PAYER}:
            answer = deny_line(line, denial)
            if denial.cure is Cure.NONE:
                return total
        else:
            answer = pay_line(payer, plan, line, is_first=is_first, is_final=True)
        total += answer.paid_cents
        prior = Prior(paid_cents=answer.paid_cents, adjustments=answer.adjustments)
    return total


def _in_turn(one: Encounter, service: Service) -> list[Cover]:
    """Whoever says that another comes first is asked again last."""

    def is_later(cover: Cover) -> bool:
        denial = denial_of(one.plans[cover.payer_id], service.code)
        return denial is not None and denial.carc == ANOTHER_FIRST

    return sorted(one.patient.covers, key=is_later)


def _usual_charge(one: Encounter, service: Service) -> int:
    """Charges are twice the rate; the fee that is missing does not count."""
    known = facility_rates() if one.is_facilitys else rates()
    return 2 * known.get(service.code, 0) * service.units
