"""Whatever the order in which the world answers one claim, it stands as the table says.

The answers: the clearinghouse's 999, its refusal (277CA), the payer's acceptance (277CA), the
payer's 277, its 835, the reversal of that, and the same 835 again. What an order has led to is
looked at once: two orders that have come to the same state, with the same answers to come, end
alike, and are counted.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pytest
from sqlalchemy import func, select

from db.models import Batch, Claim, Posting, RemitClaim, StatusInquiry, Submission, Task, Wait
from domain.encounter import ClaimStage
from tests.casework.office import CHARGE, visit
from tests.casework.payer_files import (
    Clp,
    Era,
    Svc,
    ack_277ca,
    ack_999,
    answer_277,
    remittance_file,
)
from tests.scenarios import practice
from tests.scenarios.play import Play

ORDERS = 5_040
# It takes 70 s on an idle machine, and is not to be cut off on a busy one.
LIMIT_SECONDS = 1_200
ICN = "ICN7"


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where the claim stands, what its payer owes, and what is asked of people."""

    stage: ClaimStage
    outcome: str | None = None
    owed_cents: int = CHARGE
    tasks: tuple[str, ...] = ()


def table(came: frozenset[str], *, is_late: bool) -> Standing:
    """The truth table, written before the first order was played: what stands after these answers,
    in whatever order they came.

    An 835 outranks whatever was said before it; the second one is the first one; a reversal waits
    for it if it comes first. A payer's word outranks the clearinghouse's. The 999 and the 277 move
    nothing by themselves. The order counts once: who refuses a claim that its payer has adjudicated
    (`is_late`) contradicts the remittance, and a biller is asked.
    """
    late = ("posting_exception",) if is_late else ()
    if came & {"835", "835 again"}:
        if "reversal" in came:
            outcome = "awaits correction"
            return Standing(stage=ClaimStage.ADJUDICATED, outcome=outcome, tasks=late)
        return Standing(stage=ClaimStage.SETTLED, outcome="paid", owed_cents=0, tasks=late)
    if "acceptance" in came:
        return Standing(stage=ClaimStage.ACCEPTED)
    if "refusal" in came:
        return Standing(stage=ClaimStage.REJECTED, tasks=("rejection",))
    return Standing(stage=ClaimStage.SUBMITTED)


@dataclass
class World:
    """One claim that was sent and asked about, and the files that answer it."""

    office: Play
    files: Mapping[str, Callable[[], bytes]]
    seen: dict[tuple[object, ...], int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def play(self, came: tuple[str, ...] = (), *, is_late: bool = False) -> int:
        """Look at what stands, then play every order of what is to come; how many there are."""
        to_come = sorted(self.files.keys() - set(came))
        key = (frozenset(came), is_late, state(self.office))
        if key not in self.seen:
            self._compare(came, is_late=is_late)
            orders = sum(self._play_one(came, name, is_late=is_late) for name in to_come)
            self.seen[key] = orders if to_come else 1
        return self.seen[key]

    def _play_one(self, came: tuple[str, ...], name: str, *, is_late: bool) -> int:
        savepoint = self.office.session.begin_nested()
        assert self.office.deliver(self.files[name]()) == 0
        self.office.react()
        contradicts = name == "refusal" and bool({"835", "835 again"} & set(came))
        orders = self.play((*came, name), is_late=is_late or contradicts)
        savepoint.rollback()
        self.office.session.expire_all()
        return orders

    def _compare(self, came: tuple[str, ...], *, is_late: bool) -> None:
        expected, found = table(frozenset(came), is_late=is_late), standing(self.office)
        if found != expected:
            self.wrong.append(f"after {', '.join(came)}: {found}, not {expected}")


def standing(office: Play) -> Standing:
    claim = office.session.scalars(select(Claim)).one()
    return Standing(
        stage=claim.stage,
        outcome=claim.outcome,
        owed_cents=office.balances().get("AR:insurance:ALPHA", 0),
        tasks=tuple(sorted(task.kind.value for task in office.open_tasks())),
    )


def state(office: Play) -> tuple[object, ...]:
    """All that later steps could depend on, but for names and instants."""
    rows = office.session.execute
    postings = rows(select(Posting.account, func.sum(Posting.cents)).group_by(Posting.account))
    return tuple(
        tuple(sorted(map(str, found)))
        for found in (
            rows(select(Claim.stage, Claim.outcome, Claim.payer_claim_number)),
            rows(select(Submission.ack_status, Submission.accepted_at.is_(None))),
            rows(select(Batch.kind, Batch.acknowledged_at.is_(None), Batch.is_refused)),
            rows(select(RemitClaim.status, RemitClaim.posting)),
            rows(select(StatusInquiry.category)),
            rows(select(Task.kind, Task.status)),
            rows(select(Wait.kind, Wait.what, Wait.until_at).where(Wait.ended_at.is_(None))),
            postings,
        )
    )


@pytest.fixture
def world(office: Play) -> World:
    office.acknowledges = False
    visit(office)
    submission = office.submissions(office.claim("A1"))[-1]
    control = submission.batch.control_number if submission.batch else 0
    inquiry = StatusInquiry(submission_id=submission.id, attempt=1, asked_at=office.engine.now.at)
    office.session.add(inquiry)
    office.session.flush()
    pcn, trace = submission.pcn, f"I{inquiry.id}"
    return World(
        office=office,
        files={
            "999": lambda: ack_999(control or 0, isa=office.number()),
            "refusal": lambda: ack_277ca([(pcn, "A3", None)], source="AY", isa=office.number()),
            "acceptance": lambda: ack_277ca([(pcn, "A2", ICN)], isa=office.number()),
            "277": lambda: answer_277(trace, isa=office.number()),
            "835": lambda: remittance(pcn, office),
            "835 again": lambda: remittance(pcn, office),
            "reversal": lambda: remittance(pcn, office, sign=-1),
        },
    )


def remittance(pcn: str, office: Play, *, sign: int = 1) -> bytes:
    """Paid but for the contract; what is taken back is kept from a payment to come."""
    svc = Svc(charge=sign * CHARGE, reasons=[("CO", "45", sign * 6_000)])
    claim = Clp(pcn=pcn, status="1" if sign > 0 else "22", icn=ICN, lines=[svc])
    era = Era(
        claims=[claim],
        trace="T1" if sign > 0 else "T2",
        payer="ALPHA HEALTH",
        originator=practice.originator("ALPHA"),
        plbs=() if sign > 0 else [("WO", ICN, claim.paid_cents)],
    )
    return remittance_file(era, isa=office.number())


@pytest.mark.timeout(LIMIT_SECONDS)
def test_every_order_of_seven_answers_stands_as_the_table_says_at_every_step(world: World) -> None:
    orders = world.play()

    assert world.wrong == []
    assert orders == ORDERS
