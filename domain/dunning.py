"""Asking a guarantor for money: what happens next, as a pure function of what is owed.

Encounters first billed together are one run; each run gets a statement, a reminder and a final
notice, thirty days apart, and each of these asks for the whole account. A payment plan that is
kept stops the asking; only a person ends it.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from domain.correspondence import StatementKind
from domain.money import dollars

ASK_AGAIN_AFTER = dt.timedelta(days=30)
DUE_WITHIN = dt.timedelta(days=25)
NOTICES_MAX = 3
PLAN_WORTH_CENTS = 20_000
GRACE_DAYS = 10
# More than these by written agreement may be credit under Truth in Lending (12 CFR 1026.2).
INSTALMENTS_WITHOUT_DISCLOSURE = 4
INSTALMENTS_MAX = 12
NSF_FEE_CENTS = 2_500


@dataclass(frozen=True, kw_only=True)
class Bill:
    """What the patient owes of one encounter; `run` is None until a statement has carried it.

    `encounter_id` None is the practice's own fees, which no payer ever sees.
    """

    encounter_id: int | None
    cents: int
    run: int | None
    is_in_question: bool = False


@dataclass(frozen=True, kw_only=True)
class Notice:
    """The latest statement of a run."""

    run: int
    cycle: int
    statement_no: str
    issued_on: dt.date


@dataclass(frozen=True, kw_only=True)
class Instalment:
    due_on: dt.date
    cents: int


@dataclass(frozen=True, kw_only=True)
class Plan:
    """An agreement in force; it covers what had been billed when it was made."""

    agreed_on: dt.date
    grace_days: int
    instalments: tuple[Instalment, ...]

    def may_be_left_cents(self, today: dt.date) -> int:
        """What may still be owed today without the plan being broken."""
        return sum(part.cents for part in self.instalments if today <= self.late_on(part))

    def late_on(self, part: Instalment) -> dt.date:
        """The last day on which an instalment is not yet missed."""
        return part.due_on + dt.timedelta(days=self.grace_days)

    def next_due(self, left_cents: int) -> Instalment:
        """The earliest instalment that is not paid; the last one when all that is left is odd."""
        after = sum(part.cents for part in self.instalments)
        for part in self.instalments:
            after -= part.cents
            if left_cents > after:
                return part
        return self.instalments[-1]


@dataclass(frozen=True, kw_only=True)
class GuarantorAccount:
    """All that decides what happens next. `returnable_cents` is credit that nothing can use up."""

    bills: tuple[Bill, ...]
    notices: tuple[Notice, ...]
    plan: Plan | None
    small_cents: int
    held_until_on: dt.date | None
    returnable_cents: int
    credit_is_asked: bool
    asked_runs: frozenset[int]


@dataclass(frozen=True, kw_only=True)
class Awaited:
    """One thing waited for: until that day has ended, and then what."""

    what: str
    until_on: dt.date
    then_what: str


@dataclass(frozen=True, kw_only=True)
class EndPlan:
    is_kept: bool


@dataclass(frozen=True, kw_only=True)
class WriteOffSmall:
    bills: tuple[Bill, ...]


@dataclass(frozen=True, kw_only=True)
class SendNotice:
    """`run` None begins a run."""

    run: int | None
    cycle: int
    kind: StatementKind
    bills: tuple[Bill, ...]


@dataclass(frozen=True, kw_only=True)
class AskAboutBalance:
    notice: Notice
    bills: tuple[Bill, ...]


@dataclass(frozen=True, kw_only=True)
class AskAboutCredit:
    cents: int


@dataclass(frozen=True, kw_only=True)
class Rest:
    """Nothing to do now; with nothing awaited either, the account is at rest."""

    awaited: tuple[Awaited, ...]


Move = EndPlan | WriteOffSmall | SendNotice | AskAboutBalance | AskAboutCredit | Rest


def next_move(account: GuarantorAccount, today: dt.date) -> Move:
    """The one thing to do now; after it, look again."""
    return (
        _end_plan(account, today)
        or _write_off_small(account)
        or _first_statement(account)
        or _ask_again(account, today)
        or _ask_about_credit(account)
        or Rest(awaited=_awaited(account, today))
    )


def notice_kind(cycle: int) -> StatementKind:
    if cycle <= 1:
        return StatementKind.STATEMENT
    return StatementKind.REMINDER if cycle < NOTICES_MAX else StatementKind.FINAL


def recommends_plan(cents: int, *, was_offered: bool) -> bool:
    return cents >= PLAN_WORTH_CENTS and not was_offered


def instalments(cents: int, count: int, first_on: dt.date) -> tuple[Instalment, ...]:
    """Equal parts, thirty days apart; the first carries the odd cents."""
    part, odd = divmod(cents, count)
    return tuple(
        Instalment(due_on=first_on + at * ASK_AGAIN_AFTER, cents=part + (odd if at == 0 else 0))
        for at in range(count)
    )


def _end_plan(account: GuarantorAccount, today: dt.date) -> EndPlan | None:
    if account.plan is None:
        return None
    left = _left_of_plan(account, account.plan)
    if left == 0:
        # What is held is not seen here; a plan over it has not been paid to the end.
        return None if account.held_until_on else EndPlan(is_kept=True)
    return EndPlan(is_kept=False) if left > account.plan.may_be_left_cents(today) else None


def _write_off_small(account: GuarantorAccount) -> WriteOffSmall | None:
    """A small encounter never gets a statement; a small rest is dropped when nothing else is owed.

    The first does not look at other encounters: money must not hang on who is adjudicated first.
    """
    open_bills = [bill for bill in account.bills if not bill.is_in_question]
    never_billed = [bill for bill in open_bills if bill.run is None]
    small = [bill for bill in never_billed if bill.cents <= account.small_cents]
    if sum(bill.cents for bill in account.bills) <= account.small_cents and not account.plan:
        small = open_bills
    small = [bill for bill in small if bill.encounter_id is not None]
    return WriteOffSmall(bills=tuple(small)) if small else None


def _first_statement(account: GuarantorAccount) -> SendNotice | None:
    if not any(bill.run is None and not bill.is_in_question for bill in account.bills):
        return None
    return SendNotice(run=None, cycle=1, kind=notice_kind(1), bills=asked_for(account))


def _ask_again(account: GuarantorAccount, today: dt.date) -> SendNotice | AskAboutBalance | None:
    for notice, bills in _dunned(account):
        if today < notice.issued_on + ASK_AGAIN_AFTER or notice.run in account.asked_runs:
            continue
        if notice.cycle >= NOTICES_MAX:
            return AskAboutBalance(notice=notice, bills=bills)
        cycle = notice.cycle + 1
        kind = notice_kind(cycle)
        return SendNotice(run=notice.run, cycle=cycle, kind=kind, bills=asked_for(account))
    return None


def _ask_about_credit(account: GuarantorAccount) -> AskAboutCredit | None:
    if account.returnable_cents <= 0 or account.credit_is_asked:
        return None
    return AskAboutCredit(cents=account.returnable_cents)


def _awaited(account: GuarantorAccount, today: dt.date) -> tuple[Awaited, ...]:
    waits = [_await_payment(notice, bills) for notice, bills in _dunned(account, today)]
    if account.plan:
        waits.append(_await_instalment(account, account.plan))
    if account.held_until_on:
        waits.append(
            Awaited(
                what="the end of a hold on what the patient owes",
                until_on=account.held_until_on,
                then_what="we look again",
            )
        )
    return tuple(waits)


def _await_payment(notice: Notice, bills: tuple[Bill, ...]) -> Awaited:
    cents = sum(bill.cents for bill in bills)
    then = {1: "a reminder goes out", 2: "the final notice goes out"}
    return Awaited(
        what=f"the patient's payment of {dollars(cents)} for statement {notice.statement_no}",
        # The next notice goes out as the thirtieth day begins.
        until_on=notice.issued_on + ASK_AGAIN_AFTER - dt.timedelta(days=1),
        then_what=then.get(notice.cycle, "a biller decides"),
    )


def _await_instalment(account: GuarantorAccount, plan: Plan) -> Awaited:
    part = plan.next_due(_left_of_plan(account, plan))
    return Awaited(
        what=f"the instalment of {dollars(part.cents)} due on {part.due_on}",
        until_on=plan.late_on(part),
        then_what="the payment plan is broken, and we ask for the balance again",
    )


def asked_for(account: GuarantorAccount) -> tuple[Bill, ...]:
    """A statement asks for the whole account, whichever run it is of: the newest says it all."""
    covered = {n.run for n in account.notices if _is_covered(account.plan, n)}
    return tuple(b for b in account.bills if b.run not in covered and not b.is_in_question)


def _dunned(
    account: GuarantorAccount, waiting_on: dt.date | None = None
) -> list[tuple[Notice, tuple[Bill, ...]]]:
    """The runs we ask for, oldest first; with a date only those that wait for their payment."""
    found = []
    for notice in sorted(account.notices, key=lambda notice: notice.run):
        bills = tuple(
            bill for bill in account.bills if bill.run == notice.run and not bill.is_in_question
        )
        is_late = waiting_on is not None and waiting_on >= notice.issued_on + ASK_AGAIN_AFTER
        if bills and not is_late and not _is_covered(account.plan, notice):
            found.append((notice, bills))
    return found


def _left_of_plan(account: GuarantorAccount, plan: Plan) -> int:
    covered = {notice.run for notice in account.notices if _is_covered(plan, notice)}
    # A fee for a returned check is asked for after the plan: it must not break the plan it hit.
    bills: Iterable[Bill] = (bill for bill in account.bills if bill.encounter_id is not None)
    return sum(bill.cents for bill in bills if bill.run in covered)


def _is_covered(plan: Plan | None, notice: Notice) -> bool:
    return plan is not None and notice.issued_on <= plan.agreed_on
