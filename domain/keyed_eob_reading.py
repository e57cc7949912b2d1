"""From a keyed EOB to the remittance that it says, once every word can be read and every level
balances; until then each problem names its field, and its place on the paper in words.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from domain.keyed_eob import (
    GROUPS,
    METHODS,
    RAISES,
    STATUSES,
    TypedClaim,
    TypedEob,
    TypedLine,
    TypedProviderAdjustment,
    TypedReason,
    amount_text,
    claim_words,
    line_words,
    originator,
)
from domain.money import cents_of, dollars
from domain.parties import BillingEntity
from domain.remit_balance import BalanceLevel, Imbalance, imbalances
from domain.remittance import (
    Adjustment,
    AdjustmentGroup,
    ProviderAdjustment,
    RemitClaim,
    RemitLine,
    RemitStatus,
    Remittance,
)

NUMBER_MAX = 50
_CARC = re.compile(r"[A-Z]?[0-9]{1,3}")
_REMARK = re.compile(r"[A-Z]{1,2}[0-9]{1,4}")


def read(
    eob: TypedEob, *, payer_name: str, control: str, payee: BillingEntity
) -> Remittance | dict[str, str]:
    """The remittance, or what is wrong: words by the name of the field."""
    reader = _Reader()
    remittance = reader.remittance(eob, payer_name=payer_name, control=control, payee=payee)
    if not reader.problems:
        reader.problems |= dict(_unbalanced(eob, found) for found in _telling(remittance))
    return reader.problems or remittance


@dataclass(kw_only=True)
class _Reader:
    """Reads every field and gathers what cannot be read."""

    problems: dict[str, str] = field(default_factory=dict)
    place: int = 0

    def remittance(
        self, eob: TypedEob, *, payer_name: str, control: str, payee: BillingEntity
    ) -> Remittance:
        if not eob.payer_no:
            self._refuse("payer", "Choose the payer that sent the paper.")
        if eob.method not in METHODS:
            self._refuse("method", "Choose how it was paid.")
        if not eob.claims and not any(not each.is_blank for each in eob.provider):
            self._refuse("find", "Add the first claim of the paper.")
        return Remittance(
            control_number=control,
            payer_name=payer_name,
            payer_id=eob.payer_no,
            trace_number=self._number("trace", eob.trace, "Give the number of the check or EFT."),
            originator=originator(eob.payer_no),
            paid_cents=self._cents("amount", eob.amount, "The check"),
            method=eob.method,
            paid_on=self._day("paid_on", eob.paid_on, "The check"),
            production_on=None,
            payee_name=payee.name,
            payee_npi=payee.npi,
            payee_tax_id=payee.tax_id,
            claims=tuple(self._claim(n, claim) for n, claim in enumerate(eob.claims)),
            provider_adjustments=tuple(
                self._provider(n, each, payee)
                for n, each in enumerate(eob.provider)
                if not each.is_blank
            ),
        )

    def _claim(self, n: int, claim: TypedClaim) -> RemitClaim:
        name, where = f"c{n}", claim_words(n, claim)
        segment = self._next()
        pcn = self._number(f"{name}.pcn", claim.pcn, f"{where}: give the number of the claim.")
        if claim.status not in STATUSES:
            self._refuse(f"{name}.status", f"{where}: choose how the payer handled it.")
        if not claim.lines:
            self._refuse(f"{name}.paid", f"{where}: it has no line yet.")
        lines = tuple(self._line(n, m, claim, line) for m, line in enumerate(claim.lines))
        stated = claim.paid.strip()
        return RemitClaim(
            ordinal=n + 1,
            segment=segment,
            pcn=pcn,
            status=RemitStatus(claim.status) if claim.status in STATUSES else RemitStatus.PRIMARY,
            charge_cents=sum(line.charge_cents for line in lines),
            paid_cents=self._cents(f"{name}.paid", stated, where)
            if stated
            else sum(line.paid_cents for line in lines),
            patient_responsibility_cents=sum(
                each.cents
                for line in lines
                for each in line.adjustments
                if each.group is AdjustmentGroup.PATIENT
            ),
            payer_claim_number=claim.payer_claim_number.strip()[:NUMBER_MAX],
            filing_code="",
            member_id=claim.member_id or None,
            lines=lines,
        )

    def _line(self, n: int, m: int, claim: TypedClaim, line: TypedLine) -> RemitLine:
        name, where = f"c{n}.l{m}", line_words(n, m, claim, line)
        charge = self._cents(f"{name}.charge", line.charge, where, what="the charge")
        paid = self._cents(f"{name}.paid", line.paid, where, what="what was paid")
        return RemitLine(
            ordinal=m + 1,
            segment=self._next(),
            code=self._number(f"{name}.code", line.code, f"{where}: give the service."),
            modifiers=line.modifiers,
            charge_cents=charge,
            paid_cents=paid,
            units=self._units(f"{name}.units", line.units, where),
            line_control=line.control or None,
            service_on=self._day(f"{name}.service_on", line.service_on, where)
            if line.service_on
            else None,
            adjustments=tuple(
                self._reason(name, k, reason, where)
                for k, reason in enumerate(each for each in line.reasons if not each.is_blank)
            ),
            remarks=tuple(self._remarks(f"{name}.remarks", line.remarks, where)),
            allowed_cents=self._allowed(f"{name}.allowed", line, charge, paid, where),
        )

    def _reason(self, line: str, k: int, reason: TypedReason, where: str) -> Adjustment:
        name, carc = f"{line}.r{k}", reason.carc.strip().upper()
        if reason.group not in GROUPS:
            self._refuse(f"{name}.group", f"{where}: choose whose loss adjustment {k + 1} is.")
        if not _CARC.fullmatch(carc):
            self._refuse(f"{name}.carc", f"{where}: {carc[:8]!r} is no reason code, as 45.")
        known = reason.group in GROUPS
        return Adjustment(
            ordinal=k + 1,
            segment=self._next(),
            group=AdjustmentGroup(reason.group) if known else AdjustmentGroup.OTHER,
            carc=carc,
            cents=self._cents(f"{name}.amount", reason.amount, where, what="an adjustment"),
        )

    def _allowed(
        self, name: str, line: TypedLine, charge: int, paid: int, where: str
    ) -> int | None:
        if not line.allowed.strip():
            return None
        allowed = self._cents(name, line.allowed, where, what="what was allowed")
        if not min(0, charge) <= allowed <= max(0, charge) or abs(allowed) < abs(paid):
            words = f"{where}: allowed lies between what was paid and the charge."
            self._refuse(name, words)
        return allowed

    def _remarks(self, name: str, text: str, where: str) -> Iterator[str]:
        for remark in re.split(r"[\s,;]+", text.strip().upper()):
            if remark and not _REMARK.fullmatch(remark):
                self._refuse(name, f"{where}: {remark[:8]!r} is no remark code, as N115.")
            elif remark:
                yield remark

    def _provider(
        self, n: int, typed: TypedProviderAdjustment, payee: BillingEntity
    ) -> ProviderAdjustment:
        where = f"Provider level, row {n + 1}"
        cents = self._cents(f"p{n}.amount", typed.amount, where)
        if cents < 0:
            words = f"{where}: give it without a sign, and say what it does to the check."
            self._refuse(f"p{n}.amount", words)
        code = typed.code.strip().upper()
        if not code:
            self._refuse(f"p{n}.code", f"{where}: choose what it is.")
        return ProviderAdjustment(
            ordinal=n + 1,
            segment=self._next(),
            provider_id=payee.npi,
            period_ends_on=None,
            code=code,
            reference=typed.reference.strip()[:NUMBER_MAX] or None,
            cents=-cents if typed.effect == RAISES else cents,
        )

    def _cents(self, name: str, text: str, where: str, *, what: str = "the amount") -> int:
        if not text.strip():
            self._refuse(name, f"{where}: give {what}, as 90.00.")
            return 0
        try:
            return cents_of(amount_text(text))
        except ValueError:
            self._refuse(name, f"{where}: {text[:20]!r} is not an amount, as 90.00.")
            return 0

    def _units(self, name: str, text: str, where: str) -> Decimal:
        try:
            units = Decimal(text.strip() or "1")
        except InvalidOperation:
            units = Decimal("NaN")
        if not units.is_finite():
            self._refuse(name, f"{where}: {text[:10]!r} is no number of units.")
            return Decimal(1)
        return units

    def _day(self, name: str, text: str, where: str) -> dt.date:
        try:
            return dt.date.fromisoformat(text.strip())
        except ValueError:
            self._refuse(name, f"{where}: give its date, as 2026-03-31.")
            return dt.date.min

    def _number(self, name: str, text: str, required: str) -> str:
        value = text.strip().upper()
        if not value or len(value) > NUMBER_MAX:
            self._refuse(name, required)
        return value

    def _next(self) -> int:
        """The place of a row on the paper, counted from the top."""
        self.place += 1
        return self.place

    def _refuse(self, name: str, words: str) -> None:
        self.problems.setdefault(name, words)


def _telling(remittance: Remittance) -> Iterator[Imbalance]:
    """A claim is only off by itself where all its lines balance."""
    every = imbalances(remittance)
    in_lines = {found.claim_ordinal for found in every if found.level is BalanceLevel.LINE}
    for found in every:
        if found.level is not BalanceLevel.CLAIM or found.claim_ordinal not in in_lines:
            yield found


def _unbalanced(eob: TypedEob, found: Imbalance) -> tuple[str, str]:
    """The field that a wrong sum is shown beside, and the arithmetic in words."""
    n, m = (found.claim_ordinal or 0) - 1, (found.line_ordinal or 0) - 1
    expected, stated = dollars(found.expected_cents), dollars(found.stated_cents)
    off = dollars(found.expected_cents - found.stated_cents)
    match found.level:
        case BalanceLevel.LINE:
            where = line_words(n, m, eob.claims[n], eob.claims[n].lines[m])
            words = f"charge less adjustments makes {expected}, but {stated} is keyed as paid"
            return f"c{n}.l{m}.paid", f"{where}: {words}. {off} has no reason."
        case BalanceLevel.CLAIM:
            where = claim_words(n, eob.claims[n])
            words = f"its lines make {expected}, but {stated} is keyed as paid on the claim"
            return f"c{n}.paid", f"{where}: {words}. They differ by {off}."
        case BalanceLevel.PAYMENT:
            words = f"claims less provider level make {expected}, but the check is {stated}"
            return "amount", f"The check: {words}. They differ by {off}."
