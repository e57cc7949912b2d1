"""A practice with payers, claims that were sent, and files that answer them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework import answers, inbox, ledger, subjects
from casework.inbox import Judgement
from casework.moment import Moment, moment
from casework.posting.steps import post_some
from db.models import (
    Batch,
    ChargeLine,
    Claim,
    ClaimLine,
    ClaimVersion,
    Coverage,
    Denial,
    Encounter,
    Payer,
    PayerAlias,
    Plan,
    Posting,
    Remittance,
    Submission,
    Task,
    User,
    Wait,
)
from domain.encounter import ClaimStage
from domain.ledger import Account, LedgerEntry, Leg
from domain.tasks import Role, TaskStatus
from tests.answering import filled
from tests.casework import factories
from tests.casework.payer_files import Clp, Era, Reason, Svc, remittance_file


@dataclass
class PayerWorld:
    """Payers by name; `alpha` pays first unless told otherwise."""

    session: Session
    practice: factories.TestPractice
    biller: User
    administrator: User
    payers: dict[str, Payer] = field(default_factory=dict)
    files: int = 0

    @property
    def now(self) -> Moment:
        return moment(self.session)

    def payer(self, name: str, **changes: object) -> Payer:
        if name not in self.payers:
            row = factories.payer(self.session, name)
            for attribute, value in changes.items():
                setattr(row, attribute, value)
            self.session.add(PayerAlias(alias=originator(name), payer_id=row.id))
            self.session.flush()
            self.payers[name] = row
        return self.payers[name]

    def encounter(
        self, lines: Sequence[tuple[str, int]], payers: Sequence[str] = ("ALPHA",)
    ) -> Encounter:
        """Charged to the first payer; the patient has a coverage with each, in order."""
        made = factories.encounter(
            self.session,
            self.practice,
            factories.guarantor(self.session),
            charge_cents=tuple(cents for _, cents in lines),
            service_on=factories.DAY_ZERO.date(),
        )
        for line, (code, _) in zip(made.charge_lines, lines, strict=True):
            line.code, *line.modifiers = code.split("-")
        for rank, name in enumerate(payers, 1):
            self._coverage(made, self.payer(name), rank)
        for line in made.charge_lines:
            line.payer_id = self.payer(payers[0]).id
            self._charge(made, line, self.payer(payers[0]))
        self.session.flush()
        return made

    def claim(
        self,
        made: Encounter,
        payer: str = "ALPHA",
        *,
        stage: ClaimStage = ClaimStage.ACCEPTED,
        expected: dict[str, int] | None = None,
        follows: Claim | None = None,
    ) -> Claim:
        """A claim with one version and one submission, sent."""
        row = self.payer(payer)
        coverage = self.session.scalars(
            select(Coverage)
            .join(Plan)
            .where(Coverage.patient_id == made.patient_id, Plan.payer_id == row.id)
        ).one()
        claim = Claim(
            encounter_id=made.id,
            coverage_id=coverage.id,
            payer_id=row.id,
            responsibility="S" if follows else "P",
            follows_id=follows.id if follows else None,
            stage=stage,
            file_by_on=made.service_on + dt.timedelta(days=180),
            opened_at=self.now.at,
        )
        self.session.add(claim)
        self.session.flush()
        self.session.add_all(
            ClaimLine(
                claim_id=claim.id,
                charge_line_id=line.id,
                expected_cents=(expected or {}).get(line.code),
            )
            for line in made.charge_lines
        )
        self.submit(claim)
        return claim

    def submit(self, claim: Claim, *, again: bool = False) -> Submission:
        """Another version, or (again) another submission of the last one."""
        numbers = select(func.count(ClaimVersion.id)).where(ClaimVersion.claim_id == claim.id)
        version = int(self.session.scalar(numbers) or 0)
        last = self.session.scalar(
            select(ClaimVersion).where(
                ClaimVersion.claim_id == claim.id, ClaimVersion.version == version
            )
        )
        if last is None or not again:
            last = self._version(claim, version + 1)
        number = len(last.submissions) + 1
        row = Submission(
            claim_version_id=last.id,
            number=number,
            pcn=f"C{claim.id}V{last.version}S{number}",
            channel="edi",
            queued_at=self.now.at,
            sent_at=self.now.at,
        )
        self.session.add(row)
        self.session.flush()
        self.session.expire(last, ["submissions"])
        return row

    def batch(self, control: int, *submissions: Submission) -> Batch:
        row = Batch(
            route="clearinghouse",
            kind="837p",
            opened_at=self.now.at,
            closed_at=self.now.at,
            control_number=control,
        )
        self.session.add(row)
        self.session.flush()
        for submission in submissions:
            submission.batch_id = row.id
        self.session.flush()
        return row

    def pcn(self, claim: Claim) -> str:
        return self.session.scalars(
            select(Submission.pcn)
            .join(ClaimVersion)
            .where(ClaimVersion.claim_id == claim.id)
            .order_by(Submission.id.desc())
            .limit(1)
        ).one()

    def take_in(self, content: bytes, name: str = "answer.x12") -> Judgement:
        return inbox.take_in(self.session, "clearinghouse", name, content, self.now)

    def pays(self, *claims: Clp, payer: str = "ALPHA", **said: object) -> Judgement:
        """Take in one 835 of this payer, and post all of it."""
        judged = self.sends(*claims, payer=payer, **said)
        self.post(judged)
        return judged

    def sends(self, *claims: Clp, payer: str = "ALPHA", **said: object) -> Judgement:
        """Take in one 835 of this payer; nothing of it is posted yet."""
        self.files += 1
        era = Era(
            claims=claims,
            payer=payer,
            originator=originator(payer),
            **{"trace": f"T{self.files}", **said},  # type: ignore[arg-type]
        )
        return self.take_in(remittance_file(era, isa=self.files))

    def post(self, judged: Judgement, limit: int = 25) -> int:
        """Step the remittances to the end; how many steps that took."""
        steps = 0
        for remittance_id in judged.remittance_ids:
            remittance = self.session.get_one(Remittance, remittance_id)
            done = False
            while not done:
                done = post_some(self.session, remittance, self.now, limit)
                steps += 1
                assert steps < 100
        return steps

    def answer_of(self, claim: Claim, *reasons: Reason, **said: object) -> Clp:
        """An answer to a claim of one line."""
        line = self.lines(claim)[0]
        svc = Svc(
            code=line.code, charge=line.charge_cents or 0, reasons=reasons, control=f"L{line.id}"
        )
        return Clp(**{"pcn": self.pcn(claim), "lines": [svc], **said})  # type: ignore[arg-type]

    def lines(self, claim: Claim) -> list[ChargeLine]:
        return list(claim.encounter.charge_lines)

    def back(self, claim: Claim, *reasons: Reason, **said: object) -> Clp:
        """The payer takes such an answer back, exactly."""
        answer = self.answer_of(claim, *reasons)
        (line,) = answer.lines
        negative = Svc(
            code=line.code,
            charge=-line.charge,
            reasons=[(group, carc, -cents) for group, carc, cents in reasons],
            control=line.control,
        )
        return Clp(**{"pcn": answer.pcn, "status": "22", "lines": [negative], **said})  # type: ignore[arg-type]

    def move(self, made: Encounter, source: str, target: str, cents: int) -> None:
        """Another payer is billed for what this one refused."""
        line = made.charge_lines[0]
        owed = self._leg(made, Account.AR_INSURANCE, cents, line, self.payer(target).id)
        self._post(owed, self._leg(made, Account.AR_INSURANCE, -cents, line, self.payer(source).id))

    def balances(self) -> dict[str, int]:
        """Accounts that are not at zero; receivables and payers' accounts by payer."""
        names = {row.id: name for name, row in self.payers.items()}
        of_payer = (Account.AR_INSURANCE, Account.CLEARING, Account.PAYER_OFFSET)
        rows = self.session.execute(
            select(Posting.account, Posting.payer_id, func.sum(Posting.cents)).group_by(
                Posting.account, Posting.payer_id
            )
        )
        found: dict[str, int] = {}
        for account, payer_id, cents in rows:
            of_one = payer_id is not None and account in of_payer
            name = f"{account}:{names[payer_id or 0]}" if of_one else str(account)
            found[name] = found.get(name, 0) + int(cents)
        return {name: cents for name, cents in found.items() if cents}

    def owed(self, line: ChargeLine, payer: str = "ALPHA") -> int:
        return ledger.balance(
            self.session,
            Account.AR_INSURANCE,
            charge_line_id=line.id,
            payer_id=self.payer(payer).id,
        )

    def denials(self) -> list[tuple[str, str, int, str]]:
        rows = self.session.scalars(select(Denial).order_by(Denial.id))
        return [(row.group_code, row.carc, row.amount_cents, row.status) for row in rows]

    def open_tasks(self) -> list[Task]:
        return list(
            self.session.scalars(
                select(Task).where(Task.status == TaskStatus.OPEN).order_by(Task.id)
            )
        )

    def waits(self, claim: Claim) -> list[Wait]:
        key = subjects.encounter_key(claim.encounter)
        return list(
            self.session.scalars(
                select(Wait).where(
                    Wait.subject == key, Wait.claim_id == claim.id, Wait.ended_at.is_(None)
                )
            )
        )

    def answer(self, task: Task, **changes: str) -> str:
        """Submit the recommended answer, with some fields changed."""
        asked = answers.question(self.session, task)
        form = filled(asked)
        form |= {name: (value,) for name, value in changes.items()}
        by = self.administrator if task.queue is Role.ADMINISTRATOR else self.biller
        return answers.answer(self.session, task.uuid, version=task.version, form=form, by=by).words

    def _version(self, claim: Claim, number: int) -> ClaimVersion:
        row = ClaimVersion(
            claim_id=claim.id,
            version=number,
            frequency="1",
            payer_claim_number=None,
            because="test",
            charge_line_ids=[line.id for line in claim.encounter.charge_lines],
            made_at=self.now.at,
        )
        self.session.add(row)
        self.session.flush()
        return row

    def _coverage(self, made: Encounter, payer: Payer, rank: int) -> None:
        plan = Plan(payer_id=payer.id, name=payer.name)
        self.session.add(plan)
        self.session.flush()
        self.session.add(
            Coverage(
                patient_id=made.patient_id,
                plan_id=plan.id,
                rank=rank,
                member_id=f"MEM{made.id:06d}",
                group_number=None,
                relationship_to_subscriber="18",
                subscriber_id=None,
                valid_from=made.service_on - dt.timedelta(days=100),
                valid_to=None,
                ended_because=None,
            )
        )
        self.session.flush()

    def _charge(self, made: Encounter, line: ChargeLine, payer: Payer) -> None:
        cents = line.charge_cents or 0
        owed = self._leg(made, Account.AR_INSURANCE, cents, line, payer.id)
        self._post(owed, self._leg(made, Account.CHARGES, -cents, line, None))

    def _leg(
        self, made: Encounter, account: Account, cents: int, line: ChargeLine, payer_id: int | None
    ) -> Leg:
        return Leg(
            account=account,
            cents=cents,
            payer_id=payer_id,
            patient_id=made.patient_id,
            guarantor_id=made.guarantor_id,
            encounter_id=made.id,
            charge_line_id=line.id,
        )

    def _post(self, *legs: Leg) -> None:
        count = self.session.scalar(select(func.count(Posting.id)))
        ledger.post(
            self.session,
            LedgerEntry(
                effect_key=f"test:{count}",
                source="test",
                words="test",
                service_on=None,
                deposit_on=None,
                posted_on=self.now.today,
                legs=legs,
            ),
        )


def originator(payer: str) -> str:
    return f"1{sum(map(ord, payer)):09d}"


def payer_world(session: Session) -> PayerWorld:
    practice = factories.practice(session)
    factories.stop_clock(session, 0)
    return PayerWorld(
        session=session,
        practice=practice,
        biller=factories.user(session, "Ana", Role.BILLER),
        administrator=factories.user(session, "Ines", Role.ADMINISTRATOR),
    )
