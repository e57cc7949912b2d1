"""A scenario played: each event enters as it would in life, by file, by form or by the clock."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework import answers, arrivals, patients, registration, resends, voids
from casework.arrivals import Arrival
from db.models import (
    AppealCase,
    Batch,
    Claim,
    ClaimVersion,
    Coverage,
    Encounter,
    Payer,
    Plan,
    Posting,
    Statement,
    Submission,
    Task,
    User,
)
from domain.denials import DenialRoute
from domain.dunning import Instalment
from domain.encounter import EncounterClass
from domain.intake import (
    ChartedCharge,
    ChartedCoverage,
    ChartedEncounter,
    ChartedPatient,
    Gender,
    Relationship,
)
from domain.ledger import Account
from domain.questions import FieldKind
from domain.tasks import Role, TaskKind, TaskStatus
from tests.casework.payer_files import ack_277ca, ack_999
from tests.scenarios import advice, practice
from tests.scenarios.engine import DAY_ZERO, Engine

Event = Mapping[str, Any]
OF_PAYER = (Account.AR_INSURANCE, Account.CLEARING, Account.PAYER_OFFSET)
LAPSES_MAX = 400


@dataclass
class Play:
    """One practice, one clock, and what the scenario calls its claims."""

    session: Session
    people: dict[Role, User]
    engine: Engine
    acknowledges: bool
    encounters: dict[str, Encounter] = field(default_factory=dict)
    # A claim that a scenario names apart though it is a second sending of ours: its control number.
    control_numbers: dict[str, str] = field(default_factory=dict)
    # When a payment was made: a remittance sent again names the same day.
    paid_on: dict[tuple[str, int], dt.date] = field(default_factory=dict)
    files: int = 0
    checks: int = 0

    def event(self, event: Event) -> None:
        """Let time pass to the day of the event, let it happen, and let everybody react."""
        self.pass_to(event["day"])
        self._happen(event)
        self.react()

    def pass_to(self, day: int) -> None:
        """Every deadline on the way comes, one after the other."""
        target = DAY_ZERO + dt.timedelta(days=day)
        for _ in range(LAPSES_MAX):
            self.react()
            due = self.engine.next_due()
            if due is None or due > target:
                self.engine.set_clock(max(target, self.engine.now.at))
                self.react()
                return
            self.engine.set_clock(due)
        raise AssertionError(f"day {day} is never reached")

    def react(self) -> None:
        """The workflows, and the clearinghouse that acknowledges whatever was sent."""
        self.engine.settle()
        while self.acknowledges and self.acknowledge():
            self.engine.settle()

    def acknowledge(self, category: str = "A2") -> bool:
        """A 999 for each new batch and a 277CA of the payer for its claims, as files."""
        batches = self.session.scalars(
            select(Batch)
            .where(Batch.acknowledged_at.is_(None), Batch.kind == "837p")
            .order_by(Batch.id)
        ).all()
        for batch in batches:
            pcns = self.session.scalars(
                select(Submission.pcn).where(Submission.batch_id == batch.id)
            ).all()
            self.take_in(ack_999(batch.control_number or 0, isa=self._number()))
            statuses = [(pcn, category, f"P{pcn}") for pcn in pcns]
            self.take_in(ack_277ca(statuses, isa=self._number()))
        return bool(batches)

    def take_in(self, content: bytes, route: str = "clearinghouse", name: str = "") -> Arrival:
        name = name or f"{self._number():04d}.x12"
        return arrivals.take_in(self.session, route, name, content, self.engine.now)

    def answer(self, kind: TaskKind, by: Role | None = None, **changes: str) -> str:
        """Submit the form of the one open task of a kind: as proposed, but for the changes."""
        (task,) = self.open_tasks(kind)
        by = by or task.queue
        asked = answers.question(self.session, task)
        form = {f.name: f.values for f in asked.fields if f.kind is not FieldKind.CHECKBOX}
        form |= {name: (value,) for name, value in changes.items()}
        words = answers.answer(
            self.session, task.uuid, version=task.version, form=form, by=self.people[by]
        ).words
        self.react()
        return words

    # What is there to see.

    def tasks(self, *kinds: TaskKind) -> list[Task]:
        rows = self.session.scalars(select(Task).order_by(Task.id))
        return [row for row in rows if not kinds or row.kind in kinds]

    def open_tasks(self, *kinds: TaskKind) -> list[Task]:
        return [task for task in self.tasks(*kinds) if task.status is TaskStatus.OPEN]

    def claim(self, name: str, payer: str | None = None) -> Claim:
        """The encounter's claim for a payer; the first one where none is named."""
        encounter = self.encounters[name.partition(".")[0]]
        claims = self.session.scalars(
            select(Claim).where(Claim.encounter_id == encounter.id).order_by(Claim.id)
        ).all()
        return next(claim for claim in claims if payer in (None, claim.payer.payer_no))

    def versions(self, claim: Claim) -> list[ClaimVersion]:
        return list(
            self.session.scalars(
                select(ClaimVersion)
                .where(ClaimVersion.claim_id == claim.id)
                .order_by(ClaimVersion.version)
            )
        )

    def submissions(self, claim: Claim) -> list[Submission]:
        return list(
            self.session.scalars(
                select(Submission)
                .join(ClaimVersion)
                .where(ClaimVersion.claim_id == claim.id)
                .order_by(Submission.id)
            )
        )

    def letters(self) -> list[AppealCase]:
        return list(self.session.scalars(select(AppealCase).order_by(AppealCase.id)))

    def statements(self) -> list[Statement]:
        return list(self.session.scalars(select(Statement).order_by(Statement.id)))

    def day_of(self, on: dt.date) -> int:
        return (on - DAY_ZERO.date()).days

    def balances(self) -> dict[str, int]:
        """Every account that is not at zero, in the scenarios' names."""
        rows = self.session.execute(
            select(Posting.account, Payer.payer_no, Posting.reason, func.sum(Posting.cents))
            .outerjoin(Payer, Payer.id == Posting.payer_id)
            .group_by(Posting.account, Payer.payer_no, Posting.reason)
        )
        found: dict[str, int] = {}
        for account, payer, reason, cents in rows:
            name = _name(account, payer, reason)
            found[name] = found.get(name, 0) + int(cents)
        return {name: cents for name, cents in found.items() if cents}

    # What happens.

    def _happen(self, event: Event) -> None:  # noqa: C901 - one line for each kind of event
        match event["kind"]:
            case "charge":
                self.register(event)
            case "835" | "835_bad":
                self.remit(event)
            case "patient_payment":
                self._pay(event)
            case "apply_unapplied":
                pass  # The product applies credit by itself; the balances show it.
            case "write_off":
                self._write_off(event)
            case "rebill":
                self._rebill(event)
            case "refund":
                self.answer(TaskKind.PATIENT_CREDIT)
            case "nsf":
                self._return_check(event)
            case "void_charge":
                pass  # The charge is taken back when the payer confirms the void.
            case "action":
                self._act(event)
            case unknown:
                raise NotImplementedError(f"nobody knows how to play {unknown!r}")

    def _act(self, event: Event) -> None:  # noqa: C901 - one line for each kind of action
        match event["what"]:
            case "statement":
                assert sum(row.amount_cents for row in self.statements()) == event["cents"]
            case "corrected claim":
                self.answer(TaskKind.DENIAL, route=DenialRoute.CORRECT)
            case "secondary claim":
                assert self.claim("A1", event["payer"]).responsibility == "S"
            case "appeal":
                self.answer(TaskKind.DENIAL, route=DenialRoute.APPEAL)
                self.answer(TaskKind.APPEAL_REVIEW)
            case "dispute":
                self.answer(TaskKind.UNDERPAYMENT, action="dispute")
                self.answer(TaskKind.APPEAL_REVIEW)
            case "decision":
                self._decide_by_letter(event)
            case "277CA A2":
                self.acknowledge()
            case "claim sent again by a person":
                self._send_again(event)
            case "plan":
                self._agree_plan(event)
            case "void claim":
                self._void()
            case what if what.startswith("task "):
                self._expect_task(event)
            case unknown:
                raise NotImplementedError(f"nobody knows how to act {unknown!r}")

    def register(self, event: Event) -> None:
        """A chart with its codes, as an EHR would send it."""
        person = event.get("patient", "P1")
        payers = [event["payer"], *event.get("next", ())]
        charted = ChartedEncounter(
            source="scenario",
            source_key=f"scenario:{event['claim']}",
            patient=ChartedPatient(
                mrn=f"M{person}",
                last="Tarrow",
                first="Wilma" if person == "P1" else "Edgar",
                birth_on=dt.date(1972, 3, 9),
                gender=Gender.FEMALE,
                address=None,
                phone=None,
            ),
            coverages=tuple(
                ChartedCoverage(
                    order=order,
                    payer_id=payer,
                    payer_name=payer,
                    member_id=f"{payer}{person}",
                    group_number=None,
                    relationship=Relationship.SELF,
                    subscriber=None,
                    from_on=dt.date(2025, 1, 1),
                    to_on=None,
                )
                for order, payer in enumerate(payers, 1)
            ),
            provider_npi=practice.PROVIDER_NPI,
            provider_name="Ruth Okafor",
            encounter_class=EncounterClass.AMBULATORY,
            place_of_service="11",
            service_on=self.engine.now.today,
            discharged_on=None,
            notes=(),
            diagnoses=tuple(event.get("diagnoses", ["E11.9"])),
            charges=tuple(
                ChartedCharge(
                    code=practice.bare_code(line["code"]),
                    modifiers=practice.modifiers(line["code"]),
                )
                for line in event["lines"]
            ),
        )
        made = registration.take_in(self.session, charted, self.engine.now)
        assert made is not None
        self.encounters[event["claim"]] = made

    def remit(self, event: Event) -> Arrival:
        payment = (event["trn"], event["bpr02"])
        controls = [self._line_controls(claim["claim"]) for claim in event["claims"]]
        content = advice.write(
            event,
            names=dict(enumerate(self._pcn(one, event["payer"]) for one in event["claims"])),
            line_controls=dict(enumerate(controls)),
            paid_on=self.paid_on.setdefault(payment, self.engine.now.today),
            service_on=DAY_ZERO.date(),
            number=self._number(),
        )
        return self.take_in(content)

    def _pcn(self, said: Mapping[str, Any], payer: str) -> str:
        """Under which of our control numbers the payer answers."""
        if said["claim"] in self.control_numbers:
            return self.control_numbers[said["claim"]]
        sent = self.submissions(self.claim(said["claim"], payer))
        # A forwarded claim keeps the number under which the first payer had it.
        sent = sent or self.submissions(self.claim(said["claim"]))
        return sent[-1].pcn

    def _line_controls(self, name: str) -> dict[int, str]:
        made = self.encounters[name.partition(".")[0]]
        return {line.ordinal: f"L{line.id}" for line in made.charge_lines}

    def _pay(self, event: Event) -> None:
        """Checks come through the lockbox, the rest over the counter or the page."""
        made = next(iter(self.encounters.values()))
        if event["how"] in ("check", "lockbox"):
            self.checks += 1
            self.lockbox(made, event["cents"])
            return
        patients.receive_payment(
            self.session,
            made.guarantor,
            event["cents"],
            event["how"],
            self.engine.now.today,
            f"scenario:{event['day']}",
            self.engine.now,
            encounter=made if event.get("unapplied") else None,
        )

    def _return_check(self, event: Event) -> None:
        self.lockbox(next(iter(self.encounters.values())), -event["cents"])
        self.react()
        self.answer(TaskKind.RETURNED_PAYMENT)

    def lockbox(self, made: Encounter, cents: int) -> None:
        statement = self.statements()[-1].statement_no
        row = (
            f"{self.engine.now.today},{statement},{made.guarantor.account_no},{cents},"
            f"{1203 + self.checks}"
        )
        header = "received_on,statement_no,account_no,amount_cents,check_no"
        arrived = self.take_in(f"{header}\n{row}\n".encode(), "lockbox", "lockbox.csv")
        assert not arrived.is_quarantined, arrived.sentences

    def _write_off(self, event: Event) -> None:
        if event["approver"] == "rule":
            return  # What our own contract expected is adjusted when it is posted.
        reason = event["account"].partition(":")[2]
        self.answer(TaskKind.DENIAL, route=DenialRoute.WRITE_OFF, reason=reason)
        if self.open_tasks(TaskKind.WRITE_OFF_APPROVAL):
            self.answer(TaskKind.WRITE_OFF_APPROVAL, Role.SUPERVISOR)

    def _rebill(self, event: Event) -> None:
        """The front desk has found who covered the day; a biller bills them."""
        made = self.encounters[event["claim"]]
        plan = self.session.scalars(
            select(Plan).join(Payer, Payer.id == Plan.payer_id).where(Payer.payer_no == event["to"])
        ).one()
        self.session.add(
            Coverage(
                patient_id=made.patient_id,
                plan_id=plan.id,
                rank=2,
                member_id="BETA000001",
                relationship_to_subscriber="self",
                valid_from=dt.date(2025, 1, 1),
            )
        )
        self.session.flush()
        self.answer(TaskKind.DENIAL)

    def _decide_by_letter(self, event: Event) -> None:
        (case,) = [letter for letter in self.letters() if letter.status == "sent"]
        text = (
            f"Your reference: {case.reference}\nDecision: {event['result']}\n"
            f"Date: {self.engine.now.today}\n"
        )
        self.take_in(text.encode(), "mail", "letter.txt")
        self.react()
        self.answer(TaskKind.APPEAL_DECISION)

    def _send_again(self, event: Event) -> None:
        first, name = event["claim"].partition(".")[0], event["claim"]
        claim = self.claim(first)
        self.control_numbers[first] = self.submissions(claim)[-1].pcn
        resends.send_again(
            self.session, claim, "The payer says it never came.", self._person(Role.BILLER),
            self.engine.now,
        )  # fmt: skip
        self.react()
        self.control_numbers[name] = self.submissions(claim)[-1].pcn

    def _agree_plan(self, event: Event) -> None:
        made = next(iter(self.encounters.values()))
        parts = tuple(
            Instalment(due_on=DAY_ZERO.date() + dt.timedelta(days=due), cents=cents)
            for due, cents in zip(event["due"], event["instalments"], strict=True)
        )
        patients.agree_plan(
            self.session, made.guarantor, parts, self.engine.now, grace_days=event["grace_days"]
        )

    def _void(self) -> None:
        voids.ask(
            self.session, self.claim("A1"), "The wrong patient was billed.",
            self._person(Role.BILLER), self.engine.now,
        )  # fmt: skip
        self.react()
        self.answer(TaskKind.VOID_APPROVAL, Role.SUPERVISOR)

    def _expect_task(self, event: Event) -> None:
        kind = TaskKind(event["what"].split()[1])
        (task,) = self.open_tasks(kind)
        assert task.amount_cents == event.get("amount", event.get("difference"))

    def _person(self, role: Role) -> User:
        return self.people[role]

    def _number(self) -> int:
        self.files += 1
        return self.files


def _name(account: Account, payer: str | None, reason: str | None) -> str:
    if account is Account.WRITE_OFF:
        return f"writeoff:{reason}"
    name = str(account).replace("ar:", "AR:")
    return f"{name}:{payer}" if payer and account in OF_PAYER else name
