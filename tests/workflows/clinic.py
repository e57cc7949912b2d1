"""A committed demo practice on real PostgreSQL, with everybody outside it played by the test."""

import datetime as dt
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session, sessionmaker

from casework import answers, arrivals, demo_practice, registration, submissions
from casework.arrivals import Arrival
from casework.moment import Moment, moment
from commands import demo_users
from db.models import (
    Batch,
    Claim,
    ClaimVersion,
    ClockSegment,
    EligibilityCheck,
    Encounter,
    Entry,
    Journal,
    StatusInquiry,
    Submission,
    Task,
    User,
    Wait,
)
from domain.encounter import EncounterClass, Stage
from domain.intake import (
    ChartedAddress,
    ChartedCharge,
    ChartedCoverage,
    ChartedDocument,
    ChartedEncounter,
    ChartedPatient,
    Gender,
    Relationship,
)
from domain.tasks import Role, TaskKind, TaskStatus
from tests.answering import filled
from tests.casework import payer_files
from tests.casework.payer_files import Clp, Era, Reason, Svc

# A Monday morning at the practice, without a holiday near.
OPENING = dt.datetime(2026, 2, 2, 15, tzinfo=dt.UTC)
SERVICE_ON = dt.date(2026, 1, 30)
ACME, FEDERAL, SUPPLEMENT = "60101", "60103", "60104"
PERSON = {
    Role.BILLER: "ana",
    Role.CODER: "chris",
    Role.SUPERVISOR: "sam",
    Role.PROVIDER: "ruth",
    Role.FRONT_DESK: "finn",
    Role.ADMINISTRATOR: "ada",
}
_sources = itertools.count(1)


def lay_practice(url: str) -> None:
    """The demo's practice and people, committed; done once, then copied."""
    owner = create_engine(url)
    with Session(owner) as session, session.begin():
        demo_practice.seed(session)
        demo_users.create(session)
    owner.dispose()


@dataclass
class Clinic:
    """What a test may do to the practice and see of it; `clock` says which real instant it is.

    `sessions` have the worker's rights, `people` those of the pages.
    """

    sessions: sessionmaker[Session]
    people: sessionmaker[Session]
    clock: Callable[[], dt.datetime]
    files: int = 0
    members: dict[str, str] = field(default_factory=dict)

    def start_clock(self, real: dt.datetime) -> None:
        """From here on a second of the engine's time is a second of business time."""
        with self.sessions.begin() as session:
            session.add(
                ClockSegment(
                    real_start=real.timestamp(),
                    business_start=OPENING,
                    speed=1.0,
                    is_running=True,
                )
            )

    def moment(self, session: Session) -> Moment:
        return moment(session, self.clock())

    # The chart.

    def register(
        self,
        *,
        payers: Sequence[str] = (ACME,),
        codes: Sequence[str] = ("99213",),
        is_coded: bool = True,
        last: str = "Tarrow",
        service_on: dt.date = SERVICE_ON,
    ) -> str:
        """Take in one charted encounter; its subject's key."""
        charted = chart(
            next(_sources),
            payers=payers,
            codes=codes,
            is_coded=is_coded,
            last=last,
            service_on=service_on,
        )
        with self.sessions.begin() as session:
            made = registration.take_in(session, charted, self.moment(session))
            assert made is not None
            return f"encounter:{made.encounter_no}"

    # What arrives.

    def take_in(self, content: bytes, route: str = "clearinghouse") -> Arrival:
        self.files += 1
        with self.sessions.begin() as session:
            name = f"answer-{self.files}.x12"
            return arrivals.take_in(session, route, name, content, self.moment(session))

    def answer_eligibility(self, benefit: str = "EB*1**30") -> None:
        """Every check that was asked and not yet answered is answered alike."""
        for number in self._ids(EligibilityCheck, EligibilityCheck.answered_at.is_(None)):
            self.take_in(payer_files.answer_271(f"E{number}", benefit=benefit, isa=self._control()))

    def acknowledge(self, category: str = "A2") -> None:
        """999 for every claim batch, then the payer's 277CA for every claim that still waits."""
        with self.sessions() as session:
            batches = session.scalars(
                select(Batch.control_number).where(
                    Batch.kind == "837p", Batch.acknowledged_at.is_(None)
                )
            ).all()
            pcns = session.scalars(
                select(Submission.pcn).where(
                    Submission.accepted_at.is_(None), Submission.sent_at.is_not(None)
                )
            ).all()
        for control in batches:
            self.take_in(payer_files.ack_999(int(control or 0), isa=self._control()))
        statuses = [(pcn, category, f"ICN{pcn}") for pcn in pcns]
        self.take_in(payer_files.ack_277ca(statuses, isa=self._control()))

    def answer_inquiry(self, category: str = "P1") -> None:
        for number in self._ids(StatusInquiry, StatusInquiry.answered_at.is_(None)):
            self.take_in(
                payer_files.answer_277(f"I{number}", category=category, isa=self._control())
            )

    def pay_all(self, keys: Sequence[str], *reasons: Reason) -> None:
        """One 835 for the latest claims of these encounters, all answered alike."""
        answers = [self._answer(key, reasons) for key in keys]
        with self.sessions() as session:
            name = self._claim(session, keys[0]).payer.name
            today = self.moment(session).today
        isa = self._control()
        era = Era(claims=answers, payer=name, trace=f"T{isa}", paid_on=today)
        taken = self.take_in(payer_files.remittance_file(era, isa=isa))
        assert not taken.is_quarantined, taken.sentences

    def pay(self, key: str, *reasons: Reason, status: str = "1", sign: int = 1) -> None:
        """An 835 for the encounter's latest claim: everything but `reasons` is paid."""
        answer = self._answer(key, reasons, status=status, sign=sign)
        with self.sessions() as session:
            name, today = self._claim(session, key).payer.name, self.moment(session).today
        isa = self._control()
        era = Era(claims=[answer], payer=name, trace=f"T{isa}", paid_on=today)
        if era.paid_cents < 0:
            # A payer takes money back out of a payment; alone it can only carry it forward.
            era = Era(
                claims=[answer],
                payer=name,
                trace=f"T{isa}",
                paid_on=today,
                plbs=[("FB", f"CARRY{isa}", era.paid_cents)],
            )
        taken = self.take_in(payer_files.remittance_file(era, isa=isa))
        assert not taken.is_quarantined, taken.sentences

    def _answer(
        self, key: str, reasons: Sequence[Reason], *, status: str = "1", sign: int = 1
    ) -> Clp:
        with self.sessions() as session:
            claim = self._claim(session, key)
            pcn = submissions.latest(session, claim).pcn
            lines = [
                Svc(
                    code=line.code,
                    charge=sign * (line.charge_cents or 0),
                    reasons=[(group, carc, sign * cents) for group, carc, cents in reasons],
                    control=f"L{line.id}",
                )
                for line in claim.encounter.charge_lines
            ]
        return Clp(pcn=pcn, lines=lines, status=status, icn=f"ICN{pcn}")

    # People.

    def answer(self, kind: TaskKind, **changes: str) -> str:
        """Somebody of the right role submits the recommended answer, with some fields changed."""
        with self.people.begin() as session:
            task = self._open(session, kind)[0]
            by = self.user(session, Role(task.queue))
            asked = answers.question(session, task)
            form = filled(asked)
            form |= {name: (value,) for name, value in changes.items()}
            return answers.answer(session, task.uuid, version=task.version, form=form, by=by).words

    def user(self, session: Session, role: Role) -> User:
        return session.scalars(select(User).where(User.username == PERSON[role])).one()

    # What can be seen.

    def encounter(self, key: str) -> Encounter:
        with self.sessions() as session:
            return self.encounter_row(session, key)

    def stage(self, key: str) -> Stage:
        return self.encounter(key).stage

    def claim(self, key: str) -> Claim:
        with self.sessions() as session:
            return self._claim(session, key)

    def claims(self, key: str) -> list[Claim]:
        with self.sessions() as session:
            made = self.encounter_row(session, key)
            return list(
                session.scalars(
                    select(Claim).where(Claim.encounter_id == made.id).order_by(Claim.id)
                )
            )

    def open_tasks(self, kind: TaskKind | None = None) -> list[Task]:
        with self.sessions() as session:
            return self._open(session, kind)

    def waits(self, key: str) -> list[Wait]:
        with self.sessions() as session:
            return list(
                session.scalars(
                    select(Wait)
                    .where(Wait.subject == key, Wait.ended_at.is_(None))
                    .order_by(Wait.until_at, Wait.id)
                )
            )

    def steps(self, key: str) -> list[str]:
        """What the journal says was done, in order."""
        with self.sessions() as session:
            return list(
                session.scalars(
                    select(Journal.step).where(Journal.subject == key).order_by(Journal.rev)
                )
            )

    def sent(self, kind: str) -> list[dt.datetime]:
        """When the interchanges of a kind (270, 837p, 276) went into the outbox."""
        with self.sessions() as session:
            return list(
                session.scalars(
                    select(Batch.closed_at).where(Batch.kind == kind).order_by(Batch.id)
                )
            )

    def frequencies(self, key: str) -> list[str]:
        """Of the versions of the encounter's latest claim, in order."""
        claim = self.claim(key)
        with self.sessions() as session:
            return list(
                session.scalars(
                    select(ClaimVersion.frequency)
                    .where(ClaimVersion.claim_id == claim.id)
                    .order_by(ClaimVersion.version)
                )
            )

    def ledger_entries(self) -> int:
        with self.sessions() as session:
            return session.scalar(select(func.count()).select_from(Entry)) or 0

    def charge_cents(self, key: str) -> int:
        with self.sessions() as session:
            lines = self.encounter_row(session, key).charge_lines
            return sum(line.charge_cents or 0 for line in lines)

    def today(self) -> dt.date:
        with self.sessions() as session:
            return self.moment(session).today

    def encounter_row(self, session: Session, key: str) -> Encounter:
        number = key.partition(":")[2]
        return session.scalars(select(Encounter).where(Encounter.encounter_no == number)).one()

    def _claim(self, session: Session, key: str) -> Claim:
        made = self.encounter_row(session, key)
        statement = select(Claim).where(Claim.encounter_id == made.id).order_by(Claim.id.desc())
        return session.scalars(statement.limit(1)).one()

    def _open(self, session: Session, kind: TaskKind | None) -> list[Task]:
        statement = select(Task).where(Task.status == TaskStatus.OPEN).order_by(Task.id)
        if kind is not None:
            statement = statement.where(Task.kind == kind)
        return list(session.scalars(statement))

    def _ids(
        self, model: type[EligibilityCheck] | type[StatusInquiry], unanswered: object
    ) -> list[int]:
        with self.sessions() as session:
            return list(session.scalars(select(model.id).where(unanswered).order_by(model.id)))  # type: ignore[arg-type]

    def _control(self) -> int:
        return 1_000 + self.files


def chart(
    number: int,
    *,
    payers: Sequence[str],
    codes: Sequence[str],
    is_coded: bool,
    last: str,
    service_on: dt.date,
) -> ChartedEncounter:
    coverages = tuple(
        ChartedCoverage(
            order=order,
            payer_id=payer,
            payer_name=f"Payer {payer}",
            member_id=f"M{number:06d}{order}",
            group_number=None,
            relationship=Relationship.SELF,
            subscriber=None,
            from_on=None,
            to_on=None,
        )
        for order, payer in enumerate(payers, 1)
    )
    return ChartedEncounter(
        source="test",
        source_key=f"visit-{number}",
        patient=ChartedPatient(
            mrn=f"P{number:06d}",
            last=last,
            first="Wilma",
            birth_on=dt.date(1961, 4, 12),
            gender=Gender.FEMALE,
            address=ChartedAddress(
                lines=("1 Elm St",), city="Fairmont", state="TX", zip="752011234"
            ),
            phone=None,
        ),
        coverages=coverages,
        provider_npi="1992000012",
        provider_name="Okafor",
        encounter_class=EncounterClass.AMBULATORY,
        place_of_service="11",
        service_on=service_on,
        discharged_on=None,
        notes=(
            ChartedDocument(
                kind="progress note",
                author="Ruth Okafor",
                signed_at=dt.datetime.combine(service_on, dt.time(18), tzinfo=dt.UTC),
                text="Type 2 diabetes without complications, stable. Established patient.",
            ),
        ),
        diagnoses=("E11.9",) if is_coded else (),
        charges=tuple(ChartedCharge(code=code) for code in codes) if is_coded else (),
    )
